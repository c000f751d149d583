"""Reading an attempt and answering it: claim, draft, send, undo, recall.

Lock order: submission, then claim. One coach has a piece at a time, by name; what others see is the
refusal that says who.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import messaging, recording, submitting
from clients.models import Attempt, Submission, User
from clients.models.submission import ATTEMPTS_AT_MOST
from curriculum.at_once import at_once

from . import asks, bank, calibration, caseload, drafted, feedbacks, held, margin
from .models import Ask, BankUse, Claim, Feedback, FeedbackDraft, MarginNote, Mark, Uptake
from .signals import feedback_sent, feedback_undone

UNDO = timedelta(seconds=10)
MAIL_AFTER = timedelta(minutes=10)  # what a client gets by mail can still be taken back by then
IDLE = timedelta(minutes=30)  # after which a colleague's claim may be taken over without asking

State = Submission.State


class NotYourClient(PermissionDenied):
    """Only a coach of the client's cohort reviews, and nobody reviews themselves."""

    code = "review.not_yours"


class CannotReview(ValidationError):
    """Somebody else has it, or there is nothing to review right now."""


class FeedbackRejected(ValidationError):
    """Something keeps this from being sent; `by_field` says what, by field."""

    def __init__(self, by_field: dict[str, list[str]], *, code: str = "feedback.incomplete"):
        super().__init__(_("Some parts need a look before this can be sent."), code=code)
        self.by_field = by_field


class StaleFeedback(ValidationError):
    """Another tab saved this feedback in between. The stored one is in `draft`."""

    def __init__(self, draft: FeedbackDraft):
        super().__init__(_("Another tab saved this feedback after you opened it. Both are below."), code="draft.stale")
        self.draft = draft


# --- Refusals -------------------------------------------------------------------------------------


def claim_refusal(submission: Submission, *, by: User, at: datetime) -> Exception | None:
    """Why this coach cannot take the piece in hand now."""
    return _hold_refusal(submission, by, at) or _calibration_refusal(submission, by)


def _hold_refusal(submission: Submission, by: User, at: datetime) -> Exception | None:
    if refusal := _coach_refusal(submission, by, at):
        return refusal
    if submission.state not in (State.HANDED_IN, State.IN_REVIEW):
        return CannotReview(_("Nothing waits for feedback here."), code="review.nothing_waits")
    claim = claim_of(submission)
    return _held(claim) if claim and claim.coach_id != by.pk else None


def take_over_refusal(submission: Submission, *, holder: int | None = None, by: User, at: datetime) -> Exception | None:
    """Why this coach cannot take the piece from whoever has it. `holder` is whom they meant to take it from."""
    if refusal := _coach_refusal(submission, by, at):
        return refusal
    claim = claim_of(submission)
    if submission.state != State.IN_REVIEW or not claim:
        return CannotReview(_("Nobody has this piece; claim it."), code="review.unclaimed")
    if holder is not None and claim.coach_id not in (holder, by.pk):
        return _held(claim)
    return _calibration_refusal(submission, by)


def send_refusal(submission: Submission, *, by: User, at: datetime, another: bool) -> Exception | None:
    return claim_refusal(submission, by=by, at=at) or _fourth_refusal(submission, another)


def _fourth_refusal(submission: Submission, another: bool) -> Exception | None:
    if another and submission.attempts_made >= ATTEMPTS_AT_MOST:
        return CannotReview(_("This was the third attempt; there is no fourth."), code="review.three_attempts")
    return None


def levels_refusal(own: dict[int, int], levels: dict[str, Any]) -> Exception | None:
    """What a client said about their own words is asked about, not changed. `own` is criterion id → level."""
    changed = [key for key, level in own.items() if levels.get(str(key), level) != level]
    if not changed:
        return None
    sentence = _("This is your client's own rating. Ask about it in your words; it stays as they gave it.")
    return FeedbackRejected({f"level-{key}": [sentence] for key in changed}, code="feedback.own_rating")


def undo_refusal(feedback: Feedback, *, by: User, at: datetime) -> Exception | None:
    if feedback.coach_id != by.pk:
        return NotYourClient(_("Only whoever sent it can undo it."))
    if at >= feedback.shown_from:
        return CannotReview(_("The ten seconds are over; your client can read it."), code="feedback.shown")
    return None


