"""Saying that a piece was talked about, where its feedback asked for that, and that it is open after all.

Lock order: the submission.
"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.attempts import locked_piece
from clients.models import Submission, User
from curriculum import moments

from . import caseload
from .models import Feedback, Talk
from .models.talk import LONGEST


class NotYourTalk(PermissionDenied):
    """Only whoever reads the piece as a coach says that it was talked about."""

    code = "talk.not_yours"


class CannotMark(ValidationError):
    """Not here, or not any more."""


class TalkRejected(ValidationError):
    """The day or the line will not do."""

    def __init__(self, field: str, sentence: str, code: str):
        super().__init__(sentence, code=code)
        self.field = field


# --- Refusals -------------------------------------------------------------------------------------


def talk_refusal(feedback: Feedback, *, by: User, at: datetime) -> Exception | None:
    """Why this person cannot say now that it was talked about, or that it was not."""
    piece = feedback.attempt.submission
    if not caseload.reviewable_by(by, at=at).filter(pk=piece.pk).exists():
        return NotYourTalk(_("Only the coaches of the cohort say that this was talked about."))
    if piece.enrolment.cohort.is_closed:
        return CannotMark(_("This cohort is closed."), code="cohort.closed")
    if feedback.verdict != Feedback.Verdict.LIVE:
        words = _("This was not to be discussed live. What you talk about besides belongs into a note.")
        return CannotMark(words, code="talk.not_asked")
    if at < feedback.shown_from:
        return CannotMark(_("Nobody but you can read this feedback yet."), code="talk.not_shown")
    return None


def mark_refusal(feedback: Feedback, *, day: date, line: str, by: User, at: datetime) -> Exception | None:
    """Why it cannot be said of this day, in this line."""
    if refusal := talk_refusal(feedback, by=by, at=at):
        return refusal
    if day > moments.to_wall(at, by.zone).date():
        return TalkRejected("day", _("That day is still to come. Mark it once you have talked."), "talk.to_come")
    if day < moments.to_wall(feedback.sent_at, by.zone).date():
        return TalkRejected("day", _("That day is before your feedback was sent."), "talk.too_early")
    if len(line.strip()) > LONGEST:
        return TalkRejected("line", _("A line has at most %(n)s characters.") % {"n": LONGEST}, "talk.long")
    return None


# --- Doing it -------------------------------------------------------------------------------------


@transaction.atomic
def mark(feedback: Feedback, *, day: date, line: str = "", by: User, at: datetime) -> Talk:
    """They have talked. The very same once more, by a second click, changes nothing; the journal has no words of it."""
    feedback = _locked(feedback)
    if refusal := mark_refusal(feedback, day=day, line=line, by=by, at=at):
        raise refusal
    found, told = Talk.objects.filter(feedback=feedback).first(), (day, line.strip())
    if found and (found.day, found.line) == told:
        return found
    said = {"day": day, "line": told[1], "coach": by, "marked_at": at}
    made, _fresh = Talk.objects.update_or_create(feedback=feedback, defaults=said)
    recording.record("talked", made, by=by, at=at, cohort=feedback.attempt.submission.enrolment.cohort)
    return made


@transaction.atomic
def reopen(feedback: Feedback, *, by: User, at: datetime) -> None:
    """They have not talked about it after all. Once is enough."""
    feedback = _locked(feedback)
    if refusal := talk_refusal(feedback, by=by, at=at):
        raise refusal
    if found := Talk.objects.filter(feedback=feedback).first():
        cohort = feedback.attempt.submission.enrolment.cohort
        recording.record("has still to talk", found, by=by, at=at, cohort=cohort)
        found.delete()


def _locked(feedback: Feedback) -> Feedback:
    """The feedback as it stands under the lock of its piece; gone where it was taken back meanwhile."""
    pieces = Submission.objects.select_for_update(of=("self",)).select_related("enrolment__client", "enrolment__cohort")
    piece = locked_piece(pieces, feedback.attempt.submission_id)
    found = Feedback.objects.filter(pk=feedback.pk).select_related("attempt").first()
    if found is None:
        raise CannotMark(_("This feedback was taken back."), code="talk.not_shown")
    found.attempt.submission = piece
    return found
