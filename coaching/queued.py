"""Pieces of the queue as rows: whose they are, who has them, and the time that is left for each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from clients.models import User
from curriculum.prepared import Asked

from . import promises
from .promises import Promise


class Ref(NamedTuple):
    """Which row is meant and what it is called, where loading the row itself would be too much."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One piece waiting for feedback: names and numbers only, nothing of its text."""

    submission: Ref
    enrolment: int
    client: str
    cohort: Ref
    week: int
    title: str
    attempt: int
    is_late: bool
    handed_in_at: datetime
    promise: Promise
    claimed_by_id: int | None
    claimed_by: str
    claimed_at: datetime | None

    @property
    def promised_at(self) -> datetime:
        return self.promise.due_at

    @property
    def place(self) -> tuple[datetime, int]:
        """Where the row stands in the queue; the next page starts after it."""
        return self.handed_in_at, self.submission.pk

    @property
    def left(self) -> timedelta:
        """Time left on the promise; negative once it is broken."""
        return self.promise.left

    def is_free_for(self, coach: User) -> bool:
        return self.claimed_by_id in (None, coach.pk)


PIECE = (
    "pk", "enrolment_id", "enrolment__client__name", "enrolment__cohort_id", "enrolment__cohort__name",
    "exercise__week__number", "exercise__title", "attempts_made", "handed_in_at",
)  # fmt: skip


def rows_of(pieces: list[Any], *, at: datetime) -> list[QueueRow]:
    """Pieces of the queue with the time that is left for each. One query."""
    stops = promises.stops_by_enrolment(owners(pieces))
    return [_row(*piece, stops=stops.get(piece[1], ()), at=at) for piece in pieces]


def asks_about(pieces: list[Any]) -> tuple[Asked, ...]:
    """What `rows_of` asks."""
    return promises.asks_about(owners(pieces))


def owners(pieces: list[Any]) -> set[int]:
    """Whose pieces these are, by enrolment."""
    return {piece[1] for piece in pieces}


def _row(
    pk: int,
    enrolment: int,
    client: str,
    cohort: int,
    cohort_name: str,
    week: int,
    title: str,
    attempt: int,
    handed_in_at: datetime,
    held: dict[str, Any],
    *,
    stops: promises.Stops,
    at: datetime,
) -> QueueRow:
    return QueueRow(
        submission=Ref(pk, title),
        enrolment=enrolment,
        client=client,
        cohort=Ref(cohort, cohort_name),
        week=week,
        title=title,
        attempt=attempt,
        is_late=held["is_late"],
        handed_in_at=handed_in_at,
        promise=promises.of(handed_in_at, stops, at=at),
        claimed_by_id=held["coach"],
        claimed_by=held["name"] or "",
        claimed_at=datetime.fromisoformat(held["since"]) if held["since"] else None,
    )
