"""Heeding who needs their coach: a flag of one's own, lowering it, and having seen to a reason.

Lock order: the enrolment.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import endings, recording
from clients.models import Enrolment, User

from . import caseload, risks
from .models import Flag, SeenTo
from .models.risk import SNOOZE
from .risks import AtRisk, Risk

LONGEST = 200


class NotLookedAfter(PermissionDenied):
    """Only coaches of the client's cohort look after them here, and nobody after themselves."""

    code = "risk.not_yours"


class CannotHeed(ValidationError):
    """There is no such reason, or somebody was faster."""


class FlagWithoutReason(ValidationError):
    """A flag says why."""

    field = "reason"


# --- Refusals -------------------------------------------------------------------------------------


def flag_refusal(enrolment: Enrolment, *, by: User, reason: str) -> Exception | None:
    if refusal := _coach_refusal(enrolment, by):
        return refusal
    if Flag.objects.filter(enrolment=enrolment, lowered_at=None).exists():
        return CannotHeed(_("%(name)s is flagged already.") % {"name": enrolment.client}, code="flag.there")
    if not reason.strip():
        return FlagWithoutReason(_("Say why, in a sentence for the coaches of the cohort."), code="flag.reason")
    return None


def lower_refusal(flag: Flag, *, by: User) -> Exception | None:
    if refusal := _coach_refusal(flag.enrolment, by):
        return refusal
    if flag.lowered_at is not None:
        return CannotHeed(_("This flag was lowered already."), code="flag.lowered")
    return None


def see_to_refusal(enrolment: Enrolment, rule: str, *, by: User, at: datetime) -> Exception | None:
    if refusal := _coach_refusal(enrolment, by):
        return refusal
    found = _risk(risks.of_one(enrolment, at=at), rule)
    if found is None:
        return CannotHeed(_("This reason is not there any more."), code="risk.gone")
    if found.rests_until:
        return CannotHeed(_("Somebody has seen to this; it rests for seven days."), code="risk.seen_to")
    return None


def _risk(one: AtRisk | None, rule: str) -> Risk | None:
    return next((risk for risk in [*one.risks, *one.resting] if risk.rule == rule), None) if one else None


def _coach_refusal(enrolment: Enrolment, by: User) -> Exception | None:
    if enrolment.client_id == by.pk or not caseload.coaches(by, enrolment.cohort):
        return NotLookedAfter(_("You do not coach this client."))
    if not enrolment.is_active:
        return CannotHeed(endings.sentence(enrolment), code="enrolment.ended")
    if enrolment.cohort.is_closed:
        return CannotHeed(_("This cohort is closed."), code="cohort.closed")
    return None


# --- Doing it -------------------------------------------------------------------------------------


@transaction.atomic
def flag(enrolment: Enrolment, *, reason: str, by: User, at: datetime) -> Flag:
    """On the list of the cohort's coaches until somebody lowers it. Its client and admins are shown nothing."""
    enrolment = _locked(enrolment)
    if refusal := flag_refusal(enrolment, by=by, reason=reason):
        raise refusal
    raised = Flag.objects.create(enrolment=enrolment, coach=by, reason=reason.strip()[:LONGEST], raised_at=at)
    recording.record("raised a flag", raised, by=by, at=at, cohort=enrolment.cohort)
    return raised


@transaction.atomic
def lower(flag: Flag, *, by: User, at: datetime) -> Flag:
    _locked(flag.enrolment)
    flag = Flag.objects.select_related("enrolment__client", "enrolment__cohort").get(pk=flag.pk)
    if refusal := lower_refusal(flag, by=by):
        raise refusal
    flag.lowered_at = at
    flag.save(update_fields=["lowered_at"])
    recording.record("lowered a flag", flag, by=by, at=at, cohort=flag.enrolment.cohort)
    return flag


@transaction.atomic
def see_to(enrolment: Enrolment, *, rule: str, by: User, at: datetime) -> SeenTo:
    """Seen, spoke to them: this reason rests for seven days, or until its cause is gone and comes anew."""
    enrolment = _locked(enrolment)
    if refusal := see_to_refusal(enrolment, rule, by=by, at=at):
        raise refusal
    rests = SeenTo.objects.create(enrolment=enrolment, rule=rule, by=by, at=at, until=at + SNOOZE)
    recording.record("saw to a reason", rests, by=by, at=at, cohort=enrolment.cohort, note=rule)
    return rests


def _locked(enrolment: Enrolment) -> Enrolment:
    whole = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort__edition")
    return whole.get(pk=enrolment.pk)
