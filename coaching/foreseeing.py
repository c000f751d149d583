"""What a change of dates would do, before it is made.

The real operation is played in a transaction that is rolled back, so this says nothing the change would not do.
Whether a planned message would still leave is asked of its guard where the change is about one client; for a whole
cohort that would take as long as sending, so only dates and what stands still are looked at.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from clients import choosing, deadlines, dues, extending, messaging
from clients.models import Cohort, Enrolment, Extension, Message, Submission, User
from curriculum import moments
from curriculum.models import Exercise, Week

from . import calls, milestones
from .foreseen import Effect, Letter, Moved, Person, Shared, Single
from .models import Call, LiveSession, Milestone

PENDING = Milestone.State.PENDING
Found = TypeVar("Found")
GOES, WAITS = "goes", "waits"  # or the reason why it does not


@dataclass
class _Undo(Exception):
    """Carries what was found out of the transaction it undoes."""

    found: object


def foresee(
    change: Callable[[], object],
    enrolments: Iterable[Enrolment],
    cohort: Cohort,
    *,
    at: datetime,
    since: datetime | None = None,
    reader: User | None = None,
) -> Effect:
    """What `change` would do to these clients. Raises its refusal, as making the change would.

    Dates that move day by day are compared with where they stood at `since`. Of calls `reader` is told what they may
    see of them.
    """
    people = [enrolment.pk for enrolment in enrolments]
    look = partial(Now, people, cohort, taught(cohort), at=at, reader=reader)
    return played(change, partial(look, dates_at=since or at), lambda was: compared(was, look(dates_at=at)))


def more_time(submission: Submission, *, until: date, by: User, at: datetime) -> Effect:
    """What more time for a piece would do, once it is granted: by itself, or by a coach who says yes."""

    def change() -> None:
        made = extending.ask(submission, until=until, by=by, at=at)
        if made.state == Extension.State.ASKED:
            extending.answer(made, grant=True, by=by, at=at)

    enrolment = submission.enrolment
    return foresee(change, [enrolment], enrolment.cohort, at=at)


def another_zone(person: User, *, zone: str, at: datetime) -> Effect:
    """What living by another clock would do: in each cohort they walk with, and to what is planned for them alone."""
    change = partial(choosing.choose, person, zone=zone, at=at)
    walks = Enrolment.objects.active().filter(client=person, cohort__closed_at=None).select_related("cohort")
    found = [replace(_of_one(change, walk, at), name=walk.cohort.name) for walk in walks.order_by("pk")]
    own = played(change, partial(_own, person), lambda was: _Messages(was, _own(person)))
    found.append(Person(name=_("For you alone"), zone=zone, told=own.told(zone), **own.counts()))
    return Effect(people=tuple(one for one in found if one.is_touched))


def _of_one(change: Callable[[], object], enrolment: Enrolment, at: datetime) -> Person:
    (person,) = foresee(change, [enrolment], enrolment.cohort, at=at).people
    return person


def played(change: Callable[[], object], before: Callable[[], Any], told: Callable[[Any], Found]) -> Found:
    """What comes of comparing what was there before the change with what is there after it; then it is undone."""
    try:
        with transaction.atomic(), messaging.silence():
            was = before()
            change()
            raise _Undo(told(was))
    except _Undo as undone:
        return cast(Found, undone.found)


class Planned(NamedTuple):
    """A planned message and what would become of it as things stand."""

    whose: int
    kind: str
    week: int | None
    due_at: datetime
    fate: str


def _own(person: User) -> dict[int, Planned]:
    """What is planned for somebody and is about no client: a coach's mornings."""
    rows = Milestone.objects.filter(person=person, enrolment=None, state=PENDING)
    found = rows.values_list("pk", "kind", "week", "due_at")
    return {pk: Planned(0, kind, week, due, GOES) for pk, kind, week, due in found}


class _Taught(NamedTuple):
    """What no change of dates changes."""

    exercises: dict[int, Exercise]
    weeks: list[int]


def taught(cohort: Cohort, *others: int) -> _Taught:
    """In its edition, and in others that it may go over to."""
    editions = [cohort.edition_id, *others]
    exercises = Exercise.objects.filter(edition__in=editions).select_related("week")
    weeks = Week.objects.filter(edition__in=editions).order_by("number").values_list("number", flat=True).distinct()
    return _Taught({one.pk: one for one in exercises}, list(weeks))


