"""Choosing meetings of one's log for a piece of homework: those of its week first, any other behind a line."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms import widgets
from django.urls import reverse

from clients import deadlines, meetings
from clients.models import Meeting, Submission
from curriculum.fields import Field


class MeetingPicker(widgets.Widget):
    """Meetings with a box each. What may be chosen is told by `offer` before it is shown."""

    template_name = "coaching/client/pick_meetings.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__()
        self.week: int | None = None
        self.here: list[Meeting] = []
        self.elsewhere: list[Meeting] = []

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        chosen = {str(one["id"]) for one in value or []}
        here, elsewhere = ([(row, str(row.pk) in chosen) for row in found] for found in (self.here, self.elsewhere))
        context["widget"] |= {
            "week": self.week,
            "here": here,
            "elsewhere": elsewhere,
            "reaches_out": any(is_chosen for _row, is_chosen in elsewhere),
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        named = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [{"id": number} for number in named]

    def id_for_label(self, id_: str) -> str:
        return ""  # no single control; the group itself has the id


def control(field: Field, common: dict) -> forms.Field:
    return forms.Field(widget=MeetingPicker(), **common)


def offer(form: Any, *, at: datetime) -> None:
    """Tell every field of an answer's form that names meetings which there are.

    A form nobody has posted begins with what the draft names and with the meetings of its week that were logged since:
    the first time with all of them.
    """
    pickers = [key for key, field in form.asked.items() if field.kind == "entries"]
    if not pickers:
        return
    piece, week = form.piece, form.exercise.week.number
    starts = deadlines.mondays(piece.enrolment, at=at)
    rows = list(meetings.of(piece.enrolment))
    here = [row for row in rows if deadlines.week_of(row.date, starts) == week]
    since = [row for row in here if piece.draft_saved_at is None or row.logged_at >= piece.draft_saved_at]
    for key in pickers:
        picker = form.fields[key].widget
        picker.week, picker.here, picker.elsewhere = week, here, [row for row in rows if row not in here]
        form.initial[key] = [*(form.initial.get(key) or []), *({"id": row.pk} for row in since)]


def address_of_new(piece: Submission) -> str:
    """Where a meeting is logged for this piece; the way back leads to it."""
    query = {
        "cohort": piece.enrolment.cohort.slug,
        "week": piece.exercise.week.number,
        "for": piece.exercise.key,
    }
    return f"{reverse('log-new')}?{urlencode(query)}"
