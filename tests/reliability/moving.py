"""A database whose clock the run moves: the embedded PostgreSQL under libfaketime.

Everybody in the house reads the database's clock and no other, so moving it moves the product's time. Workers, beat
and the run itself keep the machine's.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.conftest_pg import FAST
from tests.reliability.clusters import Embedded, connect

LIBRARIES = Path("/usr/lib")
LONGEST_STEP = timedelta(hours=5)  # after six without a look the engine would gather what came due meanwhile
HEAD_START = timedelta(seconds=0.05)  # so that what is due at an instant is due when somebody looks
PATIENCE = 60  # seconds in which the engine has to have done what was due
WAITING = """
SELECT least(
    (SELECT min(due_at) FROM coaching_milestone WHERE state = 'pending'),
    (SELECT min(available_at) FROM clients_message WHERE state IN ('queued', 'sending'))
), (SELECT at FROM coaching_heartbeat WHERE name = 'engine')
"""


class Moving(Embedded):
    """The embedded cluster with a clock of its own, which begins at an instant and goes on from there.

    It loses nothing as long as nobody pulls its plug, and here nobody does.
    """

    settings = FAST
    longest = LONGEST_STEP

    def __init__(self, folder: Path, begins_at: datetime) -> None:
        super().__init__(folder)
        self.file = folder / "clock"
        self.ahead = begins_at - datetime.now(UTC)
        self._write()

    def start(self) -> None:
        with _preloaded(self.file):
            super().start()
        self.eyes = connect(self.url)

    def stop(self) -> None:
        self.eyes.close()
        super().stop()

    @property
    def now(self) -> datetime:
        """What the database says."""
        found = self.eyes.execute("SELECT clock_timestamp()").fetchone()
        return found[0]

    def move_to(self, instant: datetime) -> None:
        """Put the clock forward to just after an instant, at most the longest step."""
        step = instant + HEAD_START - self.now
        assert step <= self.longest + HEAD_START, f"a step of {step} is too long"
        if step > timedelta(0):
            self.ahead += step
            self._write()

    def settle(self, rest: Callable[[], None]) -> datetime | None:
        """Wait until the engine has looked since now and nothing is due any more. When the next thing is."""
        since, patience = self.now, time.monotonic() + PATIENCE
        while True:
            waiting, looked_at = self.eyes.execute(WAITING).fetchone()
            if looked_at and looked_at > since and (waiting is None or waiting > self.now):
                return waiting
            assert time.monotonic() < patience, f"{waiting} is due since long, and it is {self.now}"
            rest()

    def _write(self) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{self.ahead.total_seconds():+.3f}")
        fresh.chmod(0o644)
        fresh.rename(self.file)


@contextmanager
def _preloaded(file: Path) -> Iterator[None]:
    """An environment in which a program that is started reads its time through the file."""
    ours = {
        "LD_PRELOAD": str(library()),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def library() -> Path:
    """libfaketime, wherever this machine keeps it."""
    found = sorted(LIBRARIES.glob("*/faketime/libfaketime.so.1"))
    assert found, "There is no libfaketime: install it, on Debian with apt-get install faketime."
    return found[0]
