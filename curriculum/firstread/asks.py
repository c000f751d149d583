"""Where a text asks for something, states a decision or says that nothing is needed."""

import re
from collections.abc import Iterator

from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.shapes import DATE, one_of
from curriculum.firstread.texts import Span, Text

TAIL = 0.6

# A request in another form than the listed phrases: an order, a question, somebody with a duty.
_ALWAYS_ORDERS = one_of(
    """do not|don't|approve|ask|choose|confirm|decide|give|inform|join|keep|make sure|pick|reply|say|send|sign
    |tell"""
)
# These are also names of things ("Open points", "Order volume"), so somebody or something has to follow.
_ORDERS = one_of(
    """add|allow|answer|assign|book|bring|buy|call|cancel|change|check|come|compare|delay|extend|fill|forward|fund
    |grant|hold|invite|leave|move|name|nominate|open|order|pause|postpone|push|put|raise|read|reject|release|remind
    |remove|reserve|schedule|select|set|share|ship|skip|speak|start|stop|take|talk|treat|use|vote|wait|watch|write"""
)
_OBJECT = one_of(
    r"""the|an?|your|our|my|me|us|it|this|that|these|those|them|him|her|one|two|both|all|no|nobody|\d+|before|between
    |whether|to (?:me|us|the)|for (?:me|us|the)|with"""
)
_ORDER = re.compile(
    r"[\W_]{0,3}(?:(?:so|then|until then|if (?:yes|no|not|so),?|from \w+ on,?) )?(?:kindly )?"
    rf"(?:{_ALWAYS_ORDERS}|{_ORDERS}\s{_OBJECT})\b"
)
_QUESTION = re.compile(
    r"\b(?:can|could|will|would|shall|should|may|do|does|are|is|which|who|when|what date|how much)\b"
    r"[^?]{0,200}\b(?:we|you|your|i|it|this|that|one|us)\b"
)
_WHO = one_of(
    r"""you|your (?:team|people|side|department)|nobody|no one|everyone|both (?:of you|\w+s)
    |the (?:board|committee|directors?|management|sponsor|steering group|steering committee)"""
)
_HAS_TO = one_of(
    """needs?|have to|has to|should|do not|does not|don't|doesn't|are asked|is asked
    |(?:can|may) (?:ignore|stop|start|tell|choose|say|plan|count|rely|leave|forget|skip)"""
)
_WANTED = one_of("needed|required|necessary|expected|asked|to do|from you|for you|on your side")
_ANSWER = one_of("decision|approval|yes|answer|reply|signature|budget|go|go-ahead|feedback|input|choice")
_DUTY = re.compile(
    rf"\b{_WHO}\s(?:only |both |still |just )?{_HAS_TO}\b"
    rf"|\b(?:no|nothing|neither)\b[^.!?]{{0,60}}\b{_WANTED}\b"
    rf"|\bneeds? (?:a|an|your|the|one|two|both|board|budget|written)\b[^.!?]{{0,40}}\b{_ANSWER}\b"
    rf"|\b{_ANSWER}\b[^.!?]{{0,30}}\b(?:by|before|until|needed|due)\b"
)


def find_asks(text: Text, lexicon: Lexicon) -> Iterator[Span]:
    """Every ask in the text, wherever it stands."""
    yield from lexicon.hits(text, "decide_markers")
    for span in text.sentences:
        if _asks(text, span):
            yield span


def has_visible_ask(text: Text, lexicon: Lexicon) -> bool:
    """Whether an ask stands where a reader sees it.

    That is in the last 40 % of the words, in the last sentence, in a sentence tagged Decide, or
    already in the first sentence with a date.
    """
    tail = min(text.word_spans[int(text.words * TAIL)][0], text.sentences[-1][0])
    asks = list(find_asks(text, lexicon))
    if any(end > tail for _, end in asks):
        return True
    visible = [*_decide_sentences(text), *_dated(text, text.sentences[0])]
    return any(start >= span[0] and end <= span[1] for span in visible for start, end in asks)


def _asks(text: Text, span: Span) -> bool:
    heard = text.heard(span)
    if "please find" in heard or "any question" in heard:
        return False
    if heard.rstrip('"”’) ').endswith("?"):
        return bool(_QUESTION.search(heard))
    return bool(_ORDER.match(heard) or _DUTY.search(heard))


def _decide_sentences(text: Text) -> Iterator[Span]:
    """The stretches tagged Decide, each up to the next tag."""
    edges = [*(start for _, (start, _) in text.tags), len(text.raw)]
    for place, (letter, (start, _)) in enumerate(text.tags):
        if letter == "D":
            yield start, edges[place + 1]


def _dated(text: Text, span: Span) -> Iterator[Span]:
    if DATE.search(text.heard(span)):
        yield span
