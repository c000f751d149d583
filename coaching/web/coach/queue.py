"""The review queue: what waits, by the time left on the 72 hours that were promised."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients.models import User
from coaching import caseload, conversations, digests, replies, substitutions, talks
from coaching.caseload import QueueRow
from curriculum.prepared import Question

from .desk import CoachRequest, desk, toast

NOTHING = timedelta()
LETTERS = ({"keys": ["J", "K"], "label": _("next piece, previous piece")},)
KEYS = ({"keys": ["↵"], "label": _("open the piece in focus")},)
ASKING = 20  # clients who wait for an answer, beside the queue
LONGEST_PLACE = 60  # characters of an instant and a number


@require_safe
@desk
def queue(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """A page of what waits for this coach and their colleagues, and which piece to take first."""
    after = _place(request.GET.get("after"))
    found = caseload.queue(request.user, at=at, after=after, limit=caseload.PAGE + 1)
    # Whoever has a row coaches; only an empty queue leaves the question open.
    if not found and not caseload.roles_of(request.user, at=at).coach:
        raise Http404
    rows = found[: caseload.PAGE]
    context = {
        "at": at,
        **_groups(rows, at),
        "waiting": len(rows),
        "over": sum(row.left < NOTHING for row in rows),
        "oldest_hours": int(max(row.promise.waited for row in rows).total_seconds() // 3600) if rows else 0,
        "pace": digests.pace(request.user, at=at) if after is None else None,
        "waiting_words": _writing.all(coach=request.user.pk, at=at) if after is None else [],
        "to_talk": list(talks.open_for(request.user)[:ASKING]) if after is None else [],
        "heard": replies.heard(request.user, at=at) if after is None else None,
        "stands_in": list(substitutions.open_for(request.user, at=at)) if after is None else [],
        "first_free": next((row for row in _by_time_left(rows) if row.is_free_for(request.user)), None),
        "many_cohorts": len({row.cohort for row in rows}) > 1,
        "more": _mark(rows[-1]) if len(found) > len(rows) else "",
        "after": after,
        "next_due_at": None if rows else caseload.next_due_at(request.user, at=at),
        "asked": _asking.all(coach=request.user.pk, at=at) if after is None else [],
        "toast": toast(request, at=at),
        "keys": LETTERS + KEYS if request.user.letter_keys else KEYS,
    }
    return render(request, "coaching/coach/queue.html", context)


@Question
def _writing(*, coach: int, at: datetime) -> QuerySet:
    return conversations.waiting(User(pk=coach), at=at)[:ASKING]


@Question
def _asking(*, coach: int, at: datetime) -> QuerySet:
    return caseload.asked_of(User(pk=coach), at=at)


def _groups(rows: list[QueueRow], at: datetime) -> dict[str, object]:
    """By time left: what is promised before the reader's day ends, the rest; what nobody is pressed for comes last."""
    going = [row for row in _by_time_left(rows) if not row.promise.stands]
    ends = timezone.localtime(at).date()
    placed = [(row, timezone.localtime(row.promised_at).date() <= ends) for row in going]
    return {
        "today": [row for row, is_today in placed if is_today],
        "next": [row for row, is_today in placed if not is_today],
        "standing": [row for row in rows if row.promise.stands],
        "earliest": going[0] if going else None,
    }


def _by_time_left(rows: list[QueueRow]) -> list[QueueRow]:
    return sorted(rows, key=lambda row: (row.promise.stands, row.left))


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
