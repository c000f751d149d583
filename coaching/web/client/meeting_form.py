"""One entry of the meeting log as a form. It shapes what was typed and refuses nothing: whether it can be kept is
decided where it is kept, for every door alike."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from clients import meeting_fields
from clients.meeting_fields import NO, SaidIt
from clients.models import Meeting
from curriculum.fields import Field
from curriculum.values import LONGEST

REMEMBERED = ("title", "kind", "attendees", "minutes")


class MeetingForm(forms.Form):
    """The fields of an entry, filled from an entry or from what was posted."""

    def __init__(self, *, entry: dict[str, Any] | None = None, data: Any = None):
        super().__init__(data, initial=entry or {})
        for field in meeting_fields.fields_of():
            self.fields[field.key] = _control_of(field)

    def entry(self) -> dict[str, Any]:
        """What was typed. A question that is only asked after another one is open where that one does not ask it."""
        typed = {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }
        if typed["error_heard"] == NO:
            typed["error_response"] = ""
        if not str(typed["prepared"] or "").strip():
            typed["said_it"] = ""
        return typed

    def complain(self, by_field: dict[str, list[str]]) -> None:
        """Show the operation's own sentences beside the fields they are about."""
        self.full_clean()
        for name, sentences in by_field.items():
            self.add_error(name, ValidationError(sentences))


def begun(like: Meeting | None, *, day: date, spoke: str = "") -> dict[str, Any]:
    """A new entry as far as it is known: the day, and what the last meeting of that name was like."""
    known = meeting_fields.entry_of(like) if like else {}
    remembered = {name: known.get(name, "") for name in REMEMBERED}
    remembered["minutes"] = remembered["minutes"] or meeting_fields.MINUTES
    return remembered | {"date": day.isoformat(), "times_spoke": spoke}


def _control_of(field: Field) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "help_text": escape(field.help), "required": False}
    if field.kind == "choice" and field.key != "kind":
        options = [one for one in field.options if one[0] != SaidIt.NOTHING_PREPARED]  # that is leaving it empty
        return forms.CharField(widget=forms.RadioSelect(choices=options), **common)
    if field.kind == "scale":
        feelings = [(str(point), str(point)) for point in meeting_fields.FEELINGS]
        return forms.CharField(widget=forms.RadioSelect(choices=feelings), **common)
    return forms.CharField(widget=_widget_of(field), strip=False, **common)


def _widget_of(field: Field) -> forms.Widget:
    if field.kind == "choice":
        return forms.Select(choices=[("", "–"), *field.options])
    if field.kind == "int":
        limits: dict[str, Any] = {
            "min": field.span.min,
            "max": field.span.max,
            "inputmode": "numeric",
            "autocomplete": "off",
        }
        return forms.NumberInput({name: limit for name, limit in limits.items() if limit is not None})
    if field.kind == "date":
        return forms.DateInput({"type": "date"})
    if field.kind == "prose":
        # The placeholder is a blank, so that the sheet can tell whether something stands there.
        return forms.Textarea({"class": "input prose", "rows": 2, "maxlength": LONGEST, "placeholder": " "})
    return forms.TextInput({"autocomplete": "off", "maxlength": LONGEST})
