"""An answer as it is read: questions with what was answered, and two answers beside each other."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from clients import copies
from clients.models import Submission
from coaching import diffs, margin, marked, sentences
from coaching.diffs import Piece
from coaching.marked import Spot
from curriculum import answers, fields, tags
from curriculum.fields import RECORDS, Field
from curriculum.models import Exercise


@dataclass(frozen=True)
class Part:
    """One question and its answer. `rows` hold (column, text) pairs; `text` is empty where there are rows.

    `content` is what a kind with a look of its own is shown from: `coaching/parts/_<kind>.html`.
    """

    key: str
    label: str
    is_prose: bool
    text: str
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    kind: str = ""
    content: Any = None
    pieces: tuple[Piece, ...] = ()
    notes: tuple[margin.Note, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One question with what stands in this window and what was saved from elsewhere."""

    label: str
    mine: str
    theirs: str


def parts(exercise: Exercise, answer: dict[str, Any]) -> list[Part]:
    """What was answered, in the order of the questions; ticks and what was left empty stay out.

    A text that is tagged is shown with its tags, in its own place.
    """
    asked = answers.fields_of(exercise)
    tagged = sentences.shown_in(asked, answer)
    shown = (field for field in asked if field.kind != "check" and field.extra.get("of") not in tagged)
    there = (field for field in shown if not fields.is_empty(field, answer.get(field.key)))
    return [
        _tagged(field, tagged[field.key]) if field.key in tagged else _part(field, answer[field.key]) for field in there
    ]


def noted(found: list[Part], notes: margin.Placed) -> list[Part]:
    """The same with the notes a coach put in the margin, and the words marked they are about."""
    return [_noted(part, notes.spots.get(part.key, []), tuple(notes.of(part.key))) for part in found]


def _noted(part: Part, spots: list[Spot], notes: tuple[margin.Note, ...]) -> Part:
    if part.kind == "tags" and part.content:
        return replace(part, content=sentences.noted(part.content, spots), notes=notes)
    return replace(part, pieces=tuple(marked.pieces(diffs.unchanged(part.text), spots)), notes=notes)


def differences(piece: Submission, mine: dict[str, Any], theirs: dict[str, Any]) -> list[Difference]:
    """The questions on which two answers to a piece part."""
    mine, theirs = (answer | copies.of(piece, answer)[0] for answer in (mine, theirs))
    found = [
        Difference(field.label, _text(field, mine.get(field.key)), _text(field, theirs.get(field.key)))
        for field in answers.fields_of(piece.exercise)
    ]
    return [difference for difference in found if difference.mine != difference.theirs]


def _tagged(field: Field, content: list[dict[str, Any]]) -> Part:
    return Part(field.key, field.label, False, "", kind="tags", content=sentences.of(content))


def _part(field: Field, content: Any) -> Part:
    if field.kind == "tags":
        return _tagged(field, content)
    if field.kind in RECORDS:
        return Part(field.key, field.label, False, "", kind=field.kind, content=copies.told(field, content))
    if field.kind == "rows":
        rows = tuple(_cells(field, row) for row in content)
        return Part(field.key, field.label, False, "", rows)
    return Part(field.key, field.label, field.kind == "prose", _text(field, content))


def _cells(field: Field, row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((column.label, str(row.get(column.key) or "")) for column in field.columns)


def _text(field: Field, content: Any) -> str:
    if fields.is_empty(field, content):
        return ""
    if field.kind in RECORDS:
        return "\n".join(_record(one) for one in (content if isinstance(content, list) else [content]))
    if field.kind == "tags":
        return tags.marked(content)
    if field.kind == "rows":
        return "\n".join(" · ".join(text for _label, text in _cells(field, row)) for row in content)
    if field.kind == "multi":
        return ", ".join(label for value, label in field.options if value in content)
    if field.kind == "choice":
        return dict(field.options).get(content, content)
    return "✓" if field.kind == "check" else str(content)


def _record(copy: dict[str, Any]) -> str:
    """A line, a meeting or a recording in a word or two."""
    if "seconds" in copy:
        return _("A recording of %(n)s seconds") % {"n": round(copy["seconds"])}
    return str(copy.get("what") or copy.get("title") or "")
