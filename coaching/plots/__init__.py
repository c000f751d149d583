"""A report of outcomes as it is drawn: six figures with their places in percent and in heights, and every table.

`of` takes a `Report` that may be shown and asks nothing of anybody. Each figure says what it found, how it is read and
its numbers. One that cannot be drawn says so alone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..outcomes import Report
from . import curve, dumbbells, heat, hours, sections, slopes, trends
from .plots import Plot
from .sections import Section

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawn:
    """What the template `_report.html` reads: the report for its sentences, its figures and the rest in tables."""

    report: Report
    where: Plot
    lines: Plot
    done: Plot
    waits: Plot
    meetings: Plot
    moved: Plot
    sections: tuple[Section, ...]
    failed: tuple[str, ...] = ()


NAMES = {
    "rated": gettext_lazy("ratings"),
    "observed": gettext_lazy("texts read blind"),
    "work": gettext_lazy("what was handed in, and feedback"),
    "practice": gettext_lazy("meetings"),
    "promotions": gettext_lazy("moves into management"),
    "pulse": gettext_lazy("what managers and peers said"),
}
BEHIND = {
    "where": "rated", "lines": "rated", "done": "work", "waits": "work", "meetings": "practice", "moved": "promotions",
}  # fmt: skip


def of(report: Report) -> Drawn:
    """Everything of a report, for the page and for whatever keeps one."""
    return Drawn(
        report=report,
        where=_safely(dumbbells.of, report, "where", _("Where they started, where they are")),
        lines=_safely(slopes.of, report, "lines", _("Each line is a few people")),
        done=_safely(heat.of, report, "done", _("What gets done")),
        waits=_safely(hours.of, report, "waits", _("How long feedback takes")),
        meetings=_safely(trends.of, report, "meetings", _("In real meetings")),
        moved=_safely(curve.of, report, "moved", _("Moved into management")),
        sections=sections.of(report),
        failed=tuple(str(NAMES[name]) for name in report.failed),
    )


def _safely(draw: Callable[[Report], Plot], report: Report, key: str, title: str) -> Plot:
    """The figure, or a place that says that it is missing; what went wrong is in the log."""
    if BEHIND[key] in report.failed:
        return Plot(
            key, title, empty=_("The numbers of this figure could not be read. The others do not depend on it.")
        )
    try:
        return draw(report)
    except Exception:
        log.exception("the figure %s could not be drawn", key)
        return Plot(key, title, empty=_("This figure could not be drawn. The others do not depend on it."))
