"""Taking returned mail: an address that takes none for good gets none, until an admin lifts that.

A report counts only where it names a mail that left here for the very address it speaks of. Providers name mails by
numbers of their own: what they have signed counts where any mail left here for that address.
"""

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from . import mails, recording, returns
from .models import Message, Suppression, User

State = Message.State
LOOKED_AT = 500  # of the newest mails to an address


class Taken(StrEnum):
    """What became of a report."""

    SUPPRESSED = "nothing goes to this address any more"
    KNOWN = "nothing goes to this address already"
    OVER = "from before an admin let mail go there again"
    FOR_NOW = "not delivered for now, nothing to do"
    UNKNOWN = "about no mail that left here"
    NO_REPORT = "no report about a mail"


@transaction.atomic
def take(raw: bytes, *, at: datetime) -> Taken:
    """One mail out of the mailbox for returned ones. Safe to take twice."""
    report = returns.read(raw)
    return take_report(report, at=at) if report else Taken.NO_REPORT


@transaction.atomic
def take_report(report: returns.Report, *, at: datetime) -> Taken:
    """What came back, whoever says so. What happened before an admin let mail go there again is over."""
    message = _message_of(report)
    if message is None:
        return Taken.UNKNOWN
    if not report.is_final:
        Message.objects.filter(pk=message.pk).update(last_error=f"not delivered for now: {report.detail}"[:300])
        return Taken.FOR_NOW
    if report.happened_at and _lifted_since(_address_of(message), report.happened_at):
        return Taken.OVER
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
    newest = list(sent[:LOOKED_AT]) if report.message_id else list(sent[:1])
    named = next((each for each in newest if mails.message_id(each) == report.message_id), None)
    return named or (newest[0] if newest and report.is_vouched else None)


def _lifted_since(address: str, when: datetime) -> bool:
    return Suppression.objects.filter(address__iexact=address, lifted_at__gte=when).exists()


def _address_of(message: Message) -> str:
    return message.person.email if message.person else message.address
