"""Writing a note for one class of readers, and taking it away."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import Cohort, Enrolment, User, Visibility

from . import check_ins, notes, releasing
from .models import Consent, Note
from .models.note import LONGEST


class NotYourNote(PermissionDenied):
    """Only its author takes a note away."""

    code = "note.not_yours"


class CannotNote(ValidationError):
    """Not in this class, or not here."""


class NothingSaid(ValidationError):
    """A note has words."""

    field = "text"


def write_refusal(
    cohort: Cohort, enrolment: Enrolment | None, *, visibility: str, text: str, by: User
) -> Exception | None:
    """Why this note cannot be kept for these readers."""
    if cohort.is_closed:
        return CannotNote(_("This cohort is closed."), code="cohort.closed")
    if visibility == Visibility.RELEASED and (refusal := _release_refusal(enrolment)):
        return refusal
    if visibility not in notes.classes_for(by, cohort, enrolment):
        return CannotNote(_("You cannot write for these readers here."), code="note.readers")
    if not text.strip():
        return NothingSaid(_("Write something first."), code="note.empty")
    if len(text) > LONGEST:
        return NothingSaid(_("A note has at most %(n)s characters.") % {"n": LONGEST}, code="note.long")
    return None


def _release_refusal(enrolment: Enrolment | None) -> CannotNote | None:
    """A sponsor reads a copy, with its client's leave alone."""
    if enrolment is not None and check_ins.consent_of(enrolment, Consent.Scope.SPONSOR_NOTES):
        return None
    return CannotNote(
        _("Nothing is released to a sponsor without its client’s leave, and there is none."), code="note.released"
    )


def remove_refusal(note: Note, *, by: User) -> Exception | None:
    return None if note.author_id == by.pk else NotYourNote(_("Only its author takes a note away."))


@transaction.atomic
def write(
    cohort: Cohort, enrolment: Enrolment | None = None, *, visibility: str, text: str, by: User, at: datetime
) -> Note:
    """Kept as it is. The journal has that it was written and for whom, never its words."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if visibility == Visibility.RELEASED and enrolment is not None:
        enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("client").get(pk=enrolment.pk)
    if refusal := write_refusal(cohort, enrolment, visibility=visibility, text=text, by=by):
        raise refusal
    note = Note.objects.create(
        cohort=cohort, enrolment=enrolment, author=by, visibility=visibility, text=text.strip(), written_at=at
    )
    recording.record("wrote a note", note, by=by, at=at, cohort=cohort, note=visibility)
    if visibility == Visibility.RELEASED:
        releasing.copy_note(note, by=by, at=at)
    return note


@transaction.atomic
def remove(note: Note, *, by: User, at: datetime) -> None:
    """Gone for everybody with the next request."""
    if refusal := remove_refusal(note, by=by):
        raise refusal
    if note.visibility == Visibility.RELEASED:
        releasing.let_notes_go(note.enrolment, by=by, at=at, note=note.pk)
    removed, _tables = Note.objects.filter(pk=note.pk).delete()
    if removed:
        recording.record("took a note away", note, by=by, at=at, cohort=note.cohort, note=note.visibility)
