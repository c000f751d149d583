"""H13 to H17: conditions and not persons, a risk in two halves, a correction that arrives and keeps the person."""

import re

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, note, quoted
from curriculum.firstread.shapes import DATE
from curriculum.firstread.texts import Span

NEAR = 2  # sentences after the one with the risk in which its second half may stand
# A plain statement: who or what, and a verb that says how it is.
_STATES = re.compile(
    r"\b(?:is|isn't|are|aren't|was|were|has|have|needs?|says?|said|ends?|starts?|comes?|came|costs?|requires?|holds?|runs?"
    r"|gives?|shows?|takes?|goes|went|allows?|lets?|means?|counts?|covers?|keeps?|falls?|fell|contains?|begins?|closes?"
    r"|expires?|moves?|stays?|became|becomes?|had|did|does|doesn't|didn't|works?|applies|measures?|measured|lists?|names?)\b"
)
_HELD = re.compile(r"\b(?:until|unless|instead of|in the meantime|in between)\b")
_NAMED = re.compile(r"\s*(?:(?:Dr|Mr|Mrs|Ms|Prof)\.?\s)?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+(?: [A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+)?\s?[,:–-]")
# "Sorry" at the start of a name-free sentence asks for leave; these names of courtesy do not.
_NO_NAME = frozenset(
    ("sorry", "well", "yes", "no", "so", "but", "and", "actually", "perhaps", "maybe", "look", "ok", "okay")
)


def h13(draft: Draft) -> Note | None:
    """A note where words point at a person; marks them."""
    spans = list(draft.lexicon.hits(draft.text, "blame"))
    return note("H13", "H13", spans, hit=_said(draft, spans)) if spans else None


def blames_nobody(draft: Draft) -> bool:
    return True


def h14(draft: Draft) -> Note | None:
    """A note on a risk without its second half in the same or the next two sentences; marks the sentence."""
    sentences = draft.text.sentences
    for place, span in enumerate(sentences):
        near = sentences[place : place + NEAR + 1]
        if _has(draft, "risk_cues", span) and not any(_answers_it(draft, each) for each in near):
            return note("H14", "H14", [span])
    return None


def _answers_it(draft: Draft, span: Span) -> bool:
    """What is done about a risk: a plan, or how things are held until a day or an event."""
    heard = draft.text.heard(span)
    return _has(draft, "plan_cues", span) or bool(_HELD.search(heard) or DATE.search(heard))


def has_both_halves(draft: Draft) -> bool:
    return any(_has(draft, "risk_cues", span) for span in draft.text.sentences)


def h15(draft: Draft) -> Note | None:
    """A note where no plain sentence states the fact: without question mark, softener or plea."""
    if any(_states_a_fact(draft, span) for span in draft.text.sentences):
        return None
    return note("H15", "H15", [draft.text.sentences[0]])


def states_it(draft: Draft) -> bool:
    return True


def h16(draft: Draft) -> Note | None:
    """A note where the first sentence asks for leave; marks the words."""
    spans = list(draft.lexicon.hits(draft.text, "soft_permission", draft.text.sentences[0]))
    return note("H16", "H16", spans, hit=_said(draft, spans)) if spans else None


def h17(draft: Draft) -> Note | None:
    """A note where words land on the person, or where none keeps them: no warmth, no name."""
    spans = list(draft.lexicon.hits(draft.text, "hard_edge"))
    if spans:
        return note("H17", "H17-edge", spans, hit=_said(draft, spans))
    if any(draft.lexicon.hits(draft.text, "warmth")) or _names_somebody(draft):
        return None
    return note("H17", "H17-cold", [draft.text.sentences[0]])


def is_warm(draft: Draft) -> bool:
    return True


def _names_somebody(draft: Draft) -> bool:
    """Whether a sentence begins with a name and a pause."""
    for span in draft.text.sentences:
        found = _NAMED.match(draft.text.said(span))
        name = found.group().strip(" ,:–-").lower() if found else ""
        if name and name not in _NO_NAME and not draft.lexicon.opens(name, "soft_permission"):
            return True
    return False


def _states_a_fact(draft: Draft, span: Span) -> bool:
    heard = draft.text.heard(span)
    if "?" in heard or _has(draft, "hedges", span) or _has(draft, "soft_permission", span):
        return False
    return bool(_STATES.search(heard))


def _has(draft: Draft, name: str, span: Span) -> bool:
    return any(draft.lexicon.hits(draft.text, name, span))


def _said(draft: Draft, spans: list[Span]) -> str:
    return quoted(draft.text.said(span).lower() for span in spans)
