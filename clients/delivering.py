"""Delivering what was posted: claim with a lease, ask the guard on live rows, render, hand over, mark.

At send time, holding the cohort's row so that a pause waits for it, the guard says whether a message may
still go; then it is rendered and handed to the mail server under a key that stays the same however often
it is tried.
"""

import hashlib
import random
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from . import choices, holds, letters, messaging, returns
from .messaging import Kind
from .models import Cohort, Message

LEASE = timedelta(seconds=60)
TRIES_AT_MOST = 12
FIRST_WAIT, LONGEST_WAIT = 30, 30 * 60  # seconds between tries: full jitter over a doubling wait

State = Message.State


def deliver(*, at: datetime, limit: int = 50) -> int:
    """Send what is due, oldest first. Returns how many left the house.

    Claims with SKIP LOCKED and a lease, so any number of workers may do this at once and what a
    killed one had in hand is taken up again after the lease.
    """
    claimed, token = _claim(at, limit)
    if not claimed:
        return 0
    with get_connection() as post_office:
        return sum(_hand_over(pk, token, at, post_office) for pk in claimed)


@transaction.atomic
def _claim(at: datetime, limit: int) -> tuple[list[int], uuid.UUID]:
    token = uuid.uuid4()
    due = Q(state=State.QUEUED, available_at__lte=at) | Q(state=State.SENDING, lease_until__lt=at)
    rows = Message.objects.select_for_update(skip_locked=True).filter(due).order_by("available_at", "pk")[:limit]
    claimed = list(rows.values_list("pk", flat=True))
    Message.objects.filter(pk__in=claimed).update(
        state=State.SENDING,
        lease_until=at + LEASE,
        lease_token=token,
        attempts=F("attempts") + 1,
        first_try_at=Coalesce(F("first_try_at"), at),
    )
    return claimed, token


@transaction.atomic
def _hand_over(pk: int, token: uuid.UUID, at: datetime, post_office) -> bool:
    """One message, inside one transaction that holds its cohort: either before a pause or not at all."""
    message = _ours(pk, token)
    if message is None:
        return False
    kind = messaging.kinds()[message.kind]
    if outcome := _not_now(message, kind, at):
        _settle(message, **outcome)
        return False
    try:
        with transaction.atomic():  # an error while rendering must not spoil the row's own bookkeeping
            post_office.send_messages([_mail(message, choices.dressed(kind.letter(message, at), message))])
    except Exception as error:  # noqa: BLE001  whatever a mail server does, the row says so and is tried again
        _settle(message, **_failure(message, error, at))
        return False
    _settle(message, state=State.SENT, sent_at=at, reason="", last_error="")
    return True


def rehearse(message: Message, *, at: datetime) -> letters.Letter | None:
    """Settle a due message as if the postman came, for a transaction that is rolled back."""
    kind = messaging.kinds()[message.kind]
    if outcome := _not_now(message, kind, at):
        _settle(message, **outcome)
        return None
    letter = kind.letter(message, at)
    _settle(message, state=State.SENT, sent_at=at)
    return letter


def _ours(pk: int, token: uuid.UUID) -> Message | None:
    """The message, locked after its cohort, if this worker's lease still stands."""
    cohort = Message.objects.filter(pk=pk).values_list("cohort", flat=True).first()
    if cohort:
        list(Cohort.objects.raw("SELECT id FROM clients_cohort WHERE id = %s FOR SHARE", [cohort]))
    return (
        Message.objects.select_for_update(of=("self",))
        .select_related("person", "cohort")
        .filter(pk=pk, state=State.SENDING, lease_token=token)
        .first()
    )


def _not_now(message: Message, kind: Kind, at: datetime) -> dict | None:
    """What becomes of a message that may not leave at this instant; None when it may."""
    if message.not_after and at > message.not_after:
        return {"state": State.CANCELLED, "reason": "too late to be of use"}
    if message.cohort and not kind.outlives_pause and message.cohort.is_paused:
        return {"state": State.HELD, "reason": "the cohort is paused"}
    if not kind.outlives_pause and holds.holds_back(message):
        return {"state": State.HELD, "reason": "the client is on hold"}
    if reason := kind.guard(message, at):
        return {"state": State.CANCELLED, "reason": reason[:200]}
    return choices.outcome(message, kind, at)


def _failure(message: Message, error: Exception, at: datetime) -> dict:
    told = f"{type(error).__name__}: {error}"[:300]
    if message.attempts >= TRIES_AT_MOST:
        return {"state": State.DEAD, "reason": "given up after twelve tries", "last_error": told}
    wait = random.uniform(0, min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT))  # noqa: S311  jitter
    return {"state": State.QUEUED, "available_at": at + timedelta(seconds=wait), "last_error": told}


def _settle(message: Message, **changes) -> None:
    changes |= {"lease_token": None, "lease_until": None}
    Message.objects.filter(pk=message.pk).update(**changes)


def _mail(message: Message, letter: letters.Letter) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=returns.envelope_address(message),
        to=[message.person.email if message.person else message.address],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id(message),
            "Auto-Submitted": "auto-generated",
            "X-Across-Kind": message.kind,
        }
        | letter.headers,
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def message_id(message: Message) -> str:
    """The same for every try of the same message: what a provider recognises a repeat by."""
    host = settings.BASE_URL.split("//")[-1].split("/")[0].split(":")[0]
    return f"<{hashlib.sha256(message.key.encode()).hexdigest()[:40]}@{host}>"
