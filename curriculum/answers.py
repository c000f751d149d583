"""What counts as an answer to an exercise, for every kind of exercise and at every door.

A draft is shaped (`shape`) and saved whatever it lacks; an answer is handed in only when `check` has
nothing to say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import fields, tags, values
from .fields import Field, count_words
from .models import Exercise

TOO_ALIKE = 0.95  # similarity of words from which a rewrite counts as no rewrite


class AnswerRejected(ValidationError):
    """The answer cannot be handed in yet. `by_field` maps field keys to sentences that say what to mend."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some fields need a look before you hand this in."), code="homework.answer_incomplete")
        self.by_field = by_field


@dataclass(frozen=True)
class Days:
    """The days dates are judged by, both in the client's own zone: today, and when the exercise opened."""

    today: date
    opened: date


def fields_of(exercise: Exercise) -> tuple[Field, ...]:
    return tuple(fields.parse(data) for data in exercise.fields)


def tagging_of(exercise: Exercise) -> Field | None:
    """The field whose sentences are tagged is its `of`; None where nothing is tagged."""
    return next((field for field in fields_of(exercise) if field.kind == "tags"), None)


def shape(exercise: Exercise, raw: dict[str, Any]) -> dict[str, Any]:
    """The raw input as an answer: known fields only, each in its own type, tags along with their text.

    Never refuses anything.
    """
    asked = fields_of(exercise)
    shaped = {field.key: values.value(field, raw.get(field.key)) for field in asked if field.key in raw}
    for field in asked:
        if field.kind == "tags" and field.key in shaped:
            shaped[field.key] = tags.aligned(str(shaped.get(field.extra["of"]) or ""), shaped[field.key])
    return shaped


def check(exercise: Exercise, answer: dict[str, Any], *, days: Days | None = None) -> None:
    """Raises AnswerRejected with every complaint at once."""
    if by_field := problems(exercise, answer, days=days):
        raise AnswerRejected(by_field)


def problems(exercise: Exercise, answer: dict[str, Any], *, days: Days | None = None) -> dict[str, list[str]]:
    """Field key → sentences, in the order of the fields; empty when the answer can be handed in.

    Without `days` nothing is said about when a date lies.
    """
    asked = fields_of(exercise)
    found = {one.key: fields.complaints(one, answer.get(one.key), asked=fields.is_asked(one, answer)) for one in asked}
    further = (
        _of_the_kind(exercise, answer),
        too_long_together(asked, answer),
        _of_several(exercise, answer),
        _of_dates(asked, answer, days),
    )
    for key, sentence in chain(*further):
        found.setdefault(key, []).append(sentence)
    return {key: sentences for key, sentences in found.items() if sentences}


def _of_the_kind(exercise: Exercise, answer: dict[str, Any]):
    asked = fields_of(exercise)
    if exercise.kind == Exercise.Kind.REWRITE and _too_alike(answer.get("before"), answer.get("after")):
        yield "after", _("This is still the text from before. Change it for this reader.")
    for one in asked:
        if _too_alike(one.extra.get("given"), answer.get(one.key)):
            yield one.key, _("This is still the text you were given. Change it.")
    if any(one.kind == "audio" for one in asked) and not _is_said(asked, answer):
        yield "script", _("Record it, or write what you would say as a script of at most 160 words.")
    for one in asked:
        if one.kind == "tags" and answer.get(one.key):
            yield from ((one.key, sentence) for sentence in _tag_complaints(one, answer))


def _is_said(asked: tuple[Field, ...], answer: dict[str, Any]) -> bool:
    """There is a recording, or its script."""
    spoken = [one.key for one in asked if one.kind == "audio"]
    scripts = [str(answer.get(one.key) or "") for one in asked if one.extra.get("instead_of") or one.key == "script"]
    return any(answer.get(key) for key in spoken) or any(script.strip() for script in scripts)


def _tag_complaints(field: Field, answer: dict[str, Any]):
    text, tagged = str(answer.get(field.extra["of"]) or ""), answer[field.key]
    order = tags.order_of(tagged)
    yield from tags.gaps(text, tagged)
    if tags.KNOW in order.missing:
        yield _("At least one sentence is there to know.")
    if tags.DECIDE in order.missing:
        yield _("At least one sentence is there to decide, or says that nothing is needed.")


