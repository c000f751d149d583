"""Know, feel, decide, context: the tags on the sentences of a text, their order, and how they follow the text.

Sentences are kept with their tags as the client joined or split them. When the text changes, a sentence that is
still there keeps its tag; what is new has none.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from .fields import TAGS
from .firstread import sentences

KNOW, FEEL, DECIDE, CONTEXT = TAGS
ALIKE = 0.6  # share of words from which a changed sentence is still the same one, and keeps its tag
FOLLOWED = 2_000  # words up to which joins and breaks follow a text
MOST_COMPARED = 40_000  # pieces with sentences; beyond that only the same words keep their tag
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\S+")
_BARE = re.compile(r"\w+")


@dataclass(frozen=True)
class Order:
    """How the tags of a text stand. `missing` are the slots of know, feel, decide that nothing fills; `strip` are
    the tags as they stand, `suggested` the same with what is missing in its place and context last."""

    strip: tuple[str, ...]
    suggested: tuple[str, ...]
    counts: dict[str, int]
    missing: tuple[str, ...]
    untagged: int
    is_fine: bool


def split(text: str) -> list[str]:
    """The sentences of a text, as written; what stands between two of them belongs to one, so that nothing is lost."""
    starts = _starts(text)
    return [text[start:end].strip() for start, end in pairwise([*starts, len(text)])]


def _starts(text: str) -> list[int]:
    """Where every sentence begins, the bullet of a list and other signs before it included."""
    spans = sentences(text)
    if not spans:
        return [0] if text.strip() else []
    return [0, *(_start_after(text, end, start) for (_start, end), (start, _end) in pairwise(spans))]


def _start_after(text: str, end: int, start: int) -> int:
    """Signs that touch the sentence before belong to it, the rest to the one that follows."""
    between = text[end:start]
    return (
        end + len(between) - len(between.lstrip()) if between[:1].isspace() else end + len(between.split(maxsplit=1)[0])
    )


# --- Following the text ---------------------------------------------------------------------------


def aligned(text: str, tagged: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Every sentence of the text with its tag, following what was tagged before.

    Pieces stay joined or broken as their writer left them, where the words around the place are still the same.
    """
    if tagged and fits(text, tagged):
        return [{"text": part["text"], "tag": part["tag"]} for part in tagged]
    pieces = _pieces(text, tagged)
    return [{"text": piece, "tag": tag} for piece, tag in zip(pieces, _tags_of(pieces, tagged), strict=True)]


def _pieces(text: str, tagged: list[dict[str, Any]]) -> list[str]:
    words = _words(text)
    if not words or len(words) > FOLLOWED:
        return split(text)
    cuts = _followed([text[start:end] for start, end in words], _firsts(words, _starts(text)), tagged)
    return [text[words[cut][0] : words[until - 1][1]] for cut, until in pairwise([*sorted(cuts), len(words)])]


def _firsts(words: list[tuple[int, int]], starts: list[int]) -> set[int]:
    """Which words are the first of a sentence, by their number."""
    return {bisect_left(words, (start, 0)) for start in starts} - {len(words)}


def _followed(words: list[str], usual: set[int], tagged: list[dict[str, Any]]) -> set[int]:
    """The words that begin a piece: of every sentence, but for joins and breaks that were made before and still fit."""
    before = [part["text"].split() for part in tagged]
    old = [word for piece in before for word in piece]
    made = {sum(len(piece) for piece in before[:place]) for place in range(len(before))}
    passage = " ".join(old)
    usual_then = _firsts(_words(passage), _starts(passage))
    stayed = _stayed(old, words)
    broken = {stayed[place] for place in made - usual_then if place in stayed}
    joins = {
        stayed[place] for place in usual_then - made if place in stayed and stayed.get(place - 1) == stayed[place] - 1
    }
    return {0} | (usual - joins) | broken


def _words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _WORD.finditer(text)]


def _stayed(old: list[str], new: list[str]) -> dict[int, int]:
    """Which old word is which new one, by their numbers."""
    blocks = SequenceMatcher(None, old, new).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _tags_of(pieces: list[str], tagged: list[dict[str, Any]]) -> list[str]:
    """A tag for each piece: that of the same words, else of the words most like it. Each is given once."""
    left = list(tagged)
    same = [_tag_of_the_same(piece, left) for piece in pieces]
    if len(left) * same.count(None) > MOST_COMPARED:
        left = []
    return [_tag_like(piece, left) if tag is None else tag for piece, tag in zip(pieces, same, strict=True)]


