"""The kinds of milestone: when each still makes sense, whom it is for, how late it may be.

A guard is asked three times on live rows: when the milestone fires, when its message leaves, and in a
rehearsal. It gives the reason why not, in words an admin reads, or None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clients import counted, deadlines, progress
from clients.attempts import latest_attempt
from clients.models import Attempt, Enrolment, Submission, User
from curriculum import moments
from curriculum.models import MilestonePlan

from . import caseload
from .models import Claim, Milestone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Audience:
    """One message to one person: `kind` names how it reads."""

    kind: str
    person: User


@dataclass(frozen=True)
class Kind:
    """How one kind of milestone behaves. `usable_for`: a milestone older than this is skipped as stale."""

    name: str
    meaning: str
    guard: Callable[[Milestone, datetime], str | None]
    audience: Callable[[Milestone], list[Audience]]
    usable_for: timedelta


# --- Guards ---------------------------------------------------------------------------------------


def _enrolment_reason(enrolment: Enrolment, at: datetime) -> str | None:
    if not enrolment.is_active:
        return "the client has left the cohort"
    return "the cohort is closed" if enrolment.cohort.is_closed else None


def _unlock(milestone: Milestone, at: datetime) -> str | None:
    opens = deadlines.opens_at(milestone.enrolment, milestone.week, at=at)
    return "the week is not open" if opens > at else None


def _nothing_started(milestone: Milestone, at: datetime) -> str | None:
    main = main_piece(milestone.enrolment, milestone.week)
    started = main is not None and (main.is_started or main.attempts_made)
    return "the main exercise is started" if started or main is None else None


def _due_soon(milestone: Milestone, at: datetime) -> str | None:
    if deadlines.week_due_at(milestone.enrolment, milestone.week, at=at) <= at:
        return "the due time has passed"
    return _something_missing(milestone, at)


def _something_missing(milestone: Milestone, at: datetime) -> str | None:
    enrolment, week = milestone.enrolment, milestone.week
    missing = progress.is_anything_missing(enrolment, week) or counted.missing(enrolment, week, at=at)
    return None if missing else "everything required is handed in"


def _first_overdue(milestone: Milestone, at: datetime) -> str | None:
    if deadlines.week_due_at(milestone.enrolment, milestone.week, at=at) > at:
        return "the due time has not passed"
    higher = Milestone.objects.filter(
        kind="overdue.2", enrolment=milestone.enrolment, week=milestone.week, due_at__lte=at
    )
    return "the second reminder is due as well" if higher.exists() else _something_missing(milestone, at)


def _second_overdue(milestone: Milestone, at: datetime) -> str | None:
    if deadlines.week_due_at(milestone.enrolment, milestone.week, at=at) > at:
        return "the due time has not passed"
    return _something_missing(milestone, at)


def _still_waits(milestone: Milestone, at: datetime) -> str | None:
    attempt = attempt_of(milestone)
    if attempt is None or hasattr(attempt, "taken_back"):
        return "the client took it back"
    waits = attempt.submission.state in (Submission.State.HANDED_IN, Submission.State.IN_REVIEW)
    latest = latest_attempt(attempt.submission)
    return None if waits and latest and latest.pk == attempt.pk else "feedback was sent"


# --- Audiences ------------------------------------------------------------------------------------


def _client(milestone: Milestone) -> list[Audience]:
    return [Audience(milestone.kind, milestone.enrolment.client)]


def _client_and_coaches(milestone: Milestone) -> list[Audience]:
    coaches = caseload.coaches_of(milestone.enrolment.cohort)
    return _client(milestone) + [Audience(f"{milestone.kind}.coach", coach) for coach in coaches]


def _reviewers(milestone: Milestone) -> list[Audience]:
    """Whoever has claimed it, else every coach of the cohort."""
    claim = Claim.objects.filter(attempt=milestone.object_id).select_related("coach").first()
    people = [claim.coach] if claim else list(caseload.coaches_of(milestone.enrolment.cohort))
    return [Audience(milestone.kind, person) for person in people]


def _reviewers_and_admins(milestone: Milestone) -> list[Audience]:
    reviewers = _reviewers(milestone)
    known = {audience.person.pk for audience in reviewers}
    return reviewers + [Audience("review.breach.admin", admin) for admin in caseload.admins() if admin.pk not in known]


# Lateness: nudges older than twelve hours are skipped; a due reminder is worth a day and only before the
# due time; the overdue ladder and reviews keep for three days, the highest rung only.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("week.unlock", "a week opens", _unlock, _client, 3 * DAY),
        Kind("nudge.midweek", "Thursday, nothing started", _nothing_started, _client, 12 * HOUR),
        Kind("due.reminder", "due tomorrow", _due_soon, _client, DAY),
        Kind("overdue.1", "two days overdue", _first_overdue, _client, 3 * DAY),
        Kind("overdue.2", "five days overdue", _second_overdue, _client_and_coaches, 3 * DAY),
        Kind("review.warn", "24 hours left for a review", _still_waits, _reviewers, DAY),
        Kind("review.breach", "a review is over its promise", _still_waits, _reviewers_and_admins, 3 * DAY),
    )
}


def reason_against(milestone: Milestone, *, at: datetime) -> str | None:
    """Why this milestone has no effect at this instant, or None."""
    kind = KINDS[milestone.kind]
    if at - milestone.due_at > kind.usable_for:
        return "stale: too late to be of use"
    return guard_reason(milestone, at=at)


def guard_reason(milestone: Milestone, *, at: datetime) -> str | None:
    """The guard alone, whatever the hour: also asked when a message leaves."""
    return _enrolment_reason(milestone.enrolment, at) or KINDS[milestone.kind].guard(milestone, at)


# --- Readings -------------------------------------------------------------------------------------


def main_piece(enrolment: Enrolment, week: int) -> Submission | None:
    return (
        Submission.objects.filter(enrolment=enrolment, exercise__week__number=week, exercise__role="main")
        .select_related("exercise__week")
        .first()
    )


# What a milestone's guard and letter read, in a fixed number of queries.
LOADED = ("enrolment__client", "enrolment__cohort__edition")
COUNTED = ("enrolment__cohort__pauses", "enrolment__client__zone_changes")


def attempt_of(milestone: Milestone) -> Attempt | None:
    found = Attempt.objects.filter(pk=milestone.object_id)
    return found.select_related("submission__exercise__week", "submission__enrolment__client", "taken_back").first()


def due_at(milestone: Milestone, plan: MilestonePlan, *, at: datetime) -> datetime:
    """Where the plan puts this milestone, from the rows as they are now."""
    if plan.hours is not None:
        attempt = Attempt.objects.get(pk=milestone.object_id)
        repeats = (milestone.occurrence - 1) * (plan.repeat_hours or 0)
        return attempt.handed_in_at + timedelta(hours=plan.hours + repeats)
    return moment(plan, milestone.enrolment, milestone.week, at=at)


def moment(plan: MilestonePlan, enrolment: Enrolment, week: int, *, at: datetime) -> datetime:
    """The instant of a weekly plan for one enrolment."""
    own = plan.zone == MilestonePlan.Zone.CLIENT
    return moments.moment(
        enrolment.cohort.calendar(),
        week=week,
        day=plan.day,
        time=plan.time,
        zone=enrolment.client.zones() if own else enrolment.cohort.zone,
        weeks_later=plan.weeks_later,
        at=at,
    )


def zone_of(plan: MilestonePlan, enrolment: Enrolment) -> str:
    return enrolment.client.zone if plan.zone == MilestonePlan.Zone.CLIENT else enrolment.cohort.zone
