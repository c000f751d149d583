"""What coaches have of a client goes along when the client goes on in another cohort: ratings, what is waived, and
the promise of an answer to what waits."""

from datetime import datetime

from clients.attempts import latest_attempt
from clients.models import Enrolment, Submission

from . import feedbacks, scheduling

State = Submission.State


def accompany(here: Enrolment, there: Enrolment, *, at: datetime) -> None:
    """In the transaction of the change, once the pieces are where they go."""
    here.ratings.exclude(moment__in=there.ratings.values("moment")).update(enrolment=there)
    waived = here.waivers.filter(ended_at=None)
    waived.exclude(condition__in=there.waivers.filter(ended_at=None).values("condition")).update(enrolment=there)
    _watch(there, at)
    scheduling.follow_what_is_missing(there, at=at)


def _watch(enrolment: Enrolment, at: datetime) -> None:
    """What waits is promised from its hand-in on, and whoever was asked for another attempt is reminded of it."""
    pieces = Submission.objects.filter(enrolment=enrolment, state__in=[State.HANDED_IN, State.RETURNED])
    for piece in pieces.select_related("enrolment__cohort__edition", "exercise__week"):
        if piece.state == State.HANDED_IN:
            scheduling.plan_review(_attempt(piece), at=at)
        elif feedback := feedbacks.last_shown(piece, at=at):
            scheduling.plan_next_attempt(feedback, at=at)


def _attempt(piece: Submission):
    attempt = latest_attempt(piece)
    assert attempt is not None, "what is handed in has an attempt"
    return attempt
