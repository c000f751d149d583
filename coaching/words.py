"""The letters this floor sends: for each kind its guard at send time, and its words.

Mail carries no homework and no feedback text unless its reader asked for that: an employer may read the
mailbox. It says who did what, and links.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import counted, deadlines, letters, progress
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Enrolment, Message
from curriculum import moments

from . import addresses, caseload, milestones
from .models import Feedback, Milestone

# --- Guards -----------------------------------------------------------------------------------------


def milestone_guard(message: Message, at: datetime) -> str | None:
    milestone = milestone_of(message)
    if milestone is None:
        return "its milestone is gone"
    if message.kind.startswith(("review.", "overdue.2.coach")) and not _still_staff(message):
        return "this person no longer looks after the cohort"
    return milestones.guard_reason(milestone, at=at)


def _still_staff(message: Message) -> bool:
    if message.kind == "review.breach.admin":
        return caseload.is_admin(message.person)
    return caseload.coaches(message.person, message.cohort)


def feedback_guard(message: Message, at: datetime) -> str | None:
    feedback = Feedback.objects.filter(pk=message.about["feedback"]).first()
    return "the feedback was undone" if feedback is None else None


# --- Words ------------------------------------------------------------------------------------------


def to_client(message: Message, at: datetime) -> Letter:
    """A milestone in the edition's own words."""
    milestone = milestone_of(message)
    enrolment, week = milestone.enrolment, milestone.week
    link, button = _client_link(message.kind, enrolment, week, at)
    return letters.from_edition(
        enrolment.cohort.edition, message.kind, _values(enrolment, week, at), link=link, button=button
    )


def _client_link(kind: str, enrolment: Enrolment, week: int, at: datetime) -> tuple[str, str]:
    if kind.startswith("overdue"):
        piece = next(iter(progress.missing(enrolment, week, at=at)), None)
        if piece:
            return _in(enrolment, reverse("work", args=[piece.exercise.key])), _("Hand in what you have")
        count = next(iter(counted.missing(enrolment, week, at=at)), None)
        if count:
            return addresses.of_count(count, enrolment.cohort.slug), _("Go on with it")
    return _in(enrolment, reverse("week", args=[week])), _("Open week %(n)s") % {"n": week}


def _in(enrolment: Enrolment, path: str) -> str:
    return f"{path}?cohort={enrolment.cohort.slug}"


def _values(enrolment: Enrolment, number: int, at: datetime) -> dict[str, object]:
    week = enrolment.cohort.edition.weeks.get(number=number)
    main = milestones.main_piece(enrolment, number)
    due = deadlines.week_due_at(enrolment, number, at=at)
    missing: list[Any] = [*progress.missing(enrolment, number, at=at), *counted.missing(enrolment, number, at=at)]
    return {
        "n": number,
        "title": week.title,
        "minutes": week.minutes,
        "first_step": main.exercise.first_step if main else "",
        "client": enrolment.client.first,
        "cohort": enrolment.cohort.name,
        "coach": next((coach.first for coach in caseload.coaches_of(enrolment.cohort)), _("Your coach")),
        "due_text": _("%(when)s your time") % {"when": f"{moments.to_wall(due, enrolment.client.zone):%A %H:%M}"},
        "list_text": ", ".join(f"{row.exercise.title} ({row.minutes_left} min)" for row in missing),
    }


def feedback_letter(message: Message, at: datetime) -> Letter:
    """Who read what. The texts themselves only for those who asked for them."""
    feedback = Feedback.objects.select_related(
        "coach", "attempt__submission__exercise", "attempt__submission__enrolment__cohort__edition"
    ).get(pk=message.about["feedback"])
    submission = feedback.attempt.submission
    values = {"coach": feedback.coach.first, "client": message.person.first, "title": submission.exercise.title}
    key = "feedback"
    if message.person.texts_in_mail:
        key, values = "feedback.with-texts", {**values, "keep": feedback.keep, "try": feedback.try_next}
    link = _in(submission.enrolment, reverse("feedback-of", args=[submission.exercise.key]))
    edition = submission.enrolment.cohort.edition
    return letters.from_edition(edition, key, values, link=link, button=_("Read the feedback"))


def to_staff(message: Message, at: datetime) -> Letter:
    """A milestone for a coach or an admin: names, weeks and hours, never a text."""
    milestone = milestone_of(message)
    attempt = milestones.attempt_of(milestone) if milestone.object_id else None
    context = {
        "person": message.person,
        "client": milestone.enrolment.client,
        "cohort": milestone.enrolment.cohort,
        "week": milestone.week,
        "title": attempt.submission.exercise.title if attempt else "",
        "hours": int((at - attempt.handed_in_at).total_seconds() // 3600) if attempt else 0,
    }
    link, button = _staff_link(message, attempt)
    return letters.from_template(message.kind, context, link=link, button=button)


def _staff_link(message: Message, attempt) -> tuple[str, str]:
    if attempt and message.kind != "review.breach.admin":
        return reverse("review", args=[attempt.submission_id]), _("Open the piece")
    return reverse("board", args=[message.cohort.slug]), _("Open the board")


def milestone_of(message: Message) -> Milestone | None:
    """Read once a message: its guard and its words are asked in the same transaction."""
    kept = vars(message)
    if "_milestone" not in kept:
        found = Milestone.objects.filter(pk=message.about.get("milestone"))
        kept["_milestone"] = found.select_related(*milestones.LOADED).prefetch_related(*milestones.COUNTED).first()
    return kept["_milestone"]


_client_kind = partial(Kind, guard=milestone_guard, letter=to_client)
_staff_kind = partial(Kind, guard=milestone_guard, letter=to_staff)

KINDS = (
    _client_kind("week.unlock", "a week opens"),
    _client_kind("nudge.midweek", "Thursday, nothing started"),
    _client_kind("due.reminder", "due tomorrow"),
    _client_kind("overdue.1", "two days overdue"),
    _client_kind("overdue.2", "five days overdue"),
    _staff_kind("overdue.2.coach", "five days overdue, to the coach"),
    _staff_kind("review.warn", "24 hours left for a review"),
    _staff_kind("review.breach", "a review is over its promise"),
    _staff_kind("review.breach.admin", "a review is over its promise, to admins"),
    Kind("feedback", "feedback was sent", feedback_guard, feedback_letter),
)
