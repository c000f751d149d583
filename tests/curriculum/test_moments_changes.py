"""What moves a plan besides pauses and zones: weeks off, shifts, holds, and days named to one person.

The cases were worked out on a paper calendar; none was taken from the code they check. 1 March 2026 is a Sunday, the
weeks of spring begin on 2, 9, 16, 23 and 30 March, and the clocks of Berlin go forward on 29 March.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.moments import (
    NOTICE,
    Calendar,
    Pause,
    Shift,
    ZoneFrom,
    due_at,
    end_of_day,
    moment,
    monday_of,
    opens_at,
    to_utc,
    to_wall,
    zone_at,
)
from tests.curriculum.moments_by_hand import BERLIN, KOLKATA, LATER, LOS_ANGELES, lived_in, utc
from tests.curriculum.test_moments_properties import (
    DAY,
    WEEK,
    calendars_and_people,
    examples,
    histories,
    instants,
    mondays,
    weeks,
    zones,
)

START, OFF = date(2026, 3, 2), date(2026, 3, 16)


def spring(*, pauses=(), breaks=(), shifts=()) -> Calendar:
    taken = tuple(Pause(utc(began), utc(ended)) for began, ended in pauses)
    return Calendar(START, BERLIN, taken, breaks, tuple(Shift(utc(at), days) for at, days in shifts))


def opened(calendar: Calendar, week: int) -> datetime:
    return opens_at(calendar, week, at=LATER)


def due(calendar: Calendar, week: int, zone: str = BERLIN) -> datetime:
    return due_at(calendar, week, lived_in(zone), at=LATER)


# --- Weeks off -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("week", "expected", "because"),
    [
        (2, "2026-03-09 07:00", "before the week off"),
        (3, "2026-03-23 07:00", "16 March is off: 23 March, still CET"),
        (4, "2026-03-30 06:00", "30 March, CEST"),
    ],
)
def test_a_week_off_moves_what_opens_in_it_and_after_it_by_seven_days(week, expected, because):
    assert opened(spring(breaks=(OFF,)), week) == utc(expected), because


@pytest.mark.parametrize(
    ("week", "zone", "expected", "because"),
    [
        (2, LOS_ANGELES, "2026-03-16 06:59:59", "Sunday 15 March there, although it is Monday in Berlin by then"),
        (3, LOS_ANGELES, "2026-03-30 06:59:59", "22 March becomes 29 March, 23:59:59 PDT"),
        (2, KOLKATA, "2026-03-15 18:29:59", "Sunday 15 March, +5:30"),
    ],
)
def test_a_week_off_goes_by_the_dates_on_each_persons_own_calendar(week, zone, expected, because):
    assert due(spring(breaks=(OFF,)), week, zone) == utc(expected), because


def test_in_a_week_off_nobody_is_reminded_of_the_week_before():
    off = spring(breaks=(OFF,))

    overdue = moment(off, week=2, day=1, time=time(9), zone=BERLIN, weeks_later=1, at=LATER)

    assert overdue == utc("2026-03-24 08:00")  # the Tuesday after it, not 17 March


@pytest.mark.parametrize(
    ("pauses", "expected", "because"),
    [
        ([("2026-03-11 12:00", "2026-03-18 12:00")], "2026-03-28 07:00", "11 to 23 March are 12 days"),
        ([("2026-03-17 12:00", "2026-03-19 12:00")], "2026-03-23 07:00", "the pause lies inside the week off"),
        ([("2026-03-20 12:00", "2026-03-25 12:00")], "2026-03-25 07:00", "16 to 25 March are 9 days"),
        ([("2026-03-02 12:00", "2026-03-04 12:00")], "2026-03-25 07:00", "two days, then the week off: 18, then 25"),
    ],
)
def test_days_that_a_pause_and_a_week_off_share_count_once(pauses, expected, because):
    assert opened(spring(pauses=pauses, breaks=(OFF,)), 3) == utc(expected), because


def test_what_a_pause_pushes_into_a_week_off_comes_after_it():
    calendar = spring(pauses=[("2026-03-11 12:00", "2026-03-12 12:00")], breaks=(OFF,))

    assert due(calendar, 2) == utc("2026-03-23 22:59:59")  # 15 March, a day later is 16 March, a week later 23 March


# --- Shifts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shifts", "week", "opens", "dues", "because"),
    [
        ([("2026-03-04 12:00", 7)], 1, "2026-03-02 07:00", "2026-03-15 22:59:59", "open already; due a week later"),
        ([("2026-03-04 12:00", 7)], 2, "2026-03-16 07:00", "2026-03-22 22:59:59", "both a week later"),
        ([("2026-03-04 12:00", 2)], 2, "2026-03-11 07:00", "2026-03-17 22:59:59", "by days as well"),
        ([("2026-03-04 12:00", -7)], 3, "2026-03-09 07:00", "2026-03-15 22:59:59", "both a week earlier"),
        ([("2026-03-04 12:00", -7)], 1, "2026-03-02 07:00", "2026-03-06 12:00", "1 March is past: 48 hours after it"),
        ([("2026-03-07 12:00", -7)], 1, "2026-03-02 07:00", "2026-03-08 22:59:59", "nearer than 48 hours: it stays"),
        ([("2026-03-03 12:00", 7), ("2026-03-04 12:00", -7)], 2, "2026-03-09 07:00", "2026-03-15 22:59:59", "undone"),
    ],
)
def test_a_shift_moves_what_is_still_ahead_with_two_days_of_notice(shifts, week, opens, dues, because):
    calendar = spring(shifts=shifts)

    assert (opened(calendar, week), due(calendar, week)) == (utc(opens), utc(dues)), because


# --- Holds ---------------------------------------------------------------------------------------


def held(*holds, pauses=()) -> Calendar:
    return spring(pauses=pauses).with_holds(tuple(Pause(utc(one), utc(two) if two else None) for one, two in holds))


@pytest.mark.parametrize(
    ("calendar", "expected", "because"),
    [
        (held(("2026-03-10 09:00", "2026-03-13 09:00")), "2026-03-18 18:29:59", "three days: 18 March, +5:30"),
        (held(("2026-03-10 09:00", "2026-03-10 18:00")), "2026-03-15 18:29:59", "begun and ended on one day"),
        (held(("2026-03-16 09:00", "2026-03-20 09:00")), "2026-03-15 18:29:59", "it was due before"),
        (
            held(("2026-03-11 12:00", "2026-03-14 12:00"), pauses=[("2026-03-09 12:00", "2026-03-12 12:00")]),
            "2026-03-20 18:29:59",
            "9 to 14 March are five days, however they overlap",
        ),
    ],
)
def test_a_hold_moves_one_persons_due_times_by_its_days(calendar, expected, because):
    assert due(calendar, 2, KOLKATA) == utc(expected), because


def test_while_a_hold_lasts_nothing_comes_due_and_a_pause_beside_it_does_not_hide_it():
    at = utc("2026-04-20 12:00")
    both = spring().with_holds((Pause(utc("2026-03-10 09:00"), None), Pause(utc("2026-04-01 09:00"), None)))

    found = due_at(both, 2, lived_in(BERLIN), at=at)

    assert found == utc("2026-04-25 21:59:59")  # 15 March and the 41 days from 10 March to 20 April


# --- Days named to a person ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "lived", "expected", "because"),
    [
        (spring(), lived_in(BERLIN), "2026-03-11 22:59:59", "nothing happened since"),
        (held(("2026-03-05 09:00", "2026-03-07 09:00")), lived_in(BERLIN), "2026-03-13 22:59:59", "two days on hold"),
        (held(("2026-03-01 09:00", "2026-03-02 09:00")), lived_in(BERLIN), "2026-03-11 22:59:59", "a hold before"),
        (spring(breaks=(date(2026, 3, 9),)), lived_in(BERLIN), "2026-03-18 22:59:59", "in a week off: after it"),
        (spring(), lived_in(BERLIN, ("2026-03-05 12:00", LOS_ANGELES)), "2026-03-12 06:59:59", "moved west"),
        (spring(), lived_in(LOS_ANGELES, ("2026-03-01 12:00", BERLIN)), "2026-03-11 22:59:59", "moved before"),
    ],
)
def test_a_day_named_to_a_person_ends_by_their_clock_and_moves_with_what_comes_after(
    calendar, lived, expected, because
):
    named_at = utc("2026-03-03 10:00")

    found = end_of_day(calendar, date(2026, 3, 11), lived, named_at=named_at, at=LATER)

    assert found == utc(expected), because


def test_the_zone_of_an_instant_is_the_last_one_moved_to():
    lived = lived_in(BERLIN, ("2026-03-05 12:00", LOS_ANGELES))

    found = [zone_at(lived, utc(f"2026-03-05 {hour}")) for hour in ("11:59:59", "12:00:00")]

    assert found == [BERLIN, LOS_ANGELES]


# --- What holds of every plan ----------------------------------------------------------------------


@st.composite
def moved(draw: st.DrawFn) -> tuple[Calendar, tuple[ZoneFrom, ...]]:
    """A cohort with pauses that overlap as they like, weeks off and shifts, and where one person lived."""
    starts_on = draw(mondays)
    around = datetime.combine(starts_on, time(), UTC)
    hours = st.integers(-14 * 24, 60 * 24).map(lambda n: around + timedelta(hours=n))
    spans = draw(st.lists(st.tuples(hours, st.integers(0, 20)), max_size=3))
    breaks = draw(st.lists(st.integers(-1, 9), max_size=2, unique=True))
    shifts = draw(st.lists(st.tuples(hours, st.integers(-20, 20)), max_size=2))
    calendar = Calendar(
        starts_on,
        draw(zones),
        tuple(Pause(began, began + days * DAY) for began, days in spans),
        tuple(starts_on + n * WEEK for n in breaks),
        tuple(Shift(at, days) for at, days in shifts),
    )
    return calendar, draw(histories(around))


@examples
@given(moved(), weeks, instants)
def test_weeks_keep_their_order_whatever_moves_them(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int, at: datetime
) -> None:
    calendar, history = cohort

    opens = [opens_at(calendar, n, at=at) for n in (week, week + 1)]
    dues = [due_at(calendar, n, history, at=at) for n in (week, week + 1)]

    assert (opens == sorted(opens), dues == sorted(dues)) == (True, True)


@examples
@given(calendars_and_people(), weeks, instants, st.integers(-40, 40))
def test_a_shift_never_makes_anything_late_nor_moves_what_is_past(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int, at: datetime, days: int
) -> None:
    calendar, history = cohort
    shifted = Calendar(calendar.starts_on, calendar.zone, calendar.pauses, shifts=(Shift(at, days),))
    past = tuple(pause for pause in calendar.pauses if pause.began_at <= at)
    known = Calendar(calendar.starts_on, calendar.zone, past)
    before = due_at(known, week, tuple(one for one in history if one.at is None or one.at <= at), at=at)

    after = due_at(
        Calendar(calendar.starts_on, calendar.zone, past, shifts=shifted.shifts),
        week,
        tuple(one for one in history if one.at is None or one.at <= at),
        at=at,
    )

    if before <= at:
        assert after == before
    else:
        assert after >= min(before, at + NOTICE)
        assert (after > before, after < before) == (days > 0, after < before)


@examples
@given(zones, mondays, weeks, weeks, zones)
def test_a_week_off_moves_dates_from_its_monday_on_and_no_others(
    zone: str, starts_on: date, off: int, week: int, home: str
) -> None:
    plain, first = Calendar(starts_on, zone), monday_of(Calendar(starts_on, zone), off)
    lived = (ZoneFrom(None, home),)

    was = to_wall(due_at(plain, week, lived, at=LATER), home)
    now = to_wall(due_at(Calendar(starts_on, zone, breaks=(first,)), week, lived, at=LATER), home)

    assert (now - was).days == (7 if was.date() >= first else 0)


@examples
@given(mondays, st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(0, 20)), max_size=4), st.booleans())
def test_days_on_which_several_things_stand_still_count_once(
    starts_on: date, spans: list[tuple[int, int]], has_break: bool
) -> None:
    around = to_utc(datetime.combine(starts_on, time(12)), "UTC")
    pauses = tuple(Pause(around + timedelta(hours=n), around + timedelta(hours=n) + days * DAY) for n, days in spans)
    breaks = (starts_on + 2 * WEEK,) if has_break else ()
    days = {pause.began_at.date() + n * DAY for pause in pauses for n in range((pause.ended_at - pause.began_at).days)}
    days |= {first + n * DAY for first in breaks for n in range(7)}

    opens = opens_at(Calendar(starts_on, "UTC", pauses, breaks), 9, at=LATER)

    assert opens == datetime.combine(starts_on + 8 * WEEK + len(days) * DAY, time(8), UTC)


@examples
@given(calendars_and_people(), weeks, instants, st.lists(st.integers(0, 30 * 24), min_size=2, max_size=4, unique=True))
def test_a_longer_hold_never_brings_anything_nearer(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int, began: datetime, hours: list[int]
) -> None:
    calendar, history = cohort
    holds = [Pause(began, began + timedelta(hours=n)) for n in sorted(hours)]

    dues = [due_at(calendar.with_holds((hold,)), week, history, at=LATER) for hold in holds]

    assert all(earlier <= later for earlier, later in pairwise(dues))
