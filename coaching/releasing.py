"""Releasing a copy to whoever pays, and taking it back: gone for them with the next request.

Lock order: the enrolment, then its copies.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import messaging, noticing, recording
from clients.models import Enrolment, User

from . import releases, sponsorships
from .models import Note, Release
from .release_letters import TAKEN_BACK, TO_SPONSOR
from .releases import Copy

TOGETHER = timedelta(minutes=10)  # what is released within them is told in one mail


class NotYourRelease(PermissionDenied):
    """It is the client who releases."""

    code = "release.not_yours"


class CannotRelease(ValidationError):
    """Not now, or not any more."""


# --- Refusals -------------------------------------------------------------------------------------


def release_refusal(enrolment: Enrolment, kind: str, source: int, *, by: User) -> Exception | None:
    if enrolment.client_id != by.pk:
        return NotYourRelease(_("Only the client releases something of theirs."))
    if not sponsorships.sponsors_of(enrolment.cohort).exists():
        return CannotRelease(_("Your cohort has no sponsor here, so nobody would read it."), code="release.nobody")
    if releases.of(enrolment).filter(kind=kind, source=source, withdrawn_at=None).exists():
        return CannotRelease(_("You have released this already."), code="release.there")
    return None


def withdraw_refusal(release: Release, *, by: User) -> Exception | None:
    if release.enrolment.client_id != by.pk:
        return NotYourRelease(_("Only the client takes back what they released."))
    if release.withdrawn_at:
        return CannotRelease(_("You have taken this back already."), code="release.withdrawn")
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def release(enrolment: Enrolment, *, kind: str, source: int, by: User, at: datetime) -> Release | None:
    """A copy as it stands now, which nothing written later changes. None where there is no such thing of theirs."""
    enrolment = _locked(enrolment)
    if refusal := release_refusal(enrolment, kind, source, by=by):
        raise refusal
    found = releases.copy_of(enrolment, kind, source, at=at)
    return _keep(enrolment, found, by, at) if found else None


@transaction.atomic
def withdraw(release: Release, *, by: User, at: datetime) -> Release:
    """The words go for good. What somebody has read they have read."""
    enrolment = _locked(release.enrolment)
    release = Release.objects.select_for_update().get(pk=release.pk)
    release.enrolment = enrolment
    if refusal := withdraw_refusal(release, by=by):
        raise refusal
    return _empty(release, by, at)


# --- Notes that are released, called with their enrolment locked ----------------------------------


@transaction.atomic(savepoint=False)
def copy_note(note: Note, *, by: User, at: datetime) -> Release:
    """A note in the class of what is released is a copy for whoever pays, with its client's leave."""
    title = _("A note by %(name)s") % {"name": note.author}
    return _keep(note.enrolment, Copy(Release.Kind.NOTE, note.pk, title, note.text), by, at)


@transaction.atomic(savepoint=False)
def let_notes_go(enrolment: Enrolment, *, by: User | None, at: datetime, note: int | None = None) -> None:
    """Their copies, or that of one note, are gone for whoever pays."""
    standing = releases.of(enrolment).filter(kind=Release.Kind.NOTE, withdrawn_at=None).select_for_update()
    for row in standing if note is None else standing.filter(source=note):
        _empty(row, by, at)


# --- Inside ---------------------------------------------------------------------------------------


def _keep(enrolment: Enrolment, found: Copy, by: User, at: datetime) -> Release:
    made = Release.objects.create(
        enrolment=enrolment, kind=found.kind, source=found.source, title=found.title, text=found.text, released_at=at
    )
    recording.record("released to a sponsor", made, by=by, at=at, cohort=enrolment.cohort, note=str(found.kind))
    _tell(made, at)
    return made


def _tell(made: Release, at: datetime) -> None:
    """Every sponsor of the cohort, once the client has had time to release what belongs to it, or to take it back."""
    cohort = made.enrolment.cohort
    posts = [
        messaging.Post(
            TO_SPONSOR,
            f"{TO_SPONSOR}:{made.pk}:{one.sponsor_id}",
            to=one.sponsor,
            cohort=cohort,
            about={"release": made.pk},
            available_at=at + TOGETHER,
        )
        for one in sponsorships.sponsors_of(cohort)
    ]
    messaging.post_all(posts, at=at)


def _empty(release: Release, by: User | None, at: datetime) -> Release:
    noticing.withdraw(TAKEN_BACK, kind=TO_SPONSOR, about__release=release.pk)
    release.title = release.text = ""
    release.source, release.withdrawn_at = None, max(at, release.released_at)
    release.save(update_fields=["title", "text", "source", "withdrawn_at"])
    recording.record("took back a release", release, by=by, at=at, cohort=release.enrolment.cohort, note=release.kind)
    return release


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort")
    return rows.get(pk=enrolment.pk)
