"""Reading what was handed in."""

from django.db.models import QuerySet

from .models import Attempt, Submission


def standing_attempts(submission: Submission) -> QuerySet[Attempt]:
    """The attempts that were not taken back, oldest first."""
    return submission.attempts.filter(taken_back__isnull=True).order_by("serial")


def latest_attempt(submission: Submission) -> Attempt | None:
    return standing_attempts(submission).last()


def before(attempt: Attempt) -> Attempt | None:
    """The attempt this one followed."""
    return standing_attempts(attempt.submission).filter(serial__lt=attempt.serial).last()
