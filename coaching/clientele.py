"""A coach's clients in one list: where the week stands for each, what comes next, and why they need their coach.

Those of the open cohorts somebody coaches now, as everywhere; whoever stands in meets them in the handover. A fixed
number of queries, however many cohorts and clients there are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import prefetch_related_objects

from clients import counted, deadlines
from clients.models import Cohort, Enrolment, User
from curriculum.models import Exercise

from . import caseload, risks, walkers
from .asked import AskedWeek
from .ground import DONE, EXCUSED, LOCKED, OPEN, Cell, Ground, State
from .models import LiveSession
from .walkers import Walker
from .worries import Risk

AHEAD = (LOCKED, OPEN, State.DRAFT)  # never handed in, and not late
Weeks = Mapping[int, AskedWeek | None]  # the one walked now, by cohort; None before the first
Reached = Mapping[int, list[dict[int, bool]]]


class Next(NamedTuple):
    """What comes next for a client: homework that is due, or a live session, which has a title."""

    at: datetime
    week: int
    session: str = ""


@dataclass(frozen=True)
class Row:
    """One client. `week` and `cell` are where they stand now, as the board has it; None before the first week.

    `next` is None where nothing comes: for who is through, on hold, or in a cohort that stands still. `risks` are those
    nobody has seen to, the longest first.
    """

    enrolment: int
    name: str
    cohort: Cohort
    week: int | None
    cell: Cell | None
    is_through: bool
    on_hold_since: datetime | None
    next: Next | None
    risks: tuple[Risk, ...]

    @property
    def more_risks(self) -> int:
        return len(self.risks[1:])


@dataclass(frozen=True)
class Clientele:
    """Everybody in the open cohorts, by name. `has_closed`: there are cohorts besides, which have their boards."""

    rows: tuple[Row, ...] = ()
    has_closed: bool = False


def of(coach: User, *, at: datetime) -> Clientele:
    """For whoever coaches; themselves left out, where they walk with a cohort of theirs."""
    mine = list(caseload.coached_by(coach).order_by("name", "pk"))
    cohorts = [one for one in mine if not one.is_closed]
    has_closed = len(cohorts) < len(mine)
    if not cohorts:
        return Clientele(has_closed=has_closed)
    prefetch_related_objects(cohorts, *deadlines.OF_A_COHORT)
    ground = Ground(cohorts, walkers.everybody(cohorts), at=at, levels=True)
    return Clientele(tuple(_rows(ground, coach)), has_closed)


def _rows(ground: Ground, coach: User) -> Iterator[Row]:
    worried = {one.enrolment: one.risks for one in risks.on(ground, but=coach)}
    now, sessions = _weeks_now(ground), _sessions(ground)
    reached = _reached(ground, now)
    for person in ground.people:
        if person.client == coach.pk:
            continue
        week, held = now[person.cohort], ground.own.on_hold_since(person.enrolment)
        cell = next(ground.cells(person, [week], reached.get(person.cohort, []))) if week else None
        dates = [*_dues(person, ground, week, cell), *sessions.get(person.cohort, ())]
        stands = _stands(person, ground, held)
        yield Row(
            enrolment=person.enrolment,
            name=person.name,
            cohort=ground.cohorts[person.cohort],
            week=week.number if week else None,
            cell=cell,
            is_through=person.state != Enrolment.State.ACTIVE,
            on_hold_since=held,
            next=None if stands else min((one for one in dates if one.at > ground.at), default=None),
            risks=tuple(sorted(worried.get(person.enrolment, ()), key=lambda risk: risk.since)),
        )


def _stands(person: Walker, ground: Ground, held: datetime | None) -> bool:
    """Whether nothing comes for them as things are."""
    is_through = person.state != Enrolment.State.ACTIVE
    return is_through or held is not None or ground.cohorts[person.cohort].is_paused


# --- Where the week stands ------------------------------------------------------------------------


def _weeks_now(ground: Ground) -> Weeks:
    """The last week that is open."""
    return {
        pk: max((one for one in weeks if ground.clocks[pk].is_open(one.number)), key=_number, default=None)
        for pk, weeks in ground.weeks.items()
    }


def _number(week: AskedWeek) -> int:
    return week.number


def _reached(ground: Ground, now: Weeks) -> Reached:
    """What is counted before week 1, for the cohorts that are there: one query for each kind, not for each cohort.

    Nobody keeps anything of a day to come, so the latest day on which one of them begins will do for all.
    """
    there = {pk: week for pk, week in now.items() if week is not None and week.main is None}
    until = max((ground.clocks[pk].opens_on(1) for pk in there), default=None)
    asked = {_kind(one): one for week in there.values() for one in week.counted}
    found = {kind: counted.reached_by(ground.whose, one, (None, until)) for kind, one in asked.items()}
    return {pk: [found[_kind(one)] for one in week.counted] for pk, week in there.items()}


def _kind(exercise: Exercise) -> str:
    return str(sorted(exercise.counts.items()))


# --- What comes next ------------------------------------------------------------------------------


def _dues(person: Walker, ground: Ground, week: AskedWeek | None, cell: Cell | None) -> Iterator[Next]:
    """When what was never handed in is due, the baseline as long as it is walked or still to come."""
    clock, schedule = ground.clocks[person.cohort], ground.own.schedules[person.enrolment]
    for one, there in ground.main_cells(person):
        if there.submission is None and there.state in AHEAD:
            yield Next(clock.due_at(one.main, one.number, schedule), one.number)
    for one in ground.weeks[person.cohort]:
        is_asked = week is None or (one is week and cell is not None and cell.state not in (DONE, EXCUSED))
        if one.main is None and is_asked:
            yield Next(clock.due_at(None, one.number, schedule), one.number)


def _sessions(ground: Ground) -> dict[int, list[Next]]:
    """The next live session of each cohort. One query."""
    rows = LiveSession.objects.filter(cohort__in=ground.cohorts, starts_at__gt=ground.at)
    first = rows.exclude(state=LiveSession.State.CANCELLED).order_by("cohort_id", "starts_at", "pk")
    found = first.distinct("cohort_id").values_list("cohort_id", "starts_at", "week", "title")
    return {cohort: [Next(starts_at, week, title)] for cohort, starts_at, week, title in found}
