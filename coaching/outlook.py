"""What a cohort would be like as it is planned so far: every week on three clocks, clocks that change meanwhile,
sessions in somebody's night, public holidays, and how many clients its coaches would have. Nothing is written.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q

from clients.deadlines import WEEKS
from clients.models import Enrolment, User
from curriculum import moments, public_holidays
from curriculum.models import Edition, Exercise
from curriculum.moments import Calendar, ZoneFrom
from curriculum.public_holidays import Holiday

from .models import Assignment

SAMPLE_ZONES = ("America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin")
SAMPLES = 3
AWAKE = (time(7), time(22))
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


class Cell(NamedTuple):
    """When a week opens and is due on one clock."""

    place: str
    opens: datetime
    due: datetime


class Week(NamedTuple):
    """One week on every sample clock."""

    number: int
    cells: tuple[Cell, ...]


class ClockChange(NamedTuple):
    """The clocks of a zone change on this day, by so many minutes."""

    label: str
    day: date
    minutes: int


class Night(NamedTuple):
    """Live sessions that begin or end while people of a zone sleep; `people` is how many of them are known."""

    label: str
    wall: datetime
    people: int


class Load(NamedTuple):
    """How many clients somebody has now, and would have; how many hours of reviews a week that comes to then."""

    coach: User
    clients: int
    cohorts: int
    would_be: int
    hours: float = 0

    @property
    def is_over(self) -> bool:
        return self.would_be > settings.CLIENTS_A_COACH


class WeekOff(NamedTuple):
    """A week that could be off, or is; with its public holidays."""

    monday: date
    is_off: bool
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True)
class Outlook:
    """A plan with a Monday and a zone. `zones` are those of the people and coaches it is for, as far as known."""

    calendar: Calendar
    at: datetime
    country: str = ""
    weekday: int | None = None
    hour: time | None = None
    session_weeks: tuple[int, ...] = ()
    zones: tuple[str, ...] = ()

    @cached_property
    def samples(self) -> list[str]:
        """The cohort's own zone, then those most people live in, then far ones."""
        known = [zone for zone, _count in Counter(self.zones).most_common()]
        return list(dict.fromkeys([self.calendar.zone, *known, *SAMPLE_ZONES]))[:SAMPLES]

    @property
    def begins(self) -> datetime:
        return moments.opens_at(self.calendar, WEEKS[0], at=self.at)

    @cached_property
    def weeks(self) -> list[Week]:
        return [Week(number, tuple(self._cell(number, zone) for zone in self.samples)) for number in WEEKS]

    def _cell(self, number: int, zone: str) -> Cell:
        opens = moments.opens_at(self.calendar, number, at=self.at)
        due = moments.due_at(self.calendar, number, (ZoneFrom(None, zone),), at=self.at)
        return Cell(_place(zone, opens), moments.to_wall(opens, zone), moments.to_wall(due, zone))

    @property
    def last_day(self) -> date:
        return self.weeks[-1].cells[0].due.date()

    @cached_property
    def clock_changes(self) -> list[ClockChange]:
        """Within the programme, for every sample zone, the earliest first."""
        found = [change for zone in self.samples for change in _changes(zone, self.begins, self.last_day)]
        return sorted(found, key=lambda change: change.day)

    @cached_property
    def nights(self) -> list[Night]:
        """A session each zone has at an hour when people sleep, the first of its kind."""
        if self.weekday is None or self.hour is None:
            return []
        everywhere = dict.fromkeys([*self.zones, self.calendar.zone])
        return [night for zone in everywhere if (night := self._night(zone))]

    def _night(self, zone: str) -> Night | None:
        for week in self.session_weeks:
            zone_, day, hour = self.calendar.zone, self.weekday, self.hour
            starts = moments.moment(self.calendar, week=week, day=day, time=hour, zone=zone_, at=self.at)
            wall, ends = moments.to_wall(starts, zone), moments.to_wall(starts + AN_HOUR, zone)
            if wall.time() < AWAKE[0] or ends.time() > AWAKE[1] or ends.date() > wall.date():
                return Night(_place(zone, starts), wall, self.zones.count(zone))
        return None

    @cached_property
    def weeks_off(self) -> list[WeekOff]:
        """Every week from week 1 on that could be off, with what is public in it."""
        first = self.calendar.starts_on
        count = (self.last_day - first).days // 7 + 1
        found = public_holidays.between(self.country, first, self.last_day) if self.country else []
        mondays = [first + 7 * A_DAY * n for n in range(count)]
        return [
            WeekOff(monday, monday in self.calendar.breaks, tuple(one for one in found if one.monday == monday))
            for monday in mondays
        ]


