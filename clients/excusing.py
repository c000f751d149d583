"""Excusing one exercise of one client, and asking for it again."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.models import Exercise

from . import deadlines, endings, holding
from .models import Enrolment, Excusal, Submission, User


class CannotExcuse(ValidationError):
    """This exercise of this client, or this reason, is not one for it."""


class NoReason(ValidationError):
    """Says why not beside the field."""

    field = "reason"


def excuse_refusal(enrolment: Enrolment, exercise: Exercise, *, reason: str) -> ValidationError | None:
    if refusal := _over(enrolment):
        return refusal
    if deadlines.is_excused(enrolment, exercise):
        return CannotExcuse(_("This exercise is excused already."), code="excusal.there")
    if _is_in(enrolment, exercise):
        return CannotExcuse(_("This was handed in, so there is nothing to excuse."), code="excusal.handed_in")
    if not reason.strip():
        return NoReason(_("Say why, in a few words. Admins see that it is so, and not why."), code="excusal.reason")
    return None


def ask_again_refusal(enrolment: Enrolment, exercise: Exercise) -> CannotExcuse | None:
    if refusal := _over(enrolment):
        return refusal
    if not deadlines.is_excused(enrolment, exercise):
        return CannotExcuse(_("This exercise is not excused."), code="excusal.not_there")
    return None


def _over(enrolment: Enrolment) -> CannotExcuse | None:
    if not enrolment.is_active:
        return CannotExcuse(endings.sentence(enrolment), code="enrolment.ended")
    return CannotExcuse(_("This cohort is closed."), code="cohort.closed") if enrolment.cohort.is_closed else None


def _is_in(enrolment: Enrolment, exercise: Exercise) -> bool:
    return Submission.objects.filter(enrolment=enrolment, exercise=exercise, attempts_made__gte=1).exists()


@transaction.atomic
def excuse(enrolment: Enrolment, exercise: Exercise, *, reason: str, by: User, at: datetime) -> Excusal:
    """It is neither missing nor late from now on. The reason is not journalled: admins read the journal."""
    enrolment = holding.locked(enrolment)
    if refusal := excuse_refusal(enrolment, exercise, reason=reason):
        raise refusal
    excusal = Excusal.objects.create(
        enrolment=enrolment, exercise=exercise, reason=reason.strip(), excused_at=at, excused_by=by
    )
    holding.changed(enrolment, "excused", by=by, at=at, note=exercise.key)
    return excusal


@transaction.atomic
def ask_again(enrolment: Enrolment, exercise: Exercise, *, by: User, at: datetime) -> Enrolment:
    """It is asked for again, and due in two days at the soonest."""
    enrolment = holding.locked(enrolment)
    if refusal := ask_again_refusal(enrolment, exercise):
        raise refusal
    enrolment.excusals.filter(exercise=exercise, ended_at=None).update(ended_at=at)
    return holding.changed(enrolment, "asked again", by=by, at=at, note=exercise.key)
