"""A transcript from being asked for to the words its client stands by.

Whoever hears a recording holds its row by a lease that is renewed while the engine works, as `leasing` has it. Each
step is one transaction; none is open while the engine listens.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import leasing
from curriculum.leasing import Work

from . import recording, sounds, speech, submitting
from .models import Recording, Transcript, User
from .signals import transcript_asked

LEASE, TRIES_AT_MOST = leasing.LEASE, leasing.TRIES_AT_MOST
LONGEST = 4000  # characters; a minute of quick speech has a third of that
State = Transcript.State
WORK = Work(Transcript, State.WAITING, State.RUNNING, State.FAILED, {"error": speech.BROKEN})


class CannotTranscribe(ValidationError):
    """There is no transcript to be had of this, or it stays as it is."""


class NoWords(ValidationError):
    """The text cannot be kept like this."""

    field = "text"


# --- Refusals -----------------------------------------------------------------------------------


def ask_refusal(found: Recording, *, by: User, at: datetime) -> Exception | None:
    if refusal := submitting.save_draft_refusal(found.submission, by=by, at=at):
        return refusal
    if not speech.is_on():
        return CannotTranscribe(_("Transcripts are off here. Everything else works without."), code="transcript.off")
    if found.state != Recording.State.READY:
        return CannotTranscribe(_("The recording is not here yet. Upload it again."), code="transcript.not_ready")
    if Transcript.objects.filter(recording=found).exclude(state=State.FAILED).exists():
        return CannotTranscribe(_("This recording has its transcript, or is being heard."), code="transcript.there")
    return None


def edit_refusal(transcript: Transcript, *, by: User, at: datetime) -> Exception | None:
    if refusal := submitting.save_draft_refusal(transcript.recording.submission, by=by, at=at):
        return refusal
    if transcript.state != State.DONE:
        return CannotTranscribe(_("The words are not here yet. Wait until they are."), code="transcript.not_done")
    return None


# --- Operations of the client -------------------------------------------------------------------


@transaction.atomic
def ask(found: Recording, *, by: User, at: datetime) -> Transcript:
    """Have this machine hear a recording; again where it failed before."""
    found = _locked_recording(found)
    if refusal := ask_refusal(found, by=by, at=at):
        raise refusal
    fresh = {"state": State.WAITING, "asked_at": at, "tries": 0, "progress": 0, "error": "", "lease_until": None}
    transcript, _made = Transcript.objects.update_or_create(recording=found, defaults=fresh)
    recording.record("asked for a transcript", found, by=by, at=at, cohort=found.submission.enrolment.cohort)
    transcript_asked.send(sender=Transcript, transcript=transcript)
    return transcript


def ask_where_on(found: Recording, *, at: datetime) -> None:
    """For a recording that has come in: its client need not ask."""
    client = found.submission.enrolment.client
    if ask_refusal(found, by=client, at=at) is None:
        ask(found, by=client, at=at)


@transaction.atomic
def edit(transcript: Transcript, *, text: str, by: User, at: datetime) -> Transcript:
    """What the client says they said. From now on it is read and counted; before, nothing is."""
    transcript = _locked(transcript)
    if refusal := edit_refusal(transcript, by=by, at=at):
        raise refusal
    text = "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    if not text:
        raise NoWords(_("There is nothing in it. Write what you said."), code="transcript.empty")
    if len(text) > LONGEST:
        raise NoWords(_("This is more than anybody says in a minute. Leave what you said."), code="transcript.too_long")
    transcript.edited, transcript.edited_at = text, at
    transcript.save(update_fields=["edited", "edited_at"])
    cohort = transcript.recording.submission.enrolment.cohort
    recording.record("put a transcript right", transcript.recording, by=by, at=at, cohort=cohort)
    return transcript


# --- Hearing --------------------------------------------------------------------------------------


def hear_one(*, at: datetime) -> bool:
    """Take one recording that waits and hear it to its end. Whether there was one."""
    found = claim(at=at) if speech.is_on() else None
    if found is None:
        return False
    by_now = leasing.going_on_from(at)
    try:
        for told in speech.listen(sounds.path_of(found.recording.playable)):
            if isinstance(told, speech.Heard):
                keep(found, told, at=by_now())
            elif not note_progress(found, told, at=by_now()):
                break  # taken out, or taken up by somebody else
    except speech.NotHeard as error:
        fail(found, error.reason)
    return True


@transaction.atomic
def claim(*, at: datetime) -> Transcript | None:
    """The one that waits longest, for as long as the lease is renewed. Any number of workers may ask at once."""
    ready = Transcript.objects.filter(recording__state=Recording.State.READY).select_related("recording")
    return WORK.take(ready, at=at)


def note_progress(found: Transcript, percent: int, *, at: datetime) -> bool:
    """Say how far it is and hold on to it. False where somebody else has it by now, or it is gone."""
    return WORK.renew(found, at=at, progress=percent)


def keep(found: Transcript, heard: speech.Heard, *, at: datetime) -> bool:
    """Write down what was heard. What comes from somebody who lost their lease is let go."""
    words = [[word, start, end] for word, start, end in heard.words]
    said = {"words": words, "text": heard.text, "engine": heard.engine, "error": "", "progress": 100}
    return WORK.end(found, State.DONE, finished_at=at, **said)


def fail(found: Transcript, reason: str) -> bool:
    """It waits for another try; after the third it stays as it is until its client asks again."""
    if reason == speech.TOO_SLOW:
        return WORK.end(found, State.FAILED, error=reason, progress=0)
    return WORK.give_back(found, error=reason, progress=0)


# --- Inside ---------------------------------------------------------------------------------------


def _locked_recording(found: Recording) -> Recording:
    rows = Recording.objects.select_for_update(of=("self",)).select_related(
        "submission__exercise__week", "submission__enrolment__client", "submission__enrolment__cohort"
    )
    return rows.get(pk=found.pk)


def _locked(transcript: Transcript) -> Transcript:
    rows = Transcript.objects.select_for_update(of=("self",)).select_related(
        "recording__submission__exercise__week",
        "recording__submission__enrolment__client",
        "recording__submission__enrolment__cohort",
    )
    return rows.get(pk=transcript.pk)
