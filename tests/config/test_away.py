"""A database that is gone, or says nothing: nobody waits for ever, and the page says what to do."""

import copy
import socket
import time

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.utils import InterfaceError

from config import errors
from config.database.base import DEAD, LEFT_ALONE


@pytest.fixture
def own(db):
    """A connection beside the test's, of somebody who is not patient."""
    found = connection.copy()
    found.settings_dict = copy.deepcopy(found.settings_dict)
    found.settings_dict["PATIENCE"] = 0.3
    yield found
    found.close()


def raised(error, cause=None):
    """What a view would have raised, with what the driver said behind it."""
    try:
        raise error from cause
    except type(error) as found:
        return found


def seconds(act, own):
    """How long it took until there was no answer."""
    began = time.monotonic()
    with pytest.raises(OperationalError), own.cursor() as cursor:
        act(cursor)
    own.close()
    return time.monotonic() - began


def test_who_gets_no_answer_gives_up_asks_nothing_for_a_second_and_connects_anew(own):
    with pytest.raises(OperationalError, match=DEAD), own.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")

    assert own.connection.closed
    own.close()
    with pytest.raises(OperationalError, match=DEAD):
        own.ensure_connection()
    own.alone_until -= LEFT_ALONE
    with own.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_nobody_waits_twice_for_a_server_that_lets_nobody_in(own):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        own.settings_dict |= {"HOST": "127.0.0.1", "PORT": str(silent.getsockname()[1])}
        own.settings_dict["OPTIONS"] |= {"connect_timeout": 2}
        own.settings_dict["OPTIONS"].pop("host", None)

        first, second = (seconds(lambda cursor: cursor.execute("SELECT 1"), own) for _time in range(2))

    assert first > 1 > second


def test_a_server_that_is_not_there_is_asked_again_at_once(own):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    own.settings_dict |= {"HOST": "127.0.0.1", "PORT": str(port)}
    own.settings_dict["OPTIONS"].pop("host", None)

    seconds(lambda cursor: cursor.execute("SELECT 1"), own)

    assert own.alone_until == 0


def test_an_idle_connection_is_tried_before_it_is_used(own):
    own.ensure_connection()

    assert own.is_usable()
    assert own.connection.patience == 0.3
    own.connection.close()
    assert not own.is_usable()


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (raised(OperationalError(DEAD), psycopg.OperationalError(DEAD)), True),
        (raised(OperationalError("gone"), psycopg.errors.AdminShutdown("gone")), True),
        (raised(InterfaceError("the connection is closed"), psycopg.InterfaceError("closed")), True),
        (raised(OperationalError("locked"), psycopg.errors.LockNotAvailable("locked")), False),
        (raised(OperationalError("slow"), psycopg.errors.QueryCanceled("slow")), False),
        (raised(ValueError("a mistake of ours")), False),
    ],
)
def test_only_what_is_not_there_is_away(error, away):
    assert errors.is_away(error) is away


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/v1/me/", "application/problem+json")])
def test_a_page_without_a_database_says_so_and_when_to_come_again(rf, path, kind):
    try:
        raise OperationalError(DEAD)
    except OperationalError:
        answer = errors.broken(rf.get(path))

    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (503, kind)
    assert answer.headers["Retry-After"] == "5"
    assert "try again in a minute" in answer.content.decode()
