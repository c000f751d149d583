"""Everything sent leaves through the outbox: posted here, inside the change it reports; `delivering` sends it.

Each floor registers its kinds of message when it loads, so that the outbox can ask a guard that knows
coaches without importing upwards.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from . import choices, letters
from .models import Cohort, Message, Notice, User
from .signals import message_posted

State = Message.State
_seeding: ContextVar[bool] = ContextVar("seeding", default=False)
_silent: ContextVar[bool] = ContextVar("silent", default=False)


@dataclass(frozen=True)
class Kind:
    """How one kind of message is handled.

    `guard(message, at)` gives the reason why it may no longer go, or None. `letter(message, at)` gives
    its words. `quiet` kinds wait for the end of the person's quiet hours. `rings` kinds stand in the bell of a person
    with an account as well. `meaning` is shown to admins.
    """

    name: str
    meaning: str
    guard: Callable[[Message, datetime], str | None]
    letter: Callable[[Message, datetime], letters.Letter]
    quiet: bool = True
    rings: bool = True
    outlives_pause: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called from a floor's `AppConfig.ready` (through its receivers)."""
    _kinds[kind.name] = kind


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


@contextmanager
def seeding() -> Iterator[None]:
    """What is posted in here belongs to a made-up past: it is kept for show and never leaves."""
    token = _seeding.set(True)
    try:
        yield
    finally:
        _seeding.reset(token)


@contextmanager
def silence() -> Iterator[None]:
    """No nudge while a rehearsal posts what it will undo."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def post(
    kind: str,
    *,
    key: str,
    at: datetime,
    to: User | None = None,
    address: str = "",
    cohort: Cohort | None = None,
    about: dict | None = None,
    available_at: datetime | None = None,
    not_after: datetime | None = None,
    shows_at: datetime | None = None,
) -> bool:
    """Put one message into the outbox, in the caller's transaction. False when its key is there already.

    Whoever has an account finds it in their bell as well, at once or from `shows_at` on.
    """
    assert kind in _kinds, f"nobody registered the kind {kind}"
    message = Message(
        kind=kind,
        key=key,
        person=to,
        address=address,
        cohort=cohort,
        about=about or {},
        state=State.SEEDED if _seeding.get() else State.QUEUED,
        posted_at=at,
        available_at=available_at or at,
        not_after=not_after,
    )
    fresh = not Message.objects.filter(key=key).exists()
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if fresh and to is not None and _kinds[kind].rings:
        note([message], at=shows_at or at)
    if fresh and message.state == State.QUEUED and message.available_at <= at and not _silent.get():
        message_posted.send(sender=Message, message=message)
    return fresh


def note(messages: Iterable[Message], *, at: datetime) -> None:
    """A line in the bell for each of these messages to people with an account, under the same keys."""
    rows = [
        Notice(
            key=message.key,
            person=message.person,
            kind=message.kind,
            group=group.name if (group := choices.group_of(message.kind)) else "",
            cohort=message.cohort,
            about=message.about,
            at=at,
            until=message.not_after,
        )
        for message in messages
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def cancel(reason: str, **which) -> int:
    """Messages that are not on their way yet and no longer make sense, with what the bell says of them."""
    waiting = Message.objects.filter(state__in=[State.QUEUED, State.HELD], **which)
    Notice.objects.filter(key__in=waiting.values("key"), read_at=None).update(withdrawn=reason[:200])
    return waiting.update(state=State.CANCELLED, reason=reason[:200])


def release_held(cohort: Cohort, *, at: datetime, person: User | None = None) -> int:
    """The cohort, or one client of it, goes on: what was held is asked again."""
    held = Message.objects.filter(cohort=cohort, state=State.HELD, **({"person": person} if person else {}))
    return held.update(state=State.QUEUED, reason="", available_at=at)


@transaction.atomic
def replay(message: Message, *, at: datetime) -> bool:
    """Try a dead message once more, from the beginning. Its guard is asked again."""
    changed = Message.objects.filter(pk=message.pk, state=State.DEAD).update(
        state=State.QUEUED, attempts=0, available_at=at, reason="", last_error=""
    )
    return bool(changed)
