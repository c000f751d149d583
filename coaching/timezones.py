"""What the clocks of a zone do between two instants, and the same as a VTIMEZONE.

A calendar program does not ask our time zone database: it reads the offsets that come with the dates. They are written
out change by change, each with the wall time at which the clocks were turned, by the clock before the turn (RFC 5545).
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

STEP = timedelta(hours=12)  # no place turns its clocks twice within it
SECOND = timedelta(seconds=1)


class Turn(NamedTuple):
    """From `at` on the clocks of a zone run at `after`, before at `before`. `name` is what that time is called."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def wall(self) -> datetime:
        """What the clocks showed when they were turned, before they were."""
        return (self.at + self.before).replace(tzinfo=None)


@lru_cache(maxsize=256)
def turns(zone: str, first: datetime, last: datetime) -> tuple[Turn, ...]:
    """The offset in force at the first instant, as a turn to itself, and every turn after it up to the last."""
    place, first = ZoneInfo(zone), first.astimezone(UTC)
    found, here = [_turn(place, first, first)], first
    while here <= last:
        following = here + STEP
        if _offset(place, here) != _offset(place, following):
            found.append(_turn(place, _when(place, here, following), here))
        here = following
    return tuple(found)


def is_shown_once(wall: datetime, zone: str) -> bool:
    """Whether the clocks of a zone show this time exactly once: not in an hour that a night skips or repeats."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    return first.utcoffset() == second.utcoffset()


def _turn(place: ZoneInfo, at: datetime, before: datetime) -> Turn:
    local = at.astimezone(place)
    return Turn(at, _offset(place, before), _offset(place, at), str(local.tzname()), bool(local.dst()))


def _when(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes between two instants."""
    while after - before > SECOND:
        middle = before + ((after - before) // 2 // SECOND) * SECOND
        before, after = (middle, after) if _offset(place, middle) == _offset(place, before) else (before, middle)
    return after


def _offset(place: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(place).utcoffset() or timedelta()
