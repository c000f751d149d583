"""Agreeing the focus in a midpoint call: either of the two writes it down, and the last one to write it counts.

Lock order: that of calls.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients import assessing
from clients.models import User

from . import caseload
from .calling import CannotCall, NotYourCall, locked_call, walking_refusal
from .models import Call


def agree_refusal(call: Call, *, by: User) -> Exception | None:
    """Why this person cannot write the focus of this call."""
    is_coach = by.pk == call.slot.coach_id and caseload.coaches(by, call.slot.cohort)
    if by.pk != call.enrolment.client_id and not is_coach:
        return NotYourCall(_("Only the two whose call it is agree on its focus."))
    if refusal := walking_refusal(call.enrolment):
        return refusal
    if not call.is_booked:
        return CannotCall(_("This call is cancelled. Book another one instead."), code="call.cancelled")
    return None


@transaction.atomic
def agree(call: Call, *, sentence: str, competency: str, by: User, at: datetime) -> Call:
    """One sentence and its competency, on the client's week till the end. The journal has that it was agreed."""
    call, _slot = locked_call(call)
    if refusal := agree_refusal(call, by=by):
        raise refusal
    call.enrolment = assessing.settle_focus(call.enrolment, sentence=sentence, competency=competency, by=by, at=at)
    return call
