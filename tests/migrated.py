"""Every migration applied, once: what came of it is kept as a dump, and databases of tests are made from that.

Applying them all takes a process half a minute on a busy machine, and hundreds of databases are wanted. That they can
be applied one after the other, and are quick enough on a fresh machine, is asked by tests of their own, which do not
come here. The dump lies in `.venv`, under a name that says which migrations, libraries and PostgreSQL made it.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config.binaries import installation
from config.folders import CLONE

SHELF = CLONE / ".venv" if (CLONE / ".venv").is_dir() else Path(tempfile.gettempdir())
KEPT = 12  # dumps of other branches, which come back


@cache
def key() -> str:
    """Which migrations, with which libraries, on which PostgreSQL."""
    content = hashlib.sha256(str(installation()).rpartition("site-packages")[2].encode())
    files = [CLONE / "requirements-dev.lock", *CLONE.glob("*/migrations/*.py"), CLONE / "config" / "settings.py"]
    for file in sorted(files):
        content.update(file.name.encode() + file.read_bytes())
    return content.hexdigest()[:16]


def template(url: str) -> str:
    """The name of a migrated database on this server, made where there is none. Nobody is connected to it."""
    name = f"across_migrated_{key()}"
    with _one_at_a_time(), psycopg.connect(_beside(url, "postgres"), autocommit=True) as office:
        if not office.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            being_made = f"{name}_new"
            for command in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {} TEMPLATE template0"):
                office.execute(sql.SQL(command).format(sql.Identifier(being_made)))
            _fill(_beside(url, being_made))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            office.execute(rename.format(sql.Identifier(being_made), sql.Identifier(name)))
    return name


def bring(url: str) -> None:
    """All tables into this database, which has none."""
    with _one_at_a_time():
        _fill(url)


def _fill(url: str) -> None:
    if not _is_ours(url):
        _migrate(url)
        return
    dump = SHELF / f"migrated-{key()}.sql"
    if dump.exists():
        _run([_tool("psql"), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file", str(dump), url])
        return
    _migrate(url)
    with tempfile.NamedTemporaryFile(dir=SHELF, prefix="migrated-", delete=False) as fresh:
        _run([_tool("pg_dump"), "--no-owner", "--no-privileges", "--file", fresh.name, url])
    os.replace(fresh.name, dump)
    kept = sorted(SHELF.glob("migrated-*.sql"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-KEPT]:
        old.unlink(missing_ok=True)


def _is_ours(url: str) -> bool:
    """Whether the server is of the version whose tools we have."""
    with psycopg.connect(url) as link:
        ours = _run([_tool("postgres"), "--version"]).split()[2]
        return str(link.info.server_version // 10_000) == ours.partition(".")[0]


def _migrate(url: str) -> None:
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    _run([sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"], environment)


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    ran = subprocess.run(command, env=environment, cwd=CLONE, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{command[0]} ended with {ran.returncode}: {ran.stderr[-3000:]}")
    return ran.stdout


def _tool(name: str) -> str:
    return str(installation() / "bin" / name)


def _beside(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of everybody with these migrations on this machine: whoever comes second finds what the first one made."""
    with (SHELF / f"migrated-{key()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
