"""Where a note in the margin belongs: the words it is about, with what stands before and behind them.

A text-quote selector as in the W3C's Web Annotation Data Model (4.2.4): found again in a later text by the words
themselves, then by what is most like them; where nothing is, the note is an orphan and keeps its quote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 32  # characters kept on each side
LONGEST = 500  # characters of a quote
ALIKE = 0.7  # of the words, from which other words are still the same place
MOST_COMPARED = 2_000  # words of a text; beyond that only the words themselves are looked for
WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Anchor:
    """Words of a text, and what stands around them."""

    quote: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Found:
    """A place in a text; not `exact` where other words stand there by now."""

    start: int
    end: int
    exact: bool = True


def around(text: str, start: int, end: int) -> Anchor:
    """The anchor of a place."""
    return Anchor(text[start:end], text[max(start - AROUND, 0) : start], text[end : end + AROUND])


def settled(text: str, anchor: Anchor) -> Anchor | None:
    """The anchor as the text has it, white space and all; None where its words are not there."""
    found = _exact(text, anchor)
    return around(text, found.start, found.end) if found else None


def find(text: str, anchor: Anchor) -> Found | None:
    """Where the words are now, or what is most like them; None for an orphan."""
    return _exact(text, anchor) or _alike(text, anchor)


def _exact(text: str, anchor: Anchor) -> Found | None:
    """Of several places with these words the one with most of the same text around it, then the first."""
    words = anchor.quote.split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    places = [Found(*match.span()) for match in pattern.finditer(text)]
    return max(places, key=lambda place: _shared(text, place, anchor), default=None)


def _shared(text: str, place: Found, anchor: Anchor) -> int:
    """How many signs before and behind a place are those of the anchor."""
    before = _common(_bare(text[: place.start])[::-1], _bare(anchor.prefix)[::-1])
    return before + _common(_bare(text[place.end :]), _bare(anchor.suffix))


def _common(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _bare(text: str) -> str:
    return "".join(text.split())


def _alike(text: str, anchor: Anchor) -> Found | None:
    """The run of about as many words that has most of them in their order."""
    wanted, words = [_folded(word) for word in anchor.quote.split()], list(WORD.finditer(text))
    if len(wanted) < 3 or len(words) > MOST_COMPARED:  # one or two words are like too much
        return None
    found = max(_likenesses(wanted, words), default=(0.0, 0, 0))
    return Found(words[-found[1]].start(), words[found[2]].end(), exact=False) if found[0] >= ALIKE else None


def _folded(word: str) -> str:
    """A word without what stands around it, so that a comma makes no other word of it."""
    return word.strip(".,;:!?()“”\"'’–—").lower()


def _likenesses(wanted: list[str], words: list[re.Match[str]]) -> Iterator[tuple[float, int, int]]:
    """(how like it is, minus its first word, its last word): among equals the first counts."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    lower = [_folded(word.group()) for word in words]
    for start in range(len(words)):
        end = min(start + len(wanted), len(words))
        matcher.set_seq1(lower[start:end])
        if matcher.quick_ratio() >= ALIKE:
            yield round(matcher.ratio(), 3), -start, end - 1
