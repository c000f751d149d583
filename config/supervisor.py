"""One terminal, one Ctrl-C: starts the database, prepares it, runs the children, stops them all.

There is one supervisor to a data folder, which the system's own file lock sees to: the lock is gone with its
holder, however that ended.
"""

import fcntl
import http.client
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from config import leftovers
from config.folders import SetUpProblem
from config.postgres import Cluster
from config.processes import Child, Program, say
from config.server import server_pid, status

Table = Callable[[Mapping[str, str]], list[Program]]
TICK = 0.25  # seconds between two looks at the children
READY_WITHIN = 60  # seconds after which a web server that is not ready gets a remark


class Lock:
    """The right to run on a data folder, and the record of who has it."""

    def __init__(self, data: Path) -> None:
        self.file: IO[str] = (data / "run" / "lock").open("a")
        self.path = data / "run" / "record.json"

    def take(self) -> bool:
        """Take it if it is free."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def holder(self) -> leftovers.Record | None:
        """Who runs here, or last ran here."""
        return leftovers.Record.read(self.path)

    def begin(self, what: str, database: Path, address: str = "") -> leftovers.Record:
        """End what the last holder left, and write down that it is us now."""
        if (last := self.holder()) and (count := leftovers.end(last, database)):
            say(f"Ended {count} process{'es' if count > 1 else ''} that the last run left behind.")
        record = leftovers.Record(run=uuid.uuid4().hex, pid=os.getpid(), what=what, address=address)
        record.write(self.path)
        return record

    def end(self) -> None:
        """An orderly end: nothing is left, so nothing is remembered."""
        self.path.unlink(missing_ok=True)
        self.file.close()


class Supervisor:
    """Runs until it is told to stop. Everything that differs between installations is handed in."""

    def __init__(self, data: Path, lock: Lock, record: leftovers.Record, cluster: Cluster | None) -> None:
        self.data, self.lock, self.record, self.cluster = data, lock, record, cluster
        self.children: list[Child] = []
        self.asked = 0  # signals to stop so far; the second one hurries

    def run(self, environment: Mapping[str, str], preparation: Program | None, table: Table) -> None:
        """From nothing to ready, and back to nothing when a signal asks for it."""
        self._listen_to_signals()
        try:
            if self.cluster:
                self._adopt(self.cluster.start())
            if preparation and not self.asked:
                self._prepare(preparation)
            for program in () if self.asked else table(environment):
                child = Child(program, self.data / "log" / f"{program.name}.log")
                child.start()
                self._adopt(child)
            threading.Thread(target=self._greet, daemon=True).start()
            self._watch()
        finally:
            self._stop()

    def _listen_to_signals(self) -> None:
        def count(_number: int, _frame: object) -> None:
            self.asked += 1  # and no more: a lock taken here could be held by whom we interrupt

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN or number is signal.SIGINT:
                signal.signal(number, count)

    def _told_to_stop_within(self, seconds: float) -> bool:
        """Wait a little. True where a signal has asked us to stop."""
        if not self.asked:
            time.sleep(seconds)
        return self.asked > 0

    def _adopt(self, child: Child) -> None:
        """Watch a child that has started."""
        self.children.append(child)
        self._note(child)

    def _note(self, child: Child) -> None:
        if child.pid:
            self.record.note(child.program.name, child.pid)
            self.record.write(self.lock.path)

    def _prepare(self, program: Program) -> None:
        """Run a program to its end; one that does not end well stops the start, in its own last words."""
        child = Child(program, self.data / "log" / f"{program.name}.log")
        child.start()
        self._note(child)
        while child.alive and not self._told_to_stop_within(0.05):
            pass
        if child.alive:
            child.ask_to_stop()
        child.finish(time.monotonic() + program.grace)
        if self.asked or not child.process or child.process.returncode == 0:
            return
        time.sleep(0.1)  # its last line may still be on its way to us
        said = (list(child.tail)[-1:] or ["nothing"])[0].lstrip("! ")
        raise SetUpProblem(f"Across cannot start, because its preparation stopped: {said} The log is {child.log}")

    def _watch(self) -> None:
        while not self._told_to_stop_within(TICK):
            for child in self.children:
                if child.look_after(time.monotonic()):
                    self._note(child)

    def _greet(self) -> None:
        """Say where Across is as soon as it is ready, once."""
        remark_at = time.monotonic() + READY_WITHIN
        while not self._told_to_stop_within(0.5):
            if answers(self.record.address):
                say(self._welcome())
                return
            if time.monotonic() > remark_at:
                say(f"Across is not ready yet. {self.record.address}/readyz says what is missing.")
                remark_at = float("inf")

    def _welcome(self) -> str:
        note = self.data / "run" / "welcome"
        told = ""
        with suppress(OSError):
            told = note.read_text(encoding="utf-8").strip()
            note.unlink()
        lines = [f"Across is ready at {self.record.address}", told, f"Data and logs: {self.data}", "Stop with Ctrl-C."]
        return "\n" + "\n".join(filter(None, lines)) + "\n"

    def _stop(self) -> None:
        """Children first, all at the same time; then whatever they left; the database last."""
        if self.children:
            say("Stopping.")
        others = [child for child in self.children if child.program.name != "database"]
        for child in others:
            child.ask_to_stop()
        deadline = time.monotonic() + max((child.program.grace for child in others), default=0)
        while any(child.alive for child in others) and time.monotonic() < deadline and self.asked < 2:
            time.sleep(0.05)
        for child in others:
            child.finish(time.monotonic())
        try:
            leftovers.end(self.record, self.data / "postgres")
        finally:
            if self.cluster:
                self.cluster.stop()
            self.lock.end()


def answers(address: str) -> bool:
    """Whether the web server at `address` says that it is ready."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, int(port), timeout=3)  # noqa: S104
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def await_database(folder: Path, seconds: float = 30) -> None:
    """Wait for a server that somebody else is starting."""
    deadline = time.monotonic() + seconds
    while server_pid(folder) is None or status(folder) != "ready":
        if time.monotonic() > deadline:
            raise SetUpProblem(f"The database in {folder} is being started by another command and does not answer.")
        time.sleep(0.1)


def python(*arguments: str) -> list[str]:
    """A command for this very Python. Scripts in a virtual environment do not survive every path."""
    return [sys.executable, *arguments]