class Now:
    """All dates and plans of some clients, as they stand."""

    def __init__(
        self,
        people: list[int],
        cohort: Cohort,
        taught: _Taught,
        *,
        at: datetime,
        dates_at: datetime,
        reader: User | None,
    ):
        self.at, self.dates_at = at, dates_at
        self.cohort = Cohort.objects.prefetch_related(*deadlines.OF_A_COHORT).get(pk=cohort.pk)
        rows = deadlines.with_calendar(Enrolment.objects.filter(pk__in=people)).order_by("client__name", "pk")
        self.clients = {row.pk: row for row in rows}
        self.schedules = {pk: deadlines.schedule_of(row) for pk, row in self.clients.items()}
        self.exercises, weeks = taught
        calendar = self.cohort.calendar()
        self.opens = {week: moments.opens_at(calendar, week, at=dates_at) for week in weeks}
        self.dues = {pk: {week: self._week_due_at(pk, week) for week in weeks} for pk in self.clients}
        self.sessions = self._sessions()
        self.calls = self._calls(reader)
        self.plans: dict[int, dict[int, Planned]] = {pk: {} for pk in self.clients}
        for number, one in self._planned():
            self.plans[one.whose][number] = one
        self.outbox: dict[int, dict[int, Planned]] = {pk: {} for pk in self.clients}
        for number, one in self._queued():
            self.outbox[one.whose][number] = one
        self.shared = dict(self._shared())
        self.newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0

    def stands_still(self, pk: int) -> bool:
        return self.cohort.is_paused or self.clients[pk].is_on_hold

    def _week_due_at(self, pk: int, week: int) -> datetime | None:
        """None where nothing is asked of them any more."""
        due = self.schedules[pk].week_due_at(week, at=self.dates_at)
        if dues.is_excused(self.clients[pk], week):
            return None
        return due if self.clients[pk].is_active or due <= self.at else None

    def _sessions(self) -> dict[int, Single]:
        rows = LiveSession.objects.filter(cohort=self.cohort, state=LiveSession.State.PLANNED)
        when = ((row, row.starts_at) for row in rows)
        return {row.pk: Single(row.title, row.week, starts, starts, self.cohort.zone) for row, starts in when}

    def _calls(self, reader: User | None) -> dict[int, Single]:
        """By whose it is, those that `reader` may see."""
        if reader is None:
            return {}
        rows = calls.visible_to(reader).filter(enrolment__in=self.clients, state=Call.State.BOOKED)
        return {
            row.enrolment_id: Single(
                calls.title_for_client(row), None, row.slot.starts_at, row.slot.starts_at, row.enrolment.client.zone
            )
            for row in rows
        }

    def _planned(self) -> Iterator[tuple[int, Planned]]:
        rows = Milestone.objects.filter(enrolment__in=self.clients, state=PENDING).order_by("due_at", "pk")
        if len(self.clients) > 1:
            for pk, whose, kind, week, due in rows.values_list("pk", "enrolment", "kind", "week", "due_at"):
                yield pk, Planned(whose, kind, week, due, WAITS if self.stands_still(whose) else GOES)
            return
        for one in rows.select_related(*milestones.LOADED).prefetch_related(*milestones.COUNTED):
            yield one.pk, Planned(one.enrolment_id, one.kind, one.week, one.due_at, self._fate(one))

    def _shared(self) -> Iterator[tuple[int, Planned]]:
        """What names no client: sessions, ratings, the weekly note."""
        rows = Milestone.objects.filter(cohort=self.cohort, state=PENDING)
        for pk, kind, week, due in rows.values_list("pk", "kind", "week", "due_at"):
            yield pk, Planned(0, kind, week, due, WAITS if self.cohort.is_paused else GOES)

    def _fate(self, row: Milestone) -> str:
        """Whether it would leave when it is due, if nobody did anything until then."""
        if self.stands_still(row.enrolment_id):
            return WAITS
        return milestones.reason_against(row, at=max(row.due_at, self.at)) or GOES

    def _queued(self) -> Iterator[tuple[int, Planned]]:
        """What is in the outbox for each of them, by numbers that no planned moment has."""
        whose, kinds = {row.client_id: pk for pk, row in self.clients.items()}, messaging.kinds()
        rows = Message.objects.filter(cohort=self.cohort, person__in=whose, state=Message.State.QUEUED)
        for pk, kind, person, leaves_at in rows.values_list("pk", "kind", "person", "available_at"):
            waits = self.stands_still(whose[person]) and not kinds[kind].outlives_pause
            yield -pk, Planned(whose[person], kind, None, leaves_at, WAITS if waits else GOES)

    def letters(self, since: int) -> tuple[Letter, ...]:
        """What the change itself has written, to whom."""
        rows = Message.objects.filter(pk__gt=since, posted_at=self.at, cohort=self.cohort).select_related("person")
        named = ((row.person.name if row.person else row.address, messaging.kinds()[row.kind].meaning) for row in rows)
        return tuple(sorted(Letter(to, title) for to, title in named))

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


