"""A text in pieces with places marked in it. Places are counted in signs, so that white space never shifts them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from .diffs import DELETED, Piece


class Spot(NamedTuple):
    """From which sign on and up to which one a text is marked, and as which note."""

    start: int
    end: int
    note: int


def spot(text: str, start: int, end: int, note: int) -> Spot:
    """A place given in characters."""
    return Spot(signs(text[:start]), signs(text[:end]), note)


def signs(text: str) -> int:
    return len("".join(text.split()))


def length(pieces: Iterable[Piece]) -> int:
    """Signs of the text that stands, without what went."""
    return sum(signs(piece.text) for piece in pieces if piece.kind != DELETED)


def pieces(found: Iterable[Piece], spots: list[Spot], *, before: int = 0) -> list[Piece]:
    """The pieces cut where a mark begins or ends. `before` is how many signs stand before them in the whole text."""
    return [part for piece, place in _counted(found, before) for part in _cut(piece, place, spots)]


def _counted(found: Iterable[Piece], place: int) -> Iterator[tuple[Piece, int]]:
    for piece in found:
        yield piece, place
        place += 0 if piece.kind == DELETED else signs(piece.text)


def _cut(piece: Piece, place: int, spots: list[Spot]) -> Iterator[Piece]:
    if piece.kind == DELETED or not any(one.start < place + signs(piece.text) and one.end > place for one in spots):
        yield piece
        return
    for note, run in groupby(_noted(piece.text, place, spots), key=lambda pair: pair[1]):
        yield Piece(piece.kind, "".join(sign for sign, _note in run), note)


def _noted(text: str, place: int, spots: list[Spot]) -> Iterator[tuple[str, int]]:
    """Every character with the note that marks it; white space is marked inside a place, never at its edge."""
    for sign in text:
        inside = [
            one.note
            for one in spots
            if (one.start < place if sign.isspace() else one.start <= place) and place < one.end
        ]
        yield sign, inside[0] if inside else 0
        place += not sign.isspace()
