"""H15 to H17: the fact in a sentence of its own, without asking permission for it, and the person kept whole."""

import re
from collections.abc import Iterator

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, note, quotable
from curriculum.firstread.people import speaks_to_somebody
from curriculum.firstread.rules_words import softeners
from curriculum.firstread.shapes import COUNTED, DATE
from curriculum.firstread.texts import Span

# A courtesy in front of a sentence.
_COURTESY = re.compile(
    r"[\W_]{0,4}(?:thanks|thank you|please|sure|good|great|nice|glad|fair|i appreciate)\b[^,;:.–—]*[,;:–—]?\s*"
)
# A sentence about the speaker's own mind or a promise is not yet the fact.
_ABOUT_ONESELF = re.compile(
    r"[\W_]{0,4}(?:(?:but|and|so|well|no|oh|also|anyway)\b,?\s)?(?:"
    r"i(?:'m|\sam|\swas)\s(?:\w+\s)?(?:sure|certain|wondering|confused|sorry|afraid|surprised|aware|no)\b"
    r"|i\s(?:\w+ly\s)?(?:might|may|could|would|wonder|hope|guess|think|thought|believe|feel|only|don't|do not"
    r"|will|can"
    r"|want|wanted|hate)\b|i'll\b|i'd\b|let me\b|let's\b|let us\b|as (?:i|you)\b|you (?:surely|certainly"
    r"|probably|know)\b)"
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|isn't|aren't|wasn't|weren't|has|have|had|needs?|says?|said|ends?|starts?|begins?|comes?"
    r"|costs?|requires?|stays?|runs?|goes|took|takes?|means?|holds?|expires?|includes?|covers?|depends?"
    r"|belongs?|shows?"
    r"|contains?|allows?|pays?|uses?|works?|will|can|cannot|can't|does|did|doesn't|didn't|moved|changed|left|gets?)\b"
)
_NOTHING_SAID = re.compile(
    r"\b(?:something|somehow|anything|(?:small|tiny|little) thing|not sure|unsure|i (?:might|may|could) (?:have"
    r"|be))\b"
)
_SHORTEST_FACT = 3
_BLUNTED = "¬"
_CLAUSE_END = re.compile(r"[,;:–—]\s")

_PERMISSION = re.compile(
    r"\b(?:sorry|apolog(?:y|ies|ise|ize|ising|izing)|excuse me|forgive me|pardon|with (?:\w+\s){0,2}respect"
    r"|no offen[cs]e|if i may|(?:can|could|might|may) i (?:just |only |maybe |quickly )?(?:say|add|ask"
    r"|interrupt|jump|come)"
    r"|i (?:do not|don't|would not|wouldn't|did not|didn't) (?:really )?(?:want|wish|mean|like) to"
    r" (?:be|interrupt|sound|seem|disturb|spoil|step|criti\w+|correct|contradict|offend|bother|make)"
    r"|(?:silly|stupid|dumb|naive|basic) question|maybe it(?:'s| is) (?:just|only) me|(?:just|only) me"
    r"|i(?:'m| am) (?:probably|maybe|surely|no|not an) \w+)\b"
)
_SHORT_GREETING = 3

_HARD_TITLED = re.compile(
    r"\byou (?:\w+ly\s)?(?:clearly|obviously|always|never|misunderstood|misread|forgot|ignored|confused|failed)\b"
    r"|\byou (?:still |just |even )?(?:don't|do not|didn't|did not|haven't|have not) (?:even |really )?"
    r"(?:understand|understood|read|listen|listened|know|get it|check|look)\b"
    r"|\b(?:completely|totally|simply|plainly|absolutely|utterly|dead|just plain) (?:wrong|false|untrue|incorrect)\b"
    r"|\byou(?:'re| are) (?:\w+ )?(?:wrong|mistaken|confused|incorrect|lying)\b"
    r"|\b(?:that|this|it)(?:'s| is) (?:\w+ )?(?:nonsense|ridiculous|absurd|rubbish|stupid|silly|ignorant)\b"
    r"|\bhow (?:can|could) you\b|\bwhy (?:would|did|didn't|don't) you\b|\b(?:did|have|do) you (?:even|ever)\b"
    r"|\bas i (?:have |had )?(?:already |just )?(?:said|told|explained|wrote|mentioned)\b"
    r"|\bi (?:have |had )?(?:already |just )(?:said|told|explained|wrote|mentioned)\b"
    r"|\b(?:everybody|everyone|anybody|anyone)(?: here| else)? (?:knows|could have|can see|sees)\b"
    r"|(?:^|[.!?]\s)\W{0,3}(?:seriously|come on|no,? no|read (?:the|your|our|it|that)|(?:check|do) your)\b"
)
# Nobody is alone with it: it was so once, or the speaker had it the same.
_SHARED = re.compile(
    r"\b(?:that|it|this) was (?:\w+ ){0,2}until\b|\bthe same (?:way|number|mistake|figure|idea)\b|\bso did i\b"
    r"|\bwas mine\b"
    r"|\bi (?:had|learned|thought|believed|read|heard|said) (?:it|that|this|so|the same)\b|\bmy (?:own )?mistake\b"
)


