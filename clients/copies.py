"""What an answer names of its client's own records, and the copies an attempt keeps of them.

A draft names meetings, ledger lines and recordings by number. Handed in, it holds copies, so that nothing that is
changed later changes what was handed in.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from curriculum import answers
from curriculum.fields import RECORDS, Field

from . import evidence, transcripts
from . import meetings as log
from .models import LedgerLine, Meeting, Recording, Submission, Visibility

Rows = dict[int, dict[str, Any]]


def of(submission: Submission, answer: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """(the answer with a copy wherever it names a record, field key → what keeps it from being handed in)."""
    kept, problems = dict(answer), {}
    for field in named_in(submission, answer):
        found = FINDERS[field.kind](submission, ids(field, answer[field.key]))
        copies = [found[number] for number in ids(field, answer[field.key]) if number in found]
        if len(copies) < len(ids(field, answer[field.key])):
            problems[field.key] = [MISSING[field.kind]()]
        kept[field.key] = copies if field.kind != "audio" else next(iter(copies), None)
    return kept, problems


def named_in(submission: Submission, answer: dict[str, Any]) -> Iterable[Field]:
    """The fields of the answer that name records."""
    return (one for one in answers.fields_of(submission.exercise) if one.kind in RECORDS and answer.get(one.key))


def ids(field: Field, content: Any) -> list[int]:
    """The numbers a field names."""
    named = [content] if field.kind == "audio" else content
    return [one["id"] for one in named if one]


def told(field: Field, content: Any) -> Any:
    """What a field that names records holds, in words, for whoever reads it."""
    return TOLD[field.kind](content or []) if field.kind in TOLD else content


def meetings(submission: Submission, numbers: Iterable[int]) -> Rows:
    rows = Meeting.objects.filter(enrolment=submission.enrolment_id, pk__in=numbers)
    return {row.pk: {"id": row.pk, **exported(row)} for row in rows}


def lines(submission: Submission, numbers: Iterable[int]) -> Rows:
    """Lines for the pair only: what is private is not handed in by naming it."""
    rows = LedgerLine.objects.filter(enrolment=submission.enrolment_id, pk__in=numbers, visibility=Visibility.PAIR)
    return {row.pk: {"id": row.pk, **exported(row), "strength": row.strength} for row in rows}


def recordings(submission: Submission, numbers: Iterable[int]) -> Rows:
    rows = Recording.objects.filter(submission=submission, pk__in=numbers, state=Recording.State.READY)
    return {row.pk: sound(row) for row in rows.select_related("transcript")}


def sound(recording: Recording) -> dict[str, Any]:
    """What an attempt keeps of a recording: its address, its length, its file, and the words as put right."""
    transcript = getattr(recording, "transcript", None)
    said = transcript.edited if transcript and transcript.edited_at else ""
    return {
        "id": recording.pk,
        "key": str(recording.key),
        "seconds": round(recording.seconds, 1),
        "peaks": recording.peaks,
        "playable": recording.playable,
        "transcript": said,
        "lines": transcripts.lines(said, transcript.words) if said else [],
    }


def exported(row: Any) -> dict[str, Any]:
    """A record as plain data: the fields its class names for export, dates and instants as text."""
    return {name: _plain(getattr(row, name)) for name in row.EXPORTED}


def _plain(content: Any) -> Any:
    return content.isoformat() if hasattr(content, "isoformat") else content


FINDERS: dict[str, Callable[[Submission, list[int]], Rows]] = {
    "entries": meetings,
    "lines": lines,
    "audio": recordings,
}
TOLD: dict[str, Callable[[Any], Any]] = {"entries": log.told, "lines": evidence.told}
MISSING: dict[str, Callable[[], str]] = {
    "entries": lambda: _("One of these meetings is no longer in your log. Choose again."),
    "lines": lambda: _("One of these lines is no longer in your ledger, or only you can read it. Choose again."),
    "audio": lambda: _("The recording is not here yet. Upload it again, or write a script instead."),
}
