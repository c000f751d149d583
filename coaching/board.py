"""The cohort board: clients by weeks, where each piece stands at one instant.

A fixed number of queries whatever the size, plain tuples instead of rows, and every due instant computed once for
all who live by the same clock. An admin's board (`levels` off) holds states and times only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.db.models import (
    Avg,
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from clients import counted
from clients.deadlines import Schedule
from clients.models import Cohort, Submission
from curriculum import moments
from curriculum.moments import Calendar

from . import asked, promises
from .asked import AskedWeek
from .models import Claim, Mark
from .promises import Promise
from .walkers import WINDOW, Own, Walker, walkers

DAY = timedelta(days=1)

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


class Row(NamedTuple):
    """One client. `on_hold_since` is None for everybody who goes on."""

    enrolment: int
    name: str
    seen_at: datetime | None
    cells: tuple[Cell, ...]
    on_hold_since: datetime | None = None


@dataclass(frozen=True)
class Column:
    """One week: whether it is open, the one walked now, and how many have handed in what it asks for."""

    number: int
    title: str
    is_open: bool
    is_now: bool
    handed_in: int


@dataclass(frozen=True)
class Facts:
    """What the rows come to. `first` is the piece to take first: the longest wait that nobody has in hand."""

    clients: int = 0
    to_review: int = 0
    longest_wait: timedelta | None = None
    first: int | None = None
    first_promised_at: datetime | None = None
    late: int = 0
    late_clients: int = 0


@dataclass(frozen=True)
class Board:
    """`week` is the last week that is open, None before the first; `starts_on` the day week 1 opens.

    `offset` counts the clients before this window.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    facts: Facts
    levels: bool
    week: int | None
    starts_on: date
    offset: int
    is_window: bool
    has_more: bool


def board(cohort: Cohort, *, at: datetime, levels: bool, page: int | None = 1) -> Board:
    """The board as its coaches see it, or without `levels` as an admin does.

    Pages count from 1 and matter in cohorts too large to be shown whole; None is everybody, however many.
    """
    weeks = asked.of(cohort.edition_id)
    people, is_window, has_more = walkers(cohort, page)
    found = _Found(cohort, people, weeks, levels=levels)
    clock = _Clock(cohort.calendar(), at)
    own = Own(cohort, people, clock.calendar)
    found.count(weeks, clock)
    rows = tuple(_row(person, weeks, found, clock, own) for person in people)
    open_weeks = [week.number for week in weeks if clock.is_open(week.number)]
    return Board(
        columns=tuple(_columns(weeks, rows, open_weeks)),
        rows=rows,
        facts=_facts(rows, found.promised(own, at)),
        levels=levels,
        week=max(open_weeks, default=None),
        starts_on=clock.opens_on(1),
        offset=(page - 1) * WINDOW if page and is_window else 0,
        is_window=is_window,
        has_more=has_more,
    )


# --- When -------------------------------------------------------------------------------------------


class _Clock:
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


class _Found:
    """The pieces of the people shown, by enrolment and exercise, the means of those reviewed, and what the baseline
    counts. Two queries, and one for each thing that is counted."""

    def __init__(self, cohort: Cohort, people: list[Walker], weeks: list[AskedWeek], *, levels: bool):
        self.whose = (
            {"enrolment__cohort": cohort} if len(people) > WINDOW else {"enrolment__in": [p.enrolment for p in people]}
        )
        self.pieces: dict[int, dict[int, _Piece]] = defaultdict(dict)
        self.waiting: list[tuple[int, _Piece]] = []
        self.reached: list[dict[int, bool]] = []
        self._read(weeks, levels=levels)
        self.means = self._means([week.main for week in weeks if week.scored]) if levels else {}

    def _read(self, weeks: list[AskedWeek], *, levels: bool) -> None:
        shown = [exercise for week in weeks for exercise in (*week.asked, week.translation) if exercise]
        rows = Submission.objects.filter(Q(exercise__in=shown) | Q(state__in=WAITING), **self.whose)
        # Instants are dear to read, so only those are read that somebody looks at.
        rows = rows.annotate(
            started=ExpressionWrapper(Q(draft_saved_at__isnull=False), output_field=BooleanField()),
            waits_since=Case(When(state__in=WAITING, then=F("handed_in_at"))),
            reader=_reader() if levels else Value(None, output_field=CharField()),
        )
        for enrolment, exercise, *piece in rows.order_by().values_list(*_PIECE):
            self.pieces[enrolment][exercise] = found = _Piece(*piece)
            if found.waits_since:
                self.waiting.append((enrolment, found))

    def promised(self, own: Own, at: datetime) -> list[tuple[Promise, int, str]]:
        """Each piece that waits: its promise, its number, its state."""
        return [
            (_promise(piece, own.schedules[enrolment], at), piece.pk, piece.state)
            for enrolment, piece in self.waiting
            if enrolment in own.schedules
        ]

    def count(self, weeks: list[AskedWeek], clock: _Clock) -> None:
        """What is counted in the baseline, up to the day week 1 begins."""
        asked = [exercise for week in weeks if week.main is None for exercise in week.counted]
        self.reached = [counted.reached_by(self.whose, exercise, (None, clock.opens_on(1))) for exercise in asked]

    def _means(self, exercises: list[int | None]) -> dict[int, float]:
        """Submission → mean level of what was accepted, to one decimal place."""
        about = {f"feedback__attempt__submission__{name}": value for name, value in self.whose.items()}
        marks = Mark.objects.filter(
            feedback__attempt__submission__exercise__in=exercises,
            feedback__attempt__submission__state=State.ACCEPTED,
            feedback__attempt__number=F("feedback__attempt__submission__attempts_made"),
            **about,
        )
        rows = marks.order_by().values_list("feedback__attempt__submission_id").annotate(mean=Avg("level"))
        return {submission: round(float(mean), 1) for submission, mean in rows}


