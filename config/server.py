"""The server on a database folder as the folder itself tells of it: who runs, how it is, how it is stopped.

PostgreSQL writes `postmaster.pid` for this. A number in it is believed only where that process works in the
folder.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from config import leftovers, sockets
from config.folders import SetUpProblem


def lines_of_pid_file(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text(errors="replace").splitlines()
    except OSError:
        return []


def server_pid(folder: Path) -> int | None:
    """The number of the living server on this folder, or None."""
    first = next(iter(lines_of_pid_file(folder)), "").strip()
    if first.isdigit() and leftovers.started(int(first)) and leftovers.works_in(int(first), folder):
        return int(first)
    return None


def status(folder: Path) -> str:
    """What the server last wrote about itself: starting, ready, stopping."""
    return (lines_of_pid_file(folder) + [""] * 8)[7].strip()


def stop_left_over(folder: Path) -> None:
    """Stop a server that an earlier run left on this folder: fast, then at once."""
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10)):
        pid = server_pid(folder)
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while server_pid(folder) and time.monotonic() < deadline:
            time.sleep(0.05)
    if pid := server_pid(folder):
        raise SetUpProblem(f"A database server (process {pid}) holds {folder} and does not stop: end it first.")


def clear_stale(folder: Path) -> None:
    """Remove a dead server's pid file where its number now belongs to another program.

    PostgreSQL would take that program for a server and refuse to start. The file stays while any process
    still works in the folder, for then it is what keeps two servers apart.
    """
    if server_pid(folder) or any(leftovers.works_in(pid, folder) for pid in leftovers.everyone()):
        return
    (folder / "postmaster.pid").unlink(missing_ok=True)
    for lock in sockets.stale_locks(folder.parent):
        lock.unlink(missing_ok=True)
