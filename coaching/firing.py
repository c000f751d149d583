"""The milestone engine: fire what is due, send what is ready.

A batch of milestones is leased and the try counted, in a transaction of its own, so that a row which ends its worker
is known for it. Then, in one short transaction, each is asked again on live rows, has its effect, posts its messages
under unique keys and is marked. What has failed once is tried alone from then on. Locks are taken in the order
cohort, enrolment, milestone, message; a pause takes the cohort's row for itself, so it comes before a firing or
after it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet

from clients import delivering, messaging
from clients.models import Cohort
from curriculum import editions
from curriculum.models import MilestonePlan

from . import gathering, milestones, plans, scheduling, together
from .models import Heartbeat, Milestone

BATCH = 50
AT_ONCE = 1_000  # of a rehearsal: everything that is due at one instant
TRIES_AT_MOST = 5
LEASE = timedelta(seconds=60)
GIVEN_UP = "given up after five tries"
STALE = "stale: too late to be of use"

State = Milestone.State
_among: ContextVar[Q | None] = ContextVar("among", default=None)


@contextmanager
def among(which: Q) -> Iterator[None]:
    """Only these milestones come due in here: a rehearsal for one cohort or one person leaves all others alone."""
    token = _among.set(which)
    try:
        yield
    finally:
        _among.reset(token)


@dataclass(frozen=True)
class Ticked:
    """What one tick did."""

    fired: int
    skipped: int
    sent: int

    @property
    def anything(self) -> bool:
        return bool(self.fired or self.skipped or self.sent)


@dataclass
class _Batch:
    """What became of the milestones of one transaction, and what they say."""

    at: datetime
    since: datetime | None
    fired: list[Milestone] = field(default_factory=list)
    skipped: dict[str, list[Milestone]] = field(default_factory=dict)
    moved: list[Milestone] = field(default_factory=list)
    posts: list[messaging.Post] = field(default_factory=list)
    parts: list[gathering.Part] = field(default_factory=list)
    rules: dict[int, dict[tuple[str, int], MilestonePlan]] = field(default_factory=dict)

    def rule_of(self, milestone: Milestone) -> MilestonePlan | None:
        """Each edition's rules are read once; a coach's morning has none."""
        if milestone.kind == plans.DIGEST:
            return None
        edition = plans.edition_of(milestone)
        if edition.pk not in self.rules:
            self.rules[edition.pk] = editions.plans_of(edition)
        return self.rules[edition.pk][milestone.kind, milestone.rung]

    def due_at(self, milestone: Milestone) -> datetime:
        """By the rows as they are now."""
        rule = self.rule_of(milestone)
        return plans.instant(milestone, rule, at=self.at) if rule else plans.due_at(milestone, at=self.at)


def tick(*, at: datetime, driver: str = "engine", since: datetime | None = None) -> Ticked:
    """Fire what is due and send what is ready, oldest first, a batch of each. Leaves a heartbeat.

    What was due before `since` is gathered into one message a person.
    """
    fired, skipped = fire_due(at=at, since=since)
    sent = delivering.deliver(at=at)
    beat(at=at, driver=driver)
    return Ticked(fired, skipped, sent)


def beat(*, at: datetime, driver: str) -> None:
    """The engine looked, at this instant of the database's clock: whoever did, and this driver."""
    Heartbeat.objects.update_or_create(name="engine", defaults={"at": at, "detail": {"driver": driver}})
    Heartbeat.objects.update_or_create(name=f"engine:{driver}", defaults={"at": at, "detail": {"driver": driver}})


def leave(driver: str) -> None:
    """It will not look again, and nobody is to miss it."""
    Heartbeat.objects.filter(name=f"engine:{driver}").delete()


def fire_due(*, at: datetime, limit: int = BATCH, since: datetime | None = None) -> tuple[int, int]:
    """(fired, skipped) of the milestones due: what is new to us together, what has failed before each by itself."""
    _bury(at)
    stale = _skip_stale(at, limit)
    found = _fire_safely(_lease(at, limit, attempts=0), at, since)
    while len(found) < limit and (alone := _lease(at, 1, attempts__gt=0)):
        found += _fire_safely(alone, at, since) or [""]
    return found.count(State.FIRED), found.count(State.SKIPPED) + stale


