"""The review queue: what waits, by the time left on the 72 hours that were promised."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients.models import User
from coaching import caseload, digests, queued, risks, signs, substitutions, worries
from coaching.queued import QueueRow, Ref
from coaching.substitutions import Desk
from curriculum.at_once import at_once
from curriculum.models import Exercise

from . import beside
from .desk import CoachRequest, desk, toast

NO_TIME = timedelta()
LETTERS = ({"keys": ["J", "K"], "label": _("next piece, previous piece")},)
FILTER = ({"keys": ["/"], "label": _("the first filter")},)
KEYS = ({"keys": ["↵"], "label": _("open the piece in focus")},)
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

    cohort: str
    kind: str

    @property
    def only(self) -> dict[str, str]:
        """For the reading and, as they stand, for an address."""
        return {name: value for name, value in self._asdict().items() if value}

    @property
    def query(self) -> str:
        """For an address; empty where nothing is chosen."""
        return urlencode(self.only)

    def words(self, desk: Desk | None) -> str:
        """For whoever reads."""
        chosen = (desk.name if desk else "", KINDS[self.kind] if self.kind else "")
        return ", ".join(str(one) for one in chosen if one)


@require_safe
@desk
def queue(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """A page of what waits for this coach and their colleagues, and which piece to take first."""
    after, chosen, coach = _place(request.GET.get("after")), _chosen(request.GET), request.user
    is_whole = after is None and not chosen.query
    pieces = caseload.asks_queue(coach, at=at, after=after, limit=caseload.PAGE + 1, only=chosen.only)
    with at_once(substitutions.asks_desks(coach, at=at), pieces, *(beside.asks(coach, at=at) if is_whole else ())):
        desks, found = substitutions.desks(coach, at=at), pieces.all()
        around = beside.of(coach, desks, at=at) if is_whole else beside.NOTHING
    only = _desk(chosen, desks)
    people = _coached(found[: caseload.PAGE], desks)
    with at_once(*queued.asks_about(found), *signs.asks_about(people), *digests.asks_about(around.answers)):
        rows = queued.rows_of(found, at=at)[: caseload.PAGE]
        told = _worries(people, at)
        pace = digests.pace_of(around.answers) if is_whole else None
    request.waiting = min(len(found), caseload.COUNTED) if is_whole else None
    context = {
        "at": at,
        **_groups(rows, at),
        "waiting": len(rows),
        "over": sum(row.left < NO_TIME for row in rows),
        "oldest_hours": int(max(row.promise.waited for row in rows).total_seconds() // 3600) if rows else 0,
        "first_free": next((row for row in _by_time_left(rows) if row.is_free_for(coach)), None),
        "many_cohorts": len({row.cohort for row in rows}) > 1,
        "worries": told,
        "people": ",".join(map(str, people)),
        "more": _mark(rows[-1]) if len(found) > len(rows) else "",
        "after": after,
        "is_whole": is_whole,
        "pace": pace,
        "around": around,
        "coaches": any(desk.coaches for desk in desks),
        "next_due_at": None if rows or chosen.query else caseload.next_due_at(coach, at=at),
        "toast": toast(request, at=at),
        "keys": _keys(coach, has_filters=bool(rows or chosen.query)),
        **_filters(chosen, only, desks),
    }
    return render(request, "coaching/coach/queue.html", context)


def _keys(coach: User, *, has_filters: bool) -> tuple[dict[str, Any], ...]:
    letters = LETTERS + (FILTER if has_filters else ()) if coach.letter_keys else ()
    return letters + KEYS


def _chosen(asked: QueryDict) -> Chosen:
    """What the address chooses; 404 for what is no cohort's name in addresses, and for no kind of exercise."""
    slug, kind = asked.get("cohort", ""), asked.get("kind", "")
    if (slug and not slug_re.fullmatch(slug)) or (kind and kind not in KINDS):
        raise Http404
    return Chosen(slug, kind)


def _desk(chosen: Chosen, desks: list[Desk]) -> Desk | None:
    """Which of theirs is looked at; 404 for whoever has none, and for a cohort that is not one of theirs."""
    found = next((one for one in desks if one.slug == chosen.cohort), None)
    if not desks or (chosen.cohort and found is None):
        raise Http404
    return found


def _filters(chosen: Chosen, desk: Desk | None, desks: list[Desk]) -> dict[str, Any]:
    """The filters and what there is to choose; a cohort that is closed holds nothing that waits."""
    cohorts = [one for one in desks if one.closed_at is None or one == desk]
    return {
        "chosen": chosen,
        "desk": desk,
        "chosen_words": chosen.words(desk),
        "cohorts": cohorts if len(cohorts) > 1 else [],
        "kinds": KINDS.items(),
    }


def _coached(pieces: list[Any], desks: list[Desk]) -> dict[int, Ref]:
    """Whose pieces these are, by enrolment, but for those whom one only stands in for."""
    coached = {desk.cohort for desk in desks if desk.coaches}
    return {key: Ref(key, name) for _pk, key, name, cohort, *_rest in pieces if cohort in coached}


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
