"""What is open, due and late: pure functions of rows and an instant.

    due = the latest of: the plan (moved by breaks, shifts, pauses and holds), seven days after joining, what was
    granted, the window of a next attempt, two days after something is asked for again

Nothing here waits for the engine: a dead worker delays a mail, never access. For lists, load
enrolments with `with_calendar` so that no query runs per row.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from curriculum import moments
from curriculum.models import Exercise

from .models import Enrolment, Extension, Submission

WEEKS = range(10)
RESUBMISSION_WORKING_DAYS = 5  # a next attempt has at least this long after its feedback
CATCH_UP = timedelta(days=7)  # whoever joins late has this long for what was due before

# What the dates of a cohort hang on, and besides what those of one enrolment do, as names to prefetch.
OF_A_COHORT = ("pauses", "breaks", "shifts")
OF_A_CLIENT = ("client__zone_changes", "holds", "extensions", "excusals")
OF_AN_ENROLMENT = (*(f"cohort__{name}" for name in OF_A_COHORT), *OF_A_CLIENT)


class Named(NamedTuple):
    """A day named to a client at an instant, to whose end one exercise may take."""

    exercise: int
    day: date
    at: datetime


@dataclass(frozen=True)
class Schedule:
    """One client's dates as plain data. `calendar` has their holds; `named` what was agreed about single exercises."""

    calendar: moments.Calendar
    zones: tuple[moments.ZoneFrom, ...]
    joined_at: datetime
    named: tuple[Named, ...] = ()

    def week_due_at(self, week: int, *, at: datetime, plan: Callable[..., datetime] = moments.due_at) -> datetime:
        """By the plan, and no sooner than seven days after joining. `plan` may remember what it was asked."""
        due, joined = plan(self.calendar, week, self.zones, at=at), self.joined_at
        if self.joined_long_before(due):
            return due
        return max(due, self.end_of_day(self.day(joined) + CATCH_UP, named_at=joined, at=at))

    def joined_long_before(self, due: datetime) -> bool:
        """Whether, whatever the zone, there was nothing to catch up with by then."""
        return self.joined_at + CATCH_UP + timedelta(days=2) < due

    def exercise_due_at(
        self, exercise: int, week: int, *, at: datetime, plan: Callable[..., datetime] = moments.due_at
    ) -> datetime:
        """With its week, or later where that was agreed."""
        agreed = (self.end_of_day(one.day, named_at=one.at, at=at) for one in self.named if one.exercise == exercise)
        return max([self.week_due_at(week, at=at, plan=plan), *agreed])

    def day(self, instant: datetime) -> date:
        """The date the client's clock showed where they lived at an instant."""
        return moments.to_wall(instant, moments.zone_at(self.zones, instant)).date()

    def end_of_day(self, day: date, *, named_at: datetime, at: datetime) -> datetime:
        """When a day named to the client ends, moved by what has happened to their dates since."""
        return moments.end_of_day(self.calendar, day, self.zones, named_at=named_at, at=at)


def with_calendar(enrolments: QuerySet) -> QuerySet:
    """Everything the functions below read, in a fixed number of queries."""
    return enrolments.select_related("client", "cohort__edition").prefetch_related(*OF_AN_ENROLMENT)


def named_from(path: str) -> tuple[str, ...]:
    """The same names for rows that reach an enrolment by this path."""
    return tuple(f"{path}__{name}" for name in OF_AN_ENROLMENT)


def is_read(row: Enrolment, name: str) -> bool:
    """Whether these rows of it were prefetched."""
    return name in getattr(row, "_prefetched_objects_cache", {})


def keep_dates(enrolments: Iterable[Enrolment]) -> None:
    """Put the dates of these clients together once, where nobody changes them as long as the rows are held."""
    for enrolment in enrolments:
        vars(enrolment)["schedule_kept"] = schedule_of(enrolment)


def keep(enrolment: Enrolment, schedule: Schedule, *, excused: Collection[int]) -> None:
    """The same, put together by who has read the dates of many: with the exercises that are not asked for."""
    vars(enrolment).update(schedule_kept=schedule, excused_kept=excused)


def schedule_of(enrolment: Enrolment) -> Schedule:
    """The cohort's dates for this client, with what is their own."""
    return vars(enrolment).get("schedule_kept") or _schedule_of(enrolment)


