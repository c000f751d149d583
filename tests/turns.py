"""Who runs what where workers share the tests: files stay whole, and whole stacks take their turn.

A file's tests stay together, so that what it sets up is set up once. Everything in Chromium is one worker's, because it
shares one stack; what starts, kills and measures processes is another's. Both are long, so they come first, and short
files last. A year lived through in minutes is the third worker's first. What lays cables to networks of its own is
Chromium's turn as well, for while a network changes Chromium gives up what it is loading. All of them wait for much of
their time, so the third worker computes beside them from then on, and stands back for them: whoever computes asks the
machine to let others go first.
"""

import os
from typing import Any

from xdist.scheduler import LoadScopeScheduling

FOLDERS = {"tests/browser/": "browser", "tests/broker/test_two_workers": "browser", "tests/broker/": "processes",
           "tests/reliability/test_year": "a year", "tests/reliability/test_migrations": "migrations",
           "tests/reliability/": "processes", "tests/setup/": "processes", "tests/config/": "processes"}  # fmt: skip
WITH_CLOCKS = {"browser", "processes", "a year"}
FIRST = (
    "browser", "processes", "a year", "tests/coaching/test_engine_machine.py", "tests/coaching/test_seeding.py",
    "migrations", "tests/doors/test_matrix.py", "tests/doors/test_marks.py",
)  # fmt: skip
BEHIND = 10  # as `nice` counts

_standing_back = False


def turn_of(nodeid: str) -> str:
    """The turn a test belongs to: of its file, or of a family that stays together."""
    path = nodeid.partition("::")[0]
    return next((turn for folder, turn in FOLDERS.items() if path.startswith(folder)), path)


def stand_back(item: Any) -> None:
    """From a worker's first test that only computes on, everything with a clock in it goes first."""
    global _standing_back
    if "PYTEST_XDIST_WORKER" in os.environ and not _standing_back and turn_of(item.nodeid) not in WITH_CLOCKS:
        os.nice(BEHIND)
        _standing_back = True


class Turns(LoadScopeScheduling):
    """Files to workers, the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        return turn_of(nodeid)

    def _assign_work_unit(self, node) -> None:
        for turn in reversed(FIRST):
            if turn in self.workqueue:
                self.workqueue.move_to_end(turn, last=False)
        super()._assign_work_unit(node)
