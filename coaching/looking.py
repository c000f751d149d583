"""One look of the engine, whoever drives it: is the clock to be believed, was nobody here for hours, and then a tick.

A clock that shows less than it once did stops the firing until it has come back or a person says that it is right;
what has fired does not fire again. After hours without a look, or when the clock has jumped ahead, what came due
meanwhile is gathered into one mail a person, and mails leave at a measured pace, what people wait for first.
"""

from datetime import datetime

from django.db import transaction

from clients import delivering, engine, recording
from clients.models import Engine, Message, User

from . import firing, gathering

MANY = 250  # fired in one transaction while catching up


def look(*, at: datetime, driver: str) -> firing.Ticked:
    """Everything one look does. Leaves a heartbeat also where it does not fire."""
    state = note(at=at)
    if state.behind_since:
        firing.beat(at=at, driver=driver)
        return firing.Ticked(0, 0, delivering.deliver(at=at))
    if not state.catching_up_since:
        return firing.tick(at=at, driver=driver)
    return _catch_up(state, at, driver)


@transaction.atomic
def note(*, at: datetime) -> Engine:
    """Write down that somebody looks, and what follows from when."""
    state = _held()
    if engine.is_behind(state, at=at):
        state.behind_since = state.behind_since or state.latest_at
    else:
        if engine.was_away(state, at=at):
            state.catching_up_from = state.catching_up_from or state.looked_at
            state.catching_up_since = at
        state.behind_since, state.looked_at, state.latest_at = None, at, max(at, state.latest_at or at)
    state.save()
    return state


def _held() -> Engine:
    Engine.objects.get_or_create(pk=1)
    return Engine.objects.select_for_update().get(pk=1)


def _catch_up(state: Engine, at: datetime, driver: str) -> firing.Ticked:
    gathering.gather_what_waits(since=state.catching_up_since, at=at)
    fired, skipped = firing.fire_due(at=at, limit=MANY, since=state.catching_up_since)
    sent = delivering.deliver(at=at)
    firing.beat(at=at, driver=driver)
    done = firing.Ticked(fired, skipped, sent)
    if not done.anything and not _is_anything_left(at):
        Engine.objects.filter(pk=1, catching_up_since=state.catching_up_since).update(
            catching_up_since=None, catching_up_from=None
        )
    return done


def _is_anything_left(at: datetime) -> bool:
    """What still has to leave, or is just being gathered."""
    gathered_now = Message.objects.filter(state="queued", kind=gathering.gathered.NAME)
    return (
        Message.objects.filter(state="queued", available_at__lte=at).exists()
        or gathered_now.filter(available_at__lte=at + gathering.WAIT).exists()
        or firing.due(at=at).exists()
    )


@transaction.atomic
def trust_the_clock(*, by: User | None, at: datetime) -> bool:
    """A person says that the clock is right and once was wrong: what is due counts from now on. Journalled."""
    state = _held()
    if not engine.is_behind(state, at=at):
        return False
    recording.record("trusted the clock", state, by=by, at=at, note=f"it once showed {state.latest_at:%Y-%m-%d %H:%M}")
    state.behind_since, state.latest_at, state.looked_at = None, at, at
    state.save()
    return True
