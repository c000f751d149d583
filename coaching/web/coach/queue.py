"""The review queue: what waits, by the time left on the 72 hours that were promised."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from coaching import caseload
from coaching.caseload import QueueRow

from .desk import CoachRequest, desk, toast

LONGEST_PLACE = 60  # characters of an instant and a number


@require_safe
@desk
def queue(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """A page of what waits for this coach and their colleagues, and which piece to take first."""
    after = _place(request.GET.get("after"))
    found = caseload.queue(request.user, after=after, limit=caseload.PAGE + 1)
    # Whoever has a row coaches; only an empty queue leaves the question open.
    if not found and not caseload.coached_by(request.user).exists():
        raise Http404
    rows = found[: caseload.PAGE]
    context = {
        "at": at,
        "today": [row for row in rows if _is_today(row, at)],
        "next": [row for row in rows if not _is_today(row, at)],
        "waiting": len(rows),
        "over": sum(row.left(at).total_seconds() < 0 for row in rows),
        "earliest": rows[0] if rows else None,
        "first_free": next((row for row in rows if row.is_free_for(request.user)), None),
        "many_cohorts": len({row.cohort for row in rows}) > 1,
        "more": _mark(rows[-1]) if len(found) > len(rows) else "",
        "after": after,
        "next_due_at": None if rows else caseload.next_due_at(request.user, at=at),
        "asked": list(caseload.asked_of(request.user)) if after is None else [],
        "toast": toast(request, at=at),
    }
    return render(request, "coaching/coach/queue.html", context)


def _is_today(row: QueueRow, at: datetime) -> bool:
    """Whether the promise ends before the reader's day does, or has ended."""
    return timezone.localtime(row.promised_at).date() <= timezone.localtime(at).date()


def _mark(row: QueueRow) -> str:
    instant, number = row.place
    return f"{instant.isoformat()},{number}"


def _place(mark: str | None) -> tuple[datetime, int] | None:
    """Where a page starts; 404 for anything that was not one of our own links."""
    if mark is None:
        return None
    instant, _comma, number = mark.partition(",")
    try:
        found = parse_datetime(instant)
    except ValueError:
        raise Http404 from None
    if found is None or found.tzinfo is None or len(mark) > LONGEST_PLACE or not number.isdecimal():
        raise Http404
    return found, int(number)
