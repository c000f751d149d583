"""The letters this floor sends: for each kind its guard at send time, and its words.

Mail carries no homework and no feedback text unless its reader asked for that: an employer may read the
mailbox. It says who did what, and links. What clients read is the edition's, filled from `slots`;
what staff read is in `memos`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import choices, deadlines, letters
from clients.letters import Letter
from clients.messaging import RESEND, Kind
from clients.models import Enrolment, Message

from . import caseload, guards, instruments, memos, milestones, plans, sessions, slots, together
from .models import Feedback, Milestone

LATE = "welcome.late"
TOLD_TOGETHER = "told in one mail with what the coach read before it"

# --- Guards -----------------------------------------------------------------------------------------


def milestone_guard(message: Message, at: datetime) -> str | None:
    milestone = milestone_of(message)
    if milestone is None:
        return "its milestone is gone"
    if choices.is_left_out(message.cohort, message.kind):
        return milestones.LEFT_OUT
    return _still_theirs(message, milestone, at) or milestones.guard_reason(milestone, at=at)


def _still_theirs(message: Message, milestone: Milestone, at: datetime) -> str | None:
    """Whether this person is still who it was for."""
    if message.kind == slots.PULSE:
        return None if slots.rater_of(message, milestone) else "answered, or asked no more"
    if message.kind in FOR_ADMINS:
        return None if caseload.is_admin(message.person) else "this person no longer looks after the cohort"
    if message.kind in FOR_COACHES:
        reads = caseload.reads(message.person, message.cohort, at=at) or _keeps(message, milestone, at)
        return None if reads else "this person no longer looks after the cohort"
    if milestone.cohort and milestone.person is None:
        return _still_comes(message, milestone)
    return None


def _keeps(message: Message, milestone: Milestone, at: datetime) -> bool:
    """Whether the piece it is about stays with them, though its client walks with another cohort by now."""
    about = milestone.kind in milestones.TOLD_TO_STAFF and milestone.object_id
    return bool(about) and caseload.kept_by(message.person, at=at).filter(attempt=milestone.object_id).exists()


def _still_comes(message: Message, milestone: Milestone) -> str | None:
    """A client of a cohort that meets."""
    if not Enrolment.objects.active().filter(client=message.person, cohort=milestone.cohort).exists():
        return "the client has left the cohort"
    if not sessions.expected(milestone.cohort).filter(client=message.person).exists():
        return "the client is on hold"
    found = instruments.occasion(instruments.SESSIONS, milestone.object_id)
    return "the client has declined" if found and message.person_id in found.declined else None


def feedback_guard(message: Message, at: datetime) -> str | None:
    feedback = Feedback.objects.filter(pk=message.about["feedback"]).first()
    if feedback is None:
        return "the feedback was undone"
    return TOLD_TOGETHER if message.pk and _was_told_with(message, feedback) else None


def _was_told_with(message: Message, feedback: Feedback) -> bool:
    """Whether a mail about an earlier piece that has left told of this one as well."""
    left = Message.objects.filter(kind=message.kind, person=message.person, cohort=message.cohort, state="sent")
    return left.filter(about__told__contains=feedback.pk).exclude(pk=message.pk).exists()


def extension_guard(message: Message, at: datetime) -> str | None:
    if not caseload.asked_of(message.person, at=at).filter(pk=message.about["extension"]).exists():
        return "the question was answered"
    return None


def late_guard(message: Message, at: datetime) -> str | None:
    return guards.walks(_enrolment_of(message))


# --- Words ------------------------------------------------------------------------------------------


def to_client(message: Message, at: datetime) -> Letter:
    """A milestone in the edition's own words."""
    milestone = milestone_of(message)
    values, link, button = slots.told(message, milestone, at)
    second = slots.second_way(message, milestone, at)
    edition = plans.edition_of(milestone)
    return letters.from_edition(edition, message.kind, values, link=link, button=button, second=second)


def to_rater(message: Message, at: datetime) -> Letter:
    """To whoever the client asks, when the moment begins."""
    milestone = milestone_of(message)
    rater = slots.rater_of(message, milestone)
    assert rater is not None, "its guard has let it through"
    return slots.to_rater(rater, milestone.enrolment)


def feedback_letter(message: Message, at: datetime) -> Letter:
    """Who read what. The texts themselves only for those who asked for them.

    What the same coach has sent besides until the mail leaves stands in it as well, and is noted at the message: nobody
    writes another to this person meanwhile.
    """
    feedbacks = _told_with(message, at)
    first, submission = feedbacks[0], feedbacks[0].attempt.submission
    titles = [feedback.attempt.submission.exercise.title for feedback in feedbacks]
    values = {"coach": first.coach.first, "client": message.person.first, "title": "”, “".join(titles)}
    key = "feedback"
    if message.person.texts_in_mail:
        key = "feedback.with-texts"
        values |= {"keep": _each(feedbacks, "keep"), "try": _each(feedbacks, "try_next")}
    one = reverse("feedback-of", args=[submission.exercise.key])
    link = slots.within(submission.enrolment, one if len(feedbacks) == 1 else reverse("feedback"))
    edition = submission.enrolment.cohort.edition
    letter = letters.from_edition(edition, key, values, link=link, button=_("Read the feedback"))
    return replace(letter, notes={"told": [feedback.pk for feedback in feedbacks]})


