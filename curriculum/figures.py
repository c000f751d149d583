"""A number as a report may say it: what it is, from how many, between which ends, or in words why there is none.

Nothing here or in the modules that return one is ever a NaN: where a formula has no meaning, `why` says so. The
sentences are written for gettext; this floor's arithmetic knows no language, so whoever shows one translates it.
"""

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

CONFIDENCE = 0.95  # of every interval
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Why(StrEnum):
    """Why there is no number, or none on either side of it."""

    NOBODY = "Nobody has answered yet."
    ONE = "One person alone has no spread, and no interval."
    TOO_FEW = "It takes at least three people who answered both times."
    SAME_START = "Everybody began at the same point, so there is no spread to measure the change by."
    SAME_CHANGE = "Everybody changed by exactly as much, so nothing can be said of how sure this is."
    NO_GOALS = "No goal has been set."
    NOBODY_FOLLOWED = "Nobody is followed that far."
    NO_MOVE_YET = "Nobody has moved yet, so this estimate has no interval."
    TOO_FEW_TO_SHOW = "Too few to show."
    FEW_OF_ALL = "A tenth of them, or fewer."
    NEARLY_ALL = "Nine tenths of them, or more."
    ALL_MOVED = "Everybody still followed has moved, so this estimate has no interval."


# How many of something: exactly, between two ends, or not told.
Count = int | tuple[int, int] | None


@dataclass(frozen=True)
class Figure:
    """`value` of `n` people out of `of` who were asked. `low` and `high` are the ends of its 95 % interval.

    `value` None: there is no number. `low` and `high` None beside a value: it has no interval. `why` says which.
    """

    n: int
    of: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""
