"""Where a text asks for something, states a decision or says that nothing is needed."""

import re
from collections.abc import Iterator, Sequence

from curriculum.firstread.ask_shapes import (
    CLAUSE_END,
    HANDED_OVER,
    NAMED_OBJECT,
    NOT_ASKED,
    ORDER,
    QUESTION,
    TURNS_TO_READER,
    WHEN,
)
from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.shapes import DATE
from curriculum.firstread.texts import Span, Text

TAIL = 0.6
# "Open Points" is a heading, "Release Dora and Kim" is not.
_SHORTEST_NAMED = 4
_WILL_WRITE = re.compile(
    r"\b(?:i|we)(?:'ll|\swill|\sshall)?\s(?:write|report|call|phone|ring|send|come back|update|inform|tell"
    r"|know more|be back)\b"
    r"|\bnext (?:word|report|update|note|news|message|status)\b"
)


def find_asks(text: Text, lexicon: Lexicon) -> Iterator[Span]:
    """Every ask in the text, wherever it stands."""
    yield from lexicon.hits(text, "decide_markers")
    for span in text.sentences:
        if _asks(text, span):
            yield span


def has_visible_ask(text: Text, asks: Sequence[Span]) -> bool:
    """Whether one of these asks stands where a reader sees it.

    That is in the last 40 % of the words, in the last sentence, in a sentence tagged Decide, or
    already in the first sentence with a date. A last sentence that turns to the reader is one too.
    """
    tail = min(text.word_spans[int(text.words * TAIL)][0], text.sentences[-1][0])
    if any(end > tail for _, end in asks) or _turns_to_reader(text, text.sentences[-1]):
        return True
    visible = [*_decide_sentences(text), *_dated(text, text.sentences[0])]
    return any(start >= span[0] and end <= span[1] for span in visible for start, end in asks)


def _asks(text: Text, span: Span) -> bool:
    heard = " ".join(text.heard(span).split())
    if NOT_ASKED.search(heard):
        return False
    if heard.rstrip('"”’) ').endswith("?"):
        return bool(QUESTION.search(heard))
    if HANDED_OVER.search(heard) or (_WILL_WRITE.search(heard) and DATE.search(heard)):
        return True
    return any(ORDER.match(clause) for clause in _clauses(heard)) or _orders_by_name(text, span)


def _turns_to_reader(text: Text, span: Span) -> bool:
    heard = " ".join(text.heard(span).split())
    return bool(TURNS_TO_READER.search(heard)) and not NOT_ASKED.search(heard)


def _clauses(heard: str) -> Iterator[str]:
    """The sentence, and what follows a colon, a dash or a condition in front."""
    for clause in CLAUSE_END.split(heard):
        yield clause
        if condition := WHEN.match(clause):
            yield clause[condition.end() :]


def _orders_by_name(text: Text, span: Span) -> bool:
    """Whether a sentence starts with an order and somebody's name."""
    said = " ".join(text.said(span).split())
    return len(said.split()) >= _SHORTEST_NAMED and bool(NAMED_OBJECT.match(said))


def _decide_sentences(text: Text) -> Iterator[Span]:
    """The stretches tagged Decide, each up to the next tag."""
    edges = [*(start for _, (start, _) in text.tags), len(text.raw)]
    for place, (letter, (start, _)) in enumerate(text.tags):
        if letter == "D":
            yield start, edges[place + 1]


def _dated(text: Text, span: Span) -> Iterator[Span]:
    if DATE.search(text.heard(span)):
        yield span
