"""Homework from the first word to the hand-in, and back.

Every function locks the submission, looks, writes, journals and announces in one transaction.
The states are `Submission.MOVES`; this module owns all of them, so a review, which locks first, calls down to here.
"""

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from curriculum import answers, draft_notes, moments
from curriculum.answers import AnswerRejected, Days

from . import agreements, copies, dates, deadlines, endings, recording
from .attempts import latest_attempt, locked_piece, standing_attempts
from .models import Attempt, Submission, TakenBack, User
from .models.submission import ATTEMPTS_AT_MOST
from .signals import handed_in, taken_back

State = Submission.State
RULE = re.compile(r"H\d{1,2}")  # how the first read names its rules


class NotYours(PermissionDenied):
    """Somebody else's homework."""

    code = "homework.not_yours"


class NotNow(ValidationError):
    """The piece is not in a state for this, or its week or cohort is not open."""


class Unagreed(ValidationError):
    """Who sees what is not agreed yet."""


class StaleDraft(ValidationError):
    """Another tab or device saved in between. Both texts are kept: the stored one is in `submission`."""

    def __init__(self, submission: Submission):
        super().__init__(
            _("Another tab or device saved this after you opened it. Both texts are below; choose one."),
            code="draft.stale",
        )
        self.submission = submission


# --- Refusals -----------------------------------------------------------------------------------


def owner_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    """Whether it is theirs and the cohort still goes on; what comes of that is the caller's."""
    enrolment = submission.enrolment
    if enrolment.client_id != by.pk:
        return NotYours(_("This is somebody else's homework."))
    if not enrolment.is_active:
        return NotNow(endings.own_sentence(enrolment, stays=_("what you handed in")), code="homework.left")
    if enrolment.cohort.is_closed:
        return NotNow(_("This cohort is closed; what you handed in stays readable."), code="cohort.closed")
    return None


def save_draft_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    if refusal := owner_refusal(submission, by=by, at=at):
        return refusal
    if not deadlines.is_open(submission.enrolment, submission.exercise.week.number, at=at):
        return NotNow(_("This week is not open yet."), code="homework.locked")
    if not submission.exercise.is_offered:
        return NotNow(_("This exercise cannot be handed in yet."), code="homework.not_offered")
    state = submission.state_at(at)
    if state in (State.HANDED_IN, State.IN_REVIEW):
        return NotNow(_("This is with your coach. You can write again once it is back."), code="homework.with_coach")
    if state in (State.RETURNED, State.ACCEPTED):
        return NotNow(_("Start another attempt first; your last text will be in it."), code="homework.reviewed")
    return None


def hand_in_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    return save_draft_refusal(submission, by=by, at=at) or agreement_refusal(submission)


def agreement_refusal(submission: Submission) -> Unagreed | None:
    """The baseline of week 0 is open to whoever has not decided yet; asks the database for nothing."""
    if submission.exercise.week.number < agreements.FROM_WEEK or submission.enrolment.has_accepted:
        return None
    return Unagreed(
        _("Read the coaching agreement and accept it before you hand in. What you wrote is kept."),
        code="agreement.not_accepted",
    )


def take_back_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    if refusal := owner_refusal(submission, by=by, at=at):
        return refusal
    if submission.state == State.IN_REVIEW:
        return NotNow(_("Your coach is reading this one, so it stays handed in."), code="homework.claimed")
    if submission.state != State.HANDED_IN:
        return NotNow(_("Nothing is handed in here that could be taken back."), code="homework.not_handed_in")
    return None


def try_again_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    if refusal := owner_refusal(submission, by=by, at=at):
        return refusal
    if submission.state_at(at) not in (State.RETURNED, State.ACCEPTED):
        return NotNow(_("Another attempt starts after your coach has answered this one."), code="homework.not_reviewed")
    if submission.attempts_made >= ATTEMPTS_AT_MOST:
        return NotNow(_("These were your three attempts; all of them are kept."), code="homework.three_attempts")
    return None


# --- Operations of the client -------------------------------------------------------------------


