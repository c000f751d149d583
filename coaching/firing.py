"""The milestone engine: fire what is due, send what is ready.

Beat, a nudge after a change, and `manage.py engine` all call `tick`; running them all at once is safe.
In one short transaction a milestone is claimed, asked again on live rows, has its effect, posts its
messages under unique keys and is marked. Locks are taken in the order cohort, enrolment, milestone,
message; a pause takes the cohort's row for itself, so it comes before a firing or after it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from clients import delivering, messaging
from clients.models import Cohort

from . import milestones, plans, scheduling
from .models import Heartbeat, Milestone

BATCH = 50
TRIES_AT_MOST = 5

State = Milestone.State


@dataclass(frozen=True)
class Ticked:
    """What one tick did."""

    fired: int
    skipped: int
    sent: int

    @property
    def anything(self) -> bool:
        return bool(self.fired or self.skipped or self.sent)


def tick(*, at: datetime, driver: str = "engine") -> Ticked:
    """Fire what is due and send what is ready, oldest first, a batch of each. Leaves a heartbeat."""
    fired, skipped = fire_due(at=at)
    sent = delivering.deliver(at=at)
    beat(at=at, driver=driver)
    return Ticked(fired, skipped, sent)


def beat(*, at: datetime, driver: str) -> None:
    """The engine looked, at this instant of the database's clock."""
    Heartbeat.objects.update_or_create(name="engine", defaults={"at": at, "detail": {"driver": driver}})


def fire_due(*, at: datetime, limit: int = BATCH) -> tuple[int, int]:
    """(fired, skipped) of the milestones due, each in a transaction of its own."""
    due = Milestone.objects.walking().filter(state=State.PENDING, due_at__lte=at)
    outcomes = [_fire_safely(pk, at) for pk in due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit]]
    return outcomes.count(State.FIRED), outcomes.count(State.SKIPPED)


def _fire_safely(pk: int, at: datetime) -> str | None:
    """One poisonous row is counted and, after some tries, set aside; the others go on."""
    try:
        return _fire(pk, at)
    except Exception as error:  # noqa: BLE001  whatever it is, the row says so
        _blame(pk, error)
        return None


@transaction.atomic
def _fire(pk: int, at: datetime) -> str | None:
    milestone = _claimed(pk, at)
    if milestone is None:
        return None
    due = plans.due_at(milestone, at=at)
    if due > at:
        milestone.due_at = due
        milestone.save(update_fields=["due_at"])
        return None
    if reason := milestones.reason_against(milestone, at=at):
        scheduling.follow(milestone, fired=False, at=at)
        return _settle(milestone, State.SKIPPED, reason=reason)
    for audience in milestones.KINDS[milestone.kind].audience(milestone):
        _post(milestone, audience, at)
    scheduling.follow(milestone, fired=True, at=at)
    return _settle(milestone, State.FIRED, fired_at=at)


def _claimed(pk: int, at: datetime) -> Milestone | None:
    """The milestone, locked after its cohort, if it is still pending and its cohort goes on."""
    home = Coalesce("cohort", "enrolment__cohort")
    cohort = Milestone.objects.filter(pk=pk).values_list(home, flat=True).first()
    held = list(Cohort.objects.raw("SELECT id FROM clients_cohort WHERE id = %s FOR SHARE SKIP LOCKED", [cohort]))
    if (cohort and not held) or Cohort.objects.filter(pk=cohort, pauses__ended_at=None, pauses__isnull=False).exists():
        return None
    return (
        Milestone.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related(*milestones.LOADED)
        .prefetch_related(*milestones.COUNTED)
        .filter(pk=pk, state=State.PENDING, due_at__lte=at)
        .first()
    )


def _post(milestone: Milestone, audience: milestones.Audience, at: datetime) -> None:
    wait = milestones.KINDS[milestone.kind].keeps
    messaging.post(
        audience.kind,
        key=f"milestone:{milestone.pk}:{audience.kind}:{audience.name}",
        to=audience.person,
        address=audience.address,
        cohort=milestone.home,
        about={"milestone": milestone.pk},
        at=at,
        not_after=milestone.due_at + wait if wait else None,
    )


def _settle(milestone: Milestone, state: str, **changes) -> str:
    for name, content in {"state": state, **changes}.items():
        setattr(milestone, name, content)
    milestone.save(update_fields=["state", *changes])
    return state


@transaction.atomic
def _blame(pk: int, error: Exception) -> None:
    row = Milestone.objects.select_for_update().get(pk=pk)
    if row.state != State.PENDING:
        return
    row.attempts, row.last_error = row.attempts + 1, f"{type(error).__name__}: {error}"[:300]
    if row.attempts >= TRIES_AT_MOST:
        row.state, row.reason = State.DEAD, "given up after five tries"
    row.save(update_fields=["attempts", "last_error", "state", "reason"])
