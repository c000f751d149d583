"""Mails through a server with and without keys, whose answers get lost while postmen are killed and stopped.

With keys nobody gets anything twice. Without them, whatever may have come twice is flagged, and what is not worth a
second copy is held for a person.
"""

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from tests.reliability import clusters, fleet, hasty
from tests.reliability.houses import House, open_house
from tests.reliability.milestones import mails
from tests.reliability.postoffice import CALM

SEED = 20265
STOPPED = 1.0  # seconds, now and then, in which a postman stands still with mails in hand
LEASE = 10  # seconds; a minute in the product
SETTLED_WITHIN, EACH = 150, 0.1  # seconds, and for each mail
# Reminders of the invitations lie there for days hence; nobody waits for them here.
ROWS = "SELECT kind, state, maybe_twice, count(*) FROM clients_message WHERE kind <> 'invite.remind' GROUP BY 1, 2, 3"
WAITING = "SELECT count(*) FROM clients_message WHERE state IN ('queued', 'sending') AND kind <> 'invite.remind'"
TWICE = "SELECT key FROM clients_message WHERE maybe_twice OR state = 'unknown'"


def run(
    kind: str = "embedded",
    *,
    keys: bool = False,
    clients: int = 24,
    invited: int = 504,
    lease: float = LEASE,
    seed: int = SEED,
) -> dict[str, Any]:
    """The figures of one run."""
    began = time.monotonic()
    with open_house(kind, "settings" if keys else "plain_settings", **{hasty.LEASE: str(lease)}) as house:
        house.hands("mailbag", clients=clients, invited=invited)
        processes = house.fleet(seed)
        processes.add(*(fleet.loop(house.environment, number) for number in (1, 2)))
        try:
            trouble(house, processes, clients + invited)
        finally:
            processes.stop()
        return judge(house) | {
            "postmen killed": processes.deaths.total(),
            "seconds of a lease": lease,
            "database": clusters.version(house.cluster),
            "seconds": round(time.monotonic() - began, 1),
        }


def trouble(house: House, processes: fleet.Fleet, count: int) -> None:
    """Stop one of them now and then; half-way through nothing goes wrong on purpose any more."""
    until, chance = time.monotonic() + SETTLED_WITHIN + EACH * count, processes.chance
    with clusters.connect(house.cluster.url) as connection:
        while time.monotonic() < until:
            left = connection.execute(WAITING).fetchone()[0]
            told = len(list(house.mail.glob("*.eml")))
            if told and not left:
                return
            if told > count * 0.8:
                (house.folder / CALM).touch()
            elif chance.random() < 0.2:
                stand_still(processes, f"loop-{chance.choice('12')}")
            processes.look_after(0.5)


def stand_still(processes: fleet.Fleet, name: str) -> None:
    """Who is killed while standing still does not go on."""
    if pid := processes.children[name].pid:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            processes.look_after(STOPPED)
            os.kill(pid, signal.SIGCONT)


def judge(house: House) -> dict[str, Any]:
    """What was posted beside what came."""
    copies = Counter(mails(house.mail))
    with clusters.connect(house.cluster.url) as connection:
        rows = connection.execute(ROWS).fetchall()
        flagged = connection.execute(TWICE).fetchall()
    states = Counter[str]()
    for _kind, state, _twice, number in rows:
        states[state] += number
    twice = {mark for (mark, _kind, _to), number in copies.items() if number > 1}
    known = {fleet.mark_of(key) for (key,) in flagged}
    record = house.record.read_text()
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
