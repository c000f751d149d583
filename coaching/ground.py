"""What a board is drawn on: whoever walks with some cohorts, and where each of their pieces stands at one instant.

A fixed number of queries for any number of cohorts and clients, plain tuples instead of rows, and every due instant
computed once for all who live by the same clock.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import NamedTuple

from django.db.models import (
    Avg,
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from clients import counted
from clients.deadlines import Schedule
from clients.models import Cohort, Submission
from curriculum import moments
from curriculum.moments import Calendar
from curriculum.prepared import Question

from . import asked, promises
from .asked import AskedWeek
from .attendance import Attended, Past
from .models import Claim, Mark
from .promises import Promise
from .walkers import Own, Walker, whose

DAY = timedelta(days=1)
FIRST_WEEK = 0

State = Submission.State
WAITING = (State.HANDED_IN, State.IN_REVIEW)
LOCKED, OPEN, LATE, DONE, EXCUSED = "locked", "open", "late", "done", "excused"


class Cell(NamedTuple):
    """One client's main piece of one week.

    `state` is a stored state, or locked, open, late, done, excused. `minutes` are left on the promise of a piece that
    waits, `late_days` count up from 1, `parts` are (handed in, all) of a week that has several pieces. `translation`
    says whether the week's translation is in; None where it has none. `more_until` is the day to which an open piece
    has more time.
    """

    state: str
    submission: int | None = None
    mean: float | None = None
    minutes: int | None = None
    late_days: int = 0
    parts: tuple[int, int] | None = None
    reader: str = ""
    translation: bool | None = None
    more_until: date | None = None


class Mean(NamedTuple):
    """What an accepted piece came to, to one decimal place, and from when on its client reads it."""

    level: float
    shown_from: datetime


class Ground:
    """Cohorts at one instant. `people` are those looked at, who may be fewer than walk; without `hours` nobody is told
    what is left on a promise; `translations` asks for the means of those as well."""

    def __init__(
        self,
        cohorts: Collection[Cohort],
        people: list[Walker],
        *,
        at: datetime,
        levels: bool,
        hours: bool = True,
        translations: bool = False,
    ):
        self.cohorts = {cohort.pk: cohort for cohort in cohorts}
        self.people, self.at = people, at
        self.weeks = {cohort.pk: asked.of(cohort.edition_id) for cohort in cohorts}
        self.own = Own(people, self.cohorts)
        self.clocks = {number: Clock(calendar, at) for number, calendar in self.own.calendars.items()}
        self._by, self._keys = whose(people, self.cohorts)
        self.whose = {f"{self._by}__in": self._keys}
        self.pieces: dict[int, dict[int, _Piece]] = defaultdict(dict)
        self.waiting: list[tuple[int, _Piece]] = []
        self._read(levels=levels, hours=hours)
        self.means = self._means(translations) if levels else {}
        self._missing: dict[Hashable, dict[Hashable, Cell]] = defaultdict(dict)
        self._mains: dict[int, list[tuple[AskedWeek, Cell]]] = {}

    def cells(self, person: Walker, weeks: list[AskedWeek], reached: list[dict[int, bool]]) -> Iterator[Cell]:
        """Where these weeks of one client stand. `reached` says of what is counted who has come how far."""
        mains = {week.number: cell for week, cell in self.main_cells(person)}
        baseline = [week for week in weeks if week.main is None]
        if baseline:
            theirs, clock = self._theirs(person), self.clocks[person.cohort]
            begun = [known.get(person.enrolment) for known in reached]
            mains |= {week.number: _baseline(week, theirs, begun, clock) for week in baseline}
        return (mains[week.number] for week in weeks)

    def translations(self, person: Walker, weeks: list[AskedWeek]) -> Iterator[Cell]:
        """The same of weeks of which only the translation is looked at (see `asked.translations`)."""
        theirs, clock = self._theirs(person), self.clocks[person.cohort]
        return (_cell(week, theirs, self.means, clock) for week in weeks)

    def main_cells(self, person: Walker) -> list[tuple[AskedWeek, Cell]]:
        """The weeks with a main piece, and where it stands."""
        if person.enrolment not in self._mains:
            theirs, clock = self._theirs(person), self.clocks[person.cohort]
            weeks = [week for week in self.weeks[person.cohort] if week.main is not None]
            self._mains[person.enrolment] = [(week, _cell(week, theirs, self.means, clock)) for week in weeks]
        return self._mains[person.enrolment]

    def _theirs(self, person: Walker) -> "_Theirs":
        schedule = self.own.schedules[person.enrolment]
        return _Theirs(
            self.pieces.get(person.enrolment, {}),
            self.own.excused.get(person.enrolment, set()),
            schedule,
            self._missing[person.cohort, self.clocks[person.cohort].alike(schedule)],
        )

    def reached(self, cohort: Cohort) -> list[dict[int, bool]]:
        """What is counted in the baseline, up to the day week 1 begins. A query for each such thing."""
        exercises = [one for week in self.weeks[cohort.pk] if week.main is None for one in week.counted]
        until = self.clocks[cohort.pk].opens_on(1)
        return [counted.reached_by(self.whose, exercise, (None, until)) for exercise in exercises]

    @cached_property
    def past(self) -> Past:
        """The live sessions that took place."""
        return Past(self.cohorts.keys(), self.whose)

    def attended(self, person: Walker) -> Attended:
        return self.past.attended(person.enrolment, person.cohort, person.joined_at)

    def promised(self) -> list[tuple[Promise, int, str]]:
        """Each piece that waits: its promise, its number, its state."""
        schedules = self.own.schedules
        return [
            (_promise(piece, schedules[enrolment], self.at), piece.pk, piece.state)
            for enrolment, piece in self.waiting
            if enrolment in schedules
        ]

    def _read(self, *, levels: bool, hours: bool) -> None:
        weeks = [week for each in self.weeks.values() for week in each]
        shown = {exercise for week in weeks for exercise in (*week.asked, week.translation) if exercise}
        for enrolment, exercise, *piece in _pieces.all(self._by, levels, hours, whose=self._keys, shown=list(shown)):
            self.pieces[enrolment][exercise] = found = _Piece(*piece)
            if found.waits_since:
                self.waiting.append((enrolment, found))

    def _means(self, translations: bool) -> dict[int, Mean]:
        """Of what was accepted, by submission."""
        weeks = [week for each in self.weeks.values() for week in each]
        scored = [week.main for week in weeks if week.main and week.scored]
        scored += [week.translation for week in weeks if translations and week.translation and week.translation_scored]
        found = _levels.all(self._by, whose=self._keys, scored=scored)
        return {piece: Mean(round(float(mean), 1), shown_from) for piece, mean, shown_from in found}


@Question
def _pieces(by: str, readers: bool, hours: bool, *, whose: list[int], shown: list[int]) -> QuerySet:
    """What somebody has begun, of what the weeks ask for, and what waits."""
    rows = Submission.objects.filter(Q(exercise__in=shown) | Q(state__in=WAITING), **{f"{by}__in": whose})
    rows = rows.filter(Q(attempts_made__gt=0) | Q(draft_saved_at__isnull=False))
    # Instants are dear to read, so only those are read that somebody looks at.
    since = Case(When(state__in=WAITING, then=F("handed_in_at")))
    rows = rows.annotate(
        started=ExpressionWrapper(Q(draft_saved_at__isnull=False), output_field=BooleanField()),
        waits_since=since if hours else Cast(Value(None), DateTimeField()),
        reader=_reader() if readers else Value(None, output_field=CharField()),
    )
    return rows.order_by().values_list(*_PIECE)


@Question
def _levels(by: str, *, whose: list[int], scored: list[int]) -> QuerySet:
    """The mean level of each last attempt that was accepted, and from when on its client reads it."""
    piece = "feedback__attempt__submission"
    marks = Mark.objects.filter(
        **{
            f"{piece}__exercise__in": scored,
            f"{piece}__state": State.ACCEPTED,
            "feedback__attempt__number": F(f"{piece}__attempts_made"),
            f"{piece}__{by}__in": whose,
        }
    )
    rows = marks.order_by().values_list(f"{piece}_id")
    return rows.annotate(mean=Avg("level"), shown_from=Max("feedback__shown_from"))


# --- When -------------------------------------------------------------------------------------------


class Clock:
    """When the weeks open and are due, each computed once for all who live by the same clock."""

    def __init__(self, calendar: Calendar, at: datetime):
        self.at, self.calendar = at, calendar
        self.opens_on = cache(
            lambda week: moments.to_wall(moments.opens_at(calendar, week, at=at), calendar.zone).date()
        )
        self.is_open = cache(lambda week: moments.opens_at(calendar, week, at=at) <= at)
        self.plan = cache(moments.due_at)

    def due_at(self, exercise: int | None, week: int, schedule: Schedule) -> datetime:
        """Of one exercise, or of a week of several."""
        if exercise is None:
            return schedule.week_due_at(week, at=self.at, plan=self.plan)
        return schedule.exercise_due_at(exercise, week, at=self.at, plan=self.plan)

    def alike(self, schedule: Schedule) -> Hashable:
        """What due instants hang on: one for all whose dates are the same and who joined before any mattered."""
        is_early = schedule.joined_long_before(self.plan(schedule.calendar, FIRST_WEEK, schedule.zones, at=self.at))
        return schedule.calendar, schedule.zones, schedule.named, None if is_early else schedule.joined_at

    def late_days(self, due: datetime) -> int:
        """How many days what was due then is late by now, begun days counted; 0 while it is not."""
        over = self.at - due
        return over // DAY + 1 if over > timedelta() else 0


# --- Where the pieces stand -----------------------------------------------------------------------


class _Piece(NamedTuple):
    pk: int
    state: str
    is_started: bool
    attempts: int
    waits_since: datetime | None
    reader: str | None

    @property
    def is_in(self) -> bool:
        """Handed in at least once, whatever became of it."""
        return self.attempts > 0


_PIECE = ("enrolment_id", "exercise_id", "pk", "state", "started", "attempts_made", "waits_since", "reader")


def _reader() -> Case:
    """Who has a piece in hand; looked up only for those that are in somebody's."""
    claims = Claim.objects.filter(attempt__submission=OuterRef("pk"), attempt__number=OuterRef("attempts_made"))
    names = claims.filter(attempt__taken_back=None).values("coach__name")[:1]
    return Case(When(state=State.IN_REVIEW, then=Subquery(names)))