def _reader() -> Case:
    """Who has a piece in hand; looked up only for those that are in somebody's."""
    claims = Claim.objects.filter(attempt__submission=OuterRef("pk"), attempt__number=OuterRef("attempts_made"))
    names = claims.filter(attempt__taken_back=None).values("coach__name")[:1]
    return Case(When(state=State.IN_REVIEW, then=Subquery(names)))


def _row(person: Walker, weeks: list[AskedWeek], found: _Found, clock: _Clock, own: Own) -> Row:
    pieces, excused = found.pieces.get(person.enrolment, {}), own.excused.get(person.enrolment, set())
    reached = [known.get(person.enrolment) for known in found.reached]
    theirs = _Theirs(pieces, reached, excused, own.schedules[person.enrolment])
    cells = tuple(_cell(week, theirs, found.means, clock) for week in weeks)
    return Row(person.enrolment, person.name, person.seen_at, cells, own.on_hold_since(person.enrolment))


class _Theirs(NamedTuple):
    """One client's pieces, what of what is counted they have reached (None: not begun), and their dates."""

    pieces: dict[int, _Piece]
    reached: list[bool | None]
    excused: set[int]
    schedule: Schedule


def _cell(week: AskedWeek, theirs: _Theirs, means: dict[int, float], clock: _Clock) -> Cell:
    if week.main is None:
        return _baseline(week, theirs, clock)
    translated = theirs.pieces.get(week.translation) if week.translation else None
    translation = (translated is not None and translated.is_in) if week.translation else None
    piece = theirs.pieces.get(week.main)
    if piece is None or not piece.is_in:
        is_started = piece is not None and piece.is_started
        return _missing(week, is_started, theirs, clock)._replace(translation=translation)
    if piece.state == State.ACCEPTED:
        mean = means.get(piece.pk)
        return Cell(State.ACCEPTED if mean is not None else DONE, piece.pk, mean, translation=translation)
    minutes = _minutes_left(piece, theirs.schedule, clock.at) if piece.waits_since else None
    return Cell(piece.state, piece.pk, minutes=minutes, reader=piece.reader or "", translation=translation)


def _baseline(week: AskedWeek, theirs: _Theirs, clock: _Clock) -> Cell:
    """Done when every required piece was handed in at least once or is excused, and everything counted is reached."""
    asked = [key for key in week.baseline if key not in theirs.excused or _is_in(theirs.pieces.get(key))]
    pieces = [theirs.pieces[key] for key in asked if key in theirs.pieces]
    counts = zip(week.counted, theirs.reached, strict=True)
    reached = [one for exercise, one in counts if one or exercise.pk not in theirs.excused]
    handed_in = [piece for piece in pieces if piece.is_in]
    parts = (len(handed_in) + reached.count(True), len(asked) + len(reached))
    first = next((piece.pk for piece in handed_in if piece.state in WAITING), None)
    link = first or (handed_in[0].pk if handed_in else None)
    if parts[0] == parts[1]:
        return Cell(DONE, link, parts=parts)
    is_started = any(piece.is_in or piece.is_started for piece in pieces) or any(one is not None for one in reached)
    return _missing(week, is_started, theirs, clock)._replace(submission=link, parts=parts)


def _is_in(piece: _Piece | None) -> bool:
    return piece is not None and piece.is_in


def _missing(week: AskedWeek, is_started: bool, theirs: _Theirs, clock: _Clock) -> Cell:
    """A piece that was never handed in."""
    if not clock.is_open(week.number):
        return Cell(LOCKED)
    if week.main in theirs.excused:
        return Cell(EXCUSED)
    due = clock.due_at(week.main, week.number, theirs.schedule)
    if days := clock.late_days(due):
        return Cell(LATE, late_days=days)
    return Cell(State.DRAFT if is_started else OPEN, more_until=_more_until(week, theirs.schedule, due, clock))


def _more_until(week: AskedWeek, schedule: Schedule, due: datetime, clock: _Clock) -> date | None:
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


# --- What it comes to -----------------------------------------------------------------------------


def _columns(weeks: list[AskedWeek], rows: tuple[Row, ...], open_weeks: list[int]) -> Iterator[Column]:
    for place, week in enumerate(weeks):
        handed_in = sum(_counts_as_in(row.cells[place]) for row in rows)
        is_now = bool(open_weeks) and week.number == max(open_weeks)
        yield Column(week.number, week.title, week.number in open_weeks, is_now, handed_in)


def _counts_as_in(cell: Cell) -> bool:
    return cell.parts[0] == cell.parts[1] if cell.parts else cell.submission is not None


def _facts(rows: tuple[Row, ...], waiting: Iterable[tuple[Promise, int, str]]) -> Facts:
    by_wait = sorted(waiting, key=lambda one: (-one[0].waited, one[1]))
    free = [(promise, pk) for promise, pk, state in by_wait if state == State.HANDED_IN]
    late = [sum(cell.state == LATE for cell in row.cells) for row in rows]
    return Facts(
        clients=len(rows),
        to_review=len(by_wait),
        longest_wait=by_wait[0][0].waited if by_wait else None,
        first=free[0][1] if free else None,
        first_promised_at=free[0][0].due_at if free else None,
        late=sum(late),
        late_clients=sum(count > 0 for count in late),
    )
