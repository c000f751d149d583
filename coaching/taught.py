"""The editions there are, what is in one, which cohorts walk them, and what changed between two. For admins.

A published edition is frozen, so what two of them differ in is put together once a process.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Prefetch, QuerySet

from clients.models import Cohort, User
from curriculum import changes, contents, editions, outline, publishing
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

    @property
    def change(self) -> str:
        """The class of the newer one against the older: that of its weightiest change."""
        return changes.class_of((*self.breaking, *self.additive, *self.cosmetic))

    @property
    def reasons(self) -> tuple[Change, ...]:
        """What makes it that."""
        return self.breaking or self.additive or self.cosmetic


def visible_to(user: User) -> QuerySet[Edition]:
    """Every edition for admins, drafts as well; for everybody else none."""
    return (
        Edition.objects.select_related("programme", "follows__programme")
        if caseload.is_admin(user)
        else Edition.objects.none()
    )


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


@dataclass(frozen=True)
class Opened:
    """One edition in figures; what it changes, where there is one before; why a draft cannot be published."""

    edition: Edition
    weeks: tuple[outline.Row, ...]
    total: tuple[str, ...]
    since: Difference | None
    refusal: Exception | None

    @property
    def first_reasons(self) -> tuple[Change, ...]:
        return self.since.reasons[:SHOWN] if self.since else ()

    @property
    def more_reasons(self) -> int:
        return max(0, len(self.since.reasons) - SHOWN) if self.since else 0


SHOWN = 5  # reasons, before the whole list


def opened(edition: Edition) -> Opened:
    """A draft is compared with what is published now, a published one with the one it followed."""
    whole = contents.of(edition)
    weeks = outline.rows(whole)
    before = edition.follows if edition.is_published else editions.last_numbered(edition)
    since = difference(before, edition) if before else None
    refusal = publishing.publish_refusal(edition)
    return Opened(edition, tuple(weeks), outline.total(weeks, whole), since, refusal)


def walking(edition: Edition) -> QuerySet[Cohort]:
    """The open cohorts on it."""
    return edition.cohorts.filter(closed_at=None).order_by("-starts_on", "name")


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
