"""What the engine is among in its model: a provider that is watched, and workers that die."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

WRITES = ("INSERT", "UPDATE", "DELETE", "WITH post")


class Broken(AssertionError):
    """A rule of the engine does not hold."""


class Killed(BaseException):
    """kill -9: nobody gets to say anything more."""


@dataclass
class Mailbox:
    """What the provider was handed: the id it was handed under, of which kind, to whom, and the words on top."""

    handed: list[tuple[str, str, str, str]] = field(default_factory=list)
    watch: Callable[[str, str], None] = lambda _kind, _to: None
    death: bool | None = None  # whoever comes dies: False before his message is taken, True after it


MAILBOX = Mailbox()


class Provider(BaseEmailBackend):
    """Takes everything, and lets the model look at the moment it is handed over."""

    def send_messages(self, email_messages: list[Any]) -> int:
        for mail in email_messages:
            if MAILBOX.death is False:
                raise Killed
            kind = mail.extra_headers["X-Across-Kind"]
            MAILBOX.watch(kind, mail.to[0])
            MAILBOX.handed.append((mail.extra_headers["Message-ID"], kind, mail.to[0], mail.subject))
            if MAILBOX.death:
                raise Killed
        return len(email_messages)


@dataclass
class Death:
    """A worker that dies before its n-th write, once. Before a read it would make no difference."""

    left: int
    happened: bool = False

    def __call__(self, execute: Callable[..., Any], sql: str, *call: Any) -> Any:
        self.left -= sql.lstrip().startswith(WRITES)
        if self.left < 0 and not self.happened:
            self.happened = True
            raise Killed
        return execute(sql, *call)


@contextmanager
def dying_at(write: int) -> Iterator[None]:
    """A worker dies in here. Its connection dies with it, and so does what that remembers of a transaction."""
    try:
        with connection.execute_wrapper(Death(write)):
            yield
    except Killed:
        transaction.set_rollback(False)
