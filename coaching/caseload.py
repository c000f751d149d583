"""Who coaches whom, and what of it somebody may see. Every list, count, board and feed starts here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from clients.deadlines import OF_A_COHORT
from clients.models import Attempt, Cohort, Enrolment, Extension, Submission, User
from clients.models.user import ADMINS, LEAD_COACHES
from curriculum import moments
from curriculum.prepared import Asked, Question

from . import unchanged
from .models import Assignment, Claim, Feedback, FeedbackDraft, Sponsorship, Substitution
from .queued import PIECE, QueueRow, rows_of

PAGE = 100
NARROWS = {"cohort": "enrolment__cohort__slug", "kind": "exercise__kind"}  # what the queue can be narrowed to
WAITS = (Submission.State.HANDED_IN, Submission.State.IN_REVIEW)
COUNTED = 100  # from here on the exact number of what waits helps nobody, and costs more the more waits
DOES = ("is_client", "has_cohort", "stands_in", "is_admin", "is_lead", "is_sponsor")


@dataclass(frozen=True)
class Roles:
    """What a person does here right now. `has_cohort`: they coach one themselves, and do not only stand in."""

    client: bool
    coach: bool
    admin: bool
    lead: bool
    has_cohort: bool = False
    sponsor: bool = False


def roles_of(user: User, *, at: datetime) -> Roles:
    """One query; asked anew with every request, so a change counts at once. Whoever stands in for a coach is one."""
    return roles_in(_roles.first(user=user.pk, at=at))


def doing(user: int, *, at: datetime, **columns: Any) -> QuerySet:
    """One row of what a person does, with more columns about them, for a frame that is on every page."""
    return (
        User.objects.filter(pk=user)
        .annotate(
            is_client=Exists(Enrolment.objects.filter(client=OuterRef("pk"))),
            has_cohort=Exists(Assignment.objects.filter(coach=OuterRef("pk"), ended_at=None)),
            stands_in=Exists(Substitution.objects.at(at).filter(substitute=OuterRef("pk"))),
            is_admin=Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=ADMINS)),
            is_lead=Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=LEAD_COACHES)),
            is_sponsor=Exists(Sponsorship.objects.of_person(OuterRef("pk"))),
            **columns,
        )
        .values(*DOES, *columns)
        .order_by()
    )


def roles_in(found: dict[str, Any] | None) -> Roles:
    """What such a row says."""
    client, has_cohort, stands_in, admin, lead, sponsor = ((found or {}).get(name, False) for name in DOES)
    return Roles(client, has_cohort or stands_in, admin, lead, has_cohort, sponsor)


_roles = Question(doing)


@unchanged.looked_up_once
def is_admin(user: User) -> bool:
    return user.groups.filter(name=ADMINS).exists()


def admins() -> QuerySet[User]:
    return User.objects.filter(groups__name=ADMINS, is_active=True)


def coaches_of(cohort: Cohort) -> QuerySet[User]:
    return User.objects.filter(assignments__cohort=cohort, assignments__ended_at=None).order_by("name")


def team_of(cohort: Cohort) -> list[User]:
    """The same as a list, known already where it was read for many cohorts together."""
    known: list[User] | None = vars(cohort).get("team_read")
    return list(coaches_of(cohort)) if known is None else known


def read_teams(cohorts: Iterable[Cohort]) -> None:
    """Read who coaches these cohorts, for who asks about each of them next; known as long as the rows are held."""
    fresh = {cohort.pk: cohort for cohort in cohorts if "team_read" not in vars(cohort)}
    for cohort in fresh.values():
        vars(cohort)["team_read"] = []
    rows = Assignment.objects.filter(cohort__in=fresh, ended_at=None) if fresh else Assignment.objects.none()
    for row in rows.select_related("coach").order_by("coach__name"):
        vars(fresh[row.cohort_id])["team_read"].append(row.coach)


@unchanged.looked_up_once
def coaches(user: User, cohort: Cohort) -> bool:
    """Whether the person coaches this cohort right now."""
    known: list[User] | None = vars(cohort).get("team_read")
    if known is not None:
        return user in known
    return bool(asks_coaches(user, cohort).all())


def asks_coaches(user: User, cohort: Cohort) -> Asked:
    """What that query is, for whoever asks more at once."""
    return _coaches.of(coach=user.pk, cohort=cohort.pk)


@Question
def _coaches(*, coach: int, cohort: int) -> QuerySet:
    return Assignment.objects.filter(coach=coach, cohort=cohort, ended_at=None).order_by().values_list("pk")[:1]


def stands_in(user: User, cohort: Cohort, *, at: datetime) -> bool:
    """Whether the person reads there for a coach who is away, at this instant."""
    return Substitution.objects.at(at).filter(substitute=user, cohort=cohort).exists()


def reads(user: User, cohort: Cohort, *, at: datetime) -> bool:
    """Whether the person answers what is handed in there: as its coach, or for one who is away."""
    return coaches(user, cohort) or stands_in(user, cohort, at=at)


def readers_of(cohort: Cohort, *, at: datetime) -> QuerySet[User]:
    """Its coaches, and who stands in for one."""
    windows = Substitution.objects.at(at).filter(cohort=cohort, substitute=OuterRef("pk"))
    assigned = Assignment.objects.filter(cohort=cohort, ended_at=None, coach=OuterRef("pk"))
    return User.objects.filter(Exists(assigned) | Exists(windows)).order_by("name", "pk")


def kept_by(coach: User, *, at: datetime) -> QuerySet:
    """The pieces, by number, that stay with a coach though their client walks with another cohort by now: those they
    had in hand when the client went on, until another attempt is handed in or somebody else takes them."""
    last = Q(attempt__number=F("attempt__submission__attempts_made"), attempt__taken_back=None)
    kept = Claim.objects.filter(last, coach=coach, taken_in__isnull=False, taken_in__in=desks_of(coach, at=at))
    return kept.order_by().values("attempt__submission")


def answers(user: User, submission: Submission, *, at: datetime) -> bool:
    """Whether the person answers this piece: in a cohort they read in, or because it stays with them."""
    here = reads(user, submission.enrolment.cohort, at=at)
    return here or kept_by(user, at=at).filter(attempt__submission=submission.pk).exists()


def desks_of(user: User, *, at: datetime) -> QuerySet:
    """The cohorts, by number, whose open pieces this person answers."""
    assigned = Assignment.objects.filter(coach=user, ended_at=None).order_by().values("cohort_id")
    return assigned.union(Substitution.objects.at(at).filter(substitute=user).order_by().values("cohort_id"))


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


def reviewable_by(coach: User, *, at: datetime) -> QuerySet[Submission]:
    """What a coach may read: handed in at least once, in a cohort they coach, and not their own.

    Whoever stands in for a coach reads what is open, and what they have answered themselves.
    """
    mine = _where_they_coach(coach) | _where_they_stand_in(coach, at) | _what_they_keep(coach, at)
    return Submission.objects.filter(mine, attempts_made__gte=1).exclude(enrolment__client=coach)


def _where_they_coach(coach: User) -> Q:
    return Q(enrolment__cohort__in=Assignment.objects.filter(coach=coach, ended_at=None).values("cohort"))


def _where_they_stand_in(coach: User, at: datetime) -> Q:
    windows = Substitution.objects.at(at).filter(substitute=coach)
    answered = Feedback.objects.filter(attempt__submission=OuterRef("pk"), coach=coach)
    return Q(enrolment__cohort__in=windows.values("cohort")) & (Q(state__in=WAITS) | Q(Exists(answered)))


def _what_they_keep(coach: User, at: datetime) -> Q:
    return Q(pk__in=kept_by(coach, at=at))


def looked_after_by(user: User) -> QuerySet[Enrolment]:
    """Whose dates somebody may change: a coach those of their clients, an admin everybody's; nobody their own."""
    here = Enrolment.objects.exclude(client=user)
    return here if is_admin(user) else here.filter(cohort__in=coached_by(user).values("pk"))