def h15(draft: Draft) -> Note | None:
    """A note where no sentence simply states the fact. It marks nothing: what is absent has no place."""
    return None if any(_facts(draft)) else note("H15", "H15")


def h16(draft: Draft) -> Note | None:
    """A note where the first sentence asks permission to correct; marks that phrase."""
    found = next(_permissions(draft), None)
    if found is None:
        return None
    said = " ".join(draft.text.said(found).split())
    return note("H16", "H16", [found], hit=f"“{said}”" if quotable(said) else "the words marked in your text")


def h17(draft: Draft) -> Note | None:
    """A note on a phrase that lands on the person, or where no word keeps them; marks the phrase."""
    found = sorted(_hard(draft))
    if found:
        said = " ".join(draft.text.said(found[0]).split()).strip(" .!?")
        return note("H17", "H17-hit", found, hit=f"“{said}”" if quotable(said) else "what is marked in your text")
    kept = any(draft.lexicon.hits(draft.text, "warmth")) or _SHARED.search(draft.text.folded)
    if kept or speaks_to_somebody(draft.text):
        return None
    return note("H17", "H17-none")


def _facts(draft: Draft) -> Iterator[Span]:
    """Sentences that state something: no question, no softener, not about the speaker's own mind."""
    doubted = {draft.text.sentence_of(start) for start, _ in (*softeners(draft), *_permissions(draft))}
    blunted = _blunted(draft)
    for span in draft.text.sentences:
        heard = " ".join(blunted[span[0] : span[1]].split())
        if span in doubted or heard.rstrip('"”’) ').endswith("?"):
            continue
        whole = [] if _BLUNTED in heard else [heard]
        if any(_states(each) for each in (*whole, *_CLAUSE_END.split(heard.replace(_BLUNTED, "")))):
            yield span


def _blunted(draft: Draft) -> str:
    """The text as it is heard, with what lands on somebody covered."""
    heard = draft.text.folded
    for start, end in _hard(draft):
        heard = heard[:start] + _BLUNTED * (end - start) + heard[end:]
    return heard


def _states(clause: str) -> bool:
    heard = _COURTESY.sub("", clause, count=1)
    if len(heard.split()) < _SHORTEST_FACT:
        return False
    if _ABOUT_ONESELF.match(heard) or _NOTHING_SAID.search(heard):
        return False
    return bool(_STATES.search(heard) or COUNTED.search(heard) or DATE.search(heard))


def _permissions(draft: Draft) -> Iterator[Span]:
    """Phrases of permission in the first sentence; in the second too where the first is only a name."""
    first = draft.text.sentences[0]
    if draft.text.sentence_lengths[0] <= _SHORT_GREETING and len(draft.text.sentences) > 1:
        first = (first[0], draft.text.sentences[1][1])
    yield from draft.lexicon.hits(draft.text, "soft_permission", first)
    yield from (found.span() for found in _PERMISSION.finditer(draft.text.folded, *first))


def _hard(draft: Draft) -> Iterator[Span]:
    yield from draft.lexicon.hits(draft.text, "hard_edge")
    yield from (found.span() for found in _HARD_TITLED.finditer(draft.text.folded))
