"""Nothing acknowledged is lost and nothing happens twice, early or during a pause, whatever is killed."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.reliability import changes, mails, milestones, outage, poison, report, submissions

pytestmark = [pytest.mark.crash, pytest.mark.database, pytest.mark.enable_socket, pytest.mark.timeout(1500)]


def kinds():
    """The embedded server, or the installed one where this call of pytest is on an external database.

    Where nobody named an external database its runs are there to be left out by name.
    """
    external = os.environ.get("ACROSS_TEST_DATABASE_URL", "")
    if external and os.environ.get("DATABASE_URL") == external:
        return [pytest.param("external", marks=pytest.mark.external)]
    return ["embedded"] if external else ["embedded", pytest.param("external", marks=pytest.mark.external)]


@pytest.mark.parametrize("cluster", kinds())
def test_no_acknowledged_homework_is_lost_or_doubled_while_web_workers_and_the_database_are_killed(cluster):
    figures = submissions.run(cluster)

    assert report.broken("submissions", figures) == []
    assert (figures["tried"], figures["database stops"]) == (2000, 1)
    assert figures["kills of one worker"] + figures["kills of the whole server"] >= 30
    assert figures["requests that failed"] > 0


@pytest.mark.parametrize("cluster", kinds())
def test_no_milestone_is_lost_told_twice_early_or_during_a_pause_while_workers_queue_and_database_are_killed(cluster):
    figures = milestones.run(cluster)

    assert report.broken("milestones", figures) == []
    assert (figures["milestones"], figures["fired"], figures["database stops"]) == (600, 600, 1)
    assert figures["not due yet and left alone"] == 100
    assert figures["kills of workers"] >= 15
    assert figures["deleted files of the queue"] > 0
    assert figures["came due while standing still"] > 0


# --- What the engine does by itself, all at the same time: most of it waits for leases --------------------------------

BESIDE = {
    "mails with keys": lambda: mails.run(keys=True),
    "mails without keys": lambda: mails.run(keys=False),
    "outage": outage.run,
}


@pytest.fixture(scope="module")
def beside():
    """The figures of these three, each in a house of its own."""
    with ThreadPoolExecutor(len(BESIDE)) as threads:
        running = {name: threads.submit(run) for name, run in BESIDE.items()}
        return {name: one.result() for name, one in running.items()}


@pytest.mark.parametrize("name", BESIDE)
def test_of_what_the_engine_does_nothing_happens_that_may_not(beside, name):
    assert report.broken(name, beside[name]) == []


def test_mails_were_lost_on_the_way_and_postmen_killed_with_mails_in_hand(beside):
    for name in ("mails with keys", "mails without keys"):
        assert beside[name]["mails"] >= 600
        assert beside[name]["answers lost"] > 0
        assert beside[name]["killed while handing over"] > 0
    assert beside["mails without keys"]["flagged"] > 0


def test_five_thousand_moments_are_made_up_for_in_one_mail_a_person_at_most(beside):
    assert (beside["outage"]["overdue"], beside["outage"]["people told"]) == (5000, 1000)


@pytest.mark.alone
def test_each_of_six_poisons_is_set_aside_and_nobody_else_is_kept_for_a_minute():
    found = poison.run()

    assert report.broken("poison", found) == []
    assert (found["poisonous"], found["others told"]) == (6, found["others"])


@pytest.mark.alone
def test_two_hundred_changes_of_every_kind_while_mail_leaves_and_none_is_overlooked():
    found = changes.run()

    assert report.broken("changes", found) == [], found
    assert found["operations"] == 200
    assert all(found[f"“{name}”"] for name in ("paused", "put on hold", "handed in", "asked for more time", "withdrew"))
    assert found["mails handed over"] > 50
