"""Threads that start at once, each with its own connection."""

import threading

import pytest
from django.db import connection

from tests import roads, stages


@pytest.fixture
def crowd(transactional_db):
    """Everybody, committed, so that other connections see them."""
    return stages.cast() or roads.everybody()


@pytest.fixture
def at_once():
    """Run `act(number)` in n threads released together; returns what each returned or raised."""

    def run(n, act):
        barrier, results = threading.Barrier(n), [None] * n

        def one(number):
            try:
                connection.ensure_connection()
                barrier.wait(timeout=30)
                results[number] = act(number)
            except Exception as error:
                results[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(n)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return results

    return run
