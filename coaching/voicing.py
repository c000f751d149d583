"""Saying an answer instead of, or beside, writing it: up to a minute, as long as the piece is in hand."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording, shelving, uploading
from clients.attempts import latest_attempt
from clients.models import Submission, User

from . import reviewing
from .models import Voice

FIELD = "voice"


class NothingSaid(ValidationError):
    """There is no voice that could be taken out."""


def drop_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    if refusal := reviewing.claim_refusal(submission, by=by, at=at):
        return refusal
    if not Voice.objects.filter(attempt=latest_attempt(submission), coach=by).exists():
        return NothingSaid(_("Nothing is recorded here."), code="voice.none")
    return None


def say(submission: Submission, *, parts: Iterable[bytes], by: User, at: datetime) -> Voice:
    """Keep what was said; said again it takes the place of what was there. The first word claims the piece.

    The file is looked at before anything is locked. Raises NoSound where it is no recording.
    """
    if refusal := reviewing.claim_refusal(submission, by=by, at=at):
        raise refusal
    shelved = shelving.shelve(parts, most=uploading.BIGGEST, field=FIELD)
    return _keep(submission, shelved, by=by, at=at)


@transaction.atomic
def _keep(submission: Submission, shelved: shelving.Shelved, *, by: User, at: datetime) -> Voice:
    claimed = reviewing.claim(submission, by=by, at=at)
    voice, _fresh = Voice.objects.update_or_create(
        attempt_id=claimed.attempt_id,
        coach=by,
        defaults={
            "digest": shelved.digest,
            "playable": shelved.playable,
            "milliseconds": shelved.sound.milliseconds,
            "peaks": list(shelved.sound.peaks),
            "said_at": at,
        },
    )
    return voice


@transaction.atomic
def drop(submission: Submission, *, by: User, at: datetime) -> None:
    """Take it out again; its file goes with the next collection."""
    Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)  # nobody sends it meanwhile
    if refusal := drop_refusal(submission, by=by, at=at):
        raise refusal
    Voice.objects.filter(attempt=latest_attempt(submission), coach=by).delete()
    recording.record("took their voice out", submission, by=by, at=at, cohort=submission.enrolment.cohort)
