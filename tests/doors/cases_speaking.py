"""Transcripts, asked at both doors."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from clients.models import Recording
from tests import roads, speaking
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, leave
from tests.doors.cases_uploading import EARLY, KEY
from tests.speech.measuring import MODEL


def ask_of(found: Recording, who: str = "mina") -> Ask:
    page = reverse("transcript-ask", args=[KEY, found.key])
    return Ask(who, page, {}, "post", f"recordings/{found.key}/transcript/", {}, LATER)


def ask(cast: Cast, who: str = "mina") -> Ask:
    return ask_of(speaking.recorded_without(cast.mina), who)


def edit(cast: Cast, who: str = "mina", text: str = speaking.RIGHT) -> Ask:
    settings.SPEECH_MODEL = MODEL
    found = speaking.heard(cast.mina).recording
    page = reverse("transcript-keep", args=[KEY, found.key])
    return Ask(
        who, page, {"beside-transcript": text}, "put", f"recordings/{found.key}/transcript/", {"text": text}, LATER
    )


for operation, doors in {"transcribing.ask": ask, "transcribing.edit": edit}.items():

    @case(operation, "homework.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="omar")

    @case(operation, "homework.left")
    def _left(cast, doors=doors):
        found = doors(cast)
        leave(cast)
        return found

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        found = doors(cast)
        close(cast.spring)
        return found

    @case(operation, "homework.locked")
    def _locked(cast, doors=doors):
        return replace(doors(cast), at=EARLY)

    @case(operation, "homework.with_coach")
    def _with_coach(cast, doors=doors):
        found = doors(cast)
        roads.translated(cast.mina)
        return found

    @case(operation, "homework.reviewed")
    def _reviewed(cast, doors=doors):
        found = doors(cast)
        roads.translation_answered(cast.mina, cast.tomas)
        return found

    UNASKED[operation, "homework.not_offered"] = "joining a cohort makes no piece of such an exercise"


@case("transcribing.ask", "transcript.off")
def _off(cast):
    return ask_of(roads.recorded(cast.mina))


@case("transcribing.ask", "transcript.not_ready")
def _not_ready(cast):
    settings.SPEECH_MODEL = MODEL
    return ask_of(roads.recording_begun(cast.mina))


@case("transcribing.ask", "transcript.there")
def _there(cast):
    settings.SPEECH_MODEL = MODEL
    return ask_of(roads.recorded(cast.mina))


@case("transcribing.edit", "transcript.not_done")
def _not_done(cast):
    settings.SPEECH_MODEL = MODEL
    found = roads.recorded(cast.mina)
    page = reverse("transcript-keep", args=[KEY, found.key])
    text = speaking.RIGHT
    return Ask(
        "mina", page, {"beside-transcript": text}, "put", f"recordings/{found.key}/transcript/", {"text": text}, LATER
    )


@case("transcribing.edit", "transcript.empty", 422)
def _empty(cast):
    return edit(cast, text="  ")


@case("transcribing.edit", "transcript.too_long", 422)
def _too_long(cast):
    return edit(cast, text="word " * 1000)


ALLOWED |= {"transcribing.ask": ask, "transcribing.edit": edit}
