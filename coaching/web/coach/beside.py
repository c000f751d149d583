"""What stands around the queue where all of it is looked at from the first piece on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from clients.models import Extension, User
from coaching import caseload, conversations, digests, replies, substitutions, talks
from coaching.models import Conversation, Feedback, Substitution
from coaching.replies import Heard
from coaching.substitutions import Desk
from curriculum.prepared import Asked, Question

ASKING = 20  # clients who wait for an answer, at most


@dataclass(frozen=True)
class Around:
    """Who has written, who asks for more time, what is to be talked about, what became of what was sent, where
    somebody stands in; and what was answered lately, from which the pace is told."""

    words: list[Conversation]
    asked: list[Extension]
    to_talk: list[Feedback]
    heard: Heard | None
    stands_in: list[Substitution]
    answers: list[digests.Answer]


NOTHING = Around([], [], [], None, [], [])


def of(coach: User, desks: list[Desk], *, at: datetime) -> Around:
    """For whoever has these desks."""
    return Around(
        words=_writing.all(coach=coach.pk, at=at),
        asked=_asking.all(coach=coach.pk, at=at),
        to_talk=_talking.all(coach=coach.pk),
        heard=replies.heard(coach, at=at),
        stands_in=list(substitutions.open_for(coach, at=at)) if any(desk.stands_in for desk in desks) else [],
        answers=digests.asks_answers(coach, at=at).all(),
    )


def asks(coach: User, *, at: datetime) -> tuple[Asked, ...]:
    """What of it does not hang on the desks, for a page that asks more at once."""
    here: dict[str, Any] = {"coach": coach.pk}
    return (
        _writing.of(**here, at=at),
        _asking.of(**here, at=at),
        _talking.of(**here),
        replies.asks_heard(coach, at=at),
        digests.asks_answers(coach, at=at),
    )


@Question
def _writing(*, coach: int, at: datetime) -> QuerySet:
    return conversations.waiting(User(pk=coach), at=at)[:ASKING]


@Question
def _talking(*, coach: int) -> QuerySet:
    return talks.open_for(User(pk=coach))[:ASKING]


@Question
def _asking(*, coach: int, at: datetime) -> QuerySet:
    return caseload.asked_of(User(pk=coach), at=at)
