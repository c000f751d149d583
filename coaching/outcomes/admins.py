"""The report as an admin reads it: of every cohort, with nothing of fewer than five people."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from clients.models import Enrolment, User
from curriculum.small_groups import LEAST_FOR_ADMINS

from .. import graduates, roster
from . import Report, of, showing


@dataclass(frozen=True)
class Awaited:
    """A cohort that goes on, and when it is confirmed who has finished."""

    name: str
    over_at: datetime


def everybody(user: User) -> QuerySet[Enrolment]:
    """Whoever is or was in a cohort this person sets up; of nobody for anybody else."""
    return Enrolment.objects.filter(cohort__in=roster.cohorts_set_up_by(user).order_by().values("pk"))


def report(user: User, *, at: datetime) -> Report:
    """As it may be shown."""
    return showing.shown(of(everybody(user), at=at), least=LEAST_FOR_ADMINS)


def is_empty(report: Report) -> bool:
    """Whether nobody has come to an end yet, so that there is nothing to compare."""
    return not report.who.completed and not any(one.own.mean.n for one in report.rated)


def awaited(user: User, *, at: datetime) -> list[Awaited]:
    """The cohorts that go on, the one that is over next first."""
    rows = roster.cohorts_set_up_by(user).filter(closed_at=None)
    found = [Awaited(cohort.name, graduates.over_at(cohort, at=at)) for cohort in rows]
    return sorted((one for one in found if one.over_at > at), key=lambda one: (one.over_at, one.name))
