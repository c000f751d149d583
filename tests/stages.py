"""The databases of one worker: the programme's content, the cast on top of it, and one for each test that commits.

What many tests begin with is made once a worker, by the real operations, and committed. Before each test the worker
turns to the database the test begins in; there its changes are rolled back. A committing test gets a copy of its own,
and the next one another.
"""

import itertools
import pickle
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import ProgrammingError, connection
from django.test import TransactionTestCase

CONTENT, CAST, COPY = "", "_cast", "_copy"
# In every database numbers begin somewhere else, because what a process remembers by number is of one of them only.
APART = 1_000_000
AHEAD = """
SELECT setval(format('%%I.%%I', schemaname, sequencename), %s) FROM pg_sequences
WHERE schemaname = 'public' AND data_type = 'bigint'::regtype
"""

OURS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"

_places = itertools.count(1)
_known: dict[str, Any] = {"made": False, "item": None, "holds": CONTENT}


def make(everybody: Callable[[], Any], unblock: Callable[[], AbstractContextManager[None]]) -> None:
    """The database with the cast in it, from the one with the content. Then the test that waits has its own."""
    _known.update(made=True, name=connection.settings_dict["NAME"], unblock=unblock)
    TransactionTestCase._fixture_teardown = _leave_it  # type: ignore[attr-defined]  # the stubs do not know it
    _copy(CONTENT, CAST)
    _known["cast"] = pickle.dumps(everybody())
    set_for(_known["item"])


def drop() -> None:
    """What was made beside the first one."""
    _turn_to(CONTENT)
    connection.close()
    with connection._nodb_cursor() as cursor:
        for stage in (COPY, CAST):
            _drop(cursor, stage)


def set_for(item: Any) -> None:
    """Turn to where a test begins. Within the open transaction of a whole module one stays where one is."""
    _known["item"] = item
    if not _known["made"] or connection.in_atomic_block:
        return
    begins = CAST if {"cast", "crowd"} & set(item.fixturenames) else CONTENT
    if _commits(item):
        with _known["unblock"]():
            _copy(begins, COPY)
    else:
        _turn_to(begins)
    _known["holds"] = begins


def cast() -> Any:
    """Everybody, where the database of this test holds them; else None."""
    return pickle.loads(_known["cast"]) if _known["holds"] == CAST else None


def _leave_it(_case: TransactionTestCase) -> None:
    """What a test committed need not be taken out of a database that goes itself."""


def _commits(item: Any) -> bool:
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(mark and mark.kwargs.get("transaction"))


def _turn_to(stage: str) -> None:
    name = _known["name"] + stage
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name


def _copy(stage: str, onto: str) -> None:
    """A new database from another, in place of the last one of that name; then one is there."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        _drop(cursor, onto)
        cursor.execute(f"CREATE DATABASE {_quoted(onto)} TEMPLATE {_quoted(stage)}")
    _turn_to(onto)
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, [next(_places) * APART])


def _drop(cursor: Any, stage: str) -> None:
    """Whoever is still connected is sent away. Where that may not be anybody but us, as beside a server's own
    vacuuming, our own sessions are; the server waits by itself for its own to end."""
    try:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(stage)} WITH (FORCE)")
    except ProgrammingError:
        cursor.execute(OURS, [_known["name"] + stage])
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(stage)}")


def _quoted(stage: str) -> str:
    return connection.ops.quote_name(_known["name"] + stage)
