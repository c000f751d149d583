"""The report as an admin reads it: of everybody or of a part, with nothing of fewer than five people, and nothing that
comparing the parts would give away.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from clients.models import Enrolment, User
from curriculum.small_groups import LEAST_FOR_ADMINS

from .. import graduates, roster
from . import Gathered, Report, ratings, showing
from .choice import Ground, Part, Wanted, opened
from .showing import Guard


@dataclass(frozen=True)
class Awaited:
    """A cohort that goes on, and when it is confirmed who has finished."""

    name: str
    over_at: datetime


def everybody(user: User) -> QuerySet[Enrolment]:
    """Whoever is or was in a cohort this person sets up; of nobody for anybody else."""
    return Enrolment.objects.filter(cohort__in=roster.cohorts_set_up_by(user).order_by().values("pk"))


def report(user: User, *, at: datetime, ground: Ground | None = None, wanted: Wanted | None = None) -> Report:
    """As it may be shown: of everybody, or of what was chosen."""
    ground, wanted = ground or Ground(user), wanted or Wanted()
    gathered, part = Gathered(everybody(user), at=at), ground.chosen(wanted)
    here = None if part == ground.everybody else part
    found = gathered.report(here, about=ground.about(wanted))
    return showing.shown(found, least=LEAST_FOR_ADMINS, guard=guard_of(ground, part, gathered))


def guard_of(ground: Ground, part: Part, gathered: Gathered) -> Guard:
    """What of one part is open beside all the others. How many moved which way is counted of everybody alone."""
    parts, closed, lines = ground.parts(), set(), {}
    for key, crowd in gathered.crowds().items():
        open_ones, blocks = opened(parts, crowd, least=LEAST_FOR_ADMINS)
        if part not in open_ones:
            closed.add(key)
        kind, _colon, competency = key.partition(":")
        if kind == "own":
            lines[key] = [ratings.lines(gathered.rated, competency, block) for block in blocks if block <= part]
    return Guard(frozenset(closed), counts=part == ground.everybody, lines=lines)


def is_empty(report: Report) -> bool:
    """Whether nobody has come to an end yet, so that there is nothing to compare."""
    return not report.failed and not report.who.completed and not any(one.own.mean.n for one in report.rated)


def awaited(user: User, *, at: datetime) -> list[Awaited]:
    """The cohorts that go on, the one that is over next first."""
    rows = roster.cohorts_set_up_by(user).filter(closed_at=None)
    found = [Awaited(cohort.name, graduates.over_at(cohort, at=at)) for cohort in rows]
    return sorted((one for one in found if one.over_at > at), key=lambda one: (one.over_at, one.name))
