"""What comes round every week: the live session, and the meetings that are to be logged.

Whoever left on the way stays among those who could have come. Whoever was excused, had not joined yet or was marked by
nobody does not count.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, QuerySet

from clients import counted, deadlines
from clients.models import Enrolment, Excusal, Meeting
from curriculum import moments
from curriculum.moments import Calendar

from .. import attendance
from . import people
from .at_once import Question, Rows
from .work import LOG, SESSION, Calendars, Course, is_over

Person = tuple[int, int, int, datetime, datetime | None]
COLUMNS = ("pk", "cohort", "cohort__edition", "joined_at", "left_at")


Found = dict[tuple[int, int], Counter[bool]]  # week, cohort → how many did, True, and how many did not


def questions(some: QuerySet[Enrolment]) -> list[Question]:
    """What `read` needs."""
    excused = Excusal.objects.filter(enrolment__in=some, ended_at=None)
    logged = Meeting.objects.filter(enrolment__in=some).order_by().values("enrolment", "date").annotate(n=Count("pk"))
    return [
        (people.started(some), COLUMNS),
        (excused, ("enrolment", "exercise")),
        (logged, ("enrolment", "date", "n")),
    ]


def read(answers: Sequence[Rows], dates: Calendars, *, at: datetime) -> Course:
    """The log and the session. Two queries, and one an edition."""
    started, excused, logged = answers
    here = sorted(_person(*one) for one in started)
    found = _logged(here, {(who, exercise) for who, exercise in excused}, logged, dates, at)
    parts = ((LOG, found), (SESSION, _came(here)))
    return {
        (role, week, cohort): (counts[True], counts.total())
        for role, weeks in parts
        for (week, cohort), counts in weeks.items()
    }


def _person(pk: int, cohort: int, edition: int, joined_at: str, left_at: str | None) -> Person:
    return pk, cohort, edition, datetime.fromisoformat(joined_at), datetime.fromisoformat(left_at) if left_at else None


def _came(started: list[Person]) -> Found:
    """Two queries."""
    found: Found = defaultdict(Counter)
    past = attendance.Past({cohort for _pk, cohort, *_rest in started}, {"enrolment__in": [one[0] for one in started]})
    for pk, cohort, _edition, joined_at, left_at in started:
        for one in past.of(pk, cohort):
            if _counts(one, joined_at, left_at):
                found[one.week, cohort][one.presence in attendance.CAME] += 1
    return found


def _counts(one: attendance.Came, joined_at: datetime, left_at: datetime | None) -> bool:
    """Whether they came or could have: marked, or said that they cannot, or gone by then."""
    if one.presence:
        return one.presence != attendance.Presence.EXCUSED
    was_gone = left_at is not None and left_at < one.starts_at
    return joined_at <= one.starts_at and (one.declined or was_gone)


def _logged(
    started: list[Person], excused: set[tuple[int, int]], logged: Rows, dates: Calendars, at: datetime
) -> Found:
    """Who logged as many meetings as asked for."""
    have = _meetings(logged, {pk: cohort for pk, cohort, *_rest in started}, dates, at)
    found: Found = defaultdict(Counter)
    for pk, cohort, edition, _joined_at, _left_at in started:
        for exercise in counted.exercises_of(edition):
            week = exercise.week.number
            if exercise.counts["of"] == counted.MEETINGS and is_over(dates[cohort], week, at):
                enough = have[pk, week] >= counted.need_of(exercise)
                if enough or (pk, exercise.pk) not in excused:
                    found[week, cohort][enough] += 1
    return found


def _meetings(rows: Rows, cohorts: dict[int, int], dates: Calendars, at: datetime) -> Counter[tuple[int, int]]:
    """(enrolment, week) → how many."""
    days = {cohort: begins(calendar, at) for cohort, calendar in dates.items()}
    found: Counter[tuple[int, int]] = Counter()
    for pk, day, n in rows:
        if pk in cohorts:
            found[pk, deadlines.week_of(date.fromisoformat(day), days[cohorts[pk]])] += n
    return found


def begins(calendar: Calendar, at: datetime) -> tuple:
    """The day each week begins on by the cohort's clock."""
    weeks = (moments.opens_at(calendar, week, at=at) for week in deadlines.WEEKS)
    return tuple(moments.to_wall(one, calendar.zone).date() for one in weeks)