@transaction.atomic
def save_draft(
    submission: Submission, *, answer: dict[str, Any], revision: int | None, by: User, at: datetime
) -> Submission:
    """Keep what was typed, complete or not. `revision` is the one the writer started from.

    Raises StaleDraft when somebody saved in between (None is never stale: the writer chose to overwrite).
    """
    submission = _locked(submission)
    if refusal := save_draft_refusal(submission, by=by, at=at):
        raise refusal
    shaped = answers.shape(submission.exercise, answer)
    if shaped == submission.draft and submission.is_started:
        return submission
    _refuse_stale(submission, revision)
    return _keep(submission, shaped, at)


@transaction.atomic
def mean_it(submission: Submission, *, rule: str, by: User, at: datetime) -> Submission:
    """The client keeps something the first read noticed, on purpose. Remembered for this attempt."""
    submission = _locked(submission)
    if refusal := save_draft_refusal(submission, by=by, at=at):
        raise refusal
    if RULE.fullmatch(rule) and rule not in submission.meant:
        submission.meant = [*submission.meant, rule]
        submission.save(update_fields=["meant"])
    return submission


@transaction.atomic
def hand_in(
    submission: Submission,
    *,
    by: User,
    at: datetime,
    answer: dict[str, Any] | None = None,
    revision: int | None = None,
    client_key: str = "",
) -> Attempt:
    """Freeze the answer (the draft when none is given) as the next attempt.

    The same `client_key` again is the same click again and returns the attempt it made.
    Raises StaleDraft, a refusal, or AnswerRejected with what to mend in which field.
    """
    submission = _locked_with_dates(submission)
    client_key = client_key or f"revision-{submission.draft_revision}"
    if repeat := submission.attempts.filter(client_key=client_key, submission__enrolment__client=by).first():
        return repeat
    if refusal := hand_in_refusal(submission, by=by, at=at):
        raise refusal
    shaped = submission.draft if answer is None else answers.shape(submission.exercise, answer)
    if shaped != submission.draft:
        _refuse_stale(submission, revision)
    whole = _whole(submission, shaped, at)
    _keep(submission, shaped, at)
    attempt = _freeze(submission, whole, client_key, at)
    _move(submission, State.HANDED_IN, attempts_made=attempt.number, handed_in_at=at)
    recording.record("handed in", submission, by=by, at=at, cohort=submission.enrolment.cohort)
    handed_in.send(sender=Submission, attempt=attempt, at=at)
    return attempt


@transaction.atomic
def take_back(submission: Submission, *, by: User, at: datetime) -> Submission:
    """Undo a hand-in nobody has claimed. The attempt row stays; the text is the draft again."""
    submission = _locked(submission)
    if refusal := take_back_refusal(submission, by=by, at=at):
        raise refusal
    attempt = latest_attempt(submission)
    TakenBack.objects.create(attempt=attempt, at=at, by=by)
    before = standing_attempts(submission).last()
    _move(
        submission,
        State.DRAFT,
        attempts_made=attempt.number - 1,
        handed_in_at=before.handed_in_at if before else None,
        draft_revision=submission.draft_revision + 1,
        draft_saved_at=at,
    )
    recording.record("took back", submission, by=by, at=at, cohort=submission.enrolment.cohort)
    taken_back.send(sender=Submission, attempt=attempt, at=at)
    return submission


@transaction.atomic
def try_again(submission: Submission, *, by: User, at: datetime) -> Submission:
    """Open the next attempt, starting from the last one's text."""
    submission = _locked(submission)
    if refusal := try_again_refusal(submission, by=by, at=at):
        raise refusal
    _move(
        submission,
        State.DRAFT,
        draft=answers.shape(submission.exercise, latest_attempt(submission).answer),
        draft_revision=submission.draft_revision + 1,
        draft_saved_at=at,
        meant=[],
    )
    recording.record("started another attempt", submission, by=by, at=at, cohort=submission.enrolment.cohort)
    return submission


