"""A recording comes in: announced, received part by part, decoded, and only then named by a row.

A part is written and synced before the row says that it is there, so what a lost connection or a crash leaves behind
is where the upload goes on; where a part is gone all the same, it goes on before that. A refused recording takes
nothing of the text around it along.
"""

import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import answers

from . import audio, recording, shelving, sounds, submitting
from .attempts import locked_piece
from .audio import Sound, Unsound
from .models import Attempt, Recording, Submission, Transcript, User
from .shelving import NoSound
from .signals import recording_ready

BIGGEST = 10 * 1024 * 1024  # bytes, as the programme says
PART, SMALL_PART = 512 * 1024, 32 * 1024  # bytes: the most one part may have, and the fewest asked for
KEPT = timedelta(hours=24)  # what no row names, and what was never finished, is kept so long
KEPT_TAKE = timedelta(days=30)  # a take that neither a draft nor an attempt names; a browser may name it later
State = Recording.State


class CannotRecord(ValidationError):
    """This recording cannot be taken now, or not like this."""


class WrongPlace(ValidationError):
    """The part does not go on where the last one ended; `received` says where that is."""

    def __init__(self, received: int):
        super().__init__(_("The upload goes on from byte %(n)s.") % {"n": received}, code="recording.offset")
        self.received = received

    def extra(self) -> dict[str, Any]:
        """What the problem says besides."""
        return {"received": self.received}


# --- Refusals -----------------------------------------------------------------------------------


def begin_refusal(
    submission: Submission, *, size: int, field: str = "audio", by: User, at: datetime
) -> Exception | None:
    if refusal := submitting.save_draft_refusal(submission, by=by, at=at):
        return refusal
    if field not in {one.key for one in answers.fields_of(submission.exercise) if one.kind == "audio"}:
        return CannotRecord(_("Nothing is recorded for this exercise."), code="recording.not_asked")
    if size > BIGGEST:
        return NoSound(_("A recording has at most 10 MB. This file is larger."), field, "recording.too_big")
    if size <= 0:
        return NoSound(_("This file is empty. Record it once more."), field, "recording.empty")
    return None


def append_refusal(found: Recording, *, by: User, at: datetime) -> Exception | None:
    if refusal := submitting.save_draft_refusal(found.submission, by=by, at=at):
        return refusal
    if found.state != State.RECEIVING:
        return CannotRecord(_("This recording is complete already."), code="recording.complete")
    return None


def remove_refusal(found: Recording, *, by: User, at: datetime) -> Exception | None:
    if refusal := submitting.save_draft_refusal(found.submission, by=by, at=at):
        return refusal
    if is_handed_in(found):
        return CannotRecord(_("This recording was handed in, so it stays."), code="recording.handed_in")
    return None


def is_handed_in(found: Recording) -> bool:
    """An attempt holds a copy that names it."""
    return Attempt.objects.filter(submission=found.submission, **{f"answer__{found.field}__id": found.pk}).exists()


# --- Operations ---------------------------------------------------------------------------------


@transaction.atomic
def begin(
    submission: Submission,
    *,
    size: int,
    client_key: str,
    by: User,
    at: datetime,
    field: str = "audio",
    media_type: str = "",
    name: str = "",
) -> Recording:
    """Announce a recording. The same key again is the same recording, wherever its upload stands."""
    submission = _locked_piece(submission)
    if known := submission.recordings.filter(client_key=client_key, submission__enrolment__client=by).first():
        return known
    if refusal := begin_refusal(submission, size=size, field=field, by=by, at=at):
        raise refusal
    return Recording.objects.create(
        submission=submission,
        client_key=client_key,
        field=field,
        size=size,
        name=harmless(name),
        media_type=harmless(media_type)[:80],
        begun_at=at,
    )


def append(found: Recording, *, offset: int, data: bytes, by: User, at: datetime) -> Recording:
    """Take a part; with the last one the recording is decoded, and is ready or refused with its sentence.

    A part that is there already is taken as read. Raises WrongPlace with the byte to go on from.
    """
    found = _take(found, offset=offset, data=data, by=by, at=at)
    if found.state != State.RECEIVING or found.received < found.size:
        return found
    # Twice at once where the last part is sent twice at once: each looks for itself, and the first to settle counts.
    playable = sounds.staged(found).with_suffix(f".{secrets.token_hex(8)}")
    try:
        return _settle(found, _looked_at(found, playable), playable, at=at)
    finally:
        playable.unlink(missing_ok=True)


def receive_whole(
    submission: Submission,
    *,
    parts: Iterable[bytes],
    size: int,
    client_key: str,
    answer: dict[str, Any],
    by: User,
    at: datetime,
    field: str = "audio",
    media_type: str = "",
    name: str = "",
) -> Recording:
    """A file that came with the page's form: what was typed is saved, the file taken, and the draft names it.

    Raises NoSound where it is no recording; what was typed is saved all the same.
    """
    submitting.save_draft(submission, answer=answer, revision=None, by=by, at=at)
    found = begin(
        submission, size=size, client_key=client_key, field=field, media_type=media_type, name=name, by=by, at=at
    )
    for data in parts:
        if found.state == State.RECEIVING:
            found = append(found, offset=found.received, data=data, by=by, at=at)
    if found.state != State.READY:
        raise NoSound(found.refusal or _("The file did not arrive whole. Send it again."), field, "recording.refused")
    submitting.save_draft(submission, answer=answer | {field: {"id": found.pk}}, revision=None, by=by, at=at)
    return found


