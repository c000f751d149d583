"""Rows that break whoever handles them, in six ways, among others that are fine: each is set aside, the others go on."""

import time
from typing import Any

from tests.reliability import clusters, fleet
from tests.reliability.houses import open_house
from tests.reliability.poisoned import POISONS
from tests.reliability.postoffice import CALM

SEED = 20264
TRIES = 5
LATE = "p95 of the others, seconds late"
SETTLED_WITHIN = (
    300  # seconds on a machine at rest, which needs a tenth of that; and for each poison of a kind a tenth more
)
ROWS = """
SELECT u.email, m.state, m.attempts, extract(epoch FROM m.fired_at - m.due_at)
FROM coaching_milestone m JOIN clients_enrolment e ON e.id = m.enrolment_id JOIN clients_user u ON u.id = e.client_id
WHERE m.kind = 'week.unlock' AND m.week = 2
"""


def run(kind: str = "embedded", *, rounds: int = 1, each: int = 1, others: int = 60) -> dict[str, Any]:
    """The figures of so many rounds together."""
    found = [one_round(kind, each, others, SEED + number) for number in range(rounds)]
    summed = {name: round(sum(one[name] for one in found), 1) for name in found[0] if name not in (LATE, "database")}
    return summed | {LATE: max(one[LATE] for one in found), "database": found[0]["database"]}


def one_round(kind: str, each: int, others: int, seed: int) -> dict[str, Any]:
    """The loop, twice, with some of each poison among the others."""
    began = time.monotonic()
    with open_house(kind, "poison_settings") as house:
        (house.folder / CALM).touch()
        house.hands("poisoned", kinds=list(POISONS), each=each, others=others)
        processes = house.fleet(seed)
        processes.add(*(fleet.loop(house.environment, n) for n in (1, 2)))
        try:
            wait(house.cluster.url, processes, SETTLED_WITHIN * house.nursery.slowness * (1 + each / 10))
        finally:
            processes.stop()
        return judge(rows(house.cluster.url)) | {
            "workers that died of it": processes.deaths.total(),
            "database": clusters.version(house.cluster),
            "seconds": round(time.monotonic() - began, 1),
        }


def rows(url: str) -> list[tuple[str, str, int, float]]:
    with clusters.connect(url) as connection:
        return connection.execute(ROWS).fetchall()


def wait(url: str, processes: fleet.Fleet, longest: float) -> None:
    until = time.monotonic() + longest
    while any(state == "pending" for _to, state, _tries, _late in rows(url)) and time.monotonic() < until:
        processes.look_after(0.5)


def judge(found: list[tuple[str, str, int, float]]) -> dict[str, Any]:
    """Which poison was set aside after how many tries, and how late the others were for it."""
    bad = [row for row in found if row[0].startswith("poison-")]
    good = [row for row in found if not row[0].startswith("poison-")]
    late = sorted(float(row[3]) for row in good if row[1] == "fired")
    return {
        "poisonous": len(bad),
        "set aside": sum(row[1] == "dead" for row in bad),
        "tried more than five times": sum(row[2] > TRIES for row in bad),
        "others": len(good),
        "others told": len(late),
        "others given up": sum(row[1] == "dead" for row in good),
        "others kept longer than a minute": sum(one > 60 for one in late),
        LATE: round(late[int(len(late) * 0.95)], 1) if late else 0,
    }