class _Theirs(NamedTuple):
    """One client's pieces, what they are excused from, and their dates.

    `missing` are cells of pieces that were never handed in, shared by all who have the same dates.
    """

    pieces: dict[int, _Piece]
    excused: set[int]
    schedule: Schedule
    missing: dict[Hashable, Cell]


def _cell(week: AskedWeek, theirs: _Theirs, means: dict[int, Mean], clock: Clock) -> Cell:
    translated = theirs.pieces.get(week.translation) if week.translation else None
    translation = (translated is not None and translated.is_in) if week.translation else None
    piece = theirs.pieces.get(week.main)
    if piece is None or not piece.is_in:
        is_started = piece is not None and piece.is_started
        return _missing(week, is_started, theirs, clock, translation)
    if piece.state == State.ACCEPTED:
        mean = means.get(piece.pk)
        state, level = (State.ACCEPTED, mean.level) if mean else (DONE, None)
        return Cell(state, piece.pk, level, translation=translation)
    minutes = _minutes_left(piece, theirs.schedule, clock.at) if piece.waits_since else None
    return Cell(piece.state, piece.pk, minutes=minutes, reader=piece.reader or "", translation=translation)


def _baseline(week: AskedWeek, theirs: _Theirs, begun: list[bool | None], clock: Clock) -> Cell:
    """Done when every required piece was handed in at least once or is excused, and everything counted is reached.

    `begun` says of what is counted whether they have reached it, None where they have not begun.
    """
    asked = [key for key in week.baseline if key not in theirs.excused or _is_in(theirs.pieces.get(key))]
    pieces = [theirs.pieces[key] for key in asked if key in theirs.pieces]
    counts = zip(week.counted, begun, strict=True)
    reached = [one for exercise, one in counts if one or exercise.pk not in theirs.excused]
    handed_in = [piece for piece in pieces if piece.is_in]
    parts = (len(handed_in) + reached.count(True), len(asked) + len(reached))
    first = next((piece.pk for piece in handed_in if piece.state in WAITING), None)
    link = first or (handed_in[0].pk if handed_in else None)
    if parts[0] == parts[1]:
        return Cell(DONE, link, parts=parts)
    is_started = any(piece.is_in or piece.is_started for piece in pieces) or any(one is not None for one in reached)
    missing = _missing(week, is_started, theirs, clock)
    return Cell(missing.state, link, late_days=missing.late_days, parts=parts, more_until=missing.more_until)


