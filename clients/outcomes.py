"""What becomes of a message that a mail server did not take, or of which nobody knows whether it did."""

import random
from datetime import datetime, timedelta

from django.conf import settings

from . import messaging, postal
from .models import Message
from .signals import mailbox_refused

KEYS_LAST = timedelta(hours=23)  # providers forget a key after a day
TRIES_AT_MOST = 12
FIRST_WAIT, LONGEST_WAIT = 30, 30 * 60  # seconds between tries: full jitter over a doubling wait
GIVEN_UP = "given up after twelve tries"
NOBODY_KNOWS = "nobody knows whether it arrived"
FORGOTTEN = "nobody knows whether it arrived, and its key is forgotten by now"
REFUSED = "the mail server refused it for good"

State = Message.State


def failure(message: Message, error: Exception, at: datetime, *, handed: bool) -> dict:
    """What becomes of a message after this error."""
    outcome, told = postal.outcome(error, handed=handed), {"last_error": postal.told(error)}
    if outcome == postal.NEVER:
        if postal.is_about_the_mailbox(error):
            mailbox_refused.send(sender=Message, message=message, told=told["last_error"], at=at)
        return {"state": State.DEAD, "reason": REFUSED, **told}
    if outcome == postal.UNKNOWN:
        return _unknown(message, at) | told
    return _again(message, at) | {"handed_at": None} | told


def _unknown(message: Message, at: datetime) -> dict:
    """It may have arrived. Under the same key it may be handed over again, as long as the key is remembered."""
    if settings.EMAIL_HONOURS_KEYS:
        if message.first_try_at and at > message.first_try_at + KEYS_LAST:
            return {"state": State.DEAD, "reason": FORGOTTEN, "maybe_twice": True}
        return _again(message, at)
    if messaging.kinds()[message.kind].on_unknown == messaging.HOLD:
        return {"state": State.UNKNOWN, "reason": NOBODY_KNOWS}
    return _again(message, at) | {"maybe_twice": True, "handed_at": None}


def _again(message: Message, at: datetime) -> dict:
    if message.attempts >= TRIES_AT_MOST:
        return {"state": State.DEAD, "reason": GIVEN_UP}
    wait = random.uniform(0, min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT))  # noqa: S311  jitter
    return {"state": State.QUEUED, "available_at": at + timedelta(seconds=wait)}
