"""Two cohorts of ten weeks and the year around them, with a real worker and beat, while the database's clock is moved.

The clock goes from one thing that is to happen to the next, and never more than five hours at once. Whenever the
engine has looked and nothing is left that is due, it goes on. What came is read from the provider's record.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.folders import CLONE
from config.processes import Program
from tests.reliability import clusters, fleet, lives, owed
from tests.reliability.acting import People
from tests.reliability.moving import LONGEST_STEP, Moving
from tests.reliability.owed import Owed
from tests.reliability.postoffice import CALM

STARTS = (date(2026, 10, 5), date(2027, 3, 1))  # Mondays: weeks in which the clocks go back, and forward
BEFORE = timedelta(weeks=4)
ENDS = datetime(2028, 3, 1, tzinfo=UTC)  # ten weeks of the second cohort and nine months; of the first, over a year
LATEST = timedelta(seconds=90)  # how much of its minute a message may take while a slow machine catches up
PAGE = CLONE / "docs" / "messages.md"
HEAD = """Written by `make year` from a run of two cohorts of ten weeks and the year around them, \
with a real worker and beat and the database's clock moved from one thing to the next, at most five hours at once. \
Five clients walk in each, where the names say; one of them comes in and does nothing, one leaves in week 4, one misses \
weeks. Whoever has done it all is confirmed to have finished; one of those never answers when asked how it went on, one \
answers once and then asks to be left alone, one does not agree to be asked. The clocks go back on 25 October 2026 in Berlin and on 1 November in Los Angeles, forward on 14 and 28 March 2027. \
What is owed was worked out apart from the product, from the programme's table and from what everybody did."""
SENT = """
SELECT m.kind, coalesce(u.email, m.address), coalesce(u.zone, 'UTC'), m.sent_at, coalesce(c.name, ''), m.about
FROM clients_message m LEFT JOIN clients_user u ON u.id = m.person_id LEFT JOIN clients_cohort c ON c.id = m.cohort_id
WHERE m.state = 'sent' ORDER BY m.sent_at, m.id
"""


@dataclass(frozen=True)
class Sent:
    """One message that left: when by the database's clock."""

    kind: str
    to: str
    zone: str
    at: datetime
    cohort: str


@dataclass(frozen=True)
class Outcome:
    """What came of a run: `missing` was owed and never left, `uncalled` left and was not owed."""

    told: lives.Told
    came: list[Sent]
    missing: list[Owed]
    uncalled: list[Sent]
    figures: dict[str, float]


@dataclass
class Year:
    """One run."""

    clock: Moving
    processes: fleet.Fleet
    people: People
    ends_at: datetime
    steps: int = 0
    longest: timedelta = field(default_factory=timedelta)

    def live(self) -> None:
        """Until the end, from one thing that is to happen to the next."""
        while (now := self.clock.now) < self.ends_at:
            waiting = self._settle()
            wanted = [one for one in (waiting, self.people.next_at) if one is not None]
            target = min([*wanted, now + LONGEST_STEP])
            self.longest = max(self.longest, target - now)
            self.clock.move_to(target)
            self.steps += 1
            self.people.act(target)
        self._settle()

    def _settle(self) -> datetime | None:
        return self.clock.settle(lambda: self.processes.look_after(0.02))


@contextmanager
def running(ends_at: datetime, starts: tuple[date, date] = STARTS) -> Iterator[Year]:
    """Everything that takes part, from four weeks before the first cohort starts."""
    folder = Path(tempfile.mkdtemp(prefix="across-year-"))
    folder.chmod(0o711)  # the database's account passes through
    begins = datetime.combine(starts[0], datetime.min.time(), UTC) - BEFORE
    cluster = Moving(folder, begins)
    cluster.start()
    try:
        with _lived(cluster, folder, starts, ends_at) as year:
            yield year
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _lived(cluster: Moving, folder: Path, starts: tuple[date, date], ends_at: datetime) -> Iterator[Year]:
    environment = fleet.surroundings(cluster.url, folder / "house", clusters.free_port())
    (folder / "house" / CALM).touch()
    processes = fleet.Fleet(folder / "house" / "log", random.Random(1))
    people = People(_people(environment, starts))
    try:
        people.hear()
        processes.add(hurried(fleet.worker(environment, 1)), hurried(fleet.beat(environment, 1)))
        yield Year(cluster, processes, people, ends_at)
    finally:
        processes.stop()
        people.process.stdin.close()
        people.process.wait(20)