# --- Moves a review makes, called from above with the row it has locked -----------------------------


@transaction.atomic(savepoint=False)
def mark_claimed(submission: Submission) -> None:
    """A coach has it in hand. Raises when the client took it back first."""
    if submission.state == State.IN_REVIEW:
        return
    if submission.state != State.HANDED_IN:
        raise NotNow(_("The client took this back. Your notes are kept."), code="review.taken_back")
    _move(submission, State.IN_REVIEW)


@transaction.atomic(savepoint=False)
def mark_released(submission: Submission) -> None:
    """The claim was given up: it waits for a coach again."""
    _move(submission, State.HANDED_IN)


@transaction.atomic(savepoint=False)
def mark_reviewed(submission: Submission, *, another: bool, shown_from: datetime) -> None:
    """The review is sent. The client sees its outcome from `shown_from`."""
    state = State.RETURNED if another else State.ACCEPTED
    _move(submission, state, shown_from=shown_from)


@transaction.atomic(savepoint=False)
def mark_unreviewed(submission: Submission, *, shown_before: datetime | None) -> None:
    """The review was undone in time: it is being read again, and only what showed before shows."""
    _move(submission, State.IN_REVIEW, shown_from=shown_before)


# --- Inside ---------------------------------------------------------------------------------------


def _locked(submission: Submission) -> Submission:
    return locked_piece(_to_lock(), submission.pk)


def _locked_with_dates(submission: Submission) -> Submission:
    """With its client's dates read and put together once: whoever hears of a hand-in asks for them again."""
    submission = _locked(submission)
    dates.read(submission.enrolment)
    submission.enrolment.cohort.keep_calendar()
    deadlines.keep_dates([submission.enrolment])
    return submission


def _to_lock() -> QuerySet[Submission]:
    whole = ("exercise__week", "exercise__edition", "enrolment__client", "enrolment__cohort__edition")
    return Submission.objects.select_for_update(of=("self",)).select_related(*whole)


def _refuse_stale(submission: Submission, revision: int | None) -> None:
    if revision is not None and revision != submission.draft_revision:
        raise StaleDraft(submission)


def _keep(submission: Submission, shaped: dict[str, Any], at: datetime) -> Submission:
    submission.draft, submission.draft_saved_at = shaped, at
    submission.draft_revision += 1
    submission.save(update_fields=["draft", "draft_saved_at", "draft_revision"])
    return submission


def _whole(submission: Submission, shaped: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The answer as it is handed in, with copies of the records it names. Raises AnswerRejected."""
    zone = submission.enrolment.client.zone
    opened = deadlines.opens_at(submission.enrolment, submission.exercise.week.number, at=at)
    days = Days(moments.to_wall(at, zone).date(), moments.to_wall(opened, zone).date())
    whole, missing = copies.of(submission, shaped)
    if by_field := missing | answers.problems(submission.exercise, shaped, days=days):
        raise AnswerRejected(by_field)
    return whole


def _freeze(submission: Submission, whole: dict[str, Any], client_key: str, at: datetime) -> Attempt:
    exercise, due = submission.exercise, deadlines.due_at(submission, at=at)
    known = submission.enrolment.client.known_words
    return Attempt.objects.create(
        submission=submission,
        serial=submission.attempts.count() + 1,
        number=submission.attempts_made + 1,
        client_key=client_key,
        answer=whole,
        words=answers.words_in(exercise, submission.draft),
        first_read=draft_notes.for_the_record(exercise, submission.draft, meant=submission.meant, known=known),
        handed_in_at=at,
        due_at=due,
        is_late=deadlines.is_late(at, due),
        edition_id=exercise.edition_id,
        rubric_id=exercise.rubric_id,
    )


def _move(submission: Submission, state: str, **changes: Any) -> None:
    if not submission.can_move(state):
        raise NotNow(_("This piece has moved on. Reload the page to see where it is."), code="homework.moved_on")
    submission.state = state
    for name, content in changes.items():
        setattr(submission, name, content)
    submission.save(update_fields=["state", *changes])
