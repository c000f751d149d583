"""What a killed supervisor left behind, and how to end it without touching anything else.

A process is ours when its number and start time are those we wrote down, or when its environment carries the
run's own random mark. A number alone is never enough: the system gives numbers out again.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.folders import SetUpProblem

MARK = "ACROSS_RUN_ID"
PROC = Path("/proc")
PATIENCE = 5  # seconds between asking and killing


@dataclass
class Record:
    """Who runs here: written when the lock is taken, and again whenever a child starts."""

    run: str
    pid: int
    what: str  # "up", or the command of a run-with
    address: str = ""
    children: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, name: str, pid: int) -> None:
        """Remember a child by number and start time."""
        self.children[name] = (pid, started(pid) or "")

    def write(self, path: Path) -> None:
        """Whole or not at all."""
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(asdict(self)), encoding="utf-8")
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        """The last run's record, or None where there is none that can be read."""
        try:
            found = cls(**json.loads(path.read_text(encoding="utf-8")))
            found.children = {name: (int(pid), str(since)) for name, (pid, since) in found.children.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        return found


def started(pid: int) -> str | None:
    """When a process started, as the system writes it; None for one that is gone or only waits to be reaped."""
    if sys.platform != "linux":
        return asked_of_ps(pid, "lstart=")
    try:
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def asked_of_ps(pid: int, column: str) -> str | None:
    """One column of `ps` for a process, or None."""
    answer = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def works_in(pid: int, folder: Path) -> bool:
    """Whether a living process has `folder` as its working folder, as every PostgreSQL process has."""
    if sys.platform != "linux":
        return str(folder) in (asked_of_ps(pid, "command=") or "")
    with suppress(OSError):
        return os.path.samefile(PROC / str(pid) / "cwd", folder)
    return False


def everyone() -> list[int]:
    """All processes of this machine that can be listed."""
    return [int(entry) for entry in os.listdir(PROC) if entry.isdigit()] if sys.platform == "linux" else []


def marked(run: str) -> list[int]:
    """The living processes whose environment carries this run's mark, but for ourselves."""
    needle = f"{MARK}={run}".encode()
    return [pid for pid in everyone() if pid != os.getpid() and needle in environment_of(pid) and started(pid)]


def environment_of(pid: int) -> list[bytes]:
    """The environment a process was started with; empty where we may not look."""
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def left_by(record: Record, database: Path) -> list[int]:
    """What a run left, without the database's own processes, which are stopped in their own way."""
    known = [pid for pid, since in record.children.values() if since and started(pid) == since]
    found = {*known, *marked(record.run)} - {os.getpid()}
    return sorted(pid for pid in found if not works_in(pid, database))


def end(record: Record, database: Path) -> int:
    """End what a run left: ask, wait, kill. Says how many there were."""
    left = left_by(record, database)
    count = len(left)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        left = wait_until_gone(record, database)
    if left:
        raise SetUpProblem(f"Process {left[0]}, left by the last run, does not end: end it and start again.")
    return count


def wait_until_gone(record: Record, database: Path) -> list[int]:
    """Those of a run that are still there when the patience is over, or none as soon as there are none."""
    deadline = time.monotonic() + PATIENCE
    while (left := left_by(record, database)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left
