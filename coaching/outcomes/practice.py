"""What clients log of their real meetings, week by week. They choose which; entries without a stake do not count."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import quantiles

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet

from clients.deadlines import WEEKS
from clients.models import Enrolment, Meeting
from curriculum import moments, shares
from curriculum.figures import Figure

from .at_once import Question, Rows
from .crowds import Crowds, Here, within
from .work import Calendars


@dataclass(frozen=True)
class WeekOfPractice:
    """One week of everybody's log: contributions in the middle meeting, and between which the middle half lies."""

    week: int
    meetings: int
    people: int
    spoke: float | None
    low: float | None
    high: float | None
    led: Figure
    corrected: Figure


@dataclass
class _Week:
    spoke: list[int] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    led: int = 0
    heard: int = 0
    corrected: int = 0


Read = dict[tuple[int, int], _Week]  # by cohort and week


def questions(some: QuerySet[Enrolment]) -> list[Question]:
    """What `read` needs: a day and cohort at a time."""
    logged = Meeting.objects.filter(enrolment__in=some, stake=True).order_by()
    days = logged.values("enrolment__cohort", "date").annotate(
        spoke=ArrayAgg("times_spoke"),
        people=ArrayAgg("enrolment", distinct=True),
        leading=Count("pk", filter=Q(conclusion_first__in=Meeting.LED)),
        heard=Count("pk", filter=Q(error_heard=True)),
        put_right=Count("pk", filter=Q(error_response__in=Meeting.CORRECTED)),
    )
    return [(days, ("enrolment__cohort", "date", "spoke", "people", "leading", "heard", "put_right"))]


def read(answers: Sequence[Rows], dates: Calendars, *, at: datetime) -> Read:
    """By the weeks of the cohort."""
    mondays = {pk: _mondays(calendar, at) for pk, calendar in dates.items()}
    weeks: Read = defaultdict(_Week)
    for cohort, day, spoke, people, led, heard, corrected in answers[0]:
        week = weeks[cohort, max(bisect_right(mondays[cohort], date.fromisoformat(day)) - 1, 0)]
        week.spoke += spoke
        week.people |= set(people)
        week.led, week.heard, week.corrected = week.led + led, week.heard + heard, week.corrected + corrected
    return weeks


def of(found: Read, here: Here) -> tuple[WeekOfPractice, ...]:
    """Of some cohorts together."""
    weeks: dict[int, _Week] = defaultdict(_Week)
    for (cohort, number), one in found.items():
        if within(cohort, here):
            week = weeks[number]
            week.spoke, week.people = week.spoke + one.spoke, week.people | one.people
            week.led, week.heard = week.led + one.led, week.heard + one.heard
            week.corrected += one.corrected
    return tuple(_told(number, weeks[number]) for number in sorted(weeks))


def crowds(found: Read) -> Crowds:
    return {
        f"practice:{number}": Counter(
            {cohort: len(week.people) for (cohort, at), week in found.items() if at == number}
        )
        for _cohort, number in found
    }


def _mondays(calendar: moments.Calendar, at: datetime) -> list[date]:
    return [moments.to_wall(moments.opens_at(calendar, week, at=at), calendar.zone).date() for week in WEEKS]


def _told(number: int, week: _Week) -> WeekOfPractice:
    n = len(week.spoke)
    low, middle, high = quantiles(week.spoke, n=4, method="inclusive") if n > 1 else week.spoke * 3
    return WeekOfPractice(
        week=number,
        meetings=n,
        people=len(week.people),
        spoke=middle,
        low=low,
        high=high,
        led=shares.wilson(week.led, n),
        corrected=shares.wilson(week.corrected, week.heard),
    )
