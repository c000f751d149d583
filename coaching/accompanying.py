"""What coaches have of a client goes along when the client goes on in another cohort: ratings, what is waived, and
the promise of an answer to what waits.

What a coach has in hand stays with that coach until it is answered or given back, in whichever cohort its client is
by then: nobody's half-written feedback is lost, and nobody has to wait with the change. Whoever coaches there now can
take it over, as from any colleague.
"""

from datetime import datetime

from clients.attempts import latest_attempt
from clients.models import Enrolment, Submission

from . import caseload, feedbacks, scheduling
from .models import Claim

State = Submission.State


def accompany(here: Enrolment, there: Enrolment, *, at: datetime) -> None:
    """In the transaction of the change, once the pieces are where they go."""
    here.ratings.exclude(moment__in=there.ratings.values("moment")).update(enrolment=there)
    waived = here.waivers.filter(ended_at=None)
    waived.exclude(condition__in=there.waivers.filter(ended_at=None).values("condition")).update(enrolment=there)
    _leave_in_hand(here, there, at)
    _take_raters(here, there)
    _watch(there, at)
    scheduling.follow_what_is_missing(there, at=at)


def _leave_in_hand(here: Enrolment, there: Enrolment, at: datetime) -> None:
    """With whoever has claimed it: also what has no place there and stays."""
    read = {"attempt__submission__enrolment__in": [here, there], "attempt__submission__state": State.IN_REVIEW}
    for claim in Claim.objects.filter(**read).select_related("coach", "attempt__submission"):
        is_there = claim.attempt.submission.enrolment_id == there.pk
        taken_in = claim.taken_in_id or here.cohort_id
        claim.taken_in_id = None if is_there and caseload.reads(claim.coach, there.cohort, at=at) else taken_in
        claim.save(update_fields=["taken_in"])


def _take_raters(here: Enrolment, there: Enrolment) -> None:
    """Whom the client has asked, and what was said; whoever was asked in both stays asked where they were."""
    here.raters.exclude(address__in=there.raters.values("address")).update(enrolment=there)
    here.pulse_answers.update(enrolment=there)


def _watch(enrolment: Enrolment, at: datetime) -> None:
    """What waits is promised from its hand-in on, and whoever was asked for another attempt is reminded of it."""
    waits = (State.HANDED_IN, State.IN_REVIEW)
    pieces = Submission.objects.filter(enrolment=enrolment, state__in=[*waits, State.RETURNED])
    for piece in pieces.select_related("enrolment__cohort__edition", "exercise__week"):
        if piece.state in waits:
            scheduling.plan_review(_attempt(piece), at=at)
        elif feedback := feedbacks.last_shown(piece, at=at):
            scheduling.plan_next_attempt(feedback, at=at)


def _attempt(piece: Submission):
    attempt = latest_attempt(piece)
    assert attempt is not None, "what is handed in has an attempt"
    return attempt
