"""From "week 3, Friday 18:00" to one instant: the rules of time, as pure functions.

A plan is wall-clock time in a named zone; a row holds the UTC instant it comes to. Days are counted on the
wall, conversion to UTC comes last, and instants are compared and subtracted in UTC only, because Python
compares two datetimes of one zone by what their clocks show. Nothing here reads a clock or a database.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

MONDAY, SUNDAY = 0, 6
WEEK_OPENS = time(8)
WEEK_IS_DUE = END_OF_DAY = time(23, 59, 59)
BREAK = timedelta(days=7)
NOTICE = timedelta(hours=48)  # how much warning a person has before a due time that came nearer
MINUS = "\N{MINUS SIGN}"
# Both name whatever the machine is set to, or nothing at all.
NOT_A_PLACE = frozenset({"localtime", "Factory"})


class UnknownZone(ValueError):
    """A name that is in no time zone database; says which, and what a right one looks like."""


class Pause(NamedTuple):
    """A time in which a cohort stands still; both ends are aware instants."""

    began_at: datetime
    ended_at: datetime | None  # None: it still does


class ZoneFrom(NamedTuple):
    """The zone a person lives in from one instant on."""

    at: datetime | None  # None: from the start
    zone: str


class Shift(NamedTuple):
    """From one instant on everything still to come lies so many days later, or earlier where they are negative."""

    at: datetime
    days: int


@dataclass(frozen=True)
class Calendar:
    """When a cohort walks: the Monday of its week 1, its zone, and what has happened to its plan.

    `breaks` are the first days of weeks off. A person's own calendar has their holds among its `pauses`.
    """

    starts_on: date
    zone: str
    pauses: tuple[Pause, ...] = ()
    breaks: tuple[date, ...] = ()
    shifts: tuple[Shift, ...] = ()

    def __post_init__(self) -> None:
        if self.starts_on.weekday() != MONDAY:
            raise ValueError(f"Week 1 starts on a Monday, and {self.starts_on} is a {self.starts_on:%A}.")

    def with_holds(self, holds: tuple[Pause, ...]) -> "Calendar":
        """The calendar of one person, for whom things stood still at other times as well."""
        return replace(self, pauses=self.pauses + holds) if holds else self

    @property
    def moved_at(self) -> datetime | None:
        """When something last moved what lay ahead: a pause that ended, or a shift."""
        ended = (pause.ended_at for pause in self.pauses if pause.ended_at)
        return max((*ended, *(shift.at for shift in self.shifts)), default=None)


class _Change(NamedTuple):
    """What moves every moment still to come at `at`: days added to the wall clock, or another zone.

    A break is known beforehand, so it moves by dates: what lies on `from_day` or later, whatever hour that is where.
    """

    at: datetime
    days: int
    zone: str | None = None
    from_day: date | None = None


@cache
def zone_names() -> frozenset[str]:
    """Every zone a person or a cohort can live in, by its IANA name."""
    return frozenset(available_timezones()) - NOT_A_PLACE


def zone_exists(name: str) -> bool:
    """Whether the name, letter for letter, is one of `zone_names`."""
    return name in zone_names()


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant at which the clocks of the zone first show this time, or pass it.

    Of a time shown twice in autumn the first is meant; one skipped in spring becomes the next that exists.
    `wall` is naive; UnknownZone for a name that is no zone.
    """
    if wall.tzinfo is not None:
        raise ValueError(f"A wall-clock time has no zone of its own: {wall!r}.")
    place = _place(zone)
    instant = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    if _shown(instant, place) == wall:
        return instant
    return _end_of_gap(wall.replace(tzinfo=place, fold=1).astimezone(UTC), instant, place)


def to_wall(instant: datetime, zone: str) -> datetime:
    """What the clocks of the zone show at an aware instant, as a naive datetime."""
    return _shown(_utc(instant), _place(zone))


def monday_of(calendar: Calendar, week: int) -> date:
    """The Monday a week begins on before any pause; week 0 is the one before week 1."""
    return calendar.starts_on + timedelta(weeks=week - 1)