def hurried(program: Program) -> Program:
    """The same program on the app whose beat is in a hurry."""
    command = ["tests.reliability.quick" if part == "config" else part for part in program.command]
    return replace(program, command=command)


def _people(environment: Mapping[str, str], starts: tuple[date, date]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.lives", *(day.isoformat() for day in starts)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=dict(environment), cwd=CLONE,
    )  # fmt: skip


def sent(year: Year) -> list[Sent]:
    """Everything that left, in its order."""
    return [Sent(*row[:5]) for row in year.clock.eyes.execute(SENT).fetchall()]


def run(ends_at: datetime = ENDS, starts: tuple[date, date] = STARTS) -> "Outcome":
    """Live until then, and compare what came with what was owed."""
    began = time.monotonic()
    told = lives.told(starts)
    with running(ends_at, starts) as year:
        year.live()
        came = sent(year)
        missing, uncalled = compared(owed.owed(told, ends_at - LATEST), came)
        uncalled = [one for one in uncalled if one.at < ends_at - LATEST]
        return Outcome(
            told=told,
            came=came,
            missing=missing,
            uncalled=uncalled,
            figures={
                "messages owed": len(owed.owed(told, ends_at - LATEST)),
                "messages that came": len(came),
                "owed and never sent": len(missing),
                "sent and not owed, twice included": len(uncalled),
                "steps of the clock": year.steps,
                "hours of the longest step": round(year.longest.total_seconds() / 3600, 2),
                "things people did": year.people.taken,
                "seconds": round(time.monotonic() - began, 1),
            },
        )


def compared(wanted: list[Owed], came: list[Sent]) -> tuple[list[Owed], list[Sent]]:
    """What is owed and did not come in its minute, and what came and answers to nothing owed."""
    left: dict[tuple[str, str], list[Sent]] = defaultdict(list)
    for one in came:
        left[one.kind, one.to].append(one)
    missing = []
    for one in wanted:
        near = (each for each in left[one.kind, one.to] if timedelta(0) <= each.at - one.at <= LATEST)
        if found := next(near, None):
            left[one.kind, one.to].remove(found)
        else:
            missing.append(one)
    return missing, [one for rest in left.values() for one in rest]


# --- The page -----------------------------------------------------------------------------------------


def page(outcome: Outcome) -> str:
    """What went to whom and when, where they live, in Markdown."""
    parts = [
        "# What went to whom, and when",
        HEAD.format(**outcome.figures),
        "| figure | |\n|---|---:|\n"
        + "\n".join(f"| {name} | {number:,} |" for name, number in outcome.figures.items()),
    ]
    for company in outcome.told.cohorts:
        parts.append(f"## The cohort that starts on {company.calendar.starts_on:%-d %B %Y}")
        for person in company.people:
            came = [one for one in outcome.came if one.to == person.email]
            parts += [f"### {person.name.removeprefix('Client in ')}", _table(came)]
    for person in (outcome.told.coach, outcome.told.admin):
        came = [one for one in outcome.came if one.to == person.email]
        parts += [f"## {person.name}, {person.zone}", _counts(came)]
    return "\n\n".join(parts) + "\n"


def _table(came: list[Sent]) -> str:
    rows = [f"| {_shown(one)} | `{one.kind}` | {one.at:%Y-%m-%d %H:%M}Z |" for one in came]
    return "\n".join(["| on their clock | message | instant |", "|---|---|---|", *rows])


def _shown(one: Sent) -> str:
    local = one.at.astimezone(ZoneInfo(one.zone))
    offset = f"{local:%z}"
    return f"{local:%a %-d %b %Y, %H:%M} (UTC{offset[:3]}:{offset[3:]})"


def _counts(came: list[Sent]) -> str:
    found = Counter((one.kind, f"{one.at.astimezone(ZoneInfo(one.zone)):%H:%M}") for one in came)
    rows = [f"| `{kind}` | {clock} | {count} |" for (kind, clock), count in sorted(found.items())]
    return "\n".join(["| message | on their clock | times |", "|---|---|---:|", *rows])


def main() -> int:
    """The whole year, into docs/messages.md. 1 where something is missing or was not called for."""
    outcome = run()
    PAGE.write_text(page(outcome), "utf-8")
    for one in (*outcome.missing, *outcome.uncalled):
        print(one)
    return bool(outcome.missing or outcome.uncalled)


if __name__ == "__main__":
    sys.exit(main())
