"""The letters about a client who goes on in another cohort, or is back: to them, and to the coaches of both cohorts.
Names, no more."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Message, Submission, Transfer
from clients.notices import Told

from . import caseload
from .models import Claim

State = Submission.State
MOVED, BACK = "transfer", "transfer.back"
MOVED_COACH, BACK_COACH = "transfer.coach", "transfer.back.coach"
OF_COACHES = (MOVED_COACH, BACK_COACH)


def guard(message: Message, at: datetime) -> str | None:
    """Nobody hears of a change that has been undone, or of a cohort they have left since."""
    transfer = _rows().get(pk=message.about["transfer"])
    if message.kind in (MOVED, MOVED_COACH) and transfer.undone_at:
        return "the change was undone"
    if message.kind in OF_COACHES:
        coaches = caseload.coaches(message.person, message.cohort)
        return None if coaches else "this person no longer looks after the cohort"
    enrolment = transfer.entered if message.kind == MOVED else transfer.left
    return None if enrolment.is_active else "the client has left the cohort"


def letter(message: Message, at: datetime) -> Letter:
    transfer = _rows().get(pk=message.about["transfer"])
    if message.kind in OF_COACHES:
        return letters.from_template(
            message.kind, _said_to_coach(message, transfer), link=_page(message, transfer), button=_("Open the queue")
        )
    page, button = _page(message, transfer), _("Open your week")
    return letters.from_template(message.kind, _said(transfer), link=page, button=button)


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once: the subject of each letter and where it leads."""
    found = _rows().in_bulk([message.about["transfer"] for message in messages])
    told = {}
    for message in messages:
        if transfer := found.get(message.about["transfer"]):
            about = _named(message, transfer) if message.kind in OF_COACHES else _said(transfer, coaches=False)
            subject = letters.subject_of(message.kind, about)
            told[message.key] = Told(subject, _page(message, transfer))
    return told


def _said(transfer: Transfer, *, coaches: bool = True) -> dict[str, object]:
    reading = caseload.coaches_of(transfer.entered.cohort) if coaches else []
    return {
        "cohort": transfer.entered.cohort,
        "before": transfer.left.cohort,
        "coaches": " and ".join(str(coach) for coach in reading),
    }


def _named(message: Message, transfer: Transfer) -> dict[str, object]:
    """Whom it is about, from where to where, and whether they come to the cohort this coach is told of."""
    on, before = transfer.entered.cohort, transfer.left.cohort
    goes_to = before if message.kind == BACK_COACH else on
    return {
        "name": transfer.left.client,
        "cohort": goes_to,
        "before": on if message.kind == BACK_COACH else before,
        "comes": message.cohort_id == goes_to.pk,
    }


def _said_to_coach(message: Message, transfer: Transfer) -> dict[str, object]:
    """With how many of their pieces wait for an answer, and how many this coach has in hand."""
    where = transfer.left if message.kind == BACK_COACH else transfer.entered
    read = Claim.objects.filter(attempt__submission__enrolment__in=[transfer.left_id, transfer.entered_id])
    in_hand = read.filter(attempt__submission__state=State.IN_REVIEW, coach=message.person)
    waits = Submission.objects.filter(enrolment=where, state=State.HANDED_IN).count()
    return _named(message, transfer) | {"waits": waits, "in_hand": in_hand.count()}


def _page(message: Message, transfer: Transfer) -> str:
    if message.kind in OF_COACHES:
        return reverse("queue")
    cohort = (transfer.entered if message.kind == MOVED else transfer.left).cohort
    return f"{reverse('this-week')}?cohort={cohort.slug}"


def _rows() -> QuerySet[Transfer]:
    return Transfer.objects.select_related("left__cohort", "left__client", "entered__cohort")


KINDS = (
    Kind(MOVED, "goes on in another cohort", guard, letter),
    Kind(BACK, "is back in the cohort from before", guard, letter),
    Kind(MOVED_COACH, "a client goes on in another cohort, for the coaches of both", guard, letter),
    Kind(BACK_COACH, "a client is back in the cohort from before, for the coaches of both", guard, letter),
)
