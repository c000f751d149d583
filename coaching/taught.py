"""The editions there are, which cohorts walk them, and what changed from one to another. For admins.

A published edition is frozen, so what two of them differ in is put together once a process.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Prefetch, QuerySet

from clients.models import Cohort, User
from curriculum import changes, editions
from curriculum.changes import Change
from curriculum.models import Edition

from . import caseload


@dataclass(frozen=True)
class Row:
    """One edition, the published one before it in its programme, and who walks it."""

    edition: Edition
    before: Edition | None
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True)
class Difference:
    """Everything that changed, the weightiest class first."""

    old: Edition
    new: Edition
    breaking: tuple[Change, ...]
    additive: tuple[Change, ...]
    cosmetic: tuple[Change, ...]

    @property
    def is_none(self) -> bool:
        return not (self.breaking or self.additive or self.cosmetic)


def visible_to(user: User) -> QuerySet[Edition]:
    """Every edition for admins, drafts as well; for everybody else none."""
    return Edition.objects.select_related("programme") if caseload.is_admin(user) else Edition.objects.none()


def rows(user: User) -> list[Row]:
    """The newest of each programme first, drafts before it. Two queries."""
    walked = Prefetch("cohorts", Cohort.objects.order_by("-starts_on", "name"))
    found = visible_to(user).prefetch_related(walked).order_by("programme__title", "number", "pk")
    return list(_rows(found))[::-1]


def _rows(found: QuerySet[Edition]) -> Iterator[Row]:
    before: Edition | None = None
    for edition in found:
        known = before if before and before.programme_id == edition.programme_id else None
        yield Row(edition, known, tuple(edition.cohorts.all()))
        before = edition if edition.is_published else known


def difference(old: Edition, new: Edition) -> Difference:
    """From one to the other, in words."""
    frozen = old.is_published and new.is_published
    found = _between(old.pk, new.pk) if frozen else editions.compare(old, new)
    by_class = {kind: tuple(one for one in found if one.kind == kind) for kind in changes.CLASSES}
    return Difference(old, new, **by_class)


@lru_cache(maxsize=64)
def _between(old: int, new: int) -> tuple[Change, ...]:
    both = Edition.objects.select_related("programme").in_bulk([old, new])
    return editions.compare(both[old], both[new])
