"""How long feedback takes: so many reviews for every six hours, and the promise as a line."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import promises
from ..outcomes import Report
from ..outcomes.work import BIN, BINS, HOUR, Turnaround
from .plots import Plot, Table, place

LEFT, RIGHT = 3.0, 97.0
TOP, FLOOR = 20, 170
PROMISED = promises.PROMISE // HOUR
TEMPLATE = "coaching/office/outcomes/_hours.html"


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    y: float
    height: float
    is_late: bool
    words: str


@dataclass(frozen=True)
class Body:
    bars: tuple[Bar, ...]
    promise: float
    promised: int
    axis: tuple[tuple[str, float], ...]


def of(report: Report) -> Plot:
    took, title, unit = report.work.turnaround, _("How long feedback takes"), _("hours from hand-in")
    if not took.bins:
        empty = _("Too few to show.") if took.reviews else _("Nothing has been answered yet.")
        return Plot("waits", title, unit, empty=empty)
    return Plot(
        "waits",
        title,
        unit,
        finding=_finding(took),
        read=_read(took),
        table=_table(took),
        template=TEMPLATE,
        body=_body(took),
    )


def _x(hours: float) -> float:
    return place(hours, 0, BIN * (BINS + 1), LEFT, RIGHT)


def _name(bin_: int) -> str:
    if bin_ == BINS:
        return _("more than %(hours)s h") % {"hours": BIN * BINS}
    return _("%(low)s to %(high)s h") % {"low": BIN * bin_, "high": BIN * (bin_ + 1)}


def _body(took: Turnaround) -> Body:
    most = max(took.bins)
    bars = []
    for place_, n in enumerate(took.bins):
        height = round(n / most * (FLOOR - TOP), 1)
        gap = 0.25
        bars.append(
            Bar(
                x=round(_x(place_ * BIN) + gap, 2),
                width=round(_x(BIN) - _x(0) - 2 * gap, 2),
                y=round(FLOOR - height, 1),
                height=height,
                is_late=place_ * BIN >= PROMISED,
                words=f"{_name(place_)}: {n}",
            )
        )
    axis = tuple((str(hours), _x(hours)) for hours in range(0, BIN * BINS + 1, 24))
    return Body(tuple(bars), _x(PROMISED), PROMISED, axis)


def _finding(took: Turnaround) -> str:
    told = {"n": took.reviews, "median": _hours(took), "late": took.over_promise, "promised": PROMISED}
    return (
        _("%(n)s reviews, half of them within %(median)s h, %(late)s later than %(promised)s h.") % told
        if took.over_promise
        else _("%(n)s reviews, half of them within %(median)s h, none later than %(promised)s h.") % told
    )


def _hours(took: Turnaround) -> str:
    return f"{took.median:.0f}" if took.median is not None else "–"


def _read(took: Turnaround) -> str:
    late = took.over_promise or 0
    broke = ngettext("%(n)s broke the promise.", "%(n)s broke the promise.", late) % {"n": late}
    said = _(
        "Each bar is six hours; the body should end before the line. %(n)s reviews of %(people)s people. Half arrived "
        "within %(median)s h."
    ) % {"n": took.reviews, "people": took.people, "median": _hours(took)}
    clock = _("The clock stands still while the cohort does, and while another attempt is awaited.")
    return f"{said} {broke if late else _('None broke the promise.')} {clock}"


def _table(took: Turnaround) -> Table:
    return Table((_("Hours"), _("Reviews")), tuple((_name(place_), str(n)) for place_, n in enumerate(took.bins)))
