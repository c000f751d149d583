"""The first read of something that was said: pace, fillers, pauses, and the ordinary notes on its text.

Advisory only: nothing of it is kept, counted or scored, and it is for the pair alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from curriculum.firstread.language import Unreadable
from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.reader import Reading, read
from curriculum.firstread.texts import Text

CALM = (130, 160)  # words a minute; inside of this band nothing is said about pace
PAUSE = 2.0  # seconds between two words from which silence is told
SLOW, STEADY, FAST = "slow", "calm", "fast"
LENGTH = "H1"  # words are not seconds here: the seconds are known
CAVEAT = (
    "A program wrote down what it heard, on this machine. It hears some accents and voices less well than others, "
    "so read it against your own ears. None of this is counted."
)

Word = tuple[str, float, float]


@dataclass(frozen=True)
class SpokenReading:
    """`fillers` are (word, how often), the most frequent first; `pauses` are (where, how long) in seconds.

    `reading` are the ordinary notes on the text; None where the text cannot be read.
    """

    words_per_minute: int
    pace: str
    fillers: tuple[tuple[str, int], ...]
    pauses: tuple[tuple[float, float], ...]
    reading: Reading | None
    caveat: str = CAVEAT


def spoken(
    words: Sequence[Word], *, text: str, seconds: float, lexicon: Lexicon | None = None, technical: bool = False
) -> SpokenReading:
    """`words` as they were recognised, with start and end in seconds; `text` as its speaker put it right."""
    lexicon = lexicon or Lexicon.builtin()
    rate = round(len(text.split()) / seconds * 60) if seconds > 0 else 0
    found = Text(text)
    said = Counter(" ".join(found.heard(span).split()) for span in lexicon.hits(found, "fillers"))
    return SpokenReading(
        words_per_minute=rate,
        pace=SLOW if rate < CALM[0] else FAST if rate > CALM[1] else STEADY,
        fillers=tuple(said.most_common()),
        pauses=tuple(_pauses(words)),
        reading=_reading(text, lexicon, technical),
    )


def _pauses(words: Sequence[Word]):
    for (_word, _start, end), (_next, start, _end) in pairwise(words):
        if start - end > PAUSE:
            yield round(end, 1), round(start - end, 1)


def _reading(text: str, lexicon: Lexicon, technical: bool) -> Reading | None:
    try:
        found = read(text, "translation", lexicon, technical)
    except Unreadable:
        return None
    return replace(found, notes=tuple(note for note in found.notes if note.rule != LENGTH))
