"""The letters about who becomes an admin: to the admins who could confirm it, and to whoever has become one."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import AdminProposal, Message
from clients.notices import Told

PROPOSED, CONFIRMED = "proposal", "proposal.confirmed"


def guard(message: Message, at: datetime) -> str | None:
    """Nobody is asked what is decided, or can be confirmed no more."""
    found = _rows().get(pk=message.about["proposal"])
    if message.kind == PROPOSED and (found.confirmed_at or found.ended_at or found.ends_at < at):
        return "it is decided"
    return None


def letter(message: Message, at: datetime) -> Letter:
    found = _rows().get(pk=message.about["proposal"])
    button = _("See who is proposed") if message.kind == PROPOSED else _("Open the office")
    return letters.from_template(message.kind, {"proposal": found}, link=_page(message), button=button)


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    found = _rows().in_bulk([message.about["proposal"] for message in messages])
    told = {}
    for message in messages:
        if proposal := found.get(message.about["proposal"]):
            subject = letters.subject_of(message.kind, {"proposal": proposal})
            told[message.key] = Told(subject, _page(message))
    return told


def _page(message: Message) -> str:
    return reverse("admins" if message.kind == PROPOSED else "cohorts")


def _rows() -> QuerySet[AdminProposal]:
    return AdminProposal.objects.select_related("person", "proposed_by", "confirmed_by")


KINDS = (
    Kind(PROPOSED, "somebody is proposed as an admin", guard, letter),
    Kind(CONFIRMED, "has become an admin", guard, letter),
)
