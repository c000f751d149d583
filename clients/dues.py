"""When what is still missing of a week is due, whether anything of it is, and by how much what reminds of it comes
later."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Q

from curriculum import moments
from curriculum.models import Exercise

from . import counted, deadlines, progress
from .models import Enrolment


def first_due_at(enrolment: Enrolment, week: int, *, at: datetime) -> datetime:
    """When the first of what is missing is due: with its week, unless all of it has more time."""
    due = deadlines.week_due_at(enrolment, week, at=at)
    if not has_more(enrolment) or counted.missing(enrolment, week, at=at):
        return due
    return min((row.due_at for row in progress.missing(enrolment, week, at=at)), default=due)


def days_later(enrolment: Enrolment, week: int, *, at: datetime) -> int:
    """By how many days what reminds of a week comes later than planned, because everything missing has more time."""
    if not has_more(enrolment) and _joined_in_time(enrolment, week):
        return 0
    return deadlines.days_more(enrolment, week, first_due_at(enrolment, week, at=at), at=at)


def has_more(enrolment: Enrolment) -> bool:
    """Whether anything was agreed with this client that makes something due later than its week."""
    return bool(deadlines.schedule_of(enrolment).named)


def is_excused(enrolment: Enrolment, week: int) -> bool:
    """Whether all that a week requires is excused for this client, so that nothing of it is due."""
    excused = {one.exercise_id for one in enrolment.excusals.all() if one.ended_at is None}
    required = _required(enrolment.cohort.edition_id).get(week) if excused else None
    return bool(required) and required <= excused


@lru_cache(maxsize=8)
def _required(edition_id: int) -> dict[int, set[int]]:
    """What each week of a published edition requires, handed in or counted; frozen, so read once a process."""
    asked = Exercise.objects.filter(Q(kind__in=Exercise.OFFERED) | Q(counted=True), edition=edition_id, required=True)
    found: dict[int, set[int]] = {}
    for exercise, week in asked.values_list("pk", "week__number"):
        found.setdefault(week, set()).add(exercise)
    return found


def _joined_in_time(enrolment: Enrolment, week: int) -> bool:
    """Whether they joined long before the week is due by any clock, so that there is nothing to compute."""
    calendar = enrolment.cohort.calendar()
    sunday = moments.monday_of(calendar, week) + timedelta(days=6)
    caught_up = (enrolment.joined_at + deadlines.CATCH_UP).date() + timedelta(days=2)
    return not calendar.shifts and caught_up < sunday
