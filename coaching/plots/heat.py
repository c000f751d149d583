"""What gets done: the share of those who started, a sort of work a row and a week a column."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..outcomes import Report
from ..outcomes.work import HandedIn
from .plots import Plot, Table, count, percent, why
from .plots import share as told_share

STEPS = 20
PALEST = 0.55  # shares up to here have no tint
STRONG = 0.9
TEMPLATE = "coaching/office/outcomes/_heat.html"
NAMES = {
    "main": gettext_lazy("Main exercise"),
    "short": gettext_lazy("Short exercise"),
    "translation": gettext_lazy("Translation"),
    "baseline": gettext_lazy("Before week 1"),
    "log": gettext_lazy("Meeting log"),
    "session": gettext_lazy("Live session"),
}


@dataclass(frozen=True)
class Cell:
    """A share as it is written, what it is of, and how strong its tint is; not asked where `words` are empty."""

    text: str = ""
    words: str = ""
    tint: int = 0
    is_strong: bool = False


@dataclass(frozen=True)
class Body:
    weeks: tuple[int, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def of(report: Report) -> Plot:
    title, unit = _("What gets done"), _("per cent, by week")
    rows = report.work.handed_in
    if not rows:
        return Plot("done", title, unit, empty=_("No week is over yet."))
    weeks = tuple(range(min(one.week for one in rows), max(one.week for one in rows) + 1))
    found = {(one.role, one.week): one for one in rows}
    roles = [role for role in NAMES if any(one.role == role for one in rows)]
    return Plot(
        "done",
        title,
        unit,
        finding=_finding(rows),
        read=_(
            "The share of those who started and were asked; whoever left on the way still counts. Hatched: not asked. "
            "Look for the week where a row thins out."
        ),
        table=_table(rows),
        template=TEMPLATE,
        body=Body(
            weeks, tuple((str(NAMES[role]), tuple(_cell(found.get((role, week))) for week in weeks)) for role in roles)
        ),
    )


def _cell(one: HandedIn | None) -> Cell:
    if one is None or not one.share.of:
        return Cell()
    value = one.share.value
    if value is None:
        return Cell("·", why(one.share.why))
    tint = round(max(0.0, (value - PALEST) / (1 - PALEST)) * STEPS)
    words = _("%(done)s of %(all)s") % {"done": count(one.done), "all": one.share.of}
    return Cell(f"{100 * value:.0f}", words, tint, value >= STRONG)


def _finding(rows: tuple[HandedIn, ...]) -> str:
    """From where to where the main exercise goes, and where it thins out most."""
    mains = [(one.week, one.share.value) for one in rows if one.role == "main" and one.share.value is not None]
    if not mains:
        return _("Per cent of those who started, by week; too few to show for the main exercise.")
    (first, began), (last, ended) = mains[0], mains[-1]
    told = {"first": first, "began": percent(began), "last": last, "ended": percent(ended)}
    said = _("Main exercises: %(began)s in week %(first)s, %(ended)s in week %(last)s.") % told
    drops = [(before - now, week) for (_week, before), (week, now) in pairwise(mains) if before > now]
    return f"{said} {_('Thins out most in week %(week)s.') % {'week': max(drops)[1]}}" if drops else said


def _table(rows: tuple[HandedIn, ...]) -> Table:
    columns = (_("Work"), _("Week"), _("Done"), _("Asked"), _("Share (95 % interval)"))
    lines = (
        (str(NAMES.get(one.role, one.role)), str(one.week), count(one.done), str(one.share.of), told_share(one.share))
        for one in rows
    )
    return Table(columns, tuple(lines))
