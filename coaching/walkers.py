"""Who is on a board, and what of the dates is each client's own: plain tuples, a fixed number of queries."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from clients import deadlines
from clients.deadlines import Named, Schedule
from clients.models import Cohort, Enrolment, Excusal, Extension, Hold, ZoneChange
from curriculum.moments import Calendar, Pause, ZoneFrom

WHOLE = 250  # a cohort of up to so many is shown whole,
WINDOW = 100  # a larger one in windows


class Walker(NamedTuple):
    """One client of the cohort."""

    enrolment: int
    client: int
    name: str
    zone: str
    seen_at: datetime | None
    joined_at: datetime


def walkers(cohort: Cohort, page: int | None) -> tuple[list[Walker], bool, bool]:
    """(the clients to show, whether they are a window, whether there are more behind it). One query."""
    everybody = Enrolment.objects.filter(cohort=cohort).exclude(state=Enrolment.State.WITHDRAWN)
    rows = everybody.order_by("client__name", "pk").values_list(*_COLUMNS)
    if page is None:
        return [Walker(*row) for row in rows], False, False
    start = (page - 1) * WINDOW
    wanted = rows[: WHOLE + 1] if page == 1 else rows[start : start + WINDOW + 1]
    people = [Walker(*row) for row in wanted]
    is_window = page > 1 or len(people) > WHOLE
    return (people[:WINDOW], True, len(people) > WINDOW) if is_window else (people, False, False)


_COLUMNS = ("pk", "client_id", "client__name", "client__zone", "seen_at", "joined_at")


class Own:
    """What of the dates is each client's own, and what they are excused from. Four queries, mostly without rows."""

    def __init__(self, cohort: Cohort, people: list[Walker], calendar: Calendar):
        self.cohort = cohort
        self._holds = self._read_holds()
        self.excused: dict[int, set[int]] = defaultdict(set)
        moves = self._moves()
        zones = {person.enrolment: _history(person, moves.get(person.client, [])) for person in people}
        named = self._named(zones)
        self.schedules = {
            person.enrolment: Schedule(
                calendar.with_holds(tuple(self._holds.get(person.enrolment, ()))),
                zones[person.enrolment],
                person.joined_at,
                tuple(named.get(person.enrolment, ())),
            )
            for person in people
        }

    def on_hold_since(self, enrolment: int) -> datetime | None:
        return next((hold.began_at for hold in self._holds.get(enrolment, ()) if hold.ended_at is None), None)

    def _moves(self) -> dict[int, list[tuple[datetime, str, str]]]:
        moves = defaultdict(list)
        changes = ZoneChange.objects.filter(person__enrolments__cohort=self.cohort).order_by("at", "pk")
        for person, changed_at, old, new in changes.values_list("person_id", "at", "old_zone", "new_zone"):
            moves[person].append((changed_at, old, new))
        return moves

    def _read_holds(self) -> dict[int, list[Pause]]:
        holds = defaultdict(list)
        rows = Hold.objects.filter(enrolment__cohort=self.cohort).order_by("began_at")
        for enrolment, began_at, ended_at in rows.values_list("enrolment_id", "began_at", "ended_at"):
            holds[enrolment].append(Pause(began_at, ended_at))
        return holds

    def _named(self, zones: dict[int, tuple[ZoneFrom, ...]]) -> dict[int, list[Named]]:
        """Days granted and excusals that ended; also notes what is excused now."""
        named = defaultdict(list)
        granted = Extension.objects.filter(enrolment__cohort=self.cohort, state=Extension.State.GRANTED)
        rows = granted.order_by().values_list("enrolment_id", "exercise_id", "until", "decided_at")
        for enrolment, exercise, until, decided_at in rows:
            named[enrolment].append(Named(exercise, until, decided_at))
        excusals = Excusal.objects.filter(enrolment__cohort=self.cohort).order_by()
        for enrolment, exercise, ended_at in excusals.values_list("enrolment_id", "exercise_id", "ended_at"):
            if ended_at is None:
                self.excused[enrolment].add(exercise)
            elif enrolment in zones:
                named[enrolment].append(deadlines.asked_again(exercise, ended_at, zones[enrolment]))
        return named


def _history(person: Walker, moves: list[tuple[datetime, str, str]]) -> tuple[ZoneFrom, ...]:
    if not moves:
        return (ZoneFrom(None, person.zone),)
    return (ZoneFrom(None, moves[0][1]), *(ZoneFrom(changed_at, new) for changed_at, _old, new in moves))
