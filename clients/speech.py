"""What is said in a recording: its words with times, heard by a model that lies on this machine.

The engine is the optional extra [speech]; the model is a folder that a setting names. Nothing is downloaded and nothing
is sent anywhere. A model takes hundreds of megabytes, so it is loaded in a process of its own (`listen` starts it,
`main` is it) that ends with the recording: at a lower priority, without the product's environment, and with the network
shut. It reads the version that is played, which is ours, never the file as it came.
"""

import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 180  # seconds of the clock for a minute of speech: a model slower than that is too large for this machine
BEAT = 10  # seconds; whoever waits hears at least that often that the work goes on
GENTLE = 10  # of `nice`: pages and mail go first
LOADED = 5  # per cent, once the model is in memory
NO_ENGINE, NO_MODEL, GONE, TOO_SLOW, BROKEN = "no_engine", "no_model", "gone", "too_slow", "broken"

# How the engine is asked. Numbers are tried on the recordings of docs/speech.md.
MODEL = {
    "device": "cpu",
    "compute_type": "int8",  # a quarter of the memory of float32, and twice as quick on a processor
    "local_files_only": True,
}
ASKED = {
    "language": "en",  # the programme's; guessing takes time and takes a strong accent for another language
    "beam_size": 5,  # as the model was measured; one beam is a third quicker and mishears more
    "temperature": 0.0,  # the same recording is heard the same way every time
    "condition_on_previous_text": False,  # a phrase misheard once is not repeated to the end
    "word_timestamps": True,
    "vad_filter": True,  # silence is cut out first: in it a model makes up words, and stretches the last one over it
    "vad_parameters": {"min_silence_duration_ms": 500, "speech_pad_ms": 200},
}


@dataclass(frozen=True)
class Heard:
    """`words` are (word, start, end) in seconds, with their punctuation; `engine` says what heard them."""

    text: str
    words: tuple[tuple[str, float, float], ...]
    engine: str


class NotHeard(Exception):
    """It came to nothing; `reason` is one of the codes above."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


# --- Whether there is an engine -------------------------------------------------------------------


def is_on() -> bool:
    return not off_reason()


def off_reason() -> str:
    """Why there are no transcripts on this machine, as a code; empty where there are."""
    if find_spec("faster_whisper") is None:
        return NO_ENGINE
    return "" if settings.SPEECH_MODEL and (Path(settings.SPEECH_MODEL) / "model.bin").is_file() else NO_MODEL


# --- Asking it ------------------------------------------------------------------------------------


def listen(sound: Path) -> Iterator[int | Heard]:
    """Per cents while it goes on, at least one in BEAT seconds, and what was heard at the end. Raises NotHeard."""
    if reason := off_reason() or ("" if sound.is_file() else GONE):
        raise NotHeard(reason)
    with closing(_told(sound)) as told:
        percent = 0
        for line in told:
            said = _read(line)
            if "words" in said:
                yield Heard(
                    said["text"], tuple((word, start, end) for word, start, end in said["words"]), said["engine"]
                )
                return
            percent = said.get("percent", percent)
            yield percent
    raise NotHeard(BROKEN)


def _read(line: bytes) -> dict[str, Any]:
    try:
        return json.loads(line or b"{}")
    except ValueError:
        raise NotHeard(BROKEN) from None


def _told(sound: Path) -> Generator[bytes]:
    """What the process says, a line at a time, and an empty line when it said nothing for a while."""
    command = [sys.executable, "-m", "clients.speech", str(sound), str(settings.SPEECH_MODEL)]
    quiet: Any = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, env=_surroundings(), **quiet)  # noqa: S603  our own program
    until, rest = time.monotonic() + LONGEST, b""
    try:
        while time.monotonic() < until:
            if not select.select([process.stdout], [], [], BEAT)[0]:
                yield b""
                continue
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            yield from lines
        raise NotHeard(TOO_SLOW)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _surroundings() -> dict[str, str]:
    """Of the product's environment only what finds programs: no secret, no database, no address."""
    kept = {name: os.environ[name] for name in ("PATH", "OPENBLAS_CORETYPE") if name in os.environ}
    return kept | {
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "OMP_NUM_THREADS": str(threads()),
    }


def threads() -> int:
    """As many as there are cores, up to four: more make a minute of speech no quicker."""
    return max(1, min(4, len(os.sched_getaffinity(0))))


# --- In the process of its own --------------------------------------------------------------------


def main(sound: str, model: str) -> None:
    """Say per cents, then the words, as lines of JSON."""
    step_back()
    shut_the_doors()
    from faster_whisper import WhisperModel  # noqa: PLC0415  loaded by this process only

    engine = WhisperModel(model, cpu_threads=threads(), **MODEL)
    say({"percent": LOADED})
    words: list[list[Any]] = []
    pieces, about = engine.transcribe(sound, **ASKED)
    for piece in pieces:
        words += [[one.word, round(float(one.start), 2), round(float(one.end), 2)] for one in piece.words or ()]
        say({"percent": LOADED + int((99 - LOADED) * min(1.0, piece.end / max(about.duration, 0.1)))})
    whole = joined(words)
    say({"words": whole, "text": " ".join(word for word, _start, _end in whole), "engine": named(model)})


def step_back() -> None:
    """Give way to everything else, leave nothing on the disk, and end with whoever asked."""
    os.nice(GENTLE)
    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CPU, 4 * LONGEST)):
        resource.setrlimit(limit, (most, most))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def shut_the_doors() -> None:
    """From here on this process opens no connection; whatever asks for one gets an error instead."""

    def refuse(event: str, _arguments: Any) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
            raise PermissionError("nothing leaves this machine")

    sys.addaudithook(refuse)


def say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def joined(parts: list[list[Any]]) -> list[list[Any]]:
    """Words as people write them: a part without a space before it belongs to the one before ("ill" + "-disposed")."""
    whole: list[list[Any]] = []
    for text, start, end in parts:
        if whole and not text.startswith(" "):
            whole[-1] = [whole[-1][0] + text, whole[-1][1], end]
        elif text.strip():
            whole.append([text.strip(), start, end])
    return whole


def named(model: str) -> str:
    """The engine and the model, as a transcript names them."""
    return f"faster-whisper {version('faster-whisper')}, {Path(model).name}"[:80]


if __name__ == "__main__":
    main(*sys.argv[1:3])
