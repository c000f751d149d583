"""`make run` in a clone nobody has touched, as a person does it: how long it takes, what it leaves, where it writes.

One test, because the first start installs everything. It prints the seconds it measured.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from config import leftovers
from config.folders import CLONE
from tests.browser.stack import free_port, wait_until

pytestmark = [pytest.mark.setup, pytest.mark.alone, pytest.mark.timeout(900)]
FIRST, AGAIN = 120, 15  # seconds a person waits for the page: the first time, and from then on
TRIES = 3  # at the second figure: a machine may have work of its own
# What is no part of a clone.
MADE_HERE = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "output")
OF_THE_TESTS = (
    "ACROSS_", "CELERY_BROKER_URL", "DATABASE_URL", "DJANGO_", "MAKE", "MFLAGS", "PYTEST_", "PYTHON", "REDIS_URL",
    "SECRET_KEY", "VIRTUAL_ENV",
)  # fmt: skip
ELSEWHERE = ("/etc", "/usr", "/opt", "/srv", "/var/lib", "/var/tmp")


class Terminal:
    """A person with a home, a clone and one terminal."""

    def __init__(self, place: Path) -> None:
        self.clone, self.home, self.temporary = place / "Across ñ 1", place / "home", place / "tmp"
        self.port = free_port()
        self.made: subprocess.Popen[bytes] | None = None
        shutil.copytree(CLONE, self.clone, ignore=MADE_HERE)
        self.home.mkdir()
        self.temporary.mkdir(mode=0o700)
        for folder in (".pip", ".config/pip"):  # where packages come from is this machine's own business
            with suppress(FileNotFoundError):
                shutil.copytree(Path.home() / folder, self.home / folder)
        self.variables = self._variables()

    def _variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_TESTS)}
        path = [each for each in os.environ["PATH"].split(os.pathsep) if not Path(each).is_relative_to(CLONE)]
        return kept | {
            "PATH": os.pathsep.join(path),
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PORT": str(self.port),
            "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache" / "pip"),
        }

    def warm_up(self) -> None:
        """Every package into pip's cache, where it is not there yet."""
        folder = self.home.parent / "packages"
        subprocess.run(
            ["python3", "-m", "pip", "--quiet", "download", "--no-deps", "--require-hashes",
             "--requirement", "requirements.lock", "--dest", str(folder)],
            cwd=self.clone, env=self.variables, check=True, timeout=600,
        )  # fmt: skip
        shutil.rmtree(folder)

    def make_run(self) -> float:
        """`make run` until the page answers. The seconds that took."""
        since = time.monotonic()
        with (self.home.parent / "output").open("wb") as output:
            self.made = subprocess.Popen(
                ["make", "run"], cwd=self.clone, env=self.variables,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        wait_until(lambda: self.made.poll() is not None or self._is_ready(), 600)
        assert self.made.poll() is None, (self.home.parent / "output").read_text()
        return time.monotonic() - since

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.HTTPError):
            return False

    def control_c(self) -> None:
        """What the key does: everybody in the foreground gets the signal."""
        os.killpg(self.made.pid, signal.SIGINT)
        self.made.wait(60)

    def kill_the_supervisor(self) -> None:
        """`kill -9`, while everything runs."""
        record = leftovers.Record.read(self.clone / "var" / "run" / "record.json")
        os.kill(record.pid, signal.SIGKILL)
        self.made.wait(60)

    def running(self) -> list[str]:
        """What runs in the clone or for it."""
        return [about for pid in leftovers.everyone() if pid != os.getpid() and (about := self._in_the_clone(pid))]

    def _in_the_clone(self, pid: int) -> str:
        """The command of a process that works in the clone or was told of it; empty for any other."""
        try:
            command = (leftovers.PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = os.readlink(leftovers.PROC / str(pid) / "cwd")
        except OSError:
            return ""
        told = b"\0".join(leftovers.environment_of(pid)).decode(errors="replace")
        return f"{pid} {command}" if str(self.clone) in f"{command} {place} {told}" else ""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    place = Path(tempfile.mkdtemp(prefix="across-fresh-"))
    place.chmod(0o711)  # the database's account passes through
    used = Terminal(place)
    yield used
    if used.made and used.made.poll() is None:
        used.control_c()
    shutil.rmtree(place, ignore_errors=True)


def looks(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Mode, owner and last change of everything in a folder, itself included."""
    return {str(path): look(path) for path in (folder, *sorted(folder.rglob("*")))}


def look(path: Path) -> tuple[int, int, int]:
    found = path.lstat()
    return found.st_mode, found.st_uid, found.st_mtime_ns


def contents(folder: Path) -> tuple[tuple[int, int], list[str]]:
    """A temporary folder may be used on the way (ensurepip does); what counts is what stays in it."""
    return mode_and_owner(folder), sorted(path.name for path in folder.iterdir())


def mode_and_owner(path: Path) -> tuple[int, int]:
    return look(path)[:2]


def changed_elsewhere(since: Path) -> list[str]:
    """What was made, written or given another mode on the rest of the machine after a file was."""
    found = subprocess.run(
        ["find", *ELSEWHERE, "-xdev", "-cnewer", str(since), "-not", "-name", "__pycache__", "-not", "-name", "*.pyc"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.splitlines()


def test_make_run_comes_up_in_a_fresh_clone_and_again_and_leaves_nothing(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.warm_up()
    place = terminal.clone.parent
    before = looks(terminal.home), contents(terminal.temporary), [mode_and_owner(path) for path in place.parents]
    stamp = place / "stamp"
    stamp.touch()

    first = terminal.make_run()
    terminal.control_c()
    after_control_c = terminal.running()
    again = []
    while len(again) < TRIES and min(again, default=AGAIN) >= AGAIN:
        again.append(terminal.make_run())
        terminal.control_c()
    terminal.make_run()
    terminal.kill_the_supervisor()
    after_a_kill = terminal.make_run()
    terminal.control_c()

    with capsys.disabled():
        print(f"\nfresh clone: ready after {first:.0f} s, again {again[-1]:.0f} s, after a kill {after_a_kill:.0f} s")
    after = looks(terminal.home), contents(terminal.temporary), [mode_and_owner(path) for path in place.parents]
    assert (after_control_c, terminal.running()) == ([], [])
    assert after == before
    assert sorted(path.name for path in place.iterdir()) == ["Across ñ 1", "home", "output", "stamp", "tmp"]
    assert changed_elsewhere(stamp) == []
    assert first < FIRST
    assert min(again) < AGAIN
