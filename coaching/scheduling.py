"""Planning milestones: what lies ahead of an enrolment and what an attempt sets going, and planning anew.

Rows are a cache of the rules: every change of a schedule rewrites what is pending in its own transaction, and
what has fired is never touched. `firing` makes them happen.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction

from clients import deadlines, messaging
from clients.models import Attempt, Cohort, Enrolment, User
from curriculum import editions, moments
from curriculum.models import MilestonePlan

from . import milestones
from .models import Milestone

State = Milestone.State


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
    watch(attempt, enrolment, (p for p in plans.values() if p.hours is not None), occurrence=1)


def watch(attempt: Attempt, enrolment: Enrolment, plans: Iterable[MilestonePlan], *, occurrence: int) -> None:
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
