"""Nothing acknowledged is lost and nothing happens twice, early or during a pause, whatever is killed."""

import os

import pytest

from tests.reliability import milestones, report, submissions

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
