"""Reading 1:1s: which moves each had, what comes next, what was promised and is open still.

Everything here is for the client whose 1:1s they are. A coach reads what was handed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from curriculum import moves
from curriculum.moves import Move, Planner

from .models import Enrolment, OneOnOne

SHOWN = 6  # so many stand in the cadence
EACH_AT_LEAST = 2  # "over four weeks, each at least twice"
State = OneOnOne.State


@dataclass(frozen=True)
class Dot:
    """One move of one 1:1: whether there were words for it."""

    move: Move
    is_filled: bool

    @property
    def letter(self) -> str:
        return self.move.title[:1]


@dataclass(frozen=True)
class Promise:
    """Something its client said they would do. `done` is None while it is open, False once it was let go."""

    one: OneOnOne
    index: int
    action: str
    by: date
    done: bool | None

    def is_due(self, today: date) -> bool:
        return self.done is None and self.by <= today


@dataclass(frozen=True)
class Entry:
    """A 1:1 with its four dots and its promises."""

    one: OneOnOne
    dots: tuple[Dot, ...]
    promises: tuple[Promise, ...]

    @property
    def open(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.done is None)

    def waits(self, today: date) -> bool:
        """Its day has come, and what was heard is not written down."""
        return self.one.state == State.PLANNED and self.one.date <= today


@dataclass(frozen=True)
class Overview:
    """All of somebody's 1:1s, the newest day first."""

    planner: Planner
    entries: tuple[Entry, ...]

    @property
    def cadence(self) -> tuple[Entry, ...]:
        """The last six, in the order they were held."""
        return tuple(reversed(self.entries[:SHOWN]))

    @property
    def counts(self) -> tuple[tuple[Move, int], ...]:
        """How often each move stands in the cadence."""
        return tuple(
            (move, sum(dot.is_filled for entry in self.cadence for dot in entry.dots if dot.move.key == move.key))
            for move in self.planner.moves
        )

    @property
    def seldom(self) -> tuple[Move, ...]:
        """The moves the programme would like to see more often."""
        return tuple(move for move, count in self.counts if count < EACH_AT_LEAST)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Everything that is open, the soonest first."""
        found = (promise for entry in self.entries for promise in entry.open)
        return tuple(sorted(found, key=lambda promise: (promise.by, promise.one.pk, promise.index)))

    def waiting(self, today: date) -> Entry | None:
        """The first whose day has come and that has no words yet of what was heard."""
        return next((entry for entry in reversed(self.entries) if entry.waits(today)), None)

    def next(self, today: date) -> Entry | None:
        """The next one that is planned, from today on."""
        planned = (entry for entry in reversed(self.entries) if entry.one.state == State.PLANNED)
        return next((entry for entry in planned if entry.one.date >= today), None)

    def last_held(self) -> Entry | None:
        """The latest one that was held: what the next one asks about."""
        return next((entry for entry in self.entries if entry.one.state != State.PLANNED), None)


def of(enrolment: Enrolment) -> Overview | None:
    """All of them; None where the programme has no planner."""
    planner = moves.of_edition(enrolment.cohort.edition_id)
    if planner is None:
        return None
    rows = OneOnOne.objects.filter(enrolment=enrolment).order_by("-date", "-pk")
    return Overview(planner, tuple(entries(planner, rows)))


def entries(planner: Planner, rows: Iterable[OneOnOne]) -> list[Entry]:
    return [entry(planner, one) for one in rows]


def entry(planner: Planner, one: OneOnOne) -> Entry:
    dots = tuple(Dot(move, bool(one.content.get(move.words))) for move in planner.moves)
    promises = tuple(
        Promise(one, index, action["action"], date.fromisoformat(action["by"]), action.get("done"))
        for index, action in enumerate(one.actions)
    )
    return Entry(one, dots, promises)


def own(person_id: int) -> QuerySet[OneOnOne]:
    """Everything one person has planned, with what changing it reads."""
    mine = OneOnOne.objects.filter(enrolment__client=person_id)
    return mine.select_related("enrolment__client", "enrolment__cohort__edition").prefetch_related("lines")
