"""H18: the four moves of a 1:1, written as lines that begin with the move's name."""

import re
from functools import cached_property

from curriculum.firstread.context import Draft
from curriculum.firstread.lexicon import MOVES
from curriculum.firstread.notes import Note, note

ENOUGH = 3
_LINE = re.compile(r"^[ \t]*(connect|surface|ask|flag|heard)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_NAMES = {"connect": "Connect", "surface": "Surface", "ask": "Ask", "flag": "Flag"}
_STEMS = {
    "connect": "“You said … is the goal. I think my work on … serves it. Do you see it so?”",
    "surface": "“You may not have seen it: with … we agreed on …”",
    "ask": "“What would you need to see from me to put me forward for …?”",
    "flag": "“What I’m seeing: … How I’m thinking about addressing it: …”",
}


# Words of a status report. A move with nothing else in it is one.
_STATUS = re.compile(
    r"\b(?:working on|finished|tickets?|tasks?|sprint|stuck|blocked|pipeline|jira|updated|documented|continue)\b"
)
_TO_YOU = re.compile(r"\byou\b.*\?")  # a question to the one who listens
_PEOPLE = re.compile(r"[a-zà-ÿ,;]\s[A-ZÀ-Þ][a-zà-ÿ]+")  # somebody's name inside a sentence
_PARTIES = re.compile(r"\b(?:both|the same|signed|one call|each other|together)\b")
_SAID = {
    "connect": lambda heard, said: _TO_YOU.search(heard),
    "surface": lambda heard, said: _PEOPLE.search(said) or _PARTIES.search(heard),
    "ask": lambda heard, said: _TO_YOU.search(heard),
    "flag": lambda heard, said: False,
}


class Moves:
    """Which moves are written, and where."""

    def __init__(self, draft: Draft):
        self.draft = draft

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """Move → its place, label included; the last one where a move stands twice."""
        raw = self.draft.text.raw
        found = list(_LINE.finditer(raw))
        ends = [*(each.start() for each in found[1:]), len(raw)]
        places = {each[1].lower(): (each.start(), end) for each, end in zip(found, ends, strict=False)}
        return {move: span for move, span in places.items() if move in MOVES and self.words(span)}

    def words(self, span: tuple[int, int]) -> str:
        """What is said there, in lower case, without its label. Quoted words are the client's own, so they count."""
        said = self.draft.text.raw[span[0] : span[1]].partition(":")[2]
        return " ".join(said.replace("’", "'").replace("“", " ").replace("”", " ").replace('"', " ").lower().split())

    @property
    def like_status(self) -> list[str]:
        """The moves without any of the words they are known by, and without being said to anybody about anybody."""
        return [move for move, span in self.spans.items() if not self._is_made(move, span)]

    def _is_made(self, move: str, span: tuple[int, int]) -> bool:
        heard = self.words(span)
        if self.draft.lexicon.makes(heard, move):
            return True
        said = self.draft.text.raw[span[0] : span[1]].partition(":")[2]
        return bool(_SAID[move](heard, said)) and not _STATUS.search(heard)


def h18(draft: Draft) -> Note | None:
    """A note on a move that reads like status, else on fewer than three moves or no *Ask*; marks the moves."""
    moves = Moves(draft)
    if status := moves.like_status:
        names = " and ".join(_NAMES[move] for move in status) if len(status) < ENOUGH else "Most of it"
        parts = {"move": names, "read": "read" if len(status) == 2 else "reads", "stem": _STEMS[status[0]]}
        return note("H18", "H18-move", [moves.spans[move] for move in status], **parts)
    if len(moves.spans) >= ENOUGH and "ask" in moves.spans:
        return None
    missing = next(move for move in ("ask", *MOVES) if move not in moves.spans)
    count = len(moves.spans)
    parts = {"count": count or "None", "are": "is" if count == 1 else "are", "stem": _STEMS[missing]}
    return note(
        "H18", "H18-few", list(moves.spans.values()), ask="" if "ask" in moves.spans else ", and no Ask", **parts
    )


def has_moves(draft: Draft) -> bool:
    return len(Moves(draft).spans) == len(MOVES)
