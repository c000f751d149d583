"""What is done by counting: meetings of a week, lines of a ledger, an assessment."""

from datetime import UTC, datetime, timedelta

import pytest

from clients import counted, deadlines, pausing
from clients.models import Enrolment
from tests import keeping, roads
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)
WEEK_0 = datetime(2026, 2, 25, 10, tzinfo=UTC)
WEEK_4, WEEK_7 = WEEK_1 + 21 * DAY, WEEK_1 + 42 * DAY


def enrolment_of(who):
    return deadlines.with_calendar(Enrolment.objects.filter(client=who)).get()


def counts(who, at):
    return {count.exercise.key: count for count in counted.of(enrolment_of(who), at=at)}


def log(who, day, at, number=1):
    for _meeting in range(number):
        roads.logged(who, date=day, at=at)


def test_every_counted_exercise_is_there_in_the_order_of_the_programme(cast):
    assert list(counts(cast.mina, WEEK_0)) == [
        "w0-assessment", "w0-log", "w2-x2", "w4-log", "w4-mid", "w5-log", "w6-log", "w7-x2", "w7-log", "w8-log",
        "w9-final",
    ]  # fmt: skip


def test_those_of_weeks_to_come_are_locked(cast):
    visible = [count.exercise.key for count in counted.visible(enrolment_of(cast.mina), at=WEEK_0)]

    assert visible == ["w0-assessment", "w0-log"]
    assert counts(cast.mina, WEEK_0)["w4-log"].state == "locked"
    assert counted.visible(enrolment_of(cast.mina), at=BEFORE) == []


# --- Meetings -----------------------------------------------------------------------------------------


def test_meetings_count_in_the_week_their_day_lies_in(cast):
    log(cast.mina, "2026-02-20", WEEK_0)
    log(cast.mina, "2026-03-01", WEEK_1)
    log(cast.mina, "2026-03-02", WEEK_1)

    count = counts(cast.mina, WEEK_1)["w0-log"]

    assert (count.have, count.need, count.state, count.words) == (2, 3, "draft", "2 of 3 meetings logged")


def test_a_week_is_done_with_the_last_meeting_it_asks_for_and_stays_done(cast):
    states = []
    for _meeting in range(4):
        log(cast.mina, "2026-02-24", WEEK_0)
        states.append(counts(cast.mina, WEEK_0)["w0-log"].state)

    assert states == ["draft", "draft", "done", "done"]


def test_the_minutes_left_are_those_of_the_meetings_left(cast):
    left = [counts(cast.mina, WEEK_0)["w0-log"].minutes_left]
    for _meeting in range(3):
        log(cast.mina, "2026-02-24", WEEK_0)
        left.append(counts(cast.mina, WEEK_0)["w0-log"].minutes_left)

    assert left == [6, 4, 2, 0]


def test_the_last_meeting_of_the_week_is_at_hand(cast):
    log(cast.mina, "2026-03-24", WEEK_4)
    last = roads.logged(cast.mina, date="2026-03-25", at=WEEK_4)

    assert counts(cast.mina, WEEK_4)["w4-log"].latest == last
    assert counts(cast.mina, WEEK_4)["w0-log"].latest is None


def test_it_is_late_strictly_after_the_sunday_and_not_once_it_is_done(cast):
    due = counts(cast.mina, WEEK_0)["w0-log"].due_at
    late = [counts(cast.mina, at)["w0-log"].is_late for at in (due, due + timedelta(seconds=1))]
    log(cast.mina, "2026-02-24", WEEK_1, 3)

    assert late == [False, True]
    assert counts(cast.mina, WEEK_1 + 30 * DAY)["w0-log"].is_late is False


def test_a_pause_moves_the_days_of_a_week(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)
    log(cast.mina, "2026-03-24", WEEK_4 + 7 * DAY)
    log(cast.mina, "2026-03-31", WEEK_4 + 7 * DAY)

    assert counts(cast.mina, WEEK_4 + 7 * DAY)["w4-log"].have == 1


