"""H18: the four moves of a 1:1, in the words that will be said, instead of a status report."""

import re
from collections.abc import Callable, Iterator, Mapping

from curriculum.firstread.context import Draft
from curriculum.firstread.lexicon import MOVES
from curriculum.firstread.notes import Note, listed, move_stems, note
from curriculum.firstread.people import names_in
from curriculum.firstread.rules_risk import has_second_half, sees_a_risk
from curriculum.firstread.texts import Span

FEWEST = 3
_COUNTED = ("None", "One", "Two")

# A move that tells what will be talked about, and speaks to nobody, holds no words yet.
_ANNOUNCES = re.compile(
    r"[\W_]{0,4}(?:i(?:'ll|'d| will| want to| would like to| plan to| am going to| should| need to| try to)\s"
    r"(?:try to |also |just )?(?:tell|explain|ask|say|mention|talk|show|find out|bring up|discuss|report"
    r"|present|inform|give"
    r"|describe|raise|point out)\b|(?:to )?(?:tell|explain|ask|mention|talk|find out|bring up|discuss|report"
    r"|present)\b)"
)
_TO_YOU = re.compile(r"\b(?:you|your|yours)\b")
_QUESTION = re.compile(r"\?")
# Words of a report on one's own work.
_STATUS = re.compile(
    r"\b(?:working on|busy|finished|closed|tickets?|tasks?|sprint|stuck|blocked|jira|documented|updated"
    r"|is going well|on time"
    r"|\d+ ?%|per cent done|percent done)\b"
)
_MATTERS_MOST = re.compile(
    r"\b(?:counts?|matters?) (?:the )?most\b|\bcomes (?:first|before)\b|\b(?:town hall|all-hands|offsite"
    r"|strategy days?)\b"
)
# Somebody else has a part in it.
_TOGETHER = re.compile(
    r"\b(?:both|together|each other|one another|they|them|their|he|him|she|her|(?:two|three|several|the other"
    r"|other) (?:teams?|side"
    r"|department)|people from|colleagues? (?:in|from|at)|agency|supplier|one room|agreed|agree|signed it"
    r"|you (?:may|might|could|have|were|did|do)(?: not|n't)? (?:not )?(?:seen|see|know|heard|have seen"
    r"|have heard|on|away)"
    r"|few people know|nobody (?:saw|knows))\b"
)
_STEP_UP = re.compile(
    r"\b(?:role|position|post|title|career|next step|grow|growth|step up|deputy|successor|senior|principal"
    r"|staff|head of"
    r"|team lead|about me|of me|(?:lead|run|leading|running) (?:a|the|my|our|your) (?:\w+ )?(?:team|group|unit"
    r"|department)|manage|responsib\w+|become|put me|put my name|present me|propose me|suggest me"
    r"|see me|seen me"
    r"|trust me|missing|lacking|need to see|want to see|stand in my way|hold(?:s|ing)? me back|take over|say yes)\b"
)


def h18(draft: Draft) -> Note | None:
    """A note on moves that read like status, or on fewer than three of them, or none that asks; marks those moves."""
    status = [name for name in MOVES if name in draft.moves and not _is_made(draft, name)]
    filled = [name for name in MOVES if name in draft.moves]
    lacking = list(_lacking(filled))
    if not status and not lacking:
        return None
    first = (status or [name for name in ("ask", *MOVES) if name not in filled])[0]
    return note(
        "H18",
        "H18" if status else "H18-few",
        [draft.moves[name] for name in status],
        title=_title(status, lacking),
        noticed=" ".join([*_reads_like_status(status), *lacking]),
        stem=move_stems()[first],
    )


def four_moves(draft: Draft) -> bool:
    """Whether all four moves have words."""
    return all(name in draft.moves for name in MOVES)


def _lacking(filled: list[str]) -> Iterator[str]:
    if len(filled) < FEWEST:
        yield f"{_COUNTED[len(filled)]} of the four moves {'has' if len(filled) == 1 else 'have'} words."
    if "ask" not in filled:
        yield "“Ask” is not there yet."


def _reads_like_status(status: list[str]) -> Iterator[str]:
    if status:
        named = listed([f"“{name.capitalize()}”" for name in status])
        yield f"{named} {'reads' if len(status) == 1 else 'read'} like status so far."


def _title(status: list[str], lacking: list[str]) -> str:
    if len(status) == 1:
        return f"{status[0].capitalize()} reads like status"
    return f"{len(status)} moves read like status" if status else lacking[0].rstrip(".")


def _heard(draft: Draft, span: Span) -> str:
    return " ".join(draft.text.heard(span).split())


def _is_made(draft: Draft, name: str) -> bool:
    """Whether the words of a move do what it is for. Telling what will be talked about is not yet saying it."""
    span = draft.moves[name]
    heard = _heard(draft, span)
    if _ANNOUNCES.match(heard) and not _TO_YOU.search(heard):
        return False
    return _CUES[name](draft, span)


def _cued(draft: Draft, name: str, span: Span) -> bool:
    return draft.lexicon.makes(draft.text, name, span)


def _connects(draft: Draft, span: Span) -> bool:
    heard = _heard(draft, span)
    if _QUESTION.search(heard) or _MATTERS_MOST.search(heard) or _cued(draft, "connect", span):
        return True
    return bool(_TO_YOU.search(heard)) and not _STATUS.search(heard)


def _surfaces(draft: Draft, span: Span) -> bool:
    if _TOGETHER.search(_heard(draft, span)) or len(names_in(draft.text, span)) > 1:
        return True
    return _cued(draft, "surface", span)


def _asks_for_more(draft: Draft, span: Span) -> bool:
    heard = _heard(draft, span)
    signs = [bool(pattern.search(heard)) for pattern in (_QUESTION, _TO_YOU, _STEP_UP)]
    return sum(signs) >= 2 or _cued(draft, "ask", span)


def _flags(draft: Draft, span: Span) -> bool:
    return _cued(draft, "flag", span) or sees_a_risk(draft, span) or has_second_half(draft, span)


_CUES: Mapping[str, Callable[[Draft, Span], bool]] = {
    "connect": _connects,
    "surface": _surfaces,
    "ask": _asks_for_more,
    "flag": _flags,
}
