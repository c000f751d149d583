"""Rows of a report that come round every week, and the ones that come months later: by the real operations, by hand."""

from datetime import timedelta

import pytest

from clients import excusing
from clients.models import Enrolment
from coaching import firing, following, outcomes
from coaching.outcomes.promotions import Proof
from curriculum.figures import Figure, Why
from curriculum.models import Exercise
from tests import roads
from tests.coaching.test_attendance import taken
from tests.graduating import FIRST, answered, asked
from tests.roads import WEEK_1, WEEK_2, WEEK_5

DAY = timedelta(days=1)
AFTER = FIRST + 2 * DAY
NOTHING_NEW = {"outcome": "no_change", "month": "", "proof": ""}


def report(cast, *, at=AFTER):
    return outcomes.of(Enrolment.objects.filter(cohort=cast.spring), at=at)


# --- Moves into management --------------------------------------------------------------------------------


def test_one_moved_a_month_after_finishing_and_one_is_followed_for_three(cast):
    """Finished on 1 May. Mina moved in June: at month 1, one of two. Noor was heard of last after three months."""
    answered(cast, cast.mina)
    answered(cast, cast.noor, **NOTHING_NEW)
    found = report(cast).promotions

    assert (found.graduates, found.agreed, found.followed, found.moved) == (2, 2, 2, 1)
    assert sorted(found.heard) == [(1.0, True), (3.0, False)]
    assert [(step.time, step.followed, step.events, step.left, step.moved.value) for step in found.steps] == [
        (1.0, 2, 1, 0, 0.5),
        (3.0, 1, 0, 1, 0.5),
    ]
    assert found.followed_at == ((0, 2), (3, 1), (6, 0), (9, 0), (12, 0))
    assert found.year == Figure(0, 2, why=Why.NOBODY_FOLLOWED)
    assert {row.key: row.n for row in found.proofs} == {"told": 0, "seen": 1, "confirmed": 0}
    assert isinstance(found.proofs[0], Proof)


@pytest.mark.parametrize("outcome", ["promoted", "larger_scope"])
def test_a_promotion_that_is_not_into_management_is_no_move(cast, outcome):
    answered(cast, cast.mina, outcome=outcome)
    found = report(cast).promotions

    assert (found.followed, found.moved, found.heard) == (1, 0, ((3.0, False),))


def test_what_happened_before_finishing_counts_as_the_day_of_it(cast):
    answered(cast, cast.mina, month="2026-03", outcome="management_elsewhere")

    assert report(cast).promotions.heard == ((0.0, True),)


def test_whoever_does_not_allow_it_is_not_counted_and_whoever_takes_it_back_no_longer(cast):
    answered(cast, cast.mina, consent_anonymous_use="no")
    row = answered(cast, cast.noor)
    before = report(cast).promotions
    following.stop_asking(row, at=AFTER)
    after = report(cast).promotions

    assert (before.followed, before.moved) == (1, 1)
    assert (after.agreed, after.followed, after.moved, after.heard) == (1, 0, 0, ())


def test_a_check_in_is_unanswered_from_the_hour_it_is_sent_until_it_closes(cast):
    for who in (cast.mina, cast.noor):
        asked(cast, who)
    before = report(cast, at=FIRST - DAY).promotions.unanswered
    while any(firing.fire_due(at=FIRST + DAY)):
        pass

    assert before == 0
    assert [report(cast, at=FIRST + days * DAY).promotions.unanswered for days in (1, 20, 30)] == [2, 2, 0]


# --- The live session and the log -------------------------------------------------------------------------


def row(cast, week, role, *, at=WEEK_2):
    return next((one for one in report(cast, at=at).work.handed_in if (one.week, one.role) == (week, role)), None)


@pytest.fixture
def both_started(cast):
    for who in (cast.mina, cast.noor):
        roads.translated(who, "w1-t1", at=WEEK_1)


def test_whoever_came_late_came_and_whoever_was_absent_did_not(cast, both_started):
    taken(cast, mina="late", noor="absent")
    found = row(cast, 0, "session")

    assert (found.done, found.share.n, found.share.value) == (1, 2, 0.5)


@pytest.mark.parametrize("mark", ["excused", ""])
def test_whoever_was_excused_or_is_not_marked_does_not_count(cast, both_started, mark):
    taken(cast, mina="here", noor=mark)
    found = row(cast, 0, "session")

    assert (found.done, found.share.n) == (1, 1)


def test_whoever_did_nothing_yet_is_in_no_row(cast):
    taken(cast, mina="here", noor="here")

    assert row(cast, 0, "session") is None


def test_the_log_is_done_where_as_many_meetings_are_in_it_as_the_week_asks_for(cast, both_started):
    """Week 0 asks for three: Mina has three of its days, Noor two and one of week 1."""
    for who, days in ((cast.mina, (24, 25, 26)), (cast.noor, (24, 25))):
        for day in days:
            roads.logged(who, date=f"2026-02-{day}", at=WEEK_1)
    roads.logged(cast.noor, date="2026-03-02", at=WEEK_1)
    found = row(cast, 0, "log")

    assert (found.done, found.share.n, found.share.value) == (1, 2, 0.5)
    assert row(cast, 5, "log") is None


def test_whoever_is_excused_from_the_log_is_not_asked(cast, both_started):
    exercise = Exercise.objects.get(edition=cast.spring.edition, week__number=5, counted=True, kind="log")
    excusing.excuse(cast.enrolment(cast.noor), exercise, reason="On leave", by=cast.tomas, at=WEEK_5)
    found = row(cast, 5, "log", at=WEEK_5 + 7 * DAY)

    assert (found.done, found.share.n) == (0, 1)
