"""What the story tells of coaches by themselves: scoring the exemplars, and reading pairs blind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .almanac import Almanac


@dataclass(frozen=True)
class Calibrated:
    """The coach scores the exemplars, from an instant on; `apart` where what they give is not the reference."""

    at: datetime
    apart: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Reading:
    """A coach is asked to read a client's pair blind; with the levels of both texts once they have."""

    client: str
    who: str
    asked_at: datetime
    read_at: datetime | None
    early: dict[str, int]
    late: dict[str, int]


def readings(almanac: Almanac, told: dict[str, Any], zone: str) -> Iterator[Reading]:
    """Who is asked to read whose pair, and what those gave who have."""
    asked_at = almanac.sure(told["asked"], zone)
    for pair in told["read"]:
        for reader in pair["readers"]:
            read_at = almanac.sure(reader["at"], zone) if "at" in reader else None
            levels = {side: reader.get(side, {}) for side in ("early", "late")}
            yield Reading(pair["client"], reader["who"], asked_at, read_at, **levels)