def asked_of(coach: User, *, at: datetime) -> QuerySet[Extension]:
    """Questions for more time that wait for this coach or a colleague, the oldest first."""
    return asked_by_clients_of(coach, at=at).filter(
        state=Extension.State.ASKED, enrolment__state=Enrolment.State.ACTIVE, enrolment__cohort__closed_at=None
    )


def asked_by_clients_of(coach: User, *, at: datetime) -> QuerySet[Extension]:
    """What the coach's clients have asked for, answered or not; whoever stands in answers as well."""
    theirs = Extension.objects.filter(enrolment__cohort__in=desks_of(coach, at=at), by_itself=None)
    rows = theirs.exclude(enrolment__client=coach)
    return rows.select_related("enrolment__client", "enrolment__cohort", "exercise__week").order_by("asked_at", "pk")


def handed_to(coach: User, *, at: datetime) -> QuerySet[Submission]:
    """What a coach was given at least once, taken back since or not: a piece on their desk does not vanish.

    For whoever stands in that is what they had begun to answer.
    """
    begun = FeedbackDraft.objects.filter(attempt__submission=OuterRef("pk"), coach=coach)
    back = Q(state=Submission.State.DRAFT, enrolment__cohort__in=desks_of(coach, at=at)) & Q(Exists(begun))
    mine = _where_they_coach(coach) | _where_they_stand_in(coach, at) | _what_they_keep(coach, at) | back
    given = Exists(Attempt.objects.filter(submission=OuterRef("pk")))
    rows = Submission.objects.filter(mine, given).exclude(enrolment__client=coach)
    # Whoever coaches the client has the rest of their file too; whoever stands in has the piece alone.
    assigned = Assignment.objects.filter(coach=coach, ended_at=None, cohort=OuterRef("enrolment__cohort"))
    return rows.annotate(is_coached=Exists(assigned))


def submissions_visible_to(user: User, *, at: datetime) -> QuerySet[Submission]:
    """One's own pieces, and what one may read as a coach. Admins are not readers of coaching content."""
    theirs = _where_they_coach(user) | _where_they_stand_in(user, at) | _what_they_keep(user, at)
    return Submission.objects.filter(Q(enrolment__client=user) | Q(attempts_made__gte=1) & theirs)