@transaction.atomic
def remove(found: Recording, *, by: User, at: datetime) -> None:
    """Take a recording back out. Its file goes with the next collection, unless another row names it."""
    _locked_piece(found.submission)  # nobody hands it in meanwhile
    found = _locked(found)
    if refusal := remove_refusal(found, by=by, at=at):
        raise refusal
    sounds.staged(found).unlink(missing_ok=True)
    found.state, found.removed_at, found.digest, found.playable, found.refusal = State.REMOVED, at, "", "", ""
    found.peaks, found.name = [], ""
    Transcript.objects.filter(recording=found).delete()
    found.save(update_fields=["state", "removed_at", "digest", "playable", "refusal", "peaks", "name"])
    recording.record("removed recording", found, by=by, at=at, cohort=found.submission.enrolment.cohort)


def collect(*, at: datetime) -> int:
    """Delete files no row names and uploads nobody finished, once they are a day old, and takes nobody handed in and no
    draft names, once they are a month old. How many files went."""
    before = (at - KEPT).timestamp()
    Recording.objects.filter(state=State.RECEIVING, begun_at__lt=at - KEPT).delete()
    sounds.unnamed().filter(received_at__lt=at - KEPT_TAKE).delete()
    kept = sounds.named_files()
    receiving = {str(key) for key in Recording.objects.filter(state=State.RECEIVING).values_list("key", flat=True)}
    old = [path for path in shelving.files() if path.stat().st_mtime < before and path.name not in kept | receiving]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


# --- Inside ---------------------------------------------------------------------------------------


def harmless(name: str) -> str:
    """A name as it may be shown: letters and figures of any script, no path, nothing that turns or hides text."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in unicodedata.normalize("NFC", last))
    return " ".join(shown.split())[:120]


def _locked_piece(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).select_related(
        "exercise__week", "exercise__edition", "enrolment__client", "enrolment__cohort"
    )
    return locked_piece(rows, submission.pk)


def _locked(found: Recording) -> Recording:
    rows = Recording.objects.select_for_update(of=("self",)).select_related(
        "submission__exercise__week", "submission__enrolment__client", "submission__enrolment__cohort"
    )
    return rows.get(pk=found.pk)


@transaction.atomic
def _take(found: Recording, *, offset: int, data: bytes, by: User, at: datetime) -> Recording:
    """Write a part to its place and say so. One part at a time: the row is locked."""
    found = _locked(found)
    if found.state == State.READY and offset + len(data) <= found.received:
        return found
    if refusal := append_refusal(found, by=by, at=at):
        raise refusal
    found.received = min(found.received, shelving.length(sounds.staged(found)))  # less after a restore without it
    if len(data) > PART or offset + len(data) > found.size:
        raise NoSound(_("More arrived than was announced. Record it once more."), found.field, "recording.too_much")
    if offset + len(data) <= found.received:
        return found
    if offset != found.received:
        raise WrongPlace(found.received)
    with shelving.room(found.field):
        shelving.write_at(sounds.staged(found), offset, data)
    found.received = offset + len(data)
    found.save(update_fields=["received"])
    return found


def _looked_at(found: Recording, playable: Path) -> Sound | Unsound:
    """What the file is; where it is sound, the version that is played is written. Raises where there was no room for
    it or no time: then everything stays as it is, and the last part sent again has it looked at again."""
    looked = audio.examine(sounds.staged(found), playable)
    if isinstance(looked, Unsound) and looked.code == audio.NO_ROOM:
        raise shelving.no_room(found.field)
    if isinstance(looked, Unsound) and looked.code == audio.BUSY:
        sentence = _("The recording is here, but this machine has no time to look at it. Keep it again in a minute.")
        raise NoSound(sentence, found.field, "recording.busy")
    return looked


@transaction.atomic
def _settle(found: Recording, looked: Sound | Unsound, playable: Path, *, at: datetime) -> Recording:
    """Put the files in their places and write down what became of it, once: whoever comes second finds it written."""
    found = _locked(found)
    if found.state != State.RECEIVING:
        return found
    if isinstance(looked, Unsound):
        sounds.staged(found).unlink(missing_ok=True)
        found.state, found.refusal = State.REFUSED, shelving.sentence_for(looked)
        found.save(update_fields=["state", "refusal"])
        return found
    with shelving.room(found.field):
        found.digest, found.playable = shelving.keep(sounds.staged(found)), shelving.keep(playable)
    found.state, found.received_at = State.READY, at
    found.milliseconds, found.silence, found.peaks = looked.milliseconds, looked.silence, list(looked.peaks)
    found.save()
    recording_ready.send(sender=Recording, recording=found, at=at)
    return found


def part_of(found: Recording) -> int:
    """Bytes a part had best have: few, so that a lost connection costs seconds, and not hundreds of parts a file."""
    return min(PART, max(SMALL_PART, found.size // 16))
