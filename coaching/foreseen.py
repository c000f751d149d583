"""What a change of dates would do: to weeks, sessions, people and messages, as pages and programs read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from curriculum import moments


class _OnTheWall:
    """What was and will be, as the clock of the zone shows it."""

    was: datetime | None
    now: datetime | None
    zone: str

    @property
    def was_wall(self) -> datetime | None:
        return _wall(self.was, self.zone)

    @property
    def now_wall(self) -> datetime | None:
        return _wall(self.now, self.zone)


@dataclass(frozen=True)
class Moved(_OnTheWall):
    """One week that opens or is due at another time, as the clock of the zone shows it.

    `was` is None where nothing of it was asked for, `now` is None where nothing is any more.
    """

    week: int
    was: datetime | None
    now: datetime | None
    zone: str


@dataclass(frozen=True)
class Single(_OnTheWall):
    """One exercise, session, call or planned message by itself. `was` is None where it was not asked for, or comes
    anew; `now` is None where it is not asked for any more, or falls away."""

    title: str
    week: int | None
    was: datetime | None
    now: datetime | None
    zone: str


@dataclass(frozen=True)
class Piece:
    """One exercise, and where its piece stands where there is one."""

    title: str
    week: int
    state: str = ""


class Letter(NamedTuple):
    """Who hears of the change itself, and of what kind that message is."""

    to: str
    title: str


def _wall(instant: datetime | None, zone: str) -> datetime | None:
    return moments.to_wall(instant, zone) if instant else None


@dataclass(frozen=True)
class Counts:
    """How many planned messages move, fall away, come, and wait."""

    moved: int = 0
    cancelled: int = 0
    added: int = 0
    waiting: int = 0

    @property
    def is_touched(self) -> bool:
        return bool(self.moved or self.cancelled or self.added or self.waiting)


@dataclass(frozen=True)
class Shared(Counts):
    """What it does to planned messages that are for a whole cohort, its coaches or admins, each counted once."""


@dataclass(frozen=True, kw_only=True)
class Person(Counts):
    """What it does to one client: due times that move, and how many planned messages move, go, come or wait.

    `told` names the messages one by one, where the change is about one client. `call` is their midpoint call, for
    whoever may see it.
    """

    name: str
    zone: str
    dues: tuple[Moved, ...] = ()
    pieces: tuple[Single, ...] = ()
    calls: tuple[Single, ...] = ()
    told: tuple[Single, ...] = ()

    @property
    def is_listed(self) -> bool:
        """Whether there is anything to name one by one."""
        return bool(self.dues or self.pieces or self.calls or self.told)

    @property
    def is_touched(self) -> bool:
        return self.is_listed or super().is_touched


@dataclass(frozen=True)
class Effect:
    """What it does to everybody. `opens` are weeks that open at another time, `sessions` are held at another time, not
    at all, or come; `letters` are written at once."""

    opens: tuple[Moved, ...] = ()
    sessions: tuple[Single, ...] = ()
    people: tuple[Person, ...] = ()
    shared: Shared = Shared()
    letters: tuple[Letter, ...] = ()

    @property
    def _counts(self) -> tuple[Counts, ...]:
        return (*self.people, self.shared)

    @property
    def moved(self) -> int:
        return sum(one.moved for one in self._counts)

    @property
    def cancelled(self) -> int:
        return sum(one.cancelled for one in self._counts)

    @property
    def added(self) -> int:
        return sum(one.added for one in self._counts)

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self._counts)

    @property
    def moves_dates(self) -> bool:
        return bool(self.opens or self.sessions or any(one.dues or one.pieces or one.calls for one in self.people))

    @property
    def is_touched(self) -> bool:
        """Whether it does anything at all."""
        return self.moves_dates or bool(self.letters) or any(one.is_touched for one in self._counts)
