"""Choosing lines of one's ledger, for a piece of homework or a 1:1: what is chosen first, the rest behind a line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms import widgets
from django.urls import reverse

from clients import evidence
from clients.ledger_fields import FACTORS
from clients.models import Enrolment, LedgerLine, Submission
from curriculum.fields import Field


class LinePicker(widgets.Widget):
    """Lines with a box each. What may be chosen is told by `offer` before it is shown."""

    template_name = "coaching/client/pick_lines.html"
    use_fieldset = True

    def __init__(self, factor: str = "") -> None:
        super().__init__()
        self.factor = factor
        self.offered: tuple[LedgerLine, ...] = ()
        self.key = ""  # the key of the page that opens the rest

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        chosen = {str(one["id"]) for one in value or []}
        context["widget"] |= {
            "chosen": [row for row in self.offered if str(row.pk) in chosen],
            "others": [row for row in self.offered if str(row.pk) not in chosen],
            "factor": self.factor,
            "key": self.key,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        named = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [{"id": number} for number in named]

    def id_for_label(self, id_: str) -> str:
        return ""  # no single control; the group itself has the id


def control(field: Field, common: dict) -> forms.Field:
    group = field.extra.get("group", "")
    return forms.Field(widget=LinePicker(group if group in FACTORS else ""), **common)


def offer(form: Any, enrolment: Enrolment, *, since: datetime | None = None) -> None:
    """Tell every field that names lines which there are: those for the pair, a factor's own before the others.

    A form nobody has posted begins with what is kept, and with what was written since `since`.
    """
    pickers = {key: form.fields[key].widget for key, field in form.asked.items() if field.kind == "lines"}
    if not pickers:
        return
    offered = evidence.choices(enrolment)
    fresh = [row for row in offered if since and row.written_at >= since]
    for key, picker in pickers.items():
        picker.offered = evidence.first_of(offered, picker.factor)
        chosen = [{"id": row.pk} for row in fresh if picker.factor in ("", row.factor)]
        form.initial[key] = [*(form.initial.get(key) or []), *chosen]
    next(iter(pickers.values())).key = "a"


def numbers(named: Iterable[dict[str, str]]) -> list[int]:
    """The lines that were named, as numbers; what is none names no line of anybody's."""
    return [int(one["id"]) if str(one["id"]).isdecimal() else 0 for one in named]


def address_of_new(piece: Submission) -> str:
    """Where a line is written for this piece; the way back leads to it."""
    query = {"cohort": piece.enrolment.cohort.slug, "for": piece.exercise.key}
    return f"{reverse('ledger-new')}?{urlencode(query)}"
