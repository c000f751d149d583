"""One line in the journal, written in the transaction it reports."""

from datetime import datetime

from .models import Cohort, JournalEntry, User


def record(
    action: str, subject: object, *, by: User | None, at: datetime, cohort: Cohort | None = None, note: str = ""
) -> JournalEntry:
    """`action` is a verb in the past ("handed in"); `by` None is the engine."""
    return JournalEntry.objects.create(
        at=at,
        actor=str(by) if by else "engine",
        actor_id=by.pk if by else None,
        action=action,
        subject=name_of(subject),
        cohort_id=cohort.pk if cohort else None,
        note=note[:300],
    )


def name_of(subject: object) -> str:
    """How the journal names a row: its kind and its number."""
    return f"{type(subject).__name__.lower()}:{getattr(subject, 'pk', subject)}"