# --- The ledger -----------------------------------------------------------------------------------------


def test_the_first_line_is_enough_for_week_2(cast):
    before = counts(cast.mina, keeping.WEEK_2)["w2-x2"]
    keeping.line(cast.mina)

    after = counts(cast.mina, keeping.WEEK_2)["w2-x2"]

    assert (before.state, before.words) == ("open", "0 of 1 line")
    assert (after.state, after.words) == ("done", "1 line")


def test_a_private_line_counts_for_its_client_as_any_other(cast):
    keeping.line(cast.mina, visibility="private")

    assert counts(cast.mina, keeping.WEEK_2)["w2-x2"].is_done


def test_five_lines_are_done_only_with_one_for_each_factor(cast):
    for _line in range(5):
        keeping.line(cast.mina, factor="stakeholder")
    keeping.line(cast.mina, factor="influence")
    before = counts(cast.mina, WEEK_7)["w7-x2"]
    for factor in ("presence", "upward"):
        keeping.line(cast.mina, factor=factor)

    after = counts(cast.mina, WEEK_7)["w7-x2"]

    assert (before.is_done, before.words) == (
        False,
        "6 lines, none yet for meeting leadership presence, upward communication",
    )
    assert (before.minutes_left, after.is_done, after.minutes_left) == (1, True, 0)


# --- An assessment --------------------------------------------------------------------------------------


def test_an_assessment_counts_its_answers_and_is_done_once_it_is_finished(cast):
    nothing = counts(cast.mina, WEEK_0)["w0-assessment"]
    roads.rated(cast.mina, "a0", at=WEEK_0)
    answered = counts(cast.mina, WEEK_0)["w0-assessment"]
    roads.assessed(cast.mina, "a0", at=WEEK_0)

    done = counts(cast.mina, WEEK_0)["w0-assessment"]

    assert [(one.state, one.words) for one in (nothing, answered, done)] == [
        ("open", "0 of 20 answered"),
        ("draft", "20 of 20 answered, not finished yet"),
        ("done", "finished"),
    ]


def test_the_midpoint_is_not_the_baseline(cast):
    roads.assessed(cast.mina, "a0", at=WEEK_0)

    assert counts(cast.mina, WEEK_4)["w4-mid"].state == "open"


# --- What is missing ------------------------------------------------------------------------------------


def test_what_is_missing_of_a_week_is_what_it_requires_and_nobody_reached(cast):
    enrolment = enrolment_of(cast.mina)
    before = [count.exercise.key for count in counted.missing(enrolment, 4, at=WEEK_4)]
    log(cast.mina, "2026-03-24", WEEK_4, 3)
    roads.assessed(cast.mina, "a4", at=WEEK_4)

    assert before == ["w4-log", "w4-mid"]
    assert counted.missing(enrolment, 4, at=WEEK_4) == []
    assert counted.missing(enrolment, 1, at=WEEK_4) == []


def test_nothing_of_somebody_else_counts(cast):
    log(cast.noor, "2026-02-24", WEEK_0, 3)
    roads.assessed(cast.noor, "a0", at=WEEK_0)

    assert {count.state for count in counted.visible(enrolment_of(cast.mina), at=WEEK_0)} == {"open"}


@pytest.mark.parametrize("entries", [1, 3, 50])
def test_three_queries_whatever_was_kept(cast, entries, django_assert_num_queries):
    log(cast.mina, "2026-02-24", WEEK_0, entries)
    for _line in range(entries):
        keeping.line(cast.mina)
    enrolment = enrolment_of(cast.mina)
    counted.of(enrolment, at=WEEK_7)  # what is frozen with the edition is read once a process

    with django_assert_num_queries(3):
        counted.of(enrolment, at=WEEK_7)
    with django_assert_num_queries(2):
        counted.missing(enrolment, 4, at=WEEK_7)
    with django_assert_num_queries(0):
        counted.missing(enrolment, 1, at=WEEK_7)
