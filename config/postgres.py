"""The embedded PostgreSQL: its folder, its one role, its private socket.

The server listens on no network address. Its socket lies in a folder only its own account can enter, and
`pg_hba.conf` lets in one role, by password. The superuser has no way in at all.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from config import leftovers, sockets
from config.binaries import MAJOR, reachable_installation
from config.folders import Account, SetUpProblem, account_name, become
from config.processes import Child, Program
from config.server import clear_stale, server_pid, status, stop_left_over

ROLE = DATABASE = "across"
NEEDED = ("PG_VERSION", "global/pg_control", "postgresql.conf", "pg_hba.conf", "base", "pg_wal")
INITDB = (
    "--username=postgres", "--auth=reject", "--encoding=UTF8", "--no-instructions",
    "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
)  # fmt: skip
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "max_wal_senders": "0",
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
PASSED_ON = re.compile(r"PATH|TMPDIR|LD_PRELOAD|LD_LIBRARY_PATH|(DONT_)?FAKE.*|" + leftovers.MARK)
COMPLAINT = re.compile(r"\b(?:FATAL|PANIC|ERROR):\s+(.*)")
AWAY = "put it back from a backup, or move it away to begin with an empty one."
HBA_HEAD = "# One role, by password, through the socket.\n"
START_TIME = 60  # seconds; recovery after a crash included


@dataclass
class Cluster:
    """One database folder and the server on it. `extra` overrides settings: for throwaway clusters only."""

    data: Path
    password: str
    account: Account | None = None
    extra: dict[str, str] = field(default_factory=dict)
    may_create_databases: bool = False
    child: Child | None = None

    @property
    def folder(self) -> Path:
        return self.data / "postgres"

    @property
    def url(self) -> str:
        """The address as libpq and django-environ read it; it holds the password."""
        return address(self.password, sockets.known(self.data, self.account))

    @property
    def is_running(self) -> bool:
        return server_pid(self.folder) is not None

    def make(self) -> None:
        """Make the database folder where there is none: beside its place, and moved there when it is whole."""
        if not self.folder.exists() or self._is_empty_folder():
            self._build()
        inspect(self.folder, self.account)

    def program(self) -> Program:
        """The server as one of the supervisor's children: fast stop, and the same when we are killed."""
        return Program(
            name="database",
            command=[str(self.binary("postgres")), "-D", str(self.folder), *self._flags()],
            environment=self._environment(),
            folder=self.folder,
            account=self.account,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            hurry_signal=signal.SIGQUIT,
            grace=30,
            loud=re.compile(r"\bPANIC\b|No space left"),
            before=lambda: clear_stale(self.folder),
        )

    def start(self) -> Child:
        """Start the server and wait until it answers."""
        sockets.ensure(self.data, self.account)
        stop_left_over(self.folder)
        deadline = time.monotonic() + START_TIME
        while True:
            self.child = Child(self.program(), self.data / "log" / "database.log")
            self.child.start()
            if self._answers(self.child, deadline):
                return self.child
            said = complaint(self.child)
            if "shared memory block" not in said or time.monotonic() > deadline:
                raise SetUpProblem(
                    f"The database in {self.folder} does not start (PostgreSQL says “{said}”): see to that, or {AWAY} "
                    f"The whole story is in {self.child.log}"
                )
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the server we started: fast, so that no transaction in hand is waited for."""
        if self.child:
            self.child.ask_to_stop()
            self.child.finish(time.monotonic() + self.child.program.grace)
            self.child = None
            sockets.forget(self.data)

    def binary(self, name: str) -> Path:
        """A program of the PostgreSQL that comes with the Python package."""
        return reachable_installation(self.data, self.account) / "bin" / name

    def _answers(self, child: Child, deadline: float) -> bool:
        while child.alive and time.monotonic() < deadline:
            if server_pid(self.folder) == child.pid and status(self.folder) == "ready":
                return True
            time.sleep(0.05)
        return False

    def _flags(self) -> list[str]:
        chosen = SETTINGS | {"unix_socket_directories": str(sockets.known(self.data, self.account))} | self.extra
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
        return kept | {"LC_ALL": "C", "TZ": "UTC"}

    def _is_empty_folder(self) -> bool:
        return self.folder.is_dir() and not any(self.folder.iterdir())

    def _build(self) -> None:
        part = self.data / "postgres.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        if self.account:
            os.chown(part, self.account.uid, self.account.gid)
        sync = ["--no-sync"] if self.extra.get("fsync") == "off" else []
        self._run([self.binary("initdb"), "-D", part, *INITDB, *sync], part)
        create = "CREATEDB" if self.may_create_databases else "NOCREATEDB"
        self._run([self.binary("postgres"), "--single", "-D", part, "postgres"], part, (
            f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOCREATEROLE {create} PASSWORD '{self.password}';\n"
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        ))  # fmt: skip
        reach = "all" if self.may_create_databases else DATABASE
        (part / "pg_hba.conf").write_text(f"{HBA_HEAD}local {reach} {ROLE} scram-sha-256\n")
        part.rename(self.folder)

    def _run(self, command: list[str | Path], folder: Path, text: str = "") -> None:
        done = subprocess.run(
            [str(part) for part in command], input=text, cwd=folder, env=self._environment(),
            capture_output=True, text=True, check=False, **become(self.account),
        )  # fmt: skip
        said = COMPLAINT.search(done.stdout + done.stderr)
        if done.returncode or said:
            told = said[1] if said else (done.stderr.strip().splitlines() or ["nothing"])[-1]
            raise SetUpProblem(
                f"The database in {self.data} cannot be made (PostgreSQL says “{told}”): "
                "see to that and start again, or name a database in DATABASE_URL."
            )


def address(password: str, socket_folder: Path) -> str:
    """The DATABASE_URL of an embedded database."""
    return f"postgres://{ROLE}:{quote(password, safe='')}@/{DATABASE}?host={quote(str(socket_folder), safe='')}"


def inspect(folder: Path, account: Account | None) -> None:
    """A sentence for every way in which a database folder can be unfit to start on."""
    if not folder.is_dir():
        raise SetUpProblem(f"{folder} is not a folder: move it away to begin with an empty database.")
    found = folder.stat()
    wanted = account.uid if account else os.geteuid()
    if found.st_uid != wanted:
        raise SetUpProblem(
            f"The database in {folder} belongs to {account_name(found.st_uid)}, not to {account_name(wanted)}: "
            f"start Across as the one who made it, or run chown -R {account_name(wanted)} '{folder}' as root."
        )
    if found.st_mode & 0o077:
        raise SetUpProblem(f"{folder} is open to others: run chmod 700 '{folder}' and start again.")
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if missing:
        raise SetUpProblem(f"The database in {folder} is damaged ({missing[0]} is missing): {AWAY}")
    refuse_other_version(folder)


def refuse_other_version(folder: Path) -> None:
    """PostgreSQL opens only folders of its own major version."""
    version = (folder / "PG_VERSION").read_text(errors="replace").strip()
    if version != MAJOR:
        raise SetUpProblem(
            f"The database in {folder} was made by PostgreSQL “{version[:20]}” and this is {MAJOR}: "
            "go back to the version of Across that made it and move the data over with pg_dump, or restore a backup."
        )


def complaint(child: Child) -> str:
    """Why the server did not start, in its own words."""
    time.sleep(0.1)  # its last lines may still be on their way to us
    found = [match[1] for line in child.tail if (match := COMPLAINT.search(line))]
    return (found or list(child.tail)[-1:] or ["nothing"])[-1]
