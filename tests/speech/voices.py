"""Speech made on the spot: eSpeak NG's rules in four accents, with the time of every word, and two voices that
Flite carries, each made from recordings of one person."""

import ctypes
import subprocess
import wave
from functools import lru_cache
from pathlib import Path

RATE_OF_SPEECH = 150  # words a minute, the middle of the band
LIBRARY = "libespeak-ng.so.1"
WORD, LAST = 1, 0  # kinds of events
SYNCHRONOUS, CHARACTERS, UTF8, RATE = 2, 1, 1, 1  # of the library's calls
Words = tuple[tuple[str, float], ...]


class Event(ctypes.Structure):
    """What the library tells beside the sound: a word begins at a place in the text and at a time."""

    _fields_ = (
        ("type", ctypes.c_int), ("number", ctypes.c_uint), ("place", ctypes.c_int), ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int), ("sample", ctypes.c_int), ("data", ctypes.c_void_p), ("id", ctypes.c_char * 8),
    )  # fmt: skip


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


@lru_cache(maxsize=1)
def _library() -> tuple[ctypes.CDLL, int]:
    library = ctypes.CDLL(LIBRARY)
    return library, library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)


def espeak(voice: str, text: str, path: Path) -> Words:
    """Speak into a file. (word, when it begins) for every word, as the synthesizer itself tells."""
    library, rate = _library()
    sound, began = bytearray(), []

    def take(samples, count, events):
        if samples and count:
            sound.extend(ctypes.string_at(samples, count * 2))
        at = 0
        while events[at].type != LAST:
            if events[at].type == WORD:
                start = events[at].place - 1
                began.append((text[start : start + events[at].length], events[at].milliseconds / 1000))
            at += 1
        return 0

    callback = CALLBACK(take)
    library.espeak_SetSynthCallback(callback)
    assert library.espeak_SetVoiceByName(voice.encode()) == 0, f"espeak-ng has no voice {voice}"
    library.espeak_SetParameter(RATE, RATE_OF_SPEECH, 0)
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, CHARACTERS, 0, UTF8, None, None)
    write(path, bytes(sound), rate)
    return tuple(began)


def flite(voice: str, text: str, path: Path) -> Words:
    """Speak into a file; it does not tell when."""
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True)
    return ()


def write(path: Path, samples: bytes, rate: int) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
