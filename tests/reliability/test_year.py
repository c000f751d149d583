"""Weeks in which the clocks go back, lived through with a real worker and beat: what is owed comes once, nothing else."""

from datetime import UTC, date, datetime

import pytest

from tests.reliability import year

pytestmark = [pytest.mark.faketime, pytest.mark.enable_socket, pytest.mark.timeout(900)]

STARTS = (date(2026, 10, 19), date(2027, 10, 18))  # week 1 ends on the day the clocks go back in Berlin
ENDS = datetime(2026, 11, 3, 20, tzinfo=UTC)  # week 3, after they went back in Los Angeles


def test_everything_owed_leaves_once_in_its_minute_and_nothing_else_over_two_nights_of_the_clocks():
    outcome = year.run(ENDS, STARTS)

    assert (outcome.missing, outcome.uncalled) == ([], [])
    assert outcome.figures["messages that came"] > 100
    assert outcome.figures["hours of the longest step"] <= 5
