"""The cohort board: clients by weeks, where each piece stands at one instant.

A fixed number of queries whatever the size, plain tuples instead of rows, and every due instant computed once for
all who live by the same clock. An admin's board (`levels` off) holds states and times only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from clients.models import Cohort, Enrolment, Submission, ZoneChange
from curriculum import moments
from curriculum.moments import Calendar, ZoneFrom

from . import asked
from .asked import AskedWeek
from .caseload import PROMISE
from .models import Claim, Mark

WHOLE = 250  # a cohort of up to so many is shown whole,
WINDOW = 100  # a larger one in windows
DAY = timedelta(days=1)

State = Submission.State
WAITING = (State.HANDED_IN, State.IN_REVIEW)
LOCKED, OPEN, LATE, DONE = "locked", "open", "late", "done"


class Cell(NamedTuple):
    """One client's main piece of one week.

    `state` is a stored state, or locked, open, late, done. `minutes` are left on the promise of a piece that waits,
    `late_days` count up from 1, `parts` are (handed in, all) of a week that has several pieces. `translation` says
    whether the week's translation is in; None where it has none.
    """

    state: str
    submission: int | None = None
    mean: float | None = None
    minutes: int | None = None
    late_days: int = 0
    parts: tuple[int, int] | None = None
    reader: str = ""
    translation: bool | None = None


class Row(NamedTuple):
    """One client."""

    enrolment: int
    name: str
    seen_at: datetime | None
    cells: tuple[Cell, ...]


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
    """`week` is the last week that is open, None before the first. `offset` counts the clients before this window."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    facts: Facts
    levels: bool
    week: int | None
    offset: int
    is_window: bool
    has_more: bool


def board(cohort: Cohort, *, at: datetime, levels: bool, page: int | None = 1) -> Board:
    """The board as its coaches see it, or without `levels` as an admin does.

    Pages count from 1 and matter in cohorts too large to be shown whole; None is everybody, however many.
    """
    weeks = asked.of(cohort.edition_id)
    people, is_window, has_more = _people(cohort, page)
    found = _Found(cohort, people, weeks, levels=levels)
    clock = _Clock(cohort.calendar(), at)
    zones = _zones(cohort, people)
    found.count(weeks, clock)
    rows = tuple(_row(person, weeks, found, clock, zones) for person in people)
    open_weeks = [week.number for week in weeks if clock.is_open(week.number)]
    return Board(
        columns=tuple(_columns(weeks, rows, open_weeks)),
        rows=rows,
        facts=_facts(rows, found.waiting, at),
        levels=levels,
        week=max(open_weeks, default=None),
        offset=(page - 1) * WINDOW if page and is_window else 0,
        is_window=is_window,
        has_more=has_more,
    )


# --- Who ------------------------------------------------------------------------------------------


class _Person(NamedTuple):
    enrolment: int
    client: int
    name: str
    zone: str
    seen_at: datetime | None


def _people(cohort: Cohort, page: int | None) -> tuple[list[_Person], bool, bool]:
    """(the clients to show, whether they are a window, whether there are more behind it). One query."""
    everybody = Enrolment.objects.filter(cohort=cohort).exclude(state=Enrolment.State.WITHDRAWN)
    rows = everybody.order_by("client__name", "pk").values_list(*_PERSON)
    if page is None:
        return [_Person(*row) for row in rows], False, False
    start = (page - 1) * WINDOW
    wanted = rows[: WHOLE + 1] if page == 1 else rows[start : start + WINDOW + 1]
    people = [_Person(*row) for row in wanted]
    is_window = page > 1 or len(people) > WHOLE
    return (people[:WINDOW], True, len(people) > WINDOW) if is_window else (people, False, False)


_PERSON = ("pk", "client_id", "client__name", "client__zone", "seen_at")


def _zones(cohort: Cohort, people: list[_Person]) -> dict[int, tuple[ZoneFrom, ...]]:
    """Enrolment → the zones its client has lived in. One query, mostly without rows."""
    moves = defaultdict(list)
    changes = ZoneChange.objects.filter(person__enrolments__cohort=cohort).order_by("at", "pk")
    for person, changed_at, old, new in changes.values_list("person_id", "at", "old_zone", "new_zone"):
        moves[person].append((changed_at, old, new))
    return {person.enrolment: _history(person, moves.get(person.client, [])) for person in people}


def _history(person: _Person, moves: list[tuple[datetime, str, str]]) -> tuple[ZoneFrom, ...]:
    if not moves:
        return (ZoneFrom(None, person.zone),)
    return (ZoneFrom(None, moves[0][1]), *(ZoneFrom(changed_at, new) for changed_at, _old, new in moves))


