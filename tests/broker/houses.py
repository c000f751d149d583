"""Houses with a queue: each with a database, a broker, the product's processes, and what is owed to whom.

One PostgreSQL serves all of them, and its tables are made once: every house begins with a copy of them.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import redis

from config import embedded, up
from config.folders import CLONE
from config.postgres import HBA_HEAD, ROLE
from config.processes import Child, Program
from config.sockets import known
from tests.conftest_pg import FAST
from tests.reliability import clusters, fleet, milestones
from tests.reliability.postoffice import CALM, RECORD

SOON = 150  # seconds in which everything has to have come, on a slow machine
ANOTHER_LOOK = 3  # seconds in which a beat in a hurry says “look now” again, and nothing may come of it


@dataclass
class Street:
    """The PostgreSQL of all houses. `host` is where other machines find this one, where there are any."""

    folder: Path
    cluster: embedded.Cluster
    host: str = ""
    built: int = 0

    def build(self) -> tuple[str, str]:
        """A database with the tables in it: its address on this machine, and the one for others."""
        self.built += 1
        name = f"house_{self.built}"
        with clusters.connect(self.address("postgres")) as link:
            link.execute(f"CREATE DATABASE {name} TEMPLATE across")
        return self.address(name), self.address(name, self.host)

    def address(self, database: str, host: str = "") -> str:
        account = f"postgres://{ROLE}:{quote(self.cluster.password, safe='')}"
        if host:
            return f"{account}@{host}:5432/{database}"
        return f"{account}@/{database}?host={quote(str(known(self.cluster.data, self.cluster.account)), safe='')}"


@contextmanager
def street(host: str = "") -> Iterator[Street]:
    """A started PostgreSQL whose database has its tables, reached by its socket and where it is named at `host`."""
    folder = Path(tempfile.mkdtemp(prefix="across-broker-"))
    folder.chmod(0o711)  # the database's account passes through
    cluster = embedded.ensure_cluster(folder / "data", FAST | {"listen_addresses": host}, for_tests=True)
    from_elsewhere = f"host all {ROLE} samenet scram-sha-256\n" if host else ""
    for_all = f"{HBA_HEAD}local all {ROLE} scram-sha-256\n"
    (cluster.folder / "pg_hba.conf").write_text(for_all + from_elsewhere)
    cluster.start()
    try:
        found = Street(folder, cluster, host)
        fleet.hands(fleet.surroundings(found.address("across"), folder / "first", clusters.free_port()), "prepare")
        yield found
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class House:
    """Everything a test needs of one: `programs` are those that may run in it, by their names."""

    url: str
    environment: Mapping[str, str]
    folder: Path
    processes: fleet.Fleet
    programs: dict[str, Program] = field(default_factory=dict)
    owed: list[milestones.Owed] = field(default_factory=list)
    plans: int = 0
    hands: subprocess.Popen[str] | None = None

    # --- Who is there ---

    def only(self, *names: str) -> None:
        """These run, whoever is missing from now on, and nobody else."""
        for name in set(self.processes.children) - set(names):
            self.processes.retire(name)
        self.processes.add(*(self.programs[name] for name in names if name not in self.processes.children))

    def until(self, there: Callable[[], Any], seconds: float = SOON) -> bool:
        """Look after everybody until it is so, for so long at most."""
        ends = time.monotonic() + seconds
        while not (found := there()) and time.monotonic() < ends:
            self.processes.look_after(0.1)
        return bool(found)

    # --- What people do ---

    def act(self, name: str, **arguments: Any) -> Any:
        """One of the acts of `hands`, by hands that stay in the house."""
        self.asks(name, **arguments)
        return self.answered()

    def asks(self, name: str, **arguments: Any) -> None:
        if self.hands is None:
            self.hands = subprocess.Popen(
                [sys.executable, "-m", "tests.broker.at_hand"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, env=dict(self.environment), cwd=CLONE,
            )  # fmt: skip
        self.hands.stdin.write(json.dumps([name, arguments]) + "\n")
        self.hands.stdin.flush()

    def answered(self) -> Any:
        line = self.hands.stdout.readline()
        assert line, "whoever did it stopped"
        return json.loads(line)

    def planning(self, *, seconds: float) -> None:
        """Begin to plan milestones that come due over so many seconds from now on."""
        self.plans += 1
        whose = {"cohorts": 1, "clients": 4, "names": f"{self.plans}-"}
        self.asks("milestones", lead=seconds / 3, window=seconds, **whose)

    def planned(self) -> list[milestones.Owed]:
        found = [milestones.Owed.read(one) for one in self.answered()]
        self.owed += found
        return found

    def plan(self, *, seconds: float) -> list[milestones.Owed]:
        self.planning(seconds=seconds)
        return self.planned()

    # --- What came of it ---

    def came(self) -> list[tuple[str, str, str]]:
        return sorted(milestones.mails(self.folder / "mail"))

    def all_came(self, owed: list[milestones.Owed]) -> bool:
        return not {one.mark for one in owed} - {mark for mark, *_rest in self.came()}

    def record(self) -> list[dict[str, Any]]:
        """What the provider was handed, in its order."""
        return milestones.Record(self.folder / RECORD).read()

    def judged(self) -> dict[str, int]:
        """How many of all messages owed until now are lost, twice or early, and how many came."""
        found = milestones.judge(self.url, self.folder / "mail", self.record(), self.owed)
        return {name: found[name] for name in ("messages that came", "lost", "twice or owed to nobody", "early")}

    @property
    def as_owed(self) -> dict[str, int]:
        return {"messages that came": len(self.owed), "lost": 0, "twice or owed to nobody": 0, "early": 0}

    def ask_to_stop(self) -> None:
        """All of them, so that they need not be waited for one after the other."""
        for child in self.processes.children.values():
            child.ask_to_stop()

    def close(self) -> None:
        self.processes.stop()
        if self.hands:
            self.hands.stdin.close()
            self.hands.wait(20)
            self.hands.stdout.close()


@contextmanager
def house(on: Street, **queue: str) -> Iterator[House]:
    """One with this queue, and nobody in it yet."""
    here, there = on.build()
    folder = on.folder / f"house-{on.built}"
    environment = fleet.surroundings(there if on.host else here, folder, clusters.free_port(), **queue)
    (folder / CALM).touch()
    found = House(here, environment, folder, fleet.Fleet(folder / "log", random.Random(1)))
    try:
        yield found
    finally:
        found.close()


def hurried(program: Program) -> Program:
    """The same program on the app that is in a hurry."""
    return replace(program, command=["tests.broker.hurried" if part == "config" else part for part in program.command])


def programs(environment: Mapping[str, str], **more: str) -> dict[str, Program]:
    """What `make run` starts, with a beat in a hurry, and the loop that needs no queue."""
    found = {one.name: one for one in up.programs({**environment, **more})}
    in_a_hurry = {name: hurried(found[name]) for name in ("worker", "beat")}
    return found | in_a_hurry | {"loop": fleet.loop(environment)}


# --- Redis ------------------------------------------------------------------------------------------


@dataclass
class Redis:
    """A redis-server that remembers nothing, as an operator may run it."""

    port: int
    child: Child

    @classmethod
    def at(cls, folder: Path, *more: str) -> "Redis":
        """Reached on this machine, and under these addresses as well."""
        port = clusters.free_port()
        command = [shutil.which("redis-server") or "redis-server", "--bind", "127.0.0.1", *more, "--port", str(port)]
        command += ["--protected-mode", "no", "--save", "", "--appendonly", "no", "--dir", str(folder)]
        return cls(port, Child(Program("redis", command, {}, folder), folder / "redis.log", tell=lambda _line: None))

    @property
    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port)

    def start(self) -> None:
        """Start it, where it is not running, and wait until it answers."""
        if not self.child.alive:
            self.child.start()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise AssertionError(f"redis-server did not answer: {list(self.child.tail)}")

    def stop(self) -> None:
        self.child.finish(time.monotonic())
