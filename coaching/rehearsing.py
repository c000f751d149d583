"""A rehearsal: what would go to whom and when if nobody did anything from now on.

It runs the real engine at every instant that matters, inside a transaction that is rolled back, so it
can say nothing the engine would not do and it sends nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from clients import delivering, messaging
from clients.models import Message

from . import firing
from .models import Milestone


@dataclass(frozen=True, order=True)
class Planned:
    """One message that would leave."""

    at: datetime
    kind: str
    to: str
    cohort: str
    zone: str
    subject: str


@dataclass
class _Undo(Exception):
    """Carries the result out of the transaction it undoes."""

    planned: list[Planned]


def rehearse(*, until: datetime, at: datetime) -> list[Planned]:
    """Every message from `at` to `until`, in order."""
    try:
        with transaction.atomic():
            raise _Undo(_play(until, at))
    except _Undo as undone:
        return sorted(undone.planned)


def _play(until: datetime, at: datetime) -> list[Planned]:
    planned: list[Planned] = []
    with messaging.silence():
        while (instant := _next_instant(at)) is not None and instant <= until:
            at = instant
            while any(firing.fire_due(at=at)):
                pass
            planned += _leaving(at)
            at += timedelta(microseconds=1)
    return planned


def _next_instant(at: datetime) -> datetime | None:
    """The next time at which a milestone or a message comes due."""
    milestone = (
        Milestone.objects.walking()
        .filter(state="pending")
        .annotate(free_at=Greatest("due_at", Coalesce("lease_until", "due_at")))
        .order_by("free_at")
        .values_list("free_at", flat=True)
        .first()
    )
    message = (
        Message.objects.filter(state="queued").order_by("available_at").values_list("available_at", flat=True).first()
    )
    waiting = [instant for instant in (milestone, message) if instant is not None]
    return max(at, min(waiting)) if waiting else None


def _leaving(at: datetime) -> list[Planned]:
    """The messages that would leave now; each is settled as the postman would, without him."""
    leaving = []
    due = Message.objects.filter(state="queued", available_at__lte=at).select_related("person", "cohort__edition")
    for message in due:
        letter = delivering.rehearse(message, at=at)
        if letter is not None:
            leaving.append(_planned(message, letter.subject, at))
    return leaving


def _planned(message: Message, subject: str, at: datetime) -> Planned:
    person = message.person
    return Planned(
        at=at,
        kind=message.kind,
        to=person.email if person else message.address,
        cohort=message.cohort.name if message.cohort else "",
        zone=person.zone if person else "UTC",
        subject=subject,
    )
