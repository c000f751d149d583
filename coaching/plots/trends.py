"""In real meetings: three small panels by week, from what clients log themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..outcomes import Report, WeekOfPractice
from .plots import Mark, Plot, Table, number, path, percent, place, share

LEFT, RIGHT, LAST = 7.0, 93.0, 9
TOP, FLOOR = 24, 122
TEMPLATE = "coaching/office/outcomes/_trends.html"


@dataclass(frozen=True)
class Panel:
    """One measure over the weeks: points, the line through them, a band around it, and what it says."""

    title: str
    unit: str
    words: str
    points: tuple[Mark, ...]
    line: str
    band: str
    axis: tuple[tuple[int, float], ...]


def of(report: Report) -> Plot:
    weeks = [one for one in report.practice if one.spoke is not None]
    logged = sum(one.meetings for one in report.practice)
    title, unit = _("In real meetings"), _("by week, from %(n)s logged meetings with a stake") % {"n": logged}
    if not weeks:
        empty = _("Too few to show: a week takes 15 meetings of at least %(n)s people.") % {"n": report.least}
        return Plot("meetings", title, unit, empty=empty if logged else _("No meeting has been logged yet."))
    panels = (_led(weeks), _spoke(weeks), _corrected(weeks))
    return Plot(
        "meetings",
        title,
        unit,
        finding=" ".join(panel.words for panel in panels),
        read=_(
            "People log their own meetings, and choose which. Read the direction, not the level. A week with fewer "
            "than 15 meetings, or of too few people, is left out."
        ),
        table=_table(report),
        template=TEMPLATE,
        body=panels,
    )


def _led(weeks: list[WeekOfPractice]) -> Panel:
    found = [(one.week, one.led.value) for one in weeks if one.led.value is not None]
    return _panel(_("Led with the conclusion"), _("share of logged meetings"), found, 1.0, percent)


def _corrected(weeks: list[WeekOfPractice]) -> Panel:
    found = [(one.week, one.corrected.value) for one in weeks if one.corrected.value is not None]
    unit = _("of those noticed, in the room or in writing")
    return _panel(_("Incorrect statements corrected"), unit, found, 1.0, percent)


def _spoke(weeks: list[WeekOfPractice]) -> Panel:
    found = [(one.week, one.spoke or 0.0) for one in weeks]
    ends = [(one.week, one.low or 0.0, one.high or 0.0) for one in weeks]
    most = max(1.0, *(high for _week, _low, high in ends))
    unit = _("median, middle half shaded")
    return _panel(_("Contributions per meeting"), unit, found, most, lambda one: f"{one:g}", ends)


def _panel(
    title: str,
    unit: str,
    found: Sequence[tuple[int, float]],
    most: float,
    told: Callable[[float], str],
    ends: Sequence[tuple[int, float, float]] = (),
) -> Panel:
    def y(value: float) -> float:
        return place(value, 0, most, FLOOR, TOP)

    edges = {0, len(found) - 1}
    points = tuple(
        Mark(_x(week), y(value), told(value) if at in edges else "") for at, (week, value) in enumerate(found)
    )
    above = [(_x(week), y(high)) for week, _low, high in ends]
    below = [(_x(week), y(low)) for week, low, _high in reversed(ends)]
    return Panel(
        title=title,
        unit=unit,
        words=_words(title, found, told),
        points=points,
        line=path([(one.x, one.y) for one in points]),
        band=path(above + below),
        axis=tuple((week, _x(week)) for week, _value in found),
    )


def _x(week: int) -> float:
    return place(week, 0, LAST, LEFT, RIGHT)


def _words(title: str, found: Sequence[tuple[int, float]], told: Callable[[float], str]) -> str:
    if not found:
        return _("%(title)s: too few to show.") % {"title": title}
    (first, began), (last, ended) = found[0], found[-1]
    said = {"title": title, "first": first, "began": told(began), "last": last, "ended": told(ended)}
    if first == last:
        return _("%(title)s: %(began)s in week %(first)s.") % said
    return _("%(title)s: from %(began)s in week %(first)s to %(ended)s in week %(last)s.") % said


def _table(report: Report) -> Table:
    columns = (
        _("Week"),
        _("Meetings"),
        _("People"),
        _("Led (95 % interval)"),
        _("Contributions, median"),
        _("middle half"),
        _("Corrected (95 % interval)"),
    )
    return Table(columns, tuple(map(_numbers, report.practice)))


def _numbers(one: WeekOfPractice) -> tuple[str, ...]:
    half = f"{number(one.low)}–{number(one.high)}" if one.low is not None else "–"
    spoke = number(one.spoke) if one.spoke is not None else _("too few to show")
    return str(one.week), str(one.meetings), str(one.people), share(one.led), spoke, half, share(one.corrected)
