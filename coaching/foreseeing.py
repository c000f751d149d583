"""What a change of dates would do, before it is made.

The real operation is played in a transaction that is rolled back, so this says nothing the change would not do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from clients import deadlines, messaging
from clients.models import Cohort, Enrolment
from curriculum import moments

from .models import Milestone

PENDING = Milestone.State.PENDING


class Moved(NamedTuple):
    """One week that opens or is due at another time, as the clock of the zone shows it."""

    week: int
    was: datetime
    now: datetime
    zone: str

    @property
    def was_wall(self) -> datetime:
        return moments.to_wall(self.was, self.zone)

    @property
    def now_wall(self) -> datetime:
        return moments.to_wall(self.now, self.zone)


@dataclass(frozen=True)
class Person:
    """What it does to one client: due times that move, and how many planned messages move, go or come."""

    name: str
    zone: str
    dues: tuple[Moved, ...]
    moved: int
    cancelled: int
    added: int


@dataclass(frozen=True)
class Effect:
    """What it does to everybody. `opens` are weeks that open at another time, for all at once."""

    opens: tuple[Moved, ...]
    people: tuple[Person, ...]

    @property
    def moved(self) -> int:
        return sum(person.moved for person in self.people)

    @property
    def cancelled(self) -> int:
        return sum(person.cancelled for person in self.people)

    @property
    def added(self) -> int:
        return sum(person.added for person in self.people)

    @property
    def is_nothing(self) -> bool:
        return not self.opens and not any(person.dues or person.moved or person.cancelled for person in self.people)


@dataclass
class _Undo(Exception):
    """Carries the result out of the transaction it undoes."""

    effect: Effect


def foresee(change: Callable[[], object], enrolments: Iterable[Enrolment], cohort: Cohort, *, at: datetime) -> Effect:
    """What `change` would do to these clients. Raises its refusal, as making the change would."""
    people = [enrolment.pk for enrolment in enrolments]
    try:
        with transaction.atomic(), messaging.silence():
            before = _Now(people, cohort, at)
            change()
            raise _Undo(_compared(before, _Now(people, cohort, at)))
    except _Undo as undone:
        return undone.effect


class _Now:
    """All dates and plans of some clients, as they stand."""

    def __init__(self, people: list[int], cohort: Cohort, at: datetime):
        self.cohort = Cohort.objects.prefetch_related(*deadlines.OF_A_COHORT).get(pk=cohort.pk)
        calendar = self.cohort.calendar()
        weeks = list(self.cohort.edition.weeks.order_by("number").values_list("number", flat=True))
        rows = deadlines.with_calendar(Enrolment.objects.filter(pk__in=people)).order_by("client__name", "pk")
        self.clients = {row.pk: row for row in rows}
        self.opens = {week: moments.opens_at(calendar, week, at=at) for week in weeks}
        self.dues = {
            (pk, week): deadlines.week_due_at(row, week, at=at) for pk, row in self.clients.items() for week in weeks
        }
        planned = Milestone.objects.filter(enrolment__in=people, state=PENDING)
        self.plans = {pk: (enrolment, due) for pk, enrolment, due in planned.values_list("pk", "enrolment", "due_at")}


def _compared(before: _Now, after: _Now) -> Effect:
    zone = after.cohort.zone
    opens = (Moved(week, was, after.opens[week], zone) for week, was in before.opens.items())
    people = (_person(enrolment, before, after) for enrolment in after.clients.values())
    return Effect(tuple(one for one in opens if one.was != one.now), tuple(people))


def _person(enrolment: Enrolment, before: _Now, after: _Now) -> Person:
    zone = enrolment.client.zone
    theirs = ((week, was) for (pk, week), was in before.dues.items() if pk == enrolment.pk)
    dues = (Moved(week, was, after.dues[enrolment.pk, week], zone) for week, was in theirs)
    was = {pk: due for pk, (whose, due) in before.plans.items() if whose == enrolment.pk}
    now = {pk: due for pk, (whose, due) in after.plans.items() if whose == enrolment.pk}
    return Person(
        name=str(enrolment.client),
        zone=zone,
        dues=tuple(one for one in dues if one.was != one.now),
        moved=sum(was[pk] != now[pk] for pk in was.keys() & now.keys()),
        cancelled=len(was.keys() - now.keys()),
        added=len(now.keys() - was.keys()),
    )
