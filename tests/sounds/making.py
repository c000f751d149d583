"""Sound made on the spot: a voice-like tone with pauses, in every container a browser records or somebody sends."""

import io
import math
import random
from array import array
from functools import lru_cache

import av

RATE = 48_000


def samples(seconds: float, *, loud: float = 0.5) -> array:
    """A tone that swells, with a pause in every second, and a little noise."""
    return (second(loud) * (int(seconds) + 1))[: int(seconds * RATE)]


LIVE = {"webm": {"live": "1"}, "mp4": {"movflags": "frag_keyframe+empty_moov+default_base_moof"}}


@lru_cache
def second(loud: float) -> array:
    noise, found = random.Random(7), array("h")
    for number in range(RATE):
        at = number / RATE
        tone = 0 if at > 0.8 else math.sin(2 * math.pi * 220 * at) * (0.6 + 0.4 * math.sin(2 * math.pi * 3 * at))
        found.append(int(32767 * loud * tone) + noise.randint(-3, 3))
    return found


@lru_cache(maxsize=32)
def encoded(
    seconds: float, container: str = "webm", codec: str = "libopus", *, live: bool = False, loud: float = 0.5
) -> bytes:
    """The file. WebM with Opus is what Chromium records, MP4 with AAC what Safari does; both while it is spoken (`live`):
    in fragments, and without a word on how long it is."""
    target = io.BytesIO()
    options = LIVE[container] if live else {}
    with av.open(target, "w", format=container, options=options) as out:
        track = out.add_stream(codec, rate=RATE, layout="mono")
        resampler = av.AudioResampler(format=track.format.name, layout="mono", rate=RATE)
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples(seconds, loud=loud)))
        frame.planes[0].update(samples(seconds, loud=loud).tobytes())
        frame.sample_rate, frame.pts = RATE, 0
        for part in [*resampler.resample(frame), *resampler.resample(None), None]:
            for packet in track.encode(part):
                out.mux(packet)
    return target.getvalue()


GOOD = {
    "WebM with Opus, as Chromium records": lambda: encoded(6, live=True),
    "WebM with Opus and its length": lambda: encoded(6),
    "MP4 with AAC in fragments, as Safari records": lambda: encoded(6, "mp4", "aac", live=True),
    "MP4 with Opus, as newer Chromium and Safari record": lambda: encoded(6, "mp4", "libopus", live=True),
    "M4A with AAC": lambda: encoded(6, "ipod", "aac"),
    "Ogg with Opus, as Firefox records": lambda: encoded(6, "ogg", "libopus"),
    "MP3": lambda: encoded(6, "mp3", "libmp3lame"),
    "WAV": lambda: encoded(6, "wav", "pcm_s16le"),
}
