"""Saying something under feedback, by words or with one press, and marking it as used.

Lock order: the submission.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import endings, messaging, noticing, practising, recording
from clients.attempts import locked_piece
from clients.models import Attempt, Enrolment, Submission, User

from . import caseload, replies
from .models import Feedback, Reply, Used
from .models.reply import LONGEST
from .reply_letters import NEWER, TO_CLIENT, TO_COACH

AT_MOST = 100  # replies under one feedback
TOGETHER = timedelta(minutes=10)  # what is said within them is told in one mail

Quick = Reply.Quick


class NotYourReply(PermissionDenied):
    """Only whoever reads the attempt says something about it, and only its client has used it."""

    code = "reply.not_yours"


class CannotReply(ValidationError):
    """Not here, or not any more."""


class NothingSaid(ValidationError):
    """A reply has words, and not too many."""

    field = "text"


# --- Refusals -------------------------------------------------------------------------------------


def reply_refusal(attempt: Attempt, *, text: str = "", quick: str = "", by: User, at: datetime) -> Exception | None:
    """Why this cannot be said here now."""
    if not caseload.submissions_visible_to(by, at=at).filter(pk=attempt.submission_id).exists():
        return NotYourReply(_("Only whoever reads this piece replies here."))
    if refusal := closed_refusal(attempt.submission.enrolment) or _place_refusal(attempt, at):
        return refusal
    if quick:
        return _quick_refusal(attempt, quick, by)
    if not text.strip():
        return NothingSaid(_("Write something first."), code="reply.empty")
    if len(text.strip()) > LONGEST:
        return NothingSaid(_("A reply has at most %(n)s characters.") % {"n": LONGEST}, code="reply.long")
    return None


def closed_refusal(enrolment: Enrolment) -> Exception | None:
    """Why nothing can be said about this client's pieces any more, whatever it were."""
    if enrolment.cohort.is_closed:
        return CannotReply(_("This cohort is closed."), code="cohort.closed")
    if not enrolment.is_active:
        words = _("%(ended)s What was said stays as it is.")
        return CannotReply(words % {"ended": endings.sentence(enrolment)}, code="enrolment.ended")
    return None


def _place_refusal(attempt: Attempt, at: datetime) -> Exception | None:
    if replies.shown_on(attempt, at=at) is None:
        return CannotReply(
            _("There is no feedback here to reply to right now. What was said shows again with the next one."),
            code="reply.nothing",
        )
    if Reply.objects.filter(attempt=attempt).count() >= AT_MOST:
        words = _("There are %(n)s replies here, and that is where it ends. Talk about it live.")
        return CannotReply(words % {"n": AT_MOST}, code="reply.full")
    return None


def _quick_refusal(attempt: Attempt, quick: str, by: User) -> Exception | None:
    if quick in Quick.values and attempt.submission.enrolment.client_id == by.pk:
        return None
    return CannotReply(_("This is for its client to say. Reply in your own words."), code="reply.quick")


def use_refusal(feedback: Feedback, *, by: User, at: datetime) -> Exception | None:
    """Why this person cannot say, or unsay, that they used it."""
    if feedback.attempt.submission.enrolment.client_id != by.pk:
        return NotYourReply(_("Only whoever it is for has used it."))
    if feedback.attempt.submission.enrolment.cohort.is_closed:
        return CannotReply(_("This cohort is closed."), code="cohort.closed")
    if at < feedback.shown_from:
        return CannotReply(_("There is no feedback here right now."), code="used.nothing")
    return None


# --- Doing it -------------------------------------------------------------------------------------


