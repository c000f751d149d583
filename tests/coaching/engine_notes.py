"""What the model of the engine's world knows of everybody's dates: its own notes, from which it says what is due when.

It reads the programme's rules and what stands in a milestone; when everything happened it has written down itself.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from clients import deadlines
from clients.models import Enrolment, Submission
from coaching import milestones
from coaching.models import Milestone
from curriculum import editions, moments
from curriculum.models import Exercise
from tests import roads
from tests.cast import Cast

FOLLOW_THE_DUE_TIME = ("due.reminder", "due.last", "overdue.1", "overdue.2")
ALL_HANDED_IN = 1  # the week; the others also count what somebody keeps, which has no more time
plans_of = lru_cache(editions.plans_of)  # an edition's rules never change
HOURS_AFTER = {"review.warn": 48, "review.breach": 72, "review.breach.client": 80}


@dataclass
class Person:
    """One client: where they have lived, when they joined, when they stood still, what they have more time for."""

    zones: list[moments.ZoneFrom]
    joined_at: datetime = roads.BEFORE
    holds: list[moments.Pause] = field(default_factory=list)
    named: list[deadlines.Named] = field(default_factory=list)

    @property
    def is_on_hold(self) -> bool:
        return bool(self.holds) and self.holds[-1].ended_at is None


@dataclass
class Notes:
    """The instant, and what has happened to the dates of the spring cohort and of each client."""

    spring: int
    people: dict[str, Person]
    at: datetime = roads.BEFORE
    pauses: list[moments.Pause] = field(default_factory=list)
    shifts: list[moments.Shift] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, cast: Cast) -> "Notes":
        clients = (cast.mina, cast.noor, cast.omar)
        people = {who.email: Person([moments.ZoneFrom(None, who.zone)]) for who in clients}
        return cls(cast.spring.pk, people)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].ended_at is None

    def stands_still(self, email: str) -> bool:
        return email in self.people and self.people[email].is_on_hold

    # --- When something is due ----------------------------------------------------------------------

    def due(self, row: Milestone) -> datetime:
        if row.kind == "coach.digest":
            return moments.to_utc(row.wall.replace(tzinfo=None), row.person.zone)
        plan = plans_of(row.home.edition)[row.kind, row.rung]
        if row.kind in HOURS_AFTER:
            repeats = (row.occurrence - 1) * 24
            return self.by_the_clock(row, timedelta(hours=HOURS_AFTER[row.kind] + repeats))
        own = plan.zone == "client"
        schedule = self.schedule(row.enrolment) if own else None
        later = self.days_more(row.enrolment, row.week) if row.kind in FOLLOW_THE_DUE_TIME else 0
        planned = moments.moment(
            schedule.calendar if schedule else self.calendar(row),
            week=row.week,
            day=plan.day + later,
            time=plan.time,
            zone=schedule.zones if schedule else row.home.zone,
            weeks_later=plan.weeks_later,
            at=self.at,
        )
        if row.occurrence == 1 or row.kind not in FOLLOW_THE_DUE_TIME:
            return planned
        return max(planned, self.again(row, plan, later))

    def again(self, row: Milestone, plan: Any, later: int) -> datetime:
        """By the day the week is due now; else at the next such time after the dates moved, if there is one before."""
        schedule = self.schedule(row.enrolment)
        place = schedule.zones[-1].zone
        due = moments.to_wall(moments.due_at(schedule.calendar, row.week, schedule.zones, at=self.at), place).date()
        due += timedelta(days=later)
        days = [due + timedelta(days=plan.day - 6 + 7 * plan.weeks_later)]
        ends = [one.ended_at for one in schedule.calendar.pauses if one.ended_at]
        ends += [one.at for one in schedule.calendar.shifts]
        if ends and self.shown(days[0], plan.time, place) <= max(ends):
            soon = [due - timedelta(days=n) for n in range(60, -1, -1)]
            days = [day for day in soon if self.shown(day, plan.time, place) > max(ends)][:1] or days
        return self.shown(days[0], plan.time, place)

    @staticmethod
    def shown(day: date, hour: time, place: str) -> datetime:
        return moments.to_utc(datetime.combine(day, hour), place)

    def by_the_clock(self, row: Milestone, wait: timedelta) -> datetime:
        """So long after the hand-in, not counting what the cohort or the client has stood still."""
        reached = milestones.attempt_of(row).handed_in_at
        for began, ended in sorted(self.stands(row), key=lambda one: one[0]):
            if ended > reached and began < reached + wait:
                wait -= max(began - reached, timedelta())
                reached = ended
        return reached + wait

    def stands(self, row: Milestone) -> list[tuple[datetime, datetime]]:
        own = self.people[row.enrolment.client.email].holds if row.enrolment.client.email in self.people else []
        pauses = self.pauses if row.home.pk == self.spring else []
        return [(one.began_at, one.ended_at or self.at) for one in (*pauses, *own)]

    def calendar(self, row: Milestone | Enrolment) -> moments.Calendar:
        """Of the cohort of a milestone or of an enrolment."""
        cohort = row.home if isinstance(row, Milestone) else row.cohort
        happened = {"pauses": tuple(self.pauses), "shifts": tuple(self.shifts)} if cohort.pk == self.spring else {}
        return moments.Calendar(cohort.starts_on, cohort.zone, **happened)

    def schedule(self, enrolment: Enrolment) -> deadlines.Schedule:
        person = self.people[enrolment.client.email]
        calendar = self.calendar(enrolment).with_holds(tuple(person.holds))
        return deadlines.Schedule(calendar, tuple(person.zones), person.joined_at, tuple(person.named))

    def days_more(self, enrolment: Enrolment, week: int) -> int:
        """By how many days everything that is missing of a week is due later than the week itself."""
        schedule = self.schedule(enrolment)
        planned = moments.due_at(schedule.calendar, week, schedule.zones, at=self.at)
        due = min(self._dues(enrolment, week, schedule), default=schedule.week_due_at(week, at=self.at))
        place = schedule.zones[-1].zone
        return (moments.to_wall(due, place).date() - moments.to_wall(planned, place).date()).days

    def _dues(self, enrolment: Enrolment, week: int, schedule: deadlines.Schedule) -> list[datetime]:
        if not schedule.named or week != ALL_HANDED_IN:
            return []
        found = missing(enrolment, week).values_list("exercise", flat=True)
        return [schedule.exercise_due_at(pk, week, at=self.at) for pk in found]


def missing(enrolment: Enrolment, week: int):
    """What a week asks for and was never handed in."""
    asked = {"exercise__required": True, "exercise__counted": False, "exercise__kind__in": Exercise.OFFERED}
    return Submission.objects.filter(enrolment=enrolment, exercise__week__number=week, attempts_made=0, **asked)