def recall_refusal(feedback: Feedback, *, by: User, at: datetime) -> Exception | None:
    """Why what may have been read already cannot be taken back any more."""
    if feedback.coach_id != by.pk:
        return NotYourClient(_("Only whoever sent it can take it back."))
    if at >= feedback.sent_at + MAIL_AFTER:
        return CannotReview(_("The ten minutes are over; what you sent stays."), code="feedback.settled")
    submission = feedback.attempt.submission
    if submission.state not in (State.RETURNED, State.ACCEPTED):
        return CannotReview(
            _("%(name)s has begun another attempt from it; what you sent stays.")
            % {"name": submission.enrolment.client.first},
            code="feedback.gone_on",
        )
    return None


def _coach_refusal(submission: Submission, by: User, at: datetime) -> Exception | None:
    if submission.enrolment.client_id == by.pk:
        return NotYourClient(_("Nobody reviews their own work."))
    if not caseload.answers(by, submission, at=at):
        return NotYourClient(_("You do not coach this cohort."))
    if submission.enrolment.cohort.is_closed:
        return CannotReview(_("This cohort is closed."), code="cohort.closed")
    return None


def _held(claim: Claim) -> CannotReview:
    return CannotReview(
        _("%(name)s has had this since %(time)s UTC.") % {"name": claim.coach, "time": f"{claim.claimed_at:%H:%M}"},
        code="review.claimed",
    )


def _calibration_refusal(submission: Submission, by: User) -> CannotReview | None:
    """Whoever reviews by a rubric for the first time scores its exemplars before."""
    if not calibration.holds_up(submission, by):
        return None
    rubric = {"rubric": submission.exercise.rubric}
    return CannotReview(
        _("Before your first review by “%(rubric)s”, score its exemplars. It takes about ten minutes.") % rubric,
        code="calibration.first",
    )


def claim_of(submission: Submission) -> Claim | None:
    """Who has the attempt that waits."""
    return getattr(held.standing(submission), "claim", None)


# --- Claiming -------------------------------------------------------------------------------------


@transaction.atomic
def claim(submission: Submission, *, by: User, at: datetime) -> Claim:
    """Take the piece in hand, by name. Claiming one's own again changes nothing."""
    submission = held.locked(submission, by)
    return _take(submission, by, at)


def _take(submission: Submission, by: User, at: datetime) -> Claim:
    """The claim on a piece that is locked."""
    if refusal := claim_refusal(submission, by=by, at=at):
        raise refusal
    claimed = claim_of(submission)
    if claimed is None:
        claimed = Claim.objects.create(attempt=held.standing(submission), coach=by, claimed_at=at, touched_at=at)
        submitting.mark_claimed(submission)
        recording.record("claimed", submission, by=by, at=at, cohort=submission.enrolment.cohort)
    return claimed