def moment(
    calendar: Calendar,
    *,
    week: int,
    day: int,
    time: time,
    zone: str | tuple[ZoneFrom, ...],
    weeks_later: int = 0,
    at: datetime,
) -> datetime:
    """The instant of "week 3, Friday 18:00" in a zone, or in the zones a person has lived in, oldest first.

    `day` counts from 0, Monday. What happens to the plan is applied in the order it happened, and each time
    only to a moment still to come. A pause or a break adds its days, and the clock shows the same time. A new zone
    or a shift is followed, but the moment comes no nearer than 48 hours after the change, or stays where it was.
    `at` is how far a pause that still lasts is counted: nothing opens and nothing comes due while it does.
    """
    history = (ZoneFrom(None, zone),) if isinstance(zone, str) else zone
    if not history:
        raise ValueError("A moment needs at least one time zone.")
    wall = datetime.combine(monday_of(calendar, week + weeks_later) + timedelta(days=day), time)
    instant = _carried(wall, history[0].zone, _changes(calendar, history, at))
    return _not_while_paused(instant, history[-1].zone, calendar, at)


def opens_at(calendar: Calendar, week: int, *, at: datetime) -> datetime:
    """When a week opens, for everybody at once: its Monday, 08:00 in the cohort's zone."""
    return moment(calendar, week=week, day=MONDAY, time=WEEK_OPENS, zone=calendar.zone, at=at)


def due_at(calendar: Calendar, week: int, zones: tuple[ZoneFrom, ...], *, at: datetime) -> datetime:
    """When a week is due for one client: its Sunday, 23:59:59 in the client's own zone."""
    return moment(calendar, week=week, day=SUNDAY, time=WEEK_IS_DUE, zone=zones, at=at)


def end_of_day(
    calendar: Calendar, day: date, zones: tuple[ZoneFrom, ...], *, named_at: datetime, at: datetime
) -> datetime:
    """When a day named to a person at one instant ends by their clock, moved by whatever happened after that."""
    zone = zone_at(zones, named_at)
    later = [change for change in _changes(calendar, zones, at) if change.at > _utc(named_at)]
    instant = _carried(datetime.combine(day, END_OF_DAY), zone, later)
    return _not_while_paused(instant, zones[-1].zone, calendar, at)


def zone_at(zones: tuple[ZoneFrom, ...], instant: datetime) -> str:
    """The zone a person lived in at an instant."""
    return next(entry.zone for entry in reversed(zones) if entry.at is None or _utc(entry.at) <= _utc(instant))


def is_late(handed_in_at: datetime, due: datetime) -> bool:
    """Late is after the due instant; at the instant itself is in time."""
    return _utc(handed_in_at) > _utc(due)


def is_quiet(instant: datetime, zone: str, quiet_from: time, quiet_until: time) -> bool:
    """Whether the instant lies in a person's quiet hours: from the first time on, until before the second.

    The window may cross midnight; two equal times mean that it is never quiet.
    """
    shown = to_wall(instant, zone).time()
    if quiet_from <= quiet_until:
        return quiet_from <= shown < quiet_until
    return shown >= quiet_from or shown < quiet_until


def loud_from(instant: datetime, zone: str, quiet_from: time, quiet_until: time) -> datetime:
    """The instant itself, in UTC, or the end of the quiet hours it lies in."""
    if not is_quiet(instant, zone, quiet_from, quiet_until):
        return _utc(instant)
    ends = _next_times(_utc(instant), zone, quiet_until)
    return next(end for end in ends if not is_quiet(end, zone, quiet_from, quiet_until))


def zone_label(instant: datetime, zone: str) -> str:
    """The zone as people say it, and its difference at that instant: "Berlin time (UTC+1)", or "UTC"."""
    offset = _utc(instant).astimezone(_place(zone)).utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = MINUS if offset < timedelta() else "+"
    difference = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    area, _, city = zone.rpartition("/")
    if area == "Etc" or city.isupper():  # named after no place: UTC, EST, Etc/GMT+5
        return difference if offset else "UTC"
    return f"{city.replace('_', ' ')} time ({difference})"


def _changes(calendar: Calendar, history: tuple[ZoneFrom, ...], at: datetime) -> list[_Change]:
    """Everything that moves moments, in the order it happened."""
    shifts = (_Change(_utc(moved_at), days) for moved_at, days in calendar.shifts)
    return sorted((*_pauses(calendar, at), *shifts, *_moves(history)), key=lambda change: change.at)


