"""Pieces that are to be discussed live, and whether coach and client have talked about them."""

from datetime import datetime

from django.db.models import QuerySet

from clients.models import Enrolment, User

from . import caseload
from .models import Feedback, Talk

LIVE = Feedback.Verdict.LIVE


def of(feedback: Feedback | None) -> Talk | None:
    """What stands of it; no query where it was read with the feedback."""
    found: Talk | None = getattr(feedback, "talk", None)
    return found


def markable(coach: User, *, at: datetime) -> QuerySet[Feedback]:
    """Answers that somebody may say of that they were talked about: on what they read as a coach, once its client
    can read it."""
    read = caseload.reviewable_by(coach, at=at).values("pk")
    rows = Feedback.objects.filter(attempt__submission__in=read, verdict=LIVE, shown_from__lte=at)
    return rows.select_related("talk", "coach", "attempt")


def open_for(coach: User) -> QuerySet[Feedback]:
    """What a coach and their colleagues have still to talk about with somebody who walks, the longest first."""
    rows = Feedback.objects.filter(
        verdict=LIVE,
        talk=None,
        attempt__submission__enrolment__cohort__in=caseload.coached_by(coach).values("pk"),
        attempt__submission__enrolment__cohort__closed_at=None,
        attempt__submission__enrolment__state=Enrolment.State.ACTIVE,
    ).exclude(attempt__submission__enrolment__client=coach)
    piece = "attempt__submission"
    rows = rows.select_related(f"{piece}__enrolment__client", f"{piece}__enrolment__cohort", f"{piece}__exercise__week")
    return rows.order_by("sent_at", "pk")
