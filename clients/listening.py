"""A listener without an account hears something once and writes down from memory what stayed.

The client hands out a link; only the hash of its token is kept. Once the listener goes on to the questions there is no
way back to the recording, and what they send is closed to changes. The client marks each answer right, partly or wrong.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import answers

from . import deadlines, receipts, recording, submitting, tokens
from .attempts import locked_piece
from .models import Receipt, Recording, Submission, User

LIFETIME = timedelta(days=7)
OPEN_AT_MOST = 5
LONGEST = 600  # characters of one answer
LONGEST_NAME = 80


class CannotAsk(ValidationError):
    """No listener can be asked now, or not about this."""


class Closed(ValidationError):
    """The link is over."""


class NoAnswer(ValidationError):
    """What the listener wrote cannot be kept like this."""

    field = "what"


class NotMarked(ValidationError):
    """The marks are not complete. `by_field` says where."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Mark each of the four answers."), code="receipt.marks")
        self.by_field = by_field


# --- Refusals -----------------------------------------------------------------------------------


def ask_refusal(submission: Submission, *, sound: Recording | None = None, by: User, at: datetime) -> Exception | None:
    if refusal := submitting.owner_refusal(submission, by=by, at=at):
        return refusal
    if not deadlines.is_open(submission.enrolment, submission.exercise.week.number, at=at):
        return CannotAsk(_("This week is not open yet."), code="homework.locked")
    if not any(field.kind == "audio" for field in answers.fields_of(submission.exercise)):
        return CannotAsk(_("A listener is asked about something you say."), code="receipt.not_asked")
    if sound and (sound.submission_id != submission.pk or sound.state != Recording.State.READY):
        return CannotAsk(_("The recording is not here yet. Upload it again."), code="receipt.no_recording")
    if receipts.open_ones(submission, at=at).count() >= OPEN_AT_MOST:
        return CannotAsk(_("Five links are open. Withdraw one that nobody uses."), code="receipt.five_open")
    return None


def withdraw_refusal(receipt: Receipt, *, by: User, at: datetime) -> Exception | None:
    if refusal := submitting.owner_refusal(receipt.submission, by=by, at=at):
        return refusal
    return None if receipts.state_of(receipt, at=at) == receipts.OPEN else _closed(receipt, at)


def answer_refusal(receipt: Receipt, *, at: datetime) -> Exception | None:
    """Of a listener, who is nobody to us but the holder of a link."""
    return None if receipts.state_of(receipt, at=at) == receipts.OPEN else _closed(receipt, at)


def mark_refusal(receipt: Receipt, *, by: User, at: datetime) -> Exception | None:
    if refusal := submitting.owner_refusal(receipt.submission, by=by, at=at):
        return refusal
    if not receipt.answered_at:
        return CannotAsk(_("Nobody has answered this yet."), code="receipt.not_answered")
    return None


def _closed(receipt: Receipt, at: datetime) -> Closed:
    """Why a link is over, for whoever holds it."""
    if receipts.state_of(receipt, at=at) == receipts.ANSWERED:
        return Closed(_("This was answered already and is closed to changes. Thank you."), code="receipt.used")
    if receipt.withdrawn_at:
        return Closed(_("This link was withdrawn. Whoever sent it can send another."), code="receipt.withdrawn")
    return Closed(_("This link has ended. Whoever sent it can send another."), code="receipt.expired")


# --- Operations of the client -------------------------------------------------------------------


@transaction.atomic
def ask_listener(
    submission: Submission, *, sound: Recording | None = None, by: User, at: datetime
) -> tuple[Receipt, str]:
    """(the receipt, the token of its link). The token is kept nowhere: this is the only time it is told."""
    submission = _locked_piece(submission)
    if refusal := ask_refusal(submission, sound=sound, by=by, at=at):
        raise refusal
    token = secrets.token_urlsafe(32)
    receipt = Receipt.objects.create(
        submission=submission,
        recording=sound,
        token_hash=tokens.hash_of(token),
        asked_by=by,
        asked_at=at,
        expires_at=at + LIFETIME,
    )
    recording.record("asked a listener", receipt, by=by, at=at, cohort=submission.enrolment.cohort)
    return receipt, token


