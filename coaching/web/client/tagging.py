"""The tags of a text as a control: every sentence with its four choices, joined with the next or broken in two.

What is posted: `<name>-<n>-text` and `<name>-<n>-tag` for every sentence; `<name>-join` is the number of one to join
with the next, `<name>-break` of one to break before its word `<name>-<n>-at`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import widgets
from django.utils.translation import gettext as _

from coaching.sentences import NAMES
from curriculum import tags
from curriculum.fields import TAGS, Field
from curriculum.values import MOST_ROWS

KEYS = {"K": "1", "F": "2", "D": "3", "C": "0"}
Span = tuple[int, int]


@dataclass(frozen=True)
class Segment:
    """A run of words; `marked` where a note of the first read means them."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Choice:
    """One of the four tags of a sentence."""

    tag: str
    name: str
    key: str
    is_chosen: bool


@dataclass(frozen=True)
class Sentence:
    """One sentence to tag. `place` counts from 0, `words` are those it can be broken before: (number, word)."""

    place: int
    name: str
    text: str
    tag: str
    segments: tuple[Segment, ...]
    choices: tuple[Choice, ...]
    words: tuple[tuple[int, str], ...]
    is_last: bool

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def tag_name(self) -> str:
        return str(NAMES.get(self.tag, ""))


def sentences(name: str, tagged: list[dict[str, Any]], marks: Sequence[Sequence[Span]] = ()) -> list[Sentence]:
    """The sentences of a control of this name; `marks` are the places to mark in each."""
    return [
        Sentence(
            place=place,
            name=name,
            text=part["text"],
            tag=part["tag"],
            segments=tuple(_segments(part["text"], marks[place] if place < len(marks) else ())),
            choices=tuple(Choice(tag, str(NAMES[tag]), KEYS[tag], tag == part["tag"]) for tag in TAGS),
            words=tuple(enumerate(part["text"].split()))[1:],
            is_last=place == len(tagged) - 1,
        )
        for place, part in enumerate(tagged)
    ]


def _segments(text: str, marks: Sequence[Span]) -> list[Segment]:
    found, at = [], 0
    for start, end in marks:
        found += [Segment(text[at:start], False), Segment(text[start:end], True)]
        at = end
    return [each for each in [*found, Segment(text[at:], False)] if each.text]


class TagsWidget(widgets.Widget):
    """Sentences with their tags, as they were posted or saved."""

    template_name = "coaching/client/tagging.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["sentences"] = sentences(name, value if isinstance(value, list) else [])
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        posted = [number for number in range(MOST_ROWS) if f"{name}-{number}-text" in data]
        tagged = [
            {"text": data.get(f"{name}-{number}-text", ""), "tag": data.get(f"{name}-{number}-tag", "")}
            for number in posted
        ]
        place = _number(data.get(f"{name}-break"))
        tagged = tags.broken(tagged, place, _number(data.get(f"{name}-{place}-at")))
        return tags.joined(tagged, _number(data.get(f"{name}-join")))

    def id_for_label(self, id_: str) -> str:
        return ""  # no single control; the list itself has the id


def _number(raw: Any) -> int:
    return int(raw) if isinstance(raw, str) and raw.isdecimal() and raw.isascii() and len(raw) < 6 else -1


def control(field: Field, common: dict) -> forms.Field:
    """The form field of a text's tags."""
    return forms.Field(widget=TagsWidget(), **common)


def counted(tagged: list[dict[str, Any]]) -> str:
    """How far the tagging is: "4 sentences, all tagged"."""
    untagged = tags.order_of(tagged).untagged
    if not tagged:
        return _("No sentence yet")
    several = _("1 sentence") if len(tagged) == 1 else _("%(n)s sentences") % {"n": len(tagged)}
    if not untagged:
        return (
            _("%(sentences)s, tagged") % {"sentences": several}
            if len(tagged) == 1
            else _("%(sentences)s, all tagged") % {"sentences": several}
        )
    return _("%(sentences)s, %(n)s without a tag") % {"sentences": several, "n": untagged}
