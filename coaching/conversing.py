"""A client and a coach write to each other, and read what the other wrote.

Whoever stands in answers what waits for the coach who is away, and begins nothing. Lock order: the enrolment.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import endings, messaging, noticing, practising, recording
from clients.models import Enrolment, Submission, User

from . import caseload, conversations
from .conversation_letters import NEWER, READ, TO_CLIENT, TO_COACH
from .models import Conversation, Substitution, Word
from .models.conversation import LONGEST

TOGETHER = timedelta(minutes=10)  # what is written within them is told in one mail


class NotYourConversation(PermissionDenied):
    """It is between two people, and whoever stands in for one of them."""

    code = "word.not_yours"


class CannotWrite(ValidationError):
    """Not to this person, or not any more."""


class NothingWritten(ValidationError):
    """A word says something, and not too much."""

    field = "text"


# --- Refusals -------------------------------------------------------------------------------------


def write_refusal(enrolment: Enrolment, coach: User, *, text: str, by: User, at: datetime) -> Exception | None:
    """Why this cannot be written between these two now."""
    if refusal := begin_refusal(enrolment, coach, by=by, at=at):
        return refusal
    if not text.strip():
        return NothingWritten(_("Write something first."), code="word.empty")
    if len(text.strip()) > LONGEST:
        return NothingWritten(_("At most %(n)s characters at a time.") % {"n": LONGEST}, code="word.long")
    return None


def begin_refusal(enrolment: Enrolment, coach: User, *, by: User, at: datetime) -> Exception | None:
    """Why nothing can be written between these two now, whatever it were."""
    is_client = by.pk == enrolment.client_id
    if not is_client and not _writes_for(coach, enrolment, by, at):
        return NotYourConversation(_("This is between two people; you are neither of them."))
    if enrolment.cohort.is_closed:
        return CannotWrite(_("This cohort is closed."), code="cohort.closed")
    if not enrolment.is_active:
        words = _("%(ended)s What was written stays as it is.")
        return CannotWrite(words % {"ended": endings.sentence(enrolment)}, code="enrolment.ended")
    if is_client and not caseload.coaches(coach, enrolment.cohort):
        words = _("%(name)s does not coach you any more. Write to whoever does; what was written stays.")
        return CannotWrite(words % {"name": coach}, code="word.no_coach")
    return None


def _writes_for(coach: User, enrolment: Enrolment, by: User, at: datetime) -> bool:
    """The coach themselves, or whoever stands in for them and reads the conversation."""
    if by.pk == coach.pk:
        return caseload.coaches(by, enrolment.cohort)
    stands_in = Substitution.objects.at(at).filter(substitute=by, away=coach, cohort=enrolment.cohort)
    return stands_in.exists() and conversations.visible_to(by, at=at).filter(enrolment=enrolment, coach=coach).exists()


# --- Doing it -------------------------------------------------------------------------------------


@transaction.atomic
def write(
    enrolment: Enrolment, coach: User, *, text: str, piece: Submission | None = None, by: User, at: datetime
) -> Word:
    """Write it. The very same once more, by a second click, changes nothing; the journal has no words of it."""
    whole = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort")
    enrolment = whole.get(pk=enrolment.pk)
    if refusal := write_refusal(enrolment, coach, text=text, by=by, at=at):
        raise refusal
    conversation, _fresh = Conversation.objects.get_or_create(
        enrolment=enrolment, coach=coach, defaults={"begun_at": at, "last_at": at}
    )
    conversation.enrolment, conversation.coach = enrolment, coach
    last = conversation.words.order_by("-written_at", "-pk").first()
    if last and (last.author_id, last.text) == (by.pk, text.strip()):
        return last
    made = Word.objects.create(conversation=conversation, author=by, piece=piece, text=text.strip(), written_at=at)
    _move_on(conversation, made)
    recording.record("wrote", conversation, by=by, at=at, cohort=enrolment.cohort)
    if by.pk == enrolment.client_id:
        practising.seen(enrolment, at=at)
    _tell(made, at=at)
    return made


@transaction.atomic
def read(conversation: Conversation, *, by: User, at: datetime) -> None:
    """One of the two has opened it: nothing in it is new to them, and their bell says no more of it."""
    name = _mark_of(conversation, by)
    if name:
        Conversation.objects.filter(pk=conversation.pk).update(**{name: None})
    kind = TO_CLIENT if conversation.enrolment.client_id == by.pk else TO_COACH
    noticing.withdraw(READ, person=by, kind=kind, about__conversation=conversation.pk, at__lte=at)


# --- Inside ---------------------------------------------------------------------------------------


def _mark_of(conversation: Conversation, reader: User) -> str:
    if reader.pk == conversation.enrolment.client_id:
        return "new_to_client_since"
    return "new_to_coach_since" if reader.pk == conversation.coach_id else ""


def _move_on(conversation: Conversation, made: Word) -> None:
    """What waits, and what is new to whom, from this word on. Whoever writes has read what stands there."""
    at, by_client = made.written_at, made.author_id == conversation.enrolment.client_id
    conversation.last_at = at
    if by_client:
        conversation.waits_since = conversation.waits_since or at
        conversation.new_to_coach_since = conversation.new_to_coach_since or at
        conversation.new_to_client_since = None
    else:
        conversation.waits_since = None
        conversation.new_to_client_since = conversation.new_to_client_since or at
        if made.author_id == conversation.coach_id:
            conversation.new_to_coach_since = None
    conversation.save(update_fields=["last_at", "waits_since", "new_to_client_since", "new_to_coach_since"])


def _tell(made: Word, *, at: datetime) -> None:
    """The other one; of a client's word whoever stands in for their coach as well. The newest in the bell is enough."""
    conversation = made.conversation
    enrolment = conversation.enrolment
    by_client = made.author_id == enrolment.client_id
    kind, people = (TO_COACH, _desk(conversation, at)) if by_client else (TO_CLIENT, [enrolment.client])
    about = {"word": made.pk, "conversation": conversation.pk}
    for person in people:
        noticing.withdraw(NEWER, person=person, kind=kind, about__conversation=conversation.pk)
        key, later = f"{kind}:{made.pk}:{person.pk}", at + TOGETHER
        messaging.post(kind, key=key, to=person, cohort=enrolment.cohort, about=about, at=at, available_at=later)


def _desk(conversation: Conversation, at: datetime) -> list[User]:
    windows = Substitution.objects.at(at).filter(away=conversation.coach, cohort=conversation.enrolment.cohort)
    return [conversation.coach, *(window.substitute for window in windows.select_related("substitute"))]
