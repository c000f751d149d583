"""`python -m config.up`: all of Across in one terminal. `python -m config.up run-with -- COMMAND`: the database only.

Variables: PORT, HOST, ACROSS_DATA, ACROSS_DEMO, ACROSS_DEMO_PASSWORD, WEB_CONCURRENCY, DATABASE_URL,
CELERY_BROKER_URL, SECRET_KEY. They are described in docs/operating.md.
"""

import errno
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from config import embedded, leftovers, processes
from config.binaries import installation
from config.embedded import SetUpProblem
from config.folders import CLONE, database_account, ensure_data_folder
from config.processes import Program, die_with_parent, say
from config.supervisor import Lock, Supervisor, Table, await_database, python

LOOPBACK = "127.0.0.1"
OFF = {"", "0", "false", "no", "off"}
DEMO_PASSWORD = "across-demo"  # noqa: S105  printed at every start, and the reason why only this machine may reach it
USAGE = "Run python -m config.up, or python -m config.up run-with -- COMMAND."
PRIVATE = 0o077  # umask: what children write is nobody else's business
STEPS = re.compile(r"^· ")


def main(arguments: list[str]) -> int:
    """The exit code of one call from the command line."""
    if not arguments:
        return guarded(run)
    if arguments[:2] == ["run-with", "--"] and arguments[2:]:
        return guarded(lambda: run_with(arguments[2:]))
    return complain(USAGE)


def guarded(work: Callable[[], int]) -> int:
    """The exit code of `work`. Whatever goes wrong is one sentence on stderr."""
    try:
        return work()
    except SetUpProblem as problem:
        return complain(str(problem))
    except OSError as error:
        return complain(f"{error.filename or 'The system'} says “{error.strerror}”: see to that and start again.")
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  a person at a terminal gets a sentence, the log gets the rest
        return complain(f"Across stopped ({type(error).__name__}: {error}).{keep(traceback.format_exc())}")


def complain(sentence: str) -> int:
    """One line to stderr."""
    sys.stderr.write(f"Across: {' '.join(sentence.split())}\n")
    return 1


def keep(details: str) -> str:
    """Write details into the log folder, and say where."""
    path = embedded.data_folder() / "log" / "up.log"
    try:
        path.write_text(details, encoding="utf-8")
    except OSError:
        return ""
    return f" Details are in {path}"


def run(table: Table | None = None, preparation: list[str] | None = None) -> int:
    """Start everything and stay until told to stop. `table` and `preparation` replace what is run."""
    host, port = host_and_port(os.environ)
    data, account = embedded.data_folder(), database_account()
    ensure_data_folder(data, account)
    os.umask(PRIVATE)
    lock = Lock(data)
    if not lock.take():
        raise SetUpProblem(already(lock.holder()))
    processes.die_with_make()
    address = f"http://{host}:{port}"
    record = lock.begin("up", data / "postgres", address)
    refuse_taken(host, port)
    if data.parent != CLONE and not os.environ.get("ACROSS_DATA"):
        say(f"The data is in {data}, because {account.name if account else 'PostgreSQL'} cannot enter {CLONE}.")
    cluster = None if embedded.is_external() else embedded.ensure_cluster(data)
    environment = surroundings(data, host, port, record.run)
    if preparation is None:
        preparation = python("-m", "config.preparing", str(data / "run" / "welcome"))
    supervisor = Supervisor(data, lock, record, cluster)
    supervisor.run(environment, preparing(preparation, environment), table or programs)
    return 0


def host_and_port(variables: Mapping[str, str]) -> tuple[str, int]:
    """HOST and PORT, checked. Only this machine may reach Across while everybody knows a password."""
    host = variables.get("HOST", "").strip() or LOOPBACK
    asked = variables.get("PORT", "").strip() or "8000"
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked) <= 65535:
        raise SetUpProblem(f"PORT is “{asked}”: set it to a number from 1 to 65535.")
    demo = variables.get("ACROSS_DEMO", "1").strip().lower() not in OFF
    known = variables.get("ACROSS_DEMO_PASSWORD", "").strip() in {"", DEMO_PASSWORD}
    if host != LOOPBACK and demo and known:
        raise SetUpProblem(
            f"HOST is {host}, and the demo's password is known to everybody: set ACROSS_DEMO_PASSWORD to one of your "
            f"own or ACROSS_DEMO to 0, or leave HOST at {LOOPBACK}."
        )
    return host, int(asked)


