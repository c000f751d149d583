"""What clients keep beside homework as forms, made from the fields their operations judge by. They refuse nothing."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clients import ledger_fields, plan_fields
from clients.models import Enrolment, OneOnOne
from clients.plan_fields import ACTIONS, HEARD, LINES, STATUS
from curriculum.fields import Field, count_words
from curriculum.moves import Move, Planner

from . import lines
from .forms import Question, control_of


class RecordForm(forms.Form):
    """Fields of a record, filled from what is kept or from what was typed."""

    def __init__(self, asked: Iterable[Field], *, content: dict[str, Any] | None = None, data: Any = None):
        super().__init__(data, initial=content or {})
        self.asked = {field.key: field for field in asked}
        for key, field in self.asked.items():
            self.fields[key] = control_of(field, field.label)

    def raw(self) -> dict[str, Any]:
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

    def question(self, key: str) -> Question:
        """One field with its definition and its counter, as the exercise page shows it."""
        field, text = self.asked[key], str(self[key].value() or "")
        in_words = field.kind == "prose" and field.words.max is not None
        most = field.words.max if in_words else field.chars.max
        count = count_words(text) if in_words else len(text.strip())
        return Question(
            field=self[key],
            definition=field,
            unit="words" if in_words else "chars",
            most=most if field.is_text else None,
            count=count,
            seconds=None,
            is_quiet=most is not None and count < 0.8 * most,
            is_optional=not field.required and not field.required_if,
        )

    @property
    def questions(self) -> dict[str, Question]:
        """Every field by its key."""
        return {key: self.question(key) for key in self.asked}


class LineForm(RecordForm):
    """A line of the ledger. Who may read it is on the button that keeps it; lists of names stand one a line."""

    def __init__(self, *, content: dict[str, Any] | None = None, data: Any = None, begins: bool = False):
        shown = dict(content or {})
        shown |= {key: "\n".join(shown.get(key) or ()) for key in ledger_fields.LISTS}
        super().__init__(ledger_fields.fields_of(), content=shown, data=data)
        self.fields["factor"].widget = forms.RadioSelect(choices=self.asked["factor"].options)
        for key in ("what", "my_part", *ledger_fields.LISTS, "quote"):
            self.fields[key].widget.attrs["rows"] = 2
        if begins:
            self.fields["what"].widget.attrs["autofocus"] = True

    @property
    def readers(self) -> list[str]:
        """Who may read it, the class it has now first: the order of the buttons."""
        chosen = str(self["visibility"].value() or "")
        return sorted(ledger_fields.READERS, key=lambda one: one != chosen)

    @property
    def has_more(self) -> bool:
        """Whether anything is said, or to be mended, in what is folded away."""
        return any(self[key].value() or self[key].errors for key in ("credit", "trace", "quote"))


class PlanForm(RecordForm):
    """A 1:1 as it is planned: when, with whom, the four moves, the lines of the ledger it rests on."""

    def __init__(
        self, planner: Planner, enrolment: Enrolment, *, content: dict[str, Any] | None = None, data: Any = None
    ):
        asked = (*plan_fields.asked_to_plan(planner), plan_fields.asked_to_rest_on(planner))
        super().__init__(asked, content=content, data=data)
        self.planner = planner
        lines.offer(self, enrolment)
        for move in planner.moves:
            for field in move.fields:
                self.fields[field.key].widget.attrs["rows"] = 3 if field.key == move.words else 2

    def plan(self) -> dict[str, Any]:
        """What was typed, in the words of the operation."""
        raw = self.raw()
        return {
            "date": raw[plan_fields.DATE],
            "with_whom": raw[plan_fields.WITH],
            "lines": lines.numbers(raw[LINES]),
            "content": {key: raw[key] for key in self.planner.keys},
        }

    @property
    def blocks(self) -> list[tuple[Move, list[Question]]]:
        """The moves with their questions. One is enough; that is said once, and not at every question."""
        return [
            (move, [replace(self.question(field.key), is_optional=False) for field in move.fields])
            for move in self.planner.moves
        ]


class HeldForm(RecordForm):
    """What was heard, and what its client will do."""

    def __init__(self, planner: Planner, *, content: dict[str, Any] | None = None, data: Any = None):
        super().__init__(plan_fields.asked_when_held(planner), content=content, data=data)

    def said(self) -> dict[str, Any]:
        """What was typed, in the words of the operation."""
        raw = self.raw()
        return {"heard": raw[HEARD], "actions": raw[ACTIONS], "status_sent_before": raw[STATUS]}


def plan_of(one: OneOnOne) -> dict[str, Any]:
    """A 1:1 as the content of its form."""
    named = [{"id": line.pk} for line in one.lines.all()]
    return one.content | {plan_fields.DATE: one.date.isoformat(), plan_fields.WITH: one.with_whom, LINES: named}


def said_of(one: OneOnOne) -> dict[str, Any]:
    status = {True: "yes", False: "no", None: ""}[one.status_sent_before]
    return {HEARD: one.heard, ACTIONS: one.actions, STATUS: status}