def _is_in(piece: _Piece | None) -> bool:
    return piece is not None and piece.is_in


def _missing(week: AskedWeek, is_started: bool, theirs: _Theirs, clock: Clock, translation: bool | None = None) -> Cell:
    """A piece that was never handed in: looked at once for all who have the same dates."""
    alike = week.number, week.main, is_started, translation, week.main in theirs.excused
    if alike not in theirs.missing:
        theirs.missing[alike] = _never_in(week, is_started, theirs, clock)._replace(translation=translation)
    return theirs.missing[alike]


def never_in(week: AskedWeek, is_started: bool, schedule: Schedule, clock: Clock) -> Cell:
    """A piece that was never handed in, of somebody who is excused from nothing."""
    return _never_in(week, is_started, _Theirs({}, set(), schedule, {}), clock)


def _never_in(week: AskedWeek, is_started: bool, theirs: _Theirs, clock: Clock) -> Cell:
    if not clock.is_open(week.number):
        return Cell(LOCKED)
    if week.main in theirs.excused:
        return Cell(EXCUSED)
    due = clock.due_at(week.main, week.number, theirs.schedule)
    if days := clock.late_days(due):
        return Cell(LATE, late_days=days)
    return Cell(State.DRAFT if is_started else OPEN, more_until=_more_until(week, theirs.schedule, due, clock))


def _more_until(week: AskedWeek, schedule: Schedule, due: datetime, clock: Clock) -> date | None:
    """The client's day to which their main piece has more time than its week."""
    if not schedule.named or due == clock.due_at(None, week.number, schedule):
        return None
    return moments.to_wall(due, schedule.zones[-1].zone).date()


def _promise(piece: _Piece, schedule: Schedule, at: datetime) -> Promise:
    assert piece.waits_since is not None
    return promises.of(piece.waits_since, promises.stops_of(schedule.calendar), at=at)


def _minutes_left(piece: _Piece, schedule: Schedule, at: datetime) -> int:
    """Of the 72 hours; negative once they are over."""
    return int(_promise(piece, schedule, at).left // timedelta(minutes=1))
