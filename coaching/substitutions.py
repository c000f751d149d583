"""Reading who stands in for whom, who could, and what they find when they begin."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Cohort, Enrolment, User

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


def offered(cohort: Cohort) -> QuerySet[User]:
    """Who could stand in: coaches of other cohorts that are open, who are not in this one."""
    elsewhere = Assignment.objects.filter(coach=OuterRef("pk"), ended_at=None, cohort__closed_at=None)
    here = Assignment.objects.filter(coach=OuterRef("pk"), ended_at=None, cohort=cohort)
    walks = Enrolment.objects.filter(client=OuterRef("pk"), cohort=cohort)
    people = User.objects.filter(Exists(elsewhere), ~Exists(here), ~Exists(walks), is_active=True)
    return people.order_by("name", "pk")


def now_for(cohort: Cohort, *, at: datetime) -> Substitution | None:
    """The window that is open in a cohort, for the client's page."""
    return Substitution.objects.at(at).filter(cohort=cohort).select_related("away", "substitute").first()
