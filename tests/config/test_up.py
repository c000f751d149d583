"""The supervisor over real processes and a real database: one terminal, one Ctrl-C, nothing left.

What it serves is a stand-in (`stand_in.py`), so these tests say nothing about the product's own start.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import leftovers, processes, up
from config.binaries import installation
from config.folders import CLONE, Account, SetUpProblem, closed_parent
from config.leftovers import Record
from config.server import server_pid
from tests.config.stand_in import STUBBORN

pytestmark = [pytest.mark.setup, pytest.mark.enable_socket]
ROOT = os.geteuid() == 0
PATIENCE = 30  # seconds until a wait is given up


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Terminal:
    """One data folder, and whoever is started on it."""

    def __init__(self, place: Path) -> None:
        self.data, self.output, self.port = place / "var", place / "output", free_port()
        self.started: list[subprocess.Popen[str]] = []

    def variables(self, **more: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "ACROSS_DATA": str(self.data), "PORT": str(self.port)} | more

    def begin(self, **variables: str) -> subprocess.Popen[str]:
        """Start the supervisor without waiting for it."""
        with self.output.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.config.stand_in"],
                cwd=CLONE, env=self.variables(**variables), stdout=output, stderr=output, text=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    def up(self, **variables: str) -> subprocess.Popen[str]:
        """Start the supervisor and wait until it says that it is ready."""
        process = self.begin(**variables)
        wait_until(lambda: "is ready at" in self.said or process.poll() is not None)
        assert process.poll() is None, self.said
        return process

    def ask(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a supervisor command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "config.up", *arguments],
            cwd=CLONE, env=self.variables(**variables), capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def record(self) -> Record:
        found = Record.read(self.data / "run" / "record.json")
        assert found
        return found

    def pid(self, name: str) -> int:
        return self.record.children[name][0]

    def left(self, run: str) -> list[int]:
        """Whatever is still running of a run: its own processes and the database's."""
        working = [pid for pid in leftovers.everyone() if leftovers.works_in(pid, self.data / "postgres")]
        return leftovers.marked(run) + working


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    place = Path(tempfile.mkdtemp(prefix="across ñ "))
    place.chmod(0o711)
    used = Terminal(place)
    yield used
    for process in used.started:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    shutil.rmtree(place, ignore_errors=True)


# --- start and stop ----------------------------------------------------------------------------------


def test_it_says_where_it_is_and_how_to_stop(terminal: Terminal) -> None:
    terminal.up()

    assert terminal.said.strip().splitlines()[-3:] == [
        f"Across is ready at http://127.0.0.1:{terminal.port}",
        f"Data and logs: {terminal.data}",
        "Stop with Ctrl-C.",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(terminal: Terminal, number: signal.Signals) -> None:
    process = terminal.up()
    run = terminal.record.run
    running = len(terminal.left(run))

    process.send_signal(number)

    assert process.wait(PATIENCE) == 0
    assert running >= 5
    assert terminal.left(run) == []
    assert "database system is shut down" in (terminal.data / "log" / "database.log").read_text()


def test_a_child_that_does_not_want_to_stop_is_stopped_with_its_own_children(terminal: Terminal) -> None:
    process = terminal.up(WORKER=STUBBORN)
    run = terminal.record.run

    process.send_signal(signal.SIGINT)

    assert process.wait(PATIENCE) == 0
    assert terminal.left(run) == []


def test_a_signal_during_the_preparation_stops_it(terminal: Terminal) -> None:
    process = terminal.begin(PREPARATION="import time; time.sleep(1000)")
    wait_until((terminal.data / "log" / "prepare.log").exists)
    run = terminal.record.run

    process.send_signal(signal.SIGINT)

    assert process.wait(PATIENCE) == 0
    assert terminal.left(run) == []


def test_a_preparation_that_stops_is_told_in_its_own_words_and_nothing_is_left(terminal: Terminal) -> None:
    process = terminal.begin(PREPARATION="print('! The content has a mistake.'); raise SystemExit(1)")

    assert process.wait(PATIENCE) == 1
    assert terminal.said.splitlines()[-1] == (
        "Across: Across cannot start, because its preparation stopped: The content has a mistake. "
        f"The log is {terminal.data}/log/prepare.log"
    )
    assert server_pid(terminal.data / "postgres") is None


def test_a_second_start_is_told_the_address_of_the_first(terminal: Terminal) -> None:
    first = terminal.up()

    second = terminal.ask()

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith(f"Across: Across is already running at http://127.0.0.1:{terminal.port} ")
    assert first.poll() is None


# --- death -------------------------------------------------------------------------------------------


def test_after_a_kill_of_the_supervisor_the_next_start_ends_what_is_left_and_comes_up(terminal: Terminal) -> None:
    process = terminal.up(WORKER=STUBBORN)
    killed = terminal.record
    process.kill()
    process.wait()
    left = leftovers.marked(killed.run)

    terminal.up()

    assert len(left) > 0
    assert leftovers.marked(killed.run) == []
    assert terminal.record.run != killed.run
    assert server_pid(terminal.data / "postgres") == terminal.pid("database")


def test_a_kill_takes_obedient_children_and_the_database_along(terminal: Terminal) -> None:
    process = terminal.up(WORKER="exec sleep 1000")
    run = terminal.record.run

    process.kill()
    process.wait()

    wait_until(lambda: terminal.left(run) == [])


def test_the_next_start_touches_nobody_who_merely_has_the_number_of_an_old_child(terminal: Terminal) -> None:
    terminal.up().send_signal(signal.SIGINT)
    terminal.started.pop().wait(PATIENCE)
    bystander = subprocess.Popen(["sleep", "1000"])
    Record("0" * 32, 1, "up", "", {"worker": (bystander.pid, "1")}).write(terminal.data / "run" / "record.json")

    terminal.up()

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


@pytest.mark.parametrize("name", ["web", "worker", "database"])
def test_a_child_that_dies_is_started_again(terminal: Terminal, name: str) -> None:
    terminal.up()
    before = terminal.pid(name)

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: terminal.pid(name) != before and leftovers.started(terminal.pid(name)))
    if name == "database":
        wait_until(lambda: server_pid(terminal.data / "postgres") == terminal.pid(name))
    assert f"{name} stopped (SIGKILL). It starts again in 0.5 s." in terminal.said


