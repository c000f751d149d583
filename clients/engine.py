"""What the engine is up to: does the clock run behind, is a time without a look being made up for, was it restored."""

from datetime import datetime, timedelta

from .models import Engine

BEHIND = timedelta(minutes=5)  # so much less than it once showed, and the clock is not believed
OUTAGE = timedelta(hours=6)  # without a look; what came due meanwhile is gathered
JUMP = timedelta(hours=24)  # so much more than ever before: the same
MAILS_A_MINUTE = 60  # while catching up


def state() -> Engine:
    """The one row, or what it would say before the first look."""
    return Engine.objects.first() or Engine(pk=1)


def is_behind(engine: Engine, *, at: datetime) -> bool:
    """The clock shows less than it once did: what is due cannot be told."""
    return engine.latest_at is not None and at < engine.latest_at - BEHIND


def was_away(engine: Engine, *, at: datetime) -> bool:
    """Nobody has looked for hours, or the clock has jumped ahead."""
    if engine.looked_at is None:
        return False
    return at - engine.looked_at > OUTAGE or at - engine.latest_at > JUMP
