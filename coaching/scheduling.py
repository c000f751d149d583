"""The milestone engine: plan, re-plan, fire.

Beat, a nudge after a change, and `manage.py engine` all call `tick`; running them all at once is safe.
In one short transaction a milestone is claimed, asked again on live rows, has its effect, posts its
messages under unique keys and is marked. Locks are taken in the order cohort, enrolment, milestone,
message; a pause takes the cohort's row for itself, so it comes before a firing or after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from clients import deadlines, messaging
from clients.models import Attempt, Cohort, Enrolment, User
from curriculum import editions, moments
from curriculum.models import MilestonePlan

from . import milestones
from .models import Heartbeat, Milestone

BATCH = 50
TRIES_AT_MOST = 5
NOT_AFTER = {"nudge.midweek": timedelta(hours=12), "due.reminder": timedelta(hours=36)}

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


# --- Planning -------------------------------------------------------------------------------------


@transaction.atomic
def plan(enrolment: Enrolment, *, at: datetime) -> int:
    """Write down every weekly milestone that still lies ahead. Safe to run again: rows are unique."""
    enrolment = deadlines.with_calendar(Enrolment.objects.all()).get(pk=enrolment.pk)
    plans = editions.plans_of(enrolment.cohort.edition)
    weeks = set(enrolment.cohort.edition.weeks.values_list("number", flat=True))
    rows = [
        row
        for weekly in plans.values()
        if weekly.hours is None
        for week in sorted(weeks.intersection(weekly.weeks))
        if (row := _weekly(weekly, enrolment, week, at)).due_at > at
    ]
    return len(Milestone.objects.bulk_create(rows, ignore_conflicts=True))


def _weekly(weekly: MilestonePlan, enrolment: Enrolment, week: int, at: datetime) -> Milestone:
    due, zone = milestones.moment(weekly, enrolment, week, at=at), milestones.zone_of(weekly, enrolment)
    return Milestone(
        kind=weekly.kind,
        enrolment=enrolment,
        week=week,
        zone=zone,
        wall=_wall(due, zone),
        due_at=due,
        plan_version=enrolment.cohort.plan_version,
    )


def _wall(instant: datetime, zone: str) -> datetime:
    return moments.to_wall(instant, zone).replace(tzinfo=UTC)


@transaction.atomic
def plan_review(attempt: Attempt, *, at: datetime) -> None:
    """From a hand-in on, the promise of a review is watched."""
    enrolment = attempt.submission.enrolment
    plans = editions.plans_of(enrolment.cohort.edition)
    _watch(attempt, enrolment, (p for p in plans.values() if p.hours is not None), occurrence=1)


def _watch(attempt: Attempt, enrolment: Enrolment, plans: Iterable[MilestonePlan], *, occurrence: int) -> None:
    rows = [
        Milestone(
            kind=plan_.kind,
            enrolment=enrolment,
            week=attempt.submission.exercise.week.number,
            object_id=attempt.pk,
            occurrence=occurrence,
            due_at=attempt.handed_in_at + timedelta(hours=plan_.hours + (occurrence - 1) * (plan_.repeat_hours or 0)),
            plan_version=enrolment.cohort.plan_version,
        )
        for plan_ in plans
    ]
    Milestone.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def cancel_review(attempt: Attempt, *, reason: str) -> int:
    """The attempt no longer waits."""
    waiting = Milestone.objects.filter(kind__startswith="review.", object_id=attempt.pk, state=State.PENDING)
    return waiting.update(state=State.CANCELLED, reason=reason)


@transaction.atomic
def resume_review(attempt: Attempt, *, at: datetime) -> int:
    """The feedback was undone within its ten seconds: the promise is watched as before."""
    cancelled = Milestone.objects.filter(
        kind__startswith="review.", object_id=attempt.pk, state=State.CANCELLED, reason="feedback was sent"
    )
    return cancelled.update(state=State.PENDING, reason="")


@transaction.atomic
def cancel_all(enrolment: Enrolment, *, reason: str) -> int:
    """The client has left: nothing more comes."""
    messaging.cancel(reason, cohort=enrolment.cohort, person=enrolment.client)
    return Milestone.objects.filter(enrolment=enrolment, state=State.PENDING).update(
        state=State.CANCELLED, reason=reason
    )


@transaction.atomic
def replan_cohort(cohort: Cohort, *, at: datetime) -> int:
    """Dates moved: rewrite what is pending. What has fired is never touched."""
    return _replan(Enrolment.objects.filter(cohort=cohort), at)


@transaction.atomic
def replan_person(person: User, *, at: datetime) -> int:
    """The person's zone moved."""
    return _replan(Enrolment.objects.filter(client=person), at)


