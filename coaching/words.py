"""The letters this floor sends: for each kind its guard at send time, and its words.

Mail carries no homework and no feedback text unless its reader asked for that: an employer may read the
mailbox. It says who did what, and links. What clients read is the edition's, what staff read is in `memos`.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import assessments, counted, deadlines, letters, progress
from clients.counted import ASSESSMENT
from clients.letters import Letter
from clients.messaging import RESEND, Kind
from clients.models import Assessment, Enrolment, Message
from curriculum import moments

from . import addresses, caseload, graduation, guards, instruments, memos, milestones, plans
from .models import Feedback, Milestone

Told = tuple[dict[str, Any], str, str]  # what fills the slots, the link, its button
TWO_WEEKS = 14  # days to close what is open at the end
CHECK_IN_CLOSES = 21  # days after it was first asked

# --- Guards -----------------------------------------------------------------------------------------


def milestone_guard(message: Message, at: datetime) -> str | None:
    milestone = milestone_of(message)
    if milestone is None:
        return "its milestone is gone"
    return _still_theirs(message, milestone) or milestones.guard_reason(milestone, at=at)


def _still_theirs(message: Message, milestone: Milestone) -> str | None:
    """Whether this person is still who it was for."""
    if message.kind in FOR_ADMINS:
        return None if caseload.is_admin(message.person) else "this person no longer looks after the cohort"
    if message.kind in FOR_COACHES:
        coaches = caseload.coaches(message.person, message.cohort)
        return None if coaches else "this person no longer looks after the cohort"
    if milestone.cohort and milestone.person is None:
        return _still_comes(message, milestone)
    return None


def _still_comes(message: Message, milestone: Milestone) -> str | None:
    """A client of a cohort that meets."""
    if not Enrolment.objects.active().filter(client=message.person, cohort=milestone.cohort).exists():
        return "the client has left the cohort"
    found = instruments.occasion(instruments.SESSIONS, milestone.object_id)
    return "the client has declined" if found and message.person_id in found.declined else None


def feedback_guard(message: Message, at: datetime) -> str | None:
    feedback = Feedback.objects.filter(pk=message.about["feedback"]).first()
    return "the feedback was undone" if feedback is None else None


def extension_guard(message: Message, at: datetime) -> str | None:
    if not caseload.asked_of(message.person).filter(pk=message.about["extension"]).exists():
        return "the question was answered"
    return None


# --- Words ------------------------------------------------------------------------------------------


def to_client(message: Message, at: datetime) -> Letter:
    """A milestone in the edition's own words."""
    milestone = milestone_of(message)
    values, link, button = TELLS.get(message.kind, _week)(message, milestone, at)
    return letters.from_edition(plans.edition_of(milestone), message.kind, values, link=link, button=button)


def _week(message: Message, milestone: Milestone, at: datetime) -> Told:
    """What is about a week leads to the week, or where something overdue goes on."""
    enrolment, week = milestone.enrolment, milestone.week
    return _values(enrolment, week, at), *_client_link(message.kind, enrolment, week, at)


def _client_link(kind: str, enrolment: Enrolment, week: int, at: datetime) -> tuple[str, str]:
    if kind.startswith("overdue"):
        piece = next(iter(progress.missing(enrolment, week, at=at)), None)
        if piece:
            return _in(enrolment, reverse("work", args=[piece.exercise.key])), _("Hand in what you have")
        count = next(iter(counted.missing(enrolment, week, at=at)), None)
        if count:
            return addresses.of_count(count, enrolment.cohort.slug), _("Go on with it")
    if week == 0:
        return _in(enrolment, reverse("week", args=[0])), _("Begin")
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
        "coach": _coach(enrolment),
        "due_text": _("%(when)s your time") % {"when": f"{moments.to_wall(due, enrolment.client.zone):%A %H:%M}"},
        "list_text": ", ".join(f"{row.exercise.title} ({row.minutes_left} min)" for row in missing),
        "minutes_left": sum(row.minutes_left for row in missing),
    }


def _coach(enrolment: Enrolment) -> str:
    return next((coach.first for coach in caseload.coaches_of(enrolment.cohort)), _("Your coach"))


def _day(instant: datetime, zone: str) -> str:
    """“Sunday 14 June”."""
    return f"{moments.to_wall(instant, zone):%A %-d %B}"


def _baseline(message: Message, milestone: Milestone, at: datetime) -> Told:
    """The minutes are those of what is left."""
    values, link, button = _week(message, milestone, at)
    return values | {"minutes": values["minutes_left"]}, link, button


