"""Taking returned mail: an address that takes none for good gets none, until an admin lifts that.

A report counts only where it names a mail that left here for the very address it speaks of.
"""

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from . import delivering, recording, returns
from .models import Message, Suppression, User

State = Message.State
LOOKED_AT = 500  # of the newest mails to an address


class Taken(StrEnum):
    """What became of a report."""

    SUPPRESSED = "nothing goes to this address any more"
    KNOWN = "nothing goes to this address already"
    FOR_NOW = "not delivered for now, nothing to do"
    UNKNOWN = "about no mail that left here"
    NO_REPORT = "no report about a mail"


@transaction.atomic
def take(raw: bytes, *, at: datetime) -> Taken:
    """One mail out of the mailbox for returned ones. Safe to take twice."""
    report = returns.read(raw)
    if report is None:
        return Taken.NO_REPORT
    message = _message_of(report)
    if message is None:
        return Taken.UNKNOWN
    if not report.is_final:
        Message.objects.filter(pk=message.pk).update(last_error=f"not delivered for now: {report.detail}"[:300])
        return Taken.FOR_NOW
    cause = Suppression.Cause.COMPLAINT if report.is_complaint else Suppression.Cause.BOUNCE
    return suppress(_address_of(message), cause=cause, detail=report.detail, message=message, at=at)


@transaction.atomic
def suppress(address: str, *, cause: str, detail: str, message: Message | None, at: datetime) -> Taken:
    """From now on nothing goes there; its person is told on every page, and admins find it on message health."""
    row = Suppression(address=address.lower(), cause=cause, detail=detail[:300], message=message, since=at)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # an_address_is_suppressed_once_at_a_time
        return Taken.KNOWN
    recording.record("suppressed", f"address {address}", by=None, at=at, note=f"{cause}: {detail}")
    return Taken.SUPPRESSED


@transaction.atomic
def lift(suppression: Suppression, *, by: User, at: datetime) -> bool:
    """Mail goes there again. What was cancelled meanwhile stays so. False where somebody else was faster."""
    rows = suppressed().filter(pk=suppression.pk)
    lifted = rows.update(lifted_at=at, lifted_by=str(by))
    if lifted:
        recording.record("lifted a suppression", suppression, by=by, at=at, note=suppression.address)
    return bool(lifted)


def suppressed() -> QuerySet[Suppression]:
    """Every address nothing goes to now."""
    return Suppression.objects.filter(lifted_at=None)


def _message_of(report: returns.Report) -> Message | None:
    """The mail it is about, among those that left for an address it names."""
    found = Q(pk__in=[])
    for address in report.recipients:
        found |= Q(person__email__iexact=address) | Q(address__iexact=address)
    sent = Message.objects.filter(found, state=State.SENT).select_related("person").order_by("-sent_at")
    if report.number is not None:
        return sent.filter(pk=report.number).first()
    if not report.message_id:
        return None
    return next((each for each in sent[:LOOKED_AT] if delivering.message_id(each) == report.message_id), None)


def _address_of(message: Message) -> str:
    return message.person.email if message.person else message.address
