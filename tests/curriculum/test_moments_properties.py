"""What holds of every moment: in eighteen zones, on every night of 2026 and 2027 when clocks change.

The expectations come from asking the zone database which instants show a given time, minute by minute, and
not from the code under test.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curriculum.moments import (
    NOTICE,
    Calendar,
    Pause,
    ZoneFrom,
    due_at,
    is_quiet,
    loud_from,
    moment,
    monday_of,
    opens_at,
    to_utc,
    to_wall,
)

examples = settings(max_examples=int(os.environ.get("ACROSS_EXAMPLES", 300)), deadline=None)

ZONES = (
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Europe/Berlin",
    "Europe/London",
    "America/Los_Angeles",
    "America/Chicago",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Africa/Cairo",
)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
FIRST, LAST = datetime(2026, 1, 1), datetime(2027, 12, 31)


def offset(zone: str, instant: datetime) -> timedelta:
    """How far the clocks of a zone are from UTC."""
    found = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None
    return found


def nights(zone: str) -> list[datetime]:
    """The UTC hours of 2026 and 2027 after which the clocks of a zone are not what they were."""
    starts = [FIRST.replace(tzinfo=UTC) + n * DAY for n in range((LAST - FIRST).days)]
    days = [day for day in starts if offset(zone, day) != offset(zone, day + DAY)]
    return [day + n * HOUR for day in days for n in range(24) if changes_within(zone, day + n * HOUR)]


def changes_within(zone: str, hour: datetime) -> bool:
    """Whether the clocks of a zone change in the hour after an instant."""
    return offset(zone, hour) != offset(zone, hour + HOUR)


NIGHTS = {zone: nights(zone) for zone in ZONES}
SKIPPED_DAY = datetime(2011, 12, 30, 12)


def readings(wall: datetime, zone: str) -> list[datetime]:
    """Every instant at which the clocks of a zone show this time, oldest first: none, one or two."""
    around = wall.replace(tzinfo=UTC)
    offsets = {offset(zone, around + n * HOUR) for n in (-30, -15, 0, 15, 30)}
    return sorted(around - each for each in offsets if offset(zone, around - each) == each)


def first_existing(wall: datetime, zone: str) -> datetime:
    """The given minute, or the next one that the clocks of a zone show."""
    while not readings(wall, zone):
        wall += MINUTE
    return wall


zones = st.sampled_from(ZONES)
clock_times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@st.composite
def walls(draw: st.DrawFn, zone: str) -> datetime:
    """A minute of 2026 or 2027, as often as not within three hours of a change of the clocks."""
    around = [(night + offset(zone, night)).replace(tzinfo=None) for night in NIGHTS[zone]]
    around += [SKIPPED_DAY] if zone == "Pacific/Apia" else []
    near = st.sampled_from(around or [FIRST])
    close = st.builds(lambda night, minutes: night + minutes * MINUTE, near, st.integers(-180, 240))
    anywhere = st.integers(0, int((LAST - FIRST) / MINUTE)).map(lambda minutes: FIRST + minutes * MINUTE)
    return draw(close | anywhere)


@st.composite
def places_and_walls(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and a wall-clock minute in it."""
    zone = draw(zones)
    return zone, draw(walls(zone))


