"""Pieces of homework as a person may see them: their own, and what their clients have handed in.

Lists, filters and single pieces start from the same visible rows, so no filter tells more than the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from clients import cases, deadlines, progress
from clients.attempts import standing_attempts
from clients.models import Attempt, Submission, User
from clients.progress import LOCKED, Standing
from curriculum import answers
from curriculum.prepared import Question

from . import caseload, promises, walkers
from .models import Feedback
from .promises import Promise

State = Submission.State


@dataclass(frozen=True)
class InFull(Standing):
    """A piece with what is asked and what was handed in. `draft` is None for anybody but its writer."""

    brief: str
    fields_asked: list[dict[str, Any]]
    draft: Submission | None
    attempts: tuple[Attempt, ...]
    promise: Promise | None


def visible_to(person: User, *, at: datetime) -> QuerySet[Submission]:
    """With everything `progress.standing` reads, in a fixed number of queries."""
    return (
        caseload.submissions_visible_to(person, at=at)
        .select_related("enrolment__client", "enrolment__cohort__edition", "exercise__week", "exercise__rubric")
        .prefetch_related(*deadlines.named_from("enrolment"))
    )


def page(
    person: User,
    *,
    at: datetime,
    state: str | None = None,
    cohort: int | None = None,
    after: int = 0,
) -> list[Standing]:
    """The pieces behind the one numbered `after`, in the order they were made."""
    narrowed = {} if cohort is None else {"cohort": cohort}
    found = _page.all(caseload.PAGE, state or "", bool(narrowed), person=person.pk, at=at, after=after, **narrowed)
    enrolments = {piece.enrolment_id: piece.enrolment for piece in found}
    walkers.read_dates(enrolments.values())
    for piece in found:
        piece.enrolment = enrolments[piece.enrolment_id]
    return [standing(piece, person, at=at) for piece in found]


@Question
def _page(
    limit: int, state: str, is_narrowed: bool, *, person: int, at: datetime, after: int, **narrowed: int
) -> QuerySet[Submission]:
    """A page of what is visible, without its texts."""
    reader = User(pk=person)
    rows = caseload.submissions_visible_to(reader, at=at).filter(pk__gt=after)
    if is_narrowed:
        rows = rows.filter(enrolment__cohort=narrowed["cohort"])
    if state:
        rows = _in_state(rows, state, reader, at)
    rows = rows.select_related("enrolment__client", "enrolment__cohort", "exercise__week")
    return rows.order_by("pk").only(*LISTED)[:limit]


LISTED = (
    *("state", "attempts_made", "draft_saved_at", "handed_in_at", "shown_from"),
    *(f"exercise__{name}" for name in ("key", "title", "kind", "role", "required", "minutes", "week__number")),
    *(f"enrolment__{name}" for name in ("state", "seen_at", "joined_at", "client__name", "client__email")),
    *(f"enrolment__{name}" for name in ("client__zone", "cohort__starts_on", "cohort__zone")),
)


def _in_state(rows: QuerySet[Submission], state: str, person: User, at: datetime) -> QuerySet[Submission]:
    """By the state the person may see: a review that was just sent is still in review to its client."""
    unseen = Q(state__in=[State.RETURNED, State.ACCEPTED], shown_from__gt=at, enrolment__client=person)
    rows = rows.annotate(seen=Case(When(unseen, then=Value(State.IN_REVIEW)), default=F("state"))).filter(seen=state)
    return rows.filter(draft_saved_at__isnull=False) if state == State.DRAFT else rows


def standing(submission: Submission, person: User, *, at: datetime) -> Standing:
    return progress.standing(submission, at=at, coach=not is_own(submission, person))


def in_full(submission: Submission, person: User, *, at: datetime) -> InFull:
    """What is asked is empty until the week opens."""
    now = standing(submission, person, at=at)
    shown = now.state != LOCKED
    return InFull(
        **vars(now),
        brief=now.exercise.brief if shown else "",
        fields_asked=now.exercise.fields if shown else [],
        draft=submission if is_own(submission, person) else None,
        attempts=tuple(_as_seen(submission, person)),
        promise=_promise(submission, at),
    )


def _promise(submission: Submission, at: datetime) -> Promise | None:
    """By when its feedback is promised; None while nothing waits."""
    if submission.state not in (State.HANDED_IN, State.IN_REVIEW) or submission.handed_in_at is None:
        return None
    return promises.of(submission.handed_in_at, promises.stops_for(submission.enrolment), at=at)


def _as_seen(submission: Submission, person: User) -> Iterator[Attempt]:
    """What was handed in; what a client keeps to themselves is in it for them alone."""
    for attempt in standing_attempts(submission):
        if not is_own(submission, person):
            attempt.answer = answers.for_others(submission.exercise, attempt.answer)
        yield attempt


def is_own(submission: Submission, person: User) -> bool:
    return submission.enrolment.client_id == person.pk


def feedback_on(submission: Submission, person: User, *, at: datetime, number: int | None = None) -> Feedback | None:
    """The newest feedback on the piece, or the one on attempt `number`; a client's own once it shows."""
    found = Feedback.objects.filter(attempt__submission=submission)
    if is_own(submission, person):
        found = found.filter(shown_from__lte=at)
    if number is not None:
        found = found.filter(attempt__number=number)
    return found.select_related("coach", "attempt", "talk").order_by("-attempt__serial").first()


def case_of(submission: Submission, person: User, *, number: int | None = None) -> cases.Case | None:
    """The promotion case of a piece this person may see: attempt `number`, else the last one that stands.

    Its own writer sees the draft while it is one; nobody else ever does.
    """
    if not cases.is_case(submission.exercise):
        return None
    if number is None and is_own(submission, person) and submission.state == State.DRAFT:
        return cases.of_draft(submission)
    standing = standing_attempts(submission).select_related("submission__exercise", "submission__enrolment__client")
    found = standing.filter(number=number).first() if number is not None else standing.last()
    return cases.of_attempt(found) if found else None
