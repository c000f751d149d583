"""What a table of N people costs: looked at, read in the background, and brought once more when everybody is known."""

import time
from collections.abc import Callable

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.contrib.auth.models import Group
from django.db import connection

from clients import newcomers, tables
from clients.models import Cohort, Invitation, Message, User
from clients.models.user import ADMINS
from coaching import bringing, roster
from coaching.models import BroughtTable
from curriculum import clock

from . import data
from .engine import row_of

SIZES = (500, 5_000)
ROUNDS = 3  # of which the quickest counts: what a machine does besides is no cost of a table
GOAL = 10.0  # seconds, so long is nobody else let into the cohort


def measure() -> dict:
    """The row with its goal, and seconds at each size."""
    growth = [_quickest([_of(n) for _round in range(ROUNDS)]) for n in SIZES]
    most = growth[-1]
    note = f"{most['letters']:,} letters and reminders in the outbox, one transaction"
    return {"rows": [row_of(f"o a table of {most['n']:,} people", most["read"], "s", GOAL, note)], "growth": growth}


def _quickest(rounds: list[dict]) -> dict:
    return {name: min(one[name] for one in rounds) for name in rounds[0]}


def _of(n: int) -> dict:
    admin, cohort = _world()
    table = tables.read(
        "name,email,time_zone,external_id\n"
        + "".join(f"Person {i},person{i}@example.org,Asia/Manila,{i}\n" for i in range(n))
    )
    columns, cohorts = tables.guessed(table), roster.cohorts_set_up_by(admin)
    looked = _seconds(lambda: newcomers.look(table, columns, cohorts=cohorts, default=cohort, at=clock.now()))
    read = _read(table, columns, admin, cohort)
    assert Invitation.objects.count() == n
    letters = Message.objects.count()
    again = _read(table, columns, admin, cohort)
    assert (Invitation.objects.count(), Message.objects.count()) == (n, letters)
    return {"n": n, "look": looked, "read": read, "again": again, "letters": letters}


def _world() -> tuple[User, Cohort]:
    data.empty()
    admin = User.objects.create(email="admin@example.org", name="Admin", zone="UTC", password="!")
    Group.objects.get_or_create(name=ADMINS)[0].user_set.add(admin)
    cohort = Cohort.objects.create(
        name="Bench", slug="bench", edition=data.edition(), starts_on=data.STARTS_ON, zone="UTC", created_at=data.AT
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return admin, cohort


def _read(table: tables.Table, columns: tables.Columns, admin: User, cohort: Cohort) -> float:
    bringing.bring(table, columns, default=cohort, by=admin, at=clock.now())
    spent = _seconds(lambda: bringing.read_one(at=clock.now()))
    assert BroughtTable.objects.latest("pk").state == "done"
    return spent


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