def test_a_child_that_complains_without_end_fills_its_log_and_not_the_terminal(terminal: Terminal) -> None:
    terminal.up(WORKER="for n in $(seq 1000); do echo WARNING $n; echo quiet; done; exec sleep 1000")
    log = terminal.data / "log" / "worker.log"
    wait_until(lambda: "WARNING 1000" in log.read_text())

    shown = [line for line in terminal.said.splitlines() if line.startswith("worker ")]

    assert shown == [f"worker   | WARNING {n}" for n in range(1, 10)] + [
        f"worker   | WARNING 10 (there may be more, in {log})"
    ]


def test_a_damaged_record_of_the_last_run_does_not_stop_the_start(terminal: Terminal) -> None:
    (terminal.data / "run").mkdir(parents=True)
    terminal.data.chmod(0o711)
    (terminal.data / "run" / "record.json").write_text("[1, 2")

    terminal.up()

    assert terminal.record.what == "up"


def test_a_log_is_replaced_when_it_has_grown_to_its_cap(tmp_path: Path) -> None:
    log = processes.LogFile(tmp_path / "web.log", cap=10)

    for line in (b"first line\n", b"second line\n", b"third line\n"):
        log.write(line)

    log.close()
    kept = [(tmp_path / name).read_bytes() for name in ("web.log.1", "web.log")]
    assert kept == [b"second line\n", b"third line\n"]


# --- what is refused ---------------------------------------------------------------------------------


def test_a_port_in_use_is_told_in_a_sentence(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", terminal.port))
        taken.listen()

        asked = terminal.ask()

    expected = f"Across: Port {terminal.port} is in use by another program: set PORT to a free one, such as "
    assert (asked.returncode, asked.stderr.rstrip("0123456789.\n")) == (1, expected)


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none_is_told_in_a_sentence(port: str) -> None:
    with pytest.raises(SetUpProblem, match="set it to a number from 1 to 65535"):
        up.host_and_port({"PORT": port})


OPEN_HOST = "0.0.0.0"
HOSTS = [
    ({}, True),
    ({"ACROSS_DEMO": "1"}, True),
    ({"ACROSS_DEMO_PASSWORD": "across-demo"}, True),
    ({"ACROSS_DEMO_PASSWORD": "one of my own"}, False),
    ({"ACROSS_DEMO": "0"}, False),
]


@pytest.mark.parametrize(("variables", "refused"), HOSTS)
def test_only_this_machine_gets_in_while_the_demo_password_stands(variables: dict[str, str], refused: bool) -> None:
    try:
        answer = up.host_and_port({"HOST": OPEN_HOST, **variables})[0]
    except SetUpProblem as problem:
        answer = str(problem)[: len(f"HOST is {OPEN_HOST}, and")]

    assert answer == (f"HOST is {OPEN_HOST}, and" if refused else OPEN_HOST)


def a_file(data: Path) -> None:
    data.write_text("")


def a_file_on_the_way(data: Path) -> None:
    (data / "run").mkdir(parents=True)
    (data / "run").rmdir()
    (data / "run").write_text("")


def a_broken_log_folder(data: Path) -> None:
    data.mkdir(mode=0o711)
    (data / "log").write_text("")


def a_folder_for_a_lock(data: Path) -> None:
    (data / "run" / "lock").mkdir(parents=True)


@pytest.mark.parametrize("damage", [a_file, a_file_on_the_way, a_broken_log_folder, a_folder_for_a_lock])
@pytest.mark.parametrize("command", [(), ("run-with", "--", "true")])
def test_a_damaged_data_folder_is_told_in_one_sentence(
    terminal: Terminal, damage: Callable[[Path], None], command: tuple[str, ...]
) -> None:
    damage(terminal.data)

    asked = terminal.ask(*command)

    assert (asked.returncode, asked.stdout, len(asked.stderr.splitlines())) == (1, "", 1)
    assert str(terminal.data) in asked.stderr
    assert "Traceback" not in asked.stderr


# --- one command with the database -------------------------------------------------------------------

QUERY = """
import os, sys, environ, psycopg
found = environ.Env.db_url_config(os.environ["DATABASE_URL"])
with psycopg.connect(dbname=found["NAME"], user=found["USER"], password=found["PASSWORD"], **found["OPTIONS"]) as it:
    print(it.execute("SELECT pg_backend_pid() > 0").fetchone()[0])
sys.exit(7)
"""


def test_a_command_gets_the_database_and_its_exit_code_comes_back(terminal: Terminal) -> None:
    asked = terminal.ask("run-with", "--", sys.executable, "-c", QUERY)

    assert (asked.returncode, asked.stdout, asked.stderr) == (7, "True\n", "")
    assert server_pid(terminal.data / "postgres") is None


def test_a_command_finds_the_databases_own_tools(terminal: Terminal) -> None:
    asked = terminal.ask("run-with", "--", "sh", "-c", 'psql "$DATABASE_URL" -Atc "SELECT 6 * 7"', PATH="/usr/bin:/bin")

    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "42\n", "")


