"""Where the points of the meeting trend lie: weeks in percent of the width, values in units of the plot's height.

Three small panels, each against the client's own week 0; the one that counts contributions also against the equal share
of the talk, drawn as that many contributions of a minute (see `clients.meetings`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from django.utils.translation import gettext as _

from clients.meetings import ENOUGH, Share, Trend, WeekOfMeetings, number

HIGH, EDGE = 88, 8  # the plot's height and what is kept free above and below
FIRST, STEP = 6, 9.75  # where week 0 lies and how far apart the weeks are, in percent
LEAST = 4  # contributions the scale shows at least


@dataclass(frozen=True)
class Point:
    """One week. `is_firm` is off where the week has too few meetings to be read by itself."""

    week: int
    x: float
    y: float
    is_firm: bool


@dataclass(frozen=True)
class Line:
    """From one place to another."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Panel:
    """One small plot. `baseline` is the height of week 0, `equal` a short line a week; `words` say what it shows."""

    key: str
    title: str
    unit: str
    words: str
    top: str
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    baseline: float | None
    equal: tuple[Line, ...] = ()


def panels(found: Trend) -> tuple[Panel, ...]:
    """The panels that have anything to show."""
    made = (
        _contributions(found),
        _shares("led", _("Led with the conclusion"), found, lambda week: week.led),
        _shares("corrected", _("Put right what was incorrect"), found, lambda week: week.corrected),
    )
    return tuple(panel for panel in made if panel.points)


def axis() -> list[tuple[int, float]]:
    """(week, where it stands)."""
    return [(week, _x(week)) for week in range(10)]


def _contributions(found: Trend) -> Panel:
    most = max([LEAST, *(max(week.spoke, week.equal_minutes) for week in found.weeks)])
    top = ceil(most)
    half = STEP / 3
    equal = tuple(
        Line(round(_x(week.week) - half, 2), y, round(_x(week.week) + half, 2), y)
        for week in found.weeks
        for y in (_y(week.equal_minutes / top),)
    )
    told = ((week, week.spoke / top, number(week.spoke)) for week in found.weeks)
    return _panel("spoke", _("Contributions"), _("in the middle meeting"), str(top), told, found, equal)


def _shares(key: str, title: str, found: Trend, share: Callable[[WeekOfMeetings], Share]) -> Panel:
    weeks = [(week, share(week)) for week in found.weeks]
    told = ((week, of.value, f"{of.part}/{of.whole}") for week, of in weeks if of.value is not None)
    return _panel(key, title, _("share of meetings"), "100 %", told, found)


def _panel(
    key: str,
    title: str,
    unit: str,
    top: str,
    told: Iterable[tuple[WeekOfMeetings, float, str]],
    found: Trend,
    equal: tuple[Line, ...] = (),
) -> Panel:
    rows = list(told)
    points = tuple(Point(week.week, _x(week.week), _y(height), week.meetings >= ENOUGH) for week, height, _said in rows)
    first = next((point for point in points if found.baseline and point.week == found.baseline.week), None)
    said = ", ".join(_("week %(week)s: %(value)s") % {"week": week.week, "value": value} for week, _h, value in rows)
    return Panel(
        key=key,
        title=title,
        unit=unit,
        words=f"{title}. {said}",
        top=top,
        points=points,
        lines=tuple(Line(one.x, one.y, two.x, two.y) for one, two in pairwise(points)),
        baseline=first.y if first else None,
        equal=equal,
    )


def _x(week: int) -> float:
    return round(FIRST + week * STEP, 2)


def _y(height: float) -> float:
    return round(EDGE + (1 - height) * (HIGH - 2 * EDGE), 1)
