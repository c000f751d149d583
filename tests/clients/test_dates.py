"""A cohort's dates and one client's own: weeks off, shifts, holds, more time, what is excused, joining late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import (
    choosing,
    counted,
    deadlines,
    delivering,
    dues,
    excusing,
    extending,
    holding,
    joining,
    messaging,
    moving,
    pausing,
    progress,
    submitting,
)
from clients.models import (
    BreakWeek,
    CohortShift,
    Enrolment,
    Excusal,
    Extension,
    Hold,
    JournalEntry,
    Message,
)
from curriculum.models import Exercise
from tests import roads
from tests.roads import BEFORE, WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFF = date(2026, 3, 16)  # the Monday of week 3
SUNDAY_1 = datetime(
    2026, 3, 9, 4, 59, 59, tzinfo=UTC
)  # when week 1 is due in Chicago, on summer time since that morning


def of(who) -> Enrolment:
    return deadlines.with_calendar(Enrolment.objects.all()).get(client=who)


def exercise(key="w1-x1") -> Exercise:
    return Exercise.objects.select_related("week").get(key=key)


def due(who, key="w1-x1", *, at=WEEK_1):
    return deadlines.due_at(roads.piece(who, key), at=at)


def standing(who, key="w1-x1", *, at=WEEK_1):
    return progress.standing(roads.piece(who, key), at=at)


def journal(action):
    return list(JournalEntry.objects.filter(action=action).values_list("actor", "note"))


# --- A cohort's dates ------------------------------------------------------------------------------


def test_a_week_off_moves_every_later_week_and_is_journalled(cast):
    before = {week: deadlines.opens_at(of(cast.mina), week, at=WEEK_1) for week in (2, 3, 9)}

    moving.set_break(cast.spring, first_day=OFF, reason="Easter", by=cast.ada, at=WEEK_1)

    after = {week: deadlines.opens_at(of(cast.mina), week, at=WEEK_1) for week in (2, 3, 9)}
    assert {week: (after[week] - before[week]).days for week in before} == {2: 0, 3: 7, 9: 7}
    assert journal("set a week off") == [("Ada", "from 2026-03-16. Easter")]
    assert of(cast.mina).cohort.plan_version == 2


def test_a_week_off_that_is_taken_back_leaves_the_plan_as_it_was(cast):
    before = deadlines.opens_at(of(cast.mina), 3, at=WEEK_1)
    week_off = moving.set_break(cast.spring, first_day=OFF, by=cast.ada, at=WEEK_1)

    moving.drop_break(week_off, by=cast.ada, at=WEEK_1 + DAY)

    assert deadlines.opens_at(of(cast.mina), 3, at=WEEK_1 + DAY) == before
    assert journal("took back a week off") == [("Ada", "from 2026-03-16")]


@pytest.mark.parametrize(
    ("first_day", "code"),
    [
        (date(2026, 3, 17), "break.not_monday"),
        (date(2026, 3, 2), "break.begun"),
        (date(2026, 5, 11), "break.after_the_end"),
    ],
)
def test_a_week_off_is_a_week_of_the_programme_still_to_come(cast, first_day, code):
    assert moving.break_refusal(cast.spring, first_day=first_day, at=WEEK_1).code == code


def test_the_last_week_can_be_off(cast):
    assert moving.break_refusal(cast.spring, first_day=date(2026, 4, 27), at=WEEK_1) is None


@pytest.mark.parametrize(("days", "code"), [(2, None), (3, "break.counted_on")])
def test_three_days_before_it_begins_people_count_on_a_week_off(cast, days, code):
    week_off = moving.set_break(cast.spring, first_day=OFF, by=cast.ada, at=WEEK_1)

    refusal = moving.drop_break_refusal(week_off, at=datetime(2026, 3, 11, 10, tzinfo=UTC) + days * DAY)

    assert getattr(refusal, "code", None) == code


def test_a_week_off_is_taken_back_once(cast):
    week_off = moving.set_break(cast.spring, first_day=OFF, by=cast.ada, at=WEEK_1)
    moving.drop_break(week_off, by=cast.ada, at=WEEK_1)

    with pytest.raises(moving.CannotMove) as refused:
        moving.drop_break(week_off, by=cast.ada, at=WEEK_1)

    assert refused.value.code == "break.gone"


def test_a_cohort_is_moved_before_it_begins(cast):
    moving.shift(cast.spring, days=14, by=cast.ada, at=BEFORE, reason="The room")

    assert deadlines.opens_at(of(cast.mina), 1, at=BEFORE) == datetime(2026, 3, 16, 7, tzinfo=UTC)
    assert journal("moved") == [("Ada", "by +14 days. The room")]


def test_moving_dates_earlier_never_makes_anything_late(cast):
    at = datetime(2026, 3, 4, 6, tzinfo=UTC)

    moving.shift(cast.spring, days=-3, by=cast.ada, at=at)

    assert due(cast.mina, at=at) == at + 48 * HOUR  # Thursday night would be a second less than two days away
    assert not standing(cast.mina, at=at + 48 * HOUR).is_late
    assert deadlines.opens_at(of(cast.mina), 2, at=at) == datetime(2026, 3, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "at", "code"),
    [
        (0, WEEK_1, "shift.days"),
        (365, WEEK_1, "shift.days"),
        (-4, WEEK_1, "shift.too_near"),
        (1, WEEK_1 + 70 * DAY, "shift.nothing_ahead"),
    ],
)
def test_a_shift_that_cannot_be_made_says_why(cast, days, at, code):
    assert moving.shift_refusal(cast.spring, days=days, at=at).code == code


def test_what_was_handed_in_keeps_the_due_time_it_had(cast):
    attempt = roads.handed_in(cast.mina)

    moving.shift(cast.spring, days=7, by=cast.ada, at=WEEK_1)

    attempt.refresh_from_db()
    assert attempt.due_at == SUNDAY_1


# --- On hold --------------------------------------------------------------------------------------


def test_a_hold_moves_one_clients_due_times_by_its_days_and_nobody_elses(cast):
    before = due(cast.noor)
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1, reason="Ill")

    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_1 + 10 * DAY)

    assert due(cast.mina, at=WEEK_1 + 10 * DAY) == SUNDAY_1 + 10 * DAY
    assert due(cast.noor) == before
    assert deadlines.opens_at(of(cast.mina), 2, at=WEEK_2) == datetime(2026, 3, 9, 7, tzinfo=UTC)


def test_a_client_on_hold_is_never_late_and_goes_on_writing(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)

    attempt = roads.handed_in(cast.mina, at=WEEK_1 + 30 * DAY)

    assert (attempt.is_late, standing(cast.mina, "w1-t1", at=WEEK_1 + 30 * DAY).is_late) == (False, False)


def test_why_somebody_is_on_hold_is_not_journalled(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1, reason="Ill")
    holding.go_on(of(cast.mina), by=cast.ada, at=WEEK_1 + DAY)

    assert (journal("put on hold"), journal("let go on")) == ([("Tomas", "")], [("Ada", "")])
    assert Hold.objects.get().reason == "Ill"


def test_a_hold_begins_once_and_ends_once(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)
    assert holding.hold_refusal(of(cast.mina)).code == "hold.there"

    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_1 + DAY)

    assert holding.go_on_refusal(of(cast.mina)).code == "hold.not_there"


@pytest.mark.parametrize("refusal_of", [holding.hold_refusal, holding.go_on_refusal])
def test_nobody_who_has_left_is_put_on_hold(cast, refusal_of):
    joining.withdraw(of(cast.mina), by=cast.ada, at=WEEK_1)

    assert refusal_of(of(cast.mina)).code == "enrolment.ended"


def test_post_for_a_client_on_hold_waits_until_they_go_on(cast):
    roads.answered(cast.mina, cast.tomas)
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1 + 3 * HOUR)
    delivering.deliver(at=WEEK_1 + 12 * HOUR)
    message = Message.objects.get(kind="feedback")
    assert (message.state, message.reason) == ("held", "the client is on hold")

    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_1 + 2 * DAY)
    delivering.deliver(at=WEEK_1 + 2 * DAY + 6 * HOUR)

    message.refresh_from_db()
    assert message.state == "sent"


def test_post_for_others_goes_on_while_one_client_is_on_hold(cast):
    holding.hold(of(cast.noor), by=cast.tomas, at=WEEK_1)
    roads.answered(cast.mina, cast.tomas)

    delivering.deliver(at=WEEK_1 + 12 * HOUR)

    assert Message.objects.get(kind="feedback").state == "sent"


# --- More time -------------------------------------------------------------------------------------


def more(who, day, *, key="w1-x1", at=WEEK_1, note=""):
    return extending.ask(roads.piece(who, key), until=date(2026, 3, day), by=who, at=at, note=note)


def test_the_first_time_an_exercise_has_three_days_more_by_itself(cast):
    extension = more(cast.mina, 11)

    assert (extension.state, extension.by_itself, extension.days) == ("granted", 1, 3)
    assert due(cast.mina) == SUNDAY_1 + 3 * DAY
    assert due(cast.mina, "w1-t1") == SUNDAY_1
    assert journal("took more time") == [("Mina", "w1-x1 until 2026-03-11")]


def test_more_than_three_days_are_asked_of_the_coach(cast):
    extension = more(cast.mina, 12, note="Two releases in one week.")

    assert (extension.state, extension.days, extension.by_itself) == ("asked", 4, None)
    assert due(cast.mina) == SUNDAY_1
    assert [(one.person, one.about) for one in Message.objects.filter(kind="extension")] == [
        (cast.tomas, {"extension": extension.pk})
    ]


def test_the_second_time_for_one_exercise_is_asked_of_the_coach(cast):
    more(cast.mina, 10)

    assert more(cast.mina, 11, at=WEEK_1 + DAY).state == "asked"


def test_the_third_time_in_a_programme_is_asked_of_the_coach(cast):
    states = [more(cast.mina, 10, key=key).state for key in ("w1-x1", "w1-t1", "w1-x2")]

    assert states == ["granted", "granted", "asked"]


def test_once_it_is_due_more_time_counts_from_today(cast):
    tuesday = SUNDAY_1 + 34 * HOUR  # 10 March, 09:59 in Chicago

    assert extending.days_on_offer(roads.piece(cast.mina), at=tuesday) == [date(2026, 3, day) for day in (11, 12, 13)]
    assert more(cast.mina, 13, at=tuesday).state == "granted"
    assert not standing(cast.mina, at=tuesday).is_late


def test_the_coachs_yes_makes_it_due_then(cast):
    extension = more(cast.mina, 15)

    extending.answer(extension, grant=True, by=cast.tomas, at=WEEK_1 + DAY)

    assert due(cast.mina) == SUNDAY_1 + 7 * DAY
    assert journal("granted more time") == [("Tomas", "w1-x1 until 2026-03-15")]


def test_the_coachs_no_leaves_it_as_it_is(cast):
    extension = more(cast.mina, 15)

    extending.answer(extension, grant=False, by=cast.tomas, at=WEEK_1 + DAY)

    assert due(cast.mina) == SUNDAY_1
    assert extending.answer_refusal(Extension.objects.get()).code == "extension.answered"


def test_the_same_day_twice_is_there_already_and_a_fortnight_is_the_most(cast):
    more(cast.mina, 11)

    piece = roads.piece(cast.mina)
    codes = [extending.day_refusal(piece, until=date(2026, 3, day), at=WEEK_1).code for day in (11, 26)]

    assert codes == ["extension.there", "extension.too_long"]
    assert extending.day_refusal(piece, until=date(2026, 3, 25), at=WEEK_1) is None


def left(cast):
    joining.withdraw(of(cast.mina), by=cast.ada, at=WEEK_1)


def paused(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)


def on_hold(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)


def handed_in(cast):
    roads.handed_in(cast.mina)


def excused(cast):
    excusing.excuse(of(cast.mina), exercise(), reason="On leave", by=cast.tomas, at=WEEK_1)


def has_asked(cast):
    more(cast.mina, 15)


@pytest.mark.parametrize(
    ("road", "code"),
    [
        (left, "homework.left"),
        (paused, "extension.still"),
        (on_hold, "extension.still"),
        (handed_in, "extension.not_with_you"),
        (excused, "extension.excused"),
        (has_asked, "extension.asked"),
    ],
)
def test_where_more_time_makes_no_sense_it_says_why(cast, road, code):
    road(cast)

    assert extending.ask_refusal(roads.piece(cast.mina), by=cast.mina, at=WEEK_1).code == code


def test_more_time_is_for_weeks_that_are_open(cast):
    assert extending.ask_refusal(roads.piece(cast.mina, "w4-x1"), by=cast.mina, at=WEEK_1).code == "homework.locked"


def test_nobody_asks_for_somebody_elses_piece(cast):
    assert extending.ask_refusal(roads.piece(cast.mina), by=cast.noor, at=WEEK_1).code == "homework.not_yours"


def test_no_question_is_answered_for_somebody_who_has_left(cast):
    extension = more(cast.mina, 15)
    left(cast)

    assert extending.answer_refusal(Extension.objects.get(pk=extension.pk)).code == "enrolment.ended"


def test_what_was_granted_moves_with_a_hold_and_with_a_new_zone(cast):
    more(cast.mina, 11)
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1 + DAY)
    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_1 + 3 * DAY)

    choosing.choose(cast.mina, zone="America/Los_Angeles", at=WEEK_1 + 4 * DAY)

    assert due(cast.mina, at=WEEK_1 + 4 * DAY) == SUNDAY_1 + 5 * DAY + 2 * HOUR


# --- Excused ----------------------------------------------------------------------------------------


def test_what_is_excused_is_neither_missing_nor_late_and_can_be_handed_in(cast):
    excusing.excuse(of(cast.mina), exercise(), reason="Parental leave", by=cast.tomas, at=WEEK_1)

    found = standing(cast.mina, at=WEEK_2)

    assert (found.state, found.is_missing, found.is_late, found.is_with_client) == ("excused", False, False, False)
    assert [row.exercise.key for row in progress.missing(of(cast.mina), 1, at=WEEK_2)] == ["w1-x2", "w1-t1"]
    assert roads.handed_in(cast.mina, at=WEEK_2).number == 1
    assert standing(cast.mina, at=WEEK_2).state == "handed_in"


def test_what_is_counted_can_be_excused(cast):
    counts = [one for one in counted.of(of(cast.mina), at=WEEK_2) if one.is_missing and one.is_open]
    first = counts[0].exercise

    excusing.excuse(of(cast.mina), first, reason="No meetings", by=cast.tomas, at=WEEK_2)

    (found,) = [one for one in counted.of(of(cast.mina), at=WEEK_2) if one.exercise.pk == first.pk]
    assert (found.state, found.is_missing, found.is_late, found.is_with_client) == ("excused", False, False, False)


def test_why_something_is_excused_is_not_journalled(cast):
    excusing.excuse(of(cast.mina), exercise(), reason="Parental leave", by=cast.tomas, at=WEEK_1)

    assert journal("excused") == [("Tomas", "w1-x1")]


def test_what_is_asked_for_again_is_due_in_two_days_at_the_soonest(cast):
    excusing.excuse(of(cast.mina), exercise(), reason="On leave", by=cast.tomas, at=WEEK_1)
    excusing.ask_again(of(cast.mina), exercise(), by=cast.tomas, at=WEEK_2)

    found = standing(cast.mina, at=WEEK_2)

    assert (found.state, found.is_late) == ("open", False)
    assert found.due_at == datetime(2026, 3, 14, 4, 59, 59, tzinfo=UTC)  # Friday night in Chicago
    assert journal("asked again") == [("Tomas", "w1-x1")]


@pytest.mark.parametrize(
    ("road", "reason", "code"),
    [
        (handed_in, "On leave", "excusal.handed_in"),
        (excused, "On leave", "excusal.there"),
        (left, "On leave", "enrolment.ended"),
        (lambda cast: None, "  ", "excusal.reason"),
    ],
)
def test_what_cannot_be_excused_says_why(cast, road, reason, code):
    road(cast)

    assert excusing.excuse_refusal(of(cast.mina), exercise(), reason=reason).code == code


def test_only_what_is_excused_is_asked_for_again(cast):
    assert excusing.ask_again_refusal(of(cast.mina), exercise()).code == "excusal.not_there"


# --- Joining late -----------------------------------------------------------------------------------


def test_whoever_joins_late_has_a_week_for_what_was_due_before(cast):
    roads.client(cast.spring, cast.lena, at=WEEK_2)  # Lena lives in Berlin

    dues_ = [deadlines.week_due_at(of(cast.lena), week, at=WEEK_2) for week in (0, 1, 2, 3)]

    caught_up = datetime(2026, 3, 18, 22, 59, 59, tzinfo=UTC)  # seven days after Wednesday, 11 March
    assert dues_ == [caught_up, caught_up, caught_up, datetime(2026, 3, 22, 22, 59, 59, tzinfo=UTC)]


def test_a_hold_moves_the_week_to_catch_up_as_well(cast):
    roads.client(cast.spring, cast.lena, at=WEEK_2)
    holding.hold(of(cast.lena), by=cast.tomas, at=WEEK_2 + DAY)

    holding.go_on(of(cast.lena), by=cast.tomas, at=WEEK_2 + 4 * DAY)

    assert deadlines.week_due_at(of(cast.lena), 1, at=WEEK_2 + 4 * DAY) == datetime(2026, 3, 21, 22, 59, 59, tzinfo=UTC)


# --- The first due time of what is missing ------------------------------------------------------------


def test_reminders_follow_the_due_time_only_once_everything_missing_has_more_time(cast):
    for one in Exercise.objects.filter(week__number=1, required=True).exclude(key__in=("w1-t1", "w1-x1")):
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=WEEK_1)
    for key, day in (("w1-t1", 10), ("w1-x1", 11)):
        assert dues.first_due_at(of(cast.mina), 1, at=WEEK_1) == SUNDAY_1
        more(cast.mina, day, key=key)

    assert dues.first_due_at(of(cast.mina), 1, at=WEEK_1) == SUNDAY_1 + 2 * DAY
    assert dues.days_later(of(cast.mina), 1, at=WEEK_1) == 2


# --- What the database holds ---------------------------------------------------------------------------


def rows(cast):
    mine, piece = of(cast.mina), exercise()
    break_ = {"cohort": cast.spring, "set_at": WEEK_1}
    excusal = {"enrolment": mine, "exercise": piece, "excused_by": cast.tomas, "excused_at": WEEK_1}
    extension = {"enrolment": mine, "exercise": piece, "until": OFF, "days": 3, "asked_at": WEEK_1}
    granted = extension | {"state": "granted", "decided_at": WEEK_1}
    other = granted | {"exercise": exercise("w1-t1")}
    return {
        "a_break_begins_on_a_monday": [BreakWeek(first_day=date(2026, 3, 17), **break_)],
        "one_break_a_week": [BreakWeek(first_day=OFF, **break_), BreakWeek(first_day=OFF, **break_)],
        "a_shift_moves_something": [CohortShift(cohort=cast.spring, at=WEEK_1, days=0)],
        "one_open_hold_a_client": [Hold(enrolment=mine, began_at=WEEK_1), Hold(enrolment=mine, began_at=WEEK_2)],
        "a_hold_ends_after_it_began": [Hold(enrolment=mine, began_at=WEEK_2, ended_at=WEEK_1)],
        "one_open_question_an_exercise": [Extension(**extension), Extension(**extension)],
        "an_exercise_is_extended_by_itself_once": [
            Extension(by_itself=1, **granted),
            Extension(by_itself=2, **granted),
        ],
        "extensions_by_themselves_are_counted": [Extension(by_itself=1, **granted), Extension(by_itself=1, **other)],
        "two_extensions_by_themselves_a_programme": [Extension(by_itself=3, **granted)],
        "an_extension_is_decided_or_asked": [Extension(state="granted", **extension)],
        "an_extension_is_more_time": [Extension(**(extension | {"days": 0}))],
        "excused_once_at_a_time": [Excusal(reason="x", **excusal), Excusal(reason="x", **excusal)],
        "an_excusal_has_a_reason": [Excusal(reason="", **excusal)],
        "an_excusal_ends_after_it_began": [Excusal(reason="x", ended_at=BEFORE, **excusal)],
    }


@pytest.mark.parametrize(
    "name",
    [
        constraint.name
        for model in (BreakWeek, CohortShift, Hold, Extension, Excusal)
        for constraint in model._meta.constraints
    ],
)
def test_the_database_refuses_dates_that_cannot_be(cast, name):
    *before, last = rows(cast)[name]
    for row in before:
        row.save()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        last.save()

    assert name in str(refused.value)


def test_messages_held_for_one_client_are_released_for_them_alone(cast):
    for who in (cast.mina, cast.noor):
        messaging.post("feedback", key=f"for {who}", to=who, cohort=cast.spring, about={"feedback": 0}, at=WEEK_1)
    Message.objects.update(state="held", reason="the client is on hold")

    messaging.release_held(cast.spring, at=WEEK_2, person=cast.mina)

    assert dict(Message.objects.values_list("person__name", "state")) == {"Mina": "queued", "Noor": "held"}


def test_a_next_attempts_window_moves_with_a_hold(cast):
    roads.answered(cast.mina, cast.tomas, another=True, at=WEEK_2)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2 + DAY)
    before = due(cast.mina, at=WEEK_2 + DAY)
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_2 + DAY)

    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_2 + 4 * DAY)

    assert due(cast.mina, at=WEEK_2 + 4 * DAY) == before + 3 * DAY
