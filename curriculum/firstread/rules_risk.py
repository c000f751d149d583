"""H13 and H14: conditions instead of persons, and a risk with its second half."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, note, quoted
from curriculum.firstread.people import OTHERS, names_in
from curriculum.firstread.shapes import DATE, one_of
from curriculum.firstread.texts import Span

# How many sentences after a risk still belong to it.
NEAR = 2

# What only people do, or leave undone.
_DUTIES = one_of(
    """ask|bother|check|communicate|document|do|escalate|follow|inform|listen|look|monitor|notice|pay attention|read
    |react|renew|report|respond|review|tell|test|think|update|validate|verify|warn"""
)
_DUTIES_DONE = one_of(
    """asked|checked|communicated|documented|done|escalated|followed|informed|looked|monitored|noticed|read|reacted
    |paid attention|renewed|reported|reviewed|said|seen|tested|thought|told|updated|validated|verified|warned"""
)
_LEFT_UNDONE = (
    rf"(?:(?:did not|didn't|failed to|never|does not|doesn't|do not|don't)\s(?:\w+ly\s|even\s)?{_DUTIES}"
    rf"|(?:had not|hadn't|has not|hasn't|have not|haven't|never)\s(?:\w+ly\s|even\s)?{_DUTIES_DONE}"
    rf"|(?:should have|should've|ought to have|could have)\s(?:\w+\s)?{_DUTIES_DONE}"
    r"|should have (?:known|caught|been more careful|been careful)"
    r"|forgot|neglected|overlooked|misread|misunderstood)\b"
)
_DID_HARM = r"(?:ignored|missed|broke|deleted|overwrote|misconfigured|messed|screwed|skipped)\b"
_OTHERS_DID = re.compile(rf"\b{OTHERS}(?:\s\w+){{0,6}}?\s(?:{_LEFT_UNDONE}|{_DID_HARM})")
_NAMED_DID = re.compile(rf"\s(?:\w+\s){{0,2}}?{_LEFT_UNDONE}")
_A_FAULT = r"(?:fault|mistake|carelessness|negligence|error)"
_OWNS_IT = re.compile(rf"\b{OTHERS}(?:'s)\s(?:own\s)?{_A_FAULT}\b|\b{_A_FAULT} (?:of|by) {OTHERS}\b")
_NAMED_OWNS_IT = re.compile(rf"(?:'s)\s(?:own\s)?{_A_FAULT}\b")
_BY_MISTAKE = re.compile(
    rf"\b{OTHERS}\b[^.!?]{{0,40}}\b(?:by mistake|by accident|accidentally|mistakenly"
    r"|without (?:test|check|ask|read|tell|review)\w*)\b"
    rf"|\b(?:by mistake|accidentally|mistakenly|caused)\b[^.!?]{{0,20}}\bby {OTHERS}\b"
)
_SPARED = re.compile(
    r"\b(?:no|nobody|nobody's|no one|no one's|not|never|without"
    r"|customers|users|visitors|patients|pupils|people)(?:\s(?:is|was|to))?\s$"
)
# They open a sentence and are no person.
_NO_PERSON = re.compile(
    one_of(
        r"""an?|all|another|any|each|every|everything|his|her|if|its?|my|no|nobody|none|nothing|one|our|some|that|the
        |their|there|these|this|those|we|what|when|which|who|\w+(?:ing|s)"""
    )
)

# Words of risk that say there is none, by what stands before and after them.
_HARMLESS = re.compile(r"\b(?:no|little|low|small|without|not|never|minimal|any|less|lower|reduces? the)\s(?:\w+\s)?$")
_SMALL = re.compile(r"\s(?:is|are|stays|seems|remains) (?:very |quite )?(?:low|small|limited|acceptable|manageable)\b")
# Signs of a risk in a flag, where everything is about one.
_SEEN = re.compile(
    r"\b(?:watching|the only (?:person|one)|only one (?:person|of)|single|nobody else|no one else|rests? on|relies on"
    r"|if (?:he|she|they|it|that|this|we)|unless|leaves?|leaving|runs? out|too late|tight|threat\w*|danger\w*)\b"
)

# What a speaker sees, thinks or suffers is not yet something done.
_LOOKS_ON = one_of(
    """am|are|is|was|were|be|have|has|had|do|did|don't|didn't|cannot|can't|might|may|not|no|the|an|some|too|so|very
    |see|saw|seeing|think|thinking|thought|believe|fear|worry|worrying|know|knew|feel|felt|hope|hoping|guess|expect
    |wonder|wondering|wait|waiting|found|noticed|discovered|identified|observed|heard|got|received|talked|mentioned
    |discuss|discussing|discussed|lose|lost|miss|missed|fail|failed|run into|ran into|get|face|suffer|slip|break
    |need to (?:discuss|talk|think)"""
)
_OFTEN = one_of(
    "also|already|now|then|therefore|first|both|all|each|just|only|usually|will|can|could|would|should|shall"
)
_DONE = r"(?:[a-z]{2,20}ed|begun|taken|written|built|set|put|made|sent|bought|given|hired|found a|drawn)"
_ACTS = re.compile(
    rf"\b(?:i|we|my team|our team)(?:'ll|'d|'ve)?(?:\s{_OFTEN})*\s(?!{_LOOKS_ON}\b|{_OFTEN}\b)[a-z]{{2,20}}\b"
    rf"|\b(?:i|we|my team|our team)(?:'ve|\s(?:have|had))(?:\s{_OFTEN})*\s{_DONE}\b"
    rf"|\b(?:i|we|my team|our team)(?:'m|'re|\sam|\sare|\sis)(?:\s{_OFTEN})*\s(?!{_LOOKS_ON}\b)[a-z]{{2,20}}ing\b"
)
_CLAUSE_END = re.compile(r"[;:–—]\s|,\s(?=(?:so|and|but|therefore|which is why|until|if)\b)")
# "They keep the old way", "a spare stands in hall 2": said of what came before.
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|this|that|for (?:this|that)|either|both|others?|second|then|so|until|before|therefore"
    r"|instead|meanwhile|always|already|twice|every (?:hour|day|night|morning|evening|week)"
    r"|spare|back|switch|replacement|alternative|extra)\b"
)
# Left to others, or to a talk.
_LEAVES_OPEN = re.compile(
    r"\b(?:could be|would be|should be|has to be|have to be|must be|might|maybe|perhaps|probably|depends|again"
    r"|discuss\w*|talk|think|opinions?|feedback|comments|welcome|details|annex|attach\w*|questions?|interesting"
    r"|unclear|unknown|not sure|nobody knows|difficult|hard to say)\b"
    r"|^\W*(?:it|this|that|they) (?:is|are|was|were) (?!\w+ed\b)"
)


def h13(draft: Draft) -> Note | None:
    """A note where a cause is somebody's name instead of a condition; marks those words."""
    found = sorted(_blamed(draft))
    if not found:
        return None
    said = quoted(" ".join(draft.text.said(span).split()) for span in found[:1])
    return note("H13", "H13", found, hit=said)


