"""Where the points of a client's levels lie: weeks in percent of the width, levels in units of the plot's height."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from coaching.growth import Answered, Grown, Growth

LEVELS = (1, 4)
TOP, FLOOR = 16, 76  # heights of the highest and the lowest level
FIRST, STEP = 8, 10.5  # where week 0 lies and how far apart the weeks are, in percent
SPREAD = 0.7  # of a week, for several answers in it
WEEKS = range(9)


@dataclass(frozen=True)
class Point:
    """One answer."""

    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Panel:
    """One competency; `change` is what it says in brief, `words` in full."""

    name: str
    change: str
    words: str
    points: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...]


def panels(found: Grown) -> list[Panel]:
    """A small plot a competency, all over the same weeks."""
    return [_panel(one) for one in found.competencies]


def axis() -> list[tuple[int, float]]:
    """(week, where it stands)."""
    return [(week, _place(week)) for week in WEEKS]


def levels() -> list[tuple[int, float]]:
    """(level, its height)."""
    return [(level, _height(level)) for level in range(LEVELS[0], LEVELS[1] + 1)]


def _panel(one: Growth) -> Panel:
    told = [_("week %(week)s: %(mean)s") % {"week": step.answered.week, "mean": step.mean} for step in one.steps]
    points = tuple(
        Point(_x(step.answered), _height(step.mean), word) for step, word in zip(one.steps, told, strict=True)
    )
    first, last = one.steps[0].mean, one.steps[-1].mean
    change = f"{first} → {last}" if len(one.steps) > 1 else f"{first}"
    return Panel(one.competency, change, f"{one.competency}. {', '.join(told)}", points, tuple(pairwise(points)))


def _x(answered: Answered) -> float:
    """Answers of one week beside each other, around its place."""
    aside = (answered.place + 0.5) / answered.of - 0.5
    return _place(answered.week + SPREAD * aside)


def _place(week: float) -> float:
    return round(FIRST + STEP * week, 2)


def _height(level: float) -> float:
    return round(FLOOR - (level - LEVELS[0]) / (LEVELS[1] - LEVELS[0]) * (FLOOR - TOP), 1)
