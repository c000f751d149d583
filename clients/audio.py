"""What a file of sound is: how long, how much of it is silent, what it looks like, and a version every browser plays.

The file comes from outside, so it is read in a process of its own with narrow limits (`examine` starts it, `main` is
it): a file that wants more memory or time than a minute of speech needs is refused, and takes nothing down. Only
containers and codecs on a list are opened, each by the demuxer its first bytes call for; nothing in the file can name
another file or an address. Knows no Django.
"""

import errno
import json
import math
import os
import resource
import signal
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHORTEST, LONGEST = 5.0, 62.0  # seconds; the programme asks for 60 and accepts to 62
PLAYED = 48_000  # samples a second of what is played
RATE = 16_000  # samples a second for looking at; speech needs no more
BLOCK = RATE // 50  # 20 ms
BARS = 120
FAINT = 0.001  # of full scale: below this nothing can be heard at all
QUIET = 0.05  # of the loud parts of the same recording, about 26 dB below them: silence between words
MEMORY = 290_000_000  # bytes of address space; a minute of speech takes 180 of them, most of it libraries
SECONDS = 1.8  # of processor time before the process ends; a minute of speech takes half a second
WALL = 20  # seconds of the clock, on a machine that is busy with other things
BIGGEST_RESULT = 8_000_000

