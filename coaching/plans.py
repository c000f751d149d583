"""From a rule of the edition to the instant of one milestone, from the rows as they are now.

A milestone is re-resolved from here whenever it is planned, planned again or about to fire.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from clients import deadlines, dues
from clients.models import Attempt, Enrolment
from curriculum import editions, moments
from curriculum.models import Edition, MilestonePlan

from . import instruments, promises, unchanged
from .models import Feedback, Milestone

Event = MilestonePlan.Event
_moment = lru_cache(maxsize=2048)(moments.moment)  # a cohort's clients share most of their moments
DIGEST = "coach.digest"  # by no edition's rule: a coach has one morning, whatever their cohorts walk
# These come later where everything they are about has more time.
FOLLOW_THE_DUE_TIME = frozenset({"due.reminder", "due.last", "overdue.1", "overdue.2"})
OCCASIONS = {Event.SESSION: instruments.SESSIONS, Event.CALL: instruments.CALLS}


def plan_of(row: Milestone) -> MilestonePlan:
    return editions.plans_of(edition_of(row))[row.kind, row.rung]


def edition_of(row: Milestone) -> Edition:
    """Of its cohort; what outlives a cohort names a person, and the enrolment by its number."""
    if row.home:
        return row.home.edition
    return Enrolment.objects.select_related("cohort__edition").get(pk=row.object_id).cohort.edition


def due_at(row: Milestone, *, at: datetime) -> datetime:
    """When this milestone is due by what its rule says now."""
    if row.kind == DIGEST:
        return moments.to_utc(row.wall.replace(tzinfo=None), row.person.zone)
    return instant(row, plan_of(row), at=at)


def instant(row: Milestone, plan: MilestonePlan, *, at: datetime, began: datetime | None = None) -> datetime:
    """Where a rule puts a milestone. What it was counted from may be gone: then it stays where it is.

    `began` is when that was, for whoever knows. Hours from a hand-in are those of the promise, whose clock may stand.
    """
    if not plan.starts_from:
        return _in_its_week(row, plan, at)
    began = began or _event_at(row, plan)
    if began is None:
        return row.due_at
    if plan.months is not None:
        return _months_after(began, row, plan)
    wait = timedelta(hours=(plan.hours or 0) + (row.occurrence - 1) * (plan.repeat_hours or 0))
    if plan.starts_from == Event.HAND_IN and row.enrolment:
        return promises.counted_on(began, wait, promises.stops_for(row.enrolment), at=at)
    return began - wait if plan.before else began + wait


def place(row: Milestone, plan: MilestonePlan, *, at: datetime, began: datetime | None = None) -> Milestone:
    """Put the milestone where its rule says: the instant, and the wall clock and zone it was meant by."""
    row.due_at = instant(row, plan, at=at, began=began)
    row.plan_version = row.home.plan_version if row.home else row.plan_version
    if plan.time is not None:
        row.zone = zone_of(row, plan)
        row.wall = moments.to_wall(row.due_at, row.zone).replace(tzinfo=UTC)
    return row


def zone_of(row: Milestone, plan: MilestonePlan) -> str:
    """The zone whose wall clock the rule means: the cohort's, or that of its client or coach."""
    return row.home.zone if plan.zone == MilestonePlan.Zone.COHORT and row.home else row.reader.zone


def _in_its_week(row: Milestone, plan: MilestonePlan, at: datetime) -> datetime:
    """By the cohort's clock and dates, or by those of its reader, who may have been on hold or have more time."""
    of_all, client = plan.zone == MilestonePlan.Zone.COHORT, row.enrolment
    planned = _moment(
        row.home.calendar() if of_all or client is None else deadlines.schedule_of(client).calendar,
        week=row.week,
        day=plan.day + days_later(row, at=at),
        time=plan.time,
        zone=row.home.zone if of_all else _zones(row),
        weeks_later=plan.weeks_later,
        at=at,
    )
    return max(planned, _beside_the_due_time(row, plan, at)) if comes_again(row) else planned


def comes_again(row: Milestone) -> bool:
    """Whether it follows one that has reminded of an earlier due time."""
    return row.occurrence > 1 and row.kind in FOLLOW_THE_DUE_TIME


def _beside_the_due_time(row: Milestone, plan: MilestonePlan, at: datetime) -> datetime:
    """So many days from the day the week is due now, which may have moved when the planned moment was past.

    Where that was past as well when the dates moved, the next time of day that still lies before the due time.
    """
    schedule, zone = deadlines.schedule_of(row.enrolment), row.reader.zone
    week_is_due = moments.due_at(schedule.calendar, row.week, schedule.zones, at=at)
    due = moments.to_wall(week_is_due, zone).date() + timedelta(days=days_later(row, at=at))
    day = due + timedelta(days=plan.day - moments.SUNDAY, weeks=plan.weeks_later)
    if moved := schedule.calendar.moved_at:
        shown = moments.to_wall(moved, zone)
        soonest = shown.date() + timedelta(days=shown.time() >= plan.time)
        day = soonest if day < soonest <= due else day
    return moments.to_utc(datetime.combine(day, plan.time), zone)


def days_later(row: Milestone, *, at: datetime) -> int:
    """By how many days what follows the due time has moved, because all it is about has more time."""
    follows = row.enrolment is not None and row.kind in FOLLOW_THE_DUE_TIME and row.week is not None
    return dues.days_later(row.enrolment, row.week, at=at) if follows else 0


def _zones(row: Milestone) -> tuple[moments.ZoneFrom, ...]:
    return deadlines.schedule_of(row.enrolment).zones if row.enrolment else row.reader.zones()


def _event_at(row: Milestone, plan: MilestonePlan) -> datetime | None:
    event = plan.starts_from
    if event == Event.HAND_IN:
        return _handed_in_at(row.object_id)
    if event == Event.ASKED_AGAIN:
        return Feedback.objects.filter(pk=row.object_id).values_list("shown_from", flat=True).first()
    if event == Event.GRADUATION:
        return Enrolment.objects.filter(pk=row.object_id).values_list("left_at", flat=True).first()
    found = instruments.occasion(OCCASIONS[Event(event)], row.object_id)
    return found.starts_at if found else None


@unchanged.looked_up_once
def _handed_in_at(attempt: int | None) -> datetime | None:
    return Attempt.objects.filter(pk=attempt).values_list("handed_in_at", flat=True).first()


def _months_after(began: datetime, row: Milestone, plan: MilestonePlan) -> datetime:
    """The next such day and time of the person's own clock, so many months after."""
    zone = row.reader.zone
    day = months_later(moments.to_wall(began, zone).date(), plan.months)
    day += timedelta(days=(plan.day - day.weekday()) % 7, weeks=plan.weeks_later)
    return moments.to_utc(datetime.combine(day, plan.time), zone)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or the last one it has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def next_morning(zone: str, *, after: datetime) -> datetime:
    """The next weekday, 07:30 on the wall of a zone: when a coach's digest is due. As the wall shows it."""
    wall = moments.to_wall(after, zone).replace(hour=7, minute=30, second=0, microsecond=0)
    while wall.weekday() > 4 or moments.to_utc(wall, zone) <= after:
        wall += timedelta(days=1)
    return wall
