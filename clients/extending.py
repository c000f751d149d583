"""More time for one exercise, asked for by its client.

The first time an exercise has up to three days more by itself, twice in a programme; everything beyond that is
asked of the coach. A day is named, so the same click twice asks for what is there already.
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import moments

from . import deadlines, holding, submitting
from .models import Enrolment, Extension, Submission, User
from .models.schedule import GRANTED_BY_ITSELF
from .signals import extension_asked

State = Extension.State

BY_ITSELF_DAYS, MOST_DAYS = 3, 14


class CannotExtend(ValidationError):
    """Not this piece, or not now."""


class NotThisDay(ValidationError):
    """Says why not beside the field."""

    field = "until"


# --- Readings -------------------------------------------------------------------------------------


def first_day(submission: Submission, *, at: datetime) -> date:
    """The day more time counts from: the one it is due on, or today once that is past."""
    zone = submission.enrolment.client.zone
    due = deadlines.due_at(submission, at=at)
    return max(moments.to_wall(due, zone).date(), moments.to_wall(at, zone).date())


def days_on_offer(submission: Submission, *, at: datetime) -> list[date]:
    """The days its client can choose among: three that come by themselves, else a fortnight that is asked for."""
    first = first_day(submission, at=at)
    most = BY_ITSELF_DAYS if next_by_itself(submission) else MOST_DAYS
    return [first + timedelta(days=n) for n in range(1, most + 1)]


def next_by_itself(submission: Submission) -> int | None:
    """Which of the two extensions by themselves the next one would be; None where the coach is asked."""
    theirs = submission.enrolment.extensions.all()
    if any(one.exercise_id == submission.exercise_id and one.state != State.DECLINED for one in theirs):
        return None
    taken = {one.by_itself for one in theirs}
    return next((n for n in range(1, GRANTED_BY_ITSELF + 1) if n not in taken), None)


def asked(submission: Submission) -> Extension | None:
    """What the client has asked for and nobody has answered."""
    theirs = submission.enrolment.extensions.all()
    return next((one for one in theirs if one.exercise_id == submission.exercise_id and one.state == State.ASKED), None)


# --- Refusals -------------------------------------------------------------------------------------


def ask_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    """Whether more time can be asked for at all; which day is the form's business."""
    enrolment = submission.enrolment
    if refusal := submitting.owner_refusal(submission, by=by, at=at):
        return refusal
    if enrolment.cohort.is_paused or deadlines.on_hold_since(enrolment):
        return CannotExtend(_("Everything stands still, so nothing comes due meanwhile."), code="extension.still")
    if not deadlines.is_open(enrolment, submission.exercise.week.number, at=at):
        return CannotExtend(_("This week is not open yet."), code="homework.locked")
    if submission.state_at(at) != Submission.State.DRAFT:
        return CannotExtend(_("There is nothing to hand in here at the moment."), code="extension.not_with_you")
    if deadlines.is_excused(enrolment, submission.exercise):
        return CannotExtend(_("This exercise is excused; nobody waits for it."), code="extension.excused")
    if asked(submission):
        return CannotExtend(_("You have asked already; your coach has not answered yet."), code="extension.asked")
    return None


def day_refusal(submission: Submission, *, until: date, at: datetime) -> NotThisDay | None:
    first = first_day(submission, at=at)
    if until <= first:
        return NotThisDay(_("You have until then already. Choose a later day."), code="extension.there")
    if until > first + timedelta(days=MOST_DAYS):
        return NotThisDay(_("Two weeks more is the most. Talk to your coach."), code="extension.too_long")
    return None


def answer_refusal(extension: Extension) -> CannotExtend | None:
    if extension.state != State.ASKED:
        return CannotExtend(_("This was answered already."), code="extension.answered")
    enrolment = extension.enrolment
    if not enrolment.is_active or enrolment.cohort.is_closed:
        return CannotExtend(_("The programme is over for this client."), code="enrolment.ended")
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def ask(submission: Submission, *, until: date, by: User, at: datetime, note: str = "") -> Extension:
    """To the end of that day by the client's clock. Granted at once where it can be, else asked of the coach."""
    submission = _fresh(submission)
    if refusal := ask_refusal(submission, by=by, at=at) or day_refusal(submission, until=until, at=at):
        raise refusal
    days = (until - first_day(submission, at=at)).days
    turn = next_by_itself(submission) if days <= BY_ITSELF_DAYS else None
    extension = Extension.objects.create(
        enrolment=submission.enrolment,
        exercise=submission.exercise,
        until=until,
        days=days,
        note=note.strip(),
        by_itself=turn,
        state=State.GRANTED if turn else State.ASKED,
        asked_at=at,
        decided_at=at if turn else None,
    )
    _announce(extension, "took more time" if turn else "asked for more time", by=by, at=at)
    return extension


@transaction.atomic
def answer(extension: Extension, *, grant: bool, by: User, at: datetime) -> Extension:
    """Yes or no, by somebody who may say so: who that is, is known a floor up."""
    enrolment = holding.locked(extension.enrolment)
    extension = Extension.objects.select_for_update().select_related("exercise").get(pk=extension.pk)
    extension.enrolment = enrolment
    if refusal := answer_refusal(extension):
        raise refusal
    extension.state = State.GRANTED if grant else State.DECLINED
    extension.decided_at, extension.decided_by = at, by
    extension.save(update_fields=["state", "decided_at", "decided_by"])
    _announce(extension, "granted more time" if grant else "declined more time", by=by, at=at)
    return extension


def _announce(extension: Extension, action: str, *, by: User, at: datetime) -> None:
    note = f"{extension.exercise.key} until {extension.until}"
    holding.changed(extension.enrolment, action, by=by, at=at, note=note)
    if extension.state == State.ASKED:
        extension_asked.send(sender=Extension, extension=extension, at=at)


def _fresh(submission: Submission) -> Submission:
    """The piece with its client's dates, once nobody else is changing them."""
    enrolment: Enrolment = holding.locked(submission.enrolment)
    found = Submission.objects.select_related("exercise__week").get(pk=submission.pk)
    found.enrolment = enrolment
    return found
