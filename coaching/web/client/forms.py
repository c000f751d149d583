"""The answer to an exercise as a form. It shapes what was typed and refuses nothing: whether an answer can be
handed in is decided where it is handed in, for every door alike."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import widgets
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from clients.models import Submission
from curriculum import answers
from curriculum.fields import Field, count_words
from curriculum.models import Exercise
from curriculum.values import LONGEST

from . import entries, lines, sounding, tagging

BLANK_ROWS = 2
MOST_POINTS = 10
DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
WORDS_A_MINUTE = 140  # a calm pace
REDACTED = "redacted"
LABELS = {("audio60", "script"): _("Your script")}


@dataclass(frozen=True)
class Question:
    """One field on the page. `most` is the limit its counter counts to, in `unit`; None where it counts nothing.

    `beside` is the field whose words count with its own.
    """

    field: forms.BoundField
    definition: Field
    unit: str
    most: int | None
    count: int
    seconds: int | None
    is_quiet: bool
    is_optional: bool
    beside: forms.BoundField | None = None


class RowsWidget(widgets.Widget):
    """Rows with the same columns: those there are, and blank ones to fill. Scripts add more."""

    template_name = "coaching/client/rows.html"
    use_fieldset = True

    def __init__(self, field: Field):
        super().__init__()
        self.field = field
        self.most = field.rows.max or 50

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        rows = value if isinstance(value, list) else []
        count = min(self.most, max(self.field.rows.min or 0, len(rows) + BLANK_ROWS))
        padded = [*rows, *({} for _blank in range(count - len(rows)))]
        context = super().get_context(name, value, attrs)
        lines = [self._cells(name, number, row) for number, row in enumerate(padded)]
        context["widget"] |= {"rows": lines, "most": self.most, "blank": self._cells(name, "__row__", {})}
        return context

    def _cells(self, name: str, number: int | str, row: dict) -> dict:
        shown = number + 1 if isinstance(number, int) else "__number__"
        cells = [self._cell(column, f"{name}-{number}-{column.key}", row) for column in self.field.columns]
        return {"number": shown, "cells": cells}

    def _cell(self, column: Field, name: str, row: dict) -> dict:
        """A day is picked from a calendar, unless what stands there is none."""
        text = str(row.get(column.key) or "")
        is_day = column.kind == "date" and (not text or DAY.fullmatch(text) is not None)
        return {"column": column, "name": name, "value": text, "type": "date" if is_day else "text"}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        rows = (self._row(data, name, number) for number in range(self.most))
        return [row for row in rows if any(text.strip() for text in row.values())]

    def _row(self, data: Any, name: str, number: int) -> dict[str, str]:
        return {column.key: data.get(f"{name}-{number}-{column.key}", "") for column in self.field.columns}

    def id_for_label(self, id_: str) -> str:
        return ""  # no single control; the group itself has the id


class AnswerForm(forms.Form):
    """The fields of a piece's exercise, filled from an answer or from what was posted."""

    def __init__(self, piece: Submission, *, answer: dict | None = None, data: Any = None, begins: bool = False):
        super().__init__(data, initial=answer or {})
        self.piece = piece
        self.exercise = exercise = piece.exercise
        self.asked = {field.key: field for field in answers.fields_of(exercise)}
        for key, field in self.asked.items():
            self.fields[key] = control_of(field, LABELS.get((exercise.kind, key), field.label))
        if begins and self.fields:  # the cursor waits in the first field
            next(iter(self.fields.values())).widget.attrs["autofocus"] = True
        if REDACTED in self.fields:  # it stands in the bar, outside of the form's own tags
            self.fields[REDACTED].widget.attrs["form"] = "answer"

    def answer(self) -> dict[str, Any]:
        """What was typed, for the operation to shape and to judge."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }

    def complain(self, by_field: dict[str, list[str]]) -> None:
        """Show the operation's own sentences under the fields they are about."""
        self.full_clean()
        for name, sentences in by_field.items():
            self.add_error(name if name in self.fields else None, ValidationError(sentences))

    @property
    def redacted(self):
        """The box in the bar at the bottom, where the exercise has one."""
        return self[REDACTED] if REDACTED in self.fields else None

    def questions(self) -> list["Question"]:
        """Every field of the sheet with its definition and its counter."""
        return [
            self._question(key, field) for key, field in self.asked.items() if key != REDACTED and field.kind != "audio"
        ]

    def _question(self, key: str, field: Field) -> "Question":
        text = str(self[key].value() or "")
        in_words = field.kind == "prose" and field.words.max is not None
        most = field.words.max if in_words else field.chars.max
        beside = self[field.extra["with"]] if field.extra.get("with") in self.fields else None
        count = count_words(f"{text} {beside.value() or ''}" if beside else text) if in_words else len(text.strip())
        is_spoken = self.exercise.kind == Exercise.Kind.AUDIO60 or any(x.kind == "audio" for x in self.asked.values())
        is_script = in_words and is_spoken and key == "script"
        return Question(
            field=self[key],
            definition=field,
            unit="words" if in_words else "chars",
            most=most if field.is_text else None,
            count=count,
            seconds=round(count / WORDS_A_MINUTE * 60) if is_script else None,
            is_quiet=field.kind == "line" and most is not None and count < 0.8 * most,
            is_optional=not field.required and not is_script,
            beside=beside,
        )


