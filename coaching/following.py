"""Check-ins: a graduate allows them, answers by a link without signing in, and stops them whenever they like.

Stopping cancels what is planned and what is on its way in the same transaction. Lock order: the enrolment, then what is
planned for it.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from clients import messaging, recording, tokens
from clients.models import Enrolment, User
from curriculum import fields, values
from curriculum.fields import Field
from curriculum.questionnaires import POINTS

from . import check_ins, releasing
from .models import CheckIn, Consent, Milestone

STOPPED = "the graduate does not want to be asked"
Scope = Consent.Scope
WHILE_WALKING = (Scope.SPONSOR_NOTES, Scope.PULSE)  # what can be agreed to before the end


class NotYourConsent(PermissionDenied):
    """It is the graduate who agrees."""

    code = "consent.not_yours"


class CannotAgree(ValidationError):
    """Not now."""


class Closed(ValidationError):
    """This check-in is over, or has not begun."""


class Incomplete(ValidationError):
    """Some answers need a look. `by_field` says which."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some answers need a look before this can be sent."), code="check_in.incomplete")
        self.by_field = by_field


# --- Refusals -------------------------------------------------------------------------------------


def agree_refusal(enrolment: Enrolment, scope: str, *, by: User) -> Exception | None:
    if enrolment.client_id != by.pk:
        return NotYourConsent(_("Only the client agrees to this."))
    if scope not in WHILE_WALKING and enrolment.state != Enrolment.State.COMPLETED:
        return CannotAgree(_("You are asked this once it is confirmed that you have finished."), code="consent.early")
    if check_ins.consent_of(enrolment, scope):
        return CannotAgree(_("You have agreed to this already."), code="consent.there")
    return None


def withdraw_refusal(enrolment: Enrolment, scope: str, *, by: User) -> Exception | None:
    if enrolment.client_id != by.pk:
        return NotYourConsent(_("Only the client agrees to this."))
    if not check_ins.consent_of(enrolment, scope):
        return CannotAgree(_("You have not agreed to this."), code="consent.not_there")
    return None


def answer_refusal(check_in: CheckIn, *, at: datetime) -> Closed | None:
    """Of whoever holds the link."""
    if check_in.answered_at:
        return Closed(_("This was answered already. Thank you."), code="check_in.answered")
    if not check_ins.consent_of(check_in.enrolment):
        return Closed(_("You asked us to stop, so nothing is asked here."), code="check_in.stopped")
    window = check_ins.window_of(check_in)
    if window is None or at < window.begins:
        return Closed(_("This check-in has not begun."), code="check_in.early")
    if at > window.closes:
        return Closed(_("This check-in is closed. What you did not say counts as not said."), code="check_in.closed")
    return None


# --- What is agreed to ----------------------------------------------------------------------------


@transaction.atomic
def agree(enrolment: Enrolment, scope: str, *, by: User, at: datetime) -> Consent:
    """Kept with the words themselves. What was stopped before and lies ahead is asked again."""
    enrolment = _locked(enrolment)
    if refusal := agree_refusal(enrolment, scope, by=by):
        raise refusal
    text = str(check_ins.WORDS[Scope(scope)])
    given = Consent.objects.create(enrolment=enrolment, scope=scope, text=text, given_at=at)
    if scope == Scope.CHECK_INS:
        stopped = _planned(enrolment).filter(state=Milestone.State.CANCELLED, reason=STOPPED, due_at__gt=at)
        stopped.update(state=Milestone.State.PENDING, reason="")
    recording.record("agreed", given, by=by, at=at, cohort=enrolment.cohort, note=scope)
    return given


@transaction.atomic
def withdraw(enrolment: Enrolment, scope: str, *, by: User, at: datetime) -> None:
    """From now on it is as if it had not been agreed to; that it was, and in which words, stays on record."""
    enrolment = _locked(enrolment)
    if refusal := withdraw_refusal(enrolment, scope, by=by):
        raise refusal
    _end(enrolment, scope, by, at)


@transaction.atomic
def stop_asking(check_in: CheckIn, *, at: datetime) -> None:
    """By the link in one of the mails, without signing in. Doing it twice is doing it once."""
    enrolment = _locked(check_in.enrolment)
    if check_ins.consent_of(enrolment):
        _end(enrolment, Scope.CHECK_INS, None, at)