@st.composite
def places_and_instants(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and an instant near, as often as not, one of its changes."""
    zone, wall = draw(places_and_walls())
    seconds = draw(st.integers(-3 * 3600, 3 * 3600))
    return zone, to_utc(wall, zone) + timedelta(seconds=seconds)


instants = st.integers(0, int((LAST - FIRST) / MINUTE)).map(lambda n: FIRST.replace(tzinfo=UTC) + n * MINUTE)
mondays = st.integers(0, 95).map(lambda n: date(2026, 1, 5) + n * WEEK)
weeks = st.integers(0, 9)


@st.composite
def histories(draw: st.DrawFn, around: datetime) -> tuple[ZoneFrom, ...]:
    """A person's zones, with up to three changes within eleven weeks of an instant."""
    minutes = draw(st.lists(st.integers(-7 * 1440, 77 * 1440), max_size=3, unique=True).map(sorted))
    moves = (ZoneFrom(around + n * MINUTE, draw(zones)) for n in minutes)
    return (ZoneFrom(None, draw(zones)), *moves)


@st.composite
def pauses(draw: st.DrawFn, around: datetime) -> tuple[Pause, ...]:
    """Up to three pauses, one after another; the last may still go on."""
    ends = draw(st.lists(st.integers(-7 * 1440, 77 * 1440), max_size=6, unique=True).map(sorted))
    marks = [around + n * MINUTE for n in ends]
    taken = [Pause(began, ended) for began, ended in zip(marks[::2], marks[1::2], strict=False)]
    return (*taken, Pause(marks[-1], None)) if len(marks) % 2 else tuple(taken)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A cohort with a start in 2026 or 2027, a zone, and pauses."""
    starts_on = draw(mondays)
    around = datetime.combine(starts_on, time(), UTC)
    return Calendar(starts_on, draw(zones), draw(pauses(around)))


@st.composite
def calendars_and_people(draw: st.DrawFn) -> tuple[Calendar, tuple[ZoneFrom, ...]]:
    """A cohort and the zones one person of it has lived in."""
    calendar = draw(calendars())
    return calendar, draw(histories(datetime.combine(calendar.starts_on, time(), UTC)))


def unpaused(calendar: Calendar) -> Calendar:
    """The same cohort, had it never paused."""
    return Calendar(calendar.starts_on, calendar.zone)


def test_both_nights_of_both_years_are_among_the_examples() -> None:
    northern = ("Europe/Berlin", "Europe/London", "America/Chicago", "America/New_York")
    southern = ("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Auckland")

    counted = {zone: len(NIGHTS[zone]) for zone in northern + southern}

    assert counted == dict.fromkeys(northern + southern, 4)


@examples
@given(places_and_walls())
def test_a_time_shown_once_comes_back_from_its_instant(asked: tuple[str, datetime]) -> None:
    zone, wall = asked
    assume(len(readings(wall, zone)) == 1)

    instant = to_utc(wall, zone)

    assert (instant, to_wall(instant, zone)) == (readings(wall, zone)[0], wall)


@examples
@given(places_and_walls())
def test_a_time_becomes_the_first_reading_of_the_next_minute_that_exists(asked: tuple[str, datetime]) -> None:
    zone, wall = asked
    existing = first_existing(wall, zone)

    instant = to_utc(wall, zone)

    assert (instant, to_wall(instant, zone)) == (readings(existing, zone)[0], existing)
    assert to_wall(instant, zone) >= wall


@examples
@given(places_and_walls(), st.integers(0, 26 * 60))
def test_a_later_time_in_a_zone_is_never_an_earlier_instant(asked: tuple[str, datetime], minutes: int) -> None:
    zone, wall = asked

    earlier, later = to_utc(wall, zone), to_utc(wall + minutes * MINUTE, zone)

    assert earlier <= later


@examples
@given(zones, mondays, weeks, st.integers(0, 6), clock_times)
def test_a_week_later_the_clock_shows_the_same_time_seven_days_on(
    zone: str, starts_on: date, week: int, day: int, shown: time
) -> None:
    calendar = Calendar(starts_on, "Europe/Berlin")
    at = datetime(2028, 1, 1, tzinfo=UTC)
    wall = datetime.combine(monday_of(calendar, week) + day * DAY, shown)

    here = moment(calendar, week=week, day=day, time=shown, zone=zone, at=at)
    there = moment(calendar, week=week + 1, day=day, time=shown, zone=zone, at=at)
    same = moment(calendar, week=week, day=day, time=shown, zone=zone, weeks_later=1, at=at)

    assert to_wall(here, zone) == first_existing(wall, zone)
    assert (to_wall(there, zone), same) == (first_existing(wall + WEEK, zone), there)


@examples
@given(calendars_and_people(), weeks, instants)
def test_a_week_is_never_due_before_it_opens(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int, at: datetime
) -> None:
    calendar, history = cohort

    assert opens_at(calendar, week, at=at) < due_at(calendar, week, history, at=at)


@examples
@given(calendars_and_people(), weeks, instants)
def test_weeks_open_and_fall_due_in_their_order(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int, at: datetime
) -> None:
    calendar, history = cohort

    opens = [opens_at(calendar, n, at=at) for n in (week, week + 1)]
    due = [due_at(calendar, n, history, at=at) for n in (week, week + 1)]

    assert (opens[0] < opens[1], due[0] <= due[1]) == (True, True)


@examples
@given(calendars_and_people(), weeks, instants)
def test_a_pause_never_moves_anything_earlier(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int, at: datetime
) -> None:
    calendar, history = cohort
    taken = [Calendar(calendar.starts_on, calendar.zone, calendar.pauses[:n]) for n in range(4)]

    opens = [opens_at(each, week, at=at) for each in taken]
    due = [due_at(each, week, history, at=at) for each in taken]

    assert (opens, due) == (sorted(opens), sorted(due))


@examples
@given(calendars(), weeks, instants)
def test_an_opening_moves_by_the_dates_of_the_pauses_it_lies_after(calendar: Calendar, week: int, at: datetime) -> None:
    expected = datetime.combine(monday_of(calendar, week), time(8))
    for began_at, ended_at in calendar.pauses:
        first, last = (one.astimezone(ZoneInfo(calendar.zone)).date() for one in (began_at, ended_at or at))
        after = readings(expected, calendar.zone)[0] > began_at
        expected += max(last - first, timedelta()) if after else timedelta()
        # Whoever stands still until now sees nothing open: it opens on the next morning that is still ahead.
        while after and ended_at is None and readings(expected, calendar.zone)[0] <= at:
            expected += DAY

    opens = opens_at(calendar, week, at=at)

    assert to_wall(opens, calendar.zone) == expected


@examples
@given(calendars_and_people(), weeks, instants, instants)
def test_a_pause_that_lasts_only_ever_moves_things_on(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int, one: datetime, other: datetime
) -> None:
    calendar, history = cohort
    sooner, later = sorted((one, other))

    due = [due_at(calendar, week, history, at=at) for at in (sooner, later)]

    assert due[0] <= due[1]


@examples
@given(calendars_and_people(), weeks)
def test_a_change_of_zone_gives_two_days_of_notice_or_changes_nothing(
    cohort: tuple[Calendar, tuple[ZoneFrom, ...]], week: int
) -> None:
    calendar, history = unpaused(cohort[0]), cohort[1]
    at = datetime(2028, 1, 1, tzinfo=UTC)

    steps = [due_at(calendar, week, history[: n + 1], at=at) for n in range(len(history))]

    for (old, new), move in zip(pairwise(steps), history[1:], strict=True):
        assert move.at is not None
        follows = to_utc(datetime.combine(monday_of(calendar, week) + 6 * DAY, time(23, 59, 59)), move.zone)
        assert new == expected_after(old, follows, move.at)


def expected_after(old: datetime, new: datetime, changed_at: datetime) -> datetime:
    """The rule for a change of zone, as it is written down for people."""
    if old <= changed_at:
        return old
    if new >= old:
        return new
    return max(new, min(old, changed_at + NOTICE))


@examples
@given(places_and_instants(), clock_times, clock_times)
def test_a_message_that_waits_for_the_end_of_quiet_hours_arrives_outside_them(
    asked: tuple[str, datetime], quiet_from: time, quiet_until: time
) -> None:
    zone, instant = asked

    loud = loud_from(instant, zone, quiet_from, quiet_until)

    assert (loud >= instant, is_quiet(loud, zone, quiet_from, quiet_until)) == (True, False)


@examples
@given(places_and_instants(), clock_times, clock_times)
def test_a_message_waits_no_longer_than_until_the_next_end_of_quiet_hours(
    asked: tuple[str, datetime], quiet_from: time, quiet_until: time
) -> None:
    zone, instant = asked
    assume(is_quiet(instant, zone, quiet_from, quiet_until))

    loud = loud_from(instant, zone, quiet_from, quiet_until)

    passed = [instant + n * MINUTE for n in range(1, int((loud - instant) / MINUTE))]
    ends = [each for each in passed if to_wall(each, zone).time().replace(second=0) == quiet_until]
    assert (ends, loud.second) == ([], 0)


@examples
@given(places_and_instants(), clock_times)
def test_quiet_hours_of_no_length_hold_nothing_back(asked: tuple[str, datetime], both: time) -> None:
    zone, instant = asked

    assert loud_from(instant, zone, both, both) == instant