def _replan(enrolments, at: datetime) -> int:
    moved = 0
    for enrolment in deadlines.with_calendar(enrolments.active()).order_by("cohort", "pk"):
        plans = editions.plans_of(enrolment.cohort.edition)
        pending = enrolment.milestones.select_for_update().filter(state=State.PENDING).order_by("pk")
        rows = [row for row in pending if row.kind in plans and plans[row.kind].hours is None]
        for row in rows:
            fresh = _weekly(plans[row.kind], enrolment, row.week, at)
            moved += fresh.due_at != row.due_at
            row.due_at, row.wall, row.zone = fresh.due_at, fresh.wall, fresh.zone
            row.plan_version = fresh.plan_version
        Milestone.objects.bulk_update(rows, ["due_at", "wall", "zone", "plan_version"])
    return moved


# --- Firing ---------------------------------------------------------------------------------------


def tick(*, at: datetime, driver: str = "engine") -> Ticked:
    """Fire what is due and send what is ready, oldest first, a batch of each. Leaves a heartbeat."""
    fired, skipped = fire_due(at=at)
    sent = messaging.deliver(at=at)
    beat(at=at, driver=driver)
    return Ticked(fired, skipped, sent)


def beat(*, at: datetime, driver: str) -> None:
    """The engine looked, at this instant of the database's clock."""
    Heartbeat.objects.update_or_create(name="engine", defaults={"at": at, "detail": {"driver": driver}})


def fire_due(*, at: datetime, limit: int = BATCH) -> tuple[int, int]:
    """(fired, skipped) of the milestones due, each in a transaction of its own."""
    due = Milestone.objects.filter(
        state=State.PENDING,
        due_at__lte=at,
        enrolment__cohort__closed_at=None,
    ).exclude(enrolment__cohort__pauses__ended_at=None, enrolment__cohort__pauses__isnull=False)
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
    due = milestones.due_at(milestone, editions.plans_of(milestone.enrolment.cohort.edition)[milestone.kind], at=at)
    if due > at:
        milestone.due_at = due
        milestone.save(update_fields=["due_at"])
        return None
    if reason := milestones.reason_against(milestone, at=at):
        return _settle(milestone, State.SKIPPED, reason=reason)
    for audience in milestones.KINDS[milestone.kind].audience(milestone):
        _post(milestone, audience, at)
    _repeat(milestone)
    return _settle(milestone, State.FIRED, fired_at=at)


def _claimed(pk: int, at: datetime) -> Milestone | None:
    """The milestone, locked after its cohort, if it is still pending and its cohort goes on."""
    cohort = Milestone.objects.filter(pk=pk).values_list("enrolment__cohort", flat=True).first()
    held = list(Cohort.objects.raw("SELECT id FROM clients_cohort WHERE id = %s FOR SHARE SKIP LOCKED", [cohort]))
    if not held or Cohort.objects.filter(pk=cohort, pauses__ended_at=None, pauses__isnull=False).exists():
        return None
    return (
        Milestone.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related(*milestones.LOADED)
        .prefetch_related(*milestones.COUNTED)
        .filter(pk=pk, state=State.PENDING, due_at__lte=at)
        .first()
    )


def _post(milestone: Milestone, audience: milestones.Audience, at: datetime) -> None:
    wait = NOT_AFTER.get(milestone.kind)
    messaging.post(
        audience.kind,
        key=f"milestone:{milestone.pk}:{audience.kind}:{audience.person.pk}",
        to=audience.person,
        cohort=milestone.enrolment.cohort,
        about={"milestone": milestone.pk},
        at=at,
        not_after=milestone.due_at + wait if wait else None,
    )


def _repeat(milestone: Milestone) -> None:
    """What comes daily until its cause ends has its next occurrence planned now."""
    weekly = editions.plans_of(milestone.enrolment.cohort.edition)[milestone.kind]
    if weekly.repeat_hours:
        attempt = milestones.attempt_of(milestone)
        _watch(attempt, milestone.enrolment, [weekly], occurrence=milestone.occurrence + 1)


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