def skip_stale(*, at: datetime) -> int:
    """How many of those due are too late to be of use, and skipped for it."""
    return _skip_stale(at, AT_ONCE)


def fire_alone(*, at: datetime) -> bool:
    """Whether anything happened of all that is due at an instant, where nobody else can be there: in a rehearsal, which
    is rolled back, and in a past that is made up, which nobody sees before it is whole.

    Nothing is taken in hand, so it is as the engine does it with a third of the statements less; where a row is
    poisonous, the engine itself does it. Nothing here is late: whoever asks asks at every instant.
    """
    taken = list(due(at=at).values_list("pk", flat=True)[:AT_ONCE])
    try:
        return bool(taken and _fire(taken, at, None))
    except Exception:  # noqa: BLE001  whatever it is, the row will say so
        return any(fire_due(at=at, limit=AT_ONCE))


def due(*, at: datetime) -> QuerySet[Milestone]:
    """Pending, due, in nobody's hands, and its cohort goes on."""
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    rows = Milestone.objects.walking().filter(free, _among.get() or Q(), state=State.PENDING, due_at__lte=at)
    return rows.order_by("due_at", "pk")


# --- Before anything has an effect ----------------------------------------------------------------


@transaction.atomic
def _lease(at: datetime, limit: int, **which) -> list[int]:
    """Take some in hand and count the try; whoever dies over them has counted. What has failed most comes last."""
    rows = (
        due(at=at)
        .filter(**which)
        .order_by("attempts", "due_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))
    )
    taken = list(rows.values_list("pk", flat=True)[:limit])
    if taken:
        Milestone.objects.filter(pk__in=taken).update(attempts=F("attempts") + 1, lease_until=at + LEASE)
    return taken


def _bury(at: datetime) -> None:
    """What was tried as often as may be, and whoever tried it last did not come back."""
    due(at=at).filter(attempts__gte=TRIES_AT_MOST).update(state=State.DEAD, reason=GIVEN_UP)


@transaction.atomic
def _skip_stale(at: datetime, limit: int) -> int:
    """What is too late to be of use needs no guard: all of a kind in one statement."""
    stale = Q(pk=None)
    for usable_for, names in _lateness().items():
        stale |= Q(kind__in=names, due_at__lt=at - usable_for)
    rows = due(at=at).filter(stale).select_for_update(skip_locked=True, of=("self",))
    taken = list(rows.values_list("pk", flat=True)[: limit * 10])
    return Milestone.objects.filter(pk__in=taken).update(state=State.SKIPPED, reason=STALE) if taken else 0


@cache
def _lateness() -> dict[timedelta, list[str]]:
    """The kinds by how late they may be; a morning that was missed has a next one, and some are told whenever."""
    found: dict[timedelta, list[str]] = {}
    for kind in milestones.KINDS.values():
        if kind.usable_for is not None and kind.name != plans.DIGEST:
            found.setdefault(kind.usable_for, []).append(kind.name)
    return found


# --- The effect -----------------------------------------------------------------------------------


def _fire_safely(taken: list[int], at: datetime, since: datetime | None) -> list[str]:
    """One poisonous row is known by its tries and, after some, set aside; the others go on."""
    if not taken:
        return []
    try:
        return _fire(taken, at, since)
    except Exception as error:  # noqa: BLE001  whatever it is, the row says so
        if len(taken) > 1:
            return [state for pk in taken for state in _fire_safely([pk], at, since)]
        _blame(taken[0], error)
        return []


def _fire(taken: list[int], at: datetime, since: datetime | None) -> list[str]:
    batch, held = _effect(taken, at, since)
    if left := set(taken) - held:
        _give_back(left)
    skipped = sum(len(rows) for rows in batch.skipped.values())
    return [*[State.FIRED] * len(batch.fired), *[State.SKIPPED] * skipped]


@transaction.atomic
def _effect(taken: list[int], at: datetime, since: datetime | None) -> tuple[_Batch, set[int]]:
    """Ask again, post, mark: all of it or nothing. Also which of them could be held."""
    batch, held = _Batch(at, since), _held(taken, at)
    together.read_ahead(held, at=at)
    for milestone in held:
        _decide(milestone, batch)
    messaging.post_all(batch.posts, at=at)
    if batch.parts:
        gathering.gather(batch.parts, since=since, at=at)
    for milestone in held:
        _follow(milestone, batch)
    _settle(batch)
    return batch, {milestone.pk for milestone in held}


def _held(taken: Iterable[int], at: datetime) -> list[Milestone]:
    """The milestones, locked after their cohorts, that are still pending and whose cohorts go on."""
    ids = Milestone.objects.filter(pk__in=taken).values_list("enrolment__cohort", "cohort")
    going = _cohorts_going_on({pk for pair in ids for pk in pair if pk})
    return together.with_whom(
        Milestone.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(enrolment__cohort__in=going) | Q(cohort__in=going) | Q(enrolment=None, cohort=None))
        .filter(pk__in=taken, state=State.PENDING, due_at__lte=at)
        .order_by("due_at", "pk")
    )