class _Clock:
    """When the weeks open and are due, each computed once for all who live by the same clock."""

    def __init__(self, calendar: Calendar, at: datetime):
        self.at = at
        self.opens_on = cache(
            lambda week: moments.to_wall(moments.opens_at(calendar, week, at=at), calendar.zone).date()
        )
        self.is_open = cache(lambda week: moments.opens_at(calendar, week, at=at) <= at)
        self.due_at = cache(lambda week, zones: moments.due_at(calendar, week, zones, at=at))

    def late_days(self, week: int, zones: tuple[ZoneFrom, ...]) -> int:
        """How many days something of the week is late by now, begun days counted; 0 while it is not."""
        over = self.at - self.due_at(week, zones)
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

    def __init__(self, cohort: Cohort, people: list[_Person], weeks: list[AskedWeek], *, levels: bool):
        self.whose = (
            {"enrolment__cohort": cohort} if len(people) > WINDOW else {"enrolment__in": [p.enrolment for p in people]}
        )
        self.pieces: dict[int, dict[int, _Piece]] = defaultdict(dict)
        self.waiting: list[_Piece] = []
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
                self.waiting.append(found)

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


def _row(
    person: _Person, weeks: list[AskedWeek], found: _Found, clock: _Clock, zones: dict[int, tuple[ZoneFrom, ...]]
) -> Row:
    pieces, zone = found.pieces.get(person.enrolment, {}), zones[person.enrolment]
    reached = [known.get(person.enrolment) for known in found.reached]
    cells = tuple(_cell(week, pieces, reached, found.means, clock, zone) for week in weeks)
    return Row(person.enrolment, person.name, person.seen_at, cells)


def _cell(
    week: AskedWeek,
    pieces: dict[int, _Piece],
    reached: list[bool | None],
    means: dict[int, float],
    clock: _Clock,
    zone: tuple[ZoneFrom, ...],
) -> Cell:
    if week.main is None:
        return _baseline(week, [pieces[key] for key in week.baseline if key in pieces], reached, clock, zone)
    translated = pieces.get(week.translation) if week.translation else None
    translation = (translated is not None and translated.is_in) if week.translation else None
    piece = pieces.get(week.main)
    if piece is None or not piece.is_in:
        return _missing(week, piece is not None and piece.is_started, clock, zone)._replace(translation=translation)
    if piece.state == State.ACCEPTED:
        mean = means.get(piece.pk)
        return Cell(State.ACCEPTED if mean is not None else DONE, piece.pk, mean, translation=translation)
    minutes = _minutes_left(piece.waits_since, clock.at) if piece.waits_since else None
    return Cell(piece.state, piece.pk, minutes=minutes, reader=piece.reader or "", translation=translation)


def _baseline(
    week: AskedWeek, pieces: list[_Piece], reached: list[bool | None], clock: _Clock, zone: tuple[ZoneFrom, ...]
) -> Cell:
    """Done when every required piece was handed in at least once and everything counted is reached.

    `reached` has None for what nobody has begun.
    """
    handed_in = [piece for piece in pieces if piece.is_in]
    parts = (len(handed_in) + reached.count(True), len(week.baseline) + len(week.counted))
    first = next((piece.pk for piece in handed_in if piece.state in WAITING), None)
    link = first or (handed_in[0].pk if handed_in else None)
    if parts[0] == parts[1]:
        return Cell(DONE, link, parts=parts)
    is_started = any(piece.is_in or piece.is_started for piece in pieces) or any(one is not None for one in reached)
    return _missing(week, is_started, clock, zone)._replace(submission=link, parts=parts)


def _missing(week: AskedWeek, is_started: bool, clock: _Clock, zone: tuple[ZoneFrom, ...]) -> Cell:
    """A piece that was never handed in."""
    if not clock.is_open(week.number):
        return Cell(LOCKED)
    if days := clock.late_days(week.number, zone):
        return Cell(LATE, late_days=days)
    return Cell(State.DRAFT if is_started else OPEN)


def _minutes_left(waits_since: datetime, at: datetime) -> int:
    """Of the 72 hours; negative once they are over."""
    return int((waits_since + PROMISE - at) // timedelta(minutes=1))


# --- What it comes to -----------------------------------------------------------------------------


def _columns(weeks: list[AskedWeek], rows: tuple[Row, ...], open_weeks: list[int]) -> Iterator[Column]:
    for place, week in enumerate(weeks):
        handed_in = sum(_counts_as_in(row.cells[place]) for row in rows)
        is_now = bool(open_weeks) and week.number == max(open_weeks)
        yield Column(week.number, week.title, week.number in open_weeks, is_now, handed_in)


def _counts_as_in(cell: Cell) -> bool:
    return cell.parts[0] == cell.parts[1] if cell.parts else cell.submission is not None


def _facts(rows: tuple[Row, ...], waiting: Iterable[_Piece], at: datetime) -> Facts:
    by_wait = sorted((piece.waits_since, piece.pk, piece.state) for piece in waiting if piece.waits_since)
    free = [(since, pk) for since, pk, state in by_wait if state == State.HANDED_IN]
    late = [sum(cell.state == LATE for cell in row.cells) for row in rows]
    return Facts(
        clients=len(rows),
        to_review=len(by_wait),
        longest_wait=at - by_wait[0][0] if by_wait else None,
        first=free[0][1] if free else None,
        first_promised_at=free[0][0] + PROMISE if free else None,
        late=sum(late),
        late_clients=sum(count > 0 for count in late),
    )