def _told_with(message: Message, at: datetime) -> list[Feedback]:
    """The feedback it is about, and what else waits to be told by the same coach; a line of the bell has its own."""
    rows = Feedback.objects.select_related(
        "coach", "attempt__submission__exercise", "attempt__submission__enrolment__cohort__edition"
    )
    feedback = rows.get(pk=message.about["feedback"])
    if message.pk is None:
        return [feedback]
    waits = Message.objects.filter(kind=message.kind, person=message.person, cohort=message.cohort)
    waits = waits.filter(state__in=["queued", "sending"], posted_at__gte=message.posted_at, posted_at__lte=at)
    others = rows.filter(pk__in=list(waits.values_list("about__feedback", flat=True)), coach=feedback.coach_id)
    return [feedback, *others.exclude(pk=feedback.pk).order_by("pk")]


def _each(feedbacks: list[Feedback], name: str) -> str:
    """One text, or each under its piece's name."""
    if len(feedbacks) == 1:
        return getattr(feedbacks[0], name)
    return "\n\n".join(f"“{one.attempt.submission.exercise.title}”: {getattr(one, name)}" for one in feedbacks)


def to_staff(message: Message, at: datetime) -> Letter:
    return memos.letter(message, milestone_of(message), at)


def extension_letter(message: Message, at: datetime) -> Letter:
    """Who asks for how many days; the note stays on the page."""
    extension = caseload.asked_of(message.person, at=at).get(pk=message.about["extension"])
    context = {"person": message.person, "client": extension.enrolment.client, "days": extension.days}
    context |= {"week": extension.exercise.week.number, "title": extension.exercise.title}
    link = reverse("extension", args=[extension.pk])
    return letters.from_template("extension", context, link=link, button=_("Say yes or no"))


def late_letter(message: Message, at: datetime) -> Letter:
    """Which week it is, and until when everything that is open has time."""
    values, link, button = slots.on_coming_in(_enrolment_of(message), at)
    edition = message.cohort.edition
    return letters.from_edition(edition, LATE, values, link=link, button=button)


def _enrolment_of(message: Message) -> Enrolment:
    return deadlines.with_calendar(Enrolment.objects.all()).get(pk=message.about["enrolment"])


def milestone_of(message: Message) -> Milestone | None:
    """Read once a message, or for many together: its guard and its words are asked in the same transaction."""
    kept = vars(message)
    if "_milestone" not in kept:
        found = Milestone.objects.filter(pk=message.about.get("milestone"))
        kept["_milestone"] = next(iter(together.with_whom(found)), None)
    return kept["_milestone"]


def read_ahead(messages: Sequence[Message], at: datetime) -> None:
    """The milestones of these messages, and what their guards and letters ask, for all of them together."""
    wanted = {message.about.get("milestone") for message in messages} - {None}
    found = {row.pk: row for row in together.with_whom(Milestone.objects.filter(pk__in=wanted))}
    for message in messages:
        vars(message)["_milestone"] = found.get(message.about.get("milestone"))
    together.read_ahead(list(found.values()), at=at, letters=True)
    unlocking = {row.home for row in found.values() if row.home and row.kind == "week.unlock"}
    sessions.read_ahead(unlocking)


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
# These leave the last place of a week to the day before something is due: who has done nothing needs that word most.
GIVES_WAY = {"nudge.midweek", "ledger.friday"}
SILENT = {"graduation.note"}  # sends nothing under its own name


def _kind(name: str, meaning: str) -> Kind:
    is_loud, own = name.removesuffix(".coach") in LOUD, milestones.KINDS.get(name)
    return Kind(
        name,
        meaning,
        milestone_guard,
        to_rater if name == slots.PULSE else to_staff if name in STAFF else to_client,
        quiet=not is_loud,
        is_budgeted=own is not None and own.is_budgeted,
        gives_way=name in GIVES_WAY,
        read_ahead=read_ahead,
    )


def _kinds() -> list[Kind]:
    own = [(kind.name, kind.meaning) for kind in milestones.KINDS.values() if kind.name not in SILENT]
    return [_kind(*one) for one in (*own, *ASIDE.items())]


KINDS = (
    *_kinds(),
    Kind("feedback", "feedback was sent", feedback_guard, feedback_letter, on_unknown=RESEND, one_at_a_time=True),
    Kind(LATE, "somebody comes in late", late_guard, late_letter),
    Kind("extension", "a client asks for more time", extension_guard, extension_letter, on_unknown=RESEND),
)
