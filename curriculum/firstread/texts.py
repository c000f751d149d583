"""Where words, sentences and tags stand in a text.

A text may start with a `Subject:` line and hold `[K] [F] [D] [C]` tags; neither is part of its
sentences. Positions are offsets in Unicode code points into the text as given: nothing is ever cut
out before counting, it is covered with blanks of the same length.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

Span = tuple[int, int]

SUBJECT = re.compile(r"\ufeff?\s{0,80}subject:[^\r\n]*", re.IGNORECASE)
TAG = re.compile(r"\[([KFDC])\]")
WORD = re.compile(r"\S+")
SPOKEN = re.compile(r"\S*[^\W_]\S*")
LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
BULLET = re.compile(r"\s*(?:[-*+•–—>#]{1,6}|\d{1,3}[.)]|\(?[a-z]\))\s+")
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’»)\]*_]*+(?=\s)")
QUOTED = re.compile(r"```.*?```|`[^`\n]{1,400}`|“[^“”]{1,800}”|\"[^\"\n]{1,800}\"|\bhttps?://\S+", re.DOTALL)

# Short forms that never end a sentence, and those that do so only before a capital or a quotation mark.
NEVER_LAST = frozenset(
    ("e.g", "i.e", "vs", "cf", "approx", "incl", "excl", "resp", "fig", "mr", "mrs", "ms", "dr", "prof", "st")
)
RARELY_LAST = frozenset(("etc", "inc", "ltd", "co", "corp", "a.m", "p.m", "min", "max", "dept", "est", "u.s", "u.k"))
# A line this long without a full stop was wrapped by a mail program, not ended by its writer.
WRAPPED_FROM = 55

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‑": "-", "‐": "-", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True)
class Text:
    """A text with its subject line and tags covered, and everything that is looked up in it."""

    raw: str

    @cached_property
    def body(self) -> int:
        """Where the text begins once a byte order mark and a subject line are passed."""
        subject = SUBJECT.match(self.raw)
        return subject.end() if subject else int(self.raw.startswith("\ufeff"))

    @cached_property
    def plain(self) -> str:
        """The text with subject line and tags turned into blanks; as long as the text as given."""
        return TAG.sub("   ", " " * self.body + self.raw[self.body :])

    @cached_property
    def folded(self) -> str:
        """`plain` in lower case with straight apostrophes, quotations and addresses covered."""
        lowered = self.plain.translate(_STRAIGHT).lower()
        if len(lowered) != len(self.plain):
            lowered = "".join(_lowered(c) for c in self.plain.translate(_STRAIGHT))
        return QUOTED.sub(lambda m: "¤" * len(m.group()), lowered)

    @cached_property
    def tags(self) -> tuple[tuple[str, Span], ...]:
        """Each tag letter with its place, brackets included."""
        return tuple((m.group(1), m.span()) for m in TAG.finditer(self.raw, self.body))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The place of every sentence, without the blanks around it."""
        spans: list[Span] = []
        for block in _blocks(self.plain, [start for _, (start, _) in self.tags]):
            spans.extend(_sentences_in(self.plain, block))
        return tuple(spans)

    @cached_property
    def word_spans(self) -> tuple[Span, ...]:
        """The place of every word: whatever stands between white space."""
        return tuple(m.span() for m in WORD.finditer(self.plain))

    @property
    def words(self) -> int:
        """How many words the body has; a hyphenated word and a number count once."""
        return len(self.word_spans)

    @cached_property
    def sentence_lengths(self) -> tuple[int, ...]:
        """How many words each sentence has; a dash standing alone is not one."""
        return tuple(len(SPOKEN.findall(self.plain, *span)) for span in self.sentences)

    def said(self, span: Span) -> str:
        """The words at a place, as written, subject line and tags excepted."""
        return self.plain[span[0] : span[1]]

    def heard(self, span: Span) -> str:
        """The words at a place as the rules see them: lower case, quotations covered."""
        return self.folded[span[0] : span[1]]

    def sentence_of(self, offset: int) -> Span:
        """The sentence an offset lies in; the one before it where it lies between two."""
        place = bisect_right(self.sentences, (offset, len(self.raw))) - 1
        return self.sentences[max(place, 0)]


def sentences(text: str) -> list[Span]:
    """The place of every sentence in a text. A subject line and tags belong to no sentence."""
    return list(Text(text).sentences)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same places, sorted, with those that overlap made one."""
    result: list[Span] = []
    for start, end in sorted(set(spans)):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def _lowered(character: str) -> str:
    """A letter in lower case, unless that would take more room."""
    small = character.lower()
    return small if len(small) == 1 else character


def _blocks(plain: str, breaks: list[int]) -> Iterator[Span]:
    """The stretches between hard breaks: tags, empty lines, list items, lines that were meant to end."""
    edges = sorted({0, len(plain), *breaks, *_line_breaks(plain)})
    yield from pairwise(edges)


def _line_breaks(plain: str) -> Iterator[int]:
    """Where a line end also ends a sentence."""
    start = 0
    for end in LINE_END.finditer(plain):
        line = plain[start : end.start()].strip()
        if not _runs_on(line, plain[end.end() : end.end() + 12]):
            yield end.end()
        start = end.end()


def _runs_on(line: str, following: str) -> bool:
    """Whether a line was broken in the middle of a sentence."""
    start = following.lstrip(" \t")
    if not line or not start or line[-1] in ".!?:;…" or BULLET.match(following) or LINE_END.match(start):
        return False
    return start[0].islower() or (len(line) >= WRAPPED_FROM and start[0].isalpha())


def _sentences_in(plain: str, block: Span) -> Iterator[Span]:
    start, stop = block
    bullet = BULLET.match(plain, start, stop)
    start = bullet.end() if bullet else start
    for end in SENTENCE_END.finditer(plain, start, stop):
        if _ends(plain, end):
            yield from _trimmed(plain, start, end.end())
            start = end.end()
    yield from _trimmed(plain, start, stop)


def _ends(plain: str, end: re.Match[str]) -> bool:
    """Whether a full stop ends its sentence, or belongs to a short form before it."""
    following = plain[end.end() : end.end() + 40].lstrip()[:1]
    if end.group().startswith(("…", "..")):
        return not following.islower()
    if end.group() != ".":
        return True
    before = plain[max(0, end.start() - 10) : end.start()].split()
    ending = before[-1].lower().lstrip("(“\"'") if before else ""
    if ending in NEVER_LAST or (ending == "no" and following.isdigit()):
        return False
    return ending not in RARELY_LAST or not following or following.isupper() or following in "“\"‘'("


def _trimmed(plain: str, start: int, stop: int) -> Iterator[Span]:
    """The place without the blanks around it; nothing where no letter or figure is left."""
    piece = plain[start:stop]
    if any(c.isalnum() for c in piece):
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
