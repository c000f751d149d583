"""The agenda of a midpoint call as a page draws it: places in percent and in heights, and all of it in words."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from coaching.agendas import Agenda, Curve, WeekMean
from curriculum import refusals

LOWEST, HIGHEST = 1, 5  # of a rating
LEVELS = (1, 4)  # of a rubric
TOP, FLOOR = 16, 76  # heights of the highest and the lowest level
FIRST, STEP = 6, 11  # where week 0 lies and how far apart the weeks are, in percent
WEEKS = range(9)


@dataclass(frozen=True)
class Row:
    """One competency: its places on the scale in percent, and what it says."""

    curve: Curve
    own_then: float | None
    own_now: float | None
    coach_then: float | None
    coach_now: float | None
    own: str
    coach: str

    @property
    def words(self) -> str:
        return _("%(name)s: own rating %(own)s, coach %(coach)s") % {
            "name": self.curve.name,
            "own": self.own,
            "coach": self.coach,
        }


@dataclass(frozen=True)
class Point:
    """The mean of one week."""

    x: float
    y: float
    mean: str


@dataclass(frozen=True)
class Means:
    """Rubric means over the weeks: points, the lines between them, where each week is named."""

    points: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...]
    axis: tuple[tuple[int, float], ...]
    levels: tuple[tuple[int, float], ...]
    words: str


def rows(curve: tuple[Curve, ...]) -> list[Row]:
    """A row a competency, for those with anything to show on either side."""
    return [_row(one) for one in curve]


def _row(one: Curve) -> Row:
    return Row(
        curve=one,
        own_then=_place(one.own_then),
        own_now=_place(one.own_now),
        coach_then=_place(one.coach_then),
        coach_now=_place(one.coach_now),
        own=_shown(one.own_then, one.own_now),
        coach=_shown(one.coach_then, one.coach_now),
    )


def _place(point: float | None) -> float | None:
    return None if point is None else round((point - LOWEST) / (HIGHEST - LOWEST) * 100, 1)


def _shown(then: float | None, now: float | None) -> str:
    return _number(then) if now is None else f"{_number(then)} → {_number(now)}"


def _number(point: float | None) -> str:
    return "–" if point is None else f"{point:g}"


def means(weeks: tuple[WeekMean, ...]) -> Means | None:
    """None where nothing was answered yet."""
    if not weeks:
        return None
    points = tuple(Point(_x(one.week), _y(one.mean), f"{one.mean:.1f}") for one in weeks)
    return Means(
        points=points,
        lines=tuple(pairwise(points)),
        axis=tuple((week, _x(week)) for week in WEEKS),
        levels=tuple((level, _y(level)) for level in range(LEVELS[0], LEVELS[1] + 1)),
        words=_means_in_words(weeks),
    )


def _x(week: int) -> float:
    return FIRST + STEP * week


def _y(mean: float) -> float:
    return round(FLOOR - (mean - LEVELS[0]) / (LEVELS[1] - LEVELS[0]) * (FLOOR - TOP), 1)


def _means_in_words(weeks: tuple[WeekMean, ...]) -> str:
    first, last = weeks[0], weeks[-1]
    if first is last:
        return _("Rubric mean in week %(week)s: %(mean)s of 4.") % {"week": first.week, "mean": f"{first.mean:.1f}"}
    return _("Rubric mean from %(then)s in week %(first)s to %(now)s in week %(last)s, of 4.") % {
        "then": f"{first.mean:.1f}",
        "first": first.week,
        "now": f"{last.mean:.1f}",
        "last": last.week,
    }


# --- What both sides' pages take and show ---------------------------------------------------------


def focus_sent(request: HttpRequest) -> dict[str, str]:
    """The focus as it was typed."""
    return {name: request.POST.get(name, "") for name in ("sentence", "competency")}


def is_about_focus(request: HttpRequest) -> bool:
    """Whether a focus was sent, and nothing else about the call."""
    return "sentence" in request.POST


def agenda(request: HttpRequest, found: Agenda, refusal: Any = None) -> dict[str, Any]:
    """What the parts of the agenda read; what was typed stays where it was refused."""
    stands = {"sentence": found.focus, "competency": found.focus_competency}
    refusal = refusal if is_about_focus(request) else None
    problems = refusals.fields_of(refusal) if refusal else {}
    return {
        "agenda": found,
        "rows": rows(found.curve),
        "has_curve": any(one.own != "–" or one.coach != "–" for one in rows(found.curve)),
        "means": means(found.weeks),
        "focus": focus_sent(request) if refusal else stands,
        "focus_problems": problems,
        "focus_refusal": refusal if refusal and not problems else None,
    }


def status_of(refusal: Any) -> int:
    return refusals.status_of(refusal) if refusal else 200
