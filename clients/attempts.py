"""Reading what was handed in."""

from django.db.models import QuerySet

from curriculum import answers
from curriculum.prepared import Asked, Question

from .models import Attempt, Submission


def locked_piece(rows: QuerySet[Submission], piece: int) -> Submission:
    """A piece, locked. One that went along to another cohort while its lock was waited for is there on a second look.

    The first look joins it to the enrolment it was of before, and so finds nothing.
    """
    return rows.filter(pk=piece).first() or rows.get(pk=piece)


def standing_attempts(submission: Submission) -> QuerySet[Attempt]:
    """The attempts that were not taken back, oldest first."""
    return submission.attempts.filter(taken_back__isnull=True).order_by("serial")


def latest_attempt(submission: Submission) -> Attempt | None:
    found: Attempt | None = asks_latest(submission.pk).first()
    if found is not None:
        found.submission = submission
    return found


def asks_latest(piece: int) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _latest.of(piece=piece)


@Question
def _latest(*, piece: int) -> QuerySet:
    return standing_attempts(Submission(pk=piece)).reverse()[:1]


def newest_of(submissions: list[Submission]) -> dict[int, Attempt]:
    """Submission → its latest attempt, in one query; what was never handed in is left out."""
    rows = Attempt.objects.filter(submission__in=submissions, taken_back__isnull=True).order_by("serial")
    return {row.submission_id: row for row in rows}


def before(attempt: Attempt) -> Attempt | None:
    """The attempt this one followed."""
    return standing_attempts(attempt.submission).filter(serial__lt=attempt.serial).last()


def beginning(submission: Submission) -> dict:
    """What an empty draft is offered to begin with: a choice made beforehand, or a text of an earlier piece.

    A field says so by `default` or by `offered_from: {exercise, field}`; nothing is saved before its client types.
    """
    asked = answers.fields_of(submission.exercise)
    found = {field.key: field.extra["default"] for field in asked if "default" in field.extra}
    for field in asked:
        if source := field.extra.get("offered_from"):
            found[field.key] = _written(submission, source["exercise"], source["field"])
    return {key: content for key, content in found.items() if content}


def _written(submission: Submission, exercise: str, field: str) -> str:
    """What the client wrote there last, handed in or not."""
    drafts = Submission.objects.filter(enrolment=submission.enrolment_id, exercise__key=exercise)
    draft = drafts.values_list("draft", flat=True).first() or {}
    return str(draft.get(field) or "")
