"""Every task of the queue may run twice, and die at any statement, and the end is the same.

The tasks are found in the app's own registry: one without a scenario here fails.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import autodiscover_modules

from clients import sounds
from clients.models import Invitation, Message, Transcript
from coaching import exporting
from coaching.exports import shelf
from coaching.models import BroughtTable, Export, Milestone, Snapshot
from config.celery import app
from curriculum import clock
from tests import roads, speaking
from tests.bringing import brought
from tests.coaching.engine_machine import dying_at
from tests.doors.cases_snapshots import asked as snapshots_asked
from tests.roads import WEEK_1
from tests.speech.measuring import MODEL

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
autodiscover_modules("tasks")
STEPS = int(os.environ.get("ACROSS_STATEMENTS", 12))  # at which it dies, evenly spread; 0 is at each of them


@dataclass(frozen=True)
class Scenario:
    """What there is to do, and what it comes to, without anything that a second run may change."""

    given: Callable[[Any], Any]
    outcome: Callable[[], Any]


def _messages() -> Any:
    handed = {letter.extra_headers["Message-ID"]: (letter.to[0], letter.subject) for letter in mail.outbox}
    return sorted(handed.values()), sorted(
        Message.objects.values_list("kind", "person__name", "address", "state"), key=str
    )


def _milestones() -> Any:
    fields = ("enrolment", "cohort", "person", "kind", "rung", "week", "occurrence", "due_at", "state")
    return sorted(Milestone.objects.values_list(*fields), key=str)


def _files() -> Any:
    return sorted(path.name for path in sounds.folder().rglob("*") if path.is_file())


def _orphan(cast: Any) -> None:
    sounds.folder().mkdir(parents=True, exist_ok=True)
    for name in ("a" * 64, "b" * 64):
        path = sounds.folder() / name
        path.write_bytes(b"nobody names this")
        os.utime(path, (1, 1))


def _export_asked(cast: Any) -> None:
    for number in range(4):  # enough people for codes
        roads.client(cast.spring, roads.person(f"P{number}"))
    exporting.ask(by=cast.ada, cohort=cast.spring, at=WEEK_1)


def _exports() -> Any:
    made = {one.pk: ZipFile(shelf.path_of(one)).namelist() for one in Export.objects.filter(state="ready")}
    return [(one.state, one.total, made.get(one.pk)) for one in Export.objects.all()]


def _table_brought(cast: Any) -> None:
    roads.invitation(cast.spring, "person3@example.org")
    brought(cast, lines=205, at=WEEK_1)


def _people_asked() -> Any:
    asked = Invitation.objects.values_list("email", "name", "external_id", "cohort__name", "revoked_at")
    letters = Message.objects.values_list("kind", "address").order_by("kind", "address", "available_at")
    return sorted(asked), list(letters), list(BroughtTable.objects.values_list("state", "counts", "text"))


SCENARIOS = {
    "coaching.tasks.tick": Scenario(lambda cast: roads.handed_in(cast.mina), lambda: (_messages(), _milestones())),
    "coaching.tasks.reconcile": Scenario(lambda cast: Milestone.objects.filter(week=3).delete(), _milestones),
    "clients.tasks.deliver_messages": Scenario(
        lambda cast: [roads.invitation(cast.spring, f"new{n}@example.org") for n in range(3)], _messages
    ),
    "clients.tasks.collect_files": Scenario(_orphan, _files),
    "coaching.tasks.compute_snapshots": Scenario(
        snapshots_asked,
        lambda: list(Snapshot.objects.values_list("state", "title", "step", "steps", "parts__places")),
    ),
    "coaching.tasks.make_exports": Scenario(_export_asked, _exports),
    "coaching.tasks.read_tables": Scenario(_table_brought, _people_asked),
    "clients.tasks.transcribe": Scenario(
        lambda cast: roads.recorded(cast.mina, data=speaking.KENNEDY),
        lambda: list(Transcript.objects.values_list("state", "text")),
    ),
}


@pytest.fixture
def hand(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SPEECH_MODEL = tmp_path / "media", MODEL
    found = type("Clock", (), {"at": WEEK_1 + 8 * HOUR})()
    monkeypatch.setattr(clock, "now", lambda: found.at)
    monkeypatch.setattr("clients.speech.listen", lambda _path: iter([speaking.HEARD]))
    return found


def ours() -> list[str]:
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def test_every_task_has_a_scenario():
    assert ours() == sorted(SCENARIOS)


def lived_through(name: str, hand: Any, *deaths: int | None) -> Any:
    """What it comes to after these runs, each of which dies at its statement or not; undone afterwards."""
    scenario, began = SCENARIOS[name], hand.at
    try:
        with transaction.atomic():
            scenario.given(CAST["now"])
            mail.outbox.clear()
            for death in deaths:
                if death is None:
                    app.tasks[name].run()
                else:
                    with dying_at(death):
                        app.tasks[name].run()
                hand.at += 10 * MINUTE  # every lease has ended
            outcome = scenario.outcome()
            transaction.set_rollback(True)
    finally:
        hand.at = began
    return outcome


CAST: dict[str, Any] = {}


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_twice_or_killed_at_any_statement_the_end_is_the_same(cast, hand, name, record_property):
    CAST["now"] = cast
    with CaptureQueriesContext(connection) as queries:
        once = lived_through(name, hand, None)
    count = len(queries)

    assert lived_through(name, hand, None, None) == once
    dies_at = range(0, count, max(1, count // STEPS) if STEPS else 1)
    record_property("died at statements", len(dies_at))
    for statement in dies_at:
        assert lived_through(name, hand, statement, None) == once, f"killed at statement {statement} of {count}"
