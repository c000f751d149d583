"""A text that is tagged, as it is read: sentence by sentence, and what changed in each since an earlier one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from curriculum import tags
from curriculum.fields import Field
from curriculum.tags import Order

from . import diffs, marked
from .diffs import DELETED, Piece
from .marked import Spot

NAMES = {"K": _("Know"), "F": _("Feel"), "D": _("Decide"), "C": _("Context")}


@dataclass(frozen=True)
class Line:
    """One sentence: its tag, empty where it has none, its words in pieces, and the numbers of the notes on it."""

    tag: str
    pieces: tuple[Piece, ...]
    notes: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return str(NAMES.get(self.tag, ""))


@dataclass(frozen=True)
class Tagged:
    """A text with its tags and their order."""

    lines: tuple[Line, ...]
    order: Order

    @property
    def order_in_words(self) -> str:
        return in_words(self.order)


def of(tagged: list[dict[str, Any]]) -> Tagged:
    """The text as it stands."""
    lines = (Line(part["tag"], tuple(diffs.unchanged(part["text"]))) for part in tagged)
    return Tagged(tuple(lines), tags.order_of(tagged))


def noted(tagged: Tagged, spots: list[Spot]) -> Tagged:
    """The text with marks: a note stands with the sentence in which its words begin."""
    return Tagged(tuple(_noted(tagged.lines, spots)), tagged.order) if spots else tagged


def _noted(lines: Iterable[Line], spots: list[Spot]) -> Iterator[Line]:
    before = 0
    for line in lines:
        after = before + marked.length(line.pieces)
        notes = tuple(one.note for one in sorted(spots) if before <= one.start < after)
        yield Line(line.tag, tuple(marked.pieces(line.pieces, spots, before=before)), notes)
        before = after


def in_words(order: Order) -> str:
    """The strip for whoever does not see it."""
    if not order.strip:
        return now_("Nothing is tagged yet")
    said = now_("Order: %(tags)s") % {"tags": ", ".join(str(NAMES[tag]).lower() for tag in order.strip)}
    missing = [str(NAMES[tag]).lower() for tag in order.missing]
    return now_("%(order)s; missing: %(tags)s") % {"order": said, "tags": ", ".join(missing)} if missing else said


def since(before: str, text: str, tagged: list[dict[str, Any]]) -> Tagged:
    """The text with what came in and what went since `before`. What went stands with the sentence before it."""
    lines = tuple(_cut(diffs.words(before, text), tagged))
    return Tagged(lines, tags.order_of(tagged))


def shown_in(asked: Iterable[Field], answer: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Field key → its tagged sentences, for every text of the answer that is tagged."""
    found = {field.extra["of"]: answer.get(field.key) or [] for field in asked if field.kind == "tags"}
    return {key: tagged for key, tagged in found.items() if tagged and tags.fits(str(answer.get(key) or ""), tagged)}


def _cut(pieces: list[Piece], tagged: list[dict[str, Any]]) -> Iterator[Line]:
    """The pieces of a difference, cut where one sentence ends and the next begins."""
    left = list(pieces)
    for place, part in enumerate(tagged):
        line = list(_taken(left, _signs(part["text"])))
        if place == len(tagged) - 1:
            line += left
        yield Line(part["tag"], tuple(line))


def _taken(left: list[Piece], signs: int) -> Iterator[Piece]:
    """From the front as many signs as a sentence has, with whatever went in between and behind them."""
    while left and (signs or left[0].kind == DELETED or not left[0].text.strip()):
        piece = left.pop(0)
        if piece.kind == DELETED:
            yield piece
            continue
        here, rest = _parted(piece.text, signs)
        signs -= _signs(here)
        if here:
            yield Piece(piece.kind, here)
        if rest:
            left.insert(0, Piece(piece.kind, rest))
            return


def _parted(text: str, signs: int) -> tuple[str, str]:
    """The text up to and with this many signs, and the rest; white space between belongs to the first."""
    for place, sign in enumerate(text):
        if not sign.isspace():
            if signs == 0:
                return text[:place], text[place:]
            signs -= 1
    return text, ""


def _signs(text: str) -> int:
    return sum(not sign.isspace() for sign in text)