@transaction.atomic
def take_over(submission: Submission, *, holder: int | None = None, by: User, at: datetime) -> Claim:
    """Take a colleague's claim, on purpose. The journal says from whom and how long it had lain.

    Who names the `holder` takes it from nobody else: whoever took it over a moment before keeps it.
    """
    submission = held.locked(submission, by)
    if refusal := take_over_refusal(submission, holder=holder, by=by, at=at):
        raise refusal
    claimed = Claim.objects.select_for_update(of=("self",)).select_related("coach").get(pk=claim_of(submission).pk)
    if claimed.coach_id == by.pk:
        return claimed
    idle = int((at - claimed.touched_at).total_seconds() // 60)
    note = f"from {claimed.coach}, untouched for {idle} minutes"
    claimed.coach, claimed.claimed_at, claimed.touched_at, claimed.taken_in = by, at, at, None
    claimed.save(update_fields=["coach", "claimed_at", "touched_at", "taken_in"])
    recording.record("took over", submission, by=by, at=at, cohort=submission.enrolment.cohort, note=note)
    return claimed


@transaction.atomic
def release(submission: Submission, *, by: User, at: datetime) -> None:
    """Give the claim up; the piece waits for any coach again. The draft of the feedback is kept."""
    submission = held.locked(submission)
    if refusal := _hold_refusal(submission, by, at):
        raise refusal
    if deleted := Claim.objects.filter(attempt=held.standing(submission), coach=by).delete()[0]:
        submitting.mark_released(submission)
        recording.record("released", submission, by=by, at=at, cohort=submission.enrolment.cohort, note=f"{deleted}")


# --- Writing and sending --------------------------------------------------------------------------


@transaction.atomic
def save_feedback_draft(
    submission: Submission, *, content: dict[str, Any], revision: int | None, by: User, at: datetime
) -> FeedbackDraft:
    """Keep what was written so far; the first touch claims the piece. Nothing is sent from here.

    `content` may hold keep, try_next, levels (criterion id → 1…4), another, live, asks (at most three), addressed
    (ask of the last attempt → yes, partly, no) and notes (in the margin: text, field, quote, prefix, suffix or second).
    """
    return _keep(held.locked(submission, by), content, revision, by, at)


def _keep(
    submission: Submission, content: dict[str, Any], revision: int | None, by: User, at: datetime
) -> FeedbackDraft:
    """What was written about a piece that is locked."""
    claimed = _take(submission, by, at)
    criteria, levels = feedbacks.criteria_of(claimed.attempt), drafted.by_key(content.get("levels") or {})
    own = feedbacks.own_levels(claimed.attempt, criteria)
    if refusal := levels_refusal(own, levels):
        raise refusal
    draft = _draft_in_hand(claimed.attempt, by, at)
    whole = content | {"levels": levels | drafted.by_key(own)}
    shaped = drafted.shape(claimed.attempt, criteria, asks.put_to(claimed.attempt), whole)
    if all(getattr(draft, name) == value for name, value in shaped.items()) and draft.revision:
        return draft if draft.pk else _saved(draft)
    if revision is not None and revision != draft.revision:
        raise StaleFeedback(draft)
    for name, value in shaped.items():
        setattr(draft, name, value)
    draft.revision, draft.saved_at = draft.revision + 1, at
    if claimed.touched_at != at:
        Claim.objects.filter(pk=claimed.pk).update(touched_at=at)
    return _saved(draft)


def _saved(draft: FeedbackDraft) -> FeedbackDraft:
    draft.save()
    return draft


@transaction.atomic
def send_feedback(
    submission: Submission, *, content: dict[str, Any], by: User, at: datetime, revision: int | None = None
) -> Feedback:
    """Send it: the client sees it in ten seconds, the mail leaves ten minutes later."""
    submission = held.locked(submission, by)
    with at_once(*held.asks_of(submission, by)):
        return _send(submission, content, revision, by, at)


def _send(submission: Submission, content: dict[str, Any], revision: int | None, by: User, at: datetime) -> Feedback:
    draft = _keep(submission, content, revision, by, at)
    if refusal := _fourth_refusal(submission, draft.another):
        raise refusal
    attempt = draft.attempt
    if missing := drafted.missing(attempt, draft):
        raise FeedbackRejected(missing, code="feedback.incomplete")
    feedback = _write(attempt, draft, by, at)
    submitting.mark_reviewed(submission, another=draft.another, shown_from=feedback.shown_from)
    recording.record("sent feedback", submission, by=by, at=at, cohort=submission.enrolment.cohort)
    messaging.post(
        "feedback",
        key=f"feedback:{feedback.pk}",
        to=submission.enrolment.client,
        cohort=submission.enrolment.cohort,
        about={"feedback": feedback.pk},
        at=at,
        available_at=at + MAIL_AFTER,
        shows_at=feedback.shown_from,
    )
    feedback_sent.send(sender=Feedback, feedback=feedback, at=at)
    return feedback


@transaction.atomic
def undo_feedback(feedback: Feedback, *, by: User, at: datetime) -> Submission:
    """Take it back before the client could see it. What was written is the draft again."""
    submission, feedback = _sent(feedback)
    if refusal := undo_refusal(feedback, by=by, at=at):
        raise refusal
    recording.record("undid feedback", submission, by=by, at=at, cohort=submission.enrolment.cohort)
    return _withdraw(submission, feedback, "undone by the coach", at)


@transaction.atomic
def recall_feedback(feedback: Feedback, *, by: User, at: datetime) -> Submission:
    """Take it back before its mail leaves, though the client may have read it: the journal says whether they had.

    What was written is the draft again, and the client sees that it was taken back.
    """
    submission, feedback = _sent(feedback)
    if refusal := recall_refusal(feedback, by=by, at=at):
        raise refusal
    note = f"read at {feedback.read_at:%H:%M} UTC" if feedback.read_at else "not read yet"
    recording.record("recalled feedback", submission, by=by, at=at, cohort=submission.enrolment.cohort, note=note)
    Claim.objects.filter(attempt=feedback.attempt_id).update(recalled_at=at, touched_at=at)
    return _withdraw(submission, feedback, "recalled by the coach", at)


@transaction.atomic
def mark_read(feedback: Feedback, *, by: User, at: datetime) -> None:
    """The client opened it."""
    if feedback.attempt.submission.enrolment.client_id != by.pk:
        raise NotYourClient(_("This is somebody else's feedback."))
    Feedback.objects.filter(pk=feedback.pk, read_at=None, shown_from__lte=at).update(read_at=at)


# --- Inside ---------------------------------------------------------------------------------------


def _sent(feedback: Feedback) -> tuple[Submission, Feedback]:
    """The piece and the feedback, locked; gone where it was undone meanwhile."""
    submission = held.locked(feedback.attempt.submission)
    found = Feedback.objects.select_for_update(of=("self",)).select_related("attempt").filter(pk=feedback.pk).first()
    if found is None:
        raise CannotReview(_("This was undone already."), code="feedback.undone")
    found.attempt.submission = submission
    return submission, found


def _withdraw(submission: Submission, feedback: Feedback, reason: str, at: datetime) -> Submission:
    attempt = feedback.attempt
    messaging.cancel(reason, key=f"feedback:{feedback.pk}")
    feedback.delete()
    earlier = feedbacks.last_shown(submission, at=at)
    submitting.mark_unreviewed(submission, shown_before=earlier.shown_from if earlier else None)
    feedback_undone.send(sender=Feedback, attempt=attempt, at=at)
    return submission


def _draft_in_hand(attempt: Attempt, by: User, at: datetime) -> FeedbackDraft:
    """The coach's own, locked; one that is new is not saved yet. The first one on an attempt goes on from what they
    wrote before it was taken back."""
    found = feedbacks.kept_draft(attempt, by, locked=True)
    if found is None or found.attempt_id != attempt.pk:
        begun = drafted.parts(found) if found else {"saved_at": at}
        return FeedbackDraft(attempt=attempt, coach=by, **begun)
    found.attempt = attempt
    return found


def _write(attempt: Attempt, draft: FeedbackDraft, by: User, at: datetime) -> Feedback:
    feedback = Feedback.objects.create(
        attempt=attempt,
        coach=by,
        keep=draft.keep.strip(),
        try_next=draft.try_next.strip(),
        verdict=_verdict(draft),
        sent_at=at,
        shown_from=at + UNDO,
    )
    Mark.objects.bulk_create(
        Mark(feedback=feedback, criterion_id=int(key), level=level) for key, level in draft.levels.items()
    )
    numbered = enumerate(drafted.asks_in(draft), start=1)
    Ask.objects.bulk_create(Ask(feedback=feedback, number=number, text=text) for number, text in numbered)
    Uptake.objects.bulk_create(
        Uptake(feedback=feedback, ask_id=int(key), answer=answer) for key, answer in draft.addressed.items()
    )
    _count(feedback, draft)
    noted = enumerate(margin.kept(draft.notes))
    MarginNote.objects.bulk_create(MarginNote(feedback=feedback, position=n, **margin.plain(one)) for n, one in noted)
    return feedback


def _count(feedback: Feedback, draft: FeedbackDraft) -> None:
    """Write down which lines of the comment bank stand in what is sent."""
    attempt = feedback.attempt
    rubric = f"{attempt.rubric.key}." if attempt.rubric else ""
    asked = {f"{rubric}{criterion.key}": criterion.pk for criterion in feedbacks.criteria_of(attempt)}
    used = bank.used_in(bank.known_to(feedback.coach, attempt.edition_id), drafted.all_words(draft))
    BankUse.objects.bulk_create(
        BankUse(feedback=feedback, line_id=one.pk, starter=one.starter, criterion_id=asked.get(one.about))
        for one in used
    )


def _verdict(draft: FeedbackDraft) -> Feedback.Verdict:
    if draft.another:
        return Feedback.Verdict.ANOTHER
    return Feedback.Verdict.LIVE if draft.live else Feedback.Verdict.ACCEPTED
