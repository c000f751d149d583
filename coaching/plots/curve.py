"""Moved into management: the estimated share by each month since they finished, with its band and who is followed."""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from curriculum.survival import Step

from ..outcomes import Report
from ..outcomes.promotions import YEAR, Promotions
from .plots import Mark, Plot, Table, count, path, percent, place, share

LEFT, RIGHT = 7.0, 95.0
TOP, FLOOR = 18, 176
TALL = 5  # half a tick
TEMPLATE = "coaching/office/outcomes/_curve.html"


@dataclass(frozen=True)
class Tick:
    """Where last answers end."""

    x: float
    top: float
    floor: float


@dataclass(frozen=True)
class Body:
    """The steps of the curve and of its band, ticks where answers end, and the words beside it."""

    line: str
    band: str
    ticks: tuple[Tick, ...]
    grid: tuple[tuple[int, float], ...]
    axis: tuple[tuple[int, float, int], ...]
    end: Mark
    moved: str
    of: int
    proofs: tuple[tuple[str, str], ...]
    base: str


def of(report: Report) -> Plot:
    one = report.promotions
    title, unit = _("Moved into management"), _("per cent, by months since graduation")
    if not one.steps:
        return Plot("moved", title, unit, empty=_nothing(one, report.least))
    return Plot(
        "moved",
        title,
        unit,
        finding=_(
            "Estimated share moved into management: %(year)s at %(months)s months; %(moved)s of %(n)s have moved."
        )
        % {"year": share(one.year), "months": YEAR, "moved": count(one.moved), "n": one.followed},
        read=_read(one),
        table=_table(one),
        template=TEMPLATE,
        body=_body(one),
    )


def _nothing(one: Promotions, least: int) -> str:
    told = {"n": one.followed, "least": least, "base": percent(one.base)}
    if not one.followed:
        return _("Nobody has answered a check-in yet. They are asked three, six and twelve months after they finished.")
    if one.followed < 10:
        return _("Too few to show: %(n)s have answered a check-in, and a curve takes ten.") % told
    return _("Too few to show: fewer than %(least)s of %(n)s have moved, or have not.") % told


def _x(month: float) -> float:
    return place(min(month, YEAR), 0, YEAR, LEFT, RIGHT)


def _stairs(steps: tuple[Step, ...], side: str, most: float) -> list[tuple[float, float]]:
    """Level until the month of a step, then up."""
    found, last = [(_x(0), _y(0.0, most))], 0.0
    for step in steps:
        if step.time <= YEAR and step.events:
            value = getattr(step.moved, side)
            value = step.moved.value if value is None else value
            found += [(_x(step.time), _y(last, most)), (_x(step.time), _y(value, most))]
            last = value
    return [*found, (_x(YEAR), _y(last, most))]


def _y(value: float, most: float) -> float:
    return place(min(value, most), 0, most, FLOOR, TOP)


def _body(one: Promotions) -> Body:
    highest = max([step.moved.high or step.moved.value or 0.0 for step in one.steps if step.time <= YEAR], default=0.0)
    most = min(1.0, max(0.2, ceil(highest * 5) / 5))
    line = _stairs(one.steps, "value", most)
    band = _stairs(one.steps, "high", most) + _stairs(one.steps, "low", most)[::-1]
    ends = [(_x(step.time), _y(step.moved.value or 0.0, most)) for step in one.steps if step.left]
    rises = range(0, round(most * 100) + 1, 20)
    return Body(
        line=path(line),
        band=path(band),
        ticks=tuple(Tick(x, y - TALL, y + TALL) for x, y in ends),
        grid=tuple((rise, _y(rise / 100, most)) for rise in rises),
        axis=tuple((month, _x(month), n) for month, n in one.followed_at),
        end=Mark(*line[-1], percent(one.year.value)),
        moved=count(one.moved),
        of=one.followed,
        proofs=tuple((row.name, count(row.n)) for row in one.proofs if row.n is not None),
        base=percent(one.base),
    )


def _read(one: Promotions) -> str:
    said = _(
        "The line estimates the share who have moved by each month, counting only people still followed; ticks mark "
        "where last answers end. No step is one person's: moves are shown once a few more have moved."
    )
    if one.year.value is None or one.year.low is None or one.year.high is None:
        return said
    told = {"year": percent(one.year.value), "low": f"{100 * one.year.low:.0f}", "high": percent(one.year.high)}
    return (
        f"{said} {_('At 12 months: %(year)s, and with so few people anything from %(low)s to %(high)s fits.') % told}"
    )


def _table(one: Promotions) -> Table:
    columns = (_("Month"), _("Followed"), _("Moved"), _("Last heard of"), _("Share moved (95 % interval)"))
    lines = (
        (f"{step.time:g}", str(step.followed), str(step.events), str(step.left), share(step.moved))
        for step in one.steps
    )
    return Table(columns, tuple(lines))
