"""Reading feedback: what a client may see of it, what a rubric asks, how a piece stands in review."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet, Value

from clients.models import Attempt, Enrolment, Submission, User
from curriculum import editions, successors
from curriculum.models import Criterion, Level
from curriculum.prepared import Asked, Question

from .models import Feedback, FeedbackDraft, Mark

ANOTHER_BELOW = 2.3  # a mean under which another attempt is suggested
LATELY = 12  # pieces somebody is offered to take back
LEVEL_OF_FIT = {1: 1, 2: 2, 3: 3, 4: 3, 5: 4}  # "how much does it sound like you?" as a level of a rubric


@dataclass(frozen=True)
class MarkedCriterion:
    """A criterion with all its anchors, the level given, and the one given to the attempt before."""

    criterion: Criterion
    anchors: tuple[Level, ...]
    level: int | None
    before: int | None

    @property
    def is_own(self) -> bool:
        """Whether the level is the client's own rating, which a coach can ask about and not change."""
        return is_own(self.criterion)

    @property
    def anchor(self) -> str:
        return next((a.anchor for a in self.anchors if a.rank == self.level), "")

    @property
    def next_anchor(self) -> str:
        """What the next level looks like; empty at the top."""
        return next((a.anchor for a in self.anchors if self.level and a.rank == self.level + 1), "")


def shown_to(client: User, *, at: datetime) -> QuerySet[Feedback]:
    """A client's feedback, from the second on which it shows."""
    return (
        Feedback.objects.filter(attempt__submission__enrolment__client=client, shown_from__lte=at)
        .select_related("coach", "talk", "attempt__submission__exercise__week")
        .order_by("-sent_at")
    )


def unread_count(client: User, *, at: datetime) -> int:
    return len(_unread.all(client=client.pk, at=at))


@Question
def _unread(*, client: int, at: datetime) -> QuerySet:
    return shown_to(User(pk=client), at=at).filter(read_at=None).order_by().values_list("pk")


def of_attempt(attempt: Attempt) -> Feedback | None:
    return Feedback.objects.filter(attempt=attempt).select_related("coach", "talk").first()


def last_shown(submission: Submission, *, at: datetime) -> Feedback | None:
    """The newest feedback on a piece that its client may see."""
    found = Feedback.objects.filter(attempt__submission=submission, shown_from__lte=at)
    return found.select_related("coach", "attempt", "talk").order_by("-attempt__serial").first()


def criteria_of(attempt: Attempt) -> list[Criterion]:
    """What is marked on this attempt, with anchors.

    Left out are criteria for other kinds of documents, and one that is the client's own where they said nothing.
    """
    if attempt.rubric_id is None:
        return []
    return [criterion for criterion in editions.criteria_of(attempt.rubric_id) if _is_asked(criterion, attempt)]


def _is_asked(criterion: Criterion, attempt: Attempt) -> bool:
    only_for = criterion.settings.get("only_for")
    if only_for and attempt.answer.get("doc_type") not in only_for:
        return False
    return not is_own(criterion) or _level_of_fit(attempt) is not None


def is_own(criterion: Criterion) -> bool:
    """Whether its level is what the client said themselves."""
    return criterion.settings.get("source") == "client"


def own_levels(attempt: Attempt, criteria: list[Criterion]) -> dict[int, int]:
    """Criterion id → level, of those that are the client's own: from the answer's `fit`."""
    level = _level_of_fit(attempt)
    return {criterion.pk: level for criterion in criteria if is_own(criterion) and level is not None}


def _level_of_fit(attempt: Attempt) -> int | None:
    return LEVEL_OF_FIT.get(attempt.answer.get("fit"))


def marked(attempt: Attempt, levels: dict[int, int], *, before: dict[int, int]) -> list[MarkedCriterion]:
    return [
        MarkedCriterion(criterion, tuple(criterion.levels.all()), levels.get(criterion.pk), before.get(criterion.pk))
        for criterion in criteria_of(attempt)
    ]


def as_of(now: Attempt, before: Attempt, levels: dict[int, int]) -> dict[int, int]:
    """The levels of an attempt by the criteria of a later one: by their keys, where the cohort has gone over to another
    edition in between. Where other anchors measure now, none compares."""
    if now.rubric_id == before.rubric_id or not levels:
        return levels
    if (
        now.rubric_id is None
        or before.rubric_id is None
        or not successors.measure_alike(before.rubric_id, now.rubric_id)
    ):
        return {}
    here = {criterion.key: criterion.pk for criterion in editions.criteria_of(now.rubric_id)}
    keys = {criterion.pk: criterion.key for criterion in editions.criteria_of(before.rubric_id)}
    return {here[keys[pk]]: level for pk, level in levels.items()}


