"""Which recordings somebody may hear: one's own, as a coach what was handed in, as an admin what they opened."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients import sounds
from clients.models import Attempt, Recording, User

from . import caseload, inspections


def visible_to(user: User, *, at: datetime) -> QuerySet[Recording]:
    """A coach hears what an attempt names that they may read, and nothing of what its client tried out.

    So does an admin of a piece they have read for a reason, as long as the hour lasts.
    """
    named = sounds.named_by(OuterRef("field"), OuterRef("pk"))
    handed_in = Attempt.objects.filter(submission=OuterRef("submission"), answer__contains=named, taken_back=None)
    coached = Q(submission__in=caseload.reviewable_by(user, at=at).values("pk"))
    theirs = (coached | Q(inspections.opened(user, at, "submission"))) & Exists(handed_in)
    return sounds.ready().filter(Q(submission__enrolment__client=user) | theirs)
