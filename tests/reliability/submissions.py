"""2,000 pieces of homework handed in while web workers and the database are killed.

Every client hands in over HTTP, half of them after saving a draft, under a key of its own, and asks again until it is
answered. What the product said yes to is compared with what the database holds when all is over.
"""

import http.client
import json
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.reliability import clusters, fleet
from tests.reliability.answers import ADDED, answer, fingerprint
from tests.reliability.houses import open_house

SEED = 20261
WATCHES = 3  # of each review: after 48 hours, after 72, and after 80 for the client
WORKERS, CLIENTS = 4, 24
CLICKS_AGAIN = 0.1  # the share of pieces whose button is pressed once more
PAUSE_BETWEEN_KILLS = (0.25, 0.6)  # seconds
WHOLE_SERVER = 0.15  # the share of kills that hit master and workers at once
COHORTS = 4
PIECES_A_KILL, PIECES_A_WHOLE_KILL = 40, 400  # handed in for every kill
PATIENCE = 10  # seconds for one answer
GIVE_UP_AFTER, GIVE_UP_AFTER_EACH = 300, 0.3  # seconds, and for each piece; by then the run has failed
STORED = """
SELECT s.id, s.state, count(a.id), array_agg(a.answer), array_agg(a.client_key),
       (SELECT count(*) FROM coaching_milestone m WHERE m.object_id = min(a.id) AND m.kind LIKE 'review.%%'),
       (SELECT count(*) FROM clients_journalentry j
        WHERE j.subject = 'submission:' || s.id AND j.action = 'handed in')
FROM clients_submission s LEFT JOIN clients_attempt a ON a.submission_id = s.id
WHERE s.id = ANY(%s) GROUP BY s.id
"""


@dataclass
class Piece:
    """One submission, what is handed in, and whether the product has said that it is in."""

    id: int
    token: str
    answer: dict[str, Any]
    acknowledged: bool = False

    @property
    def is_drafted(self) -> bool:
        """Every second one is saved as a draft first; the others are handed in as they are."""
        return self.id % 2 == 0

    @property
    def client_key(self) -> str:
        return f"click-{self.id}"


