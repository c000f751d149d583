"""Waiving one condition of finishing for one client, with a reason, and asking for it again. For admins."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import endings, holding, recording
from clients.models import Enrolment, User

from . import graduation
from .graduation import Condition
from .models import Waiver


class CannotWaive(ValidationError):
    """Not this condition, or not now."""


class NoReason(ValidationError):
    """Says why not beside the field."""

    field = "reason"


def waive_refusal(enrolment: Enrolment, condition: str, *, reason: str, at: datetime) -> ValidationError | None:
    if refusal := over_refusal(enrolment):
        return refusal
    found = _condition(enrolment, condition, at)
    if found is None:
        return CannotWaive(_("Finishing does not ask for this."), code="waiver.unknown")
    if found.waiver:
        return CannotWaive(_("This is waived already."), code="waiver.there")
    if found.is_done:
        return CannotWaive(_("This is done, so there is nothing to waive."), code="waiver.done")
    if not reason.strip():
        return NoReason(_("Say why, in a few words. Coaches and admins read it."), code="waiver.reason")
    return None


def ask_again_refusal(enrolment: Enrolment, condition: str) -> CannotWaive | None:
    if refusal := over_refusal(enrolment):
        return refusal
    if not Waiver.objects.filter(enrolment=enrolment, condition=condition, ended_at=None).exists():
        return CannotWaive(_("This is not waived."), code="waiver.not_there")
    return None


def over_refusal(enrolment: Enrolment) -> CannotWaive | None:
    """Whether anything can be waived for this client at all."""
    if not enrolment.is_active:
        return CannotWaive(endings.sentence(enrolment), code="enrolment.ended")
    return CannotWaive(_("This cohort is closed."), code="cohort.closed") if enrolment.cohort.is_closed else None


def _condition(enrolment: Enrolment, key: str, at: datetime) -> Condition | None:
    return next((one for one in graduation.of(enrolment, at=at).conditions if one.key == key), None)


@transaction.atomic
def waive(enrolment: Enrolment, condition: str, *, reason: str, by: User, at: datetime) -> Waiver:
    """It is not missing from now on, and is not named at the end."""
    enrolment = holding.locked(enrolment)
    if refusal := waive_refusal(enrolment, condition, reason=reason, at=at):
        raise refusal
    waiver = Waiver.objects.create(
        enrolment=enrolment, condition=condition, reason=reason.strip(), waived_at=at, waived_by=by
    )
    recording.record("waived", enrolment, by=by, at=at, cohort=enrolment.cohort, note=f"{condition}: {waiver.reason}")
    return waiver


@transaction.atomic
def ask_again(enrolment: Enrolment, condition: str, *, by: User, at: datetime) -> None:
    """It is asked for again."""
    enrolment = holding.locked(enrolment)
    if refusal := ask_again_refusal(enrolment, condition):
        raise refusal
    Waiver.objects.filter(enrolment=enrolment, condition=condition, ended_at=None).update(ended_at=at)
    recording.record("asked for again", enrolment, by=by, at=at, cohort=enrolment.cohort, note=condition)
