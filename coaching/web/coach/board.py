"""The cohort board: who needs me. The office shows the same page without levels."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients.models import Cohort
from coaching import board as boards_of
from coaching import board_lines, caseload, notes, risks
from coaching.asked import AskedWeek
from coaching.board import Show
from coaching.board_lines import Line
from curriculum import spreadsheets

from . import cells
from .desk import CoachRequest, desk

SHOWS = {Show.MAIN: _("Main exercise"), Show.TRANSLATION: _("Translation"), Show.LOG: _("Meeting log")}
MOVES = [
    {"keys": ["←", "→", "↑", "↓"], "label": _("from piece to piece")},
    {"keys": ["Home", "End"], "label": _("first week, last week")},
    {"keys": ["↵"], "label": _("open it")},
]
LETTERS = [
    {"keys": ["X"], "label": _("dates of the client in focus, and more time")},
    {"keys": ["W"], "label": _("write to the client in focus")},
    {"keys": ["F"], "label": _("flag the client in focus as at risk")},
]


@require_safe
@desk
def boards(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """The coach's only board, or the list of them; 404 for whoever coaches nobody."""
    mine = list(caseload.coached_by(request.user).order_by("closed_at", "-starts_on", "name"))
    if not mine:
        raise Http404
    if len(mine) == 1:
        return redirect("board", slug=mine[0].slug)
    return render(request, "coaching/coach/boards.html", {"cohorts": mine, "today": timezone.localdate(at)})


@require_safe
def board(request: CoachRequest, slug: str) -> HttpResponse:
    """The board of a cohort one coaches."""
    return board_page(request, _mine(request, slug), levels=True)


@require_safe
@desk
def board_csv(request: CoachRequest, slug: str, *, at: datetime) -> HttpResponse:
    """The board of a cohort one coaches, everybody in one file."""
    cohort = _mine(request, slug)
    weeks, lines = board_lines.of(cohort, at=at)
    headers = {"Content-Disposition": f'attachment; filename="{cohort.slug}-{at:%Y-%m-%d}.csv"'}
    return HttpResponse(_file(weeks, lines), content_type="text/csv; charset=utf-8", headers=headers)


@desk
def board_page(request: CoachRequest, cohort: Cohort, *, levels: bool, at: datetime) -> HttpResponse:
    """The page, with links and levels for coaches; without them, states and times for an admin."""
    page = request.GET.get("page", "1")
    if not (page.isascii() and page.isdecimal() and 1 <= int(page) <= 1000):
        raise Http404
    show = _show(request, levels=levels)
    found, ground = boards_of.with_ground(cohort, at=at, levels=levels, page=int(page), show=show)
    # Reasons are for the coaches of the cohort alone.
    worried = risks.on(ground, but=request.user) if levels and not cohort.is_closed else []
    context = {
        "cohort": cohort,
        "board": found,
        "facts": found.facts,
        "at": at,
        "number": int(page),
        "shows": [(one, label) for one, label in SHOWS.items() if boards_of.is_for(one, levels=levels)],
        "first": found.offset + 1,
        "last": found.offset + len(found.rows),
        "now": next((column for column in found.columns if column.is_now), None),
        "waited_hours": int(found.facts.longest_wait.total_seconds() // 3600) if found.facts.longest_wait else 0,
        "keys": MOVES + (LETTERS if levels and request.user.letter_keys else []),
        "has_begun": found.week is not None and found.week > 0,
        "write_words": notes.cohort_words(cohort),
        "at_risk": sum(bool(one.risks) for one in worried),
        "table": cells.table(found, at=at, reasons={one.enrolment: one.risks for one in worried}),
    }
    return render(request, "coaching/coach/board.html", context)


def _show(request: CoachRequest, *, levels: bool) -> Show:
    """What the address asks for; 404 for anything there is no such board of."""
    asked = request.GET.get("show", Show.MAIN)
    if asked not in set(Show) or not boards_of.is_for(Show(asked), levels=levels):
        raise Http404
    return Show(asked)


def _mine(request: CoachRequest, slug: str) -> Cohort:
    return get_object_or_404(caseload.coached_by(request.user), slug=slug)


# --- As a file ------------------------------------------------------------------------------------


def _file(weeks: Iterable[AskedWeek], lines: Iterable[Line]) -> str:
    """A byte-order mark for spreadsheets, a head, a line a client."""
    buffer = StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    sessions = ["sessions attended", "sessions held"]
    writer.writerow(["name", "last seen", *(f"week {week.number}" for week in weeks), *sessions])
    writer.writerows(_row(line) for line in lines)
    return buffer.getvalue()


def _row(line: Line) -> list[str]:
    seen = line.seen_at.isoformat(timespec="minutes") if line.seen_at else ""
    return [spreadsheets.inert(line.name), seen, *line.words, str(line.sessions.came), str(line.sessions.held)]
