"""What the first read noticed in an answer as typed, for the page it stands on."""

from dataclasses import dataclass
from typing import Any

from clients.models import Submission
from curriculum import draft_notes
from curriculum.firstread import Note, Unreadable, grouped

AT_ONCE = 3  # notes that are shown without asking for more


@dataclass(frozen=True)
class ShownNote:
    """A note of the first read, and whether its client meant it."""

    note: Note
    meant: bool


@dataclass(frozen=True)
class FirstRead:
    """What stands beside the draft: what works, what was noticed, or a sentence why there is neither."""

    working: tuple[str, ...] = ()
    notes: tuple[ShownNote, ...] = ()
    sentence: str = ""


def first_read(piece: Submission, typed: dict[str, Any]) -> FirstRead | None:
    """The first read of an answer as typed; None for an exercise that has none."""
    if not draft_notes.is_read(piece.exercise):
        return None
    try:
        found = draft_notes.first_read(piece.exercise, typed, known=piece.enrolment.client.known_words)
    except Unreadable as reason:
        return FirstRead(sentence=str(reason))
    if found is None:
        return FirstRead()
    notes = (ShownNote(note, set(note.rules) <= set(piece.meant)) for note in grouped(found.notes))
    return FirstRead(found.working, tuple(notes))


def to_mark(piece: Submission, typed: dict[str, Any]) -> list[Note]:
    """The notes whose words are marked in the text: those shown at once that were not meant."""
    found = first_read(piece, typed)
    return [shown.note for shown in found.notes[:AT_ONCE] if not shown.meant] if found else []
