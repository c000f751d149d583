"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

SAME, INSERTED, DELETED = "same", "ins", "del"
ISLAND = 2  # as many words that stayed, between changes on both sides, are read more easily as changed too
LARGEST = 1_500_000  # comparisons of tokens; beyond this the whole text counts as rewritten
# A word with its hyphens and apostrophes, a number with its separators, or one other sign.
TOKEN = re.compile(r"(\s*)(\w+(?:[’'.,:/-]\w+)*|[^\w\s])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, came in (`ins`) or went (`del`). Plain text: whoever shows it escapes it.

    `note` is the number of the note in the margin that is about it, 0 for none.
    """

    kind: str
    text: str
    note: int = 0


class _Token(NamedTuple):
    """One word, and the white space before it, which is shown and never compared."""

    space: str
    word: str


def unchanged(text: str) -> list[Piece]:
    """The text as it is, in the form of a difference."""
    return [Piece(SAME, text)] if text else []


def words(before: str, after: str) -> list[Piece]:
    """`after` in order, with what went from `before` in the places where it stood."""
    if before == after:
        return unchanged(after.rstrip())
    old, new = _tokens(before), _tokens(after)
    pieces = [piece for change in _changes(old, new) for piece in _shown(*change)]
    return _joined(pieces)


def _tokens(text: str) -> list[_Token]:
    return [_Token(*found) for found in TOKEN.findall(text)]


def _changes(old: list[_Token], new: list[_Token]) -> Iterator[tuple[bool, list[_Token], list[_Token]]]:
    """(whether it stayed, the old words, the new words), run by run, and never two changed runs in a row."""
    gone: list[_Token] = []
    come: list[_Token] = []
    for stayed, a, b, c, d in _runs(old, new):
        if not stayed:
            gone, come = gone + old[a:b], come + new[c:d]
            continue
        yield False, gone, come
        yield True, old[a:b], new[c:d]
        gone, come = [], []
    yield False, gone, come


def _runs(old: list[_Token], new: list[_Token]) -> Iterator[tuple[bool, int, int, int, int]]:
    if len(old) * len(new) > LARGEST:
        yield False, 0, len(old), 0, len(new)
        return
    matcher = SequenceMatcher(None, [token.word for token in old], [token.word for token in new], autojunk=False)
    blocks = matcher.get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(blocks):
        is_inside = 0 < place < len(blocks) - 1
        is_island = is_inside and b - a <= ISLAND and _is_rewritten(blocks, place)
        yield tag == "equal" and not is_island, a, b, c, d


def _is_rewritten(blocks: list, place: int) -> bool:
    """Whether more went and came on both sides of a run than stayed in it."""
    _tag, start, end, _c, _d = blocks[place]
    stayed = end - start
    return all(max(b - a, d - c) > stayed for _t, a, b, c, d in (blocks[place - 1], blocks[place + 1]))


def _shown(stayed: bool, old: list[_Token], new: list[_Token]) -> Iterator[Piece]:
    """The pieces of one run. The space before a change belongs to neither text."""
    if stayed:
        yield Piece(SAME, _text(new))
        return
    yield Piece(SAME, (new or old or [_Token("", "")])[0].space)
    yield Piece(DELETED, _bare(old))
    yield Piece(SAME, " " if _stands_apart(old, new) else "")
    yield Piece(INSERTED, _bare(new))


def _stands_apart(old: list[_Token], new: list[_Token]) -> bool:
    """Whether what came in is told from what went by a space: always, but for one sign in place of another."""
    is_a_sign = len(old) == len(new) == 1 and not (old[0].word[0].isalnum() or new[0].word[0].isalnum())
    return bool(old and new) and not is_a_sign


def _bare(tokens: list[_Token]) -> str:
    return _text(tokens)[len(tokens[0].space) :] if tokens else ""


def _text(tokens: list[_Token]) -> str:
    return "".join(token.space + token.word for token in tokens)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, across nothing but white space."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
