"""The bell: what stands in it for one person at one instant, in words and with the way to what it is about.

A notice shows from its hour on until it is withdrawn; one that nobody has read goes when it is too late to be of use,
and none shows of a kind its person has switched off here.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from . import choices, messaging
from .models import Channel, Message, Notice, Suppression, User

logger = logging.getLogger(__name__)
PAGE = 25


class Told(NamedTuple):
    """What a notice says, and the address within the product it leads to; empty where it leads nowhere."""

    text: str
    link: str


Teller = Callable[[Sequence[Message], datetime], Mapping[str, Told]]  # key of a message → what it says
_tellers: dict[str, Teller] = {}


def register(about: str, teller: Teller) -> None:
    """Who words many notices at once whose `about` names such a thing. What nobody words is asked of its letter."""
    _tellers[about] = teller


@dataclass(frozen=True)
class Line:
    """One notice as it is read."""

    pk: int
    kind: str
    text: str
    link: str
    cohort: str
    at: datetime
    is_read: bool


@dataclass(frozen=True)
class Lines:
    """A page of the bell, the newest first. `after` is where the next one goes on, if there is one."""

    lines: list[Line]
    unread: int
    after: int | None


# --- Which there are --------------------------------------------------------------------------------


def standing(*, at: datetime) -> QuerySet[Notice]:
    """Everybody's notices that show at this instant; a door asks for one person's."""
    shown = Q(read_at__isnull=False) | Q(until=None) | Q(until__gt=at)
    return Notice.objects.filter(shown, ~choices.unwanted(Channel.APP), at__lte=at, withdrawn="")


def unread(*, at: datetime) -> QuerySet[Notice]:
    return standing(at=at).filter(read_at=None)


def of(person: User, *, at: datetime) -> QuerySet[Notice]:
    """One person's own, and nobody else's."""
    return standing(at=at).filter(person=person)


def bell_columns(*, at: datetime) -> dict[str, Any]:
    """How many a person has not read, and whether their address takes no mail, for a query about people."""
    mine = unread(at=at).filter(person=OuterRef("pk")).order_by().values("person").annotate(count=Count("pk"))
    returned = Suppression.objects.filter(address__iexact=OuterRef("email"), lifted_at=None)
    return {"unread": Coalesce(Subquery(mine.values("count")), 0), "is_returned": Exists(returned)}


# --- What they say ----------------------------------------------------------------------------------


def lines_of(person: User, *, at: datetime, after: Notice | None = None, only_unread: bool = False) -> Lines:
    """A page of the person's bell in words. Known kinds are worded in a fixed number of queries."""
    mine = of(person, at=at)
    rows = mine.filter(read_at=None) if only_unread else mine
    if after is not None:
        rows = rows.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.pk))
    found = list(rows.select_related("cohort__edition").order_by("-at", "-pk")[: PAGE + 1])
    told = told_of(found[:PAGE], person, at=at)
    return Lines(
        lines=[_line(notice, told[notice.key]) for notice in found[:PAGE]],
        unread=mine.filter(read_at=None).count(),
        after=found[PAGE - 1].pk if len(found) > PAGE else None,
    )


def told_of(notices: Sequence[Notice], person: User, *, at: datetime) -> dict[str, Told]:
    """Key → what it says; by whoever words many at once, else by the letter."""
    messages = [as_message(notice, person) for notice in notices]
    told: dict[str, Told] = {}
    for about, teller in _tellers.items():
        if theirs := [message for message in messages if about in message.about]:
            told |= teller(theirs, at)
    return {message.key: told.get(message.key) or _from_letter(message, at) for message in messages}


def as_message(notice: Notice, person: User) -> Message:
    """The message a notice stands for, as its guard and its letter know it. Never kept."""
    return Message(
        key=notice.key,
        kind=notice.kind,
        person=person,
        cohort=notice.cohort,
        about=notice.about,
        posted_at=notice.at,
        available_at=notice.at,
    )


def reason_against(notice: Notice, *, at: datetime) -> str | None:
    """Why a notice nobody has read should no longer stand, or None."""
    kind = messaging.kinds().get(notice.kind)
    return kind.guard(as_message(notice, notice.person), at) if kind else "nobody knows this kind any more"


def _line(notice: Notice, told: Told) -> Line:
    cohort = notice.cohort.name if notice.cohort else ""
    is_read = notice.read_at is not None
    return Line(notice.pk, notice.kind, told.text, told.link, cohort, notice.at, is_read)


def _from_letter(message: Message, at: datetime) -> Told:
    """A letter's subject and its link. What can no longer be worded is told by its meaning."""
    kind = messaging.kinds().get(message.kind)
    try:
        letter = kind.letter(message, at)
    except Exception:  # noqa: BLE001  one line that cannot be worded must not take the bell with it
        logger.warning("a notice of the kind %s could not be worded", message.kind)
        return Told(kind.meaning.capitalize() if kind else message.kind, "")
    return Told(letter.subject, str(letter.parts["link"]).removeprefix(settings.BASE_URL))
