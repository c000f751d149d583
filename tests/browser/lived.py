"""The stack of `make run` without its demo, on a database whose clock is moved: months pass while a browser looks on.

The clock goes from one thing that is to happen to the next, and never more than twelve hours at once. Before what is
due after a longer while it stops once, so that the engine has looked lately; and it goes on whenever the engine has
looked and nothing is due.
"""

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from config.folders import CLONE
from tests import migrated
from tests.reliability.moving import Moving
from tests.reliability.year import WAITING

from .stack import PASSED_ON, Stack

TOGETHER = timedelta(hours=2)  # so late somebody without a browser may act, with whoever acts by then
LONGEST_STEP, FRESH = timedelta(hours=12), timedelta(hours=5)  # after six without a look mail would be gathered
SHORTLY = timedelta(minutes=15)
PATIENCE = 60  # seconds in which the engine has to have done what was due

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
        """Wait until the engine has looked since now and nothing is due any more. When the next thing is."""
        since, patience = self.clock.now, time.monotonic() + PATIENCE
        while True:
            waiting, looked_at = self.clock.eyes.execute(WAITING).fetchone()
            if looked_at and looked_at > since and (waiting is None or waiting > self.clock.now):
                return waiting
            assert time.monotonic() < patience, f"{waiting} is due since long, and it is {self.clock.now}"
            time.sleep(0.01)


class People:
    """The process in which everybody acts who is not in front of a browser."""

    def __init__(self, stack: Stack, module: str, *arguments: str) -> None:
        variables = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        variables |= {"ACROSS_DATA": str(stack.data)} | stack.more
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.up", "run-with", "--", sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=variables, cwd=CLONE,
        )  # fmt: skip
        self.next_at: datetime | None = None
        self.taken = 0
        self._hear()

    def act(self, until: datetime) -> None:
        """Whatever is to be done by then."""
        if self.next_at and self.next_at <= until:
            self.process.stdin.write(until.isoformat() + "\n")
            self.process.stdin.flush()
            self._hear()

    def go(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)

    def _hear(self) -> None:
        line = self.process.stdout.readline()
        assert line, f"the people stopped: {self.process.stderr.read()[-3000:]}"
        said = json.loads(line)
        self.next_at, self.taken = said["next"] and datetime.fromisoformat(said["next"]), self.taken + said["taken"]
