"""Reading the engine and the outbox for whoever watches over messages: counts, times, reasons, names.

Never a text: not of homework, not of feedback, not of a mail. `cohort` None is everything.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from clients import messaging
from clients.models import Cohort, Message

from .models import Heartbeat, Milestone
from .models.milestone import MilestoneQuerySet

QUIET = timedelta(seconds=90)  # without a look of the engine; the amber bar is there within two minutes
AHEAD = timedelta(hours=24)
ROWS = 25

State = Message.State
UNSENT = (State.QUEUED, State.SENDING)
FAILED = (State.DEAD, State.UNKNOWN)


@dataclass(frozen=True)
class Beat:
    """When the engine looked last, and who drove it."""

    at: datetime | None
    age: timedelta
    driver: str
    is_stale: bool


@dataclass
class KindRow:
    """One kind of message and how many of them are where."""

    name: str
    meaning: str
    due: int = 0
    waiting: int = 0
    sent: int = 0
    held: int = 0
    cancelled: int = 0
    failed: int = 0
    seeded: int = 0


@dataclass(frozen=True)
class Reason:
    """Why something did not leave, and how often."""

    what: str
    reason: str
    count: int


@dataclass(frozen=True)
class Coming:
    """Milestones of one kind that come due at one instant."""

    at: datetime
    meaning: str
    cohort: str
    count: int


@dataclass(frozen=True)
class Line:
    """One message or, as `is_moment`, milestone by itself: what it is about, for whom, when. `pk` where it can be tried
    again.
    """

    meaning: str
    to: str
    cohort: str
    at: datetime
    reason: str = ""
    error: str = ""
    tries: int = 0
    pk: int | None = None
    is_moment: bool = False
    maybe_twice: bool = False


@dataclass(frozen=True)
class Health:
    """Everything the message health page shows."""

    beat: Beat
    kinds: list[KindRow]
    total: KindRow
    reasons: list[Reason]
    oldest_at: datetime | None
    coming: list[Coming]
    coming_count: int
    sent: list[Line]
    failed: list[Line]

    @property
    def is_quiet(self) -> bool:
        """Nothing waits that is due, nothing has failed, and the engine looks."""
        return not (self.beat.is_stale or self.total.due or self.failed)


def health(*, at: datetime, cohort: Cohort | None = None) -> Health:
    """The state of the outbox at an instant; the number of queries does not grow with it."""
    found, planned = _messages(cohort), _milestones(cohort)
    kinds = _kinds(found, at)
    coming = _coming(planned, at)
    return Health(
        beat=beat(at=at),
        kinds=kinds,
        total=_total(kinds),
        reasons=_reasons(found, planned),
        oldest_at=found.filter(state__in=UNSENT, available_at__lte=at).aggregate(at=Min("available_at"))["at"],
        coming=coming[:ROWS],
        coming_count=sum(row.count for row in coming),
        sent=[_line(row, row.sent_at) for row in found.filter(state=State.SENT).order_by("-sent_at", "-pk")[:ROWS]],
        failed=_failed(found, planned),
    )


def beat(*, at: datetime) -> Beat:
    """The engine's last look, by the database's clock."""
    row = Heartbeat.objects.filter(name="engine").first()
    if row is None:
        return Beat(None, timedelta(0), "", is_stale=True)
    age = max(at - row.at, timedelta(0))
    return Beat(row.at, age, str(row.detail.get("driver", "")), is_stale=age > QUIET)


def meanings() -> dict[str, str]:
    """What each kind is about, in an admin's words; a milestone's kind is the kind of its message to the client."""
    return {name: kind.meaning for name, kind in messaging.kinds().items()}


def _meaning(kind: str) -> str:
    return meanings().get(kind, kind)


def pending_count(cohort: Cohort) -> int:
    """How many messages are planned or on their way for a cohort: what a pause holds back."""
    planned = _milestones(cohort).filter(state=Milestone.State.PENDING).count()
    not_held = [name for name, kind in messaging.kinds().items() if kind.outlives_pause]
    return planned + _messages(cohort).filter(state__in=UNSENT).exclude(kind__in=not_held).count()


def failed() -> QuerySet[Message]:
    """What can be tried once more: given up, or nobody knows whether it arrived."""
    return Message.objects.filter(state__in=FAILED)


def given_up() -> QuerySet[Milestone]:
    """Moments that broke whoever handled them, five times."""
    return Milestone.objects.filter(state=Milestone.State.DEAD)


def _messages(cohort: Cohort | None) -> QuerySet[Message]:
    rows = Message.objects.select_related("person", "cohort")
    return rows if cohort is None else rows.filter(cohort=cohort)


def _milestones(cohort: Cohort | None) -> MilestoneQuerySet:
    return Milestone.objects.all() if cohort is None else Milestone.objects.of_cohort(cohort)


def _line(message: Message, at: datetime) -> Line:
    return Line(
        meaning=_meaning(message.kind),
        to=str(message.person or message.address),
        cohort=message.cohort.name if message.cohort else "",
        at=at,
        reason=message.reason,
        error=message.last_error,
        tries=message.attempts,
        pk=message.pk if message.state in FAILED else None,
        maybe_twice=message.maybe_twice,
    )


def _failed(found: QuerySet[Message], planned: MilestoneQuerySet) -> list[Line]:
    """Messages that were given up, then milestones."""
    given_up = found.filter(state__in=FAILED).order_by("-available_at", "-pk")[:ROWS]
    dead = planned.filter(state=Milestone.State.DEAD).select_related(
        "enrolment__client", "enrolment__cohort", "cohort", "person"
    )
    return [_line(row, row.available_at) for row in given_up] + [
        Line(
            meaning=_meaning(row.kind),
            to=str(row.reader or ""),
            cohort=row.home.name if row.home else "",
            at=row.due_at,
            reason=row.reason,
            error=row.last_error,
            tries=row.attempts,
            pk=row.pk,
            is_moment=True,
        )
        for row in dead.order_by("-due_at")[:ROWS]
    ]


def _kinds(found: QuerySet[Message], at: datetime) -> list[KindRow]:
    """One row for each kind there is a message of, in the order the kinds are registered in."""
    due = Count("pk", filter=Q(state__in=UNSENT, available_at__lte=at))
    counted = found.order_by().values("kind", "state").annotate(count=Count("pk"), due=due)
    rows = {name: KindRow(name, meaning) for name, meaning in meanings().items()}
    seen = set()
    for entry in counted:
        seen.add(entry["kind"])
        _add(rows.setdefault(entry["kind"], KindRow(entry["kind"], entry["kind"])), entry)
    return [row for name, row in rows.items() if name in seen]


def _add(row: KindRow, entry: Mapping[str, Any]) -> None:
    state, count = entry["state"], entry["count"]
    if state in UNSENT:
        row.due += entry["due"]
        row.waiting += count - entry["due"]
    elif state in FAILED:
        row.failed += count
    else:
        setattr(row, state, getattr(row, state) + count)


def _total(kinds: list[KindRow]) -> KindRow:
    total = KindRow("", "")
    for name in ("due", "waiting", "sent", "held", "cancelled", "failed", "seeded"):
        setattr(total, name, sum(getattr(row, name) for row in kinds))
    return total


def _reasons(found: QuerySet[Message], planned: MilestoneQuerySet) -> list[Reason]:
    """Why messages and milestones came to nothing, or wait, the most frequent first."""
    waits = Q(state__in=[State.HELD, State.CANCELLED, *FAILED, *UNSENT]) & ~Q(reason="")
    stopped = Q(state__in=[Milestone.State.SKIPPED, Milestone.State.CANCELLED, Milestone.State.DEAD])
    counts: Counter = Counter()
    for rows in (found.filter(waits), planned.filter(stopped)):
        for entry in rows.order_by().values("state", "reason").annotate(count=Count("pk")):
            counts[_outcome(entry["state"]), entry["reason"]] += entry["count"]
    return [Reason(what, reason, count) for (what, reason), count in sorted(counts.items(), key=lambda c: -c[1])]


def _outcome(state: str) -> str:
    """The few words of the page for the states of both tables."""
    if state in (State.CANCELLED, Milestone.State.SKIPPED, Milestone.State.CANCELLED):
        return "cancelled"
    return {"dead": "failed", "unknown": "failed", "held": "held"}.get(state, "waiting")


def _coming(planned: MilestoneQuerySet, at: datetime) -> list[Coming]:
    """What comes due within a day where the cohort goes on, kinds and instants together."""
    rows = (
        planned.walking()
        .filter(state=Milestone.State.PENDING, due_at__gt=at, due_at__lte=at + AHEAD)
        .annotate(home=Coalesce("cohort__name", "enrolment__cohort__name", Value("")))
        .order_by("due_at", "kind")
        .values("due_at", "kind", "home")
        .annotate(count=Count("pk"))
    )
    return [Coming(row["due_at"], _meaning(row["kind"]), row["home"], row["count"]) for row in rows]
