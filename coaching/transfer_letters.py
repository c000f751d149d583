"""The letters to a client who goes on in another cohort, and to one who is back. Names and days, no more."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Message, Transfer
from clients.notices import Told

from . import caseload

MOVED, BACK = "transfer", "transfer.back"


def guard(message: Message, at: datetime) -> str | None:
    """Nobody hears of a change that has been undone, or of a cohort they have left since."""
    transfer = _rows().get(pk=message.about["transfer"])
    if message.kind == MOVED and transfer.undone_at:
        return "the change was undone"
    enrolment = transfer.entered if message.kind == MOVED else transfer.left
    return None if enrolment.is_active else "the client has left the cohort"


def letter(message: Message, at: datetime) -> Letter:
    transfer = _rows().get(pk=message.about["transfer"])
    page, button = _page(message, transfer), _("Open your week")
    return letters.from_template(message.kind, _said(transfer), link=page, button=button)


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once: the subject of each letter and where it leads."""
    found = _rows().in_bulk([message.about["transfer"] for message in messages])
    told = {}
    for message in messages:
        if transfer := found.get(message.about["transfer"]):
            subject = render_to_string(f"emails/{message.kind}.subject.txt", _said(transfer, coaches=False))
            told[message.key] = Told(" ".join(subject.split()), _page(message, transfer))
    return told


def _said(transfer: Transfer, *, coaches: bool = True) -> dict[str, object]:
    reading = caseload.coaches_of(transfer.entered.cohort) if coaches else []
    return {
        "cohort": transfer.entered.cohort,
        "before": transfer.left.cohort,
        "coaches": " and ".join(str(coach) for coach in reading),
    }


def _page(message: Message, transfer: Transfer) -> str:
    cohort = (transfer.entered if message.kind == MOVED else transfer.left).cohort
    return f"{reverse('this-week')}?cohort={cohort.slug}"


def _rows() -> QuerySet[Transfer]:
    return Transfer.objects.select_related("left__cohort", "entered__cohort")


KINDS = (
    Kind(MOVED, "goes on in another cohort", guard, letter),
    Kind(BACK, "is back in the cohort from before", guard, letter),
)
