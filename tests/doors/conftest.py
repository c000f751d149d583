"""The clock, set."""

from datetime import datetime

import pytest

from curriculum import clock
from tests.roads import WEEK_1


class Clock:
    """The instant every door reads."""

    def __init__(self, at: datetime):
        self.at = at


@pytest.fixture
def now(monkeypatch):
    """Every door reads Wednesday of week 1, until a test sets `now.at`."""
    hand = Clock(WEEK_1)
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture(autouse=True)
def _transcripts_as_they_were(settings):
    """Transcripts are off, until a road turns them on for its own test."""
    settings.SPEECH_MODEL = ""
