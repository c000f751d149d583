"""600 milestones coming due while workers, the queue and the database are killed and a cohort stands still.

Workers and two beats on the filesystem queue, and for a part of the time the plain loop as well. Who has to
get what, and not before when, was written down while the cohorts were made; the provider's files and its
record of what it was handed say what came.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import HeaderParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.reliability import clusters, fleet, hasty
from tests.reliability.houses import House, open_house
from tests.reliability.postoffice import CALM

SEED = 20262
COHORTS, KINDS = 5, 6
PAUSED = "cohort-0"
LEAD, LEAD_OF_EACH = 6.0, 0.025  # seconds, and for each milestone, in which they are made
A_BEAT_COMES_ROUND = 4  # seconds: there are two of them, each every ten
BETWEEN_TWO_LOOKS = (0.1, 0.6)  # seconds
MESSAGES_A_KILL = (3, 25)  # handed over from one kill to the next
BEATS = 0.15  # the share of kills that hit a beat
LEASE = 10  # seconds, and a minute in the product, which is waited for at the end however long all the rest takes
SETTLED_WITHIN, SETTLED_WITHIN_EACH = 180, 0.1  # seconds, and for each milestone
ONE_MORE_LOOK = 12  # seconds in which a beat says once more "look now", and nothing may come of it
FIRED = "SELECT id, due_at, fired_at FROM coaching_milestone WHERE state = 'fired'"
NOT_YET = "SELECT count(*) FROM coaching_milestone WHERE kind = 'review.breach' AND state = 'pending'"
STOOD_STILL = "SELECT began_at, ended_at FROM clients_cohortpause"


@dataclass(frozen=True)
class Owed:
    """A message that has to arrive: of which milestone and kind, to whom, not before when."""

    milestone: int
    kind: str
    person: int
    to: str
    cohort: str
    due: datetime

    @classmethod
    def read(cls, found: dict[str, Any]) -> "Owed":
        return cls(**found | {"due": datetime.fromisoformat(found["due"])})

    @property
    def mark(self) -> str:
        """What the provider knows it by: the Message-ID up to the host."""
        return sha256(f"milestone:{self.milestone}:{self.kind}:{self.person}".encode()).hexdigest()[:40]


@dataclass
class Record:
    """What the provider writes down, read while it is written."""

    path: Path
    lines: list[dict[str, Any]] = field(default_factory=list)
    place: int = 0

    def read(self) -> list[dict[str, Any]]:
        """Every line there is by now."""
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(self.place)
                fresh = file.read()
            whole = fresh[: fresh.rfind(b"\n") + 1]
            self.place += len(whole)
            self.lines += [json.loads(line) for line in whole.splitlines()]
        return self.lines


@dataclass
class Trouble:
    """Kills of whoever is at work, and everything else that can happen to an engine at its time."""

    house: House
    processes: fleet.Fleet
    record: Record
    seconds: float
    background: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    acts: list[Future[Any]] = field(default_factory=list)
    deleted: int = 0

    def cause(self, kills: int) -> float:
        """Go on for so long and until there were enough kills. Returns the seconds it took."""
        began, left, next_kill = time.monotonic(), self._programme(), 0
        while left or time.monotonic() - began < self.seconds or self.worker_kills < kills:
            self.processes.look_after(self.processes.chance.uniform(*BETWEEN_TWO_LOOKS))
            if len(self.record.read()) >= next_kill:
                self._kill()
                next_kill = len(self.record.lines) + self.processes.chance.randint(*MESSAGES_A_KILL)
            if left and time.monotonic() - began >= left[0][0] * self.seconds:
                left.pop(0)[1]()
            assert time.monotonic() - began < self.seconds + 300, f"too few kills came to pass: {self.processes.kills}"
        self._finish_acts()
        return time.monotonic() - began

    @property
    def worker_kills(self) -> int:
        return sum(n for name, n in self.processes.kills.items() if not name.startswith("beat"))

    def _programme(self) -> list[tuple[float, Callable[[], None]]]:
        """What happens when, as a share of the time of trouble."""
        return [
            (0.2, self._delete_queue),
            (0.3, lambda: self._act("pause")),
            (0.4, lambda: self.processes.add(fleet.loop(self.house.environment))),
            (0.55, self._stop_the_database),
            (0.65, self._delete_queue),
            (0.8, lambda: self._act("resume")),
            (0.9, self._delete_queue),
        ]

    def _kill(self) -> None:
        """Mostly whoever has handed something over last, for he has more in hand; a beat now and then."""
        chance = self.processes.chance
        if chance.random() < BEATS:
            self.processes.kill_whole(f"beat-{chance.choice('12')}")
        elif name := self.processes.name_of(next((line["by"] for line in reversed(self.record.lines)), 0)):
            self.processes.kill_whole(name)

    def _act(self, name: str) -> None:
        self.acts.append(self.background.submit(self.house.hands, name, cohort=PAUSED))

    def _finish_acts(self) -> None:
        for act in self.acts:
            act.result()

    def _delete_queue(self) -> None:
        """Everything the queue holds is gone, and what is put into it while a beat comes round."""
        queue, until = self.house.folder / "broker" / "queue", time.monotonic() + A_BEAT_COMES_ROUND
        while time.monotonic() < until:
            for message in list(queue.iterdir()):
                with suppress(FileNotFoundError):  # a worker was quicker
                    message.unlink()
                    self.deleted += 1
            self.processes.look_after(0)

    def _stop_the_database(self) -> None:
        self._finish_acts()
        self.house.cluster.crash()
        self.processes.look_after(1)
        self.house.cluster.start()


def run(
    kind: str = "embedded",
    *,
    milestones: int = 600,
    kills: int = 15,
    seconds: float = 20,
    lease: float = LEASE,
    seed: int = SEED,
) -> dict[str, Any]:
    """The figures of one run on a cluster of this kind. Raises only when the run itself cannot go on."""
    began = time.monotonic()
    with open_house(kind, **{hasty.LEASE: str(lease)}) as house:
        seconds *= house.nursery.slowness
        owed = made(house, milestones, seconds)
        processes, record = house.fleet(seed), Record(house.record)
        trouble = Trouble(house, processes, record, seconds)
        try:
            processes.add(*(start(house.environment, n) for start in (fleet.worker, fleet.beat) for n in (1, 2)))
            spent = trouble.cause(kills)
            settle(house, processes, owed)
        finally:
            processes.stop()
        found = judge(house.cluster.url, house.mail, record.read(), owed)
        found["database"] = clusters.version(house.cluster)
    return found | {
        "kills of workers": trouble.worker_kills + found["kills of workers"],
        "kills of beats": sum(n for name, n in processes.kills.items() if name.startswith("beat")),
        "processes that ended by themselves": processes.ended.total(),
        "deleted files of the queue": trouble.deleted,
        "database stops": 1,
        "seconds of a lease": lease,
        "seconds of trouble": round(spent, 1),
        "seconds": round(time.monotonic() - began, 1),
    }


def made(house: House, milestones: int, seconds: float) -> list[Owed]:
    """Cohorts whose milestones come due before, during and towards the end of the trouble; what is owed for them."""
    clients, window, began = -(-milestones // (COHORTS * KINDS)), seconds * 1.5, time.monotonic()
    lead = max(window / 3, (LEAD + LEAD_OF_EACH * milestones) * house.nursery.slowness)
    found = house.hands("milestones", cohorts=COHORTS, clients=clients, lead=lead, window=window)
    time.sleep(max(0.0, began + lead - window / 3 - time.monotonic()))  # the first of them is due then
    return [Owed.read(one) for one in found]


def settle(house: House, processes: fleet.Fleet, owed: list[Owed]) -> None:
    """Nothing goes wrong any more: wait until everything is there, and then for what may not come."""
    (house.folder / CALM).touch()
    if "loop" in processes.children:
        processes.retire("loop")
    until = time.monotonic() + SETTLED_WITHIN + SETTLED_WITHIN_EACH * len(owed)
    while not is_settled(house.mail, owed) and time.monotonic() < until:
        processes.look_after(0.5)
    processes.look_after(ONE_MORE_LOOK)


def is_settled(folder: Path, owed: list[Owed]) -> bool:
    """Everything owed is there. Others come beside it, so their number alone says nothing."""
    if len(list(folder.glob("*.eml"))) < len(owed):
        return False
    return {(one.mark, one.kind, one.to) for one in owed} <= set(mails(folder))


# --- Judging ----------------------------------------------------------------------------------------


def judge(url: str, folder: Path, record: list[dict[str, Any]], owed: list[Owed]) -> dict[str, Any]:
    """What was owed beside what came."""
    handed = [line for line in record if "id" in line]
    kinds = {one.kind for one in owed}
    every = Counter(mails(folder))
    came = Counter({key: number for key, number in every.items() if key[1] in kinds})
    promised = {(one.mark, one.kind, one.to): one for one in owed}
    with clusters.connect(url) as connection:
        fired = {pk: (due, at) for pk, due, at in connection.execute(FIRED)}
        not_yet = connection.execute(NOT_YET).fetchone()
        stood_still = connection.execute(STOOD_STILL).fetchall()
    return {
        "milestones": len({one.milestone for one in owed}),
        "fired": len({one.milestone for one in owed} & set(fired)),
        "messages owed": len(owed),
        "messages that came": came.total(),
        "lost": sum(key not in came for key in promised),
        "twice or owed to nobody": sum(n for key, n in came.items() if key not in promised),
        "of kinds this run does not ask about": every.total() - came.total(),
        "early": sum(is_early(line, promised) for line in handed) + sum(at < due for due, at in fired.values()),
        "while standing still": sum(is_while_still(line, promised) for line in handed),
        "came due while standing still": sum(was_still(one, stood_still) for one in owed),
        "handed over again under the same key": len(handed) - len({line["id"] for line in handed}),
        "answers lost": sum("lost" in line for line in record),
        "kills of workers": sum("killed" in line for line in record),
        "not due yet and left alone": not_yet[0] if not_yet else 0,
    }


def mails(folder: Path) -> Iterator[tuple[str, str, str]]:
    """What the provider holds, each message once: how it knows it, of which kind, to whom."""
    for path in folder.glob("*.eml"):
        head = HeaderParser().parsestr(path.read_text("utf-8"))
        yield mark_in(head["Message-ID"]), head["X-Across-Kind"], head["To"]


def mark_in(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def promise_of(line: dict[str, Any], promised: Mapping[tuple[str, str, str], Owed]) -> Owed | None:
    return promised.get((mark_in(line["id"]), line["kind"], line["to"]))


def is_early(line: dict[str, Any], promised: Mapping[tuple[str, str, str], Owed]) -> bool:
    """Handed over before it was due, by the database's clock."""
    one = promise_of(line, promised)
    return one is not None and datetime.fromisoformat(line["at"]) < one.due


def is_while_still(line: dict[str, Any], promised: Mapping[tuple[str, str, str], Owed]) -> bool:
    """Handed over while its cohort stood still, as another connection saw it at that moment."""
    one = promise_of(line, promised)
    return one is not None and one.cohort in line["standing still"]


def was_still(one: Owed, pauses: list[tuple[datetime, datetime]]) -> bool:
    return one.cohort == PAUSED and any(began <= one.due <= ended for began, ended in pauses)
