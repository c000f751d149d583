"""PostgreSQL as Django knows it, but nobody waits for an answer for ever.

The server ends statements that take too long and says so. Where the line to it has gone dead it says nothing, and
neither it nor TCP ends the wait within minutes. So whoever asks gives up by their own clock, after a little longer
than any statement may take; a connection that was idle is tried for a second and a half before it is used. A database
that has just let somebody wait in vain is left alone for a second: whatever else the same request would ask it, the
saving of a session as well, is refused at once, so that nobody waits twice for one page.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.errors import ConnectionTimeout, OperationalError

TRIED_FOR = 1.5  # seconds until an idle connection is taken for dead
LEFT_ALONE = 1.0  # seconds after somebody waited in vain
DEAD = "the database did not answer"


class Connection(psycopg.Connection):
    """A connection that gives up after so many seconds without an answer, and is closed then."""

    patience: float | None = None
    waited_in_vain: Callable[[], None] = staticmethod(lambda: None)

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except OperationalError as error:
            if type(error).__name__ != "_WaitTimeout":
                raise
            self.pgconn.finish()
            self.waited_in_vain()
            raise OperationalError(DEAD) from None


class Prepared(base.CursorMixin, psycopg.Cursor):
    """A cursor whose statements stay prepared on its connection."""


class DatabaseWrapper(base.DatabaseWrapper):
    """`PATIENCE` in the settings: the seconds one answer is waited for."""

    connection: Any
    alone_until = 0.0  # by this process's own clock

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"prepare_threshold": 0}  # only for cursors that ask, as below

    def prepared_cursor(self) -> Any:
        """A cursor for what is asked over and over: a connection plans it once. Where a pool hands every transaction
        to another connection (`DISABLE_SERVER_SIDE_CURSORS`), one that plans it each time."""
        if self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return self.cursor()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(Prepared(self.connection))  # type: ignore[attr-defined]  # the stubs leave it out

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if monotonic() < self.alone_until:
            raise OperationalError(DEAD)
        try:
            connection = super().get_new_connection(conn_params)
        except ConnectionTimeout:
            self.leave_alone()
            raise
        connection.__class__ = Connection  # Django asks the driver itself, and names no class
        connection.patience = self.settings_dict.get("PATIENCE")
        connection.waited_in_vain = self.leave_alone
        return connection

    def leave_alone(self) -> None:
        self.alone_until = monotonic() + LEFT_ALONE

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        usual, self.connection.patience = self.connection.patience, TRIED_FOR
        try:
            return super().is_usable()
        finally:
            self.connection.patience = usual
