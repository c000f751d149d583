"""An admin opens part of a client's record for an hour: the client is told at once, each reading is written down."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import messaging, recording
from clients.models import Enrolment, User
from clients.models.user import LEAD_COACHES

from . import caseload, inspections
from .inspection_letters import TO_CLIENT, TO_OFFICE
from .inspections import Part
from .models import Inspection, InspectionRead
from .models.inspection import LASTS

SHORTEST = 20  # characters of a reason: a word is none


class NotForYou(PermissionDenied):
    """Only for admins, and for whoever began it."""

    code = "inspection.not_yours"


class CannotInspect(ValidationError):
    """Not this client, or not now."""


class NoReason(ValidationError):
    """Says why not beside the field."""

    field = "reason"


def open_refusal(enrolment: Enrolment, *, by: User, at: datetime, reason: str = "") -> Exception | None:
    if refusal := begin_refusal(enrolment, by=by, at=at):
        return refusal
    if len(" ".join(reason.split())) < SHORTEST:
        return NoReason(
            _("Say why, in a sentence. The client reads it at once, as you write it."), code="inspection.reason"
        )
    return None


def begin_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    """Whatever the reason."""
    if not caseload.is_admin(by):
        return NotForYou(_("Only admins open a record for a reason."))
    if enrolment.client_id == by.pk:
        return CannotInspect(_("This is your own record; you read it anyway."), code="inspection.own")
    if caseload.coaches(by, enrolment.cohort):
        return CannotInspect(_("You coach this client and read their record anyway."), code="inspection.coach")
    open_ones = inspections.own(by).filter(enrolment=enrolment, ended_at=None, began_at__lte=at, ends_at__gt=at)
    if open_ones.exists():
        return CannotInspect(_("You have this record open already. End that first."), code="inspection.there")
    return None


def read_refusal(inspection: Inspection, *, by: User, at: datetime) -> Exception | None:
    if inspection.admin_id != by.pk or not caseload.is_admin(by):
        return NotForYou(_("Somebody else opened this record."))
    if not inspection.is_open(at):
        return CannotInspect(
            _("The hour is over. Open the record anew if the reason still stands."), code="inspection.over"
        )
    return None


@transaction.atomic
def begin(enrolment: Enrolment, *, about: str, reason: str, by: User, at: datetime) -> Inspection:
    """For sixty minutes from now, one part of one client's record."""
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("client", "cohort")
    enrolment = rows.get(pk=enrolment.pk)
    reason = " ".join(reason.split())
    if refusal := open_refusal(enrolment, by=by, at=at, reason=reason):
        raise refusal
    made = Inspection.objects.create(
        enrolment=enrolment, admin=by, about=about, reason=reason, began_at=at, ends_at=at + LASTS
    )
    recording.record("opened a record", enrolment, by=by, at=at, cohort=enrolment.cohort, note=f"{about}: {reason}")
    _tell(made, at)
    return made


@transaction.atomic
def read(inspection: Inspection, number: int, *, by: User, at: datetime) -> tuple[Inspection, str, tuple[Part, ...]]:
    """One thing of it, which is written down before a word is shown: its title and its parts."""
    inspection = _locked(inspection)
    if refusal := read_refusal(inspection, by=by, at=at):
        raise refusal
    titles = {one.number: one.title for one in inspections.items(inspection, at=at)}
    if number not in titles:
        raise NotForYou(_("There is nothing here that the reason is about."))
    InspectionRead.objects.create(inspection=inspection, number=number, title=titles[number][:160], at=at)
    subject = inspection.enrolment
    note = f"{inspection.about} {number}: {titles[number]}"
    recording.record("read for a reason", subject, by=by, at=at, cohort=subject.cohort, note=note)
    return inspection, titles[number], inspections.parts(inspection, number, at=at)


@transaction.atomic
def end(inspection: Inspection, *, by: User, at: datetime) -> Inspection:
    """Done before the hour is over."""
    inspection = _locked(inspection)
    if refusal := read_refusal(inspection, by=by, at=at):
        raise refusal
    inspection.ended_at = at
    inspection.save(update_fields=["ended_at"])
    recording.record("closed a record", inspection.enrolment, by=by, at=at, cohort=inspection.enrolment.cohort)
    return inspection


def _locked(inspection: Inspection) -> Inspection:
    rows = Inspection.objects.select_for_update(of=("self",))
    return rows.select_related("enrolment__cohort", "enrolment__client", "admin").get(pk=inspection.pk)


def _tell(made: Inspection, at: datetime) -> None:
    """The client at once, whatever the hour; and every other admin and lead coach."""
    client = made.enrolment.client
    others = caseload.admins() | User.objects.filter(groups__name=LEAD_COACHES, is_active=True)
    posts = [messaging.Post(TO_CLIENT, f"{TO_CLIENT}:{made.pk}", to=client, about={"inspection": made.pk})]
    posts += [
        messaging.Post(TO_OFFICE, f"{TO_OFFICE}:{made.pk}:{one.pk}", to=one, about={"inspection": made.pk})
        for one in others.exclude(pk__in=[made.admin_id, client.pk]).distinct()
    ]
    messaging.post_all(posts, at=at)