def refuse_taken(host: str, port: int) -> None:
    """The web server's place has to be free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                told = f"Port {port} is in use by another program: set PORT to a free one, such as {port % 65535 + 1}."
            elif error.errno == errno.EACCES:
                told = f"Port {port} is reserved for the system: set PORT to 1024 or more."
            else:
                told = f"HOST {host} is not an address of this machine ({error.strerror}): leave it at {LOOPBACK}."
            raise SetUpProblem(told) from None


def already(holder: leftovers.Record | None) -> str:
    """Why a second one does not start."""
    if holder is None:
        return "Another Across is starting in this data folder: wait for it, or set ACROSS_DATA to another folder."
    if holder.what != "up":
        return f"“{holder.what}” is using the database (process {holder.pid}): wait for it to end."
    return (
        f"Across is already running at {holder.address} (process {holder.pid}): stop it with Ctrl-C in its terminal, "
        "or set ACROSS_DATA and PORT to run another."
    )


def surroundings(data: Path, host: str, port: int, run_id: str) -> dict[str, str]:
    """The environment of every child."""
    local = {"ACROSS_LOCAL": "1"} if host == LOOPBACK else {}
    return local | embedded.environment(data) | {
        "HOST": host,
        "PORT": str(port),
        "TMPDIR": str(data / "tmp"),
        "PYTHONUNBUFFERED": "1",
        leftovers.MARK: run_id,
    }  # fmt: skip


def preparing(command: list[str], environment: Mapping[str, str]) -> Program | None:
    """Tables, static files, content and demo, before anything is served."""
    return Program("prepare", command, environment, CLONE, loud=STEPS) if command else None


def programs(environment: Mapping[str, str]) -> list[Program]:
    """Web, worker and beat, and a listener where transcripts are on. None starts anything but its own people."""
    data = Path(environment["ACROSS_DATA"])
    web = python(
        "-m", "gunicorn", "config.wsgi:application", "--preload", "--worker-class", "gthread", "--threads", "4",
        "--workers", environment.get("WEB_CONCURRENCY", "2"), "--log-level", "warning",
        "--bind", f"{environment['HOST']}:{environment['PORT']}", "--worker-tmp-dir", str(data / "tmp"),
        "--timeout", "60", "--graceful-timeout", "8", "--no-control-socket",
    )  # fmt: skip
    beat = python(
        "-m", "celery", "--quiet", "-A", "config", "beat", "--loglevel", "WARNING",
        "--schedule", str(data / "run" / "beat"),
    )  # fmt: skip
    named = [("web", web), ("worker", worker(environment)), ("beat", beat)]
    if environment.get("ACROSS_SPEECH_MODEL"):  # a minute of speech takes its time, and mail is not to wait for it
        named[1:2] = [("worker", worker(environment, "celery")), ("listener", worker(environment, "speech"))]
    return [Program(name, command, environment, CLONE) for name, command in named]


def worker(environment: Mapping[str, str], queue: str = "") -> list[str]:
    """A worker for one queue, or for all."""
    only = ["--queues", queue] if queue else []
    return python(
        "-m", "celery", "--quiet", "-A", "config", "worker", "--loglevel", "WARNING",
        "--pool", "prefork", "--concurrency", "1", "--hostname", f"across-{queue}{environment['PORT']}@%h",
        "--without-gossip", "--without-mingle", "--without-heartbeat", *only,
    )  # fmt: skip


def run_with(command: list[str]) -> int:
    """Run a command with the database up and everything in its environment; stop what was started for it.

    Several may run at the same time, and beside `python -m config.up`: the first starts the database, and
    waits for the others before it stops it.
    """
    data = embedded.data_folder()
    ensure_data_folder(data, database_account())
    if embedded.is_external():
        return call(command, embedded.environment(data))
    guests = (data / "run" / "guests").open("a")
    fcntl.flock(guests, fcntl.LOCK_SH)
    lock = Lock(data)
    if not lock.take():
        await_database(data / "postgres")
        return call(command, with_tools(embedded.environment(data)))
    record = lock.begin(" ".join(command)[:80], data / "postgres")
    cluster = embedded.ensure_cluster(data)
    try:
        cluster.start()
        return call(command, with_tools(embedded.environment(data)) | {leftovers.MARK: record.run})
    finally:
        await_guests(guests)
        cluster.stop()
        lock.end()


def with_tools(environment: dict[str, str]) -> dict[str, str]:
    """The same, with the embedded database's own psql, pg_dump and pg_restore found first."""
    return environment | {"PATH": os.pathsep.join([str(installation() / "bin"), environment.get("PATH", os.defpath)])}


def await_guests(guests: IO[str]) -> None:
    """Let the other commands that use the database end first."""
    fcntl.flock(guests, fcntl.LOCK_UN)
    try:
        fcntl.flock(guests, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        complain("Another command still uses the database. It is stopped when that has ended.")
        fcntl.flock(guests, fcntl.LOCK_EX)


def call(command: list[str], environment: dict[str, str]) -> int:
    """The command's exit code. Its Ctrl-C is its own; a TERM sent to us is handed on."""
    tie = die_with_parent(signal.SIGTERM)
    try:
        child = subprocess.Popen(command, env={"ACROSS_LOCAL": "1"} | environment, preexec_fn=tie)
    except OSError as error:
        raise SetUpProblem(f"“{command[0]}” cannot be run ({error.strerror}): check its name.") from None
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
