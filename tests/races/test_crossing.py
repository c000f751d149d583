"""Going over to another edition at once with everything else: once, and no piece is lost between the two."""

from datetime import timedelta

import pytest

from clients import crossing, joining, submitting
from clients.models import Attempt, Crossing, Submission
from coaching import reviewing
from tests import roads
from tests.clients.test_crossing import begun
from tests.issuing import next_edition
from tests.roads import ANSWERS, WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY, MINUTE = 16, timedelta(minutes=1)


@pytest.fixture
def newer(crowd):
    return next_edition(crowd.spring.edition, lambda draft: draft.exercises.filter(key="w1-x1").update(title="Other"))


def failed(results):
    return [one for one in results if isinstance(one, Exception)]


def test_a_cohort_goes_over_once_however_often_it_is_pressed_and_back_once(crowd, newer, at_once):
    results = at_once(MANY, lambda _n: crossing.cross(crowd.spring, newer, by=crowd.ada, at=WEEK_1))

    assert [one.code for one in failed(results)] == ["crossing.not_newer"] * (MANY - 1)
    made = Crossing.objects.get()
    results = at_once(MANY, lambda _n: crossing.undo(made, by=crowd.ada, at=WEEK_1 + MINUTE))
    assert [one.code for one in failed(results)] == ["crossing.undone"] * (MANY - 1)


def test_what_is_saved_handed_in_and_claimed_meanwhile_is_there_and_whoever_joins_has_every_piece(
    crowd, newer, at_once
):
    roads.handed_in(crowd.noor)
    piece, theirs = roads.drafted(crowd.mina), roads.piece(crowd.noor)
    new = roads.person("Nia")
    acts = (
        lambda: crossing.cross(crowd.spring, newer, by=crowd.ada, at=WEEK_1),
        lambda: submitting.hand_in(piece, answer=ANSWERS["w1-x1"], by=crowd.mina, at=WEEK_1),
        lambda: reviewing.claim(theirs, by=crowd.tomas, at=WEEK_1),
        lambda: joining.enrol(crowd.spring, client=new, by=None, at=WEEK_1),
        lambda: begun(crowd.mina),
    )

    results = at_once(len(acts), lambda number: acts[number]())

    assert failed(results) == []
    pieces = Submission.objects.filter(enrolment__cohort=crowd.spring)
    assert set(pieces.values_list("exercise__edition", flat=True)) == {newer.pk}
    assert Attempt.objects.filter(submission=piece).count() == 1
    assert roads.piece(crowd.mina, "w1-x2").draft["today"] == "So far"
    counts = {one.submissions.count() for one in crowd.spring.enrolments.all()}
    assert counts == {newer.exercises.offered().count()}
