"""Changing the cohort at once with everything else: exactly one of two, and no piece is lost between them."""

from datetime import date, timedelta

import pytest

from clients import joining, submitting, transferring
from clients.models import Enrolment, JournalEntry, Submission, Transfer
from coaching import reviewing
from coaching.models import Claim
from tests import roads
from tests.roads import ANSWERS, WEEK_5

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY, MINUTE = 16, timedelta(minutes=1)


@pytest.fixture
def later(crowd):
    return roads.cohort("Later", by=crowd.ada, starts_on=date(2026, 3, 9))


def mina(crowd):
    return crowd.spring.enrolments.get(client=crowd.mina)


def failed(results):
    return [one for one in results if isinstance(one, Exception)]


def test_one_client_changes_once_however_often_it_is_pressed(crowd, later, at_once):
    enrolment = mina(crowd)

    results = at_once(MANY, lambda _n: transferring.transfer(enrolment, later, by=crowd.ada, at=WEEK_5))

    assert {one.code for one in failed(results)} == {"enrolment.ended"}
    assert (len(failed(results)), Transfer.objects.count()) == (MANY - 1, 1)
    assert Enrolment.objects.filter(client=crowd.mina).count() == 2


def test_two_admins_who_cross_each_other_with_two_cohorts_lock_in_one_order(crowd, later, at_once):
    lena = roads.client(later, crowd.lena)
    moves = [(mina(crowd), later), (lena, crowd.spring)]

    results = at_once(2, lambda n: transferring.transfer(*moves[n], by=crowd.ada, at=WEEK_5))

    assert failed(results) == []


@pytest.mark.parametrize("turn", range(4))
def test_what_is_handed_in_meanwhile_is_in_once_and_where_its_client_is(crowd, later, at_once, turn):
    enrolment, piece = mina(crowd), roads.drafted(crowd.mina, "w1-x1", at=WEEK_5)

    def act(number):
        if number % 2 == turn % 2:
            return transferring.transfer(enrolment, later, by=crowd.ada, at=WEEK_5)
        return submitting.hand_in(piece, answer=ANSWERS["w1-x1"], by=crowd.mina, at=WEEK_5)

    results = at_once(8, act)

    assert {getattr(one, "code", one) for one in failed(results)} <= {"enrolment.ended", "homework.with_coach"}
    piece = Submission.objects.get(pk=piece.pk)
    assert (piece.enrolment.cohort, piece.state, piece.attempts.count()) == (later, "handed_in", 1)
    there = Submission.objects.filter(enrolment=piece.enrolment, exercise=piece.exercise)
    assert there.get() == piece


def test_whoever_takes_a_piece_before_its_client_goes_on_keeps_it_and_after_that_cannot_take_it(crowd, later, at_once):
    enrolment, piece = mina(crowd), roads.handed_in(crowd.mina, at=WEEK_5).submission

    def act(number):
        if number:
            return transferring.transfer(enrolment, later, by=crowd.ada, at=WEEK_5 + MINUTE)
        return reviewing.claim(piece, by=crowd.tomas, at=WEEK_5 + MINUTE)

    claimed, went = at_once(2, act)

    assert not isinstance(went, Exception)
    kept = Claim.objects.filter(coach=crowd.tomas, taken_in=crowd.spring).count()
    assert kept == (0 if isinstance(claimed, reviewing.NotYourClient) else 1)


def test_leaving_and_changing_at_once_is_one_of_the_two(crowd, later, at_once):
    enrolment = mina(crowd)

    def act(number):
        if number % 2:
            return transferring.transfer(enrolment, later, by=crowd.ada, at=WEEK_5)
        return joining.withdraw(enrolment, by=crowd.ada, at=WEEK_5)

    results = at_once(8, act)

    assert len(failed(results)) == 7
    assert JournalEntry.objects.filter(action__in=["transferred", "withdrew"]).count() == 1


def test_it_is_undone_once(crowd, later, at_once):
    made = transferring.transfer(mina(crowd), later, by=crowd.ada, at=WEEK_5)

    results = at_once(MANY, lambda _n: transferring.undo(made, by=crowd.ada, at=WEEK_5 + MINUTE))

    assert ({one.code for one in failed(results)}, len(failed(results))) == ({"transfer.undone"}, MANY - 1)
    assert mina(crowd).is_active
