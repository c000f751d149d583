"""Who drives the engine and what it is up to, for whoever watches over messages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clients import engine, messaging
from clients.models import Cohort, Message

from .models import Heartbeat, Milestone

QUIET = timedelta(seconds=90)  # without a look; longer is worth an amber bar, which is then there within two minutes
FORGOTTEN = timedelta(days=1)  # a driver that has not looked for so long was taken out of service


@dataclass(frozen=True)
class Driver:
    """One of those who drive it: a worker, the loop."""

    name: str
    at: datetime
    age: timedelta
    is_stale: bool


@dataclass(frozen=True)
class Standing:
    """What the engine is up to at one instant."""

    drivers: list[Driver]
    behind_since: datetime | None
    catching_up_from: datetime | None
    restored_to: datetime | None
    kept_messages: int
    kept_milestones: int
    drift: int
    reconciled_at: datetime | None
    stopped: list[Cohort]

    @property
    def deaf(self) -> list[Driver]:
        """Who looked lately, and does not look any more."""
        return [driver for driver in self.drivers if driver.is_stale]

    @property
    def is_well(self) -> bool:
        return not (self.deaf or self.behind_since or self.restored_to or self.drift)


def standing(*, at: datetime) -> Standing:
    """In a fixed number of queries."""
    state = engine.state()
    kept_messages, kept_milestones = kept() if state.restored_to else (0, 0)
    return Standing(
        drivers=drivers(at=at),
        behind_since=state.behind_since,
        catching_up_from=state.catching_up_from,
        restored_to=state.restored_to,
        kept_messages=kept_messages,
        kept_milestones=kept_milestones,
        drift=state.drift,
        reconciled_at=state.reconciled_at,
        stopped=list(Cohort.objects.filter(mail_stopped_at__isnull=False)),
    )


def kept() -> tuple[int, int]:
    """How many messages and how many moments a restore keeps back."""
    messages = Message.objects.filter(state=Message.State.HELD, reason=messaging.RESTORED)
    milestones = Milestone.objects.filter(state=Milestone.State.SKIPPED, reason=messaging.RESTORED)
    return messages.count(), milestones.count()


def drivers(*, at: datetime) -> list[Driver]:
    """Whoever looked within a day, by name."""
    rows = Heartbeat.objects.filter(name__startswith="engine:", at__gt=at - FORGOTTEN).order_by("name")
    return [_driver(row, max(at - row.at, timedelta(0))) for row in rows]


def _driver(row: Heartbeat, age: timedelta) -> Driver:
    return Driver(row.name.partition(":")[2], row.at, age, is_stale=age > QUIET)
