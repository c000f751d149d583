"""The six figures for paper: the same places the page draws them at, and every word beside them."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from ..outcomes import Report
from . import of
from .plots import Plot


def figures(report: Report) -> list[dict[str, Any]]:
    """In the order of the page. Each is drawn by what its `key` says, or `empty` tells why there is nothing to draw."""
    drawn = of(report)
    six = (drawn.where, drawn.lines, drawn.done, drawn.waits, drawn.meetings, drawn.moved)
    return [_figure(plot) for plot in six]


def words() -> dict[str, str]:
    """What stands inside the figures whatever they show."""
    return {
        "read": _("How to read it."),
        "began": _("week 0"),
        "then": _("week 0, seen from week 8"),
        "ended": _("week 8"),
        "coach": _("coach, start to end"),
        "followed": _("Still followed"),
        "few": _("Too few to show."),
    }


def _figure(plot: Plot) -> dict[str, Any]:
    told = {"key": plot.key, "title": plot.title, "unit": plot.unit, "empty": plot.empty}
    if plot.empty:
        return told | {"finding": "", "read": "", "body": None, "beside": []}
    return told | {"finding": plot.finding, "read": plot.read, "body": _plain(plot.body), "beside": _beside(plot)}


def _plain(body: Any) -> Any:
    return [asdict(one) for one in body] if isinstance(body, tuple) else asdict(body)


def _beside(plot: Plot) -> list[str]:
    """What the page says next to a drawing."""
    if plot.key == "waits":
        return [_("%(hours)s h promise") % {"hours": plot.body.promised}]
    if plot.key != "moved":
        return []
    moved = _("%(moved)s of %(n)s") % {"moved": plot.body.moved, "n": plot.body.of}
    told = _("have told us of a management role, here or elsewhere")
    base = _("In a year %(base)s of workers in the United States are promoted anyway.") % {"base": plot.body.base}
    caused = _("It does not show that the programme caused it.")
    proofs = " ".join(f"{name}: {n}." for name, n in plot.body.proofs)
    return [f"{moved} {told}.", proofs, f"{base} {caused}"]
