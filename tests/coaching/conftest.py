"""The clock every door reads; and planting faults, for tests which show that others would notice."""

import inspect
import textwrap
from collections.abc import Callable
from types import ModuleType

import pytest

from coaching import plans
from curriculum import clock
from tests.roads import WEEK_1


@pytest.fixture
def plant(monkeypatch):
    """Put another text into a function, for the length of a test."""

    def change(module: ModuleType, name: str, old: str, new: str) -> None:
        source = SOURCES.get((module.__name__, name)) or textwrap.dedent(inspect.getsource(getattr(module, name)))
        assert source.count(old) == 1, f"{name} has changed; the fault has to be planted in another way"
        SOURCES[module.__name__, name] = source.replace(old, new)
        found: dict[str, Callable] = {}
        exec(compile(SOURCES[module.__name__, name], f"<{name} with a fault>", "exec"), vars(module), found)
        monkeypatch.setattr(module, name, found[name])
        plans._moment.cache_clear()  # it remembers what moments came to

    SOURCES: dict[tuple[str, str], str] = {}
    yield change
    plans._moment.cache_clear()


@pytest.fixture
def now(monkeypatch):
    """Every page reads Wednesday of week 1, until a test sets `now.at`."""
    hand = type("Clock", (), {"at": WEEK_1})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand
