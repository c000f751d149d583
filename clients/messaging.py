"""Everything sent leaves through the outbox: posted here, inside the change it reports; `delivering` sends it.

Each floor registers its kinds of message when it loads, so that the outbox can ask a guard that knows
coaches without importing upwards.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Q, When

from . import choices, letters, recording
from .models import Cohort, Message, Notice, User
from .signals import messages_posted

PAUSED = "the cohort is paused"
ON_HOLD = "the client is on hold"
MAIL_STOPPED = "mail to this cohort is stopped"
RESTORED = "from before the database was restored"
LET_GO = "let go by an admin"
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
    more and flagged (an invitation, feedback), or held for a person to look at. `is_budgeted` kinds count against the
    reminders a person gets in a week; those that give way leave the last one to the others.
    `one_at_a_time`: a letter may tell of what other messages of its kind to this person wait to tell, so no two of
    them are written at once. `read_ahead(messages, at)` reads for many what guard and letter ask for each.
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
    is_budgeted: bool = False
    gives_way: bool = False
    read_ahead: Callable[[Sequence[Message], datetime], None] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called from a floor's `AppConfig.ready` (through its receivers)."""
    _kinds[kind.name] = kind


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def not_sent_twice() -> list[str]:
    """The kinds of which nothing is sent again where nobody knows whether it arrived."""
    return [kind.name for kind in _kinds.values() if kind.on_unknown == HOLD]


def budgeted() -> list[str]:
    """The kinds that count against the reminders a person gets in a week."""
    return [kind.name for kind in _kinds.values() if kind.is_budgeted]


def read_ahead(messages: Sequence[Message], *, at: datetime) -> None:
    """What the guards and letters of these messages ask, and what their readers want, for all of them together."""
    choices.read_ahead(messages)
    readers: dict[Any, list[Message]] = {}
    for message in messages:
        if (kind := _kinds.get(message.kind)) and kind.read_ahead:
            readers.setdefault(kind.read_ahead, []).append(message)
    for read, theirs in readers.items():
        read(theirs, at)


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

    def columns(self, at: datetime) -> tuple[Any, ...]:
        """As `POST` takes them, in columns."""
        assert self.kind in _kinds, f"nobody registered the kind {self.kind}"
        about = json.dumps(self.about)
        rings = self.rings
        group = choices.group_of(self.kind) if rings else None
        return (
            *(self.key, self.kind, self.to and self.to.pk, self.address, self.cohort and self.cohort.pk, about),
            *(self.available_at or at, self.not_after, rings, self.shows_at or at, group.name if group else ""),
        )


# One statement, however many, with their lines in the bell. What has this key already stays as it is.
POST = """WITH post AS MATERIALIZED (
  SELECT key, kind, person, address, cohort, about::jsonb, available_at, not_after, rings, shows_at, "group"
    FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[],
                %s::timestamptz[], %s::boolean[], %s::timestamptz[], %s::text[])
      AS post (key, kind, person, address, cohort, about, available_at, not_after, rings, shows_at, "group")
), fresh AS (
  INSERT INTO clients_message (key, kind, person_id, address, cohort_id, about, available_at, not_after,
                               posted_at, state, reason, attempts, last_error)
  SELECT key, kind, person, address, cohort, about, available_at, not_after, %s, %s, '', 0, '' FROM post
      ON CONFLICT (key) DO NOTHING RETURNING key, available_at
), noted AS (
  INSERT INTO clients_notice (key, kind, person_id, cohort_id, about, at, until, "group", withdrawn)
  SELECT key, kind, person, cohort, about, shows_at, not_after, "group", ''
    FROM post JOIN fresh USING (key) WHERE rings
      ON CONFLICT (key) DO NOTHING
) SELECT count(*), coalesce(bool_or(available_at <= %s), false) FROM fresh
"""
NOTE = """INSERT INTO clients_notice (key, kind, person_id, cohort_id, about, at, until, "group", withdrawn)
SELECT key, kind, person, cohort, about::jsonb, at, until, "group", ''
  FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[],
              %s::text[])
    AS line (key, kind, person, cohort, about, at, until, "group")
    ON CONFLICT (key) DO NOTHING
"""


def post(kind: str, *, key: str, at: datetime, **rest: Any) -> bool:
    """Put one message into the outbox, in the caller's transaction. False when its key is there already.

    Whoever has an account finds it in their bell as well, at once or from `shows_at` on.
    """
    return bool(post_all([Post(kind, key, **rest)], at=at))


def post_all(posts: Sequence[Post], *, at: datetime) -> int:
    """Put these into the outbox, in the caller's transaction, however many in one statement. How many are new."""
    if not posts:
        return 0
    state = State.SEEDED if _seeding.get() else State.QUEUED
    columns = zip(*(post.columns(at) for post in posts), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(POST, [*map(_column, columns), at, state, at])
        fresh, leaves_now = cursor.fetchone()
    if leaves_now and state == State.QUEUED and not _silent.get():
        messages_posted.send(sender=Message, at=at)
    return fresh


def note(posts: Sequence[Post], *, at: datetime) -> None:
    """A line in the bell for each of these posts to people with an account, under the same keys."""
    lines = [
        (
            *(post.key, post.kind, post.to and post.to.pk, post.cohort and post.cohort.pk, json.dumps(post.about)),
            *(post.shows_at or at, post.not_after, group.name if (group := choices.group_of(post.kind)) else ""),
        )
        for post in posts
    ]
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(NOTE, [*map(_column, zip(*lines, strict=True))])


def _column(values: Iterable[Any]) -> str:
    """An array as PostgreSQL reads it. The driver writes the same in four times the time: it looks at every element
    by itself, and of the thousands in a column most are alike."""
    known: dict[Any, str] = {None: "NULL"}
    return f"{{{','.join([known.get(value) or known.setdefault(value, _quoted(value)) for value in values])}}}"


def _quoted(value: Any) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


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


@transaction.atomic
def let_go(message: Message, *, by: User, at: datetime) -> bool:
    """Whether a message that was given up, or whose arrival nobody knows, was let go: it is tried no more."""
    rows = Message.objects.select_for_update(of=("self",)).filter(pk=message.pk, state__in=[State.DEAD, State.UNKNOWN])
    if not (row := rows.select_related("cohort").first()):
        return False
    row.state, row.reason = State.CANCELLED, LET_GO
    row.save(update_fields=["state", "reason"])
    recording.record("let a message go", row, by=by, at=at, cohort=row.cohort, note=row.kind)
    return True
