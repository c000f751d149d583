"""The stack of `make run` without its demo, on a database whose clock is moved: months pass while a browser looks on.

The clock goes from one thing that is to happen to the next, and never more than twelve hours at once. Before what is
due after a longer while it stops once, so that the engine has looked lately; and it goes on whenever the engine has
looked and nothing is due.
"""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from config.folders import CLONE
from tests import migrated
from tests.reliability.acting import People
from tests.reliability.moving import Moving

from .stack import PASSED_ON, Stack

TOGETHER = timedelta(hours=2)  # so late somebody without a browser may act, with whoever acts by then
LONGEST_STEP, FRESH = timedelta(hours=12), timedelta(hours=5)  # after six without a look mail would be gathered
SHORTLY = timedelta(minutes=15)

ZONE, PASSWORD = "Europe/Lisbon", "four words in a row"  # of everybody
NADIA, COACH = "finished@example.org", "coach@example.org"
PEOPLE = {
    NADIA: "Nadia Benali",
    "diego.fuentes@example.org": "Diego Fuentes",
    "ngozi.eze@example.org": "Ngozi Eze",
    "tomasz.lewandowski@example.org": "Tomasz Lewandowski",
    "wanjiru.kamau@example.org": "Wanjiru Kamau",
}


class Halfdays(Moving):
    """A database's clock, moved by half a day at most."""

    longest = LONGEST_STEP


class LivedStack(Stack):
    """A stack whose time is moved by `live_until`."""

    module = "tests.browser.hurried"

    def __init__(self, place: Path, begins_at: datetime) -> None:
        (place / "cluster").mkdir()
        (place / "cluster").chmod(0o711)
        self.clock = Halfdays(place / "cluster", begins_at)
        self.clock.start()
        migrated.bring(self.clock.url)
        super().__init__(place, ACROSS_DEMO="0", DATABASE_URL=self.clock.url)
        self.people: People | None = None
        self.steps, self.longest = 0, timedelta()

    def stop(self) -> list[int]:
        if self.people:
            self.people.go()
        left = super().stop()
        self.clock.stop()
        return left

    def live_until(self, end: datetime) -> None:
        """From one thing that is to happen to the next; whoever acts in between does so meanwhile."""
        while (now := self.clock.now) < end:
            waiting = self._settle()
            if self.people:
                self.people.act(now)
            target = self._next(now, waiting, end)
            self.longest = max(self.longest, target - now)
            self.clock.move_to(target)
            self.steps += 1
        self._settle()

    def _next(self, now: datetime, waiting: datetime | None, end: datetime) -> datetime:
        acting = self.people.next_at + TOGETHER if self.people and self.people.next_at else None
        target = min(one for one in (waiting, acting, end) if one is not None)
        if target - now > FRESH:
            target = max(target - SHORTLY, now)
        return min(target, now + LONGEST_STEP)

    def _settle(self) -> datetime | None:
        return self.clock.settle(lambda: time.sleep(0.01))


def people(stack: Stack, module: str, *arguments: str) -> People:
    """Everybody who is not in front of a browser, from now on."""
    variables = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    variables |= {"ACROSS_DATA": str(stack.data)} | stack.more
    process = subprocess.Popen(
        [sys.executable, "-m", "config.up", "run-with", "--", sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=variables, cwd=CLONE,
    )  # fmt: skip
    found = People(process)
    found.hear()
    return found
