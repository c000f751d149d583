"""What was said under feedback, for whoever reads the attempt; and what a coach hears of it in counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clients.models import Attempt, Submission, User
from curriculum.prepared import Asked, Question

from . import caseload
from .models import Feedback, Reply, Used

LATELY = timedelta(weeks=4)


@dataclass(frozen=True)
class Thread:
    """What stands under one feedback, in its order. `offered` are the presses its client has not made yet."""

    feedback: Feedback
    replies: tuple[Reply, ...]
    used_at: datetime | None
    offered: tuple[Reply.Quick, ...]


@dataclass(frozen=True)
class Heard:
    """What became of what a coach sent in four weeks, for their eyes only: how many pieces, and of how many its client
    used it, did not understand it, sees it differently, tried it."""

    sent: int
    used: int
    lost: int
    otherwise: int
    tried: int


def visible_to(user: User, *, at: datetime) -> QuerySet[Reply]:
    """Where somebody may read the attempt, and while there is feedback on it that shows. Admins read none of it."""
    theirs = caseload.submissions_visible_to(user, at=at).values("pk")
    rows = Reply.objects.filter(attempt__submission__in=theirs, attempt__feedback__shown_from__lte=at)
    return rows.select_related("author")


def under(feedback: Feedback, user: User, *, at: datetime) -> Thread:
    """What stands under a feedback this person reads, in two queries."""
    said = visible_to(user, at=at).filter(attempt=feedback.attempt_id).order_by("written_at", "pk")
    found = tuple(said)
    pressed = {reply.quick for reply in found}
    return Thread(feedback, found, used_at(feedback), tuple(one for one in Reply.Quick if one not in pressed))


def counted(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    """Attempts with how much was said under each, as `said`, for who reads them anyway."""
    rows = Reply.objects.filter(attempt=OuterRef("pk")).order_by().values("attempt")
    return attempts.annotate(said=Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0))


def used_at(feedback: Feedback) -> datetime | None:
    """Since when its client has used it; no query where it was read with the feedback."""
    found: Used | None = getattr(feedback, "used", None)
    return found.at if found else None


def shown_on(attempt: Attempt, *, at: datetime) -> Feedback | None:
    """The feedback on an attempt its client can read; None while there is none, or after it was taken back."""
    return Feedback.objects.filter(attempt=attempt, shown_from__lte=at).select_related("coach").first()


def shown_in(submission: Submission, *, at: datetime, number: int | None = None) -> Feedback | None:
    """The newest feedback on a piece its client can read, or the one on attempt `number`."""
    found = Feedback.objects.filter(attempt__submission=submission, shown_from__lte=at)
    found = found if number is None else found.filter(attempt__number=number)
    return found.select_related("coach", "attempt", "used", "talk").order_by("-attempt__serial").first()


def heard(coach: User, *, at: datetime) -> Heard:
    """In one query, whatever was said."""
    found = asks_heard(coach, at=at).first()
    return Heard(*found) if found else Heard(0, 0, 0, 0, 0)


def asks_heard(coach: User, *, at: datetime) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _heard.of(coach=coach.pk, since=at - LATELY, at=at)


@Question
def _heard(*, coach: int, since: datetime, at: datetime) -> QuerySet:
    sent = Feedback.objects.filter(coach=coach, sent_at__gt=since, sent_at__lte=at).order_by()
    pressed = {
        name: Count("pk", filter=Q(attempt__replies__quick=quick), distinct=True)
        for name, quick in (("lost", "lost"), ("otherwise", "otherwise"), ("tried", "tried"))
    }
    counted = sent.values("coach").annotate(
        sent=Count("pk", distinct=True), by_them=Count("used", distinct=True), **pressed
    )
    return counted.values_list("sent", "by_them", "lost", "otherwise", "tried")