def _tag_of_the_same(piece: str, left: list[dict[str, Any]]) -> str | None:
    place = next((place for place, part in enumerate(left) if _same(piece, part["text"])), None)
    return None if place is None else str(left.pop(place)["tag"])


def _tag_like(piece: str, left: list[dict[str, Any]]) -> str:
    likes = [(_likeness(piece, part["text"]), -place) for place, part in enumerate(left)]
    best, place = max(likes, default=(0.0, 0))
    return str(left.pop(-place)["tag"]) if best >= ALIKE else ""


def _likeness(one: str, other: str) -> float:
    """Share of words the two have in common; signs and capitals do not count."""
    return SequenceMatcher(None, _BARE.findall(one.lower()), _BARE.findall(other.lower()), autojunk=False).ratio()


def joined(tagged: list[dict[str, Any]], place: int) -> list[dict[str, Any]]:
    """A piece made one with the next. Where there is no next, nothing changes."""
    if not 0 <= place < len(tagged) - 1:
        return tagged
    one, other = tagged[place : place + 2]
    both = {"text": f"{one['text']} {other['text']}", "tag": one["tag"] or other["tag"]}
    return [*tagged[:place], both, *tagged[place + 2 :]]


def broken(tagged: list[dict[str, Any]], place: int, word: int) -> list[dict[str, Any]]:
    """A piece made two, the second from this word on (counted from 0) and without a tag yet."""
    if not 0 <= place < len(tagged):
        return tagged
    text = tagged[place]["text"]
    words = _words(text)
    if not 0 < word < len(words):
        return tagged
    at = words[word][0]
    two = [{"text": text[:at].rstrip(), "tag": tagged[place]["tag"]}, {"text": text[at:], "tag": ""}]
    return [*tagged[:place], *two, *tagged[place + 1 :]]


def _same(one: str, other: str) -> bool:
    return _BLANKS.sub("", one) == _BLANKS.sub("", other)


def fits(text: str, tagged: list[dict[str, Any]]) -> bool:
    """Whether the pieces still make up the text."""
    return _same("".join(part["text"] for part in tagged), text)


def gaps(text: str, tagged: list[dict[str, Any]]) -> list[str]:
    """What keeps the tags from covering the text, as a sentence."""
    if not fits(text, tagged):
        return [_("The text has changed since it was tagged. Look at the tags once more.")]
    if untagged := [part["text"] for part in tagged if not part["tag"]]:
        return [_("Every sentence needs its tag. Still without: “%(words)s”") % {"words": _first_words(untagged[0])}]
    return []


def _first_words(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "…"


def order_of(tagged: list[dict[str, Any]]) -> Order:
    """The order is fine when the first tag is know, every know stands before the first decide, and all three are there.

    Source: the programme, upward-writing workbench. A suggestion, never a block.
    """
    strip = tuple(str(part["tag"]) for part in tagged if part["tag"])
    counts = {tag: strip.count(tag) for tag in TAGS}
    missing = tuple(tag for tag in (KNOW, FEEL, DECIDE) if not counts[tag])
    last_know = max((place for place, tag in enumerate(strip) if tag == KNOW), default=-1)
    in_order = strip[:1] == (KNOW,) and (DECIDE not in strip or last_know < strip.index(DECIDE))
    return Order(
        strip=strip,
        suggested=tuple(tag for tag in TAGS for _each in range(max(counts[tag], tag in missing))),
        counts=counts,
        missing=missing,
        untagged=sum(not part["tag"] for part in tagged),
        is_fine=in_order and not missing,
    )


def marked(tagged: list[dict[str, Any]]) -> str:
    """The text with its tags in brackets, as the first read reads it."""
    return " ".join(f"[{part['tag']}] {part['text']}" if part["tag"] else part["text"] for part in tagged)


def places(passage: str, tagged: list[dict[str, Any]]) -> list[list[int]]:
    """For every character of every piece, where it stands in a passage that holds them all, marked or not."""
    found, at = [], 0
    for part in tagged:
        mark = f"[{part['tag']}]"
        at += _blanks(passage, at)
        at += len(mark) if part["tag"] and passage.startswith(mark, at) else 0
        where = []
        for character in part["text"]:
            at += 0 if character.isspace() else _blanks(passage, at)
            where.append(at)
            at += not character.isspace()
        found.append(where)
    return found


def _blanks(passage: str, at: int) -> int:
    rest = _BLANKS.match(passage, at)
    return len(rest.group()) if rest else 0
