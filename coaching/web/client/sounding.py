"""The recording a page works with: the field it belongs to, and the take the answer names."""

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, CharField, widgets

from clients import sounds
from clients.models import Recording, Submission
from curriculum import answers
from curriculum.fields import Field


class SoundInput(widgets.HiddenInput):
    """The number of a recording; an answer holds it as {"id": n}, or as the copy an attempt keeps."""

    def format_value(self, value: Any) -> str:
        return str(value.get("id", "")) if isinstance(value, dict) else str(value or "")


def control(field: Field, common: dict) -> CharField:
    return CharField(widget=SoundInput(), **common)


@dataclass(frozen=True)
class Sounding:
    """`take` is the recording in hand, ready to be played; None before there is one."""

    key: str
    label: str
    help: str
    field: BoundField
    take: Recording | None


def of(piece: Submission, form: Any, typed: dict[str, Any]) -> Sounding | None:
    """None for an exercise in which nothing is recorded."""
    for field in answers.fields_of(piece.exercise):
        if field.kind == "audio":
            number = (typed.get(field.key) or {}).get("id")
            take = sounds.ready().filter(submission=piece, pk=number).first() if number else None
            return Sounding(field.key, field.label, field.help, form[field.key], take)
    return None
