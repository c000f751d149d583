"""Asking for an export and making it, many at once: exactly one effect."""

import pytest

from clients.models import JournalEntry
from coaching import exporting
from coaching.exports import shelf
from coaching.models import Export
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 16


def test_two_asks_of_one_admin_are_one_export(crowd, at_once):
    results = at_once(MANY, lambda _n: exporting.ask(by=crowd.ada, names=True, reason="An audit", at=WEEK_1))

    refused = {result.code for result in results if isinstance(result, Exception)}
    assert refused == {"export.open"}
    assert Export.objects.count() == JournalEntry.objects.filter(action="asked for an export").count() == 1


def test_many_workers_make_one_export_once(crowd, at_once, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    exporting.ask(by=crowd.ada, names=True, reason="An audit", at=WEEK_1)

    results = at_once(MANY, lambda _n: exporting.make_one(at=WEEK_1))

    assert sorted(results) == [False] * (MANY - 1) + [True]
    export = Export.objects.get()
    assert (export.state, export.tries) == ("ready", 1)
    assert [path.name for path in shelf.folder().iterdir()] == [f"{export.key}.zip"]


def test_sweeping_at_once_takes_a_file_out_once(crowd, at_once, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    exporting.ask(by=crowd.ada, names=True, reason="An audit", at=WEEK_1)
    exporting.make_one(at=WEEK_1)
    over = Export.objects.get().ready_at + shelf.KEPT

    results = at_once(MANY, lambda _n: exporting.sweep(at=over))

    assert not [result for result in results if isinstance(result, Exception)]
    assert (Export.objects.get().state, list(shelf.folder().iterdir())) == ("gone", [])
