"""A PostgreSQL of the run's own, which may be stopped in the middle of everything.

Two kinds: the embedded one of `make run`, and one made by hand of the programs an operator would install.
Both are as durable as an operator's: nothing that protects data is turned off.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import environ
import psycopg

from config import embedded
from config.folders import Account, become, database_account
from config.processes import Child, Program
from config.server import server_pid, status

INSTALLED = Path("/usr/lib/postgresql")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "60"}
START_TIME = 60  # seconds; recovery after a crash included


class Cluster(Protocol):
    """What a run asks of a database server."""

    @property
    def url(self) -> str:
        """The address of its one database, with the password."""

    def start(self) -> None:
        """Start it and wait until it answers; after a crash it recovers first."""

    def crash(self) -> None:
        """`pg_ctl -m immediate stop`: nobody is waited for and nothing is written down."""

    def stop(self) -> None:
        """An orderly end."""


class Embedded:
    """The one `make run` brings along, with its settings."""

    settings = DURABLE

    def __init__(self, folder: Path) -> None:
        self.inner = embedded.ensure_cluster(folder / "data", self.settings)

    @property
    def url(self) -> str:
        return self.inner.url

    def start(self) -> None:
        self.inner.start()

    def crash(self) -> None:
        stop_at_once(self.inner.binary("pg_ctl"), self.inner.folder, self.inner.account)

    def stop(self) -> None:
        self.inner.stop()


class Installed:
    """One made of the PostgreSQL that is installed on this machine, reached over TCP."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.account, self.port = installed_programs(), database_account(), free_port()
        self.folder, self.log = folder / "database", folder / "database.log"
        self.password = secrets.token_urlsafe(24)
        self.child = Child(self._program(), self.log, tell=lambda _line: None)
        self._make()

    @property
    def url(self) -> str:
        return f"postgres://across:{self.password}@127.0.0.1:{self.port}/across"

    def start(self) -> None:
        self.child.start()
        deadline = time.monotonic() + START_TIME
        while server_pid(self.folder) != self.child.pid or status(self.folder) != "ready":
            assert self.child.alive, f"PostgreSQL did not start: {list(self.child.tail)}"
            assert time.monotonic() < deadline, "PostgreSQL did not answer in time"
            time.sleep(0.05)

    def crash(self) -> None:
        stop_at_once(self.programs / "pg_ctl", self.folder, self.account)

    def stop(self) -> None:
        self.child.ask_to_stop()
        self.child.finish(time.monotonic() + 20)

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700)
        if self.account:
            os.chown(self.folder, self.account.uid, self.account.gid)
        place = str(self.folder)
        self._run("initdb", "-D", place, "--username=postgres", "--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8")
        role = f"CREATE ROLE across LOGIN PASSWORD '{self.password}';\nCREATE DATABASE across OWNER across;\n"
        self._run("postgres", "--single", "-D", place, "postgres", text=role)
        (self.folder / "pg_hba.conf").write_text("host across across 127.0.0.1/32 scram-sha-256\n")

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        subprocess.run(
            [str(self.programs / program), *arguments],
            input=text, text=True, cwd=self.folder, capture_output=True, check=True, **become(self.account),
        )  # fmt: skip

    def _program(self) -> Program:
        own = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        flags = [part for name, value in (DURABLE | own).items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="database",
            command=[str(self.programs / "postgres"), "-D", str(self.folder), *flags],
            environment={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
            folder=self.folder,
            account=self.account,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )


KINDS: dict[str, type[Embedded] | type[Installed]] = {"embedded": Embedded, "external": Installed}


@contextmanager
def running(kind: str, template: Path | None = None) -> Iterator[tuple[Cluster, Path]]:
    """A started cluster of this kind and a folder for everything else; both are gone afterwards.

    `template` is the folder of a stopped embedded one, to begin with a copy of it.
    """
    folder = Path(tempfile.mkdtemp(prefix="across-crash-"))
    folder.chmod(0o711)  # the database's account passes through
    if template:
        subprocess.run(["cp", "-a", str(template), str(folder / "data")], check=True)
    cluster = KINDS[kind](folder)
    cluster.start()
    try:
        yield cluster, folder
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def stop_at_once(pg_ctl: Path, folder: Path, account: Account | None) -> None:
    """What a power cut does to it."""
    command: Sequence[str] = [str(pg_ctl), "-D", str(folder), "-m", "immediate", "-w", "stop"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, **become(account))


def installed_programs() -> Path:
    """The newest PostgreSQL of this machine."""
    found = sorted(INSTALLED.glob("*/bin"), key=lambda path: float(path.parent.name))
    assert found, f"There is no PostgreSQL in {INSTALLED}: install one, on Debian with apt-get install postgresql."
    return found[-1]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection of our own, by an address as django-environ reads it."""
    parsed = environ.Env.db_url_config(url)
    place = {"host": parsed["HOST"], "port": parsed["PORT"]} if parsed["HOST"] else parsed["OPTIONS"]
    account = {"dbname": parsed["NAME"], "user": parsed["USER"], "password": parsed["PASSWORD"]}
    return psycopg.connect(**account, **place, autocommit=True)


def version(cluster: Cluster) -> str:
    """What it calls itself, such as “PostgreSQL 18.4”."""
    with connect(cluster.url) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {found[0].split()[0]}" if found else "PostgreSQL"