def _place(zone: str, at: datetime) -> str:
    """The zone as people say it, without its difference, which may change meanwhile."""
    return moments.zone_label(at, zone).partition(" (")[0].removesuffix(" time")


def _changes(zone: str, begins: datetime, last: date) -> Iterable[ClockChange]:
    day, before = moments.to_wall(begins, zone).date(), None
    while day <= last:
        noon = datetime.combine(day, time(12))
        offset = noon - moments.to_utc(noon, zone).replace(tzinfo=None)
        if before is not None and offset != before:
            yield ClockChange(_place(zone, begins), day, int((offset - before).total_seconds()) // 60)
        day, before = day + A_DAY, offset


def session_weeks(edition: Edition) -> tuple[int, ...]:
    """The weeks in which the edition has a live session."""
    return tuple(week.number for week in edition.weeks.order_by("number") if week.session)


# --- Coaches ----------------------------------------------------------------------------------------


def coaches() -> list[User]:
    """Whoever coaches, or has coached, and has an account that works."""
    return list(User.objects.filter(is_active=True, assignments__isnull=False).distinct().order_by("name", "pk"))


def loads(chosen: Sequence[User], *, more: int, edition: Edition | None = None) -> list[Load]:
    """Of everybody who may coach: clients in open cohorts, shared among those who coach them; the chosen share
    `more` between them. Hours are pieces a week by REVIEW_MINUTES each, attempt by attempt. Three queries."""
    open_ones = Assignment.objects.filter(ended_at=None, cohort__closed_at=None)
    rows = list(open_ones.values_list("coach_id", "cohort_id", "cohort__edition_id"))
    theirs, taught = [row[:2] for row in rows], {cohort: book for _coach, cohort, book in rows}
    sharing = Counter(cohort for _coach, cohort in theirs)
    pieces = pieces_a_week({*taught.values(), *([edition.pk] if edition else [])})
    active = Q(state=Enrolment.State.ACTIVE)
    counts = Enrolment.objects.filter(active, cohort__in=sharing).values_list("cohort").annotate(n=Count("pk"))
    clients = dict(counts.order_by())
    shares: Counter[int] = Counter()
    read: dict[int, float] = defaultdict(float)
    for coach, cohort in theirs:
        share = -(-clients.get(cohort, 0) // sharing[cohort])
        shares[coach] += share
        read[coach] += share * pieces.get(taught[cohort], 0)
    many = Counter(coach for coach, _cohort in theirs)
    share = -(-more // len(chosen)) if chosen else 0
    fresh = share * pieces.get(edition.pk, 0) if edition else 0
    return [
        Load(one, shares[one.pk], many[one.pk], shares[one.pk] + share, _hours(read[one.pk] + fresh)) for one in chosen
    ]


def _hours(pieces: float) -> float:
    return pieces * settings.REVIEW_MINUTES / 60


def pieces_a_week(editions: Collection[int]) -> dict[int, float]:
    """How many required pieces a client hands in, on average over the weeks in which any is asked for; by edition."""
    required = Exercise.objects.offered().filter(required=True, edition__in=editions).order_by()
    rows = required.values_list("edition").annotate(n=Count("pk"), weeks=Count("week", distinct=True))
    return {edition: n / weeks for edition, n, weeks in rows}