CODECS = frozenset(("opus", "vorbis", "aac", "mp3", "mp3float", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"))
PROBED = {"codec_whitelist": ",".join(sorted(CODECS)), "max_streams": "8"}  # no decoder of pictures is ever started
NOT_AUDIO, BROKEN, TOO_SHORT, TOO_LONG, SILENT = "not_audio", "broken", "too_short", "too_long", "silent"
NO_ROOM, FULL = "no_room", (errno.ENOSPC, errno.EDQUOT)
BUSY = "busy"  # nothing is the matter with the file: the machine did not come to it


@dataclass(frozen=True)
class Sound:
    """`silence` is a share of the time, 0 to 1: 20-ms blocks that stay below QUIET of the loud ones. `peaks` draw the
    waveform, 0 to 100 of the loudest."""

    milliseconds: int
    silence: float
    peaks: tuple[int, ...]


@dataclass(frozen=True)
class Unsound:
    """Why a file is not taken: one of the codes above, and its length where it has one."""

    code: str
    seconds: float = 0.0


def examine(source: Path, playable: Path) -> Sound | Unsound:
    """Look at a file in a process of its own; where it is sound, `playable` is written."""
    quiet: Any = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    command = [sys.executable, "-m", "clients.audio", str(source), str(playable)]
    # Nothing of the web server's environment goes along: no secret, no database.
    env = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(command, cwd=ROOT, env=env, timeout=WALL, check=False, **quiet)  # noqa: S603  our own program
        told = json.loads(ended.stdout) if ended.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        told = {"refused": BUSY}
    except ValueError:
        told = {}
    if "milliseconds" in told:
        return Sound(told["milliseconds"], told["silence"], tuple(told["peaks"]))
    with suppress(FileNotFoundError):
        playable.unlink()
    return Unsound(told.get("refused", BROKEN), told.get("seconds", 0.0))


# --- In the process of its own --------------------------------------------------------------------


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, code: str, seconds: float = 0.0):
        super().__init__(code)
        self.told = {"refused": code, "seconds": round(seconds, 1)}


def main(source: str, playable: str) -> dict[str, Any]:
    """What is to be said of the file, as plain data."""
    narrow()
    try:
        return read(Path(source), Path(playable))
    except Refused as refused:
        return refused.told
    except (MemoryError, OSError, ValueError, OverflowError, EOFError):
        return {"refused": BROKEN}


def narrow() -> None:
    """Take from this process what it does not need. What goes beyond is killed by the system."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # finer than the limit below, and caught by nobody either
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, math.ceil(SECONDS)),
        (resource.RLIMIT_FSIZE, BIGGEST_RESULT),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(limit, (most, most))


def read(source: Path, playable: Path) -> dict[str, Any]:
    with source.open("rb") as file:
        demuxer = demuxer_of(file.read(64))
        file.seek(0)
        if not demuxer:
            raise Refused(NOT_AUDIO)
        return described(decoded(file, demuxer, playable))


def decoded(file: Any, demuxer: str, playable: Path) -> array:
    import av  # noqa: PLC0415  loaded by this process only, after its limits, and for what may be sound

    av.logging.set_level(av.logging.PANIC)
    try:
        with av.open(file, format=demuxer, options=PROBED, metadata_errors="ignore") as container:
            return write(av, container, stream_of(container), playable)
    except av.error.FFmpegError as error:
        raise Refused(NO_ROOM if error.errno in FULL else BROKEN) from None


def demuxer_of(head: bytes) -> str:
    """Which demuxer the first bytes call for; empty where they are not those of sound."""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"OggS"):
        return "ogg"
    if head[4:8] == b"ftyp":
        return "mov"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2  # an MPEG layer III frame begins
    return "mp3" if head.startswith(b"ID3") or is_frame else ""


def stream_of(container: Any) -> Any:
    """The first stream of sound, if its codec is on the list."""
    if not container.streams.audio:
        raise Refused(NOT_AUDIO)
    stream = container.streams.audio[0]
    if stream.codec_context is None or stream.codec_context.name not in CODECS:
        raise Refused(NOT_AUDIO)
    return stream


def write(av: Any, container: Any, stream: Any, playable: Path) -> array:
    """Decode once: samples for looking at, and AAC in MP4 without anything the file said about itself."""
    looked = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    samples = array("h")
    with av.open(str(playable), "w", format="mp4", options={"movflags": "faststart", "fflags": "bitexact"}) as out:
        track = out.add_stream("aac", rate=PLAYED, layout="mono")
        track.bit_rate = 64_000
        track.options = {"aac_coder": "fast"}  # a third of the time, and speech does not show it
        played = av.AudioResampler(format="fltp", layout="mono", rate=PLAYED)
        written = 0
        for frame in frames(container, stream):
            frame.pts = None  # gaps and jumps of the clock inside the file are nobody's business
            # In this order: a mono file that does not say where its channel belongs is refused the other way round.
            written = encode(out, track, played.resample(frame), written)
            for part in looked.resample(frame):
                samples.frombytes(bytes(part.planes[0])[: part.samples * 2])
            if len(samples) > LONGEST * RATE:
                raise Refused(TOO_LONG, seconds_of(container, stream))
        encode(out, track, [*played.resample(None), None], written)
    return samples


def seconds_of(container: Any, stream: Any) -> float:
    """How long a file is that goes on behind what is accepted: by what it says, or by its last packet where it does
    not say it. Nothing more is decoded."""
    said, end, start = (container.duration or 0) / 1_000_000, LONGEST, stream.start_time or 0
    for packet in container.demux(stream):
        if packet.pts is not None:
            end = max(end, float((packet.pts + (packet.duration or 0) - start) * packet.time_base))
        if is_late():
            break
    return max(said, end)


def is_late() -> bool:
    """Time to come to an end before this process is ended."""
    return time.process_time() > SECONDS - 0.3


def frames(container: Any, stream: Any) -> Iterator[Any]:
    """Every frame that can be decoded. A broken packet in the middle is passed over; many are not."""
    broken = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except ValueError:  # what PyAV raises for data a decoder cannot read
            broken += 1
        if broken > 25 or is_late():
            raise Refused(BROKEN)


def encode(out: Any, track: Any, parts: list[Any], written: int) -> int:
    """Write these parts behind `written` samples; None ends the track. The samples written by now."""
    for part in parts:
        if part is not None:
            part.pts, part.time_base = written, Fraction(1, PLAYED)
            written += part.samples
        for packet in track.encode(part):
            out.mux(packet)
    return written


def described(samples: array) -> dict[str, Any]:
    seconds = len(samples) / RATE
    if seconds > LONGEST:
        raise Refused(TOO_LONG, seconds)
    if seconds < SHORTEST:
        raise Refused(TOO_SHORT if samples else BROKEN, seconds)
    blocks = [loudness(samples[start : start + BLOCK]) for start in range(0, len(samples), BLOCK)]
    loud = sorted(blocks)[int(len(blocks) * 0.95)]
    if loud < FAINT * 32768:
        raise Refused(SILENT, seconds)
    silence = sum(block < QUIET * loud for block in blocks) / len(blocks)
    return {"milliseconds": round(seconds * 1000), "silence": round(silence, 3), "peaks": bars(blocks)}


def loudness(block: array) -> int:
    return max(max(block), -min(block))


def bars(blocks: list[int]) -> list[int]:
    """The waveform: the loudest of each stretch, in percent of the loudest of all."""
    most = max(blocks)
    edges = [round(number * len(blocks) / BARS) for number in range(BARS + 1)]
    return [round(max(blocks[start:end], default=0) * 100 / most) for start, end in pairwise(edges)]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:3])))