@dataclass
class Crowd:
    """The clients: threads that take the next piece and do not let go of it before it is in."""

    port: int
    pieces: list[Piece]
    seed: int
    count: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    until: float = 0

    def start(self) -> None:
        """Everybody begins."""
        self.until = time.monotonic() + GIVE_UP_AFTER + GIVE_UP_AFTER_EACH * len(self.pieces)
        self.left: queue.SimpleQueue[Piece] = queue.SimpleQueue()
        for piece in self.pieces:
            self.left.put(piece)
        self.threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Nobody asks again."""
        self.until = 0

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    @property
    def acknowledged(self) -> int:
        return sum(piece.acknowledged for piece in self.pieces)

    def _work(self, number: int) -> None:
        chance = random.Random(self.seed * 1000 + number)
        while time.monotonic() < self.until:
            try:
                piece = self.left.get_nowait()
            except queue.Empty:
                return
            self._hand_in(piece, chance)

    def _hand_in(self, piece: Piece, chance: random.Random) -> None:
        place = f"/api/v1/submissions/{piece.id}"
        written, click = {"answer": piece.answer, "revision": 0}, {"client_key": piece.client_key}
        if piece.is_drafted and not self._insist(piece, "PUT", f"{place}/draft/", written, chance):
            return
        asked = click if piece.is_drafted else written | click
        piece.acknowledged = self._insist(piece, "POST", f"{place}/hand-in/", asked, chance)
        if chance.random() < CLICKS_AGAIN:
            self.count["clicks again"] += 1
            self._insist(piece, "POST", f"{place}/hand-in/", asked, chance)

    def _insist(self, piece: Piece, method: str, path: str, body: Mapping[str, Any], chance: random.Random) -> bool:
        """Ask until there is an answer. False where the answer is no, or there is none in time."""
        while time.monotonic() < self.until:
            try:
                status, said = self._ask(piece, method, path, body)
            except (OSError, http.client.HTTPException) as error:
                self.count[f"failed: {type(error).__name__}"] += 1
            else:
                if status < 300:
                    return True
                if status < 500:
                    self.refused.append(f"{method} {path}: {status} {said[:200]!r}")
                    return False
                self.count[f"failed: {status}"] += 1
            time.sleep(chance.uniform(0.05, 0.3))
        return False

    def _ask(self, piece: Piece, method: str, path: str, body: Mapping[str, Any]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"Authorization": f"Bearer {piece.token}", "Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body), headers)
            answered = connection.getresponse()
            return answered.status, answered.read()
        finally:
            connection.close()


def run(
    kind: str = "embedded", *, tried: int = 2000, kills: int = 30, stops: int = 1, seed: int = SEED
) -> dict[str, Any]:
    """The figures of one run on a cluster of this kind. Raises only when the run itself cannot go on."""
    began = time.monotonic()
    with open_house(kind, ACROSS_WEB="1") as house:
        clients = -(-tried // (COHORTS * len(ADDED)))
        pieces = pieces_of(house.hands("homework", cohorts=COHORTS, clients=clients), tried, seed)
        people = Crowd(int(house.environment["PORT"]), pieces, seed)
        processes = house.fleet(seed)
        processes.add(fleet.web(house.environment, WORKERS))
        try:
            spent = Trouble(people, processes, house.cluster, stops).cause(kills)
        finally:
            people.stop()
            processes.stop()
        found = judge(house.cluster.url, people) | {"database": clusters.version(house.cluster)}
    return found | {
        "kills": processes.kills.total(),
        "kills of one worker": processes.kills["inside web"],
        "kills of the whole server": processes.kills["web"],
        "processes that ended by themselves": processes.ended.total(),
        "database stops": stops,
        "seconds of trouble": round(spent, 1),
        "seconds": round(time.monotonic() - began, 1),
    }


def pieces_of(offered: list[dict[str, Any]], tried: int, seed: int) -> list[Piece]:
    """So many of the pieces, in no order, each with an answer of its own."""
    random.Random(seed).shuffle(offered)
    return [Piece(one["id"], one["token"], answer(one["exercise"], str(one["id"]))) for one in offered[:tried]]


@dataclass
class Trouble:
    """Kills at random moments, as many as the pieces handed in allow: a slow machine gets no more than a fast one."""

    people: Crowd
    processes: fleet.Fleet
    cluster: clusters.Cluster
    stops: int
    stopped: int = 0

    def cause(self, kills: int) -> float:
        """Go on until everything is handed in and there were enough kills. Returns the seconds it took."""
        began = time.monotonic()
        self.people.start()
        while self.people.busy or self.processes.kills.total() < kills:
            self.processes.look_after(self.processes.chance.uniform(*PAUSE_BETWEEN_KILLS))
            self._kill()
            self._stop_the_database()
        assert self.stopped == self.stops, f"{self.stopped} stops of the database; refused: {self.people.refused[:3]}"
        return time.monotonic() - began

    def _kill(self) -> None:
        done, kills, whole = self.people.acknowledged, self.processes.kills, self.processes.kills["web"]
        if self.people.busy and kills.total() > done / PIECES_A_KILL:
            return
        if self.processes.chance.random() < WHOLE_SERVER and whole <= done / PIECES_A_WHOLE_KILL:
            self.processes.kill_whole("web")
        else:
            self.processes.kill_one_inside("web")

    def _stop_the_database(self) -> None:
        share = (self.stopped + 1) / (self.stops + 1)
        if self.stopped < self.stops and self.people.acknowledged > len(self.people.pieces) * share:
            self.cluster.crash()
            self.processes.look_after(0.3)
            self.cluster.start()
            self.stopped += 1


def judge(url: str, people: Crowd) -> dict[str, Any]:
    """What was promised beside what is there."""
    with clusters.connect(url) as connection:
        rows = connection.execute(STORED, [[piece.id for piece in people.pieces]]).fetchall()
    stored = {row[0]: row[1:] for row in rows}
    acknowledged = [piece for piece in people.pieces if piece.acknowledged]
    return {
        "tried": len(people.pieces),
        "acknowledged": len(acknowledged),
        "lost": sum(stored[piece.id][1] == 0 for piece in acknowledged),
        "doubled": sum(attempts > 1 for _state, attempts, *_rest in stored.values()),
        "different from what was sent": sum(is_different(piece, *stored[piece.id]) for piece in acknowledged),
        "not in the journal or not watched": sum(
            (watched, lines) != (WATCHES, 1) for *_rest, watched, lines in (stored[piece.id] for piece in acknowledged)
        ),
        "refused": len(people.refused),
        "first refusals": people.refused[:3],
        "requests that failed": sum(n for name, n in people.count.items() if name.startswith("failed")),
        "clicks again": people.count["clicks again"],
    }


def is_different(piece: Piece, state: str, attempts: int, answers: list[Any], keys: list[str], *_rest: int) -> bool:
    """Whether what is kept is not what was handed in, or does not stand as handed in."""
    as_sent = fingerprint(piece.answer)
    kept_well = state == "handed_in" and keys == [piece.client_key] and [fingerprint(a) for a in answers] == [as_sent]
    return attempts > 0 and not kept_well
