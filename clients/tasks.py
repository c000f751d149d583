"""Tasks of this floor: the clock, then one call."""

from celery import shared_task

from curriculum import clock

from . import delivering, transcribing, uploading


@shared_task
def deliver_messages() -> None:
    """Send what is due now. Safe to run twice and at once."""
    delivering.deliver(at=clock.now())


@shared_task
def collect_files() -> None:
    """Files nobody names any more go. Safe to run twice and at once."""
    uploading.collect(at=clock.now())


@shared_task
def transcribe() -> None:
    """Hear one recording that waits, and come again for the next: mail never waits behind more than one."""
    if transcribing.hear_one(at=clock.now()):
        transcribe.apply_async(retry=False, ignore_result=True)
