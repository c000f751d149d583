"""A note, its wording in four parts, and how notes with the same cause become one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from curriculum.firstread.texts import Span, merged

# These never stand in a note, not even in the writer's own words; a note then names the place instead.
UNSAID = ("wrong", "error", "bad", "poor", "weak", "incorrect", "should have", "you failed", "must", "native")
NO_DECISION = "no-decision"


@dataclass(frozen=True)
class Note:
    """One thing a rule noticed, and the places it means.

    `spans` are sorted and do not overlap. Notes that share a `cause` that is not empty may be
    shown as one; `also` names the other rules of such a note. `words` are the team words and short
    forms it is about, as a reader may turn out to know them.
    """

    rule: str
    title: str
    noticed: str
    reader: str
    suggestion: str
    keep_if: str
    spans: tuple[Span, ...] = ()
    cause: str = ""
    also: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule this note speaks for, in order."""
        return (self.rule, *self.also)


def note(rule: str, wording: str, spans: Iterable[Span] = (), cause: str = "", **parts: object) -> Note:
    """The note of a rule in a wording from notes.yaml, its blanks filled in."""
    said = {part: template.format(**parts) for part, template in _wordings()[wording].items()}
    return Note(
        rule,
        said["title"],
        said["noticed"],
        said["reader"],
        said["suggestion"],
        said["keep_if"],
        merged(spans),
        cause,
    )


def working_lines() -> Mapping[str, str]:
    """What to say where a rule finds something good, by rule, the most useful first."""
    return _wordings()["working"]


def move_stems() -> Mapping[str, str]:
    """How each move of a 1:1 may start."""
    return _wordings()["stems"]


def grouped(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The same notes for a page: those that share a cause are one, in the place of the first."""
    families: dict[str, list[Note]] = {}
    for each in notes:
        families.setdefault(each.cause or each.rule, []).append(each)
    return tuple(_joined(family) for family in families.values())


def quotable(words: str) -> bool:
    """Whether a note may quote these words."""
    return not any(unsaid in words.lower() for unsaid in UNSAID)


def quoted(phrases: Iterable[str], limit: int = 6) -> str:
    """The phrases in quotation marks, each once, in their order, those a note never says left out."""
    once = [phrase for phrase in dict.fromkeys(phrases) if quotable(phrase)]
    if not once:
        return "marked in your text"
    return ", ".join(f"“{phrase}”" for phrase in once[:limit]) + (" …" if len(once) > limit else "")


def listed(items: list[str]) -> str:
    """The items as English lists them: one, two and three."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _joined(family: list[Note]) -> Note:
    if len(family) == 1:
        return family[0]
    first, *others = family
    spans = [span for each in family for span in each.spans]
    noticed = " ".join(each.noticed for each in family)
    joined = note(first.rule, first.cause, spans, first.cause, noticed=noticed)
    return replace(joined, also=tuple(each.rule for each in others))


@cache
def _wordings() -> dict[str, dict[str, str]]:
    wordings: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("notes.yaml").read_text("utf-8"))
    return wordings
