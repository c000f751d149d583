"""What a story tells of homework: attempts, answers to them, what is said about it, and what is kept along the way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Word:
    """What client and coach say to each other, or one press; `about` is the key of a piece, or empty."""

    at: datetime
    by_coach: bool
    text: str = ""
    quick: str = ""
    about: str = ""


@dataclass(frozen=True)
class Reply:
    """What the coach answered to one attempt. `addressed` answers the asks of the one before, in their order.

    `read_at` None: the client has not opened it.
    """

    sent_at: datetime
    keep: str
    try_next: str
    levels: dict[str, int]
    another: bool
    read_at: datetime | None
    live: bool = False
    asks: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    notes: tuple[dict[str, Any], ...] = ()
    used_at: datetime | None = None
    talked_at: datetime | None = None
    talked_of: str = ""
    said: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One attempt at one exercise, as far as it has come. Without `handed_in_at` it is a draft."""

    key: str
    number: int
    answer: dict[str, Any]
    saved_at: datetime
    handed_in_at: datetime | None = None
    reply: Reply | None = None


@dataclass(frozen=True)
class Note:
    """A meeting logged, a line in the ledger, or a focus agreed. An answer names it by its key."""

    key: str
    at: datetime
    content: dict[str, Any]


@dataclass(frozen=True)
class Released:
    """A copy of something of one's own for whoever pays: `kind` as a release has it, `key` as the story names it."""

    kind: str
    key: str
    at: datetime


@dataclass(frozen=True)
class Leeway:
    """What was agreed about somebody's dates, or said about them. `kind` is more_time, excused; on_hold, flagged,
    noted or rated, which are about no piece. `readers` is the class of a note, `given` the points of a rating."""

    kind: str
    at: datetime
    key: str = ""
    why: str = ""
    days: int = 0
    readers: str = ""
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
