"""The product's own processes, as its supervisor would run them, killed and started again."""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from config import up
from config.folders import CLONE, ensure_data_folder
from config.processes import Child, Program
from tests.reliability.births import Born, Nursery

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
SETTINGS = "tests.reliability.settings"


def surroundings(database: str, house: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of every process of one run; nothing of the caller's own settings is in it."""
    ensure_data_folder(house, None)
    plain = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    return plain | {
        "DATABASE_URL": database,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ACROSS_DATA": str(house),
        "ACROSS_LOCAL": "1",
        "ACROSS_DEMO": "0",
        "CELERY_BROKER_URL": "filesystem://",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "HOST": up.LOOPBACK,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    } | more  # fmt: skip


def hands(environment: Mapping[str, str], act: str, **arguments: Any) -> Any:
    """Let one of the acts in `hands.py` be done inside Django, and return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.hands", act],
        input=json.dumps(arguments), text=True, capture_output=True, env=dict(environment), cwd=CLONE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{act} stopped: {done.stderr[-2000:]}"
    return json.loads(done.stdout)


def web(environment: Mapping[str, str], workers: int) -> Program:
    """The web server as `make run` starts it."""
    return up.programs({**environment, "WEB_CONCURRENCY": str(workers)})[0]


def worker(environment: Mapping[str, str], number: int) -> Program:
    """A worker as `make run` starts it, under a name of its own.

    One process without a pool: a pool's child that is killed while it waits at the file queue takes the
    pool's lock with it, and its parent hears nothing any more.
    """
    found = up.programs(environment)[1]
    own = ("--hostname", f"crash-{number}@%h", "--pool", "solo")
    return replace(found, name=f"worker-{number}", command=[*found.command, *own])


def beat(environment: Mapping[str, str], number: int) -> Program:
    """The clock of the queue, with a notebook of its own."""
    found = up.programs(environment)[2]
    notes = Path(environment["ACROSS_DATA"]) / "run" / f"beat-{number}"
    return replace(found, name=f"beat-{number}", command=[*found.command, "--schedule", str(notes)])


def loop(environment: Mapping[str, str], number: int = 0) -> Program:
    """The engine with no queue at all."""
    return Program(
        f"loop-{number}" if number else "loop",
        [sys.executable, "manage.py", "engine", "--every", "1"],
        environment,
        CLONE,
    )


@dataclass
class Fleet:
    """Processes that are started again whenever they are found dead; with a nursery, those that are born there."""

    logs: Path
    chance: random.Random
    nursery: Nursery | None = None
    children: dict[str, Child | Born] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)  # of all kinds
    ended: Counter[str] = field(default_factory=Counter)  # by themselves, which nobody has asked them to

    def add(self, *programs: Program) -> None:
        """Start these and look after them from now on."""
        for program in programs:
            child = self._child(program, self.logs / f"{program.name}.log")
            child.start()
            self.children[program.name] = child

    def _child(self, program: Program, log: Path) -> Child | Born:
        if self.nursery:
            return Born(program, log, self.nursery)
        return Child(program, log, tell=lambda _line: None)

    def look_after(self, seconds: float) -> None:
        """Wait this long; whoever dies meanwhile is started again."""
        until = time.monotonic() + seconds
        while True:
            for child in self.children.values():
                if not child.alive:
                    self._start_again(child)
            if time.monotonic() >= until:
                return
            time.sleep(min(0.05, max(0.0, until - time.monotonic())))

    def _start_again(self, child: Child | Born) -> None:
        if code_of(child) != -signal.SIGKILL:
            self.ended[child.program.name] += 1
        self.deaths[child.program.name] += 1
        child.finish(time.monotonic())  # whom it started is not to outlive it
        child.start()

    def kill_one_inside(self, name: str) -> None:
        """kill -9 of one of the processes this one has started, a web worker for instance, if there are any."""
        pid = self.children[name].pid
        if inner := children_of(pid) if pid else []:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(inner), signal.SIGKILL)
                self.kills[f"inside {name}"] += 1

    def kill_whole(self, name: str) -> None:
        """kill -9 of the process and of all it has started, at the same moment."""
        child = self.children[name]
        if child.pid and child.alive:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
                self.kills[name] += 1

    def name_of(self, pid: int) -> str | None:
        """Whose process this is, if it is one of ours and its leader still the same."""
        return next((name for name, child in self.children.items() if child.pid == pid), None)

    def retire(self, name: str) -> None:
        """An orderly end of one of them."""
        child = self.children.pop(name)
        child.ask_to_stop()
        child.finish(time.monotonic() + child.program.grace)

    def stop(self) -> None:
        """An orderly end of all, at the same time."""
        for child in self.children.values():
            child.ask_to_stop()
        for child in self.children.values():
            child.finish(time.monotonic() + 5)


def code_of(child: Child | Born) -> int | None:
    """How it ended."""
    if isinstance(child, Born):
        return child.code
    return child.process.returncode if child.process else None


def mark_of(key: str) -> str:
    """What a provider knows a message by: the Message-ID up to the host."""
    return sha256(key.encode()).hexdigest()[:40]


def children_of(pid: int) -> Sequence[int]:
    """The living children of a process."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
