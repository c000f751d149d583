"""The cohort board: clients by weeks, where each piece stands at one instant.

A fixed number of queries whatever the size. An admin's board (`levels` off) holds states and times only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from clients.models import Cohort

from . import asked, logged
from .asked import AskedWeek
from .attendance import Attended
from .ground import DONE, LATE, Cell, Ground, State
from .promises import Promise
from .walkers import WINDOW, walkers


class Show(StrEnum):
    """What the cells are about: the main piece of each week, its translation, or what was logged in it."""

    MAIN = "main"
    TRANSLATION = "translation"
    LOG = "log"


def is_for(show: Show, *, levels: bool) -> bool:
    """A log is between its client and their coaches, so an admin has no board of it."""
    return levels or show is not Show.LOG


class Row(NamedTuple):
    """One client. `on_hold_since` is None for everybody who goes on; `sessions` is what they came to so far."""

    enrolment: int
    name: str
    seen_at: datetime | None
    cells: tuple[Cell, ...]
    on_hold_since: datetime | None = None
    sessions: Attended = Attended()


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
    """What the clients' main pieces come to, whatever is shown.

    `first` is the piece to take first: the longest wait that nobody has in hand.
    """

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
    show: Show = Show.MAIN


def board(cohort: Cohort, *, at: datetime, levels: bool, page: int | None = 1, show: Show = Show.MAIN) -> Board:
    """The board as its coaches see it, or without `levels` as an admin does.

    Pages count from 1 and matter in cohorts too large to be shown whole; None is everybody, however many.
    """
    return with_ground(cohort, at=at, levels=levels, page=page, show=show)[0]


def with_ground(
    cohort: Cohort, *, at: datetime, levels: bool, page: int | None, show: Show = Show.MAIN
) -> tuple[Board, Ground]:
    """The board, and what it is drawn on, for whoever asks more about the same clients."""
    people, is_window, has_more = walkers(cohort, page)
    ground = Ground([cohort], people, at=at, levels=levels, translations=show is Show.TRANSLATION)
    weeks, clock = ground.weeks[cohort.pk], ground.clocks[cohort.pk]
    rows = tuple(rows_on(ground, cohort))
    open_weeks = [week.number for week in weeks if clock.is_open(week.number)]
    turned, shown_rows = _turned(show, ground, cohort, rows)
    shown = Board(
        columns=tuple(_columns(turned, shown_rows, open_weeks)),
        rows=shown_rows,
        facts=_facts(rows, ground.promised()),
        levels=levels,
        week=max(open_weeks, default=None),
        starts_on=clock.opens_on(1),
        offset=(page - 1) * WINDOW if page and is_window else 0,
        is_window=is_window,
        has_more=has_more,
        show=show,
    )
    return shown, ground


def rows_on(ground: Ground, cohort: Cohort) -> Iterator[Row]:
    """Whoever is looked at, one after the other."""
    weeks, reached = ground.weeks[cohort.pk], ground.reached(cohort)
    for one in ground.people:
        cells, held = tuple(ground.cells(one, weeks, reached)), ground.own.on_hold_since(one.enrolment)
        yield Row(one.enrolment, one.name, one.seen_at, cells, held, ground.attended(one))


def _turned(
    show: Show, ground: Ground, cohort: Cohort, rows: tuple[Row, ...]
) -> tuple[list[AskedWeek], tuple[Row, ...]]:
    """The weeks, and the same rows with what is to be shown."""
    weeks = ground.weeks[cohort.pk]
    if show is Show.LOG:
        found = logged.cells(ground, cohort)
        return weeks, tuple(row._replace(cells=found[row.enrolment]) for row in rows)
    if show is Show.TRANSLATION:
        weeks = asked.translations(weeks)
        cells = (tuple(ground.translations(one, weeks)) for one in ground.people)
        return weeks, tuple(row._replace(cells=theirs) for row, theirs in zip(rows, cells, strict=True))
    return weeks, rows


# --- What it comes to -----------------------------------------------------------------------------


def _columns(weeks: list[AskedWeek], rows: tuple[Row, ...], open_weeks: list[int]) -> Iterator[Column]:
    for place, week in enumerate(weeks):
        handed_in = sum(_counts_as_in(row.cells[place]) for row in rows)
        is_now = bool(open_weeks) and week.number == max(open_weeks)
        yield Column(week.number, week.title, week.number in open_weeks, is_now, handed_in)


def _counts_as_in(cell: Cell) -> bool:
    return cell.state == DONE if cell.parts else cell.submission is not None


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
