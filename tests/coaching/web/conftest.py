"""What the tests of pages share: the clock every door reads."""

import pytest

from curriculum import clock
from tests.roads import WEEK_1


@pytest.fixture
def now(monkeypatch):
    """Every page reads Wednesday of week 1, until a test sets `now.at`. A module that lives elsewhere has its own."""
    hand = type("Clock", (), {"at": WEEK_1})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand
