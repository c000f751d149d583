"""The review queue: what waits, by the time left on the 72 hours that were promised."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients.models import User
from coaching import caseload, conversations, digests, replies, risks, substitutions, talks, worries
from coaching.caseload import QueueRow, Ref
from coaching.substitutions import Desk
from curriculum.models import Exercise
from curriculum.prepared import Question

from .desk import CoachRequest, desk, toast

NOTHING = timedelta()
LETTERS = ({"keys": ["J", "K"], "label": _("next piece, previous piece")},)
FILTER = ({"keys": ["/"], "label": _("the first filter")},)
KEYS = ({"keys": ["↵"], "label": _("open the piece in focus")},)
ASKING = 20  # clients who wait for an answer, beside the queue
LONGEST_PLACE = 60  # characters of an instant and a number
KINDS: dict[str, Any] = {
    Exercise.Kind.TEXT: _("Text"),
    Exercise.Kind.REWRITE: _("Rewrite"),
    Exercise.Kind.AUDIO60: _("Recording or script"),
    Exercise.Kind.PLAN: _("Plan"),
    Exercise.Kind.LOG: _("Log"),
}


class Chosen(NamedTuple):
    """What of the queue is looked at: the pieces of one cohort, of one kind of exercise, of both, or all there are."""

    desk: Desk | None
    kind: str

    @property
    def only(self) -> dict[str, int | str]:
        """For the reading."""
        found: dict[str, int | str] = {"cohort": self.desk.cohort} if self.desk else {}
        return found | {"kind": self.kind} if self.kind else found

    @property
    def query(self) -> str:
        """For an address; empty where nothing is chosen."""
        return urlencode(self.only | ({"cohort": self.desk.slug} if self.desk else {}))

    @property
    def words(self) -> str:
        """For whoever reads."""
        chosen = (self.desk.name if self.desk else "", KINDS[self.kind] if self.kind else "")
        return ", ".join(str(one) for one in chosen if one)


@require_safe
@desk
def queue(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """A page of what waits for this coach and their colleagues, and which piece to take first."""
    after = _place(request.GET.get("after"))
    desks = substitutions.desks(request.user, at=at)
    if not desks:
        raise Http404
    chosen = _chosen(request.GET, desks)
    found = caseload.queue(request.user, at=at, after=after, limit=caseload.PAGE + 1, only=chosen.only)
    rows = found[: caseload.PAGE]
    is_whole, people = after is None and not chosen.query, _coached(rows, desks)
    request.waiting = min(len(found), caseload.COUNTED) if is_whole else None
    context = {
        "at": at,
        **_groups(rows, at),
        "waiting": len(rows),
        "over": sum(row.left < NOTHING for row in rows),
        "oldest_hours": int(max(row.promise.waited for row in rows).total_seconds() // 3600) if rows else 0,
        "first_free": next((row for row in _by_time_left(rows) if row.is_free_for(request.user)), None),
        "many_cohorts": len({row.cohort for row in rows}) > 1,
        "worries": _worries(people, at),
        "people": ",".join(map(str, people)),
        "more": _mark(rows[-1]) if len(found) > len(rows) else "",
        "after": after,
        "is_whole": is_whole,
        "coaches": any(desk.coaches for desk in desks),
        "next_due_at": None if rows or chosen.query else caseload.next_due_at(request.user, at=at),
        "toast": toast(request, at=at),
        "keys": _keys(request.user, has_filters=bool(rows or chosen.query)),
        **_filters(chosen, desks),
        **(_beside(request.user, desks, at) if is_whole else {}),
    }
    return render(request, "coaching/coach/queue.html", context)


def _beside(coach: User, desks: list[Desk], at: datetime) -> dict[str, Any]:
    """What stands around the pieces where all of them are looked at from the first on."""
    return {
        "pace": digests.pace(coach, at=at),
        "waiting_words": _writing.all(coach=coach.pk, at=at),
        "to_talk": _talking.all(coach=coach.pk),
        "heard": replies.heard(coach, at=at),
        "stands_in": list(substitutions.open_for(coach, at=at)) if any(desk.stands_in for desk in desks) else [],
        "asked": _asking.all(coach=coach.pk, at=at),
    }


def _keys(coach: User, *, has_filters: bool) -> tuple[dict[str, Any], ...]:
    letters = LETTERS + (FILTER if has_filters else ()) if coach.letter_keys else ()
    return letters + KEYS


@Question
def _writing(*, coach: int, at: datetime) -> QuerySet:
    return conversations.waiting(User(pk=coach), at=at)[:ASKING]


@Question
def _talking(*, coach: int) -> QuerySet:
    return talks.open_for(User(pk=coach))[:ASKING]


@Question
def _asking(*, coach: int, at: datetime) -> QuerySet:
    return caseload.asked_of(User(pk=coach), at=at)


def _chosen(asked: QueryDict, desks: list[Desk]) -> Chosen:
    """What the address chooses; 404 for a cohort that is not one of theirs, and for no kind of exercise."""
    slug, kind = asked.get("cohort", ""), asked.get("kind", "")
    desk = next((one for one in desks if one.slug == slug), None)
    if (slug and desk is None) or (kind and kind not in KINDS):
        raise Http404
    return Chosen(desk, kind)


def _filters(chosen: Chosen, desks: list[Desk]) -> dict[str, Any]:
    """The filters and what there is to choose; a cohort that is closed holds nothing that waits."""
    cohorts = [desk for desk in desks if desk.closed_at is None or desk == chosen.desk]
    return {"chosen": chosen, "cohorts": cohorts if len(cohorts) > 1 else [], "kinds": KINDS.items()}


def _coached(rows: list[QueueRow], desks: list[Desk]) -> dict[int, Ref]:
    """The clients in these rows by enrolment, but for those whom one only stands in for."""
    coached = {desk.cohort for desk in desks if desk.coaches}
    return {row.enrolment: Ref(row.enrolment, row.client) for row in rows if row.cohort.pk in coached}


def _worries(people: dict[int, Ref], at: datetime) -> dict[int, str]:
    """Why these clients need their coach, in brief, by enrolment: what one query tells. The rest is asked for later."""
    return {key: worries.in_brief(found) for key, found in risks.at_a_glance(people, at=at).items()}


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
