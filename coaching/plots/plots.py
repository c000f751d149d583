"""What the figures of a report have in common: a title, a finding, how it is read, a table; places and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from curriculum.figures import Count, Figure
from curriculum.growth import Spread

from ..outcomes.words import signed

NONE = "–"


@dataclass(frozen=True)
class Table:
    """Columns, and rows whose first cell names them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Plot:
    """One figure. `finding` is what it shows in a sentence, for whoever does not see it; `empty` stands in its place
    where there is nothing to draw. `body` is what its template reads."""

    key: str
    title: str
    unit: str = ""
    finding: str = ""
    read: str = ""
    table: Table | None = None
    template: str = ""
    body: Any = None
    empty: str = ""


@dataclass(frozen=True)
class Mark:
    """A place: percent from the left, height from the top, and what stands there."""

    x: float
    y: float
    text: str = ""


def place(number: float, low: float, high: float, first: float, last: float) -> float:
    """Where a number of a scale lies between two places."""
    return round(first + (number - low) / (high - low) * (last - first), 2)


def path(points: Sequence[tuple[float, float]]) -> str:
    """Points as SVG reads them."""
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


# --- Numbers in words -------------------------------------------------------------------------------


def number(one: float | None, digits: int = 1) -> str:
    return NONE if one is None else f"{one:.{digits}f}".replace("-", "−")


def percent(share: float | None) -> str:
    return NONE if share is None else f"{100 * share:.0f} %"


def count(one: Count) -> str:
    """Exactly, as a range, or that it is too few."""
    if one is None:
        return _("too few to show")
    return str(one) if isinstance(one, int) else f"{one[0]}–{one[1]}"


def why(said: str) -> str:
    """A reason in the middle of a table."""
    return _(said).rstrip(".") if said else NONE


def mean(one: Spread) -> str:
    """M (SD)."""
    if one.mean is None:
        return why(one.why)
    return number(one.mean) if one.sd is None else f"{number(one.mean)} ({number(one.sd)})"


def points(one: Figure) -> str:
    """A change with the ends of its interval."""
    return why(one.why) if one.value is None else signed(one.value) + interval(one)


def spreads(one: Figure) -> str:
    """A standardised change with its interval."""
    return why(one.why) if one.value is None else number(one.value, 2) + interval(one, 2)


def interval(one: Figure, digits: int = 1) -> str:
    if one.low is None or one.high is None:
        return ""
    return " (" + _("%(low)s to %(high)s") % {"low": number(one.low, digits), "high": number(one.high, digits)} + ")"


def share(one: Figure) -> str:
    """A share with its interval."""
    if one.value is None:
        return why(one.why)
    if one.low is None or one.high is None:
        return percent(one.value)
    told = {"low": f"{100 * one.low:.0f}", "high": percent(one.high)}
    return f"{percent(one.value)} (" + _("%(low)s to %(high)s") % told + ")"
