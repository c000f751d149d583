"""The letters about replies under feedback: who replied about which piece, and never a word of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import RESEND, Kind
from clients.models import Attempt, Message, User
from clients.notices import Told

from . import replies, slots
from .models import Reply

TO_CLIENT, TO_COACH = "feedback.reply", "review.reply"
NEWER = "a newer reply stands in its place"
TAKEN_BACK = "the feedback was taken back"


# --- Guards -----------------------------------------------------------------------------------------


def guard(message: Message, at: datetime) -> str | None:
    """Nobody hears of what they do not read any more, nor twice of the same."""
    if not replies.visible_to(message.person, at=at).filter(pk=message.about["reply"]).exists():
        return "this person does not read it any more"
    return "told in one mail with an earlier one" if message.pk and _was_told(message) else None


def _was_told(message: Message) -> bool:
    """Whether a mail about an earlier reply under the same feedback, which has left, told of this one."""
    left = Message.objects.filter(kind=message.kind, person=message.person, state=Message.State.SENT)
    return left.filter(about__told__contains=message.about["reply"]).exclude(pk=message.pk).exists()


# --- Words ------------------------------------------------------------------------------------------


def letter(message: Message, at: datetime) -> Letter:
    """What else was said under the same feedback until the mail leaves is told in it, and noted at the message."""
    told = list(_told_with(message, at))
    attempt = _attempts().get(pk=message.about["attempt"])
    said = _said(message.person, attempt, [reply.author for reply in told])
    link, button = _page(message.person, attempt), _("Read it")
    return replace(
        letters.from_template(message.kind, said, link=link, button=button),
        notes={"told": [reply.pk for reply in told]},
    )


def _told_with(message: Message, at: datetime) -> QuerySet[Reply]:
    mine = replies.visible_to(message.person, at=at).filter(attempt=message.about["attempt"])
    return mine.filter(pk__gte=message.about["reply"]).exclude(author=message.person).order_by("pk")


def _said(reader: User, attempt: Attempt, authors: Sequence[User]) -> dict[str, object]:
    names = list(dict.fromkeys(str(author) for author in authors))
    return {
        "person": reader,
        "names": _(" and ").join(names),
        "count": len(authors),
        "title": attempt.submission.exercise.title,
        "week": attempt.submission.exercise.week.number,
    }


def _page(reader: User, attempt: Attempt) -> str:
    submission = attempt.submission
    if reader.pk == submission.enrolment.client_id:
        place = slots.within(submission.enrolment, reverse("feedback-of", args=[submission.exercise.key]))
        return f"{place}&attempt={attempt.number}"
    return f"{reverse('review', args=[submission.pk])}?attempt={attempt.number}"


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once, in two queries."""
    found = Reply.objects.select_related("author").in_bulk([message.about["reply"] for message in messages])
    attempts = _attempts().in_bulk({reply.attempt_id for reply in found.values()})
    told = {}
    for message in messages:
        if reply := found.get(message.about["reply"]):
            attempt = attempts[reply.attempt_id]
            said = _said(message.person, attempt, [reply.author])
            subject = letters.subject_of(message.kind, said)
            told[message.key] = Told(subject, _page(message.person, attempt))
    return told


def _attempts() -> QuerySet[Attempt]:
    return Attempt.objects.select_related("submission__exercise__week", "submission__enrolment__cohort")


KINDS = (
    Kind(TO_CLIENT, "a coach replied under feedback", guard, letter, on_unknown=RESEND, one_at_a_time=True),
    Kind(TO_COACH, "somebody replied under feedback", guard, letter, on_unknown=RESEND, one_at_a_time=True),
)
