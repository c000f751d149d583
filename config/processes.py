"""One child process: started so that it cannot outlive us, watched, heard, and stopped with all it started.

Every child is the leader of its own session, so a signal to its group reaches everything it started, and a
Ctrl-C at the terminal reaches only the supervisor. On Linux a child is told to stop when we die.
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.folders import Account, become

# Two lines are no news: our own question whether it is ready, and a queue of files having no host.
WARNINGS = re.compile(r"^(?!.*(?:Unavailable: /readyz|No hostname was supplied)).*\b(WARNING|ERROR|CRITICAL|FATAL)\b")
LOG_CAP = 5_000_000  # bytes; one older file of the same size is kept
BACKOFF = (0.5, 1, 2, 4, 8, 15, 30)  # seconds before a dead child is started again
SETTLED = 30  # seconds alive after which the next death counts as the first
PR_SET_PDEATHSIG = 1
SHOWN_PER_MINUTE = 10  # lines of one child on the terminal


@dataclass(frozen=True)
class Program:
    """What to run and how to treat it. A list of these is the supervisor's table of children."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM  # what the system sends it when we are killed
    grace: float = 10  # seconds between the stop signal and the hurry signal
    hurry_signal: signal.Signals = signal.SIGKILL
    loud: re.Pattern[str] = WARNINGS  # lines that also go to the terminal
    before: Callable[[], None] | None = None  # run before every start


def say(line: str) -> None:
    """One line to the terminal; a terminal that is gone stops nobody."""
    with suppress(OSError, ValueError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


class LogFile:
    """A file that lines are added to, replaced by a fresh one when it has grown to the cap."""

    def __init__(self, path: Path, cap: int = LOG_CAP) -> None:
        self.path, self.cap = path, cap
        self.file = path.open("ab", buffering=0)

    def write(self, line: bytes) -> None:
        """Add a line. A full disk loses the line, not the child it came from."""
        with suppress(OSError):
            if self.file.tell() > self.cap:
                self.file.close()
                self.path.replace(self.path.with_name(self.path.name + ".1"))
                self.file = self.path.open("ab", buffering=0)
            self.file.write(line)

    def close(self) -> None:
        """No more lines."""
        self.file.close()


@dataclass
class Child:
    """A running, dead or stopped `Program`, with its last lines."""

    program: Program
    log: Path
    tell: Callable[[str], None] = say
    process: subprocess.Popen[bytes] | None = None
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=40))
    deaths: int = 0
    started_at: float = 0
    due_at: float = 0  # monotonic instant of the next start of a dead child
    muted: bool = False
    shown: deque[float] = field(default_factory=deque)  # when lines were shown in this minute

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it and listen to it. Call from the main thread: the child is tied to the calling one."""
        if self.program.before:
            self.program.before()
        self.tail.clear()
        self.process = spawn(self.program)
        self.started_at = time.monotonic()
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def look_after(self, now: float) -> bool:
        """Start it again if it died, sooner the first time than the tenth. True where it was started."""
        if self.alive or now < self.due_at:
            return False
        if self.process is not None:
            self._postpone(now, f"stopped ({ending(self.process.returncode)})")
            return False
        try:
            self.start()
        except OSError as error:
            self._postpone(now, f"does not start ({error.strerror})")
            return False
        return True

    def ask_to_stop(self) -> None:
        """Send the leader its stop signal; it tells its own people, who finish what they are doing.

        What it says from here on goes to its log only.
        """
        self.muted = True
        self._signal(self.program.stop_signal)

    def finish(self, deadline: float) -> None:
        """Wait for it until the monotonic `deadline`, then hurry it, then kill what is left of its group."""
        if self.process is None:
            return
        self._wait(deadline - time.monotonic())
        if self.alive:
            self._signal(self.program.hurry_signal)
            self._wait(5)
        self._kill_group()
        self.process.wait()

    def _wait(self, seconds: float) -> None:
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.0, seconds))

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.alive:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def _kill_group(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _postpone(self, now: float, reason: str) -> None:
        self._kill_group()
        self.process = None
        self.deaths = self.deaths + 1 if now - self.started_at < SETTLED else 1
        wait = BACKOFF[min(self.deaths, len(BACKOFF)) - 1]
        self.due_at = now + wait
        self.tell(f"{self.program.name} {reason}. It starts again in {wait:g} s. See {self.log}")

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        log = LogFile(self.log)
        assert process.stdout is not None
        for raw in process.stdout:
            log.write(raw)
            line = raw.decode("utf-8", errors="replace").rstrip()
            self.tail.append(line)
            if self.program.loud.search(line) and not self.muted:
                self._show(line)
        log.close()

    def _show(self, line: str) -> None:
        """A loud line for the terminal; after a minute's fill of them, only that there are more."""
        now = time.monotonic()
        if self.shown and now - self.shown[0] > 60:
            self.shown.clear()
        if len(self.shown) < SHOWN_PER_MINUTE:
            self.shown.append(now)
            more = f" (there may be more, in {self.log})" if len(self.shown) == SHOWN_PER_MINUTE else ""
            self.tell(f"{self.program.name:<8} | {line}{more}")


def ending(status: int) -> str:
    """How a process ended, in words."""
    if status >= 0:
        return f"exit {status}"
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """The process itself, in its own session, as its account, with both outputs in one pipe."""
    return subprocess.Popen(
        list(program.command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=program.folder,
        env=dict(program.environment),
        start_new_session=True,
        preexec_fn=die_with_parent(program.orphan_signal),
        **become(program.account),
    )


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A function for the new process that ties it to us: Linux sends it `number` when we are gone.

    It runs after the change of account, which would clear the tie. It calls C without letting go of the
    interpreter's lock, so other threads cannot get in its way.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.PyDLL(None).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def die_with_make() -> None:
    """Stop in order when the `make` that started us is gone, so that ending it leaves nothing running."""
    with suppress(OSError):
        if Path(f"/proc/{os.getppid()}/comm").read_text().strip() in {"make", "gmake"}:
            ctypes.PyDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
