"""What happens when something on this floor is announced; one line each. Also: the letters this floor sends."""

import logging
import time

from anymail.signals import tracking
from django.db import connection, transaction
from django.dispatch import receiver

from curriculum import clock

from . import invitations, messaging, noticing, planning, providers, returning, sender, transcribing
from .models import Suppression
from .signals import handed_in, left, mailbox_refused, messages_posted, recording_ready, transcript_asked
from .tasks import deliver_messages, transcribe

logger = logging.getLogger(__name__)
_broker = {"back_at": 0.0}

for name, meaning in (("invite", "an invitation"), ("invite.remind", "an invitation nobody has answered")):
    messaging.register(
        messaging.Kind(
            name,
            meaning,
            invitations.guard,
            invitations.letter,
            quiet=False,
            outlives_pause=True,
            on_unknown=messaging.RESEND,
        )
    )

messaging.register(
    messaging.Kind(
        "test", "a test mail", lambda message, at: None, sender.letter, quiet=False, rings=False, outlives_pause=True
    )
)


@receiver(handed_in)
def take_over_the_plan(attempt, at, **kwargs):
    planning.take_over(attempt, at=at)


@receiver(left)
def nothing_more_to_say(enrolment, at, **kwargs):
    noticing.withdraw("the client has left the cohort", person=enrolment.client, cohort=enrolment.cohort)


@receiver(messages_posted)
def wake_the_postman(at, **kwargs):
    """Once a transaction, however many it posts."""
    if not any(_wake_the_postman in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(_wake_the_postman, robust=True)


@receiver(tracking)
def take_what_the_provider_says(event, **kwargs):
    """A door: the request is the provider’s, so the clock is read here."""
    if report := providers.read(event):
        returning.take_report(report, at=clock.now())


@receiver(mailbox_refused)
def suppress_the_address(message, told, at, **kwargs):
    address = message.person.email if message.person else message.address
    returning.suppress(address, cause=Suppression.Cause.BOUNCE, detail=told, message=message, at=at)


@receiver(recording_ready)
def ask_for_a_transcript(recording, at, **kwargs):
    transcribing.ask_where_on(recording, at=at)


@receiver(transcript_asked)
def wake_the_listener(transcript, **kwargs):
    transaction.on_commit(lambda: wake(transcribe), robust=True)


def _wake_the_postman():
    wake(deliver_messages)


def wake(task):
    """Only a nudge: the sweep finds the row without it, so a lost broker is a line in the log.

    After a failure nobody is kept waiting for the broker again for half a minute.
    """
    if time.monotonic() < _broker["back_at"]:
        return
    try:
        task.apply_async(retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  nothing correct depends on the broker
        _broker["back_at"] = time.monotonic() + 30
        logger.warning("the broker did not take a nudge: %s", error)
