"""How long a connection may take while the tables are changed: as long as it needs, but it waits for no lock.

Everywhere else a statement, and a transaction that nobody goes on with, are ended after seconds (see `env.session`).
A migration may work that long on one statement, or think that long between two of them on a slow machine.
"""

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

LIFTED = ("statement_timeout", "idle_in_transaction_session_timeout")


def lift(using, **kwargs):
    """Before the first migration, and again before those of every other app, which changes nothing."""
    with connections[using].cursor() as cursor:
        for name in LIFTED:
            cursor.execute(f"SET SESSION {name} = 0")
    connections[using].connection.patience = None


def put_back(using, **kwargs):
    """What the connection was told when it was made."""
    with connections[using].cursor() as cursor:
        for name in LIFTED:
            cursor.execute(f"RESET {name}")
    connections[using].connection.patience = connections[using].settings_dict.get("PATIENCE")


def watch() -> None:
    """From now on, for every database."""
    pre_migrate.connect(lift, dispatch_uid="config.patience.lift")
    post_migrate.connect(put_back, dispatch_uid="config.patience.put_back")
