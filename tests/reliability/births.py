"""The nursery as a run sees it: it is asked for processes, and knows who of them lives."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.folders import CLONE
from config.processes import Program, die_with_parent
from tests.reliability.nursery import ACT

LOADED_WITHIN, BORN_WITHIN, ACTS_WITHIN = 120, 20, 600  # seconds
LOADED_AT_REST = 3.0  # seconds, on two cores that do nothing else


class Nursery:
    """One process that has loaded the product with this environment; whoever is born there has the same."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self.environment, self.logs = dict(environment), logs
        self.complaints = logs / "nursery.log"
        with self.complaints.open("ab") as complaints:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.nursery"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, env=self.environment, cwd=CLONE,
                start_new_session=True, preexec_fn=die_with_parent(signal.SIGKILL),
            )  # fmt: skip
        self.codes: dict[int, int] = {}
        self.born: list[int] = []
        self.began, self.loaded_in = time.monotonic(), 0.0
        self.news, self.turn = threading.Condition(), threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def bear(self, command: list[str], said: Path, complained: Path, asked: Path | None = None) -> int:
        """The process id of a new one that runs this command."""
        wanted = {
            "command": command,
            "said": str(said),
            "complained": str(complained),
            "asked": str(asked or "/dev/null"),
        }
        with self.turn, self.news:
            before = len(self.born)
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(wanted).encode() + b"\n")
            self.process.stdin.flush()
            came = self.news.wait_for(lambda: len(self.born) > before or not self._lives, LOADED_WITHIN + BORN_WITHIN)
            assert came and self._lives, f"nobody was born: {self.complaints.read_text()[-2000:]}"
            return self.born[-1]

    def code(self, pid: int) -> int | None:
        """How it ended; None while it lives."""
        return self.codes.get(pid)

    def wait(self, pid: int, seconds: float) -> int | None:
        """How it ended, where it did within so many seconds."""
        with self.news:
            self.news.wait_for(lambda: pid in self.codes, max(0.0, seconds))
        return self.codes.get(pid)

    def hands(self, act: str, **arguments: Any) -> Any:
        """Let one of the acts in `hands.py` be done, and return what it says."""
        with tempfile.TemporaryDirectory() as folder:
            asked, said, complained = (Path(folder) / name for name in ("asked", "said", "complained"))
            asked.write_text(json.dumps(arguments))
            pid = self.bear([ACT, act], said, complained, asked)
            code = self.wait(pid, ACTS_WITHIN)
            assert code == 0, f"{act} stopped ({code}): {complained.read_text()[-2000:]}"
            return json.loads(said.read_text())

    def close(self) -> None:
        """Nobody is born any more; who lives yet is killed with it."""
        with suppress(OSError):
            if self.process.stdin:
                self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def slowness(self) -> float:
        """How many times as slow this machine is right now as one at rest, by what loading took; four at most."""
        with self.news:
            self.news.wait_for(lambda: self.loaded_in or not self._lives, LOADED_WITHIN)
        return min(4.0, max(1.0, self.loaded_in / LOADED_AT_REST))

    @property
    def _lives(self) -> bool:
        return self.process.poll() is None

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with suppress(ValueError):
            for line in self.process.stdout:
                said = json.loads(line)
                with self.news:
                    if "born" in said:
                        self.codes.pop(said["born"], None)  # numbers come round
                        self.born.append(said["born"])
                    elif "ready" in said:
                        self.loaded_in = time.monotonic() - self.began
                    elif "ended" in said:
                        self.codes[said["ended"]] = said["code"]
                    self.news.notify_all()
        with self.news:
            self.news.notify_all()


@dataclass
class Born:
    """What `Child` is to a process that was started, to one that was born in the nursery."""

    program: Program
    log: Path
    nursery: Nursery
    pid: int | None = None

    @property
    def alive(self) -> bool:
        return self.pid is not None and self.nursery.code(self.pid) is None

    @property
    def code(self) -> int | None:
        return self.nursery.code(self.pid) if self.pid else None

    def start(self) -> None:
        self.pid = self.nursery.bear(list(self.program.command), self.log, self.log)

    def ask_to_stop(self) -> None:
        if self.pid and self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, self.program.stop_signal)

    def finish(self, deadline: float) -> None:
        """Wait for it until the monotonic `deadline`, then kill what is left of its group."""
        if self.pid is None:
            return
        self.nursery.wait(self.pid, deadline - time.monotonic())
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.nursery.wait(self.pid, 5)
