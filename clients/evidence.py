"""Reading the evidence ledger: its lines, what they come to by factor and week, and which of them can be named.

Everything here is for the ledger's own client. What others may read are copies in attempts, of lines for the pair.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from . import deadlines
from .ledger_fields import FACTORS
from .models import Enrolment, LedgerLine, Visibility

FIRST_WEEK = 2  # “Your ledger opens”
STRENGTHS = (1, 2, 3)  # an outcome; somebody saw it, or it left a trace; both


@dataclass(frozen=True)
class Column:
    """What one factor has: its lines, newest first."""

    factor: str
    name: str
    lines: tuple[LedgerLine, ...]

    @property
    def short(self) -> str:
        """Its name where there is little room."""
        return LedgerLine.Factor(self.factor).label

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def strengths(self) -> tuple[tuple[int, int], ...]:
        """(strength, how many lines have it), the strongest first."""
        found = [line.strength for line in self.lines]
        return tuple((strength, found.count(strength)) for strength in reversed(STRENGTHS) if strength in found)


@dataclass(frozen=True)
class Week:
    """The lines of one week, by the Monday it began on."""

    monday: date
    lines: tuple[LedgerLine, ...]


@dataclass(frozen=True)
class Evidence:
    """A line as an attempt keeps it, in words: what a claim rests on."""

    what: str
    for_whom: str
    my_part: str
    who_saw: tuple[str, ...]
    credit: tuple[str, ...]
    trace: str
    quote: str
    strength: int

    @property
    def details(self) -> tuple[str, ...]:
        """Everything besides the outcome, in words."""
        found = (
            self.for_whom and _("For %(whom)s") % {"whom": self.for_whom},
            self.my_part,
            self.who_saw and _("Seen by %(names)s") % {"names": "; ".join(self.who_saw)},
            self.credit and _("With credit to %(names)s") % {"names": "; ".join(self.credit)},
            self.trace,
        )
        return tuple(str(part) for part in found if part)


@dataclass(frozen=True)
class Told(Evidence):
    """The same beside its factor's name and its day."""

    factor: str
    day: date | None


@dataclass(frozen=True)
class Ledger:
    """A whole ledger, newest day first."""

    lines: tuple[LedgerLine, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """One a factor, in the programme's order, those without a line too."""
        return tuple(
            Column(factor, str(name), tuple(line for line in self.lines if line.factor == factor))
            for factor, name in FACTORS.items()
        )

    @property
    def missing(self) -> tuple[Column, ...]:
        """The factors without a line."""
        return tuple(column for column in self.columns if not column.lines)

    @property
    def unseen(self) -> tuple[LedgerLine, ...]:
        """What nobody saw yet."""
        return tuple(line for line in self.lines if not line.who_saw)

    @property
    def private(self) -> int:
        return sum(line.visibility == Visibility.PRIVATE for line in self.lines)


def of(enrolment: Enrolment) -> Ledger:
    """The whole ledger, in one query."""
    return Ledger(tuple(LedgerLine.objects.filter(enrolment=enrolment).order_by("-date", "-pk")))


def own(person_id: int) -> QuerySet[LedgerLine]:
    """Everything one person has kept, with what changing it reads."""
    mine = LedgerLine.objects.filter(enrolment__client=person_id)
    return mine.select_related("enrolment__client", "enrolment__cohort__edition")


def by_week(lines: Iterable[LedgerLine]) -> tuple[Week, ...]:
    """The lines week by week, in the order they come in."""
    return tuple(Week(monday, tuple(found)) for monday, found in groupby(lines, key=_monday))


def _monday(line: LedgerLine) -> date:
    return line.date - timedelta(days=line.date.weekday())


def last_of(enrolment: Enrolment, first: date, last: date) -> LedgerLine | None:
    """The newest line of these days, both included."""
    if deadlines.is_read(enrolment, "ledger"):
        return next((line for line in enrolment.ledger.all() if first <= line.date <= last), None)
    rows = LedgerLine.objects.filter(enrolment=enrolment, date__gte=first, date__lte=last)
    return rows.order_by("-date", "-pk").first()


def choices(enrolment: Enrolment) -> tuple[LedgerLine, ...]:
    """The lines that homework and a 1:1 can name: those for the pair."""
    rows = LedgerLine.objects.filter(enrolment=enrolment, visibility=Visibility.PAIR)
    return tuple(rows.order_by("-date", "-pk"))


def proof(copy: dict[str, Any]) -> Evidence:
    """A line as an attempt keeps it."""
    return Evidence(**_said(copy))


def told(copies: Iterable[dict[str, Any]]) -> tuple[Told, ...]:
    """Lines as an attempt keeps them, to be read; what only names a line says nothing to read."""
    return tuple(
        Told(
            factor=str(FACTORS.get(one.get("factor", ""), "")),
            day=parse_date(str(one.get("date") or "")),
            **_said(one),
        )
        for one in copies
        if one.get("what")
    )


def _said(copy: dict[str, Any]) -> dict[str, Any]:
    words = {name: str(copy.get(name) or "") for name in ("what", "for_whom", "my_part", "trace", "quote")}
    people = {name: tuple(copy.get(name) or ()) for name in ("who_saw", "credit")}
    return {**words, **people, "strength": int(copy.get("strength") or 1)}


def first_of(lines: Iterable[LedgerLine], factor: str) -> tuple[LedgerLine, ...]:
    """The lines again, those that show this factor before the others."""
    return tuple(sorted(lines, key=lambda line: line.factor != factor))
