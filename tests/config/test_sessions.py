"""What every connection to the database is told, asked of a live one; and what the queue is told."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import OperationalError, connection
from django.test import Client
from django.utils.module_loading import autodiscover_modules

from clients import pausing
from coaching.tasks import tick
from config import checks, env
from config.celery import app

SHOWN = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
ASK = """
import {first}
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in {shown}:
        cursor.execute("SHOW " + name)
        print(cursor.fetchone()[0])
"""


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("config.wsgi", ["2s", "3s", "10s"]),
        ("config.celery", ["2s", "30s", "10s"]),
        ("config", ["2s", "30s", "10s"]),
    ],
)
def test_a_page_and_a_job_connect_with_their_own_patience(db, first, told):
    """In a process of the product, with its own settings."""
    found = subprocess.run(
        [sys.executable, "-c", ASK.format(first=first, shown=SHOWN)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert found.stdout.split() == told


def test_a_statement_that_takes_too_long_is_ended(db):
    parameters = connection.get_connection_params() | {"cursor_factory": None}
    parameters["options"] = " ".join(f"-c {name}={value}" for name, value in env.session(web=True).items())
    with psycopg.connect(**parameters) as own:
        own.execute("SET statement_timeout = '20ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            own.execute("SELECT pg_sleep(5)")


def test_a_migration_may_take_its_time_and_afterwards_nobody_may(db):
    def told():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            return cursor.fetchone() + tuple(cursor.execute(f"SHOW {SHOWN[2]}").fetchone())

    patient, usual = ("0", told()[1], "0"), told()
    emit_pre_migrate_signal(0, False, "default")
    meanwhile = told()
    emit_post_migrate_signal(0, False, "default")

    assert (meanwhile, told()) == (patient, usual)
    assert usual[0] != "0"
    assert usual[2] == "1min"  # as tests have it; the product's own is asked for above


def test_a_database_that_acknowledges_too_early_is_an_error(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        off = checks.what_is_acknowledged_is_on_disk(None, databases=["default"])
        cursor.execute("SET LOCAL synchronous_commit = on")
        on = checks.what_is_acknowledged_is_on_disk(None, databases=["default"])

    assert ([error.id for error in off], on) == (["across.E001"], [])


def test_a_row_that_somebody_holds_is_said_to_be_busy_at_both_doors(cast, monkeypatch):
    def held(*_args, **_kwargs):
        error = OperationalError("canceling statement due to lock timeout")
        raise error from psycopg.errors.LockNotAvailable("lock timeout")

    monkeypatch.setattr(pausing, "pause", held)
    browser = Client()
    browser.force_login(cast.ada)

    page = browser.post("/manage/cohorts/spring/pause/")
    api = browser.post(f"/api/v1/cohorts/{cast.spring.pk}/pause/", content_type="application/json")

    assert (page.status_code, api.status_code, api.json()["code"]) == (503, 503, "busy")
    assert api.json()["detail"] in page.content.decode()


def test_the_queue_is_told_what_keeps_it_harmless():
    wanted = {
        "accept_content": ["json"], "task_serializer": "json", "task_acks_late": True, "worker_prefetch_multiplier": 1,
        "task_reject_on_worker_lost": False, "task_time_limit": 300, "worker_max_memory_per_child": 300_000,
        "task_ignore_result": True, "broker_connection_retry_on_startup": True,
    }  # fmt: skip

    assert {name: app.conf[name] for name in wanted} == wanted
    assert tick.time_limit == 120


def test_every_task_of_beat_can_be_put_into_the_queue(monkeypatch):
    """A time limit below the soft one of all tasks would be refused, and nothing would ever fire."""
    autodiscover_modules("tasks")
    put = []
    monkeypatch.setattr(app, "send_task", lambda name, *args, **kwargs: put.append(name))
    for entry in app.conf.beat_schedule.values():
        app.tasks[entry["task"]].apply_async(**entry["options"])

    assert put == [entry["task"] for entry in app.conf.beat_schedule.values()]


def test_beat_knows_seconds_and_no_business_time():
    for entry in app.conf.beat_schedule.values():
        assert isinstance(entry["schedule"], float)
        assert entry["options"]["expires"] > 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("redis://127.0.0.1/0", {"visibility_timeout": 3600, "unacked_restore_throttle": 1}),
        ("amqp://127.0.0.1//", {"confirm_publish": True}),
    ],
)
def test_each_broker_is_told_what_it_understands(db, url, told):
    script = "from config.celery import app; import json; print(json.dumps(app.conf.broker_transport_options))"
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "CELERY_BROKER_URL": url},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    options = json.loads(found.stdout)
    assert {name: options.get(name) for name in told} == told
    assert ("visibility_timeout" in options) is url.startswith("redis")
