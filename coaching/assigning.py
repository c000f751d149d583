"""Assigning coaches to cohorts."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import Cohort, User

from .models import Assignment
from .signals import assigned, unassigned


class CannotAssign(ValidationError):
    """Not this person, or not this cohort."""


def assign_refusal(cohort: Cohort, coach: User) -> CannotAssign | None:
    if cohort.is_closed:
        return CannotAssign(_("This cohort is closed."), code="cohort.closed")
    if Assignment.objects.filter(cohort=cohort, coach=coach, ended_at=None).exists():
        return CannotAssign(_("%(name)s coaches this cohort already.") % {"name": coach}, code="assignment.there")
    if cohort.enrolments.active().filter(client=coach).exists():
        return CannotAssign(
            _("%(name)s is a client of this cohort, and nobody reviews themselves.") % {"name": coach},
            code="assignment.client",
        )
    return None


@transaction.atomic
def assign(cohort: Cohort, *, coach: User, by: User | None, at: datetime) -> Assignment:
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if refusal := assign_refusal(cohort, coach):
        raise refusal
    assignment = Assignment.objects.create(cohort=cohort, coach=coach, since=at)
    recording.record("assigned", assignment, by=by, at=at, cohort=cohort, note=str(coach))
    assigned.send(sender=Assignment, assignment=assignment, at=at)
    return assignment


@transaction.atomic
def release(assignment: Assignment, *, by: User, at: datetime) -> None:
    """The person coaches this cohort no longer, from the next request on."""
    changed = Assignment.objects.filter(pk=assignment.pk, ended_at=None).update(ended_at=at)
    if not changed:
        raise CannotAssign(_("This assignment has ended already."), code="assignment.ended")
    recording.record("released", assignment, by=by, at=at, cohort=assignment.cohort, note=str(assignment.coach))
    unassigned.send(sender=Assignment, assignment=assignment, at=at)
