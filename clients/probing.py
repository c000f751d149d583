"""A test mail to oneself, by the same way as every other."""

from datetime import datetime

from django.db import transaction

from . import messaging, recording
from .models import User


@transaction.atomic
def send_test(to: User, *, at: datetime) -> bool:
    """One a minute: a second click within it changes nothing. Whether it was posted now."""
    posted = messaging.post("test", key=f"test:{to.pk}:{at:%Y-%m-%dT%H:%M}", to=to, at=at)
    if posted:
        recording.record("asked for a test mail", to, by=to, at=at)
    return posted