def h14(draft: Draft) -> Note | None:
    """A note on a risk with nothing near it on what is done about it; marks the sentence of the risk."""
    found = [span for span in risks(draft) if not has_second_half(draft, span)]
    return note("H14", "H14", found) if found else None


def both_halves(draft: Draft) -> bool:
    """Whether there is a risk, and every risk has its second half."""
    found = list(risks(draft))
    return bool(found) and all(has_second_half(draft, span) for span in found)


def risks(draft: Draft) -> Iterator[Span]:
    """The sentences that name a risk; in a 1:1, the whole flag."""
    if draft.moves:
        yield from (span for name, span in draft.moves.items() if name == "flag" and sees_a_risk(draft, span))
        return
    places = [start for start, _ in draft.lexicon.hits(draft.text, "risk_cues") if not _is_harmless(draft, start)]
    yield from dict.fromkeys(draft.text.sentence_of(start) for start in places)


def sees_a_risk(draft: Draft, span: Span) -> bool:
    """Whether a flag says what may happen."""
    return any(draft.lexicon.hits(draft.text, "risk_cues", span)) or bool(_SEEN.search(draft.text.heard(span)))


def plans(draft: Draft, span: Span) -> bool:
    """Whether somebody acts here: a step, an option, a request."""
    heard = " ".join(draft.text.heard(span).split())
    return (
        bool(_ACTS.search(heard))
        or any(draft.lexicon.hits(draft.text, "plan_cues", span))
        or any(span[0] <= start and end <= span[1] for start, end in draft.asks)
    )


def has_second_half(draft: Draft, span: Span) -> bool:
    """In the sentence of the risk or the next two; in a 1:1, anywhere in the flag."""
    if draft.moves:
        span, *later = [each for each in draft.text.sentences if span[0] <= each[0] < span[1]]
    else:
        place = bisect_right(draft.text.sentences, span)
        later = list(draft.text.sentences[place : place + NEAR])
    if plans(draft, span) or any(_goes_on(clause) for clause in _clauses_after(draft, span)):
        return True
    return any(plans(draft, each) or _goes_on(draft.text.heard(each)) for each in later)


def _clauses_after(draft: Draft, span: Span) -> list[str]:
    return _CLAUSE_END.split(draft.text.heard(span))[1:]


def _goes_on(heard: str) -> bool:
    """Whether a sentence or clause says what is done about what came before, by a date or by pointing back."""
    return bool(DATE.search(heard) or _POINTS_BACK.search(heard)) and not _LEAVES_OPEN.search(heard)


def _is_harmless(draft: Draft, start: int) -> bool:
    """Whether a word of risk says that there is none."""
    before, after = draft.text.folded[max(0, start - 30) : start], draft.text.folded[start : start + 40]
    return bool(_HARMLESS.search(before) or _SMALL.search(after))


def _blamed(draft: Draft) -> Iterator[Span]:
    for start, end in draft.lexicon.hits(draft.text, "blame"):
        if not _SPARED.search(draft.text.folded[max(0, start - 20) : start]):
            yield start, end
    for shape in (_OTHERS_DID, _OWNS_IT, _BY_MISTAKE):
        yield from (found.span() for found in shape.finditer(draft.text.folded))
    for sentence in draft.text.sentences:
        for start, end in [(sentence[0], sentence[0] + _first_word(draft, sentence)), *names_in(draft.text, sentence)]:
            if did := _NAMED_DID.match(draft.text.folded, end) or _NAMED_OWNS_IT.match(draft.text.folded, end):
                yield start, did.end()


def _first_word(draft: Draft, sentence: Span) -> int:
    """How long the first word is, where it may be a name."""
    word = draft.text.said(sentence).split()[0]
    may_be = word.istitle() and word.isalpha() and not _NO_PERSON.fullmatch(word.lower())
    return len(word) if may_be else 0
