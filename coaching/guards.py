"""Whether a milestone still makes sense: for each kind the reason why not, in words an admin reads, or None.

Asked on live rows when a milestone fires, again when its message leaves, and in a rehearsal.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from clients import assessments, choices, counted, deadlines, dues, evidence, progress
from clients.attempts import latest_attempt
from clients.models import Assessment, Attempt, Enrolment, Preference, Submission, User
from curriculum import questionnaires
from curriculum.models import Instrument

from . import caseload, conversations, graduation, instruments, unchanged
from .models import Feedback, Milestone

Guard = Callable[[Milestone, datetime], str | None]
State = Submission.State


class Beside(NamedTuple):
    """Another moment that has come for the same client in the same week; see `together`."""

    kind: str
    object_id: int | None
    rung: int


# --- Weeks ----------------------------------------------------------------------------------------


def walks(enrolment: Enrolment) -> str | None:
    """Whether the client is in the cohort and the cohort is open."""
    if enrolment.state == Enrolment.State.COMPLETED:
        return "the client has finished"
    if not enrolment.is_active:
        return "the client has left the cohort"
    return "the cohort is closed" if enrolment.cohort.is_closed else None


def week_is_open(milestone: Milestone, at: datetime) -> str | None:
    opens = deadlines.opens_at(milestone.enrolment, milestone.week, at=at)
    if opens > at:
        return "the week is not open"
    return "all it requires is excused" if dues.is_excused(milestone.enrolment, milestone.week) else None


def before_week_1(milestone: Milestone, at: datetime) -> str | None:
    return "week 1 has begun" if deadlines.is_open(milestone.enrolment, 1, at=at) else None


def nothing_started(milestone: Milestone, at: datetime) -> str | None:
    main = progress.main_piece(milestone.enrolment, milestone.week)
    if main is not None and deadlines.is_excused(milestone.enrolment, main.exercise):
        return "the main exercise is excused"
    started = main is not None and (main.is_started or main.attempts_made)
    return "the main exercise is started" if started or main is None else None


def no_line_this_week(milestone: Milestone, at: datetime) -> str | None:
    first = deadlines.mondays(milestone.enrolment, at=at)[milestone.week]
    line = evidence.last_of(milestone.enrolment, first, first + timedelta(days=6))
    return "the ledger has a line of this week" if line else None


def due_soon(milestone: Milestone, at: datetime) -> str | None:
    if dues.first_due_at(milestone.enrolment, milestone.week, at=at) <= at:
        return "the due time has passed"
    return something_missing(milestone, at) or later_is_due(milestone, at)


def something_missing(milestone: Milestone, at: datetime) -> str | None:
    missing = is_missing(milestone.enrolment, milestone.week, at)
    return None if missing else "everything required is handed in"


def is_missing(enrolment: Enrolment, week: int, at: datetime) -> bool:
    """Whether a week still asks for something."""
    return progress.is_anything_missing(enrolment, week) or bool(counted.missing(enrolment, week, at=at))


def draft_lies_there(milestone: Milestone, at: datetime) -> str | None:
    """Only who asked for it, and only while something begun can be handed in as it is."""
    if not wants_last_call(milestone.enrolment.client):
        return "not asked for"
    if dues.first_due_at(milestone.enrolment, milestone.week, at=at) <= at:
        return "the due time has passed"
    return None if drafts(milestone.enrolment, milestone.week, at=at) else "no draft waits to be handed in"


def wants_last_call(person: User) -> bool:
    """By mail or in the app; nobody who has not said so."""
    group = choices.group_of("due.last")
    asked = Preference.objects.filter(person=person, wanted=True)
    return group is not None and asked.filter(group=group.name).exists()


def first_overdue(milestone: Milestone, at: datetime) -> str | None:
    if dues.first_due_at(milestone.enrolment, milestone.week, at=at) > at:
        return "the due time has not passed"
    if _is_second_due(milestone, at):
        return "the second reminder is due as well"
    return something_missing(milestone, at)


def _is_second_due(milestone: Milestone, at: datetime) -> bool:
    known: set[Beside] | None = vars(milestone).get("come_beside")
    if known is not None:
        return any(one.kind == "overdue.2" for one in known)
    rows = Milestone.objects.filter(kind="overdue.2", enrolment=milestone.enrolment, week=milestone.week)
    return rows.filter(due_at__lte=at).exists()


def second_overdue(milestone: Milestone, at: datetime) -> str | None:
    if dues.first_due_at(milestone.enrolment, milestone.week, at=at) > at:
        return "the due time has not passed"
    return something_missing(milestone, at)


def later_is_due(milestone: Milestone, at: datetime) -> str | None:
    """Of several moments that have come, only the last one counts."""
    return "the later reminder is due as well" if _is_later_due(milestone, at) else None


def _is_later_due(milestone: Milestone, at: datetime) -> bool:
    known: set[Beside] | None = vars(milestone).get("come_beside")
    if known is not None:
        alike = (one for one in known if (one.kind, one.object_id) == (milestone.kind, milestone.object_id))
        return any(one.rung > milestone.rung for one in alike)
    later = Milestone.objects.filter(
        kind=milestone.kind,
        enrolment=milestone.enrolment_id,
        cohort=milestone.cohort_id,
        person=milestone.person_id,
        week=milestone.week,
        object_id=milestone.object_id,
        rung__gt=milestone.rung,
        due_at__lte=at,
    )
    return later.exists()


# What asks for the pieces of a week, and what for the other moments of it: read for many together.
OF_PIECES = frozenset({nothing_started, due_soon, draft_lies_there, first_overdue, second_overdue})
OF_THE_LAST = frozenset({due_soon, first_overdue})


# --- Pieces ---------------------------------------------------------------------------------------


def still_waits(milestone: Milestone, at: datetime) -> str | None:
    attempt = attempt_of(milestone)
    if attempt is None or hasattr(attempt, "taken_back"):
        return "the client took it back"
    waits = attempt.submission.state in (State.HANDED_IN, State.IN_REVIEW)
    latest = _latest(attempt.submission)
    return None if waits and latest and latest.pk == attempt.pk else "feedback was sent"


def not_tried_again(milestone: Milestone, at: datetime) -> str | None:
    feedback = feedback_of(milestone)
    if feedback is None:
        return "the feedback was undone"
    submission = feedback.attempt.submission
    if submission.attempts_made != feedback.attempt.number:
        return "the next attempt is in"
    return "its time is over" if deadlines.due_at(submission, at=at) <= at else None


# --- Assessments ----------------------------------------------------------------------------------


def _unfinished(moment: str) -> Guard:
    def guard(milestone: Milestone, at: datetime) -> str | None:
        enrolment = milestone.enrolment
        if not has_assessment(enrolment):
            return "the edition has no assessment"
        asked = counted.assessment_of(enrolment.cohort.edition_id, moment)
        if asked and deadlines.is_excused(enrolment, asked):
            return "the assessment is excused"
        if assessments.opens_at(enrolment, moment, at=at) > at:
            return "the assessment is not open"
        closes = assessments.closes_at(enrolment, moment, at=at)
        if closes and closes < at:
            return "the assessment is closed"
        found = assessments.of(enrolment, moment)
        return "the assessment is finished" if found and found.finished_at else None

    return guard


midpoint_open = _unfinished(Assessment.Moment.MIDPOINT)
final_open = _unfinished(Assessment.Moment.FINAL)


def has_assessment(enrolment: Enrolment) -> bool:
    try:
        return bool(questionnaires.self_assessment(enrolment.cohort.edition_id).items)
    except Instrument.DoesNotExist:
        return False


# --- The end --------------------------------------------------------------------------------------


def complete(milestone: Milestone, at: datetime) -> str | None:
    if milestone.enrolment.state == Enrolment.State.COMPLETED:
        return None  # confirmed before the mail has left
    missing = graduation.of(milestone.enrolment, at=at).missing
    return "the programme is not complete" if missing else None


def incomplete(milestone: Milestone, at: datetime) -> str | None:
    missing = graduation.of(milestone.enrolment, at=at).missing
    return None if missing else "the programme is complete"


# --- The service ----------------------------------------------------------------------------------


def cohort_runs(milestone: Milestone, at: datetime) -> str | None:
    if milestone.cohort.is_closed:
        return "the cohort is closed"
    later = Milestone.objects.filter(
        kind=milestone.kind, cohort=milestone.cohort, week__gt=milestone.week, due_at__lte=at
    )
    if later.exists():
        return "a later week's is due as well"
    return None if milestone.cohort.enrolments.active().exists() else "the cohort has no clients"


def somebody_came_through(milestone: Milestone, at: datetime) -> str | None:
    """Who has finished by then is somebody to tell of as well."""
    if milestone.cohort.is_closed:
        return "the cohort is closed"
    here = milestone.cohort.enrolments.exclude(state__in=Enrolment.LEFT)
    return None if here.exists() else "the cohort has no clients"


def queue_waits(milestone: Milestone, at: datetime) -> str | None:
    person = milestone.person
    each = (caseload.waiting_now, caseload.asked_now, conversations.waiting_now)
    waits = any(rows(person, at=at).exists() for rows in each)
    return None if waits else "nothing waits for feedback or an answer"


def unrated(week: int) -> Guard:
    def guard(milestone: Milestone, at: datetime) -> str | None:
        if not caseload.coaches(milestone.person, milestone.cohort):
            return "this person no longer looks after the cohort"
        left = instruments.get(instruments.RATINGS).unrated(milestone.cohort, milestone.person, week)
        return None if left else "everybody is rated"

    return guard


# --- What waits for an instrument -----------------------------------------------------------------


def to_come(name: str) -> Guard:
    """A session or a call that takes place and has not begun."""

    def guard(milestone: Milestone, at: datetime) -> str | None:
        found = instruments.occasion(name, milestone.object_id)
        if found is None:
            return "it was cancelled"
        return "it has begun" if found.starts_at <= at else later_is_due(milestone, at)

    return guard


def raters_left(milestone: Milestone, at: datetime) -> str | None:
    left = instruments.get(instruments.PULSE).raters(milestone.enrolment, milestone.week)
    return later_is_due(milestone, at) if left else "nobody invited has still to answer"


def asked_after(months: int) -> Guard:
    def guard(milestone: Milestone, at: datetime) -> str | None:
        asked = instruments.get(instruments.CHECK_INS).is_asked(finished(milestone), months)
        return later_is_due(milestone, at) if asked else "no consent, or answered already"

    return guard


def recordings_at_stake(milestone: Milestone, at: datetime) -> str | None:
    at_stake = instruments.get(instruments.KEEPING).at_stake(finished(milestone))
    return None if at_stake else "no recording will be deleted"


# --- What they read -------------------------------------------------------------------------------


def drafts(enrolment: Enrolment, week: int, *, at: datetime) -> list[progress.Standing]:
    """What of a week is begun and was never handed in."""
    return [piece for piece in progress.missing(enrolment, week, at=at) if piece.submission.is_started]


def attempt_of(milestone: Milestone) -> Attempt | None:
    return _attempt(milestone.object_id)


_latest = unchanged.looked_up_once(latest_attempt)


@unchanged.looked_up_once
def _attempt(number: int | None) -> Attempt | None:
    found = Attempt.objects.filter(pk=number)
    return found.select_related("submission__exercise__week", "submission__enrolment__client", "taken_back").first()


def feedback_of(milestone: Milestone) -> Feedback | None:
    found = Feedback.objects.filter(pk=milestone.object_id)
    piece = "attempt__submission"
    return found.select_related(
        "coach", f"{piece}__exercise__week", f"{piece}__enrolment__client", f"{piece}__enrolment__cohort"
    ).first()


def finished(milestone: Milestone) -> Enrolment:
    """What an alumnus is asked about: the enrolment they finished."""
    return Enrolment.objects.select_related("client", "cohort__edition").get(pk=milestone.object_id)
