"""Parts of the programme that some milestones wait for: readings that are put in here by whoever brings the part.

A kind that awaits an instrument is planned and sent from the moment the instrument is there, and not before. What
each has to answer stands here, so that the guard of its kinds is whole already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.models import Cohort, Enrolment, User

SESSIONS, CALLS, RATINGS = "live sessions", "midpoint calls", "coach's ratings"
PULSE, CHECK_INS, KEEPING = "the pulse", "alumni check-ins", "keeping of recordings"


@dataclass(frozen=True)
class Occasion:
    """A live session or a call, as its messages tell it. `declined` are people who have said they will not come;
    `coach` is whoever a call is with."""

    title: str
    starts_at: datetime
    minutes: int
    bring: str = ""
    declined: frozenset[int] = frozenset()
    coach: User | None = None


@dataclass(frozen=True)
class Occasions:
    """Live sessions, or midpoint calls: `find` by its number, None once it is cancelled or gone."""

    find: Callable[[int], Occasion | None]


@dataclass(frozen=True)
class Ratings:
    """`unrated`: how many clients of the cohort this coach has still to rate at the midpoint (4) or the end (8)."""

    unrated: Callable[[Cohort, User, int], int]
    path: str


@dataclass(frozen=True)
class Rater:
    """Somebody a client has asked for their view: an address, their own link, who sees what they say, in which words
    they are asked, and the way to be asked no more."""

    address: str
    path: str
    who_sees: str
    until: datetime
    wording: str = ""
    stop: str = ""


@dataclass(frozen=True)
class Pulse:
    """`raters`: whom a client has invited for the beginning (week 0) or the end (8) and who has not answered."""

    raters: Callable[[Enrolment, int], list[Rater]]


@dataclass(frozen=True)
class CheckIns:
    """`is_asked`: whether this graduate consented and has not answered the one after so many months; `path` is the way
    to it, `stop` the way to be asked no more."""

    is_asked: Callable[[Enrolment, int], bool]
    path: Callable[[Enrolment, int], str]
    stop: Callable[[Enrolment, int], str]


@dataclass(frozen=True)
class Keeping:
    """`at_stake`: whether there are recordings of this client that will be deleted."""

    at_stake: Callable[[Enrolment], bool]
    path: str


Sort = type[Occasions] | type[Ratings] | type[Pulse] | type[CheckIns] | type[Keeping]
SORTS: dict[str, Sort] = {
    SESSIONS: Occasions,
    CALLS: Occasions,
    RATINGS: Ratings,
    PULSE: Pulse,
    CHECK_INS: CheckIns,
    KEEPING: Keeping,
}
_there: dict[str, Any] = {}


def install(name: str, instrument: Any) -> None:
    """Called once, from a floor's receivers. The kinds that await it are switched on."""
    assert isinstance(instrument, SORTS[name]), f"{name} answers by {SORTS[name].__name__}"
    _there[name] = instrument


def is_there(name: str) -> bool:
    """Whether a kind that awaits this may be sent; what awaits nothing always may."""
    return not name or name in _there


def get(name: str) -> Any:
    return _there[name]


def occasion(name: str, number: int | None) -> Occasion | None:
    """A session or a call by its number; None once it is off, or where there are none yet."""
    return _there[name].find(number) if name in _there else None
