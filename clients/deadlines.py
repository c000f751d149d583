"""What is open, due and late: pure functions of rows and an instant.

Nothing here waits for the engine: a dead worker delays a mail, never access. For lists, load
enrolments with `with_calendar` so that no query runs per row.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from curriculum import moments

from .models import Enrolment, Submission

END_OF_DAY = time(23, 59, 59)
WEEKS = range(10)
RESUBMISSION_WORKING_DAYS = 5  # a next attempt has at least this long after its feedback


def with_calendar(enrolments: QuerySet) -> QuerySet:
    """Everything the functions below read, in a fixed number of queries."""
    return enrolments.select_related("client", "cohort__edition").prefetch_related(
        "cohort__pauses", "client__zone_changes"
    )


def opens_at(enrolment: Enrolment, week: int, *, at: datetime) -> datetime:
    """When the week opens: Monday 08:00 in the cohort's zone."""
    return moments.opens_at(enrolment.cohort.calendar(), week, at=at)


def is_open(enrolment: Enrolment, week: int, *, at: datetime) -> bool:
    return opens_at(enrolment, week, at=at) <= at


def week_due_at(enrolment: Enrolment, week: int, *, at: datetime) -> datetime:
    """When the week's work is due: Sunday 23:59:59 in the client's own zone."""
    return moments.due_at(enrolment.cohort.calendar(), week, enrolment.client.zones(), at=at)


def due_at(submission: Submission, *, at: datetime) -> datetime:
    """The due instant in force for the attempt in hand. A next attempt has its own window."""
    due = week_due_at(submission.enrolment, submission.exercise.week.number, at=at)
    if submission.attempts_made and submission.shown_from and submission.shown_from <= at:
        return max(due, _after_feedback(submission.shown_from, submission.enrolment.client.zone))
    return due


def _after_feedback(shown_from: datetime, zone: str) -> datetime:
    day, left = moments.to_wall(shown_from, zone).date(), RESUBMISSION_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return moments.to_utc(datetime.combine(day, END_OF_DAY), zone)


def record_closes_at(enrolment: Enrolment) -> datetime:
    """Until when somebody who finished goes on keeping their record: a year, to the end of their own day."""
    day = moments.to_wall(enrolment.left_at, enrolment.client.zone).date()
    in_a_year = day + timedelta(days=365)
    return moments.to_utc(datetime.combine(in_a_year, END_OF_DAY), enrolment.client.zone)


def is_late(at: datetime, due: datetime) -> bool:
    """Late is strictly after the due instant. It costs nothing, so nothing is softened."""
    return at > due


def mondays(enrolment: Enrolment, *, at: datetime) -> tuple[date, ...]:
    """The day each week from 0 to 9 begins on, pauses counted: what happened on a day belongs to the week it is in."""
    zone = enrolment.cohort.zone
    return tuple(moments.to_wall(opens_at(enrolment, week, at=at), zone).date() for week in WEEKS)


def week_of(day: date, starts: tuple[date, ...]) -> int:
    """The week a day lies in, by the days the weeks begin on; what came before week 0 belongs to week 0."""
    return max((week for week, start in enumerate(starts) if start <= day), default=0)


def current_week(enrolment: Enrolment, *, at: datetime) -> int:
    """The number of the last week that is open, -1 before the first one. Weeks run from 0 to 9."""
    return max((week for week in WEEKS if is_open(enrolment, week, at=at)), default=-1)
