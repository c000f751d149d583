"""The dates of one enrolment: what opens and comes due, in order and by two clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from clients import choosing, pausing
from coaching import calendars, weekboard
from tests import roads
from tests.roads import WEEK_1

DAY = timedelta(days=1)


def dates(who, at=WEEK_1, cohort=None):
    return calendars.of(weekboard.enrolment_of(who, cohort), at=at)


def one(who, title, at=WEEK_1):
    return next(date for date in dates(who, at) if date.title == title)


def test_every_week_opens_and_comes_due(cast):
    found = dates(cast.mina)

    weeks = [(date.kind, date.week) for date in found if not date.key]
    assert weeks == [(kind, week) for week in range(10) for kind in ("opens", "due")]
    assert found == sorted(found, key=lambda date: date.at)


def test_a_week_opens_by_the_cohorts_clock_and_is_due_by_ones_own(cast):
    opens, due = one(cast.mina, "Week 2 opens: Translated, not dumbed down"), one(cast.mina, "Week 2 is due")

    assert (opens.wall, opens.cohort_wall) == (datetime(2026, 3, 9, 2), datetime(2026, 3, 9, 8))
    assert (due.wall, due.cohort_wall) == (datetime(2026, 3, 15, 23, 59, 59), datetime(2026, 3, 16, 5, 59, 59))
    assert opens.differs and due.differs


def test_for_whoever_lives_by_the_cohorts_clock_nothing_differs(cast):
    assert [date for date in dates(cast.omar) if date.differs] == []


def test_the_midpoint_and_the_final_assessment_have_their_windows(cast):
    windows = [(date.title, date.at) for date in dates(cast.mina) if date.key]

    assert windows == [
        ("Midpoint review opens", datetime(2026, 3, 23, 7, tzinfo=UTC)),
        ("Midpoint review is due", datetime(2026, 3, 30, 4, 59, 59, tzinfo=UTC)),
        ("Final self-assessment opens", datetime(2026, 4, 23, 6, tzinfo=UTC)),
        ("Final self-assessment closes", datetime(2026, 5, 4, 4, 59, 59, tzinfo=UTC)),
    ]


def test_another_attempt_has_a_due_time_of_its_own_until_it_is_handed_in(cast):
    feedback = roads.answered(cast.mina, cast.tomas, another=True, at=WEEK_1 + 3 * DAY)
    asked = [date for date in dates(cast.mina, feedback.shown_from) if date.kind == "attempt"]
    roads.submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=feedback.shown_from + DAY)
    roads.submitting.hand_in(roads.piece(cast.mina), by=cast.mina, at=feedback.shown_from + 2 * DAY)

    after = [date for date in dates(cast.mina, feedback.shown_from + 2 * DAY) if date.kind == "attempt"]

    assert [(date.title, date.wall) for date in asked] == [
        ("Another attempt is due: The four answers", datetime(2026, 3, 13, 23, 59, 59))
    ]
    assert after == []


def test_a_pause_is_told_and_moves_what_comes_after_it(cast):
    before = one(cast.mina, "Week 2 is due").at
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    lasting = one(cast.mina, "The cohort stands still", WEEK_1 + DAY)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)

    over = one(cast.mina, "The cohort stands still", WEEK_1 + 8 * DAY)

    assert (lasting.at, lasting.until, over.until) == (WEEK_1, None, WEEK_1 + 7 * DAY)
    assert one(cast.mina, "Week 2 is due", WEEK_1 + 8 * DAY).at - before == 7 * DAY


def test_a_new_zone_shows_on_every_clock_from_then_on(cast):
    choosing.choose(cast.mina, at=WEEK_1, zone="Asia/Tokyo")
    cast.mina.refresh_from_db()

    opens = one(cast.mina, "Week 3 opens: Speak first, conclusion first")

    assert (opens.wall, opens.cohort_wall) == (datetime(2026, 3, 16, 16), datetime(2026, 3, 16, 8))


@pytest.mark.parametrize("answered", [1, 3])
def test_the_calendar_costs_the_same_whatever_was_answered(cast, answered, django_assert_num_queries):
    for key in ("w1-x1", "w1-x2", "w1-t1")[:answered]:
        roads.submitting.save_draft(roads.piece(cast.mina, key), answer={}, revision=0, by=cast.mina, at=WEEK_1)
    enrolment = weekboard.enrolment_of(cast.mina)
    calendars.of(enrolment, at=WEEK_1)

    with django_assert_num_queries(3):
        calendars.of(enrolment, at=WEEK_1)
