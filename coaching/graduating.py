"""Confirming that somebody has finished, for one client or for all who have done what is asked; and taking it back.

The programme's rule says what is asked, an admin confirms it: from then on nothing reminds this client, and what comes
months later is theirs, with a certificate. Lock order: the cohort, then the enrolment.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients import endings, holding, recording
from clients.models import Cohort, Enrolment, User
from curriculum import moments

from . import certificates, graduates
from .graduates import Candidate
from .models import Certificate
from .signals import graduated, graduation_taken_back


class CannotGraduate(ValidationError):
    """Not this client, or not now."""


# --- Refusals -------------------------------------------------------------------------------------


def graduate_refusal(enrolment: Enrolment, *, at: datetime) -> CannotGraduate | None:
    """Why this client does not finish now."""
    if not enrolment.is_active:
        return CannotGraduate(endings.sentence(enrolment), code="enrolment.ended")
    if refusal := cohort_refusal(enrolment.cohort, at=at):
        return refusal
    if enrolment.is_on_hold:
        words = _("%(name)s is on hold. Let them go on first.")
        return CannotGraduate(words % {"name": enrolment.client}, code="graduation.on_hold")
    return _open_refusal(graduates.of(enrolment, at=at))


def _open_refusal(one: Candidate) -> CannotGraduate | None:
    if one.standing.missing:
        words = _("%(name)s has still open: %(what)s. An admin can waive what is not asked of them.")
        told = {"name": one.name, "what": ", ".join(one.standing.missing)}
        return CannotGraduate(words % told, code="graduation.open")
    if one.waiting:
        words = ngettext(
            "One piece of %(name)s waits for feedback. It is answered first.",
            "%(n)s pieces of %(name)s wait for feedback. They are answered first.",
            one.waiting,
        )
        return CannotGraduate(words % {"name": one.name, "n": one.waiting}, code="graduation.waits")
    return None


def cohort_refusal(cohort: Cohort, *, at: datetime) -> CannotGraduate | None:
    """Why nobody of this cohort finishes now."""
    if cohort.is_closed:
        return CannotGraduate(_("This cohort is closed."), code="cohort.closed")
    over = graduates.over_at(cohort, at=at)
    if over > at:
        day = f"{moments.to_wall(over, cohort.zone):%A %-d %B, %H:%M}"
        words = _("The programme goes on until %(day)s, by the cohort’s clock. Finishing is confirmed from then on.")
        return CannotGraduate(words % {"day": day}, code="graduation.early")
    return None


def take_back_refusal(enrolment: Enrolment, *, at: datetime) -> CannotGraduate | None:
    if enrolment.state != Enrolment.State.COMPLETED:
        return CannotGraduate(_("%(name)s has not finished.") % {"name": enrolment.client}, code="graduation.not_there")
    if enrolment.cohort.is_closed:
        return CannotGraduate(_("This cohort is closed."), code="cohort.closed")
    if at > graduates.taken_back_until(enrolment):
        words = _("%(name)s finished more than two weeks ago, and that stands.")
        return CannotGraduate(words % {"name": enrolment.client}, code="graduation.settled")
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def graduate(enrolment: Enrolment, *, by: User, at: datetime) -> Enrolment:
    """This client has finished."""
    enrolment = holding.locked(enrolment)
    if refusal := graduate_refusal(enrolment, at=at):
        raise refusal
    _finish(enrolment, by, at)
    return enrolment


@transaction.atomic
def graduate_all(cohort: Cohort, *, by: User, at: datetime) -> list[Enrolment]:
    """Whoever has done what is asked has finished, by name; the others go on, and what they miss stays theirs to do."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("edition").get(pk=cohort.pk)
    if refusal := cohort_refusal(cohort, at=at):
        raise refusal
    list(Enrolment.objects.select_for_update().filter(cohort=cohort).order_by("pk"))
    ready = [one.enrolment for one in graduates.of_cohort(cohort, at=at) if one.is_ready]
    if not ready:
        raise CannotGraduate(_("Nobody has done all that is asked and not finished yet."), code="graduation.nobody")
    for enrolment in ready:
        _finish(enrolment, by, at)
    return ready


@transaction.atomic
def take_back(enrolment: Enrolment, *, by: User, at: datetime) -> Enrolment:
    """This client goes on where they were; what was to come months later does not come."""
    enrolment = holding.locked(enrolment)
    if refusal := take_back_refusal(enrolment, at=at):
        raise refusal
    Certificate.objects.filter(enrolment=enrolment).delete()
    enrolment.state, enrolment.left_at = Enrolment.State.ACTIVE, None
    enrolment.save(update_fields=["state", "left_at"])
    recording.record("took back that they finished", enrolment, by=by, at=at, cohort=enrolment.cohort)
    graduation_taken_back.send(sender=Enrolment, enrolment=enrolment, at=at)
    return enrolment


def _finish(enrolment: Enrolment, by: User, at: datetime) -> None:
    enrolment.state, enrolment.left_at = Enrolment.State.COMPLETED, at
    enrolment.save(update_fields=["state", "left_at"])
    Certificate.objects.create(enrolment=enrolment, code=certificates.fresh_number(), given_at=at)
    recording.record("finished", enrolment, by=by, at=at, cohort=enrolment.cohort, note=str(enrolment.client))
    graduated.send(sender=Enrolment, enrolment=enrolment, at=at)
