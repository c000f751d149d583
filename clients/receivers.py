"""What happens when something on this floor is announced; one line each. Also: the letters this floor sends."""

import logging

from django.db import transaction
from django.dispatch import receiver

from . import invitations, messaging
from .signals import message_posted
from .tasks import deliver_messages

logger = logging.getLogger(__name__)

messaging.register(
    messaging.Kind("invite", "an invitation", invitations.guard, invitations.letter, quiet=False, outlives_pause=True)
)


@receiver(message_posted)
def wake_the_postman(message, **kwargs):
    transaction.on_commit(_wake, robust=True)


def _wake():
    """Only a nudge: the sweep finds the message without it, so a lost broker is a line in the log."""
    try:
        deliver_messages.apply_async(retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  nothing correct depends on the broker
        logger.warning("the broker did not take a nudge: %s", error)
