"""Who coaches whom, and what of it somebody may see. Every list, count, board and feed starts here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from clients.models import Cohort, Enrolment, Submission, User
from clients.models.user import ADMINS, LEAD_COACHES

from .models import Assignment, Claim

PROMISE = timedelta(hours=72)  # from hand-in to feedback, as the programme promises
PAGE = 100


@dataclass(frozen=True)
class Roles:
    """What a person does here right now."""

    client: bool
    coach: bool
    admin: bool
    lead: bool


def roles_of(user: User) -> Roles:
    """One query; asked anew with every request, so a change counts at once."""
    enrolments = Enrolment.objects.filter(client=OuterRef("pk"))
    found = (
        User.objects.filter(pk=user.pk)
        .annotate(
            is_client=Exists(enrolments),
            is_coach=Exists(Assignment.objects.filter(coach=OuterRef("pk"), ended_at=None)),
            is_admin=Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=ADMINS)),
            is_lead=Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=LEAD_COACHES)),
        )
        .values_list("is_client", "is_coach", "is_admin", "is_lead")
        .first()
    )
    return Roles(*(found or (False, False, False, False)))


def is_admin(user: User) -> bool:
    return user.groups.filter(name=ADMINS).exists()


def admins() -> QuerySet[User]:
    return User.objects.filter(groups__name=ADMINS, is_active=True)


def coaches_of(cohort: Cohort) -> QuerySet[User]:
    return User.objects.filter(assignments__cohort=cohort, assignments__ended_at=None).order_by("name")


def coaches(user: User, cohort: Cohort) -> bool:
    """Whether the person coaches this cohort right now."""
    return Assignment.objects.filter(coach=user, cohort=cohort, ended_at=None).exists()


def coached_by(user: User) -> QuerySet[Cohort]:
    return Cohort.objects.filter(assignments__coach=user, assignments__ended_at=None)


def cohorts_visible_to(user: User) -> QuerySet[Cohort]:
    """Admins see every cohort, coaches theirs, clients the ones they are in."""
    if is_admin(user):
        return Cohort.objects.all()
    mine = Q(assignments__coach=user, assignments__ended_at=None) | Q(enrolments__client=user)
    return Cohort.objects.filter(mine).distinct()


def boards_visible_to(user: User) -> QuerySet[Cohort]:
    """Whose board somebody may open: admins every one (states and times only), coaches their own."""
    return Cohort.objects.all() if is_admin(user) else coached_by(user)


def reviewable_by(coach: User) -> QuerySet[Submission]:
    """What a coach may read: handed in at least once, in a cohort they coach, and not their own."""
    return Submission.objects.filter(
        enrolment__cohort__assignments__coach=coach,
        enrolment__cohort__assignments__ended_at=None,
        attempts_made__gte=1,
    ).exclude(enrolment__client=coach)


def submissions_visible_to(user: User) -> QuerySet[Submission]:
    """One's own pieces, and what one may read as a coach. Admins are not readers of coaching content."""
    ids = reviewable_by(user).values("pk")
    return Submission.objects.filter(Q(enrolment__client=user) | Q(pk__in=ids))


@dataclass(frozen=True)
class QueueRow:
    """One piece waiting for feedback."""

    submission: Submission
    client: str
    cohort: Cohort
    week: int
    title: str
    attempt: int
    handed_in_at: datetime
    promised_at: datetime
    claimed_by: str
    claimed_by_id: int | None
    claimed_at: datetime | None

    def left(self, at: datetime) -> timedelta:
        """Time left on the promise; negative once it is broken."""
        return self.promised_at - at


def waiting(coach: User) -> QuerySet[Submission]:
    """What waits for this coach or a colleague, the longest wait first."""
    return reviewable_by(coach).filter(
        state__in=[Submission.State.HANDED_IN, Submission.State.IN_REVIEW],
        enrolment__state=Enrolment.State.ACTIVE,
        enrolment__cohort__closed_at=None,
    )


def queue(coach: User, *, after: tuple[datetime, int] | None = None, limit: int = PAGE) -> list[QueueRow]:
    """A page of the queue by time left. `after` is the last row's (handed_in_at, submission id)."""
    claims = Claim.objects.filter(
        attempt__submission=OuterRef("pk"), attempt__handed_in_at=OuterRef("handed_in_at")
    )
    rows = (
        waiting(coach)
        .select_related("enrolment__client", "enrolment__cohort", "exercise__week")
        .annotate(
            claimed_by=Subquery(claims.values("coach__name")[:1]),
            claimed_by_id=Subquery(claims.values("coach_id")[:1]),
            claimed_at=Subquery(claims.values("claimed_at")[:1]),
        )
        .order_by("handed_in_at", "id")
    )
    if after:
        rows = rows.filter(Q(handed_in_at__gt=after[0]) | Q(handed_in_at=after[0], id__gt=after[1]))
    return [_row(submission) for submission in rows[:limit]]


def _row(submission: Submission) -> QueueRow:
    return QueueRow(
        submission=submission,
        client=str(submission.enrolment.client),
        cohort=submission.enrolment.cohort,
        week=submission.exercise.week.number,
        title=submission.exercise.title,
        attempt=submission.attempts_made,
        handed_in_at=submission.handed_in_at,
        promised_at=submission.handed_in_at + PROMISE,
        claimed_by=submission.claimed_by or "",
        claimed_by_id=submission.claimed_by_id,
        claimed_at=submission.claimed_at,
    )


def waiting_count(coach: User) -> int:
    return waiting(coach).count()


def next_for(coach: User, *, but: Submission) -> Submission | None:
    """The next piece that is nobody else's, the longest wait first."""
    theirs = Claim.objects.filter(
        attempt__submission=OuterRef("pk"), attempt__handed_in_at=OuterRef("handed_in_at")
    ).exclude(coach=coach)
    free = waiting(coach).exclude(pk=but.pk).filter(~Exists(theirs))
    return free.order_by(F("handed_in_at").asc(), "id").first()
