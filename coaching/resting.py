"""What is planned for a client rests once they have finished or left, and comes again where that is taken back."""

from datetime import datetime

from django.db import transaction

from clients.models import Enrolment

from . import scheduling
from .models import Milestone

State = Milestone.State
FINISHED = "the client has finished"


@transaction.atomic
def rest(enrolment: Enrolment) -> int:
    """Nothing of the weeks comes any more. What is on its way is asked when it leaves."""
    waiting = Milestone.objects.filter(enrolment=enrolment, state=State.PENDING)
    return waiting.update(state=State.CANCELLED, reason=FINISHED)


@transaction.atomic
def wake(enrolment: Enrolment, *, at: datetime) -> int:
    """What rested comes by the dates there are now, what was to come months later does not."""
    after = Milestone.objects.filter(cohort=None, enrolment=None, person=enrolment.client, object_id=enrolment.pk)
    after.filter(state=State.PENDING).delete()
    rested = Milestone.objects.filter(enrolment=enrolment, state=State.CANCELLED, reason=FINISHED)
    rested.update(state=State.PENDING, reason="")
    return scheduling.replan_enrolment(enrolment, at=at)


@transaction.atomic
def come_back(enrolment: Enrolment, *, at: datetime) -> int:
    """Somebody walks again with a cohort they had left: what was cancelled then comes by the dates there are now."""
    cancelled = Milestone.objects.filter(enrolment=enrolment, state=State.CANCELLED, reason=scheduling.LEFT)
    cancelled.filter(due_at__gt=at).update(state=State.PENDING, reason="")
    return scheduling.replan_enrolment(enrolment, at=at)
