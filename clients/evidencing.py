"""Keeping the evidence ledger: a line is added, put right, taken out.

What somebody keeps for themselves stays open for a year after the programme, also once their cohort is closed.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import moments

from . import deadlines, ledger_fields, recording
from .evidence import FIRST_WEEK
from .models import Enrolment, LedgerLine, User, Visibility
from .signals import kept
from .submitting import NotYours


class CannotKeep(ValidationError):
    """Nothing can be kept here now."""


class LineRejected(ValidationError):
    """The line cannot be kept like this. `by_field` maps fields to sentences that say what to mend."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some fields need a look before this line can be kept."), code="ledger.incomplete")
        self.by_field = by_field


# --- Refusals -----------------------------------------------------------------------------------


def keeping_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    """Why this person can keep nothing here, whatever it is. What is there stays readable."""
    if enrolment.client_id != by.pk:
        return NotYours(_("This is somebody else's record."))
    if enrolment.state in Enrolment.LEFT:
        return CannotKeep(_("You have left this cohort; what you kept stays readable."), code="record.left")
    if enrolment.state == Enrolment.State.COMPLETED:
        if at > deadlines.record_closes_at(enrolment):
            return CannotKeep(
                _("Your year after the programme is over; what you kept stays readable."), code="record.over"
            )
        return None
    if enrolment.cohort.is_closed:
        return CannotKeep(_("This cohort is closed; what you kept stays readable."), code="cohort.closed")
    return None


def write_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    if refusal := keeping_refusal(enrolment, by=by, at=at):
        return refusal
    if not deadlines.is_open(enrolment, FIRST_WEEK, at=at):
        return CannotKeep(_("Your ledger opens with week 2."), code="ledger.locked")
    return None


# --- Operations ---------------------------------------------------------------------------------


@transaction.atomic
def add_line(enrolment: Enrolment, *, line: dict[str, Any], client_key: str, by: User, at: datetime) -> LedgerLine:
    """Keep one line. The same `client_key` again is the same line again, however often it is sent.

    Raises LineRejected with what to mend in which field, or a refusal.
    """
    enrolment = locked(enrolment)
    if repeat := LedgerLine.objects.filter(enrolment=enrolment, enrolment__client=by, client_key=client_key).first():
        return repeat
    if refusal := write_refusal(enrolment, by=by, at=at):
        raise refusal
    whole = _whole(enrolment, line, at)
    row = LedgerLine.objects.create(enrolment=enrolment, client_key=client_key, written_at=at, changed_at=at, **whole)
    recording.record("added ledger line", row, by=by, at=at, cohort=enrolment.cohort)
    kept.send(sender=LedgerLine, enrolment=enrolment, at=at)
    return row


@transaction.atomic
def change_line(row: LedgerLine, *, line: dict[str, Any], by: User, at: datetime) -> LedgerLine:
    """Put a line right. What was handed in with it keeps its copy; what becomes private leaves the 1:1s it was in."""
    enrolment = locked(row.enrolment)
    if refusal := write_refusal(enrolment, by=by, at=at):
        raise refusal
    row, whole = _still_there(row), _whole(enrolment, line, at)
    for name, content in whole.items():
        setattr(row, name, content)
    row.changed_at = at
    row.save(update_fields=[*whole, "changed_at"])
    if row.visibility == Visibility.PRIVATE:
        row.one_on_ones.clear()
    recording.record("changed ledger line", row, by=by, at=at, cohort=enrolment.cohort)
    kept.send(sender=LedgerLine, enrolment=enrolment, at=at)
    return row


@transaction.atomic
def remove_line(row: LedgerLine, *, by: User, at: datetime) -> None:
    """Take a line out, also one that was handed in: an attempt holds copies."""
    enrolment = locked(row.enrolment)
    if refusal := write_refusal(enrolment, by=by, at=at):
        raise refusal
    row = _still_there(row)
    recording.record("removed ledger line", row, by=by, at=at, cohort=enrolment.cohort)
    row.delete()
    kept.send(sender=LedgerLine, enrolment=enrolment, at=at)


# --- Inside ---------------------------------------------------------------------------------------


def locked(enrolment: Enrolment) -> Enrolment:
    """The record's owner: two sends of one entry take turns here."""
    rows = deadlines.with_calendar(Enrolment.objects.select_for_update(of=("self",)))
    return rows.get(pk=enrolment.pk)


def _still_there(row: LedgerLine) -> LedgerLine:
    found = LedgerLine.objects.filter(pk=row.pk).first()
    if found is None:
        raise CannotKeep(_("This line is no longer in your ledger."), code="ledger.gone")
    return found


def _whole(enrolment: Enrolment, line: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The columns of a line, or LineRejected."""
    shaped = ledger_fields.shape(line)
    if by_field := ledger_fields.problems(shaped, moments.to_wall(at, enrolment.client.zone).date()):
        raise LineRejected(by_field)
    return ledger_fields.columns(shaped)
