"""Tasks of this floor: the clock, then one call."""

import time

from celery import shared_task

from curriculum import clock

from . import bringing, exporting, looking, reconciling, snapshotting

LOOKS_FOR = 45  # seconds at most in one task; what is left is for the next


@shared_task(soft_time_limit=100, time_limit=120)
def tick() -> None:
    """Beat says "look now": fire and send until nothing is due. Safe to run twice and at once."""
    until = time.monotonic() + LOOKS_FOR
    while looking.look(at=clock.now(), driver="celery").anything and time.monotonic() < until:
        pass


@shared_task
def reconcile() -> None:
    """What is planned beside what the rules say. Safe to run twice and at once."""
    reconciling.reconcile(at=clock.now())


@shared_task(soft_time_limit=1700, time_limit=1800)
def compute_snapshots() -> None:
    """Compute one snapshot that waits, and come again for the next. Safe to run twice and at once."""
    if snapshotting.compute_one(at=clock.now()):
        compute_snapshots.apply_async(retry=False, ignore_result=True)


@shared_task
def make_exports() -> None:
    """What was kept for a day goes; one that waits is made. Safe to run twice and at once."""
    exporting.sweep(at=clock.now())
    if exporting.make_one(at=clock.now()):
        make_exports.apply_async(retry=False, ignore_result=True)


@shared_task
def read_tables() -> None:
    """Lines that were kept for a day go; one table that waits is read. Safe to run twice and at once."""
    bringing.sweep(at=clock.now())
    if bringing.read_one(at=clock.now()):
        read_tables.apply_async(retry=False, ignore_result=True)