def control_of(field: Field, label: str | Promise) -> forms.Field:
    """A form field that shows the definition and accepts anything."""
    make = CONTROLS.get(field.kind, _line)
    return make(field, {"label": label, "help_text": escape(field.help), "required": False})


def _line(field: Field, common: dict) -> forms.Field:
    return forms.CharField(widget=forms.TextInput({"autocomplete": "off", "maxlength": LONGEST}), strip=False, **common)


def _prose(field: Field, common: dict) -> forms.Field:
    is_long = (field.words.max or field.chars.max or LONGEST) > 60
    attrs = {"class": "input prose", "rows": 5 if is_long else 2, "maxlength": LONGEST}
    return forms.CharField(widget=forms.Textarea(attrs), strip=False, **common)


def _choice(field: Field, common: dict) -> forms.Field:
    return forms.CharField(widget=forms.Select(choices=[("", _("Choose one")), *field.options]), **common)


def _multi(field: Field, common: dict) -> forms.Field:
    return forms.MultipleChoiceField(choices=field.options, widget=forms.CheckboxSelectMultiple, **common)


def _number(field: Field, common: dict) -> forms.Field:
    limits = {"min": field.span.min, "max": field.span.max, "inputmode": "numeric"}
    attrs = {name: limit for name, limit in limits.items() if limit is not None}
    return forms.CharField(widget=forms.NumberInput(attrs), **common)


def _scale(field: Field, common: dict) -> forms.Field:
    """Points to choose among, as far as they can be shown beside each other."""
    low, high = field.span.min or 0, field.span.max or 0
    if not low < high <= low + MOST_POINTS:
        return _number(field, common)
    points = [(str(point), str(point)) for point in range(low, high + 1)]
    return forms.CharField(widget=forms.RadioSelect(choices=points), **common)


def _date(field: Field, common: dict) -> forms.Field:
    return forms.CharField(widget=forms.DateInput({"type": "date"}), **common)


def _check(field: Field, common: dict) -> forms.Field:
    return forms.BooleanField(**common)


def _rows(field: Field, common: dict) -> forms.Field:
    return forms.Field(widget=RowsWidget(field), **common)


CONTROLS = {
    "entries": entries.control,
    "audio": sounding.control,
    "lines": lines.control,
    "prose": _prose,
    "choice": _choice,
    "multi": _multi,
    "int": _number,
    "scale": _scale,
    "date": _date,
    "check": _check,
    "rows": _rows,
    "tags": tagging.control,
}
