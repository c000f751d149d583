"""Bringing a long table and reading it, many at once: exactly one effect."""

import pytest

from clients.models import Invitation, JournalEntry, Message
from coaching import bringing
from coaching.models import BroughtTable
from tests.bringing import brought
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 8


def test_the_same_table_brought_many_times_at_once_waits_once(crowd, at_once):
    results = at_once(MANY, lambda _n: brought(crowd, at=WEEK_1))

    assert {result.code for result in results if isinstance(result, Exception)} == {"table.open"}
    told = JournalEntry.objects.filter(action="brought a table of people")
    assert (BroughtTable.objects.count(), told.count()) == (1, 1)


def test_many_workers_read_one_table_once(crowd, at_once):
    brought(crowd, at=WEEK_1)

    results = at_once(MANY, lambda _n: bringing.read_one(at=WEEK_1))

    assert sorted(results) == [False] * (MANY - 1) + [True]
    table = BroughtTable.objects.get()
    assert (table.state, table.tries) == ("done", 1)
    assert Invitation.objects.count() == Message.objects.filter(kind="invite").count() == table.lines
