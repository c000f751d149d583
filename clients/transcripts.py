"""A transcript as it is shown: how far it is, its words, and once its client stands by them what they come to."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext_lazy as _

from curriculum import draft_notes
from curriculum.firstread.spoken import CALM, CAVEAT, SpokenReading, spoken

from . import speech
from .models import Recording, Transcript

OFF, NONE = "off", "none"  # besides the states of a transcript
ON_THE_WAY = (Transcript.State.WAITING, Transcript.State.RUNNING)
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SENTENCES = {
    OFF: _("Transcripts are off here. Everything else works without."),
    speech.TOO_SLOW: _("The model on this machine needs too long for a minute of speech. Ask whoever runs it."),
    speech.GONE: _("The file of this recording is missing. Record it once more."),
    speech.BROKEN: _("It could not be heard this time. You can ask again."),
}


@dataclass(frozen=True)
class Shown:
    """`text` is what the client put right, or else what was heard; `spoken` is None until they put it right."""

    recording: Recording
    state: str
    progress: int
    text: str
    words: list[list[Any]]
    edited_at: datetime | None
    spoken: SpokenReading | None
    sentence: str
    caveat: str = CAVEAT
    band: tuple[int, int] = CALM

    @property
    def is_theirs(self) -> bool:
        return self.edited_at is not None

    @property
    def is_on_the_way(self) -> bool:
        return self.state in ON_THE_WAY


def of(recording: Recording) -> Shown:
    """What there is of a recording's transcript, for its own client."""
    transcript = Transcript.objects.filter(recording=recording).first() or Transcript(recording=recording, state=NONE)
    transcript.recording = recording  # with what is known of it already
    state = _state(transcript)
    return Shown(
        recording=recording,
        state=state,
        progress=transcript.progress,
        text=transcript.edited if transcript.edited_at else transcript.text,
        words=transcript.words,
        edited_at=transcript.edited_at,
        spoken=reading_of(transcript),
        sentence=str(_sentence(state, transcript)),
    )


def _state(transcript: Transcript) -> str:
    """What was heard stays where the engine is gone; what waits for it does not come then."""
    return transcript.state if transcript.state == Transcript.State.DONE or speech.is_on() else OFF


def _sentence(state: str, transcript: Transcript) -> Any:
    if state == Transcript.State.FAILED:
        return SENTENCES.get(transcript.error, SENTENCES[speech.BROKEN])
    return SENTENCES.get(state, "")


def reading_of(transcript: Transcript) -> SpokenReading | None:
    """The first read of what was said; None before its client put it right."""
    if not transcript.edited_at:
        return None
    submission = transcript.recording.submission
    exercise, client = submission.exercise, submission.enrolment.client
    return spoken(
        [(word, start, end) for word, start, end in transcript.words],
        text=transcript.edited,
        seconds=transcript.recording.seconds,
        lexicon=draft_notes.lexicon_for(exercise.edition_id, tuple(sorted(client.known_words))),
        technical=exercise.first_read.get("audience") == "technical",
    )


# --- Times ----------------------------------------------------------------------------------------


def lines(text: str, words: list[list[Any]]) -> list[list[Any]]:
    """[when, sentence] for every sentence of the text as put right; `when` is None where nothing tells."""
    starts = iter(timed(text.split(), words))
    found = []
    for sentence in (one for one in SENTENCE.split(text) if one.strip()):
        inside = [next(starts) for _word in sentence.split()]
        found.append([next((start for start in inside[:3] if start is not None), None), sentence.strip()])
    return found


def timed(said: list[str], words: list[list[Any]]) -> list[float | None]:
    """When each word begins, for those that were heard as they are."""
    heard = [_bare(word) for word, _start, _end in words]
    known: list[float | None] = [None] * len(said)
    matcher = SequenceMatcher(a=[_bare(word) for word in said], b=heard, autojunk=False)
    for mine, theirs, size in matcher.get_matching_blocks():
        for step in range(size):
            known[mine + step] = words[theirs + step][1]
    return known


def _bare(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum()) or word
