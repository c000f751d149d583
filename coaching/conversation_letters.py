"""The letters about what client and coach write to each other: who has written, and never a word of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import RESEND, Kind
from clients.models import Message
from clients.notices import Told

from . import conversations, slots
from .models import Conversation, Word

TO_CLIENT, TO_COACH = "written.client", "written.coach"
NEWER = "a newer word stands in its place"
READ = "it was read"


# --- Guards -----------------------------------------------------------------------------------------


def guard(message: Message, at: datetime) -> str | None:
    """Nobody hears of what they do not read any more, of what they have read, nor twice of the same."""
    seen = conversations.visible_to(message.person, at=at)
    conversation = seen.filter(pk=message.about["conversation"]).first()
    if conversation is None:
        return "this person does not read it any more"
    is_theirs = message.person_id in (conversation.coach_id, conversation.enrolment.client_id)
    if is_theirs and not conversations.is_new_to(conversation, message.person):
        return READ
    return "told in one mail with an earlier one" if message.pk and _was_told(message) else None


def _was_told(message: Message) -> bool:
    left = Message.objects.filter(kind=message.kind, person=message.person, state=Message.State.SENT)
    return left.filter(about__told__contains=message.about["word"]).exclude(pk=message.pk).exists()


# --- Words ------------------------------------------------------------------------------------------


def letter(message: Message, at: datetime) -> Letter:
    """What else was written until the mail leaves is told in it, and noted at the message."""
    word = _words().get(pk=message.about["word"])
    told = Word.objects.filter(conversation=word.conversation_id, author=word.author_id, pk__gte=word.pk)
    numbers = list(told.order_by("pk").values_list("pk", flat=True))
    said = _said(message, word) | {"count": len(numbers)}
    made = letters.from_template(message.kind, said, link=_page(message, word.conversation), button=_("Read it"))
    return replace(made, notes={"told": numbers})


def _said(message: Message, word: Word) -> dict[str, object]:
    title = word.piece.exercise.title if word.piece else ""
    return {
        "person": message.person,
        "author": word.author,
        "title": title,
        "cohort": word.conversation.enrolment.cohort,
    }


def _page(message: Message, conversation: Conversation) -> str:
    if message.kind == TO_CLIENT:
        return slots.within(conversation.enrolment, reverse("conversation", args=[conversation.coach_id]))
    return reverse("client-conversation", args=[conversation.enrolment_id])


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once, in one query."""
    found = _words().in_bulk([message.about["word"] for message in messages])
    told = {}
    for message in messages:
        if word := found.get(message.about["word"]):
            subject = letters.subject_of(message.kind, _said(message, word))
            told[message.key] = Told(subject, _page(message, word.conversation))
    return told


def _words():
    return Word.objects.select_related("author", "piece__exercise", "conversation__enrolment__cohort")


KINDS = (
    Kind(TO_CLIENT, "a coach has written to their client", guard, letter, on_unknown=RESEND, one_at_a_time=True),
    Kind(TO_COACH, "a client has written to their coach", guard, letter, on_unknown=RESEND, one_at_a_time=True),
)
