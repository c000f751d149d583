"""Mails through a server with and without keys, whose answers get lost while postmen are killed and stopped.

With keys nobody gets anything twice. Without them, whatever may have come twice is flagged, and what is not worth a
second copy is held for a person.
"""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.reliability import clusters, fleet
from tests.reliability.milestones import mails
from tests.reliability.postoffice import CALM, RECORD

SEED = 20265
STOPPED = 1.0  # seconds, now and then, in which a postman stands still with mails in hand
SETTLED_WITHIN, EACH = 150, 0.1  # a lease alone takes 60
ROWS = "SELECT kind, state, maybe_twice, count(*) FROM clients_message GROUP BY 1, 2, 3"
WAITING = "SELECT count(*) FROM clients_message WHERE state IN ('queued', 'sending')"
TWICE = "SELECT key FROM clients_message WHERE maybe_twice OR state = 'unknown'"


def run(
    kind: str = "embedded", *, keys: bool = False, clients: int = 60, invited: int = 540, seed: int = SEED
) -> dict[str, Any]:
    """The figures of one run."""
    began = time.monotonic()
    with clusters.running(kind) as (cluster, folder):
        house = folder / "house"
        environment = fleet.surroundings(cluster.url, house, clusters.free_port())
        fleet.hands(environment, "prepare")
        fleet.hands(environment, "mailbag", clients=clients, invited=invited)
        environment["DJANGO_SETTINGS_MODULE"] = f"tests.reliability.{'settings' if keys else 'plain_settings'}"
        processes = fleet.Fleet(house / "log", random.Random(seed))
        processes.add(*(fleet.loop(environment, number) for number in (1, 2)))
        try:
            trouble(cluster.url, house, processes, clients + invited)
        finally:
            processes.stop()
        return judge(cluster.url, house) | {
            "postmen killed": processes.deaths.total(),
            "database": clusters.version(cluster),
            "seconds": round(time.monotonic() - began, 1),
        }


def trouble(url: str, house: Path, processes: fleet.Fleet, count: int) -> None:
    """Stop one of them now and then; half-way through nothing goes wrong on purpose any more."""
    until, chance = time.monotonic() + SETTLED_WITHIN + EACH * count, processes.chance
    with clusters.connect(url) as connection:
        while time.monotonic() < until:
            left = connection.execute(WAITING).fetchone()[0]
            told = len(list((house / "mail").glob("*.eml"))) if (house / "mail").exists() else 0
            if told and not left:
                return
            if told > count * 0.8:
                (house / CALM).touch()
            elif chance.random() < 0.2:
                stand_still(processes, f"loop-{chance.choice('12')}")
            processes.look_after(0.5)


def stand_still(processes: fleet.Fleet, name: str) -> None:
    if pid := processes.children[name].pid:
        os.kill(pid, signal.SIGSTOP)
        processes.look_after(STOPPED)
        os.kill(pid, signal.SIGCONT)


def judge(url: str, house: Path) -> dict[str, Any]:
    """What was posted beside what came."""
    copies = Counter(mails(house / "mail"))
    with clusters.connect(url) as connection:
        rows = connection.execute(ROWS).fetchall()
        flagged = connection.execute(TWICE).fetchall()
    states = Counter[str]()
    for _kind, state, _twice, number in rows:
        states[state] += number
    twice = {mark for (mark, _kind, _to), number in copies.items() if number > 1}
    known = {fleet.mark_of(key) for (key,) in flagged}
    record = (house / RECORD).read_text()
    return {
        "mails": states.total() - states["cancelled"],
        "settled": states["sent"] + states["unknown"],
        "held because nobody knows": states["unknown"],
        "lost": states["sent"] - len(copies) if states["sent"] > len(copies) else 0,
        "second copies": copies.total() - len(copies),
        "second copies nobody flagged": len(twice - known),
        "given up": states["dead"],
        "flagged": len(known),
        "answers lost": record.count('"lost"'),
        "killed while handing over": record.count('"killed"'),
    }
