"""What counts as an answer to an exercise, for every kind of exercise and at every door.

A draft is shaped (`shape`) and saved whatever it lacks; an answer is handed in only when `check` has
nothing to say.
"""

from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import fields
from .fields import Field, count_words
from .models import Exercise

TOO_ALIKE = 0.95  # similarity of words from which a rewrite counts as no rewrite


class AnswerRejected(ValidationError):
    """The answer cannot be handed in yet. `by_field` maps field keys to sentences that say what to mend."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some fields need a look before you hand this in."), code="homework.answer_incomplete")
        self.by_field = by_field


def fields_of(exercise: Exercise) -> tuple[Field, ...]:
    return tuple(fields.parse(data) for data in exercise.fields)


def shape(exercise: Exercise, raw: dict[str, Any]) -> dict[str, Any]:
    """The raw input as an answer: known fields only, each in its own type. Never refuses anything."""
    return {field.key: fields.value(field, raw.get(field.key)) for field in fields_of(exercise) if field.key in raw}


def check(exercise: Exercise, answer: dict[str, Any]) -> None:
    """Raises AnswerRejected with every complaint at once."""
    if by_field := problems(exercise, answer):
        raise AnswerRejected(by_field)


def problems(exercise: Exercise, answer: dict[str, Any]) -> dict[str, list[str]]:
    """Field key → sentences, in the order of the fields; empty when the answer can be handed in."""
    found = {field.key: fields.complaints(field, answer.get(field.key)) for field in fields_of(exercise)}
    for key, sentence in _of_the_kind(exercise, answer):
        found.setdefault(key, []).append(sentence)
    return {key: sentences for key, sentences in found.items() if sentences}


def _of_the_kind(exercise: Exercise, answer: dict[str, Any]):
    if exercise.kind == Exercise.Kind.REWRITE and "before" in answer and _too_alike(answer):
        yield "after", _("This is still the text from before. Change it for this reader.")
    if exercise.kind == Exercise.Kind.AUDIO60 and not (answer.get("audio") or str(answer.get("script") or "").strip()):
        yield "script", _("Write what you would say, as a script of at most 160 words.")


def _too_alike(answer: dict[str, Any]) -> bool:
    before, after = str(answer.get("before") or "").split(), str(answer.get("after") or "").split()
    return bool(before and after) and SequenceMatcher(None, before, after, autojunk=False).ratio() >= TOO_ALIKE


def words_in(exercise: Exercise, answer: dict[str, Any]) -> int:
    """Words of everything written in prose."""
    return sum(count_words(str(answer.get(field.key) or "")) for field in fields_of(exercise) if field.kind == "prose")


def is_blank(exercise: Exercise, answer: dict[str, Any]) -> bool:
    """Nothing is in it yet."""
    return all(fields.is_empty(field, answer.get(field.key)) for field in fields_of(exercise))


def for_first_read(exercise: Exercise, answer: dict[str, Any]) -> str:
    """The text the first read looks at: the exercise's chosen fields, one paragraph each."""
    keys = exercise.first_read.get("fields", [])
    return "\n".join(text for key in keys if (text := str(answer.get(key) or "").strip()))


def summary(exercise: Exercise, answer: dict[str, Any]) -> str:
    """The first words of the answer's main text, for a card or a heading."""
    texts = [str(answer.get(key) or "") for key in exercise.first_read.get("fields", [])]
    texts += [str(answer.get(field.key) or "") for field in fields_of(exercise) if field.kind == "prose"]
    return next((text.strip() for text in texts if text.strip()), "")
