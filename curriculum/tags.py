"""Know, feel, decide, context: the tags on the sentences of a text, their order, and how they follow the text.

Sentences are kept with their tags as the client joined or split them. When the text changes, a sentence that is
still there keeps its tag; what is new has none.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from .fields import TAGS
from .firstread import sentences

KNOW, FEEL, DECIDE, CONTEXT = TAGS
ALIKE = 0.6  # share of words from which a changed sentence is still the same one, and keeps its tag
_BLANKS = re.compile(r"\s+")


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
    """The sentences of a text, as written."""
    return [text[start:end] for start, end in sentences(text)]


def aligned(text: str, tagged: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Every sentence of the text with its tag, following what was tagged before.

    Where the pieces still make up the text they stay as they were joined or split.
    """
    if tagged and _same("".join(part["text"] for part in tagged), text):
        return [{"text": part["text"], "tag": part["tag"]} for part in tagged]
    left = list(tagged)
    return [{"text": sentence, "tag": _tag_of(sentence, left)} for sentence in split(text)]


def _tag_of(sentence: str, left: list[dict[str, Any]]) -> str:
    """The tag of the piece most like the sentence; that piece is used up."""
    likes = [(_likeness(sentence, part["text"]), -place) for place, part in enumerate(left)]
    best, place = max(likes, default=(0.0, 0))
    return str(left.pop(-place)["tag"]) if best >= ALIKE else ""


def _likeness(one: str, other: str) -> float:
    return 1.0 if _same(one, other) else SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


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
