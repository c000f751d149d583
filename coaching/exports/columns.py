"""What a column of an export is: where it comes from, what it means, who of all may read such a thing.

Three classes stand in an export. `programme`: states and times, which admins see on their pages. `named`: who somebody
is; only where names were asked for. `measure`: points, levels and counts of what is for client and coach; only where
there are no names. Nothing written in free words stands in any, and nothing of the classes `pair` and `private`.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from curriculum import moments

PROGRAMME, NAMED, MEASURE = "programme", "named", "measure"
CODE = 10  # characters of 5 bits: two of a million people have the same once in two thousand exports
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHUNK = 2000  # rows a cursor brings at a time


@dataclass
class Frame:
    """What one export is made with: its secret, whether it has names, and the cohorts its times are counted from."""

    secret: str
    names: bool
    starts: dict[int, tuple[date, str]]  # cohort → the Monday of its week 1, its zone
    _codes: dict[tuple[str, int], str] = field(default_factory=dict)

    def code(self, sort: str, number: int) -> str:
        """By which something is known in this export: the same in all of its files, and in no other export."""
        known = self._codes.get((sort, number))
        if known is None:
            digest = hmac.digest(bytes.fromhex(self.secret), f"{sort}:{number}".encode(), hashlib.sha256)
            known = sort[0] + base64.b32encode(digest).decode()[:CODE].lower()
            if sort in ("person", "enrolment"):
                self._codes[sort, number] = known
        return known

    def time(self, at: datetime | None, cohort: int | None) -> str | int | None:
        """An instant in UTC beside names; without, the calendar week of its cohort, by the cohort's clock."""
        if at is None:
            return None
        if self.names:
            return at.astimezone(UTC).isoformat(timespec="seconds")
        if cohort is None or cohort not in self.starts:
            return None
        return self.week(moments.to_wall(at, self.starts[cohort][1]).date(), cohort)

    def week(self, day: date, cohort: int) -> int:
        """1 is the week of the first Monday. Nearer than a week, what pages tell admins by name would say who it is."""
        return (day - self.starts[cohort][0]).days // 7 + 1


Turn = Callable[[Frame, Any, int | None], Any]


def plain(frame: Frame, value: Any, cohort: int | None) -> Any:
    return value


def instant(frame: Frame, value: Any, cohort: int | None) -> Any:
    return frame.time(value, cohort)


def week_of(frame: Frame, value: date, cohort: int | None) -> Any:
    """The calendar week of the cohort in which a day lies."""
    return frame.week(value, cohort) if cohort in frame.starts else None


def nearness(frame: Frame, value: timedelta | None, cohort: int | None) -> Any:
    """How long it took or was left, in whole hours beside names, else in whole days."""
    return None if value is None else value // (HOUR if frame.names else DAY)


def code(sort: str) -> Turn:
    """The code of a row of this sort."""
    return lambda frame, value, cohort: None if value is None else frame.code(sort, value)


def present(frame: Frame, value: Any, cohort: int | None) -> bool:
    """Whether there is any."""
    return value is not None


TIME = "instant in UTC beside names; else the cohort's calendar week, 1 is that of its first Monday"
SPAN = "whole hours beside names; else whole days"


@dataclass(frozen=True)
class Column:
    """One column: `source` is where its value comes from, `turn` what becomes of it."""

    name: str
    meaning: str
    source: str
    turn: Turn = plain
    unit: str = ""
    visibility: str = PROGRAMME

    def is_in(self, *, names: bool) -> bool:
        return {NAMED: names, MEASURE: not names}.get(self.visibility, True)


@dataclass(frozen=True)
class Thing:
    """One file. `rows` are in the order of their numbers; `cohort` leads to the cohort a row's times are counted from.

    `many` makes several rows of one, where a row keeps a whole sheet of answers.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Callable[[QuerySet], QuerySet]
    cohort: str
    many: Callable[[tuple], Iterator[tuple]] | None = None
    without_names_only: bool = False

    def is_in(self, *, names: bool) -> bool:
        return not (names and self.without_names_only)

    def shown(self, *, names: bool) -> list[Column]:
        return [one for one in self.columns if one.is_in(names=names)]

    def read(self, cohorts: QuerySet, frame: Frame) -> Iterator[list[Any]]:
        """Row by row from a cursor on the server, so that memory does not grow with them."""
        shown = self.shown(names=frame.names)
        sources = [*(one.source for one in shown), self.cohort]
        turns = [one.turn for one in shown]
        rows = self.rows(cohorts).order_by("pk").values_list(*sources).iterator(chunk_size=CHUNK)
        for row in rows:
            for one in self.many(row) if self.many else (row,):
                yield [turn(frame, value, one[-1]) for turn, value in zip(turns, one, strict=False)]
