"""One line in the journal, written in the transaction it reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from .models import Cohort, JournalEntry, User


def record(
    action: str, subject: object, *, by: User | None, at: datetime, cohort: Cohort | None = None, note: str = ""
) -> JournalEntry:
    """`action` is a verb in the past ("handed in"); `by` None is the engine."""
    return record_all([Line(action, subject, cohort, note)], by=by, at=at)[0]


class Line(NamedTuple):
    """What is to be recorded: see `record`."""

    action: str
    subject: object
    cohort: Cohort | None = None
    note: str = ""


def record_all(lines: Sequence[Line], *, by: User | None, at: datetime) -> list[JournalEntry]:
    """However many in one statement."""
    return JournalEntry.objects.bulk_create(
        JournalEntry(
            at=at,
            actor=str(by) if by else "engine",
            actor_id=by.pk if by else None,
            action=line.action,
            subject=name_of(line.subject),
            cohort_id=line.cohort.pk if line.cohort else None,
            note=line.note[:300],
        )
        for line in lines
    )


def name_of(subject: object) -> str:
    """How the journal names a row: its kind and its number."""
    return f"{type(subject).__name__.lower()}:{getattr(subject, 'pk', subject)}"
