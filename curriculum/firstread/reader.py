"""Reading a draft: the rules of its profile, in order, and what already works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from curriculum.firstread import (
    rules_correction,
    rules_lead,
    rules_length,
    rules_moves,
    rules_risk,
    rules_use,
    rules_words,
)
from curriculum.firstread.context import Draft
from curriculum.firstread.language import Unreadable, check_english
from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.moves import moves_in, own_words
from curriculum.firstread.notes import Note, working_lines
from curriculum.firstread.texts import Text

LONGEST = 20_000
MOST_WORKING = 3
ONE_ON_ONE = "one_on_one"

RULES: Mapping[str, Callable[[Draft], Note | None]] = MappingProxyType(
    {
        "H1": rules_length.h1,
        "H2": rules_lead.h2,
        "H3": rules_lead.h3,
        "H4": rules_words.h4,
        "H5": rules_words.h5,
        "H6": rules_words.h6,
        "H7": rules_words.h7,
        "H8": rules_length.h8,
        "H9": rules_use.h9,
        "H10": rules_use.h10,
        "H11": rules_use.h11,
        "H12": rules_words.h12,
        "H13": rules_risk.h13,
        "H14": rules_risk.h14,
        "H15": rules_correction.h15,
        "H16": rules_correction.h16,
        "H17": rules_correction.h17,
        "H18": rules_moves.h18,
    }
)
# Silence is not always praise: these say when a rule found something good.
PRAISE: Mapping[str, Callable[[Draft], bool]] = MappingProxyType(
    {
        "H2": rules_lead.leads,
        "H4": rules_words.everyday,
        "H6": rules_words.plainly,
        "H8": rules_length.short_sentences,
        "H9": rules_use.asks,
        "H10": rules_use.in_order,
        "H11": rules_use.asks,
        "H14": rules_risk.both_halves,
        "H18": rules_moves.four_moves,
    }
)
PROFILES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "translation": ("H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H12"),
    "answers": ("H3", "H4", "H5", "H6", "H7", "H8", "H12"),
    "rewrite": ("H2", "H4", "H5", "H6", "H7", "H8", "H12"),
    "update": ("H2", "H6", "H8", "H9", "H10", "H11", "H12"),
    "page": ("H2", "H6", "H8", "H9", "H10", "H11", "H12", "H14"),
    "flip": ("H2", "H6", "H8"),
    "incident": ("H2", "H6", "H8", "H9", "H10", "H11", "H12", "H13", "H14"),
    "correction": ("H6", "H8", "H12", "H15", "H16", "H17"),
    "one_on_one": ("H6", "H8", "H12", "H14", "H18"),
})  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What the rules say about a text: every note in the order of the rules, what works, its words."""

    notes: tuple[Note, ...]
    working: tuple[str, ...]
    words: int


def read(text: str, profile: str = "update", lexicon: Lexicon | None = None, technical: bool = False) -> Reading:
    """Read a draft by the rules of a profile. `technical` is for a reader who is a CTO or a tech lead.

    Raises Unreadable, with a sentence for the writer, where the profile is unknown or the text is
    empty, too long or not English.
    """
    readable = _readable(text, profile)
    draft = _draft(readable, profile, lexicon or Lexicon.builtin(), technical)
    found = ((rule, RULES[rule](draft)) for rule in PROFILES[profile])
    notes = tuple(note for _, note in found if note)
    return Reading(notes, _working(draft, profile, {note.rule for note in notes}), readable.words)


def _draft(text: Text, profile: str, lexicon: Lexicon, technical: bool) -> Draft:
    """What the rules look at: the whole text, or of a 1:1 what its writer means to say."""
    moves = moves_in(text.raw) if profile == ONE_ON_ONE else {}
    own = Text(own_words(text.raw, moves)) if moves else text
    return Draft(own if own.sentences else text, lexicon, technical, moves)


def _readable(text: str, profile: str) -> Text:
    if profile not in PROFILES:
        raise Unreadable(f"There is no profile called “{profile}”. Choose one of {', '.join(PROFILES)}.")
    if len(text) > LONGEST:
        raise Unreadable(f"The first read takes texts of up to {LONGEST:,} characters; this one has {len(text):,}.")
    readable = Text(text)
    if not readable.sentences:
        raise Unreadable("There is no text to read yet.")
    check_english(readable)
    return readable


def _working(draft: Draft, profile: str, fired: set[str]) -> tuple[str, ...]:
    """What a rule found good, the most useful first."""
    lines = [
        line.format(seconds=rules_length.seconds(draft))
        for rule, line in working_lines().items()
        if rule in PROFILES[profile] and rule not in fired and PRAISE.get(rule, _silence)(draft)
    ]
    return tuple(lines[:MOST_WORKING])


def _silence(draft: Draft) -> bool:
    return True
