"""The lines of a 1:1: `Connect:`, `Surface:`, `Ask:`, `Flag:` are its writer's words, `Heard:` is what came back."""

import re
from collections.abc import Mapping

from curriculum.firstread.lexicon import MOVES
from curriculum.firstread.texts import Span

_LINE = re.compile(
    r"^[ \t>*_#-]{0,6}(?P<label>connect|surface|ask|flag|heard|will do)[ \t*_]{0,3}:[*_]{0,2}",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTE_MARK = re.compile(r"[\"“”]")


def moves_in(text: str) -> Mapping[str, Span]:
    """Where the words of every filled line stand, by its label in small letters."""
    lines = list(_LINE.finditer(text))
    starts = [*(line.start() for line in lines), len(text)]
    found = {}
    for line, end in zip(lines, starts[1:], strict=True):
        words = text[line.end() : end]
        if any(character.isalnum() for character in words):
            start = line.end() + len(words) - len(words.lstrip())
            found[line["label"].lower()] = (start, line.end() + len(words.rstrip()))
    return found


def own_words(text: str, moves: Mapping[str, Span]) -> str:
    """The text with labels and what came back covered; quotation marks too, for here they hold the writer's own words.

    As long as the text as given. A text without such lines stays as it is.
    """
    if not moves:
        return text
    covered = [" "] * len(text)
    for name, (start, end) in moves.items():
        if name in MOVES:
            covered[start:end] = _QUOTE_MARK.sub(" ", text[start:end])
    for line in _LINE.finditer(text):
        covered[line.start()] = "\n"  # a label ends what stands above it, with or without a full stop
    return "".join("\n" if character == "\n" else own for character, own in zip(text, covered, strict=True))
