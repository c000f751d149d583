"""Where the rules put many planned moments now, each place looked for once."""

from collections.abc import Hashable
from datetime import datetime
from typing import Any, NamedTuple

from clients import deadlines
from clients.models import Attempt, Enrolment
from curriculum import editions
from curriculum.models import MilestonePlan

from . import plans
from .models import Milestone

Event, State = MilestonePlan.Event, Milestone.State


class Happening(NamedTuple):
    """When something is, by which a kind of milestone counts, and whom and what that is about."""

    kind: str
    began: datetime
    about: dict[str, Any]


class Places:
    """Where the rules put these moments now.

    Clients with the same dates share what a week has by itself, so that each such moment is looked for once.
    """

    def __init__(self, rows: list[Milestone], at: datetime):
        self.at, self.handed_in = at, _hand_ins(rows)
        self.rules: dict[int, dict[tuple[str, int], MilestonePlan]] = {}
        self.dates: dict[int, int] = {}
        self.numbers: dict[Hashable, int] = {}
        self.shared: dict[Hashable, tuple[datetime, datetime, str, int]] = {}

    def place(self, row: Milestone) -> None:
        """What is counted in hours stays where it is, unless from a hand-in: that clock may have stood still."""
        place = self._place_of(row) if row.enrolment_id else None
        if known := self.shared.get(place):
            row.due_at, row.wall, row.zone, row.plan_version = known
        elif row.kind == plans.DIGEST:
            row.due_at, row.zone = plans.due_at(row, at=self.at), row.person.zone
        elif (rule := _rule_of(row, self.rules)) is not None and not self._stays(rule):
            plans.place(row, rule, at=self.at, began=self.handed_in.get(row.object_id) if rule.hours else None)
            if place and not rule.starts_from:
                self.shared[place] = row.due_at, row.wall, row.zone, row.plan_version

    def _place_of(self, row: Milestone) -> Hashable:
        """What a moment of its week depends on. Clients with the same dates have the same ones."""
        dates, later = self._dates_of(row.enrolment), plans.days_later(row, at=self.at)
        return row.kind, row.rung, row.week, dates, later, plans.comes_again(row)

    def _stays(self, rule: MilestonePlan) -> bool:
        return rule.hours is not None and rule.starts_from != Event.HAND_IN

    def _dates_of(self, enrolment: Enrolment) -> int:
        """The same number for whoever has the same ones."""
        if enrolment.pk not in self.dates:
            found = deadlines.schedule_of(enrolment)
            whose = (enrolment.cohort_id, found.calendar, found.zones, enrolment.client.zone)
            self.dates[enrolment.pk] = self.numbers.setdefault(whose, len(self.numbers))
        return self.dates[enrolment.pk]


def _hand_ins(rows: list[Milestone]) -> dict[int | None, datetime]:
    """When what is watched over was handed in, in one query."""
    watched = [row.object_id for row in rows if row.kind.startswith("review.")]
    found = Attempt.objects.filter(pk__in=watched).values_list("pk", "handed_in_at") if watched else ()
    return dict(found)


def _rule_of(row: Milestone, known: dict[int, dict[tuple[str, int], MilestonePlan]]) -> MilestonePlan | None:
    """Its rule, each edition's read once; None for a kind its edition does not know."""
    edition = plans.edition_of(row)
    if edition.pk not in known:
        known[edition.pk] = editions.plans_of(edition)
    return known[edition.pk].get((row.kind, row.rung))


def stands(last: Milestone | None, fresh: Milestone, at: datetime) -> bool:
    """Whether nothing is to be done: it is where it belongs, or that is past and nothing waits."""
    if last and last.due_at == fresh.due_at and last.state != State.CANCELLED:
        return True
    return fresh.due_at <= at and not (last and last.state == State.PENDING)
