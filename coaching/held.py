"""A piece as a review holds it: its row, locked, and the attempt that waits, read once while it is."""

from django.db.models import QuerySet

from clients.attempts import standing_attempts
from clients.models import Attempt, Submission, User
from curriculum.prepared import Asked, Question

from . import asks, bank, calibration, caseload


def locked(submission: Submission, by: User | None = None) -> Submission:
    """The row, with what is to be known of it and, for a coach who takes it, whether they have to calibrate first."""
    found = _found(submission, by) or _found(submission, by)  # again: see `attempts.locked_piece`
    if found is None:
        raise Submission.DoesNotExist
    vars(found)["is_locked"] = True
    return found


def _found(submission: Submission, by: User | None) -> Submission | None:
    return _row.first(piece=submission.pk) if by is None else _row_for.first(piece=submission.pk, coach=by.pk)


@Question
def _row(*, piece: int) -> QuerySet:
    rows = Submission.objects.select_for_update(of=("self",)).filter(pk=piece)
    return rows.select_related("enrolment__cohort", "enrolment__client", "exercise__week").defer("draft", "meant")


@Question
def _row_for(*, piece: int, coach: int) -> QuerySet:
    return calibration.looked_up(_row.ask(piece=piece), User(pk=coach))


def standing(submission: Submission) -> Attempt | None:
    """The attempt that waits, with who has it. Of a piece that is locked it is read once: nobody else changes it."""
    known = vars(submission)
    if "standing_read" in known:
        attempt: Attempt | None = known["standing_read"]
        return attempt
    found: Attempt | None = asks_standing(submission).first()
    if found is not None:
        found.submission = submission
    if known.get("is_locked"):
        known["standing_read"] = found
    return found


def asks_standing(submission: Submission) -> Asked:
    """What that query is, for whoever asks more at once."""
    return _last.of(piece=submission.pk)


def asks_of(submission: Submission, by: User) -> tuple[Asked, ...]:
    """What is to be known of a piece that is locked, and of whoever answers it, before anything is written."""
    coached = caseload.asks_coaches(by, submission.enrolment.cohort)
    return coached, asks_standing(submission), bank.asks_lines(by), *asks.asks_put_to_next(submission)


@Question
def _last(*, piece: int) -> QuerySet:
    rows = standing_attempts(Submission(pk=piece)).select_related("claim__coach", "rubric")
    return rows.reverse()[:1]