def too_long_together(asked: Iterable[Field], answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, sentence) for prose that is over its limit only with the field it is counted together with."""
    by_key = {one.key: one for one in asked}
    for one in by_key.values():
        beside = by_key.get(one.extra.get("with", ""))
        alone = count_words(str(answer.get(one.key) or ""))
        together = words_of(one, answer)
        if beside and one.words.max is not None and alone <= one.words.max < together:
            limit = fields.in_words(one.words.max)
            yield (
                one.key,
                _("At most %(limit)s together with “%(beside)s”; together they have %(count)s.")
                % {
                    "limit": limit,
                    "beside": beside.label,
                    "count": together,
                },
            )


def words_of(field: Field, answer: dict[str, Any]) -> int:
    """The words that count towards the limit of a field: its own, and those of the one it stands with."""
    counted = (field.key, field.extra.get("with", ""))
    return sum(count_words(str(answer.get(key) or "")) for key in counted)


def _of_several(exercise: Exercise, answer: dict[str, Any]):
    """Rules over several fields: `at_least: [{count, of: [field, …], field, say}]`."""
    kinds = {one.key: one for one in fields_of(exercise)}
    for rule in exercise.settings.get("at_least", []):
        filled = sum(not fields.is_empty(kinds[key], answer.get(key)) for key in rule["of"] if key in kinds)
        if filled < rule["count"]:
            yield rule["field"], rule["say"]


def _of_dates(asked: tuple[Field, ...], answer: dict[str, Any], days: Days | None):
    if days is None:
        return
    for one in asked:
        rows = answer.get(one.key) if one.kind == "rows" else [answer]
        for column in one.columns if one.kind == "rows" else (one,):
            if column.kind == "date":
                yield from ((one.key, said) for row in rows or [] if (said := _date_complaint(column, row, days)))


def _date_complaint(field: Field, row: dict[str, Any], days: Days) -> str:
    try:
        day = date.fromisoformat(str(row.get(field.key) or ""))
    except ValueError:
        return ""  # a date that is none is complained of as such
    last = days.opened + timedelta(days=int(field.extra.get("within_days") or 0))
    if field.extra.get("future") and day <= days.today:
        return _("%(label)s: choose a day after today.") % {"label": field.label}
    if field.extra.get("past") and day > days.today:
        return _("%(label)s: today or earlier.") % {"label": field.label}
    if field.extra.get("within_days") and not days.opened <= day <= last:
        return _("%(label)s: a day from %(first)s to %(last)s.") % {
            "label": field.label,
            "first": f"{days.opened:%-d %B}",
            "last": f"{last:%-d %B}",
        }
    return ""


def _too_alike(before: Any, after: Any) -> bool:
    before, after = str(before or "").split(), str(after or "").split()
    return bool(before and after) and SequenceMatcher(None, before, after, autojunk=False).ratio() >= TOO_ALIKE


def for_others(exercise: Exercise, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as anybody but its client sees it: without what is private."""
    private = {one.key for one in fields_of(exercise) if one.extra.get("private")}
    return {key: content for key, content in answer.items() if key not in private}


def words_in(exercise: Exercise, answer: dict[str, Any]) -> int:
    """Words of everything written in prose."""
    return sum(count_words(str(answer.get(field.key) or "")) for field in fields_of(exercise) if field.kind == "prose")


def is_blank(exercise: Exercise, answer: dict[str, Any]) -> bool:
    """Nothing is in it yet."""
    return all(fields.is_empty(field, answer.get(field.key)) for field in fields_of(exercise))


def for_first_read(exercise: Exercise, answer: dict[str, Any]) -> str:
    """The text the first read looks at: the exercise's chosen fields, one paragraph each.

    `lines` puts a label before a field's text, `subject` names the field that is the subject line, and a text that is
    tagged is read with its tags.
    """
    reading = exercise.first_read
    found = read_apart(exercise, answer)
    labelled = ((part["label"], _joined(answer, part["fields"])) for part in reading.get("lines", []))
    found += [f"{label}: {text}" for label, text in labelled if text]
    text = "\n".join(found)
    subject = str(answer.get(reading.get("subject", "")) or "").strip()
    return f"Subject: {subject}\n{text}" if subject and text else text


def read_apart(exercise: Exercise, answer: dict[str, Any]) -> list[str]:
    """The texts of the chosen fields that have any, as they stand in what the first read looks at."""
    found = (read_as(exercise, answer, key) for key in exercise.first_read.get("fields", []))
    return [text for text in found if text]


def read_as(exercise: Exercise, answer: dict[str, Any], key: str) -> str:
    """The text of one field as it stands in what the first read looks at."""
    text, tagging = str(answer.get(key) or "").strip(), tagging_of(exercise)
    pieces = answer.get(tagging.key) or [] if tagging and tagging.extra["of"] == key else []
    return tags.marked(tags.aligned(text, pieces)) if text and any(part["tag"] for part in pieces) else text


def _joined(answer: dict[str, Any], keys: list[str]) -> str:
    return " ".join(text for key in keys if (text := str(answer.get(key) or "").strip()))


def summary(exercise: Exercise, answer: dict[str, Any]) -> str:
    """The first words of the answer's main text, for a card or a heading."""
    texts = [str(answer.get(key) or "") for key in exercise.first_read.get("fields", [])]
    texts += [str(answer.get(field.key) or "") for field in fields_of(exercise) if field.kind == "prose"]
    return next((text.strip() for text in texts if text.strip()), "")