def _cohorts_going_on(cohorts: set[int]) -> set[int]:
    """Held shared until the transaction ends. A cohort that is just being paused is left for the next look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM clients_cohort WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED", [sorted(cohorts)]
        )
        held = {pk for (pk,) in cursor.fetchall()}
    paused = Cohort.objects.filter(pk__in=held, pauses__isnull=False, pauses__ended_at=None)
    return held - set(paused.values_list("pk", flat=True))


def _decide(milestone: Milestone, batch: _Batch) -> None:
    """Not yet, by the rows as they are now; or no more, and why; or whom it tells."""
    moved = batch.due_at(milestone)
    if moved > batch.at:
        milestone.due_at = moved
        batch.moved.append(milestone)
    elif reason := milestones.reason_against(milestone, at=batch.at):
        batch.skipped.setdefault(reason, []).append(milestone)
    else:
        batch.fired.append(milestone)
        for audience in milestones.told(milestone):
            _tell(milestone, audience, batch)


def _tell(milestone: Milestone, audience: milestones.Audience, batch: _Batch) -> None:
    if batch.since and milestone.due_at <= batch.since and audience.person:
        batch.parts.append((audience.person, milestone, audience.kind))
        return
    keeps = milestones.KINDS[milestone.kind].keeps
    batch.posts.append(
        messaging.Post(
            audience.kind,
            key=f"milestone:{milestone.pk}:{audience.kind}:{audience.name}",
            to=audience.person,
            address=audience.address,
            cohort=milestone.home,
            about={"milestone": milestone.pk},
            not_after=milestone.due_at + keeps if keeps else None,
        )
    )


def _follow(milestone: Milestone, batch: _Batch) -> None:
    """What repeats, and a coach's mornings, have their next one planned now."""
    rule = batch.rule_of(milestone)
    if (rule is None or rule.repeat_hours) and milestone not in batch.moved:
        scheduling.follow(milestone, fired=milestone in batch.fired, at=batch.at)


def _settle(batch: _Batch) -> None:
    _mark(batch.fired, state=State.FIRED, fired_at=batch.at)
    for reason, rows in batch.skipped.items():
        _mark(rows, state=State.SKIPPED, reason=reason)
    for row in batch.moved:
        _mark([row], due_at=row.due_at, attempts=0)


def _mark(rows: Sequence[Milestone], **changes) -> None:
    if rows:
        Milestone.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=None, **changes)


# --- Afterwards -----------------------------------------------------------------------------------


def _give_back(left: Iterable[int]) -> None:
    """Its cohort stands still, or somebody else holds the row: that was no try."""
    rows = Milestone.objects.filter(pk__in=left, state=State.PENDING, attempts__gt=0)
    rows.update(attempts=F("attempts") - 1, lease_until=None)


@transaction.atomic
def _blame(pk: int, error: Exception) -> None:
    """The row says what happened, and waits for its lease to end. A database that is away is nobody's fault."""
    if isinstance(error, OperationalError):
        return _give_back([pk])
    row = Milestone.objects.select_for_update().get(pk=pk)
    if row.state != State.PENDING:
        return None
    row.last_error = f"{type(error).__name__}: {error}"[:300]
    if row.attempts >= TRIES_AT_MOST:
        row.state, row.reason = State.DEAD, GIVEN_UP
    return row.save(update_fields=["last_error", "state", "reason"])
