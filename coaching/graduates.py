"""Who can finish: when a cohort's programme is over, and for each of its clients what stands in the way.

Whether somebody has done enough is `graduation`'s to count; an admin confirms it, see `graduating`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from clients.models import Cohort, Enrolment, Submission
from curriculum import editions, moments

from . import caseload, graduation, plans
from .graduation import Standing
from .models import Milestone

FINISHING, CLOSING_WEEK = "graduation", 9
TAKEN_BACK_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Candidate:
    """One client of a cohort who has not left: what is done, and how many pieces wait for an answer."""

    enrolment: Enrolment
    standing: Standing
    waiting: int

    @property
    def name(self) -> str:
        return str(self.enrolment.client)

    @property
    def has_finished(self) -> bool:
        return self.enrolment.state == Enrolment.State.COMPLETED

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way but the calendar."""
        goes_on = self.enrolment.is_active and not self.enrolment.is_on_hold
        return goes_on and self.standing.is_complete and not self.waiting


def over_at(cohort: Cohort, *, at: datetime) -> datetime:
    """From when on finishing is confirmed: the moment everybody hears whether they have done it all."""
    rule = editions.plans_of(cohort.edition).get((FINISHING, 1))
    if rule is None:
        return moments.opens_at(cohort.calendar(), CLOSING_WEEK, at=at)
    return plans.instant(Milestone(kind=FINISHING, cohort=cohort, week=max(rule.weeks)), rule, at=at)


def taken_back_until(enrolment: Enrolment) -> datetime:
    """Until when it can be taken back that somebody has finished."""
    return enrolment.left_at + TAKEN_BACK_WITHIN


def of(enrolment: Enrolment, *, at: datetime) -> Candidate:
    return _of([enrolment], at)[0]


def of_cohort(cohort: Cohort, *, at: datetime) -> list[Candidate]:
    """Everybody who has not left, by name, in a fixed number of queries."""
    here = Enrolment.objects.filter(cohort=cohort).exclude(state__in=Enrolment.LEFT)
    rows = here.select_related("client", "cohort__edition").prefetch_related("holds")
    return _of(list(rows.order_by("client__name", "pk")), at)


def _of(enrolments: Collection[Enrolment], at: datetime) -> list[Candidate]:
    standings = graduation.of_all(enrolments, at=at)
    waits = Submission.objects.filter(enrolment__in=enrolments, state__in=caseload.WAITS).order_by()
    waiting = dict(waits.values("enrolment").annotate(n=Count("pk")).values_list("enrolment", "n"))
    return [Candidate(one, standings[one.pk], waiting.get(one.pk, 0)) for one in enrolments]
