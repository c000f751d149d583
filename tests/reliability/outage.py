"""Three days without a look, and then everybody's overdue moments at once: one mail each, nothing stale."""

from typing import Any

from tests.reliability import clusters
from tests.reliability.houses import open_house
from tests.reliability.postoffice import CALM

SEED = 20266
TOLD = """
SELECT person_id, count(*) FROM clients_message WHERE state NOT IN ('cancelled') AND person_id IS NOT NULL GROUP BY 1
"""
STATES = "SELECT state, count(*) FROM coaching_milestone GROUP BY 1"
STALE = "SELECT count(*) FROM coaching_milestone WHERE kind IN ('nudge.midweek', 'due.reminder') AND state = 'fired'"


def run(kind: str = "embedded", *, people: int = 1_000) -> dict[str, Any]:
    """The figures of one run: looks until nothing is due."""
    with open_house(kind) as house:
        (house.folder / CALM).touch()
        house.hands("outage", people=people)
        spent = house.hands("make_up_for")
        with clusters.connect(house.cluster.url) as connection:
            states = dict(connection.execute(STATES).fetchall())
            told = dict(connection.execute(TOLD).fetchall())
            stale = connection.execute(STALE).fetchone()[0]
        return {
            "overdue": 5 * people,
            "settled": states.get("fired", 0) + states.get("skipped", 0),
            "people told": len(told),
            "people told more than once": sum(count > 1 for count in told.values()),
            "stale reminders": stale,
            "given up": states.get("dead", 0),
            "a second": round(5 * people / spent),
            "database": clusters.version(house.cluster),
            "seconds": round(spent, 1),
        }