def _ledger(message: Message, milestone: Milestone, at: datetime) -> Told:
    values = _values(milestone.enrolment, milestone.week, at)
    return values, _in(milestone.enrolment, reverse("ledger-new")), _("Write a line")


def _last_call(message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment = milestone.enrolment
    draft = guards.drafts(enrolment, milestone.week, at=at)[0]
    values = _values(enrolment, milestone.week, at) | {"title": draft.exercise.title}
    return values, _in(enrolment, reverse("work", args=[draft.exercise.key])), _("Open the draft")


def _assessment(moment: str, message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment = milestone.enrolment
    due = assessments.due_at(enrolment, moment, at=at)
    values = _values(enrolment, milestone.week, at) | {
        "minutes": _minutes_of(enrolment, moment, at),
        "until_text": _day(due, enrolment.client.zone),
    }
    return values, _in(enrolment, reverse("assessment", args=[moment])), _("Begin")


def _minutes_of(enrolment: Enrolment, moment: str, at: datetime) -> int:
    asked = [row for row in counted.of(enrolment, at=at) if row.of == ASSESSMENT]
    return next((row.minutes_left for row in asked if row.exercise.counts["moment"] == moment), 0)


def _waiting_piece(message: Message, milestone: Milestone, at: datetime) -> Told:
    """The client's own piece, which waits for feedback."""
    enrolment, exercise = milestone.enrolment, milestones.attempt_of(milestone).submission.exercise
    values = {"client": enrolment.client.first, "coach": _coach(enrolment), "title": exercise.title}
    return values, _in(enrolment, reverse("work", args=[exercise.key])), _("Open the piece")


def _next_attempt(message: Message, milestone: Milestone, at: datetime) -> Told:
    feedback = guards.feedback_of(milestone)
    piece, enrolment = feedback.attempt.submission, milestone.enrolment
    until = deadlines.due_at(piece, at=at)
    values = {
        "client": enrolment.client.first,
        "coach": feedback.coach.first,
        "title": piece.exercise.title,
        "until_text": _day(until, enrolment.client.zone),
    }
    return values, _in(enrolment, reverse("feedback-of", args=[piece.exercise.key])), _("Read the feedback")


def _finished(message: Message, milestone: Milestone, at: datetime) -> Told:
    values = {"client": milestone.enrolment.client.first, "cohort": milestone.enrolment.cohort.name}
    return values, _in(milestone.enrolment, reverse("progress")), _("See your progress")


def _gap(message: Message, milestone: Milestone, at: datetime) -> Told:
    values, link, button = _finished(message, milestone, at)
    zone = milestone.enrolment.client.zone
    until = moments.to_wall(milestone.due_at, zone).date().toordinal() + TWO_WEEKS
    values["list_text"] = ", ".join(graduation.of(milestone.enrolment, at=at).missing)
    values["until_text"] = f"{datetime.fromordinal(until):%A %-d %B}"
    return values, link, button


def _session(message: Message, milestone: Milestone, at: datetime) -> Told:
    found = instruments.occasion(instruments.SESSIONS, milestone.object_id)
    values = {
        "client": message.person.first,
        "cohort": milestone.cohort.name,
        "coach": next((coach.first for coach in caseload.coaches_of(milestone.cohort)), _("your coach")),
        "session": found.title,
        "when_text": memos.when(found.starts_at, message.person, at),
        "minutes": found.minutes,
        "bring": found.bring,
    }
    link = f"{reverse('week', args=[milestone.week])}?cohort={milestone.cohort.slug}"
    return values, link, _("Open the session")


def _call(message: Message, milestone: Milestone, at: datetime) -> Told:
    found, enrolment = instruments.occasion(instruments.CALLS, milestone.object_id), milestone.enrolment
    when = memos.when(found.starts_at, enrolment.client, at)
    values = {"client": enrolment.client.first, "coach": _coach(enrolment), "when_text": when}
    return values, _in(enrolment, reverse("calendar")), _("Open the calendar")


def _pulse(message: Message, milestone: Milestone, at: datetime) -> Told:
    """To somebody without an account."""
    raters = instruments.get(instruments.PULSE).raters(milestone.enrolment, milestone.week)
    rater = next(one for one in raters if one.address == message.address)
    values = {
        "client": milestone.enrolment.client.first,
        "who_sees": rater.who_sees,
        "until_text": _day(rater.until, milestone.enrolment.cohort.zone),
    }
    return values, rater.path, _("Answer three questions")


def _check_in(message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment, zone = guards.finished(milestone), message.person.zone
    first = moments.to_wall(milestone.due_at, zone).date().toordinal() - 7 * (milestone.rung - 1)
    values = {
        "client": enrolment.client.first,
        "cohort": enrolment.cohort.name,
        "month": f"{moments.to_wall(enrolment.left_at, zone):%B}",
        "until_text": f"{datetime.fromordinal(first + CHECK_IN_CLOSES):%A %-d %B}",
    }
    return values, instruments.get(instruments.CHECK_INS).path, _("Answer")


def _recordings(message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment, zone = guards.finished(milestone), message.person.zone
    deleted_on = moments.to_wall(milestone.due_at, zone).date().toordinal() + 7
    values = {
        "client": enrolment.client.first,
        "cohort": enrolment.cohort.name,
        "until_text": f"{datetime.fromordinal(deleted_on):%A %-d %B}",
    }
    return values, instruments.get(instruments.KEEPING).path, _("Download or keep")


MIDPOINT = partial(_assessment, Assessment.Moment.MIDPOINT)
FINAL = partial(_assessment, Assessment.Moment.FINAL)
TELLS: dict[str, Callable[[Message, Milestone, datetime], Told]] = {
    "baseline.due": _baseline,
    "kickoff": _session,
    "session.remind": _session,
    "ledger.friday": _ledger,
    "due.last": _last_call,
    "review.breach.client": _waiting_piece,
    "revise.remind": _next_attempt,
    "midpoint.open": MIDPOINT,
    "midpoint.remind": MIDPOINT,
    "midpoint.call": _call,
    "pulse.invite": _pulse,
    "final.open": FINAL,
    "final.remind": FINAL,
    "graduation": _finished,
    "graduation.gap": _gap,
    "alumni.3": _check_in,
    "alumni.6": _check_in,
    "alumni.12": _check_in,
    "retention.audio": _recordings,
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
    return memos.letter(message, milestone_of(message), at)


def extension_letter(message: Message, at: datetime) -> Letter:
    """Who asks for how many days; the note stays on the page."""
    extension = caseload.asked_of(message.person).get(pk=message.about["extension"])
    context = {"person": message.person, "client": extension.enrolment.client, "days": extension.days}
    context |= {"week": extension.exercise.week.number, "title": extension.exercise.title}
    link = reverse("extension", args=[extension.pk])
    return letters.from_template("extension", context, link=link, button=_("Say yes or no"))


def milestone_of(message: Message) -> Milestone | None:
    """Read once a message: its guard and its words are asked in the same transaction."""
    kept = vars(message)
    if "_milestone" not in kept:
        found = Milestone.objects.filter(pk=message.about.get("milestone"))
        kept["_milestone"] = found.select_related(*milestones.LOADED).prefetch_related(*milestones.COUNTED).first()
    return kept["_milestone"]


# --- What is registered -------------------------------------------------------------------------------

# What else a milestone sends besides the message of its own name.
ASIDE = {
    "kickoff.coach": "the kick-off, to the coach",
    "session.remind.coach": "a live session, to the coach",
    "overdue.2.coach": "five days overdue, to the coach",
    "review.breach.admin": "a review is over its promise, to admins",
    "midpoint.call.coach": "a midpoint call, to the coach",
    "graduation.note.coach": "who has finished, to the coach",
    "graduation.note.admin": "who has finished, to admins",
}
FOR_ADMINS = {"review.breach.admin", "graduation.note.admin", "admin.weekly"}
FOR_COACHES = {name for name in ASIDE if name.endswith(".coach")} | {
    "review.warn",
    "review.breach",
    "midpoint.rate",
    "final.rate",
}
STAFF = FOR_ADMINS | FOR_COACHES | {plans.DIGEST}
LOUD = {"kickoff", "session.remind", "midpoint.call"}  # what begins at its hour waits for no morning
SILENT = {"graduation.note"}  # sends nothing under its own name


def _kind(name: str, meaning: str) -> Kind:
    is_loud = name.removesuffix(".coach") in LOUD
    return Kind(name, meaning, milestone_guard, to_staff if name in STAFF else to_client, quiet=not is_loud)


def _kinds() -> list[Kind]:
    own = [(kind.name, kind.meaning) for kind in milestones.KINDS.values() if kind.name not in SILENT]
    return [_kind(*one) for one in (*own, *ASIDE.items())]


KINDS = (
    *_kinds(),
    Kind("feedback", "feedback was sent", feedback_guard, feedback_letter, on_unknown=RESEND),
    Kind("extension", "a client asks for more time", extension_guard, extension_letter, on_unknown=RESEND),
)