class _Stretch(NamedTuple):
    """The dates, in the cohort's zone, over which things stand still. `is_planned` of a break."""

    began_at: datetime
    first_day: date
    last_day: date
    is_planned: bool


def _stretches(calendar: Calendar, at: datetime) -> Iterator[_Stretch]:
    for began_at, ended_at in calendar.pauses:
        first, last = (to_wall(one, calendar.zone).date() for one in (began_at, ended_at or at))
        yield _Stretch(_utc(began_at), first, last, False)
    for first in calendar.breaks:
        yield _Stretch(to_utc(datetime.combine(first, time()), calendar.zone), first, first + BREAK, True)


def _pauses(calendar: Calendar, at: datetime) -> Iterator[_Change]:
    """The days each pause and each break adds; days they share count once."""
    counted_to = date.min
    for began_at, first, last, is_planned in sorted(_stretches(calendar, at)):
        first_day = max(counted_to, first)
        counted_to = max(first_day, last)
        yield _Change(began_at, (counted_to - first_day).days, from_day=first if is_planned else None)


def _not_while_paused(instant: datetime, zone: str, calendar: Calendar, at: datetime) -> datetime:
    """A moment moved by a pause that still lasts stays ahead of now, by whole days."""
    since = min((_utc(pause.began_at) for pause in calendar.pauses if pause.ended_at is None), default=None)
    while since is not None and since < instant <= _utc(at):
        instant = to_utc(to_wall(instant, zone) + timedelta(days=1), zone)
    return instant


def _moves(history: tuple[ZoneFrom, ...]) -> Iterator[_Change]:
    """Every change of zone after the first entry of a history."""
    for changed_at, zone in history[1:]:
        if changed_at is None:
            raise ValueError(f"Only the first zone of a history has no instant, and {zone} has none.")
        yield _Change(_utc(changed_at), 0, zone)


def _carried(wall: datetime, zone: str, changes: list[_Change]) -> datetime:
    """The instant a plan comes to after the changes, in order: none reaches a moment that is past by then."""
    # What notice is owed after a change stands beside the plan, so that the next change starts from the plan.
    earliest: datetime | None = None

    def come_to() -> datetime:
        instant = to_utc(wall, zone)
        return instant if earliest is None else max(instant, earliest)

    for change in changes:
        instant = come_to()
        if _is_past(instant, zone, change):
            continue
        wall += timedelta(days=change.days)
        if earliest is not None and change.days:
            earliest = to_utc(to_wall(earliest, zone) + timedelta(days=change.days), zone)
        if change.zone is not None or change.days < 0:
            earliest = min(instant, change.at + NOTICE)
        zone = change.zone or zone
    return come_to()


def _is_past(instant: datetime, zone: str, change: _Change) -> bool:
    if change.from_day is not None:
        return to_wall(instant, zone).date() < change.from_day
    return instant <= change.at


def _next_times(instant: datetime, zone: str, wanted: time) -> Iterator[datetime]:
    """The instants after this one at which the clocks come to a time of day, twice where they repeat it."""
    today = to_wall(instant, zone).date()
    for days in count():
        wall = datetime.combine(today + timedelta(days=days), wanted)
        again = wall.replace(tzinfo=_place(zone), fold=1).astimezone(UTC)
        yield from (each for each in (to_utc(wall, zone), again) if each > instant)


def _end_of_gap(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The instant, to the second, between two others at which the clocks of a place were put forward."""
    start = before.replace(microsecond=0)
    offset = start.astimezone(place).utcoffset()

    def is_after(second: int) -> bool:
        return (start + timedelta(seconds=second)).astimezone(place).utcoffset() != offset

    seconds = range(int((after - start).total_seconds()))
    return start + timedelta(seconds=bisect_left(seconds, True, key=is_after))


def _shown(instant: datetime, place: ZoneInfo) -> datetime:
    return instant.astimezone(place).replace(tzinfo=None, fold=0)


def _place(zone: str) -> ZoneInfo:
    if not zone_exists(zone):
        raise UnknownZone(f"There is no time zone called “{zone}”. Choose one such as Europe/Berlin.")
    return ZoneInfo(zone)


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"An instant needs its zone, and {instant!r} has none.")
    return instant.astimezone(UTC)
