"""Where they started, where they are: one row a competency, own ratings above and their coach's below."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..outcomes import Rated, Report
from ..outcomes.change import Change
from ..outcomes.words import signed
from .plots import Plot, Table, mean, number, place, why

POINTS = range(1, 6)
LEFT, RIGHT = 2.5, 97.5
TEMPLATE = "coaching/office/outcomes/_dumbbells.html"


@dataclass(frozen=True)
class Row:
    """Places in percent; None where there is nothing to place. `words` says the row."""

    name: str
    before: float | None
    after: float | None
    then: float | None
    coach_before: float | None
    coach_after: float | None
    told_before: str
    told_after: str
    change: str
    words: str


@dataclass(frozen=True)
class Body:
    grid: tuple[tuple[int, float], ...]
    rows: tuple[Row, ...]


def of(report: Report) -> Plot:
    plot = Plot("where", _("Where they started, where they are"), unit=_("own rating, 1 to 5, and the coach’s"))
    if not any(one.own.mean.value is not None or one.coach.mean.value is not None for one in report.rated):
        return Plot(plot.key, plot.title, plot.unit, empty=_nothing(report))
    rows = tuple(map(_row, report.rated))
    people = [one.own.mean.n for one in report.rated if one.own.mean.value is not None]
    return Plot(
        plot.key,
        plot.title,
        plot.unit,
        finding=" ".join([report.told.title + ".", *(row.words for row in rows)]),
        read=_(
            "A longer line is more movement. The hollow dot is how clients now judge where they stood; it lies left "
            "when people have learned to see more. Means of those who rated both times, n = %(n)s. Less than half a "
            "point is noise."
        )
        % {"n": _span(people)},
        table=_table(report),
        template=TEMPLATE,
        body=Body(tuple((point, _x(point)) for point in POINTS), rows),
    )


def _nothing(report: Report) -> str:
    has_any = any(one.own.mean.n or one.coach.mean.n for one in report.rated)
    return (
        _("Too few to show: fewer than %(n)s rated themselves both times.") % {"n": report.least}
        if has_any
        else _("Nobody has rated themselves before and after yet.")
    )


def _span(people: list[int]) -> str:
    low, high = min(people, default=0), max(people, default=0)
    return str(low) if low == high else f"{low}–{high}"


def _x(point: float) -> float:
    return place(point, POINTS[0], POINTS[-1], LEFT, RIGHT)


def _at(point: float | None) -> float | None:
    return None if point is None else _x(point)


def _row(one: Rated) -> Row:
    own, coach = one.own, one.coach
    return Row(
        name=own.name,
        before=_at(own.before.mean),
        after=_at(own.after.mean),
        then=_at(one.seen_from_now.mean),
        coach_before=_at(coach.before.mean),
        coach_after=_at(coach.after.mean),
        told_before=number(own.before.mean),
        told_after=number(own.after.mean),
        change=_change(own),
        words=_words(own, coach),
    )


def _change(one: Change) -> str:
    return why(one.mean.why) if one.mean.value is None else signed(one.mean.value)


def _words(own: Change, coach: Change) -> str:
    said = {"name": own.name, "before": number(own.before.mean), "after": number(own.after.mean)}
    if own.mean.value is None:
        return _("%(name)s: too few to show.") % said
    if coach.mean.value is None:
        return _("%(name)s: own rating from %(before)s to %(after)s.") % said
    seen = {"start": number(coach.before.mean), "end": number(coach.after.mean)}
    return _("%(name)s: own rating from %(before)s to %(after)s, coach from %(start)s to %(end)s.") % (said | seen)


def _table(report: Report) -> Table:
    columns = (
        _("Mean (SD), 1 to 5"),
        _("n"),
        _("Week 0"),
        _("Week 0, seen now"),
        _("Week 4"),
        _("Week 8"),
        _("Change"),
        _("Coach, n"),
        _("Coach, start"),
        _("Coach, end"),
    )
    return Table(columns, tuple(map(_numbers, report.rated)))


def _numbers(one: Rated) -> tuple[str, ...]:
    own, coach = one.own, one.coach
    return (
        own.name,
        str(own.mean.n),
        mean(own.before),
        mean(one.seen_from_now),
        mean(one.midpoint),
        mean(own.after),
        _change(own),
        str(coach.mean.n),
        mean(coach.before),
        mean(coach.after),
    )
