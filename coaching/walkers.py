"""Who is on a board, and what of the dates is each client's own: plain tuples, a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, DateField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from clients import deadlines
from clients.deadlines import Named, Schedule
from clients.models import (
    BreakWeek,
    Cohort,
    CohortPause,
    CohortShift,
    Enrolment,
    Excusal,
    Extension,
    Hold,
    ZoneChange,
)
from curriculum.moments import Calendar, Pause, Shift, ZoneFrom
from curriculum.prepared import Question

WHOLE = 250  # a cohort of up to so many is shown whole,
WINDOW = 100  # a larger one in windows


class Walker(NamedTuple):
    """One client of a cohort."""

    enrolment: int
    client: int
    name: str
    zone: str
    seen_at: datetime | None
    joined_at: datetime
    cohort: int
    state: str


def everybody(cohorts: Collection[Cohort]) -> list[Walker]:
    """Whoever is in these cohorts and has not left them, by name. One query."""
    return [Walker(*row) for row in _everybody.all(cohorts=[cohort.pk for cohort in cohorts])]


def of(enrolment: Enrolment) -> Walker:
    """A single client, from rows that are read already."""
    who, dates = enrolment.client, (enrolment.seen_at, enrolment.joined_at)
    return Walker(enrolment.pk, who.pk, who.name, who.zone, *dates, enrolment.cohort_id, enrolment.state)


def read_dates(enrolments: Collection[Enrolment]) -> None:
    """What the dates of these clients hang on, in one query; kept as long as the rows are held."""
    cohorts = {one.cohort_id: one.cohort for one in enrolments}
    own = Own([of(one) for one in enrolments], cohorts)
    for number, calendar in own.calendars.items():
        cohorts[number].keep_calendar(calendar)
    for one in enrolments:
        one.cohort = cohorts[one.cohort_id]
        deadlines.keep(one, own.schedules[one.pk], excused=own.excused.get(one.pk, set()))


def walkers(cohort: Cohort, page: int | None) -> tuple[list[Walker], bool, bool]:
    """(the clients to show, whether they are a window, whether there are more behind it). One query."""
    if page is None:
        return everybody([cohort]), False, False
    start = (page - 1) * WINDOW
    rows = _first.all(WHOLE + 1, cohort=cohort.pk) if page == 1 else _rows([cohort.pk])[start : start + WINDOW + 1]
    people = [Walker(*row) for row in rows]
    is_window = page > 1 or len(people) > WHOLE
    return (people[:WINDOW], True, len(people) > WINDOW) if is_window else (people, False, False)


def whose(people: Collection[Walker], cohorts: Collection[int]) -> tuple[str, list[int]]:
    """By what rows about these people are found, and its values: their enrolments, or their cohorts where the people
    are too many to name."""
    if len(people) > WINDOW:
        return "enrolment__cohort", list(cohorts)
    return "enrolment", [one.enrolment for one in people]


@Question
def _everybody(*, cohorts: list[int]) -> QuerySet:
    return _rows(cohorts)


@Question
def _first(limit: int, *, cohort: int) -> QuerySet:
    return _rows([cohort])[:limit]


def _rows(cohorts: list[int]) -> QuerySet:
    here = Enrolment.objects.filter(cohort__in=cohorts).exclude(state__in=Enrolment.LEFT)
    return here.order_by("client__name", "pk").values_list(*_COLUMNS)


_COLUMNS = ("pk", "client_id", "client__name", "client__zone", "seen_at", "joined_at", "cohort_id", "state")


class Own:
    """The dates of some cohorts, what of them is each client's own, and what they are excused from. One query, mostly
    without rows."""

    def __init__(self, people: list[Walker], cohorts: Mapping[int, Cohort]):
        self._pauses: dict[int, list[Pause]] = defaultdict(list)
        self._breaks: dict[int, list[date]] = defaultdict(list)
        self._shifts: dict[int, list[Shift]] = defaultdict(list)
        self._holds: dict[int, list[Pause]] = defaultdict(list)
        self.excused: dict[int, set[int]] = defaultdict(set)
        self._moves: dict[int, list[tuple[datetime, str, str]]] = defaultdict(list)
        self._granted: dict[int, list[Named]] = defaultdict(list)
        self._ended: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
        by, keys = whose(people, cohorts)
        for kind, *row in _told.all(by, whose=keys, cohorts=list(cohorts)):
            getattr(self, f"_note_{kind}")(*row)
        self.calendars = {pk: self._calendar(cohort) for pk, cohort in cohorts.items()}
        self.schedules = {one.enrolment: self._schedule(one, self.calendars[one.cohort]) for one in people}

    def on_hold_since(self, enrolment: int) -> datetime | None:
        return next((hold.began_at for hold in self._holds.get(enrolment, ()) if hold.ended_at is None), None)

    def _calendar(self, cohort: Cohort) -> Calendar:
        """As `Cohort.calendar` says it."""
        return Calendar(
            starts_on=cohort.starts_on,
            zone=cohort.zone,
            pauses=tuple(self._pauses.get(cohort.pk, ())),
            breaks=tuple(self._breaks.get(cohort.pk, ())),
            shifts=tuple(self._shifts.get(cohort.pk, ())),
        )

    def _schedule(self, person: Walker, calendar: Calendar) -> Schedule:
        zones = _history(person, self._moves.get(person.client, []))
        again = (deadlines.asked_again(*one, zones) for one in self._ended.get(person.enrolment, ()))
        named = (*self._granted.get(person.enrolment, ()), *again)
        holds = tuple(self._holds.get(person.enrolment, ()))
        return Schedule(calendar.with_holds(holds), zones, person.joined_at, named)

    def _note_pause(self, whose: int, _number: int, _day: None, began: datetime, ended: datetime | None, *_zones: str):
        self._pauses[whose].append(Pause(began, ended))

    def _note_break(self, whose: int, _number: int, day: date, *_rest: object) -> None:
        self._breaks[whose].append(day)

    def _note_shift(self, whose: int, days: int, _day: None, at: datetime, *_rest: object) -> None:
        self._shifts[whose].append(Shift(at, days))

    def _note_hold(self, whose: int, _number: int, _day: None, began: datetime, ended: datetime | None, *_zones: str):
        self._holds[whose].append(Pause(began, ended))

    def _note_move(self, whose: int, _number: int, _day: None, at: datetime, _end: None, old: str, new: str) -> None:
        self._moves[whose].append((at, old, new))

    def _note_more(self, whose: int, exercise: int, until: date, decided_at: datetime, *_rest: object) -> None:
        self._granted[whose].append(Named(exercise, until, decided_at))

    def _note_excused(self, whose: int, exercise: int, _day: None, _at: None, ended: datetime | None, *_zones: str):
        if ended is None:
            self.excused[whose].add(exercise)
        else:
            self._ended[whose].append((exercise, ended))


@Question
def _told(by: str, *, whose: list[int], cohorts: list[int]) -> QuerySet:
    """What moves the dates of cohorts and of their clients as rows of one shape: kind, whose, number, day, two
    instants, two zones; the earliest first."""
    no_instant, no_zone = Cast(Value(None), DateTimeField()), Value("", output_field=CharField())
    none = {
        "whose": F("enrolment_id"),
        "number": Cast(Value(None), BigIntegerField()),
        "day": Cast(Value(None), DateField()),
        **dict.fromkeys(("began", "ended"), no_instant),
        **dict.fromkeys(("old", "new"), no_zone),
    }
    here = {f"{by}__in": whose}
    moved = ZoneChange.objects.filter(**{f"person__{by.replace('enrolment', 'enrolments')}__in": whose})
    zones = {"whose": F("person_id"), "number": F("pk"), "old": F("old_zone"), "new": F("new_zone"), "began": F("at")}
    granted = Extension.objects.filter(state=Extension.State.GRANTED, **here)
    more = {"number": F("exercise_id"), "day": F("until"), "began": F("decided_at")}
    shifts = {"whose": F("cohort_id"), "number": Cast("days", BigIntegerField()), "began": F("at")}
    pauses = {"whose": F("cohort_id"), "began": F("began_at"), "ended": F("ended_at")}
    breaks = {"whose": F("cohort_id"), "day": F("first_day")}
    excusals = {"number": F("exercise_id"), "ended": F("ended_at")}
    each = [
        _shaped("hold", Hold.objects.filter(**here), none | {"began": F("began_at"), "ended": F("ended_at")}),
        _shaped("move", moved, none | zones),
        _shaped("more", granted, none | more),
        _shaped("excused", Excusal.objects.filter(**here), none | excusals),
        _shaped("pause", CohortPause.objects.filter(cohort__in=cohorts), none | pauses),
        _shaped("break", BreakWeek.objects.filter(cohort__in=cohorts), none | breaks),
        _shaped("shift", CohortShift.objects.filter(cohort__in=cohorts), none | shifts),
    ]
    # Not `all`: whoever walks with two of the cohorts has changed their zone once.
    return each[0].union(*each[1:]).order_by("a_began", "a_day", "a_number")


def _shaped(kind: str, rows: QuerySet, columns: dict) -> QuerySet:
    # Named apart from the fields of the models, which a column may not be called.
    named = {f"a_{name}": value for name, value in {"kind": Value(kind, output_field=CharField()), **columns}.items()}
    return rows.order_by().annotate(**named).values_list(*named)


def _history(person: Walker, moves: list[tuple[datetime, str, str]]) -> tuple[ZoneFrom, ...]:
    if not moves:
        return (ZoneFrom(None, person.zone),)
    return (ZoneFrom(None, moves[0][1]), *(ZoneFrom(changed_at, new) for changed_at, _old, new in moves))
