"""What the engine gave up: a person has it tried once more, where its guard is asked again, or lets it go."""

from datetime import datetime

from django.db import transaction

from clients import messaging, recording
from clients.models import User

from .models import Milestone

State = Milestone.State


@transaction.atomic
def retry(milestone: Milestone, *, by: User, at: datetime) -> bool:
    """Whether it is in the line again. Too late to be of use, it is skipped with its next try."""
    if not (row := _given_up(milestone)):
        return False
    row.state, row.attempts, row.lease_until, row.reason, row.last_error = State.PENDING, 0, None, "", ""
    row.save(update_fields=["state", "attempts", "lease_until", "reason", "last_error"])
    recording.record("tried a moment again", row, by=by, at=at, cohort=row.home, note=row.kind)
    return True


@transaction.atomic
def let_go(milestone: Milestone, *, by: User, at: datetime) -> bool:
    """Whether it was still there to be let go. Nobody is told of it any more."""
    if not (row := _given_up(milestone)):
        return False
    row.state, row.reason = State.CANCELLED, messaging.LET_GO
    row.save(update_fields=["state", "reason"])
    recording.record("let a moment go", row, by=by, at=at, cohort=row.home, note=row.kind)
    return True


def _given_up(milestone: Milestone) -> Milestone | None:
    return Milestone.objects.select_for_update().filter(pk=milestone.pk, state=State.DEAD).first()
