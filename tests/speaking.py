"""Roads to transcripts and to what listeners answered, by the real operations."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from clients import listening, transcribing
from clients.models import Receipt, Recording, Transcript, User
from clients.speech import Heard
from tests import roads
from tests.roads import WEEK_1
from tests.speech.measuring import MODEL

KENNEDY = (Path(__file__).parent / "speech" / "kennedy.ogg").read_bytes()
SAID = "Today too people get the same room. They find out at the door."
RIGHT = "Today two people get the same room. They find out at the door."
HEARD = Heard(
    SAID,
    tuple((word, 1.0 + number / 2, 1.4 + number / 2) for number, word in enumerate(SAID.split())),
    "faster-whisper, tiny",
)


def recorded_without(who: User, **changes) -> Recording:
    """A recording that came in while transcripts were off; they are on afterwards."""
    settings.SPEECH_MODEL = ""
    found = roads.recorded(who, **changes)
    settings.SPEECH_MODEL = MODEL
    return found


def heard(who: User, *, at: datetime = WEEK_1, **changes) -> Transcript:
    """A recording with its transcript, as if the engine had said these words. Transcripts have to be on."""
    found = roads.recorded(who, at=at, **changes)
    transcribing.keep(transcribing.claim(at=at), HEARD, at=at)
    return Transcript.objects.select_related("recording__submission").get(recording=found)


def put_right(who: User, *, at: datetime = WEEK_1, text: str = RIGHT) -> Transcript:
    return transcribing.edit(heard(who, at=at), text=text, by=who, at=at)


MEMORY = {"what": "A room is yours once they say so", "why": "", "wrong": "Busy Mondays", "when": "By the end of March"}


def listener_asked(who: User, key: str = "w1-t1", *, at: datetime = WEEK_1, **changes) -> tuple[Receipt, str]:
    """A link for a listener, and its token."""
    return listening.ask_listener(roads.piece(who, key), by=who, at=at, **changes)


def remembered(who: User, key: str = "w1-t1", *, at: datetime = WEEK_1, listener: str = "Rosa") -> Receipt:
    """Asked, heard, answered."""
    receipt, _token = listener_asked(who, key, at=at)
    listening.begin(receipt, at=at)
    return listening.answer(receipt, **MEMORY, listener=listener, at=at)
