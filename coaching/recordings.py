"""Which recordings somebody may hear: one's own, and as a coach what was handed in."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients import sounds
from clients.models import Attempt, Recording, User

from . import caseload


def visible_to(user: User, *, at: datetime) -> QuerySet[Recording]:
    """A coach hears what an attempt names that they may read, and nothing of what its client tried out."""
    named = sounds.named_by(OuterRef("field"), OuterRef("pk"))
    handed_in = Attempt.objects.filter(submission=OuterRef("submission"), answer__contains=named, taken_back=None)
    theirs = Q(submission__in=caseload.reviewable_by(user, at=at).values("pk")) & Exists(handed_in)
    return sounds.ready().filter(Q(submission__enrolment__client=user) | theirs)
