"""Reconciling: what is planned beside what the rules say now.

Planned moments are a cache of the rules. Every change rewrites them in its own transaction, so in steady state
nothing differs; the number that did is kept as a figure. Run hourly, at the start, after a restore and by the first
of another version, of the product or of the zones' rules.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from clients import engine, recording
from clients.models import Attempt, Cohort, Engine, Submission

from . import calls, caseload, convening, scheduling
from .models import Call, Feedback, LiveSession, Milestone
from .places import Happening

HOUR = timedelta(hours=1)
RULES = f"{settings.VERSION}, zones {version('tzdata')}"  # by which this process reconciles
WAITS = (Submission.State.HANDED_IN, Submission.State.IN_REVIEW)


def reconcile(*, at: datetime) -> int:
    """The drift: how many planned moments were missing or elsewhere. Afterwards none is. One cohort a transaction."""
    drift = sum(plan_anew(cohort, at=at) for cohort in _going_on())
    with transaction.atomic():
        drift += scheduling.plan_alumni(at=at)
        Engine.objects.get_or_create(pk=1)
        Engine.objects.filter(pk=1).update(drift=drift, reconciled_at=at, reconciled_by=RULES)
        if drift:
            recording.record("reconciled", Engine(pk=1), by=None, at=at, note=f"{drift} planned moments differed")
    return drift


def reconcile_hourly(*, at: datetime) -> None:
    """Once an hour, whoever drives the engine and however often it is started; at once where the rules are others."""
    state = engine.state()
    last = state.reconciled_at
    if last is None or state.reconciled_by != RULES or not timedelta(0) <= at - last < HOUR:
        reconcile(at=at)


def _going_on() -> list[Cohort]:
    """A cohort that stands still is planned anew when it goes on."""
    open_ones = Cohort.objects.filter(closed_at=None).exclude(pauses__isnull=False, pauses__ended_at=None)
    return list(open_ones.order_by("pk"))


@transaction.atomic
def plan_anew(cohort: Cohort, *, at: datetime) -> int:
    """Everything of one cohort, where the rules put it; how many planned moments were missing or elsewhere."""
    held = Cohort.objects.select_for_update(of=("self",)).select_related("edition").get(pk=cohort.pk)
    held.keep_calendar()
    moved = convening.replan(held, at=at) + scheduling.replan_cohort(held, at=at)
    moved += scheduling.follow_what_happens(held.edition, list(_happenings(held, at)), at=at)
    before = _count(held)
    scheduling.plan_cohort(held, at=at)
    for coach in caseload.coaches_of(held):
        scheduling.plan_coach(held, coach, at=at)
    scheduling.plan_clients(held, at=at)
    for attempt in _unwatched(held):
        scheduling.plan_review(attempt, at=at)
    return moved + _count(held) - before


def _happenings(cohort: Cohort, at: datetime) -> Iterator[Happening]:
    """Sessions to come, calls that are booked, and what is asked for once more."""
    for session in LiveSession.objects.filter(cohort=cohort, state=LiveSession.State.PLANNED):
        kind = scheduling.SESSION if session.week else scheduling.KICK_OFF
        about = {"cohort": cohort, "week": session.week, "object_id": session.pk}
        yield Happening(kind, session.starts_at, about)
    booked = Call.objects.filter(enrolment__cohort=cohort, enrolment__state="active", state=Call.State.BOOKED)
    for call in booked.select_related("slot", "enrolment"):
        call.enrolment.cohort, starts = cohort, call.slot.starts_at
        about = {"enrolment": call.enrolment, "week": calls.week_of(cohort, starts, at=at), "object_id": call.pk}
        yield Happening(scheduling.CALL, starts, about)
    for feedback in _asked_again(cohort):
        piece = feedback.attempt.submission
        piece.enrolment.cohort = cohort
        about = {"enrolment": piece.enrolment, "week": piece.exercise.week.number, "object_id": feedback.pk}
        yield Happening(scheduling.REVISE, feedback.shown_from, about)


def _asked_again(cohort: Cohort) -> QuerySet[Feedback]:
    """Where another attempt was asked for and was not handed in yet."""
    later = Attempt.objects.filter(
        submission=OuterRef("attempt__submission"), number__gt=OuterRef("attempt__number"), taken_back=None
    )
    asked = Feedback.objects.filter(verdict=Feedback.Verdict.ANOTHER, attempt__submission__enrolment__cohort=cohort)
    open_ones = asked.filter(~Exists(later), attempt__submission__enrolment__state="active")
    return open_ones.select_related("attempt__submission__enrolment", "attempt__submission__exercise__week")


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
