"""This week, and any other week of the programme."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients import deadlines, practising
from clients.counted import Count
from coaching import addresses, raters, weekboard
from coaching.weekboard import Row, Weekboard
from curriculum import moments

from .finding import address, now_of, page, person_of
from .instruments import workbench

FOCUS_FROM = 4  # the midpoint's week
KEYS = (
    {"keys": ("C",), "label": _("continue with the next thing")},
    {"keys": ("L",), "label": _("log a meeting")},
    {"keys": ("G", "F"), "label": _("my feedback")},
    {"keys": ("G", "P"), "label": _("my progress")},
    {"keys": ("G", "1"), "label": _("1:1s and ledger")},
    {"keys": ("?",), "label": _("these keys")},
)


@dataclass(frozen=True)
class Shown:
    """One row of the week with its address. `carried` is of an earlier week."""

    row: Row
    address: str
    is_count: bool
    carried: bool


@require_safe
def week(request: HttpRequest, number: int | None = None) -> HttpResponse:
    at, person = now_of(request), person_of(request)
    enrolment = weekboard.enrolment_of(person, request.GET.get("cohort"))
    if enrolment is None:
        return render(request, "coaching/client/no_cohort.html", status=404)
    board = weekboard.of(enrolment, number, at=at)
    if board is None:
        raise Http404
    first = board.next.row if board.next else None
    context = {
        "board": board,
        "first": _shown(request, first, first not in board.rows) if first else None,
        "so_far": workbench.so_far(first.submission) if first and not isinstance(first, Count) else None,
        "before": _rest(request, board.rows_before, first, carried=True),
        "rows": _rest(request, board.rows, first, carried=False),
        "logs": board.is_current and practising.log_refusal(enrolment, by=person, at=at) is None,
        "log": _log_of(board),
        "focus": enrolment.focus if board.is_current and board.week.number >= FOCUS_FROM else "",
        "cohort_zone": moments.zone_label(at, enrolment.cohort.zone).partition(" (")[0],
        "asks_raters": raters.begins_in(enrolment, board.week.number) and board.phase == "open",
        "keys": KEYS,
        "starts_on": deadlines.mondays(enrolment, at=at)[1],
        "at": at,
    }
    return page(request, "week.html", enrolment, context)


def _rest(request: HttpRequest, rows: Iterable[Row], first: Row | None, *, carried: bool) -> list[Shown]:
    return [_shown(request, row, carried) for row in rows if row is not first]


def _shown(request: HttpRequest, row: Row, carried: bool) -> Shown:
    if isinstance(row, Count):
        return Shown(row, addresses.of_count(row, request.GET.get("cohort", "")), True, carried)
    return Shown(row, address(request, "work", row.exercise.key), False, carried)


def _log_of(board: Weekboard) -> Count | None:
    """How many meetings this week asks for, where it asks for any."""
    return next((count for count in board.counted if count.of == "meetings"), None)
