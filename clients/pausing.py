"""Pausing a cohort and letting it go on.

While it is paused nothing is sent. When it goes on, everything still to come has moved by the days it
stood still (see `moments`); whoever plans messages hears of it in the same transaction.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from . import messaging, recording, stopping
from .models import Cohort, CohortPause, User
from .signals import schedule_changed


class CannotPause(ValidationError):
    """The cohort is not in a state for this."""


def pause_refusal(cohort: Cohort) -> CannotPause | None:
    if cohort.is_closed:
        return CannotPause(_("This cohort is closed."), code="cohort.closed")
    if cohort.is_paused:
        return CannotPause(_("This cohort is paused already."), code="cohort.paused")
    return None


def resume_refusal(cohort: Cohort) -> CannotPause | None:
    if not cohort.is_paused:
        return CannotPause(_("This cohort is not paused."), code="cohort.not_paused")
    return None


@transaction.atomic
def pause(cohort: Cohort, *, by: User, at: datetime, reason: str = "") -> Cohort:
    cohort = stopping.locked(cohort)
    if refusal := pause_refusal(cohort):
        raise refusal
    CohortPause.objects.create(cohort=cohort, began_at=at, reason=reason)
    return _changed(cohort, "paused", by, at, reason)


@transaction.atomic
def resume(cohort: Cohort, *, by: User, at: datetime) -> Cohort:
    cohort = stopping.locked(cohort)
    if refusal := resume_refusal(cohort):
        raise refusal
    cohort.pauses.filter(ended_at=None).update(ended_at=at)
    messaging.release_held(cohort, at=at)
    return _changed(cohort, "resumed", by, at, "")


def _changed(cohort: Cohort, action: str, by: User, at: datetime, note: str) -> Cohort:
    Cohort.objects.filter(pk=cohort.pk).update(plan_version=F("plan_version") + 1, plan_changed_at=at)
    cohort = Cohort.objects.get(pk=cohort.pk)
    recording.record(action, cohort, by=by, at=at, cohort=cohort, note=note)
    schedule_changed.send(sender=Cohort, cohort=cohort, at=at)
    return cohort
