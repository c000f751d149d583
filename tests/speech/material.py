"""The recordings that are measured: what is said in each, where it comes from, and when its words begin where that
is known."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy

from . import voices
from .voices import Words

HERE = Path(__file__).parent
RATE = 16_000
PAUSE = 2.5  # seconds of silence between the sentences of the novel
EDGE = 0.05  # of a sentence's loudness: what is quieter at its edges is cut away
MADE = "made on the spot, nothing to license"

KENNEDY = "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
AUSTEN = (
    ("0870", "And Mister John Dashwood had then leisure to consider how much there might be prudently in his power "
     "to do for them."),
    ("0880", "He was not an ill-disposed young man."),
    ("0890", "Unless to be rather cold-hearted and rather selfish is to be ill-disposed."),
    ("0920", "Had he married a more amiable woman, he might have been made still more respectable than he was."),
    ("0930", "He might even have been made amiable himself."),
)  # fmt: skip
# The programme's own example of a good translation, without its numerals.
EXPLAINED = (
    "We are making sure that when you book a doctor's appointment online, the slot is really yours. Today, about four "
    "times a week, two people get the same slot, and one of them is sent home from the waiting room. That costs trust, "
    "and the clinic an hour of apologies. We are changing the moment the system says yes: it will hold the slot for you "
    "first and confirm it second. The risk is the busy Monday morning; if holding takes too long, people will see a "
    "spinner and leave. So we try it in one clinic first, and we can switch it off in a minute."
)


@dataclass(frozen=True)
class Sample:
    """`make` writes the file and tells when words begin, as far as that is known."""

    name: str
    accent: str
    source: str
    rights: str
    text: str
    make: Callable[[Path], Words]
    most: float  # the word error rate up to which the tests are content
    real: bool = False


def _kennedy(path: Path) -> Words:
    voices.write(path, decoded(HERE / "kennedy.ogg").tobytes(), RATE)
    return ()


def _austen(path: Path) -> Words:
    """Five sentences with silence of a known length between them: where each begins is known to 20 ms."""
    silence, parts, began, at = numpy.zeros(int(PAUSE * RATE), numpy.int16), [], [], 0
    for number, text in AUSTEN:
        spoken = trimmed(decoded(HERE / f"austen-{number}.ogg"))
        began.append((text.split()[0], at / RATE))
        parts += [spoken, silence]
        at += len(spoken) + len(silence)
    voices.write(path, numpy.concatenate(parts[:-1]).tobytes(), RATE)
    return tuple(began)


def decoded(path: Path) -> numpy.ndarray:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    return numpy.concatenate([frame.to_ndarray()[0] for frame in frames])


def trimmed(samples: numpy.ndarray) -> numpy.ndarray:
    """Without the quiet at both ends."""
    block = RATE // 50
    loud = [abs(samples[at : at + block].astype(int)).max() for at in range(0, len(samples), block)]
    least = EDGE * sorted(loud)[int(len(loud) * 0.95)]
    heard = [number for number, one in enumerate(loud) if one >= least]
    return samples[heard[0] * block : (heard[-1] + 1) * block]


def _espeak(voice: str) -> Callable[[Path], Words]:
    return lambda path: voices.espeak(voice, EXPLAINED, path)


def _flite(voice: str) -> Callable[[Path], Words]:
    return lambda path: voices.flite(voice, EXPLAINED, path)


def _made(name: str, accent: str, source: str, make: Callable[[Path], Words], most: float) -> Sample:
    return Sample(name, accent, source, MADE, EXPLAINED, make, most)


SAMPLES = (
    Sample(
        "John F. Kennedy, 1961", "Boston", "`kennedy.ogg`", "a work of the United States government: public domain",
        KENNEDY, _kennedy, 0.1, True,
    ),
    Sample(
        "Sense and Sensibility, chapter 1", "North American", "`austen-*.ogg`, a volunteer of LibriVox",
        "dedicated to the public domain", " ".join(text for _number, text in AUSTEN), _austen, 0.15, True,
    ),
    _made("Flite, voice slt", "North American", "Flite, from recordings of one woman", _flite("slt"), 0.15),
    _made("Flite, voice awb", "Scottish", "Flite, from recordings of one man", _flite("awb"), 0.2),
    _made("eSpeak NG, en-us", "North American", "eSpeak NG, by rules", _espeak("en-us"), 0.25),
    _made("eSpeak NG, en-gb-x-rp", "Received Pronunciation", "eSpeak NG, by rules", _espeak("en-gb-x-rp"), 0.25),
    _made("eSpeak NG, en-gb-scotland", "Scottish", "eSpeak NG, by rules", _espeak("en-gb-scotland"), 0.3),
    _made("eSpeak NG, en-029", "Caribbean", "eSpeak NG, by rules", _espeak("en-029"), 0.3),
)  # fmt: skip
