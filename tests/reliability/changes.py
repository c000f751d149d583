"""Pauses, holds, moved dates, more time, hand-ins and people who leave, while a worker, a beat and the loop send.

Whoever is handed a mail asks the database, on a connection of its own, whether the mail may still go. What stands still
may get nothing from that very moment on. A hand-in waits for no mail server, so a mail that is just being handed over
while its reason ends is counted by itself; a second later nothing may leave for it.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from tests.reliability import clusters, fleet
from tests.reliability.houses import House, open_house
from tests.reliability.milestones import Record
from tests.reliability.postoffice import RECORD

SEED = 20267
COHORTS, KINDS = 6, 5
GRACE = timedelta(seconds=1)  # for what does not wait for a mail in somebody's hands
LEAD, LEAD_OF_EACH = 3.0, 0.008  # seconds, and for each milestone, in which they are made
SETTLED_WITHIN = 180
LEFT = """
SELECT 'message', kind, state, reason FROM clients_message
WHERE state IN ('queued', 'sending', 'held') AND available_at < clock_timestamp() + interval '1 minute'
UNION ALL SELECT 'moment', kind, state, reason FROM coaching_milestone
WHERE state = 'pending' AND due_at < clock_timestamp()
"""


def run(
    kind: str = "embedded", *, operations: int = 200, seconds: float = 20, clients: int = 8, seed: int = SEED
) -> dict[str, Any]:
    """The figures of one run."""
    began = time.monotonic()
    with open_house(kind, "witness_settings") as house:
        seconds *= house.nursery.slowness
        lead = (LEAD + LEAD_OF_EACH * COHORTS * clients * KINDS) * house.nursery.slowness
        house.hands("people", cohorts=COHORTS, clients=clients, lead=lead, window=seconds * 1.1)
        processes, log = house.fleet(seed), house.folder / "did.jsonl"
        processes.add(fleet.worker(house.environment, 1), fleet.beat(house.environment, 1))
        processes.add(fleet.loop(house.environment))
        asked = {"operations": operations, "seconds": seconds, "seed": seed, "log": str(log)}
        try:
            with ThreadPoolExecutor(1) as background:
                act = background.submit(house.hands, "change", **asked)
                while not act.done():
                    processes.look_after(0.2)
                did = act.result()
            left = settle(house, processes)
        finally:
            processes.stop()
        done = [json.loads(line) for line in log.read_text().splitlines()]
        return judge(Record(house.folder / RECORD).read(), done) | {
            "operations asked for": operations,
            "refused, and another done instead": did.get("refused", 0),
            "told to come again in a second": did.get("not this second", 0),
            "not settled in the end": len(left),
            "first of these": [" ".join(one) for one in left[:5]],
            "database": clusters.version(house.cluster),
            "seconds": round(time.monotonic() - began, 1),
        }


def settle(house: House, processes: fleet.Fleet) -> list[tuple[str, ...]]:
    """Wait until nothing is due any more, and for what may not come. What is still due then."""
    until = time.monotonic() + SETTLED_WITHIN
    with clusters.connect(house.cluster.url) as connection:
        while (left := connection.execute(LEFT).fetchall()) and time.monotonic() < until:
            processes.look_after(0.3)
        return left


def judge(handed: list[dict[str, Any]], done: list[dict[str, Any]]) -> dict[str, Any]:
    """Every mail that was handed over, beside what was done before it."""
    lapsed = [line for line in handed if line["guard"] and not line["still"]]
    just = [line for line in lapsed if is_just_done(line, done)]
    return {
        "operations": len(done),
        **{f"“{name}”": sum(line["did"] == name for line in done) for name in sorted({line["did"] for line in done})},
        "mails handed over": len(handed),
        "to whom or what stood still, or had left": sum(bool(line["still"]) for line in handed),
        "for a reason that had ended": len(lapsed) - len(just),
        "whose reason ended within the second before": len(just),
    }


def is_just_done(line: dict[str, Any], done: list[dict[str, Any]]) -> bool:
    """Whether something about this reader or cohort was done in the second before."""
    at = datetime.fromisoformat(line["at"])
    about = [one for one in done if one["cohort"] == line["cohort"] and one["to"] in ("", line["to"])]
    return any(at - GRACE <= datetime.fromisoformat(one["at"]) <= at + GRACE for one in about)
