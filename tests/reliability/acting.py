"""People who act in a process of their own, and the pipe to it: an instant goes in, and whatever is to be done by then
is done; how much that was, and when the next of it is to be done, comes out."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass
class People:
    """The process in which everybody acts, as the run sees it."""

    process: subprocess.Popen[str]
    next_at: datetime | None = None
    taken: int = 0

    def hear(self) -> None:
        """What comes next, once they have done what they were told."""
        line = self.process.stdout.readline()
        assert line, f"the people stopped: {self.process.stderr.read()[-3000:]}"
        said = json.loads(line)
        self.next_at, self.taken = said["next"] and datetime.fromisoformat(said["next"]), self.taken + said["taken"]

    def act(self, until: datetime) -> None:
        """Whatever is to be done by then."""
        if self.next_at and self.next_at <= until:
            self.process.stdin.write(until.isoformat() + "\n")
            self.process.stdin.flush()
            self.hear()

    def go(self) -> None:
        """Nothing more is to be done."""
        self.process.stdin.close()
        self.process.wait(20)


class Acting:
    """The other end: `steps` in their order, each taken when its time has come."""

    steps: list[Any]

    def obey(self) -> None:
        """From the first line to the last."""
        self._say(0)
        for line in sys.stdin:
            self._say(self.take(datetime.fromisoformat(line.strip())))

    def take(self, until: datetime) -> int:
        """Everything whose instant has come, now."""
        from curriculum import clock  # at this end alone there is a database to ask

        taken = 0
        while self.steps and self.steps[0].at <= until:
            self.steps.pop(0).act(at=clock.now())
            taken += 1
        return taken

    def _say(self, taken: int) -> None:
        next_at = self.steps[0].at.isoformat() if self.steps else None
        print(json.dumps({"taken": taken, "next": next_at}), flush=True)
