"""The first read of something that was said: pace, fillers, pauses, and the ordinary notes on its text.

Advisory only: nothing of it is kept, counted or scored, and it is for the pair alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from curriculum.firstread.language import Unreadable
from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.reader import Reading, read
from curriculum.firstread.shapes import BIG_NUMBERS, SMALL_NUMBERS
from curriculum.firstread.texts import Span, Text

CALM = (130, 160)  # words a minute; inside of this band nothing is said about pace
PAUSE = 2.0  # seconds between two words from which silence is told
SLOW, STEADY, FAST = "slow", "calm", "fast"
LENGTH = "H1"  # words are not seconds here: the seconds are known
CAVEAT = (
    "A program wrote down what it heard, on this machine. It hears some accents and voices less well than others, "
    "so read it against your own ears. None of this is counted."
)
# A word that compares things more often than it fills a gap.
OFTEN_MEANT = "like"
_SOUND = r"(?:um+|uh|uhm|er|erm|hmm?|you know|i mean)"
# ", like," and "um like" and "like um" and "there are like twelve".
_APART = re.compile(r"(?:^|[,;.!?…–—])\s*¦,")
_BESIDE_A_SOUND = re.compile(rf"\b{_SOUND},?\s¦|¦,?\s{_SOUND}\b")
_BEFORE_A_FIGURE = re.compile(
    rf"\b(?:is|are|was|were|took|takes|had|have|has|for|in|of|and)\s¦\s(?:\d|(?:{SMALL_NUMBERS}|{BIG_NUMBERS})\b)"
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
    heard = Text(text)
    said = Counter(" ".join(heard.heard(span).split()) for span in _fillers(heard, lexicon))
    return SpokenReading(
        words_per_minute=rate,
        pace=SLOW if rate < CALM[0] else FAST if rate > CALM[1] else STEADY,
        fillers=tuple(said.most_common()),
        pauses=tuple(_pauses(words)),
        reading=_reading(text, lexicon, technical),
    )


def _fillers(text: Text, lexicon: Lexicon) -> Iterator[Span]:
    return (
        span for span in lexicon.hits(text, "fillers") if text.heard(span) != OFTEN_MEANT or _fills_a_gap(text, span)
    )


def _fills_a_gap(text: Text, span: Span) -> bool:
    """Whether "like" stands apart, beside a sound or before a figure; "like a door" compares."""
    around = f"{text.folded[max(0, span[0] - 12) : span[0]]}¦{text.folded[span[1] : span[1] + 12]}"
    return any(shape.search(around) for shape in (_APART, _BESIDE_A_SOUND, _BEFORE_A_FIGURE))


def _pauses(words: Sequence[Word]) -> Iterator[tuple[float, float]]:
    for (_word, _start, end), (_next, start, _end) in pairwise(words):
        if start - end > PAUSE:
            yield round(end, 1), round(start - end, 1)


def _reading(text: str, lexicon: Lexicon, technical: bool) -> Reading | None:
    try:
        found = read(text, "translation", lexicon, technical)
    except Unreadable:
        return None
    return replace(found, notes=tuple(note for note in found.notes if note.rule != LENGTH))
