"""PostgreSQL as Django knows it, but nobody waits for an answer for ever.

The server ends statements that take too long and says so. Where the line to it has gone dead it says nothing, and
neither it nor TCP ends the wait within minutes. So whoever asks gives up by their own clock, after a little longer than
any statement may take; a connection that was idle is tried for two seconds before it is used.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.errors import OperationalError

TRIED_FOR = 2.0  # seconds until an idle connection is taken for dead
DEAD = "the database did not answer"


class Connection(psycopg.Connection):
    """A connection that gives up after so many seconds without an answer, and is closed then."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except OperationalError as error:
            if type(error).__name__ != "_WaitTimeout":
                raise
            self.pgconn.finish()
            raise OperationalError(DEAD) from None


class DatabaseWrapper(base.DatabaseWrapper):
    """`PATIENCE` in the settings: the seconds one answer is waited for."""

    connection: Any

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.__class__ = Connection  # Django asks the driver itself, and names no class
        connection.patience = self.settings_dict.get("PATIENCE")
        return connection

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        usual, self.connection.patience = self.connection.patience, TRIED_FOR
        try:
            return super().is_usable()
        finally:
            self.connection.patience = usual
