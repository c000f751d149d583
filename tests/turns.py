"""Who runs what where two workers share the tests: files stay whole, and whole stacks take their turn.

A file's tests stay together, so that what it sets up is set up once. Everything in Chromium is one worker's, because it
shares one stack; what starts, kills and measures processes is another's. Both are long,
so they come first, and short files last.
"""

from xdist.scheduler import LoadScopeScheduling

FOLDERS = {"tests/browser/": "browser", "tests/broker/": "processes", "tests/reliability/": "processes",
           "tests/setup/": "processes", "tests/config/": "processes"}  # fmt: skip
FIRST = ("browser", "processes", "tests/coaching/test_engine_machine.py", "tests/coaching/test_seeding.py")


class Turns(LoadScopeScheduling):
    """Files to workers, the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((turn for folder, turn in FOLDERS.items() if path.startswith(folder)), path)

    def _assign_work_unit(self, node) -> None:
        for turn in reversed(FIRST):
            if turn in self.workqueue:
                self.workqueue.move_to_end(turn, last=False)
        super()._assign_work_unit(node)