def _schedule_of(enrolment: Enrolment) -> Schedule:
    holds = tuple(moments.Pause(hold.began_at, hold.ended_at) for hold in enrolment.holds.all())
    zones = enrolment.client.zones()
    return Schedule(
        calendar=enrolment.cohort.calendar().with_holds(holds),
        zones=zones,
        joined_at=enrolment.joined_at,
        named=(*_granted(enrolment), *_asked_again(enrolment, zones)),
    )


def _granted(enrolment: Enrolment) -> Iterator[Named]:
    for one in enrolment.extensions.all():
        if one.state == Extension.State.GRANTED:
            yield Named(one.exercise_id, one.until, one.decided_at)


def _asked_again(enrolment: Enrolment, zones: tuple[moments.ZoneFrom, ...]) -> Iterator[Named]:
    """What was excused and no longer is has the notice of any change."""
    for one in enrolment.excusals.all():
        if one.ended_at:
            yield asked_again(one.exercise_id, one.ended_at, zones)


def asked_again(exercise: int, ended_at: datetime, zones: tuple[moments.ZoneFrom, ...]) -> Named:
    """To the end of the day after tomorrow, counted from the end of an excusal."""
    day = moments.to_wall(ended_at, moments.zone_at(zones, ended_at)).date()
    return Named(exercise, day + moments.NOTICE, ended_at)


def opens_at(enrolment: Enrolment, week: int, *, at: datetime) -> datetime:
    """When the week opens: Monday 08:00 in the cohort's zone."""
    return moments.opens_at(enrolment.cohort.calendar(), week, at=at)


def is_open(enrolment: Enrolment, week: int, *, at: datetime) -> bool:
    return opens_at(enrolment, week, at=at) <= at


def week_due_at(enrolment: Enrolment, week: int, *, at: datetime) -> datetime:
    """When the week's work is due: Sunday 23:59:59 in the client's own zone, seven days after joining at the least."""
    return schedule_of(enrolment).week_due_at(week, at=at)


def exercise_due_at(enrolment: Enrolment, exercise: Exercise, *, at: datetime) -> datetime:
    """When the first attempt at an exercise is due: with its week, or later where that was agreed with this client."""
    return schedule_of(enrolment).exercise_due_at(exercise.pk, exercise.week.number, at=at)


def due_at(submission: Submission, *, at: datetime) -> datetime:
    """The due instant in force for the attempt in hand. A next attempt has its own window."""
    due = exercise_due_at(submission.enrolment, submission.exercise, at=at)
    if submission.attempts_made and submission.shown_from and submission.shown_from <= at:
        return max(due, _after_feedback(schedule_of(submission.enrolment), submission.shown_from, at))
    return due


def _after_feedback(schedule: Schedule, shown_from: datetime, at: datetime) -> datetime:
    day, left = schedule.day(shown_from), RESUBMISSION_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return schedule.end_of_day(day, named_at=shown_from, at=at)


def days_more(enrolment: Enrolment, week: int, due: datetime, *, at: datetime) -> int:
    """By how many dates of the client's clock a due time lies behind where the plan puts the week."""
    schedule, zone = schedule_of(enrolment), enrolment.client.zone
    plan = moments.due_at(schedule.calendar, week, schedule.zones, at=at)
    return (moments.to_wall(due, zone).date() - moments.to_wall(plan, zone).date()).days


def is_excused(enrolment: Enrolment, exercise: Exercise) -> bool:
    """Whether the exercise is not asked for from this client."""
    known: Collection[int] | None = vars(enrolment).get("excused_kept")
    if known is not None:
        return exercise.pk in known
    return any(one.exercise_id == exercise.pk and one.ended_at is None for one in enrolment.excusals.all())


def excused_because(enrolment: Enrolment, exercise: Exercise) -> str:
    """Why the exercise is not asked for, for its client and their coaches; empty where it is."""
    rows = (one for one in enrolment.excusals.all() if one.ended_at is None)
    return next((one.reason for one in rows if one.exercise_id == exercise.pk), "")


def on_hold_since(enrolment: Enrolment) -> datetime | None:
    """Since when the client has stood still; None while they go on."""
    return next((hold.began_at for hold in enrolment.holds.all() if hold.ended_at is None), None)


def record_closes_at(enrolment: Enrolment) -> datetime:
    """Until when somebody who finished goes on keeping their record: a year, to the end of their own day."""
    day = moments.to_wall(enrolment.left_at, enrolment.client.zone).date()
    in_a_year = day + timedelta(days=365)
    return moments.to_utc(datetime.combine(in_a_year, moments.END_OF_DAY), enrolment.client.zone)


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
