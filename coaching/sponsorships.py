"""What a sponsor may see of the cohorts they pay for: how many take part, and nothing by which anybody is found.

The numbers stand still for a month: they are of the first of the month, 00:00 by the cohort's clock. Each month is
released beside all months before it, so that nobody is found by what is different; see `curriculum.small_groups`.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import combinations_with_replacement
from typing import NamedTuple

from django.db.models import DateTimeField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Least

from clients.models import Assessment, Attempt, Cohort, Enrolment, User
from clients.models.user import SPONSORS
from curriculum import moments, small_groups
from curriculum.small_groups import LEAST_FOR_SPONSORS, Ends

from .models import Sponsorship

MONTHS = 6  # a programme is over by then
ENROLLED, STARTED = "enrolled", "started"
NOT_STARTED = "not started"  # the other side of the share: few who did not are few
SHARES: dict[Hashable, Hashable] = {STARTED: ENROLLED, NOT_STARTED: ENROLLED}
Number = int | Ends | None


@dataclass(frozen=True)
class Participation:
    """Of one cohort, at the first of a month: a number, the two ends it lies between, or None where few are meant."""

    cohort: Cohort
    as_of: datetime
    enrolled: Number
    started: Number


def sponsored_by(user: User) -> QuerySet[Cohort]:
    """The cohorts somebody is a sponsor of right now."""
    here = Sponsorship.objects.of_person(user).filter(sponsor__is_active=True)
    return Cohort.objects.filter(pk__in=here.values("cohort")).select_related("edition")


def sponsors_of(cohort: Cohort) -> QuerySet[Sponsorship]:
    """Who sees what is released there, by name."""
    here = Sponsorship.objects.filter(cohort=cohort, ended_at=None, sponsor__is_active=True)
    return here.filter(sponsor__groups__name=SPONSORS).select_related("sponsor").order_by("sponsor__name", "pk")


# --- Who takes part -------------------------------------------------------------------------------


class Times(NamedTuple):
    """When a client joined, and when they first did something."""

    joined_at: datetime
    began_at: datetime | None


def participation(user: User, *, at: datetime) -> list[Participation]:
    """One for each cohort, the latest start first. Two queries, however many cohorts."""
    cohorts = list(sponsored_by(user).order_by("-starts_on", "name"))
    people: dict[int, list[Times]] = {cohort.pk: [] for cohort in cohorts}
    for cohort, *times in _times(cohorts):
        people[cohort].append(Times(*times))
    return [of(cohort, people[cohort.pk], at=at) for cohort in cohorts]


def _times(cohorts: list[Cohort]) -> QuerySet:
    handed = Attempt.objects.filter(submission__enrolment=OuterRef("pk")).order_by().values("submission__enrolment")
    rated = Assessment.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    began = Least(
        Subquery(handed.annotate(first=Min("handed_in_at")).values("first")),
        Subquery(rated.annotate(first=Min("finished_at")).values("first")),
        output_field=DateTimeField(),
    )
    rows = Enrolment.objects.filter(cohort__in=cohorts).annotate(began=began).order_by()
    return rows.values_list("cohort_id", "joined_at", "began")


def of(cohort: Cohort, people: Iterable[Times], *, at: datetime) -> Participation:
    """At the last first of a month, beside all those before it."""
    months = list(_months(cohort, at))
    counts: dict[Hashable, int] = dict.fromkeys(combinations_with_replacement(range(3), len(months)), 0)
    for times in people:
        counts[tuple(_standing(times, month) for month in months)] += 1
    before: list[small_groups.Release] = []
    told: list[Number] = [None, None]
    for place in range(len(months)):
        wanted = _wanted(list(counts), place)
        size = {name: sum(counts[atom] for atom in atoms) for name, atoms in wanted.items()}
        if size[ENROLLED] < LEAST_FOR_SPONSORS:
            continue  # of that month nothing was told
        found = small_groups.release(counts, wanted, least=LEAST_FOR_SPONSORS, among=SHARES, before=before)
        before.append(found)
        told = [_told(found, name, size[name]) for name in (ENROLLED, STARTED)]
    return Participation(cohort, months[-1], *told)


def _told(found: small_groups.Release, name: str, number: int) -> Number:
    return number if name in found.shown else found.coded.get(name)


def _standing(times: Times, month: datetime) -> int:
    """How far somebody had come: 0 not there, 1 enrolled, 2 started."""
    reached = (times.joined_at, times.began_at)
    return max((place for place, when in enumerate(reached, start=1) if when and when <= month), default=0)


def _wanted(atoms: list, place: int) -> dict[Hashable, list]:
    """What is counted of a month, in the groups of those who came equally far in every month."""
    far = {atom: atom[place] for atom in atoms}
    asked = {ENROLLED: (1, 2), STARTED: (2,), NOT_STARTED: (1,)}
    return {name: [atom for atom in atoms if far[atom] in reached] for name, reached in asked.items()}


def _months(cohort: Cohort, at: datetime) -> Iterator[datetime]:
    """The first of each month from the one it was opened in until now; after MONTHS nothing is counted anew."""
    begun, today = (moments.to_wall(one, cohort.zone).date() for one in (cohort.created_at, at))
    first_month, this_month = (day.year * 12 + day.month - 1 for day in (begun, today))
    for number in range(first_month, min(this_month, first_month + MONTHS - 1) + 1):
        first = date(number // 12, number % 12 + 1, 1)
        yield moments.to_utc(datetime.combine(first, time()), cohort.zone)
