"""Notes in the margin: of what was sent, of a draft, and where they stand in a text, their own or a later one."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import QuerySet

from clients.models import Attempt
from curriculum import answers, tags
from curriculum.fields import Field
from curriculum.models import Exercise
from curriculum.prepared import Asked, Question

from . import anchors, marked, sentences
from .anchors import Anchor
from .marked import Spot
from .models import Feedback, MarginNote

AT_MOST = 12
LONGEST = 1000  # characters
EVERY = 5  # seconds, in the list of places in a recording
HOUR = 3600


@dataclass(frozen=True)
class Note:
    """One note: on words of a field, or on a second of a recording. `number` counts within a page, from 1."""

    field: str
    text: str
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    second: int | None = None
    number: int = 0
    by: str = ""
    attempt: int = 0
    exact: bool = True

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.quote, self.prefix, self.suffix)

    @property
    def place(self) -> str:
        """Its place as a form and a draft keep it."""
        return json.dumps({name: value for name, value in plain(self).items() if name != "text"}, ensure_ascii=False)


class Place(NamedTuple):
    """Somewhere a note can be put: as a form keeps it, and in words."""

    at: str
    label: str


@dataclass(frozen=True)
class Placed:
    """Notes where they belong in one answer. `spots` mark the words, `orphans` found no place."""

    notes: tuple[Note, ...] = ()
    spots: dict[str, list[Spot]] = field(default_factory=dict)
    orphans: tuple[Note, ...] = ()

    def of(self, key: str) -> list[Note]:
        """The notes of one field, in the order of their places."""
        first = {one.note: one.start for one in self.spots.get(key, ())}
        own = [note for note in self.notes if note.field == key]
        return sorted(own, key=lambda note: (note.second or 0, first.get(note.number, 0)))


def plain(note: Note) -> dict[str, Any]:
    """A note as a draft keeps it."""
    kept = ("field", "quote", "prefix", "suffix", "second", "text")
    return {name: value for name, value in asdict(note).items() if name in kept}


def of(feedback: Feedback | None) -> list[Note]:
    """The notes that were sent."""
    if feedback is None:
        return []
    rows = _sent.all(feedback=feedback.pk)
    by, attempt = feedback.coach.name, feedback.attempt.number
    return [
        Note(row.field, row.text, row.quote, row.prefix, row.suffix, row.second, by=by, attempt=attempt) for row in rows
    ]


def asks_of(feedback: Feedback | None) -> tuple[Asked, ...]:
    """What that query is, for a page that asks more at once."""
    return (_sent.of(feedback=feedback.pk),) if feedback else ()


@Question
def _sent(*, feedback: int) -> QuerySet:
    return MarginNote.objects.filter(feedback=feedback)


def kept(notes: Iterable[Any]) -> list[Note]:
    """The notes of a draft, or of a post: whatever came, in the shape of a note. One without a word is none."""
    return [_note(one) for one in notes if isinstance(one, dict) and str(one.get("text") or "").strip()]


def _note(one: dict[str, Any]) -> Note:
    second = one.get("second")
    is_second = isinstance(second, int) and not isinstance(second, bool) and 0 <= second < HOUR
    words = {name: str(one.get(name) or "") for name in ("field", "quote", "prefix", "suffix")}
    return Note(
        field=words["field"][:50],
        text=str(one["text"])[:LONGEST],
        quote="" if is_second else words["quote"][: anchors.LONGEST],
        prefix=words["prefix"][-anchors.AROUND :],
        suffix=words["suffix"][: anchors.AROUND],
        second=second if is_second else None,
    )


# --- Places -------------------------------------------------------------------------------------------


def settled(attempt: Attempt, note: Note) -> Note | None:
    """The note with its place as the attempt has it; None where the attempt has no such place."""
    asked = {one.key: one for one in shown(attempt.submission.exercise)}.get(note.field)
    content = attempt.answer.get(note.field)
    if asked is None or not content:
        return None
    if note.second is not None:
        return note if asked.kind == "audio" and note.second <= float(content.get("seconds") or 0) else None
    found = anchors.settled(content, note.anchor) if asked.is_text else None
    return replace(note, quote=found.quote, prefix=found.prefix, suffix=found.suffix) if found else None


def shown(exercise: Exercise) -> list[Field]:
    """The fields a coach reads: everything but what its client keeps to themselves."""
    return [one for one in answers.fields_of(exercise) if not one.extra.get("private")]


def places(attempt: Attempt) -> list[Place]:
    """Where a note can be put without selecting anything: every sentence, every five seconds of a recording."""
    asked = shown(attempt.submission.exercise)
    tagged = sentences.shown_in(asked, attempt.answer)
    return [place for one in asked for place in _places(one, attempt.answer.get(one.key), tagged.get(one.key))]


def _places(asked: Field, content: Any, tagged: list[dict[str, Any]] | None) -> Iterator[Place]:
    if not content:
        return
    if asked.kind == "audio":
        for second in range(0, int(content.get("seconds") or 0) + 1, EVERY):
            yield Place(Note(asked.key, "", second=second).place, f"{second // 60}:{second % 60:02}")
    elif asked.is_text:
        for sentence in [part["text"] for part in tagged] if tagged else tags.split(content):
            yield Place(Note(asked.key, "", sentence[: anchors.LONGEST]).place, sentence[:80])


def placed(exercise: Exercise, answer: dict[str, Any], notes: Iterable[Note], *, attempt: int) -> Placed:
    """Notes where they belong in the answer of an attempt. A second is one of its own recording and of no later one."""
    found, orphans = Placed(), []
    standing: list[Note] = []
    by_key = {one.key: one for one in shown(exercise)}
    for number, note in enumerate(notes, start=1):
        note, content = replace(note, number=number), answer.get(note.field)
        asked = by_key.get(note.field)
        place = anchors.find(content, note.anchor) if asked and asked.is_text and content else None
        if place:
            found.spots.setdefault(note.field, []).append(marked.spot(content, place.start, place.end, number))
            standing.append(replace(note, exact=place.exact))
        elif note.second is not None and note.attempt == attempt and asked and content:
            standing.append(note)
        else:
            orphans.append(note)
    return replace(found, notes=tuple(standing), orphans=tuple(orphans))