@transaction.atomic
def reply(attempt: Attempt, *, text: str = "", quick: str = "", by: User, at: datetime) -> Reply:
    """Say it. The same once more, by a second click, changes nothing; the journal has no words of it."""
    attempt = _locked(attempt)
    if refusal := reply_refusal(attempt, text=text, quick=quick, by=by, at=at):
        raise refusal
    if said := _said_already(attempt, text=text.strip(), quick=quick, by=by):
        return said
    words = "" if quick else text.strip()
    made = Reply.objects.create(attempt=attempt, author=by, quick=quick, text=words, written_at=at)
    recording.record("replied", made, by=by, at=at, cohort=attempt.submission.enrolment.cohort)
    if by.pk == attempt.submission.enrolment.client_id:
        practising.seen(attempt.submission.enrolment, at=at)
    _tell(made, at=at)
    return made


@transaction.atomic
def mark_used(feedback: Feedback, *, by: User, at: datetime) -> Used:
    """Its client used it. Once is enough."""
    feedback = _shown(feedback, by=by, at=at)
    return Used.objects.get_or_create(feedback=feedback, defaults={"at": at})[0]


@transaction.atomic
def unmark_used(feedback: Feedback, *, by: User, at: datetime) -> None:
    """They did not, after all."""
    Used.objects.filter(feedback=_shown(feedback, by=by, at=at)).delete()


# --- Inside ---------------------------------------------------------------------------------------


def _locked(attempt: Attempt) -> Attempt:
    """The attempt with its piece, which is what a recall locks as well."""
    piece = Submission.objects.select_for_update(of=("self",)).select_related(
        "enrolment__client", "enrolment__cohort", "exercise"
    )
    attempt = Attempt.objects.get(pk=attempt.pk)
    attempt.submission = locked_piece(piece, attempt.submission_id)
    return attempt


def _shown(feedback: Feedback, *, by: User, at: datetime) -> Feedback:
    """The feedback as it stands under the lock; gone where it was taken back meanwhile."""
    attempt = _locked(feedback.attempt)
    found = Feedback.objects.filter(pk=feedback.pk).first()
    if found is None:
        raise CannotReply(_("There is no feedback here right now."), code="used.nothing")
    found.attempt = attempt
    if refusal := use_refusal(found, by=by, at=at):
        raise refusal
    return found


def _said_already(attempt: Attempt, *, text: str, quick: str, by: User) -> Reply | None:
    """The press made before, or the very words that stand last."""
    if quick:
        return Reply.objects.filter(attempt=attempt, quick=quick).first()
    last = Reply.objects.filter(attempt=attempt).order_by("-written_at", "-pk").first()
    return last if last and (last.author_id, last.text) == (by.pk, text) else None


def _tell(made: Reply, *, at: datetime) -> None:
    """Everybody who takes part but whoever wrote. In the bell the newest stands for those before it."""
    attempt, cohort = made.attempt, made.attempt.submission.enrolment.cohort
    client = attempt.submission.enrolment.client
    for person in _others(made, at=at):
        kind = TO_CLIENT if person.pk == client.pk else TO_COACH
        noticing.withdraw(NEWER, person=person, kind=kind, about__attempt=attempt.pk)
        messaging.post(
            kind,
            key=f"{kind}:{made.pk}:{person.pk}",
            to=person,
            cohort=cohort,
            about={"reply": made.pk, "attempt": attempt.pk},
            at=at,
            available_at=at + TOGETHER,
        )


def _others(made: Reply, *, at: datetime) -> list[User]:
    """The client, whoever sent the feedback, whoever has replied, as far as they read it now. Where that is no coach,
    all of them."""
    client, cohort = made.attempt.submission.enrolment.client, made.attempt.submission.enrolment.cohort
    readers = {coach.pk: coach for coach in caseload.readers_of(cohort, at=at)}
    taking_part = {*Reply.objects.filter(attempt=made.attempt).values_list("author_id", flat=True)}
    taking_part |= {*Feedback.objects.filter(attempt=made.attempt).values_list("coach_id", flat=True)}
    coaches = [readers[pk] for pk in sorted(taking_part & readers.keys())]
    coaches = coaches or list(caseload.coaches_of(cohort))
    return [person for person in (client, *coaches) if person.pk != made.author_id]