def _end(enrolment: Enrolment, scope: str, by: User | None, at: datetime) -> None:
    standing = Consent.objects.filter(enrolment=enrolment, scope=scope, withdrawn_at=None)
    standing.update(withdrawn_at=Greatest(F("given_at"), at))  # no clock that was put back keeps anybody in it
    if scope == Scope.CHECK_INS:
        planned = list(_planned(enrolment).select_for_update().order_by("pk"))
        messaging.cancel(STOPPED, person=enrolment.client, about__milestone__in=[row.pk for row in planned])
        waiting = _planned(enrolment).filter(state=Milestone.State.PENDING)
        waiting.update(state=Milestone.State.CANCELLED, reason=STOPPED)
    if scope == Scope.SPONSOR_NOTES:
        releasing.let_notes_go(enrolment, by=by, at=at)
    recording.record("no longer agreed", enrolment, by=by, at=at, cohort=enrolment.cohort, note=scope)


# --- Answering ------------------------------------------------------------------------------------


@transaction.atomic
def answer(check_in: CheckIn, *, sent: dict[str, Any], at: datetime) -> CheckIn:
    """All of it at once, once. Raises Incomplete with what to mend."""
    _locked(check_in.enrolment)
    check_in = CheckIn.objects.select_related("enrolment__client", "enrolment__cohort__edition").get(pk=check_in.pk)
    if refusal := answer_refusal(check_in, at=at):
        raise refusal
    asked = check_ins.asked_of(check_in.enrolment)
    answers = {one.key: values.value(one, sent.get(one.key)) for one in asked.questions}
    points = {one.key: _point(sent.get(one.key)) for one in asked.items}
    has_moved = answers["outcome"] in asked.moves
    proof = str(sent.get("proof") or "") if has_moved else ""
    if problems := _problems(asked.questions, answers, points, proof, has_moved):
        raise Incomplete(problems)
    check_in.answers = {one.key: answers[one.key] for one in asked.questions if _is_kept(one, answers)}
    check_in.points, check_in.proof = {key: point for key, point in points.items() if point}, proof
    check_in.shares_what_helped, check_in.answered_at = sent.get("shares") in (True, "on", "yes"), at
    check_in.save(update_fields=["answers", "points", "proof", "shares_what_helped", "answered_at"])
    cohort = check_in.enrolment.cohort
    recording.record("checked in", check_in, by=None, at=at, cohort=cohort, note="by a link")
    return check_in


def _is_kept(field: Field, answers: dict[str, Any]) -> bool:
    """A month is that of something that happened."""
    if field.required_if and not fields.is_asked(field, answers):
        return False
    return not fields.is_empty(field, answers[field.key])


def _problems(
    questions: tuple[Field, ...], answers: dict[str, Any], points: dict[str, Any], proof: str, has_moved: bool
) -> dict[str, list[str]]:
    said = {one.key: fields.complaints(one, answers[one.key], asked=fields.is_asked(one, answers)) for one in questions}
    said |= {key: [_("Choose one.")] for key, point in points.items() if point not in POINTS}
    if has_moved and proof not in CheckIn.Proof.values:
        said["proof"] = [_("Choose one.")]
    if has_moved and answers["month"] and not _is_month(answers["month"]):
        said["month"] = [_("Write the year and the month, such as 2027-03.")]
    return {key: sentences for key, sentences in said.items() if sentences}


def _is_month(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m")  # noqa: DTZ007  a month has no zone
    except ValueError:
        return False
    return len(text) == len("2027-03")


def _point(raw: Any) -> int | None:
    return int(raw) if str(raw).isdecimal() and len(str(raw)) == 1 and not isinstance(raw, bool) else None


# --- What finishing sets going --------------------------------------------------------------------


@transaction.atomic
def prepare(enrolment: Enrolment) -> None:
    """The three links of somebody who has finished; nothing is sent to whoever has not agreed."""
    rows = [CheckIn(enrolment=enrolment, months=months) for months in CheckIn.MONTHS]
    for row in rows:
        row.token_hash = tokens.hash_of(check_ins.token_of(row))
    CheckIn.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def drop(enrolment: Enrolment, *, at: datetime) -> None:
    """They have not finished after all: the links open nothing, and what was agreed to is over."""
    CheckIn.objects.filter(enrolment=enrolment, answered_at=None).delete()
    after_the_end = Consent.objects.filter(enrolment=enrolment, withdrawn_at=None).exclude(scope__in=WHILE_WALKING)
    after_the_end.update(withdrawn_at=Greatest(F("given_at"), at))


def _planned(enrolment: Enrolment):
    after = Milestone.objects.filter(person=enrolment.client_id, object_id=enrolment.pk)
    return after.filter(kind__in=[f"alumni.{months}" for months in CheckIn.MONTHS])


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort__edition")
    return rows.get(pk=enrolment.pk)