def waiting(coach: User, *, at: datetime) -> QuerySet[Submission]:
    """What waits for this coach or a colleague, and what stays with them alone, in no order."""
    here = Q(
        enrolment__cohort__in=desks_of(coach, at=at),
        enrolment__state=Enrolment.State.ACTIVE,
        enrolment__cohort__closed_at=None,
    )
    rows = Submission.objects.filter(here | _what_they_keep(coach, at), attempts_made__gte=1, state__in=WAITS)
    return rows.exclude(enrolment__client=coach)


def waiting_now(coach: User, *, at: datetime) -> QuerySet[Submission]:
    """What waits where the cohort goes on: nobody is pressed while it stands still."""
    return waiting(coach, at=at).exclude(enrolment__cohort__in=standing_still())


def asked_now(coach: User, *, at: datetime) -> QuerySet[Extension]:
    """Questions for more time that wait where the cohort goes on."""
    return asked_of(coach, at=at).exclude(enrolment__cohort__in=standing_still())


def standing_still() -> QuerySet[Cohort]:
    return Cohort.objects.filter(pauses__isnull=False, pauses__ended_at=None)


def queue(
    coach: User,
    *,
    at: datetime,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
    only: Mapping[str, str] | None = None,
) -> list[QueueRow]:
    """A page of the queue, the oldest hand-in first, in two queries.

    `after` is the `place` of the row before it. `only` is the cohort (as in addresses), the kind of exercise, or both.
    """
    return rows_of(asks_queue(coach, at=at, after=after, limit=limit, only=only).all(), at=at)


def asks_queue(
    coach: User,
    *,
    at: datetime,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
    only: Mapping[str, str] | None = None,
) -> Asked:
    """The pieces of such a page, for one that asks more at once."""
    asked: dict[str, Any] = {"coach": coach.pk, "at": at, **(only or {})}
    if after:
        asked |= {"since": after[0], "number": after[1]}
    return (_later_page if after else _first_page).of(limit, *sorted(only or ()), **asked)


@Question
def _first_page(limit: int, *_only: str, coach: int, at: datetime, **only: str) -> QuerySet:
    return _page(User(pk=coach), at, only)[:limit]


@Question
def _later_page(
    limit: int, *_only: str, coach: int, at: datetime, since: datetime, number: int, **only: str
) -> QuerySet:
    # The first condition alone would do; it is the one an index can start from.
    rows = _page(User(pk=coach), at, only)
    return rows.filter(Q(handed_in_at__gte=since), Q(handed_in_at__gt=since) | Q(pk__gt=number))[:limit]


def _page(coach: User, at: datetime, only: Mapping[str, str]) -> QuerySet:
    rows = waiting(coach, at=at).filter(**{NARROWS[name]: value for name, value in only.items()})
    return rows.order_by("handed_in_at", "pk").annotate(held=_held()).values_list(*PIECE, "held")


def _held() -> Subquery:
    """Of the attempt that stands last: whether it is late, who has it, since when.

    One value, so that it is looked up for the rows of the page and for nothing behind it.
    """
    standing = Attempt.objects.filter(submission=OuterRef("pk"), number=OuterRef("attempts_made"), taken_back=None)
    held = JSONObject(is_late="is_late", coach="claim__coach_id", name="claim__coach__name", since="claim__claimed_at")
    return Subquery(standing.order_by().values(held=held)[:1])


def waiting_count(coach: User, *, at: datetime) -> int:
    """How many pieces wait; COUNTED stands for that many or more."""
    return len(asks_waiting(coach, at=at).all())


def asks_waiting(coach: User, *, at: datetime) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _some_waiting.of(coach=coach.pk, at=at)


@Question
def _some_waiting(*, coach: int, at: datetime) -> QuerySet:
    return waiting(User(pk=coach), at=at).order_by().values_list("pk")[:COUNTED]


def next_due_at(coach: User, *, at: datetime) -> datetime | None:
    """When the next week of a coach's cohorts is due, by the cohorts' own clocks."""
    cohorts = coached_by(coach).filter(closed_at=None).prefetch_related(*OF_A_COHORT, "edition__weeks")
    dues = (
        moments.due_at(cohort.calendar(), week.number, (moments.ZoneFrom(None, cohort.zone),), at=at)
        for cohort in cohorts
        for week in cohort.edition.weeks.all()
    )
    return min((due for due in dues if due > at), default=None)


def next_for(coach: User, *, but: Submission, at: datetime) -> Submission | None:
    """The next piece that is nobody else's, the longest wait first. Nothing of its text is loaded."""
    return _next.first(coach=coach.pk, but=but.pk, at=at)


@Question
def _next(*, coach: int, but: int, at: datetime) -> QuerySet:
    theirs = Claim.objects.filter(attempt__submission=OuterRef("pk"), attempt__number=OuterRef("attempts_made"))
    free = waiting(User(pk=coach), at=at).exclude(pk=but).filter(~Exists(theirs.exclude(coach=coach)))
    return free.order_by("handed_in_at", "pk").defer("draft", "meant")[:1]
