"""A coach's spoken answers: whose one may hear, and the files they name."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Attempt, User
from curriculum.prepared import Asked, Question

from . import caseload, inspections
from .models import Feedback, Voice


def visible_to(user: User, *, at: datetime) -> QuerySet[Voice]:
    """One's own; what was sent, for the coaches of the cohort at once, for its client from when it shows.

    And for an admin with the piece they have read for a reason, as long as the hour lasts.
    """
    sent = Feedback.objects.filter(attempt=OuterRef("attempt"), coach=OuterRef("coach"))
    coached = Q(attempt__submission__in=caseload.reviewable_by(user, at=at).values("pk"))
    theirs = Q(attempt__submission__enrolment__client=user)
    return Voice.objects.filter(
        coached & Q(coach=user)
        | (coached | Q(inspections.opened(user, at, "attempt__submission"))) & Exists(sent)
        | theirs & Exists(sent.filter(shown_from__lte=at))
    )


def of_draft(attempt: Attempt, coach: User) -> Voice | None:
    """What the coach has said so far."""
    found: Voice | None = asks_draft(attempt, coach).first()
    return found


def asks_draft(attempt: Attempt, coach: User) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _said.of(attempt=attempt.pk, coach=coach.pk)


@Question
def _said(*, attempt: int, coach: int) -> QuerySet:
    return Voice.objects.filter(attempt=attempt, coach=coach)[:1]


def of(feedback: Feedback | None) -> Voice | None:
    """What goes with a feedback that was sent."""
    return _said.first(attempt=feedback.attempt_id, coach=feedback.coach_id) if feedback else None


def named_files() -> set[str]:
    """The digests that rows name."""
    return {digest for pair in Voice.objects.values_list("digest", "playable") for digest in pair}
