"""What a change of dates would do, before it is made.

The real operation is played in a transaction that is rolled back, so this says nothing the change would not do.
Whether a planned message would still leave is asked of its guard where the change is about one client; for a whole
cohort that would take as long as sending, so only dates and what stands still are looked at.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from clients import deadlines, extending, messaging
from clients.models import Cohort, Enrolment, Extension, Message, Submission, User
from curriculum import moments
from curriculum.models import Exercise

from . import milestones
from .models import LiveSession, Milestone

PENDING = Milestone.State.PENDING
GOES, WAITS = "goes", "waits"  # or the reason why it does not


class Moved(NamedTuple):
    """One week that opens, is due or has its session at another time, as the clock of the zone shows it."""

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


class Single(NamedTuple):
    """One exercise or one planned message by itself. `was` is None where it was not asked for, or comes anew;
    `now` is None where it is not asked for any more, or falls away."""

    title: str
    week: int | None
    was: datetime | None
    now: datetime | None
    zone: str

    @property
    def was_wall(self) -> datetime | None:
        return moments.to_wall(self.was, self.zone) if self.was else None

    @property
    def now_wall(self) -> datetime | None:
        return moments.to_wall(self.now, self.zone) if self.now else None


@dataclass(frozen=True)
class Person:
    """What it does to one client: due times that move, and how many planned messages move, go, come or wait.

    `told` names the messages one by one, where the change is about one client.
    """

    name: str
    zone: str
    dues: tuple[Moved, ...]
    pieces: tuple[Single, ...]
    told: tuple[Single, ...]
    moved: int
    cancelled: int
    added: int
    waiting: int

    @property
    def is_listed(self) -> bool:
        """Whether there is anything to name one by one."""
        return bool(self.dues or self.pieces or self.told)

    @property
    def is_touched(self) -> bool:
        return bool(self.dues or self.pieces or self.moved or self.cancelled or self.added or self.waiting)


@dataclass(frozen=True)
class Shared:
    """What it does to planned messages that are for a whole cohort, its coaches or admins, each counted once."""

    moved: int
    cancelled: int
    added: int
    waiting: int

    @property
    def is_touched(self) -> bool:
        return bool(self.moved or self.cancelled or self.added or self.waiting)


@dataclass(frozen=True)
class Effect:
    """What it does to everybody. `opens` are weeks that open at another time, `sessions` are held at another time."""

    opens: tuple[Moved, ...]
    sessions: tuple[Moved, ...]
    people: tuple[Person, ...]
    shared: Shared

    @property
    def _counts(self) -> tuple[Person | Shared, ...]:
        return (*self.people, self.shared)

    @property
    def moved(self) -> int:
        return sum(one.moved for one in self._counts)

    @property
    def cancelled(self) -> int:
        return sum(one.cancelled for one in self._counts)

    @property
    def added(self) -> int:
        return sum(one.added for one in self._counts)

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self._counts)

    @property
    def moves_dates(self) -> bool:
        return bool(self.opens or self.sessions or any(person.dues or person.pieces for person in self.people))


@dataclass
class _Undo(Exception):
    """Carries the result out of the transaction it undoes."""

    effect: Effect


def foresee(
    change: Callable[[], object],
    enrolments: Iterable[Enrolment],
    cohort: Cohort,
    *,
    at: datetime,
    since: datetime | None = None,
) -> Effect:
    """What `change` would do to these clients. Raises its refusal, as making the change would.

    Dates that move day by day are compared with where they stood at `since`.
    """
    people = [enrolment.pk for enrolment in enrolments]
    try:
        with transaction.atomic(), messaging.silence():
            before = _Now(people, cohort, at=at, dates_at=since or at)
            change()
            raise _Undo(_compared(before, _Now(people, cohort, at=at, dates_at=at)))
    except _Undo as undone:
        return undone.effect


def more_time(submission: Submission, *, until: date, by: User, at: datetime) -> Effect:
    """What more time for a piece would do, once it is granted: by itself, or by a coach who says yes."""

    def change() -> None:
        made = extending.ask(submission, until=until, by=by, at=at)
        if made.state == Extension.State.ASKED:
            extending.answer(made, grant=True, by=by, at=at)

    enrolment = submission.enrolment
    return foresee(change, [enrolment], enrolment.cohort, at=at)


class _Planned(NamedTuple):
    """A planned message and what would become of it as things stand."""

    whose: int
    kind: str
    week: int | None
    due_at: datetime
    fate: str


class _Now:
    """All dates and plans of some clients, as they stand."""

    def __init__(self, people: list[int], cohort: Cohort, *, at: datetime, dates_at: datetime):
        self.at, self.dates_at = at, dates_at
        self.cohort = Cohort.objects.prefetch_related(*deadlines.OF_A_COHORT).get(pk=cohort.pk)
        rows = deadlines.with_calendar(Enrolment.objects.filter(pk__in=people)).order_by("client__name", "pk")
        self.clients = {row.pk: row for row in rows}
        self.schedules = {pk: deadlines.schedule_of(row) for pk, row in self.clients.items()}
        self.exercises = {
            one.pk: one for one in Exercise.objects.filter(edition=cohort.edition_id).select_related("week")
        }
        weeks = sorted(self.cohort.edition.weeks.values_list("number", flat=True))
        calendar = self.cohort.calendar()
        self.opens = {week: moments.opens_at(calendar, week, at=dates_at) for week in weeks}
        self.dues = {
            pk: {week: schedule.week_due_at(week, at=dates_at) for week in weeks}
            for pk, schedule in self.schedules.items()
        }
        planned = LiveSession.objects.filter(cohort=cohort, state=LiveSession.State.PLANNED)
        self.sessions = dict(planned.values_list("week", "starts_at"))
        self.plans: dict[int, dict[int, _Planned]] = {pk: {} for pk in self.clients}
        for number, one in self._planned():
            self.plans[one.whose][number] = one
        self.shared = dict(self._shared())

    def stands_still(self, pk: int) -> bool:
        return self.cohort.is_paused or self.clients[pk].is_on_hold

    def _planned(self) -> Iterator[tuple[int, _Planned]]:
        rows = Milestone.objects.filter(enrolment__in=self.clients, state=PENDING).order_by("due_at", "pk")
        if len(self.clients) > 1:
            for pk, whose, kind, week, due in rows.values_list("pk", "enrolment", "kind", "week", "due_at"):
                yield pk, _Planned(whose, kind, week, due, WAITS if self.stands_still(whose) else GOES)
            return
        for one in rows.select_related(*milestones.LOADED).prefetch_related(*milestones.COUNTED):
            yield one.pk, _Planned(one.enrolment_id, one.kind, one.week, one.due_at, self._fate(one))

    def _shared(self) -> Iterator[tuple[int, _Planned]]:
        """What names no client: sessions, ratings, the weekly note."""
        rows = Milestone.objects.filter(cohort=self.cohort, state=PENDING)
        for pk, kind, week, due in rows.values_list("pk", "kind", "week", "due_at"):
            yield pk, _Planned(0, kind, week, due, WAITS if self.cohort.is_paused else GOES)

    def _fate(self, row: Milestone) -> str:
        """Whether it would leave when it is due, if nobody did anything until then."""
        if self.stands_still(row.enrolment_id):
            return WAITS
        return milestones.reason_against(row, at=max(row.due_at, self.at)) or GOES

    def posted(self) -> Counter[int]:
        """How many messages to each are on their way and wait while they stand still."""
        here = {row.client_id: pk for pk, row in self.clients.items() if self.stands_still(pk)}
        going = [name for name, kind in messaging.kinds().items() if kind.outlives_pause]
        rows = Message.objects.filter(cohort=self.cohort, person__in=here, state=Message.State.QUEUED)
        return Counter(here[person] for person in rows.exclude(kind__in=going).values_list("person", flat=True))

    def piece_due_at(self, pk: int, exercise: int) -> datetime | None:
        """None where it is not asked for."""
        found = self.exercises[exercise]
        if deadlines.is_excused(self.clients[pk], found):
            return None
        return self.schedules[pk].exercise_due_at(exercise, found.week.number, at=self.dates_at)

    def agreed(self, pk: int) -> set[int]:
        """The exercises something was agreed about with this client."""
        excused = {one.exercise_id for one in self.clients[pk].excusals.all()}
        return excused | {one.exercise for one in self.schedules[pk].named}


# --- Compared -------------------------------------------------------------------------------------


def _compared(before: _Now, after: _Now) -> Effect:
    zone, posted = after.cohort.zone, after.posted()
    return Effect(
        opens=_moved(before.opens, after.opens, zone),
        sessions=_moved(before.sessions, after.sessions, zone),
        people=tuple(_person(pk, before, after, 0 if before.stands_still(pk) else posted[pk]) for pk in after.clients),
        shared=_of_all(before, after),
    )


def _of_all(before: _Now, after: _Now) -> Shared:
    messages = _Messages(before.shared, after.shared)
    return Shared(len(messages.moved), len(messages.gone), len(messages.come), len(messages.wait))


def _moved(was: dict[int, datetime], now: dict[int, datetime], zone: str) -> tuple[Moved, ...]:
    both = (Moved(week, was[week], now[week], zone) for week in sorted(was.keys() & now.keys()))
    return tuple(one for one in both if one.was != one.now)


def _person(pk: int, before: _Now, after: _Now, posted: int) -> Person:
    client = after.clients[pk].client
    messages = _Messages(before.plans[pk], after.plans[pk])
    return Person(
        name=str(client),
        zone=client.zone,
        dues=_moved(before.dues[pk], after.dues[pk], client.zone),
        pieces=_pieces(pk, before, after),
        told=messages.told(client.zone) if len(after.clients) == 1 else (),
        moved=len(messages.moved),
        cancelled=len(messages.gone),
        added=len(messages.come),
        waiting=len(messages.wait) + posted,
    )


class _Messages:
    """Which of somebody's planned messages move, fall away, come, and wait."""

    def __init__(self, was: dict[int, _Planned], now: dict[int, _Planned]):
        self.was, self.now = was, now
        left = {number for number, one in was.items() if one.fate in (GOES, WAITS)}
        leave = {number for number, one in now.items() if one.fate == GOES}
        wait = {number for number, one in now.items() if one.fate == WAITS}
        self.moved = {number for number in left & leave if was[number].due_at != now[number].due_at}
        going = {number for number, one in was.items() if one.fate == GOES}
        self.gone, self.come = going - leave - wait, leave - left
        self.wait = wait & going

    def told(self, zone: str) -> tuple[Single, ...]:
        """One by one, in order."""
        rows = [
            *((self.now[one], self.was[one].due_at, self.now[one].due_at) for one in self.moved),
            *((self.was[one], self.was[one].due_at, None) for one in self.gone),
            *((self.now[one], None, self.now[one].due_at) for one in self.come),
        ]
        rows.sort(key=lambda row: (row[2] or row[1], row[0].kind))
        return tuple(Single(milestones.KINDS[one.kind].meaning, one.week, was, now, zone) for one, was, now in rows)


def _pieces(pk: int, before: _Now, after: _Now) -> tuple[Single, ...]:
    """Exercises with a date of their own that moves, or that are asked for no more, or again."""
    found, zone = [], after.clients[pk].client.zone
    agreed = (after.exercises[number] for number in before.agreed(pk) | after.agreed(pk))
    for exercise in sorted(agreed, key=lambda one: (one.week.number, one.position)):
        was, now = before.piece_due_at(pk, exercise.pk), after.piece_due_at(pk, exercise.pk)
        if was != now:
            found.append(Single(exercise.title, exercise.week.number, was, now, zone))
    return tuple(found)
