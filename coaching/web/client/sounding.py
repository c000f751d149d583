"""The recording a page works with: the field it belongs to, and the take the answer names."""

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, CharField, widgets
from django.utils.translation import gettext_lazy as _

from clients import sounds, transcripts
from clients.models import Recording, Submission
from clients.transcripts import Shown
from curriculum import answers
from curriculum.fields import Field

KEYS = (
    {"keys": ("R",), "label": _("record, and stop")},
    {"keys": ("Space",), "label": _("listen")},
    {"keys": ("←", "→"), "label": _("five seconds back, five on")},
    {"keys": ("T",), "label": _("to the script")},
)


class SoundInput(widgets.HiddenInput):
    """The number of a recording; an answer holds it as {"id": n}, or as the copy an attempt keeps."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Without scripts a box says that the answer goes on without the recording."""
        return "" if data.get(f"{name}-out") else super().value_from_datadict(data, files, name)

    def format_value(self, value: Any) -> str:
        return str(value.get("id", "")) if isinstance(value, dict) else str(value or "")


def control(field: Field, common: dict) -> CharField:
    return CharField(widget=SoundInput({"data-sound-input": True}), **common)


@dataclass(frozen=True)
class Sounding:
    """`take` is the recording in hand, ready to be played, and `said` what is said in it; None before there is one.

    `script` is the id of the control in which a script takes the recording's place; empty where there is none.
    """

    key: str
    label: str
    help: str
    field: BoundField
    take: Recording | None
    said: Shown | None
    script: str


def of(piece: Submission, form: Any, typed: dict[str, Any]) -> Sounding | None:
    """None for an exercise in which nothing is recorded."""
    asked = {field.key: field for field in answers.fields_of(piece.exercise)}
    for key, number in named(piece, typed):
        field = asked[key]
        take = take_of(piece, number)
        said = transcripts.of(take) if take else None
        return Sounding(field.key, field.label, field.help, form[field.key], take, said, _script(asked, form))
    return None


def _script(asked: dict[str, Field], form: Any) -> str:
    keys = (key for key, field in asked.items() if key == "script" or field.extra.get("instead_of"))
    return next((form[key].id_for_label for key in keys), "")


def named(piece: Submission, typed: dict[str, Any]) -> list[tuple[str, int | None]]:
    """(field, the recording it names) for every field in which something is recorded."""
    keys = (field.key for field in answers.fields_of(piece.exercise) if field.kind == "audio")
    return [(key, (typed.get(key) or {}).get("id")) for key in keys]


def take_of(piece: Submission, number: int | str | None) -> Recording | None:
    """A recording of this piece that can be played, by its number."""
    if not number or not str(number).isdecimal():
        return None
    found = sounds.ready().filter(submission=piece, pk=number).first()
    if found:
        found.submission = piece  # with its enrolment, which the address has found already
    return found