def levels_of(feedback: Feedback | None) -> dict[int, int]:
    """Criterion id → level given."""
    if feedback is None:
        return {}
    return dict(Mark.objects.filter(feedback=feedback).values_list("criterion_id", "level"))


def levels_by_key(enrolment: Enrolment, key: str, *, at: datetime) -> dict[int, int]:
    """Submission → the level of this criterion in the newest feedback its client may see."""
    marks = Mark.objects.filter(
        criterion__key=key, feedback__attempt__submission__enrolment=enrolment, feedback__shown_from__lte=at
    ).order_by("feedback__attempt__serial")
    return dict(marks.values_list("feedback__attempt__submission_id", "level"))


def draft_of(attempt: Attempt, coach: User) -> FeedbackDraft | None:
    """The coach's own draft. Nobody else's is ever read."""
    return FeedbackDraft.objects.filter(attempt=attempt, coach=coach).first()


def kept_draft(attempt: Attempt, coach: User, *, locked: bool = False) -> FeedbackDraft | None:
    """The coach's draft on this attempt or, where they have none, on one the client took back for it."""
    found: FeedbackDraft | None = asks_kept(attempt, coach, locked=locked).first()
    return found


def asks_kept(attempt: Attempt, coach: User, *, locked: bool = False) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _kept.of(locked, attempt=attempt.pk, piece=attempt.submission_id, number=attempt.number, coach=coach.pk)


@Question
def _kept(locked: bool, *, attempt: int, piece: int, number: int, coach: int) -> QuerySet:
    about = Q(attempt=attempt) | Q(
        attempt__submission=piece, attempt__number=Value(number), attempt__taken_back__isnull=False
    )
    rows = FeedbackDraft.objects.select_for_update(of=("self",)) if locked else FeedbackDraft.objects.all()
    return rows.filter(about, coach=coach).order_by("-attempt__serial")[:1]


def left_draft(submission: Submission, coach: User) -> FeedbackDraft | None:
    """The last thing a coach wrote on a piece, whatever became of the attempt."""
    found = FeedbackDraft.objects.filter(attempt__submission=submission, coach=coach)
    return found.order_by("-attempt__serial").first()


def levels_by_attempt(attempts: list[Attempt]) -> dict[int, dict[int, int]]:
    """Attempt id → criterion id → level given, for several attempts in one query, for none without."""
    found: dict[int, dict[int, int]] = {attempt.pk: {} for attempt in attempts}
    for attempt, criterion, level in _levels.all(attempts=list(found)) if found else ():
        found[attempt][criterion] = level
    return found


def asks_levels(attempts: list[Attempt]) -> tuple[Asked, ...]:
    """What that query is, for a page that asks more at once."""
    return (_levels.of(attempts=[attempt.pk for attempt in attempts]),) if attempts else ()


@Question
def _levels(*, attempts: list[int]) -> QuerySet:
    rows = Mark.objects.filter(feedback__attempt__in=attempts)
    return rows.values_list("feedback__attempt_id", "criterion_id", "level")


def sent(coach: User, number: int) -> Feedback | None:
    """One feedback of a coach's own, by its number."""
    found: Feedback | None = asks_sent(coach, number).first()
    return found


def asks_sent(coach: User, number: int) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _one.of(coach=coach.pk, number=number)


@Question
def _one(*, coach: int, number: int) -> QuerySet:
    rows = Feedback.objects.filter(pk=number, coach=coach).order_by()
    whose = rows.select_related("attempt__submission__enrolment__client")
    return whose.defer("attempt__answer", "attempt__first_read", "attempt__submission__draft")


class Sent(NamedTuple):
    """A piece that was answered, and whose it is."""

    piece: int
    client: str


def lately_sent(coach: User, *, since: datetime) -> list[Sent]:
    """What a coach sent after an instant, the newest first, a page's worth: it can still be taken back."""
    return [Sent(*row) for row in asks_lately(coach, since=since).all()]


def asks_lately(coach: User, *, since: datetime) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _lately.of(coach=coach.pk, since=since)


@Question
def _lately(*, coach: int, since: datetime) -> QuerySet:
    rows = Feedback.objects.filter(coach=coach, sent_at__gt=since).order_by("-sent_at", "-pk")
    return rows.values_list("attempt__submission_id", "attempt__submission__enrolment__client__name")[:LATELY]


def mean(levels: dict[int, int]) -> float | None:
    """The mean level, to one decimal place, for seeing growth; never a pass mark."""
    return round(sum(levels.values()) / len(levels), 1) if levels else None


def suggests_another(criteria: list[Criterion], levels: dict[int, int]) -> bool:
    """Another attempt is suggested when an essential criterion is at 1 or the mean is low."""
    essential = any(levels.get(criterion.pk) == 1 for criterion in criteria if criterion.essential)
    return essential or (bool(levels) and sum(levels.values()) / len(levels) < ANOTHER_BELOW)
