"""What feedback asks of the next attempt, and whether that attempt did it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Value

from clients.models import Attempt, Submission
from curriculum.prepared import Asked, Question

from .models import Ask, Feedback, Uptake

AT_MOST = 3
LONGEST = 500  # characters
ANSWERS = tuple(Uptake.Answer)


@dataclass(frozen=True)
class Told:
    """An ask as it is read; `answer` is empty until the next attempt was answered and that shows."""

    number: int
    text: str
    answer: str = ""


def put_to(attempt: Attempt) -> list[Ask]:
    """What the feedback on the attempt before asked of this one; read once as long as the row is held."""
    if attempt.number == 1:
        return []
    known: list[Ask] | None = vars(attempt).get("asked_read")
    if known is None:
        known = _before.all(piece=attempt.submission_id, number=attempt.number - 1)
        vars(attempt)["asked_read"] = known
    return known


def asks_put_to_next(submission: Submission) -> tuple[Asked, ...]:
    """The same of the attempt that stands last in a piece, whichever that is."""
    number = submission.attempts_made
    return (_before.of(piece=submission.pk, number=number - 1),) if number > 1 else ()


def asks_put_to(attempt: Attempt) -> tuple[Asked, ...]:
    """What that query is, for a page that asks more at once."""
    return (_before.of(piece=attempt.submission_id, number=attempt.number - 1),) if attempt.number > 1 else ()


@Question
def _before(*, piece: int, number: int) -> QuerySet:
    before = {"submission": piece, "number": Value(number), "taken_back": None}
    return Ask.objects.filter(**{f"feedback__attempt__{name}": wanted for name, wanted in before.items()})


def of(feedback: Feedback | None, *, at: datetime | None) -> list[Told]:
    """What a feedback asks. With `at` only what its client may see by then; a coach sees every answer."""
    if feedback is None:
        return []
    rows = Ask.objects.filter(feedback=feedback).values_list(
        "number", "text", "uptake__answer", "uptake__feedback__shown_from"
    )
    return [
        Told(number, text, answer if answer and (at is None or shown_from <= at) else "")
        for number, text, answer, shown_from in rows
    ]


def met_in(feedback: Feedback) -> list[Told]:
    """What this feedback says about the asks of the one before."""
    rows = Uptake.objects.filter(feedback=feedback).values_list("ask__number", "ask__text", "answer")
    return [Told(*row) for row in rows]
