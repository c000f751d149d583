"""The letter to whoever pays, when a client has released something to them: who, and never a word of what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import RESEND, Kind
from clients.models import Message
from clients.notices import Told

from . import releases
from .models import Release

TO_SPONSOR = "release"
TAKEN_BACK = "it was taken back"


def guard(message: Message, at: datetime) -> str | None:
    """Nobody hears of what was taken back, of a cohort that is no longer theirs, nor twice of the same."""
    assert message.person
    if not releases.to_sponsor(message.person).filter(pk=message.about["release"]).exists():
        return "this person does not read it any more"
    return "told in one mail with an earlier one" if message.pk and _was_told(message) else None


def _was_told(message: Message) -> bool:
    left = Message.objects.filter(kind=message.kind, person=message.person, state=Message.State.SENT)
    return left.filter(about__told__contains=message.about["release"]).exclude(pk=message.pk).exists()


def letter(message: Message, at: datetime) -> Letter:
    """What else they have released until the mail leaves is told in it, and noted at the message."""
    found = _rows().get(pk=message.about["release"])
    standing = releases.to_sponsor(message.person).filter(enrolment=found.enrolment_id, pk__gte=found.pk)
    told = list(standing.order_by("pk").values_list("pk", flat=True))
    link = reverse("release", args=[found.pk]) if len(told) == 1 else reverse("sponsor")
    said = _said(found) | {"count": len(told)}
    return replace(letters.from_template(message.kind, said, link=link, button=_("Read it")), notes={"told": told})


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once, in one query."""
    found = _rows().in_bulk([message.about["release"] for message in messages])
    told = {}
    for message in messages:
        if one := found.get(message.about["release"]):
            subject = letters.subject_of(message.kind, _said(one))
            told[message.key] = Told(subject, reverse("release", args=[one.pk]))
    return told


def _said(found: Release) -> dict[str, object]:
    return {"client": found.enrolment.client, "cohort": found.enrolment.cohort}


def _rows() -> QuerySet[Release]:
    return Release.objects.select_related("enrolment__client", "enrolment__cohort")


KINDS = (Kind(TO_SPONSOR, "a client released something to a sponsor", guard, letter, on_unknown=RESEND),)
