"""The promise of feedback: 72 hours from a hand-in, by a clock that stands while things stand still.

It stands over weeks off, while the cohort is paused and while the client is on hold. While another attempt is awaited
nothing runs: each hand-in is promised an answer of its own. Pages, API, queue, board, letters and milestones all ask
here, so no two of them ever name different times.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import CharField, DateField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from clients.models import BreakWeek, CohortPause, Enrolment, Hold
from curriculum import moments
from curriculum.moments import Calendar, Pause
from curriculum.prepared import Asked, Question

PROMISE = timedelta(hours=72)  # from hand-in to feedback, as the programme promises
ZERO = timedelta()
# What the clock of one client hangs on, as names to prefetch from an enrolment.
CLOCK = ("holds", "cohort__pauses", "cohort__breaks", "cohort__shifts")

Stops = tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """How a hand-in stands at an instant.

    `due_at` is when feedback is due, if what stands now went on at once; `waited` is what has run so far, `until` where
    the time left would end if nothing stood still again; `stands` says that the clock does now.
    """

    due_at: datetime
    waited: timedelta
    until: datetime
    stands: bool

    @property
    def left(self) -> timedelta:
        """Negative once the promise is broken."""
        return PROMISE - self.waited


def of(handed_in_at: datetime, stops: Stops, *, at: datetime) -> Promise:
    """The promise of one hand-in, by the times at which its clock stood still."""
    waited = running(handed_in_at, at, stops)
    return Promise(
        due_at=counted_on(handed_in_at, PROMISE, stops, at=at),
        waited=waited,
        until=at + PROMISE - waited,
        stands=any(_covers(one, at) for one in stops),
    )


# --- The clock ------------------------------------------------------------------------------------


def running(since: datetime, until: datetime, stops: Stops) -> timedelta:
    """How much of a stretch of time has run."""
    stood = (min(end or until, until) - max(began, since) for began, end in stops if began < until)
    return until - since - sum((one for one in stood if one > ZERO), ZERO)


def counted_on(since: datetime, wait: timedelta, stops: Stops, *, at: datetime) -> datetime:
    """The instant by which so much time has run. What still stands goes on at `at`, at the earliest."""
    reached, left = since, wait
    for began, end in stops:
        if end is not None and end <= reached:
            continue
        ahead = max(began - reached, ZERO)
        if ahead >= left:
            break
        left -= ahead
        reached = end or max(at, began, reached)
    return reached + left


def _covers(stop: Pause, at: datetime) -> bool:
    return stop.began_at <= at and (stop.ended_at is None or at < stop.ended_at)


# --- When it stands -------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def stops_of(calendar: Calendar) -> Stops:
    """When the clock of a calendar stands: its pauses and holds, and its weeks off by the cohort's own days."""
    return _joined([*calendar.pauses, *(_week_off(day, calendar.zone) for day in calendar.breaks)])


def stops_for(enrolment: Enrolment) -> Stops:
    """Of one client. Reads `CLOCK`, so prefetch it for a list."""
    holds = tuple(Pause(hold.began_at, hold.ended_at) for hold in enrolment.holds.all())
    return stops_of(enrolment.cohort.calendar().with_holds(holds))


def stops_by_enrolment(enrolments: Collection[int]) -> dict[int, Stops]:
    """Of many clients in one query: those whose clock ever stood, by the number of their enrolment."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for enrolment, began, ended, day, zone in _rows.all(whose=sorted(enrolments)) if enrolments else ():
        found[enrolment].append(_week_off(day, zone) if day else Pause(began, ended))
    return {enrolment: _joined(stops) for enrolment, stops in found.items()}


def asks_about(enrolments: Collection[int]) -> tuple[Asked, ...]:
    """What `stops_by_enrolment` asks, for a page that asks more at once."""
    return (_rows.of(whose=sorted(enrolments)),) if enrolments else ()


def waits(spans: Sequence[tuple[int, datetime, datetime]]) -> list[timedelta]:
    """How long each (enrolment, hand-in, answer) took by its client's clock, in one query."""
    stops = stops_by_enrolment({enrolment for enrolment, _since, _until in spans})
    return [running(since, until, stops.get(enrolment, ())) for enrolment, since, until in spans]


@Question
def _rows(*, whose: list[int]) -> QuerySet:
    no_day, no_zone = Cast(Value(None), DateField()), Value("", output_field=CharField())
    no_instant = Cast(Value(None), DateTimeField())
    columns = ("whose", "began", "ended", "day", "zone")
    spans = {"began": F("began_at"), "ended": F("ended_at"), "day": no_day, "zone": no_zone}
    holds = Hold.objects.filter(enrolment__in=whose).annotate(whose=F("enrolment_id"), **spans)
    pauses = CohortPause.objects.filter(cohort__enrolments__in=whose)
    pauses = pauses.annotate(whose=F("cohort__enrolments__pk"), **spans)
    days = {"began": no_instant, "ended": no_instant, "day": F("first_day"), "zone": F("cohort__zone")}
    breaks = BreakWeek.objects.filter(cohort__enrolments__in=whose)
    breaks = breaks.annotate(whose=F("cohort__enrolments__pk"), **days)
    each = [rows.order_by().values_list(*columns) for rows in (holds, pauses, breaks)]
    return each[0].union(*each[1:], all=True)


def _week_off(first_day: date, zone: str) -> Pause:
    """From its Monday, midnight by the cohort's clock, to the next one."""
    began, ended = (datetime.combine(day, time()) for day in (first_day, first_day + moments.BREAK))
    return Pause(moments.to_utc(began, zone), moments.to_utc(ended, zone))


def _joined(stops: Iterable[Pause]) -> Stops:
    """In order, each instant in one of them at most."""
    joined: list[Pause] = []
    for began, ended in sorted(stops, key=lambda stop: stop.began_at.astimezone(UTC)):
        last = joined[-1] if joined else None
        if last is None or (last.ended_at is not None and last.ended_at < began):
            joined.append(Pause(began, ended))
        elif last.ended_at is not None:
            joined[-1] = Pause(last.began_at, None if ended is None else max(last.ended_at, ended))
    return tuple(joined)
