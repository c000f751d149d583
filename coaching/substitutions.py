"""Reading who stands in for whom, who could, and what they find when they begin."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Cohort, Enrolment, User
from curriculum.prepared import Asked, Question

from . import caseload
from .models import Assignment, Substitution


def of_cohort(cohort: Cohort, *, at: datetime) -> QuerySet[Substitution]:
    """The windows that are open or still to come, the next one first."""
    return Substitution.objects.not_over(at).filter(cohort=cohort).select_related("away", "substitute", "cohort")


def ahead(coach: User, *, at: datetime) -> QuerySet[Substitution]:
    """The windows that are open or still to come in every cohort one coaches, the next one first."""
    found = Substitution.objects.not_over(at).filter(cohort__in=caseload.coached_by(coach).values("pk"))
    return found.select_related("away", "substitute")


def visible_to(user: User) -> QuerySet[Substitution]:
    """The windows of cohorts one coaches or, as an admin, of every one."""
    return Substitution.objects.filter(cohort__in=caseload.boards_visible_to(user).values("pk"))


def briefs_visible_to(user: User, *, at: datetime) -> QuerySet[Substitution]:
    """Whose handover somebody reads: whoever goes away, while they coach there, and the substitute in the window."""
    theirs = Q(away=user, cohort__in=caseload.coached_by(user).values("pk"), called_off_at=None)
    open_now = Q(pk__in=Substitution.objects.at(at).filter(substitute=user).values("pk"))
    return Substitution.objects.filter(theirs | open_now).select_related("away", "substitute", "cohort")


def open_for(user: User, *, at: datetime) -> QuerySet[Substitution]:
    """The windows in which somebody stands in at this instant, the one that ends first before the others."""
    return briefs_visible_to(user, at=at).filter(substitute=user).order_by("ends_at", "pk")


class Desk(NamedTuple):
    """A cohort whose open pieces somebody answers: as its coach, in a colleague's place, or both."""

    cohort: int
    slug: str
    name: str
    closed_at: datetime | None
    coaches: bool
    stands_in: bool


def desks(user: User, *, at: datetime) -> list[Desk]:
    """Every cohort whose pieces this person answers at this instant, by name; whoever has none is no coach."""
    return [Desk(*row) for row in asks_desks(user, at=at).all()]


def asks_desks(user: User, *, at: datetime) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _desks.of(user=user.pk, at=at)


@Question
def _desks(*, user: int, at: datetime) -> QuerySet:
    assigned = Assignment.objects.filter(coach=user, ended_at=None, cohort=OuterRef("pk"))
    windows = Substitution.objects.at(at).filter(substitute=user, cohort=OuterRef("pk"))
    rows = Cohort.objects.filter(pk__in=caseload.desks_of(User(pk=user), at=at)).order_by("name", "pk")
    rows = rows.annotate(coached=Exists(assigned), stood_in=Exists(windows))
    return rows.values_list("pk", "slug", "name", "closed_at", "coached", "stood_in")


def offered(cohort: Cohort) -> QuerySet[User]:
    """Who could stand in: coaches of other cohorts that are open, who are not in this one."""
    return _offered(cohort).order_by("name", "pk")


def where_somebody_could(cohorts: list[Cohort]) -> list[Cohort]:
    """Those of these cohorts for which anybody could stand in, in their order. One query."""
    numbers = [cohort.pk for cohort in cohorts]
    found = Cohort.objects.filter(Exists(_offered(OuterRef(OuterRef("pk")))), pk__in=numbers)
    known = set(found.values_list("pk", flat=True))
    return [cohort for cohort in cohorts if cohort.pk in known]


def _offered(cohort: Cohort | OuterRef) -> QuerySet[User]:
    elsewhere = Assignment.objects.filter(coach=OuterRef("pk"), ended_at=None, cohort__closed_at=None)
    here = Assignment.objects.filter(coach=OuterRef("pk"), ended_at=None, cohort=cohort)
    walks = Enrolment.objects.filter(client=OuterRef("pk"), cohort=cohort)
    return User.objects.filter(Exists(elsewhere), ~Exists(here), ~Exists(walks), is_active=True)


def now_for(cohort: Cohort, *, at: datetime) -> Substitution | None:
    """The window that is open in a cohort, for the client's page."""
    return Substitution.objects.at(at).filter(cohort=cohort).select_related("away", "substitute").first()
