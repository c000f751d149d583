"""The word lists of the first read: checked when they are loaded, compiled once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from curriculum.firstread.texts import Span, Text

LISTS = (
    "known_acronyms", "hedges", "build_up_openers", "scene_openers", "topic_openers", "verdict_markers",
    "outcome_markers", "decide_markers", "feel_markers", "vague", "undated", "talking_down", "not_meant",
    "blame", "soft_permission", "warmth", "hard_edge", "risk_cues", "plan_cues", "fillers",
)  # fmt: skip
QUESTIONS = ("what", "why", "wrong", "when")
MOVES = ("connect", "surface", "ask", "flag")
NAMES = (*LISTS, "jargon", "four_questions", "moves")

_BEGINNING = 2
_ENDINGS = r"(?:s|es|d|ed|ing)?"


@dataclass(frozen=True)
class Lexicon:
    """Every word list, complete and checked. Make one with `from_mapping` or `builtin`."""

    lists: Mapping[str, tuple[str, ...]]
    jargon: Mapping[str, str]
    questions: Mapping[str, tuple[str, ...]]
    moves: Mapping[str, tuple[str, ...]]
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> "Lexicon":
        """A lexicon of these lists, with the built-in ones where a list is left out.

        Raises ValueError with every problem in it: a list name nobody reads, a list of another
        shape, a phrase that is empty or not a text.
        """
        problems = list(_problems(mapping))
        if problems:
            raise ValueError("\n".join(problems))
        return cls._of({**builtin_lists(), **mapping})

    @classmethod
    @cache
    def builtin(cls) -> "Lexicon":
        """The lists that come with the product."""
        return cls.from_mapping(builtin_lists())

    @classmethod
    def _of(cls, lists: Mapping[str, Any]) -> "Lexicon":
        flat = {name: tuple(_folded(phrase) for phrase in lists[name]) for name in LISTS}
        questions = {q: tuple(_folded(cue) for cue in lists["four_questions"][q]) for q in QUESTIONS}
        moves = {move: tuple(_folded(cue) for cue in lists["moves"][move]) for move in MOVES}
        return cls(flat, {_folded(term): offer for term, offer in lists["jargon"].items()}, questions, moves)

    def knowing(self, words: Iterable[str]) -> "Lexicon":
        """The same lists for a reader who knows these words: they are team words and short forms no longer."""
        known = {_folded(word) for word in words}
        if not known:
            return self
        acronyms = (*self.lists["known_acronyms"], *sorted(known))
        jargon = {term: offer for term, offer in self.jargon.items() if term not in known}
        kept = {key: pattern for key, pattern in self._compiled.items() if key != "jargon"}
        return replace(self, lists={**self.lists, "known_acronyms": acronyms}, jargon=jargon, _compiled=kept)

    def hits(self, text: Text, name: str, within: Span | None = None) -> Iterator[Span]:
        """Where the phrases of a list stand, longest first, none twice, quotations skipped."""
        pattern = self._pattern(name, lambda: _either(self.lists["not_meant"], self.lists[name]))
        start, stop = within or (0, len(text.folded))
        return (m.span() for m in pattern.finditer(text.folded, start, stop) if m["skip"] is None)

    def opens(self, heard: str, name: str) -> str | None:
        """The phrase of a list that these words start with, if any."""
        found = self._pattern(f"^{name}", lambda: _phrases(self.lists[name])).match(heard)
        return found.group() if found else None

    def answers(self, text: Text, question: str) -> bool:
        """Whether a cue for one of the four questions stands anywhere but in a label such as "Why:"."""
        pattern = self._pattern(question, lambda: _phrases(self.questions[question], r"(?!\s?:)"))
        return bool(pattern.search(text.folded))

    def makes(self, text: Text, move: str, within: Span) -> bool:
        """Whether a cue of one of the four moves stands there."""
        return bool(self._pattern(f"move {move}", lambda: _phrases(self.moves[move])).search(text.folded, *within))

    def team_words(self, text: Text) -> Iterator[tuple[Span, str]]:
        """Where team words stand, with the term each belongs to; plurals and other forms included."""
        pattern = self._pattern("jargon", lambda: _phrases(self.jargon, _ENDINGS))
        for found in pattern.finditer(text.folded):
            yield found.span(), " ".join(found["phrase"].split())

    def _pattern(self, key: str, build: Callable[[], re.Pattern[str]]) -> re.Pattern[str]:
        if key not in self._compiled:
            self._compiled[key] = build()
        return self._compiled[key]


@cache
def builtin_lists() -> dict[str, object]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lists: dict[str, object] = yaml.load(Path(__file__).with_name("lexicon.yaml").read_text("utf-8"), loader)  # noqa: S506 - both loaders are safe
    return lists


def _problems(mapping: Mapping[str, object]) -> Iterator[str]:
    """Every reason, one sentence each, why these lists cannot be used."""
    for name, value in mapping.items():
        if name not in NAMES:
            yield f"There is no list called {name!r}. The lists are {', '.join(NAMES)}."
        elif name == "jargon":
            yield from _jargon_problems(value)
        elif name in GROUPS:
            yield from _group_problems(name, GROUPS[name], value)
        else:
            yield from _phrase_problems(name, value)


def _phrase_problems(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, list | tuple):
        yield f"{name} is not a list of phrases."
        return
    for place, phrase in enumerate(value, start=1):
        if not isinstance(phrase, str) or not phrase.strip():
            yield f"{name}: phrase {place} is {phrase!r}, and a phrase is a text with at least one letter."


def _jargon_problems(value: object) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield "jargon is not a mapping from a term to what to offer instead."
        return
    for term, offer in value.items():
        yield from _phrase_problems("jargon", [term])
        if not isinstance(offer, str) or not offer.strip():
            yield f"jargon: the offer for {term!r} is {offer!r}, and an offer is a text."


def _group_problems(name: str, keys: tuple[str, ...], value: object) -> Iterator[str]:
    if not isinstance(value, Mapping) or set(value) != set(keys):
        yield f"{name} is not a mapping with exactly {', '.join(keys)}."
        return
    for key, cues in value.items():
        yield from _phrase_problems(f"{name}, {key}", cues)


GROUPS = {"four_questions": QUESTIONS, "moves": MOVES}


def _folded(phrase: str) -> str:
    return " ".join(phrase.replace("’", "'").lower().split())


def _alternatives(phrases: Iterable[str]) -> str:
    """The phrases as alternatives, longest first; any short stretch of white space between words.

    Those with the same beginning stand together, so that most of them are passed over at once.
    """
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    families: dict[str, list[str]] = {}
    for phrase in ordered:
        families.setdefault(phrase[:_BEGINNING], []).append(phrase[_BEGINNING:])
    return (
        "|".join(f"{_spaced(start)}(?:{'|'.join(map(_spaced, ends))})" for start, ends in families.items()) or r"(?!)"
    )


def _spaced(part: str) -> str:
    return re.escape(part).replace(r"\ ", r"\s{1,8}")


def _phrases(phrases: Iterable[str], ending: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<phrase>{_alternatives(phrases)}){ending}(?![\w-])")


def _either(dropped: Iterable[str], kept: Iterable[str]) -> re.Pattern[str]:
    """The kept phrases; `skip` is set where a phrase that means something else was read."""
    return re.compile(rf"(?<![\w-])(?:(?P<skip>{_alternatives(dropped)})|(?:{_alternatives(kept)}))(?![\w-])")