@transaction.atomic
def withdraw(receipt: Receipt, *, by: User, at: datetime) -> None:
    """The link opens nothing any more."""
    receipt = _locked(receipt)
    if refusal := withdraw_refusal(receipt, by=by, at=at):
        raise refusal
    receipt.withdrawn_at = at
    receipt.save(update_fields=["withdrawn_at"])
    recording.record("withdrew a listener's link", receipt, by=by, at=at, cohort=receipt.submission.enrolment.cohort)


@transaction.atomic
def mark(receipt: Receipt, *, marks: dict[str, Any], by: User, at: datetime) -> Receipt:
    """Each answer right (2), partly (1) or wrong (0), in the client's judgement. Marking again overwrites."""
    receipt = _locked(receipt)
    if refusal := mark_refusal(receipt, by=by, at=at):
        raise refusal
    missing = [key for key in receipts.QUESTIONS if marks.get(key) not in receipts.MARKS]
    if missing:
        raise NotMarked({key: [_("Mark this right, partly or wrong.")] for key in missing})
    receipt.marks, receipt.marked_at = {key: int(marks[key]) for key in receipts.QUESTIONS}, at
    receipt.save(update_fields=["marks", "marked_at"])
    cohort = receipt.submission.enrolment.cohort
    recording.record("marked a listener's answers", receipt, by=by, at=at, cohort=cohort)
    return receipt


# --- Operations of the listener -----------------------------------------------------------------


@transaction.atomic
def begin(receipt: Receipt, *, at: datetime) -> Receipt:
    """They have listened and go on to the questions. From here on the recording is not played to them."""
    receipt = _locked(receipt)
    if refusal := answer_refusal(receipt, at=at):
        raise refusal
    if receipt.begun_at is None:
        receipt.begun_at = at
        receipt.save(update_fields=["begun_at"])
    return receipt


@transaction.atomic
def answer(
    receipt: Receipt, *, what: str, why: str, wrong: str, when: str, listener: str = "", at: datetime
) -> Receipt:
    """What stayed, once. A question left empty is an answer too, as long as one is not."""
    receipt = _locked(receipt)
    if refusal := answer_refusal(receipt, at=at):
        raise refusal
    if receipt.begun_at is None:
        raise CannotAsk(_("Listen first; then go on to the questions."), code="receipt.not_begun")
    said = {"what": what.strip(), "why": why.strip(), "wrong": wrong.strip(), "when": when.strip()}
    if not any(said.values()):
        raise NoAnswer(_("Write at least one answer. “I do not know” is one too."), code="receipt.empty")
    if any(len(text) > LONGEST for text in said.values()):
        raise NoAnswer(_("At most 600 characters an answer. A sentence is enough."), code="receipt.too_long")
    receipt.what, receipt.why, receipt.wrong, receipt.when = said.values()
    receipt.listener, receipt.answered_at = " ".join(listener.split())[:LONGEST_NAME], at
    receipt.save(update_fields=["what", "why", "wrong", "when", "listener", "answered_at"])
    cohort = receipt.submission.enrolment.cohort
    recording.record("answered as a listener", receipt, by=None, at=at, cohort=cohort, note="by a link")
    return receipt


# --- Inside ---------------------------------------------------------------------------------------


def _locked_piece(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).select_related(
        "exercise__week", "enrolment__client", "enrolment__cohort"
    )
    return locked_piece(rows, submission.pk)


def _locked(receipt: Receipt) -> Receipt:
    rows = Receipt.objects.select_for_update(of=("self",)).select_related(
        "submission__enrolment__client", "submission__enrolment__cohort"
    )
    return rows.get(pk=receipt.pk)
