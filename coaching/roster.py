"""Reading cohorts as an admin sets them up: how far each has come, who is in it and who was asked.

States and times only; nothing here knows a text or a level.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clients import agreements
from clients.deadlines import OF_A_COHORT
from clients.models import Cohort, Enrolment, Invitation, User
from clients.models.user import ADMINS
from curriculum import moments

from . import caseload
from .models import Assignment, Substitution

BEFORE, OVER = -1, 10  # weeks run from 0 to 9


@dataclass(frozen=True)
class CohortRow:
    """One cohort in the list, with how many of what."""

    cohort: Cohort
    week: int
    people: int
    coaches: int
    invitations: int
    paused_since: datetime | None


@dataclass(frozen=True)
class PersonRow:
    """One client, or one who was asked: waiting, invited, expired, active, withdrawn or completed.

    `agreement` says where they stand with it, as `agreements` names that.
    """

    name: str
    email: str
    zone: str
    state: str
    since: datetime
    seen_at: datetime | None = None
    enrolment: Enrolment | None = None
    invitation: Invitation | None = None
    agreement: str = ""


def cohorts_set_up_by(user: User) -> QuerySet[Cohort]:
    """The cohorts a person may set up: every one for an admin, none for anybody else."""
    if not caseload.is_admin(user):
        return Cohort.objects.none()
    return Cohort.objects.select_related("edition").prefetch_related(*OF_A_COHORT)


def rows(user: User, *, at: datetime) -> list[CohortRow]:
    """The list of cohorts, the latest start first, in a fixed number of queries."""
    found = cohorts_set_up_by(user).annotate(
        people=_count(Enrolment.objects.active()),
        coach_count=_count(Assignment.objects.filter(ended_at=None)),
        open_invitations=_count(open_invitations(at)),
    )
    return [
        CohortRow(
            cohort=cohort,
            week=week_of(cohort, at=at),
            people=cohort.people,
            coaches=cohort.coach_count,
            invitations=cohort.open_invitations,
            paused_since=paused_since(cohort),
        )
        for cohort in found.order_by("-starts_on", "name")
    ]


def reached_in(cohorts: QuerySet[Cohort], *, at: datetime) -> QuerySet[User]:
    """Everybody these cohorts write to: their clients, their coaches and who stands in for one, and admins."""
    walking = Enrolment.objects.active().filter(cohort__in=cohorts, client=OuterRef("pk"))
    coaching = Assignment.objects.filter(cohort__in=cohorts, ended_at=None, coach=OuterRef("pk"))
    windows = Substitution.objects.not_over(at).filter(cohort__in=cohorts, substitute=OuterRef("pk"))
    found = Q(Exists(walking)) | Q(Exists(coaching)) | Q(Exists(windows)) | Q(groups__name=ADMINS)
    return User.objects.filter(found).distinct().order_by("name", "pk")


def _count(rows_: QuerySet) -> Coalesce:
    counted = rows_.filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def week_of(cohort: Cohort, *, at: datetime) -> int:
    """The number of the last week that is open; BEFORE the first, OVER after the last."""
    calendar = cohort.calendar()
    return max((week for week in range(OVER + 1) if moments.opens_at(calendar, week, at=at) <= at), default=BEFORE)


def starts_on(cohort: Cohort, *, at: datetime) -> date:
    """The day week 1 opens, as things stand."""
    return moments.to_wall(moments.opens_at(cohort.calendar(), 1, at=at), cohort.zone).date()


def paused_since(cohort: Cohort) -> datetime | None:
    return next((pause.began_at for pause in cohort.pauses.all() if pause.ended_at is None), None)


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, is_waiting=False, expires_at__gt=at)


def people(cohort: Cohort, *, at: datetime) -> list[PersonRow]:
    """Clients first, then who was asked and has not come; two queries."""
    enrolments = Enrolment.objects.filter(cohort=cohort).select_related("client").order_by("client__name", "pk")
    here = [
        PersonRow(
            name=str(row.client),
            email=row.client.email,
            zone=row.client.zone,
            state=row.state,
            since=row.left_at or row.joined_at,
            seen_at=row.seen_at,
            enrolment=row,
            agreement=agreements.state_of(row, cohort),
        )
        for row in enrolments
    ]
    return here + _asked(cohort, (Invitation.Role.CLIENT,), at)


def asked_besides(cohort: Cohort, *, at: datetime) -> tuple[list[PersonRow], list[PersonRow]]:
    """Invitations to coach this cohort, and to sponsor it, that nobody has used yet. One query."""
    coach, sponsor = Invitation.Role.COACH, Invitation.Role.SPONSOR
    rows = _asked(cohort, (coach, sponsor), at)
    return [row for row in rows if row.invitation.role == coach], [
        row for row in rows if row.invitation.role == sponsor
    ]


def _asked(cohort: Cohort, roles: tuple[str, ...], at: datetime) -> list[PersonRow]:
    unused = Invitation.objects.filter(cohort=cohort, role__in=roles, accepted_at=None, revoked_at=None)
    return [
        PersonRow(
            name=row.name or row.email,
            email=row.email,
            zone="",
            state="waiting" if row.is_waiting else "invited" if row.expires_at > at else "expired",
            since=row.invited_at,
            invitation=row,
        )
        for row in unused.order_by("name", "email")
    ]


def assignments(cohort: Cohort) -> list[Assignment]:
    """Who coaches it now."""
    return list(Assignment.objects.filter(cohort=cohort, ended_at=None).select_related("coach").order_by("since"))
