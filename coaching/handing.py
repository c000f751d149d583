"""A frozen snapshot is handed to a sponsor, and taken back.

It needs no look at what else they have seen: it was frozen beside all of that, whoever has it in hands.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import User

from . import handouts, snapshots
from .models import Handout, Snapshot, Sponsorship


class CannotHandOver(ValidationError):
    """Not this snapshot, or not to this person."""


def hand_over_refusal(snapshot: Snapshot, sponsor: User | None = None) -> CannotHandOver | None:
    """Why it cannot be handed over, to this person or to anybody."""
    return _of_snapshot(snapshot) or (_of_person(snapshot, sponsor) if sponsor else None)


def _of_snapshot(snapshot: Snapshot) -> CannotHandOver | None:
    if snapshot.audience != Snapshot.Audience.SPONSOR:
        words = _("It is for admins: numbers of five to nine people are in it. Ask for one for a sponsor.")
        return CannotHandOver(words, code="handout.for_admins")
    if not snapshot.is_frozen:
        return CannotHandOver(_("It is not frozen yet. Wait until it is there."), code="handout.not_frozen")
    if snapshots.content(snapshot).format < snapshots.BESIDE_MONTHS:
        words = _("It was frozen before snapshots were held beside the numbers of each month. Ask for a new one.")
        return CannotHandOver(words, code="handout.too_old")
    return None


def _of_person(snapshot: Snapshot, sponsor: User) -> CannotHandOver | None:
    if not handouts.could_get(snapshot).filter(pk=sponsor.pk).exists():
        words = _("%(name)s is not a sponsor of every cohort in it. Invite them to the others first.")
        return CannotHandOver(words % {"name": sponsor}, code="handout.not_theirs")
    if handouts.of(snapshot).filter(sponsor=sponsor, taken_back_at=None).exists():
        return _there(sponsor)
    return None


def _there(sponsor: User) -> CannotHandOver:
    return CannotHandOver(_("%(name)s has it already.") % {"name": sponsor}, code="handout.there")


@transaction.atomic
def hand_over(snapshot: Snapshot, *, sponsor: User, by: User, at: datetime) -> Handout:
    """They read it from the next request on, as long as they are a sponsor of every cohort in it."""
    cohorts = [one.pk for one in snapshot.cohorts.all()]
    list(Sponsorship.objects.select_for_update().filter(cohort__in=cohorts, sponsor=sponsor).order_by("pk"))
    if refusal := hand_over_refusal(snapshot, sponsor):
        raise refusal
    try:
        with transaction.atomic():
            made = Handout.objects.create(snapshot=snapshot, sponsor=sponsor, handed_by=by, handed_at=at)
    except IntegrityError as error:  # somebody did it at the same moment
        raise _there(sponsor) from error
    recording.record("handed over a snapshot", snapshot, by=by, at=at, note=str(sponsor))
    return made


def take_back_refusal(handout: Handout) -> CannotHandOver | None:
    if handout.taken_back_at is not None:
        return CannotHandOver(_("It was taken back already."), code="handout.taken_back")
    return None


@transaction.atomic
def take_back(handout: Handout, *, by: User, at: datetime) -> None:
    """They read it no more, from the next request on; a file they took along stays with them."""
    found = Handout.objects.select_for_update(of=["self"]).select_related("snapshot", "sponsor").get(pk=handout.pk)
    if refusal := take_back_refusal(found):
        raise refusal
    found.taken_back_at = at
    found.save(update_fields=["taken_back_at"])
    recording.record("took back a snapshot", found.snapshot, by=by, at=at, note=str(found.sponsor))