def compared(before: Now, after: Now) -> Effect:
    """The same people before and after a change."""
    zone = after.cohort.zone
    return Effect(
        opens=_moved(before.opens, after.opens, zone),
        sessions=_singles(before.sessions, after.sessions),
        people=tuple(_person(pk, before, after) for pk in after.clients),
        shared=Shared(**_Messages(before.shared, after.shared).counts()),
        letters=after.letters(before.newest),
    )


def _moved(was: dict[int, Any], now: dict[int, Any], zone: str) -> tuple[Moved, ...]:
    both = (Moved(week, was[week], now[week], zone) for week in sorted(was.keys() & now.keys()))
    return tuple(one for one in both if one.was != one.now)


def _singles(was: dict[int, Single], now: dict[int, Single]) -> tuple[Single, ...]:
    """Those that are at another time, come or fall away, the earliest first."""
    both = [(was.get(key), now.get(key)) for key in was.keys() | now.keys()]
    found = [
        replace(one, was=was_.was if was_ else None, now=now_.now if now_ else None)
        for was_, now_ in both
        if (one := now_ or was_) and (was_ is None or now_ is None or was_.now != now_.now)
    ]
    return tuple(sorted(found, key=lambda one: (one.now or one.was, one.title)))


def _person(pk: int, before: Now, after: Now) -> Person:
    client = after.clients[pk].client
    still_queued = {number: one for number, one in after.outbox[pk].items() if number in before.outbox[pk]}
    messages = _Messages(before.plans[pk] | before.outbox[pk], after.plans[pk] | still_queued)
    call = ({pk: now.calls[pk]} if pk in now.calls else {} for now in (before, after))
    return Person(
        name=str(client),
        zone=client.zone,
        dues=_moved(before.dues[pk], after.dues[pk], client.zone),
        pieces=_pieces(pk, before, after),
        calls=_singles(*call),
        told=messages.told(client.zone) if len(after.clients) == 1 else (),
        **messages.counts(),
    )


def _meaning(kind: str) -> str:
    """Of a planned moment, or of a message that is written."""
    return (milestones.KINDS.get(kind) or messaging.kinds()[kind]).meaning


class _Messages:
    """Which of somebody's planned messages move, fall away, come, and wait."""

    def __init__(self, was: dict[int, Planned], now: dict[int, Planned]):
        self.was, self.now = was, now
        left = {number for number, one in was.items() if one.fate in (GOES, WAITS)}
        leave = {number for number, one in now.items() if one.fate == GOES}
        wait = {number for number, one in now.items() if one.fate == WAITS}
        self.moved = {number for number in left & leave if was[number].due_at != now[number].due_at}
        going = {number for number, one in was.items() if one.fate == GOES}
        self.gone, self.come = going - leave - wait, leave - left
        self.wait = wait & going

    def counts(self) -> dict[str, Any]:
        """How many of each."""
        found = {"moved": self.moved, "cancelled": self.gone, "added": self.come, "waiting": self.wait}
        return {name: len(numbers) for name, numbers in found.items()}

    def told(self, zone: str) -> tuple[Single, ...]:
        """One by one, in order."""
        rows = [
            *((self.now[one], self.was[one].due_at, self.now[one].due_at) for one in self.moved),
            *((self.was[one], self.was[one].due_at, None) for one in self.gone),
            *((self.now[one], None, self.now[one].due_at) for one in self.come),
        ]
        rows.sort(key=lambda row: (row[2] or row[1], row[0].kind))
        return tuple(Single(_meaning(one.kind), one.week, was, now, zone) for one, was, now in rows)


def _pieces(pk: int, before: Now, after: Now) -> tuple[Single, ...]:
    """Exercises with a date of their own that moves, or that are asked for no more, or again."""
    found, zone = [], after.clients[pk].client.zone
    agreed = (after.exercises[number] for number in before.agreed(pk) | after.agreed(pk))
    for exercise in sorted(agreed, key=lambda one: (one.week.number, one.position)):
        was, now = before.piece_due_at(pk, exercise.pk), after.piece_due_at(pk, exercise.pk)
        if was != now:
            found.append(Single(exercise.title, exercise.week.number, was, now, zone))
    return tuple(found)
