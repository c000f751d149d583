"""A PostgreSQL of the run's own, that may be stopped in the middle of everything.

Two kinds: the embedded one of `make run`, and one made by hand of the programs an operator would install.
Both are as durable as an operator's: nothing that protects data is turned off.
"""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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
    """What a run needs of a database server."""

    url: str

    def start(self) -> None:
        """Start it and wait until it answers."""

    def crash(self) -> None:
        """`pg_ctl -m immediate stop`: nobody is waited for and nothing is written down."""

    def stop(self) -> None:
        """An orderly end."""


class Embedded:
    """The one `make run` brings along."""

    def __init__(self, folder: Path) -> None:
        self.inner = embedded.ensure_cluster(folder, DURABLE)

    @property
    def url(self) -> str:
        """The address; the socket's place is known once the server has run."""
        return self.inner.url

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.inner.start()

    def crash(self) -> None:
        """Stop it at once."""
        stop_at_once(self.inner.binary("pg_ctl"), self.inner.folder, self.inner.account)

    def stop(self) -> None:
        """An orderly end."""
        self.inner.stop()


class Installed:
    """One made of the PostgreSQL that is installed on this machine, reached over TCP."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.account, self.port = installed_programs(), database_account(), free_port()
        self.folder, self.log = folder / "database", folder / "database.log"
        self.password = secrets.token_urlsafe(24)
        self.url = f"postgres://across:{self.password}@127.0.0.1:{self.port}/across"
        self.child: Child | None = None
        self._make()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.child = Child(self._program(), self.log, tell=lambda _line: None)
        self.child.start()
        deadline = time.monotonic() + START_TIME
        while server_pid(self.folder) != self.child.pid or status(self.folder) != "ready":
            assert self.child.alive, f"PostgreSQL did not start: {list(self.child.tail)}"
            assert time.monotonic() < deadline, "PostgreSQL did not answer in time"
            time.sleep(0.05)

    def crash(self) -> None:
        """Stop it at once."""
        stop_at_once(self.programs / "pg_ctl", self.folder, self.account)

    def stop(self) -> None:
        """An orderly end."""
        if self.child:
            self.child.ask_to_stop()
            self.child.finish(time.monotonic() + 20)

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700)
        if self.account:
            os.chown(self.folder, self.account.uid, self.account.gid)
        initdb = ("initdb", "--username=postgres", "--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", "-D")
        self._run([*initdb, str(self.folder)])
        self._run(["postgres", "--single", "-D", str(self.folder), "postgres"], (
            f"CREATE ROLE across LOGIN PASSWORD '{self.password}';\nCREATE DATABASE across OWNER across;\n"
        ))  # fmt: skip
        (self.folder / "pg_hba.conf").write_text("host across across 127.0.0.1/32 scram-sha-256\n")

    def _run(self, command: Sequence[str], text: str = "") -> None:
        program = [str(self.programs / command[0]), *command[1:]]
        subprocess.run(
            program, input=text, text=True, cwd=self.folder, capture_output=True, check=True, **become(self.account)
        )

    def _program(self) -> Program:
        places = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        flags = [part for name, value in (DURABLE | places).items() for part in ("-c", f"{name}={value}")]
        command = [str(self.programs / "postgres"), "-D", str(self.folder), *flags]
        plain = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
        return Program(
            "database", command, plain, self.folder, self.account, stop_signal=embedded_stop(), orphan_signal=embedded_stop()
        )
