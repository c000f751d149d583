"""What a coach's day holds besides the pieces that wait: sessions of today, new reasons to worry, ratings due.

A fixed number of queries, however many cohorts and clients there are; what asks here is allowed to take its time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from clients import deadlines
from clients.models import Cohort, Enrolment, Hold, User
from curriculum import moments
from curriculum.questionnaires import RatingTime

from . import caseload, ratings, risks
from .models import LiveSession, Rating
from .risks import AtRisk

DAY = timedelta(days=1)
NEW_FOR = 7 * DAY


@dataclass(frozen=True)
class Due:
    """Ratings of one cohort that are asked for now, and how many this coach has still to give."""

    cohort: Cohort
    time: RatingTime
    count: int


@dataclass(frozen=True)
class Today:
    """`fresh` are those of whom a reason is new within a week, the newest first; `people` everybody at risk."""

    sessions: tuple[LiveSession, ...]
    people: tuple[AtRisk, ...]
    fresh: tuple[AtRisk, ...]
    due: tuple[Due, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.sessions or self.people or self.due)


def of(coach: User, *, at: datetime) -> Today:
    """For whoever coaches; a coach without an open cohort has an empty day."""
    rows = caseload.coached_by(coach).filter(closed_at=None).order_by("name", "pk")
    cohorts = list(rows.prefetch_related(*deadlines.OF_A_COHORT))
    people = [one for one in risks.in_cohorts(cohorts, at=at, but=coach) if one.risks]
    newest = sorted(people, key=lambda one: max(risk.since for risk in one.risks), reverse=True)
    fresh = (one for one in newest if any(risk.since > at - NEW_FOR for risk in one.risks))
    return Today(_sessions(coach, cohorts, at), tuple(people), tuple(fresh), _due(coach, cohorts, at))


def _sessions(coach: User, cohorts: list[Cohort], at: datetime) -> tuple[LiveSession, ...]:
    """By the coach's own day. Where a cohort stands still nothing takes place."""
    day = moments.to_wall(at, coach.zone).date()
    begins, ends = (moments.to_utc(datetime.combine(one, datetime.min.time()), coach.zone) for one in (day, day + DAY))
    rows = LiveSession.objects.filter(cohort__in=cohorts, starts_at__gte=begins, starts_at__lt=ends)
    rows = rows.exclude(state=LiveSession.State.CANCELLED).exclude(cohort__in=caseload.standing_still())
    return tuple(rows.select_related("cohort").order_by("starts_at", "pk"))


def _due(coach: User, cohorts: list[Cohort], at: datetime) -> tuple[Due, ...]:
    """What is open now and not given to everybody who walks. One query."""
    times = {cohort: ratings.current(cohort, at=at) for cohort in cohorts}
    asked = Q(pk=None)
    for cohort, time in times.items():
        if time is not None:
            there = Rating.objects.filter(enrolment=OuterRef("pk"), moment=time.key)
            asked |= Q(cohort=cohort) & ~Q(Exists(there))
    still = Hold.objects.filter(enrolment=OuterRef("pk"), ended_at=None)
    rows = Enrolment.objects.active().filter(asked).exclude(client=coach).exclude(Exists(still)).order_by()
    counts = dict(rows.values_list("cohort").annotate(n=Count("pk")))
    return tuple(Due(one, time, counts[one.pk]) for one, time in times.items() if time and counts.get(one.pk))
