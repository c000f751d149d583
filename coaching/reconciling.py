"""Reconciling: what is planned beside what the rules say now.

Planned moments are a cache of the rules. Every change rewrites them in its own transaction, so in steady state
nothing differs; the number that did is kept as a figure. Run hourly, at the start, after a restore and after a
change of the zones' rules.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from clients import engine, recording
from clients.models import Attempt, Cohort, Engine, Enrolment, Submission

from . import caseload, scheduling
from .models import Milestone

HOUR = timedelta(hours=1)
WAITS = (Submission.State.HANDED_IN, Submission.State.IN_REVIEW)


def reconcile(*, at: datetime) -> int:
    """The drift: how many planned moments were missing or elsewhere. Afterwards none is. One cohort a transaction."""
    drift = sum(_reconcile(cohort, at) for cohort in _going_on())
    with transaction.atomic():
        Engine.objects.get_or_create(pk=1)
        Engine.objects.filter(pk=1).update(drift=drift, reconciled_at=at)
        if drift:
            recording.record("reconciled", Engine(pk=1), by=None, at=at, note=f"{drift} planned moments differed")
    return drift


def reconcile_hourly(*, at: datetime) -> None:
    """Once an hour, whoever drives the engine and however often it is started."""
    last = engine.state().reconciled_at
    if last is None or not timedelta(0) <= at - last < HOUR:
        reconcile(at=at)


def _going_on() -> list[Cohort]:
    """A cohort that stands still is planned anew when it goes on."""
    open_ones = Cohort.objects.filter(closed_at=None).exclude(pauses__isnull=False, pauses__ended_at=None)
    return list(open_ones.order_by("pk"))


@transaction.atomic
def _reconcile(cohort: Cohort, at: datetime) -> int:
    held = Cohort.objects.select_for_update().get(pk=cohort.pk)
    before = _count(held)
    moved = scheduling.replan_cohort(held, at=at)
    scheduling.plan_cohort(held, at=at)
    for coach in caseload.coaches_of(held):
        scheduling.plan_coach(held, coach, at=at)
    for enrolment in Enrolment.objects.filter(cohort=held).active():
        scheduling.plan(enrolment, at=at)
    for attempt in _unwatched(held):
        scheduling.plan_review(attempt, at=at)
    return moved + _count(held) - before


def _count(cohort: Cohort) -> int:
    return Milestone.objects.of_cohort(cohort).count()


def _unwatched(cohort: Cohort) -> list[Attempt]:
    """Attempts that wait for a review whose promise nobody watches."""
    watched = Milestone.objects.filter(kind__startswith="review.", object_id=OuterRef("pk"))
    later = Attempt.objects.filter(submission=OuterRef("submission"), number__gt=OuterRef("number"))
    waiting = Attempt.objects.filter(
        submission__enrolment__cohort=cohort, submission__enrolment__state="active", submission__state__in=WAITS
    )
    return list(
        waiting.filter(~Exists(watched), ~Exists(later), taken_back=None)
        .select_related("submission__enrolment__cohort__edition", "submission__exercise__week")
        .order_by("pk")
    )
