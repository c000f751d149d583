"""Finishing, leaving, taking it back, agreeing and answering, thirty-two at once: exactly one effect."""

from datetime import timedelta

import pytest

from clients import closing, joining, messaging
from clients.models import Enrolment, JournalEntry, Message
from coaching import firing, following, graduating
from coaching.models import Milestone
from tests import roads
from tests.graduating import ANSWERS, FIRST, NOON, all_gone, asked, done, graduated

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY, DAY = 32, timedelta(days=1)


def succeeded(results):
    return [result for result in results if not isinstance(result, Exception)]


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def times(action):
    return JournalEntry.objects.filter(action=action).count()


def test_one_client_finishes_once(crowd, at_once):
    enrolment = done(crowd, crowd.mina)

    results = at_once(MANY, lambda _n: graduating.graduate(enrolment, by=crowd.ada, at=NOON))

    assert (len(succeeded(results)), codes(results), times("finished")) == (1, {"enrolment.ended"}, 1)
    assert not Milestone.objects.filter(enrolment=enrolment, state="pending").exists()


def test_a_cohort_and_one_of_it_finish_each_client_once(crowd, at_once):
    mina = done(crowd, crowd.mina)
    done(crowd, crowd.noor)

    def act(number):
        if number % 2:
            return graduating.graduate(mina, by=crowd.ada, at=NOON)
        return graduating.graduate_all(crowd.spring, by=crowd.ada, at=NOON)

    results = at_once(MANY, act)

    assert codes(results) <= {"enrolment.ended", "graduation.nobody"}
    assert times("finished") == 2
    assert set(Enrolment.objects.filter(cohort=crowd.spring).values_list("state", flat=True)) == {"completed"}


def test_who_finishes_while_they_leave_has_done_one_of_the_two(crowd, at_once):
    enrolment = done(crowd, crowd.mina)

    def act(number):
        if number % 2:
            return graduating.graduate(enrolment, by=crowd.ada, at=NOON)
        return joining.withdraw(enrolment, by=crowd.ada, at=NOON)

    results = at_once(MANY, act)

    assert (len(succeeded(results)), codes(results)) == (1, {"enrolment.ended"})
    assert times("finished") + times("withdrew") == 1


def test_it_is_taken_back_once_and_what_rested_comes_once(crowd, at_once):
    enrolment = graduated(crowd, crowd.mina)
    rested = Milestone.objects.filter(enrolment=enrolment, state="cancelled").count()

    results = at_once(MANY, lambda _n: graduating.take_back(enrolment, by=crowd.ada, at=NOON + DAY))

    assert (len(succeeded(results)), codes(results)) == (1, {"graduation.not_there"})
    assert Milestone.objects.filter(enrolment=enrolment, state="pending").count() == rested


# --- Check-ins ------------------------------------------------------------------------------------


def test_a_check_in_is_answered_once(crowd, at_once):
    row = asked(crowd, crowd.mina)

    results = at_once(MANY, lambda _n: following.answer(row, sent=ANSWERS, at=FIRST))

    assert (len(succeeded(results)), codes(results), times("checked in")) == (1, {"check_in.answered"}, 1)


def test_something_is_agreed_to_once_and_taken_back_once(crowd, at_once):
    enrolment = graduated(crowd, crowd.mina)

    agreed = at_once(MANY, lambda _n: following.agree(enrolment, "check_ins", by=crowd.mina, at=NOON))
    ended = at_once(MANY, lambda _n: following.withdraw(enrolment, "check_ins", by=crowd.mina, at=NOON + DAY))

    assert (len(succeeded(agreed)), codes(agreed)) == (1, {"consent.there"})
    assert (len(succeeded(ended)), codes(ended)) == (1, {"consent.not_there"})


def test_whoever_stops_while_the_engine_looks_gets_nothing_that_waits(crowd, at_once):
    row = asked(crowd, crowd.mina)

    def act(number):
        return firing.fire_due(at=FIRST) if number % 2 else following.stop_asking(row, at=FIRST)

    results = at_once(16, act)

    assert [one for one in results if isinstance(one, Exception)] == []
    left = Message.objects.filter(person=crowd.mina, kind__startswith="alumni.")
    guard = messaging.kinds()["alumni.3"].guard
    assert [one for one in left.filter(state="queued") if guard(one, FIRST) is None] == []
    assert not Milestone.objects.filter(person=crowd.mina, kind__startswith="alumni.", state="pending").exists()


# --- Closing ----------------------------------------------------------------------------------------


def test_a_cohort_is_closed_once(crowd, at_once):
    all_gone(crowd)

    results = at_once(MANY, lambda _n: closing.close(crowd.spring, by=crowd.ada, at=NOON))

    assert (len(succeeded(results)), codes(results), times("closed")) == (1, {"cohort.closed"}, 1)
    assert not Milestone.objects.of_cohort(crowd.spring).filter(state="pending").exists()


def test_nobody_comes_into_a_cohort_while_it_closes(crowd, at_once):
    """Either it is closed and empty, or somebody came in and it stays open."""
    all_gone(crowd)
    newcomers = [roads.person(f"Newcomer {number}") for number in range(2)]

    def act(number):
        if number < len(newcomers):
            return joining.enrol(crowd.spring, client=newcomers[number], by=crowd.ada, at=NOON)
        return closing.close(crowd.spring, by=crowd.ada, at=NOON)

    results = at_once(6, act)

    crowd.spring.refresh_from_db()
    assert codes(results) <= {"cohort.closed", "cohort.walks"}
    assert crowd.spring.is_closed != crowd.spring.enrolments.active().exists()
    pending = Milestone.objects.of_cohort(crowd.spring).filter(state="pending")
    assert pending.exists() != crowd.spring.is_closed


def test_nobody_is_taken_back_into_a_cohort_while_it_closes(crowd, at_once):
    enrolment = graduated(crowd, crowd.mina)
    all_gone(crowd)

    def act(number):
        if number % 2:
            return graduating.take_back(enrolment, by=crowd.ada, at=NOON)
        return closing.close(crowd.spring, by=crowd.ada, at=NOON)

    results = at_once(MANY, act)

    crowd.spring.refresh_from_db()
    assert codes(results) <= {"cohort.closed", "cohort.walks", "graduation.not_there"}
    assert len(succeeded(results)) == 1
    assert crowd.spring.is_closed != crowd.spring.enrolments.active().exists()