def test_a_command_beside_a_running_across_uses_its_database_and_leaves_it(terminal: Terminal) -> None:
    terminal.up()
    before = server_pid(terminal.data / "postgres")

    asked = terminal.ask("run-with", "--", sys.executable, "-c", QUERY)

    assert (asked.returncode, asked.stdout, asked.stderr) == (7, "True\n", "")
    assert server_pid(terminal.data / "postgres") == before


def test_the_first_of_two_commands_waits_for_the_second_before_it_stops_the_database(terminal: Terminal) -> None:
    command = [sys.executable, "-m", "config.up", "run-with", "--"]
    variables = terminal.variables()
    first = subprocess.Popen([*command, "sleep", "2"], cwd=CLONE, env=variables, stderr=subprocess.DEVNULL)
    wait_until(lambda: (terminal.data / "postgres").exists() and server_pid(terminal.data / "postgres"))
    second = subprocess.Popen([*command, "sh", "-c", "sleep 4; exit 3"], cwd=CLONE, env=variables)

    assert second.wait(PATIENCE) == 3
    assert first.wait(PATIENCE) == 0
    assert server_pid(terminal.data / "postgres") is None


def test_where_a_database_is_named_none_is_started(terminal: Terminal) -> None:
    asked = terminal.ask("run-with", "--", "sh", "-c", "echo $DATABASE_URL", DATABASE_URL="postgres://elsewhere/across")

    assert (asked.returncode, asked.stdout) == (0, "postgres://elsewhere/across\n")
    assert not (terminal.data / "postgres").exists()


def test_a_command_that_does_not_exist_is_told_in_a_sentence(terminal: Terminal) -> None:
    asked = terminal.ask("run-with", "--", "no-such-command")

    told = "Across: “no-such-command” cannot be run (No such file or directory): check its name.\n"
    assert (asked.returncode, asked.stderr) == (1, told)


# --- as an ordinary user -----------------------------------------------------------------------------


def open_python(account: Account) -> str | None:
    """A Python that `account` may run."""
    candidates = [Path(sys.executable), Path("/usr/bin/python3")]
    open_ones = (one for one in candidates if one.exists() and not closed_parent(one.resolve(), account))
    return str(next(open_ones, "")) or None


def copy_for(account: Account, place: Path) -> Path:
    """The parts of the clone that the stand-in needs, where `account` can read them."""
    clone = place / "clone"
    code = shutil.ignore_patterns("static", "templates", "__pycache__")
    shutil.copytree(CLONE / "config", clone / "config", ignore=code)
    shutil.copytree(CLONE / "tests" / "config", clone / "tests" / "config", ignore=code)
    package = installation().parent
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), clone / name, ignore=shutil.ignore_patterns("pginstall", "include"))
    for path in (clone, *clone.rglob("*")):
        os.chown(path, account.uid, account.gid)
    return clone


@pytest.mark.skipif(not ROOT, reason="the other tests of this file are then this test")
def test_an_ordinary_user_gets_the_same_and_owns_everything(terminal: Terminal) -> None:
    found = pwd.getpwnam("nobody")
    account = Account("nobody", found.pw_uid, found.pw_gid)
    python = open_python(account)
    assert python, "install a Python 3.11 that every account may run"
    clone = copy_for(account, terminal.data.parent)
    variables = terminal.variables() | {"ACROSS_DATA": "", "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(
        [python, "-m", "tests.config.stand_in"], cwd=clone, env=variables,
        stdout=terminal.output.open("w"), stderr=subprocess.STDOUT, text=True,
        user=account.uid, group=account.gid, extra_groups=[],
    )  # fmt: skip
    terminal.started.append(process)
    terminal.data = clone / "var"
    wait_until(lambda: "is ready at" in terminal.said or process.poll() is not None)
    owners = {path.lstat().st_uid for path in terminal.data.rglob("*")}
    run = terminal.record.run

    process.send_signal(signal.SIGINT)

    assert process.wait(PATIENCE) == 0
    assert owners == {account.uid}
    assert terminal.left(run) == []
