"""What clients keep beside homework as forms, made from the fields their operations judge by. They refuse nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clients import ledger_fields
from curriculum.fields import Field, count_words

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
