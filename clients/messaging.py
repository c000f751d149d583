"""Everything sent leaves through the outbox: posted here, inside the change it reports; `delivering` sends it.

Each floor registers its kinds of message when it loads, so that the outbox can ask a guard that knows
coaches without importing upwards.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, When

from . import choices, letters
from .models import Cohort, Message, Notice, User
from .signals import message_posted

PAUSED = "the cohort is paused"
MAIL_STOPPED = "mail to this cohort is stopped"
RESTORED = "from before the database was restored"
RESEND, HOLD = "resend", "hold"

State = Message.State
_seeding: ContextVar[bool] = ContextVar("seeding", default=False)
_silent: ContextVar[bool] = ContextVar("silent", default=False)


@dataclass(frozen=True)
class Kind:
    """How one kind of message is handled.

    `guard(message, at)` gives the reason why it may no longer go, or None. `letter(message, at)` gives
    its words. `quiet` kinds wait for the end of the person's quiet hours. `rings` kinds stand in the bell of a person
    with an account as well. `meaning` is shown to admins.
    `on_unknown`: where a mail server without idempotency keys was handed it and did not answer, it is sent once
    more and flagged (an invitation, feedback), or held for a person to look at.
    `one_at_a_time`: a letter may tell of what other messages of its kind to this person wait to tell, so no two of
    them are written at once.
    """

    name: str
    meaning: str
    guard: Callable[[Message, datetime], str | None]
    letter: Callable[[Message, datetime], letters.Letter]
    quiet: bool = True
    rings: bool = True
    outlives_pause: bool = False
    on_unknown: str = HOLD
    one_at_a_time: bool = False


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


@dataclass(frozen=True)
class Post:
    """What is to be put into the outbox: see `Message`."""

    kind: str
    key: str
    to: User | None = None
    address: str = ""
    cohort: Cohort | None = None
    about: dict = field(default_factory=dict)
    available_at: datetime | None = None
    not_after: datetime | None = None
    shows_at: datetime | None = None

    @property
    def rings(self) -> bool:
        return self.to is not None and _kinds[self.kind].rings

    def as_message(self, at: datetime) -> Message:
        assert self.kind in _kinds, f"nobody registered the kind {self.kind}"
        return Message(
            kind=self.kind,
            key=self.key,
            person=self.to,
            address=self.address,
            cohort=self.cohort,
            about=self.about,
            state=State.SEEDED if _seeding.get() else State.QUEUED,
            posted_at=at,
            available_at=self.available_at or at,
            not_after=self.not_after,
        )


def post(kind: str, *, key: str, at: datetime, **rest: Any) -> bool:
    """Put one message into the outbox, in the caller's transaction. False when its key is there already.

    Whoever has an account finds it in their bell as well, at once or from `shows_at` on.
    """
    return bool(post_all([Post(kind, key, **rest)], at=at))


def post_all(posts: Sequence[Post], *, at: datetime) -> int:
    """Put these into the outbox, in the caller's transaction, however many in two statements. How many are new."""
    known = set(Message.objects.filter(key__in=[post.key for post in posts]).values_list("key", flat=True))
    fresh = [(post, post.as_message(at)) for post in posts if post.key not in known]
    Message.objects.bulk_create([row for _post, row in fresh], ignore_conflicts=True)
    for shows_at in {post.shows_at for post, _row in fresh}:
        note([row for post, row in fresh if post.shows_at == shows_at and post.rings], at=shows_at or at)
    for _post, row in fresh:
        if row.state == State.QUEUED and row.available_at <= at and not _silent.get():
            message_posted.send(sender=Message, message=row)
    return len(fresh)


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


def release_held(cohort: Cohort, *, at: datetime, person: User | None = None, reason: str = "") -> int:
    """The cohort, or one client of it, goes on: what was held is asked again. What a person stopped stays."""
    held = Message.objects.filter(cohort=cohort, state=State.HELD, **({"person": person} if person else {}))
    held = held.filter(reason=reason) if reason else held.exclude(reason__in=[MAIL_STOPPED, RESTORED])
    return held.update(state=State.QUEUED, reason="", available_at=at)


@transaction.atomic
def replay(message: Message, *, at: datetime) -> bool:
    """Try a message once more that was given up, or whose arrival nobody knows. Its guard is asked again."""
    again = Message.objects.filter(pk=message.pk, state__in=[State.DEAD, State.UNKNOWN])
    unsure = Q(maybe_twice=True) | Q(state=State.UNKNOWN)
    changed = again.update(
        state=State.QUEUED,
        attempts=0,
        available_at=at,
        first_try_at=None,
        handed_at=None,
        maybe_twice=Case(When(unsure, then=True), default=False),
        reason="",
        last_error="",
    )
    return bool(changed)
