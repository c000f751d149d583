"""H18: the four moves of a 1:1, in the words that will be said, instead of a status report."""

import re
from collections.abc import Callable, Iterator, Mapping

from curriculum.firstread.context import Draft
from curriculum.firstread.lexicon import MOVES
from curriculum.firstread.notes import Note, listed, move_stems, note
from curriculum.firstread.people import names_in
from curriculum.firstread.rules_risk import plans, sees_a_risk
from curriculum.firstread.texts import Span

FEWEST = 3
_COUNTED = ("None", "One", "Two")

# A move that tells what will be talked about, and speaks to nobody, holds no words yet.
_ANNOUNCES = re.compile(
    r"[\W_]{0,9}(?:i(?:'ll|'d| will| want to| would like to| plan to| am going to| should| need to| try to)\s"
    r"(?:try to |also |just )?(?:tell|explain|ask|say|mention|talk|show|find out|bring up|discuss|report"
    r"|present|inform|give"
    r"|describe|raise|point out)\b|(?:to )?(?:tell|explain|ask|mention|talk|find out|bring up|discuss|report"
    r"|present)\b)"
)
_TO_YOU = re.compile(r"\b(?:you|your|yours)\b")
_TOLD_BY_YOU = re.compile(
    r"\byou(?:'ve| have)? (?:\w+ )?(?:said|told|mentioned|named|repeated|asked|wrote|called|want|care|need|look"
    r"|showed|put)\b"
    r"|\b(?:to|for|with) you\b|\byour? (?:\w+ ){0,3}(?:goal|target|figure|number|plan|worry|concern|list|focus"
    r"|year|half)"
    r"|\b(?:counts?|matters?) (?:the )?most\b|\bcomes (?:first|before)\b|\b(?:town hall|all-hands|offsite)\b"
    r"|\bkeeps you\b|\b(?:help|helps) you\b|\b(?:do|would|is|are|am)\b[^?.!]{0,80}\byou\b[^?.!]{0,60}\?"
)
_TOGETHER = re.compile(
    r"\b(?:both|together|each other|one another|two teams|three teams|several teams|(?:the )?other (?:teams?"
    r"|side|department)"
    r"|people from|colleagues? (?:in|from|at)|their lead|their team|one room|agreed|agree|signed it"
    r"|you may not (?:have seen|know|have heard)|you (?:were|have) not|you were on|few people know"
    r"|nobody (?:saw|knows))\b"
)
_STEP_UP = re.compile(
    r"\b(?:role|position|post|title|career|next step|grow|growth|step up|deputy|successor|senior|principal"
    r"|staff|head of"
    r"|team lead|lead a team|manage|responsib\w+|become|put me|put my name|present me|propose me|suggest me"
    r"|see me|seen me"
    r"|trust me|missing|lacking|need to see|want to see|stand in my way|hold(?:s|ing)? me back|next year)\b"
)
_QUESTION = re.compile(r"\?")


def h18(draft: Draft) -> Note | None:
    """A note on moves that read like status, or on fewer than three of them, or none that asks; marks those moves."""
    status = [name for name in MOVES if name in draft.moves and not _CUES[name](draft, draft.moves[name])]
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


def _only_announces(heard: str) -> bool:
    return bool(_ANNOUNCES.match(heard)) and not _TO_YOU.search(heard)


def _cued(draft: Draft, name: str, span: Span) -> bool:
    return draft.lexicon.makes(draft.text, name, span) and not _only_announces(_heard(draft, span))


def _connects(draft: Draft, span: Span) -> bool:
    return _cued(draft, "connect", span) or bool(_TOLD_BY_YOU.search(_heard(draft, span)))


def _surfaces(draft: Draft, span: Span) -> bool:
    heard = _heard(draft, span)
    if _only_announces(heard):
        return False
    return _cued(draft, "surface", span) or bool(_TOGETHER.search(heard)) or len(names_in(draft.text, span)) > 1


def _asks_for_more(draft: Draft, span: Span) -> bool:
    heard = _heard(draft, span)
    if _only_announces(heard):
        return False
    to_you = _QUESTION.search(heard) and _TO_YOU.search(heard)
    return _cued(draft, "ask", span) or bool(_STEP_UP.search(heard) and to_you)


def _flags(draft: Draft, span: Span) -> bool:
    seen = _cued(draft, "flag", span) or sees_a_risk(draft, span)
    return seen or any(plans(draft, each) for each in draft.text.sentences if span[0] <= each[0] < span[1])


_CUES: Mapping[str, Callable[[Draft, Span], bool]] = {
    "connect": _connects,
    "surface": _surfaces,
    "ask": _asks_for_more,
    "flag": _flags,
}
