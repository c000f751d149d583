"""Milestones with whom they are for, and what their guards and letters ask, read for many together.

What is read is kept on the rows, so it is known as long as they are held: for one batch, or for one rehearsal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from clients import counted, deadlines, progress
from clients.models import Cohort, Enrolment, User

from . import caseload, guards, milestones
from .models import Milestone


@dataclass
class Company:
    """Clients, cohorts and people by their numbers, each read once."""

    enrolments: dict[int, Enrolment] = field(default_factory=dict)
    cohorts: dict[int, Cohort] = field(default_factory=dict)
    people: dict[int, User] = field(default_factory=dict)

    @classmethod
    def of(cls, enrolment: Enrolment) -> "Company":
        """One client, met already with their dates."""
        client, cohort = enrolment.client, enrolment.cohort
        return cls({enrolment.pk: enrolment}, {cohort.pk: cohort}, {client.pk: client})

    def forget(self, enrolment: int | None = None) -> None:
        """One client, or everybody: they did something, or something was done about them."""
        if enrolment is not None:
            self.enrolments.pop(enrolment, None)
            return
        for known in (self.enrolments, self.cohorts, self.people):
            known.clear()

    def meet(self, rows: Collection[Milestone]) -> None:
        self._meet_clients({row.enrolment_id for row in rows} - {None} - self.enrolments.keys())
        self._meet_cohorts({row.cohort_id for row in rows} - {None})
        wanted = {row.person_id for row in rows} - {None} - self.people.keys()
        if wanted:
            self.people |= User.objects.prefetch_related("zone_changes").in_bulk(wanted)

    def _meet_clients(self, wanted: set[int]) -> None:
        if not wanted:
            return
        rows = Enrolment.objects.select_related("client").prefetch_related(*deadlines.OF_A_CLIENT).in_bulk(wanted)
        self._meet_cohorts({row.cohort_id for row in rows.values()})
        for row in rows.values():
            row.cohort = self.cohorts[row.cohort_id]
        deadlines.keep_dates(rows.values())
        self.enrolments |= rows

    def _meet_cohorts(self, wanted: set[int]) -> None:
        if wanted := wanted - self.cohorts.keys():
            rows = Cohort.objects.select_related("edition").prefetch_related(*deadlines.OF_A_COHORT)
            found = rows.in_bulk(wanted)
            for cohort in found.values():
                cohort.keep_calendar()
            self.cohorts |= found


_known: ContextVar[Company | None] = ContextVar("known", default=None)


@contextmanager
def remembering(company: Company | None = None) -> Iterator[None]:
    """Whoever was met in here is not read again: for a rehearsal, in which nobody but the engine does anything.

    Who lets others act in between brings the `company`, and has it forget whom they act upon.
    """
    token = _known.set(company or Company())
    try:
        yield
    finally:
        _known.reset(token)


def with_whom(found: Iterable[Milestone]) -> list[Milestone]:
    """The rows with whom they are for, each client, cohort and person read once, however many rows they have."""
    rows, company = list(found), _known.get() or Company()
    company.meet(rows)
    for row in rows:
        if row.enrolment_id:
            row.enrolment = company.enrolments[row.enrolment_id]
        if row.cohort_id:
            row.cohort = company.cohorts[row.cohort_id]
        if row.person_id:
            row.person = company.people[row.person_id]
    return rows


def read_ahead(rows: Sequence[Milestone], *, at: datetime, letters: bool = False) -> None:
    """What the guards of these milestones ask, and their `letters`, in a number of queries that does not grow."""
    rows = [row for row in rows if row.kind in milestones.KINDS]
    of_clients = [row for row in rows if row.enrolment and row.week is not None]
    of_pieces = [row for row in of_clients if letters or milestones.KINDS[row.kind].guard in guards.OF_PIECES]
    _read_pieces(of_pieces)
    of_ledgers = {row.enrolment for row in of_clients if milestones.KINDS[row.kind].guard is guards.no_line_this_week}
    counted.read_ledgers(of_ledgers)
    _read_beside(of_clients, at)
    caseload.read_teams({row.home for row in rows if row.home})


def _read_pieces(rows: Iterable[Milestone]) -> None:
    fresh = [row for row in rows if not progress.is_read_ahead(row.enrolment, row.week)]
    if fresh:
        clients, weeks = {row.enrolment for row in fresh}, {row.week for row in fresh}
        progress.read_ahead(clients, weeks)
        counted.read_ahead(clients, weeks)


def _read_beside(rows: Iterable[Milestone], at: datetime) -> None:
    """Which other moments of the same week have come for the same client: of several only the last one counts."""
    asking = [row for row in rows if milestones.KINDS[row.kind].guard in guards.OF_THE_LAST]
    if not asking:
        return
    kinds = {row.kind for row in asking} | {"overdue.2"}
    come = Milestone.objects.filter(enrolment__in={row.enrolment_id for row in asking}, kind__in=kinds, due_at__lte=at)
    beside: dict[tuple[int, int], set[guards.Beside]] = defaultdict(set)
    for enrolment, week, kind, number, rung in come.values_list("enrolment", "week", "kind", "object_id", "rung"):
        beside[enrolment, week].add(guards.Beside(kind, number, rung))
    for row in asking:
        vars(row)["come_beside"] = beside[row.enrolment_id, row.week]
