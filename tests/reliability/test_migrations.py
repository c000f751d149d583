"""Migrations on an empty database: up to the head, the frozen rows down and up again, and none forgotten."""

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db.migrations.loader import MigrationLoader

from config.folders import CLONE
from tests.reliability import clusters, fleet

pytestmark = [pytest.mark.database, pytest.mark.enable_socket]
FLOORS = ("coaching", "clients", "curriculum")
FROZEN = """
SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'frozen'
UNION SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'across\\_%'
"""


@pytest.fixture(scope="module")
def manage(tmp_path_factory):
    """`manage.py` on a database that is empty to begin with and gone afterwards, and that database's address."""
    server, name = os.environ["DATABASE_URL"], f"across_scratch_{secrets.token_hex(4)}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    environment = fleet.surroundings(url, tmp_path_factory.mktemp("house"), 8000)
    with clusters.connect(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")

    def run(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, env=environment, cwd=CLONE, capture_output=True, text=True, check=False)

    run.url = url
    yield run
    with clusters.connect(server) as connection:
        connection.execute(f"DROP DATABASE {name}")


def frozen(manage):
    with clusters.connect(manage.url) as connection:
        return dict(connection.execute(FROZEN).fetchall())


def test_from_nothing_to_the_head(manage):
    migrated = manage("migrate", "--verbosity", "0")

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert manage("migrate", "--check").returncode == 0
    assert {"clients_attempt", "clients_journalentry", "curriculum_edition", "across_frozen_row"} <= set(frozen(manage))


def test_what_freezes_rows_goes_back_and_forth(manage):
    manage("migrate", "--verbosity", "0")
    before = frozen(manage)

    back = [manage("migrate", app, "0001", "--verbosity", "0") for app in ("clients", "curriculum")]
    without = frozen(manage)
    again = manage("migrate", "--verbosity", "0")

    assert [(one.returncode, one.stderr) for one in (*back, again)] == [(0, "")] * 3
    assert without == {}
    assert frozen(manage) == before


def test_no_migration_is_missing(manage):
    found = manage("makemigrations", "--check", "--dry-run")

    assert (found.returncode, found.stdout) == (0, "No changes detected\n")


def test_every_migration_of_ours_can_be_taken_back():
    ours = [one for key, one in MigrationLoader(None).disk_migrations.items() if key[0] in FLOORS]

    stuck = [f"{one}: {operation}" for one in ours for operation in one.operations if not operation.reversible]
    assert stuck == []
    assert len(ours) >= 5
