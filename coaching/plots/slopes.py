"""Each line is a few people, from week 0 to week 8: how far apart they are, and whether some fell."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..outcomes import Report
from ..outcomes.change import Change, Line
from .plots import Plot, Table, count, number, place

POINTS = (1, 3, 5)
TOP, FLOOR = 14, 176
FALLS = 0.05  # points: what is told as 0.0 is level
TEMPLATE = "coaching/office/outcomes/_slopes.html"


@dataclass(frozen=True)
class Slope:
    """Two heights, and whether it falls."""

    y1: float
    y2: float
    falls: bool


@dataclass(frozen=True)
class Panel:
    """One competency: a line a group, the mean, and what it says."""

    name: str
    slopes: tuple[Slope, ...]
    mean: Slope
    moved: str
    words: str


@dataclass(frozen=True)
class Body:
    grid: tuple[tuple[int, float], ...]
    panels: tuple[Panel, ...]


def of(report: Report) -> Plot:
    open_ones = [one.own for one in report.rated if one.own.mean.value is not None]
    title, unit = _("Each line is a few people"), _("own rating, 1 to 5")
    if not open_ones:
        few = any(one.own.mean.n for one in report.rated)
        empty = _("Too few to show.") if few else _("Nobody has rated themselves before and after yet.")
        return Plot("lines", title, unit, empty=empty)
    panels = tuple(map(_panel, open_ones))
    return Plot(
        "lines",
        title,
        unit,
        finding=" ".join(panel.words for panel in panels),
        read=_(
            "Thin lines are %(least)s people or a few more who moved about as far, the bold one is the mean of all. "
            "Look for the dashed lines that fall: they are conversations to have, not failures."
        )
        % {"least": report.least},
        table=_table(open_ones),
        template=TEMPLATE,
        body=Body(tuple((point, _y(point)) for point in POINTS), panels),
    )


def _y(point: float) -> float:
    return place(point, POINTS[0], POINTS[-1], FLOOR, TOP)


def _slope(before: float, after: float) -> Slope:
    return Slope(_y(before), _y(after), after - before < -FALLS)


def _panel(one: Change) -> Panel:
    before, after = one.before.mean or 0.0, one.after.mean or 0.0
    slopes = tuple(_slope(line.before, line.after) for line in one.lines)
    return Panel(one.name, slopes, _slope(before, after), _moved(one), _words(one, slopes))


def _moved(one: Change) -> str:
    """How many rose, stayed and fell, as far as it may be told."""
    sides = ((one.rose, _("%(n)s rose")), (one.same, _("%(n)s same")), (one.fell, _("%(n)s fell")))
    told = [said % {"n": count(n)} for n, said in sides if n is not None]
    return ", ".join(told) if told else _("how many rose and fell: too few to show")


def _words(one: Change, slopes: tuple[Slope, ...]) -> str:
    falling = sum(slope.falls for slope in slopes)
    told = {
        "name": one.name,
        "before": number(one.before.mean),
        "after": number(one.after.mean),
        "n": one.mean.n,
        "moved": _moved(one),
    }
    said = _("%(name)s: the mean of %(n)s people goes from %(before)s to %(after)s; %(moved)s.") % told
    lines = ngettext("%(falling)s of %(all)s line falls.", "%(falling)s of %(all)s lines fall.", len(slopes))
    return f"{said} {lines % {'falling': falling, 'all': len(slopes)}}" if slopes else said


def _table(changes: list[Change]) -> Table:
    columns = (_("Competency"), _("People"), _("Week 0"), _("Week 8"), _("Change"))
    return Table(columns, tuple(_line(one.name, line) for one in changes for line in one.lines))


def _line(name: str, one: Line) -> tuple[str, ...]:
    change = one.after - one.before
    return name, str(one.people), number(one.before), number(one.after), f"{change:+.1f}".replace("-", "−")
