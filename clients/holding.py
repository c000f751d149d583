"""Putting one client on hold and letting them go on.

Meanwhile nothing reaches them and nothing of theirs comes due; what they have handed in is reviewed all the same.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import deadlines, endings, messaging, recording
from .models import Cohort, Enrolment, Hold, User
from .signals import rescheduled


class CannotHold(ValidationError):
    """The client is not in a state for this."""


def hold_refusal(enrolment: Enrolment) -> CannotHold | None:
    if refusal := _over(enrolment):
        return refusal
    if deadlines.on_hold_since(enrolment):
        return CannotHold(_("%(name)s is on hold already.") % {"name": enrolment.client}, code="hold.there")
    return None


def go_on_refusal(enrolment: Enrolment) -> CannotHold | None:
    if refusal := _over(enrolment):
        return refusal
    if not deadlines.on_hold_since(enrolment):
        return CannotHold(_("%(name)s is not on hold.") % {"name": enrolment.client}, code="hold.not_there")
    return None


def _over(enrolment: Enrolment) -> CannotHold | None:
    if not enrolment.is_active:
        return CannotHold(endings.sentence(enrolment), code="enrolment.ended")
    return CannotHold(_("This cohort is closed."), code="cohort.closed") if enrolment.cohort.is_closed else None


@transaction.atomic
def hold(enrolment: Enrolment, *, by: User, at: datetime, reason: str = "") -> Enrolment:
    enrolment = locked(enrolment)
    if refusal := hold_refusal(enrolment):
        raise refusal
    Hold.objects.create(enrolment=enrolment, began_at=at, reason=reason)
    return changed(enrolment, "put on hold", by=by, at=at)


@transaction.atomic
def go_on(enrolment: Enrolment, *, by: User, at: datetime) -> Enrolment:
    """Everything of theirs still to come has moved by the days they stood still."""
    enrolment = locked(enrolment)
    if refusal := go_on_refusal(enrolment):
        raise refusal
    enrolment.holds.filter(ended_at=None).update(ended_at=at)
    messaging.release_held(enrolment.cohort, at=at, person=enrolment.client)
    return changed(enrolment, "let go on", by=by, at=at)


def locked(enrolment: Enrolment) -> Enrolment:
    """Waits for whoever is sending to the cohort right now, and for whoever else changes this client's dates."""
    list(Cohort.objects.select_for_update().filter(enrolments=enrolment))
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    return deadlines.with_calendar(Enrolment.objects.all()).get(pk=enrolment.pk)


def changed(enrolment: Enrolment, action: str, *, by: User | None, at: datetime, note: str = "") -> Enrolment:
    """Journalled and announced; returns the enrolment with its dates as they are now."""
    recording.record(action, enrolment, by=by, at=at, cohort=enrolment.cohort, note=note)
    rescheduled.send(sender=Enrolment, enrolment=enrolment, at=at)
    return deadlines.with_calendar(Enrolment.objects.all()).get(pk=enrolment.pk)
