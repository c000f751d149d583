"""Feedback is never lost, whatever happens to those who write it: lives made up by chance, and faults that show.

ACROSS_MACHINES says how many lives.
"""

import os
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from coaching import drafted, reviewing
from coaching.web.coach import layout, review
from curriculum import clock
from tests import roads
from tests.coaching.writing_machine import TIMES, Lost, Writing

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
LIVES = int(os.environ.get("ACROSS_MACHINES", "10"))
STEPS = 25
FORGETS = "feedback.delete(), FeedbackDraft.objects.filter(attempt=attempt).update(notes=[])"
# What has to hold up, step by step; by chance it comes about too seldom.
WRITTEN = {
    "another tab saves after this one": [
        ("write", "tomas", 0, "keep", False), ("write", "tomas", 1, "ask-1", False, "script"),
        ("write", "tomas", 0, "note-0-text", False, "script", True), ("open", "tomas", 1),
    ],
    "another tab saves, and this one is a form": [
        ("write", "tomas", 0, "keep", False), ("write", "tomas", 1, "try_next", False, "form"),
        ("write", "tomas", 0, "keep", False, "form"), ("write", "tomas", 0, "ask-2", False, "form"),
    ],
    "a program saves over a page": [
        ("write", "tomas", 0, "keep", False), ("write", "tomas", 1, "keep", False, "api"),
        ("write", "tomas", 0, "keep", False, "api", False),
    ],
    "a colleague takes over and sends": [
        ("write", "tomas", 0, "keep", False, "script"), ("write", "tomas", 0, "note-1-text", False, "script"),
        ("hold", "petra", "take-over"), ("write", "tomas", 0, "keep", False, "form"), ("send", "petra", 0, "another"),
        ("time_goes_on", TIMES[1]), ("the_client", "try_again"), ("the_client", "hand_in"), ("open", "tomas", 0),
    ],
    "the session is lost and the server restarted": [
        ("write", "tomas", 0, "keep", False, "script"), ("lose_the_session", "tomas"), ("restart",),
        ("write", "tomas", 0, "ask-3", False, "form"), ("restart",), ("write", "tomas", 0, "ask-1", True, "script"),
    ],
    "it is sent, undone, sent and recalled": [
        ("write", "tomas", 0, "note-0-text", False, "script"), ("write", "tomas", 0, "ask-1", False, "script"),
        ("send", "tomas", 0, ""), ("take_back", "tomas", "undo"), ("send", "tomas", 1, "live"), ("restart",),
        ("time_goes_on", TIMES[1]), ("take_back", "tomas", "recall"), ("write", "tomas", 0, "keep", False, "form"),
    ],
    "the client takes it back and hands it in again": [
        ("write", "tomas", 0, "keep", False), ("write", "tomas", 1, "try_next", False, "script"), ("hold", "tomas", "release"),
        ("the_client", "take_back"), ("write", "tomas", 0, "ask-1", False, "form"), ("the_client", "hand_in"),
        ("write", "tomas", 0, "ask-2", False, "form"), ("write", "tomas", 0, "ask-3", False, "script"),
    ],
    "a program goes on from before the client took it back": [
        ("write", "tomas", 0, "keep", False), ("write", "tomas", 1, "try_next", False, "script"), ("hold", "tomas", "release"),
        ("the_client", "take_back"), ("the_client", "hand_in"), ("write", "tomas", 0, "ask-2", False, "api"),
    ],
}  # fmt: skip
HOW = settings(
    max_examples=LIVES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)

# A fault, and what is written above that it shows in: module, function, its text, and what stands in its place.
FAULTS = {
    "another tab saves after this one": (reviewing, "_keep", "revision is not None and", "False and"),
    "another tab saves, and this one is a form": (review, "_not_kept", "submission, at, form=form, ", "submission, at, "),
    "a colleague takes over and sends": (layout, "_read", "given and given.coach_id == coach.pk", "given"),
    "the session is lost and the server restarted": (drafted, "shape", "[: asks.AT_MOST]", "[:2]"),
    "it is sent, undone, sent and recalled": (reviewing, "_withdraw", "feedback.delete()", FORGETS),
    "the client takes it back and hands it in again": (layout, "_left", "_kept(feedbacks", "(None and feedbacks"),
    "a program goes on from before the client took it back": (
        reviewing, "_draft_in_hand", "feedbacks.kept_draft(attempt, by, locked=True)", "None",
    ),
}  # fmt: skip


@pytest.fixture
def machine(cast, monkeypatch):
    """Lives of the spring cohort's coaches, each with a client who has just come."""
    petra = roads.person("Petra")
    roads.coach(cast.spring, petra)
    numbers = count(1)

    def arrive():
        person = roads.person(f"Life{next(numbers)}")
        roads.client(cast.spring, person)
        return person

    found = type("Lived", (Writing,), {"people": {"tomas": cast.tomas, "petra": petra}, "arrive": staticmethod(arrive)})
    monkeypatch.setattr(clock, "now", lambda: found.at)
    return found


def test_whatever_happens_no_word_of_feedback_is_lost(machine, record_property):
    record_property("lives", LIVES)
    run_state_machine_as_test(machine, settings=HOW)


def live_as_written(machine, name):
    life = machine()
    for act, *how in WRITTEN[name]:
        getattr(life, act)(*how)
        life.every_word_that_was_acknowledged_is_read_by_its_writer()


@pytest.mark.parametrize("name", WRITTEN)
def test_no_word_is_lost_where(machine, name):
    live_as_written(machine, name)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_would_show_where(machine, plant, name):
    plant(*FAULTS[name])

    with pytest.raises(Lost):
        live_as_written(machine, name)
