"""With Redis as queue and cache: milestones fire, losing it loses nothing, and without it everybody goes on working."""

import http.client
import json
import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from config import up
from config.processes import Child, Program
from tests.reliability import clusters, fleet, milestones
from tests.reliability.answers import answer
from tests.reliability.postoffice import CALM, RECORD
from tests.speech.measuring import MODEL

pytestmark = [pytest.mark.broker, pytest.mark.enable_socket, pytest.mark.timeout(600)]
SOON = 150  # seconds in which everything has to have come, on a slow machine
KINDS_OF_ONE_CLIENT = 6
SPEECH = (Path(__file__).parent.parent / "speech" / "kennedy.ogg").read_bytes()


@dataclass
class House:
    """Everything a test needs: the environment, the processes, Redis, and what is owed to whom."""

    environment: dict[str, str]
    cluster: clusters.Cluster
    processes: fleet.Fleet
    redis: Child
    redis_port: int
    folder: Path

    @property
    def client(self) -> redis.Redis:
        return redis.Redis(port=self.redis_port)

    def plan(self, *, seconds: float) -> list[milestones.Owed]:
        """Milestones that come due over so many seconds from now on."""
        found = fleet.hands(self.environment, "milestones", cohorts=1, clients=4, lead=seconds / 3, window=seconds)
        return [milestones.Owed.read(one) for one in found]

    def came(self) -> list[tuple[str, str, str]]:
        return sorted(milestones.mails(self.folder / "mail"))

    def wait_for(self, owed: list[milestones.Owed]) -> None:
        """Until each of these is there, whatever else comes meanwhile."""
        until, wanted = time.monotonic() + SOON, {one.mark for one in owed}
        while wanted - {mark for mark, *_rest in self.came()} and time.monotonic() < until:
            self.processes.look_after(0.3)

    def judged(self, owed: list[milestones.Owed]) -> dict[str, int]:
        """How many of the messages are lost, twice or early, and how many came."""
        record = milestones.Record(self.folder / RECORD).read()
        found = milestones.judge(self.cluster.url, self.folder / "mail", record, owed)
        return {name: found[name] for name in ("messages that came", "lost", "twice or owed to nobody", "early")}

    def start_redis(self) -> None:
        self.redis.start()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise AssertionError(f"redis-server did not answer: {list(self.redis.tail)}")

    def stop_redis(self) -> None:
        self.redis.finish(time.monotonic())


@pytest.fixture
def house(tmp_path):
    """A cluster, Redis, and no process of the product yet."""
    with clusters.running("embedded") as (cluster, folder):
        port, inside = clusters.free_port(), folder / "house"
        address = f"redis://127.0.0.1:{port}"
        environment = fleet.surroundings(
            cluster.url, inside, clusters.free_port(), CELERY_BROKER_URL=f"{address}/0", REDIS_URL=f"{address}/1"
        )
        (inside / CALM).touch()
        processes = fleet.Fleet(inside / "log", random.Random(1))
        found = House(environment, cluster, processes, server(port, tmp_path), port, inside)
        found.start_redis()
        fleet.hands(environment, "prepare")
        try:
            yield found
        finally:
            processes.stop()
            found.stop_redis()


def server(port: int, folder: Path) -> Child:
    """A Redis that remembers nothing, as an operator may run it."""
    command = [shutil.which("redis-server") or "redis-server", "--bind", "127.0.0.1", "--port", str(port)]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    return Child(Program("redis", command, {}, folder), folder / "redis.log", tell=lambda _line: None)


def ask(house: House, token: str, method: str, path: str, body: dict) -> tuple[int, float]:
    """One request to the API. What the server said, and the seconds it took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", int(house.environment["PORT"]), timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(method, f"/api/v1/{path}/", json.dumps(body), headers)
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - began


def told(house: House, token: str, method: str, path: str, body: bytes = b"", **headers: str) -> dict:
    """What the API answers to bytes, or to nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", int(house.environment["PORT"]), timeout=60)
    connection.request(method, f"/api/v1/{path}/", body, {"Authorization": f"Bearer {token}"} | headers)
    found = json.loads(connection.getresponse().read())
    connection.close()
    return found


def sends_a_recording(house: House, piece: dict) -> str:
    """A recording of real speech, whole. Its key."""
    announced = {
        "size": len(SPEECH),
        "client_key": "one",
        "field": "audio",
        "media_type": "audio/ogg",
        "name": "speech",
    }
    place = f"submissions/{piece['id']}/recordings"
    json_ = {"Content-Type": "application/json"}
    key = told(house, piece["token"], "POST", place, json.dumps(announced).encode(), **json_)["key"]
    part = {"Content-Type": "application/octet-stream", "Upload-Offset": "0"}
    sent = told(house, piece["token"], "PUT", f"recordings/{key}", SPEECH, **part)
    assert sent["state"] == "ready", sent
    return key


def wait_until_up(house: House) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", int(house.environment["PORT"]), timeout=30)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            house.processes.look_after(0.2)
        finally:
            connection.close()


def test_beat_and_a_worker_fire_what_is_due_over_redis_and_flushing_it_loses_nothing(house):
    house.processes.add(fleet.worker(house.environment, 1), fleet.beat(house.environment, 1))
    owed = house.plan(seconds=30)

    while not house.came():
        house.processes.look_after(0.2)
    for _second in range(12):
        house.client.flushall()
        house.processes.look_after(1)
    house.wait_for(owed)
    house.processes.look_after(milestones.ONE_MORE_LOOK)

    assert len({one.milestone for one in owed}) == 4 * KINDS_OF_ONE_CLIENT
    assert house.judged(owed) == {
        "messages that came": len(owed), "lost": 0, "twice or owed to nobody": 0, "early": 0,
    }  # fmt: skip


def test_without_redis_handing_in_is_quick_and_the_loop_goes_on_sending(house):
    engines = (fleet.worker(house.environment, 1), fleet.loop(house.environment))
    house.processes.add(fleet.web(house.environment, 2), *engines)
    piece = fleet.hands(house.environment, "homework", cohorts=1, clients=1)[0]
    wait_until_up(house)
    house.stop_redis()

    owed = house.plan(seconds=15)
    place, written = f"submissions/{piece['id']}", answer(piece["exercise"], "once")
    saved, first = ask(house, piece["token"], "PUT", f"{place}/draft", {"answer": written, "revision": 0})
    handed_in, second = ask(house, piece["token"], "POST", f"{place}/hand-in", {"client_key": "one"})
    house.wait_for(owed)

    assert (saved, handed_in) == (200, 201)
    assert first + second < 3
    assert house.judged(owed) == {
        "messages that came": len(owed), "lost": 0, "twice or owed to nobody": 0, "early": 0,
    }  # fmt: skip


def test_without_redis_what_posts_a_message_is_quick_as_well_and_the_loop_sends_it(house):
    house.processes.add(fleet.web(house.environment, 2), fleet.loop(house.environment))
    office = fleet.hands(house.environment, "office")
    wait_until_up(house)
    house.stop_redis()

    place, wanted = f"cohorts/{office['cohort']}/invitations", {"email": "new@example.org", "role": "client"}
    status, seconds = ask(house, office["token"], "POST", place, wanted)
    until = time.monotonic() + SOON
    while not house.came() and time.monotonic() < until:
        house.processes.look_after(0.3)

    assert status == 201
    assert seconds < 3
    assert [(kind, to) for _mark, kind, to in house.came()] == [("invite", "new@example.org")]


def test_a_worker_finds_redis_again_after_it_was_away(house):
    house.processes.add(fleet.worker(house.environment, 1), fleet.beat(house.environment, 1))
    house.processes.look_after(8)
    house.stop_redis()
    house.processes.look_after(5)
    workers = {name: child.pid for name, child in house.processes.children.items()}

    house.start_redis()
    owed = house.plan(seconds=6)
    house.wait_for(owed)

    assert {name: child.pid for name, child in house.processes.children.items()} == workers
    assert house.judged(owed) == {
        "messages that came": len(owed), "lost": 0, "twice or owed to nobody": 0, "early": 0,
    }  # fmt: skip


def test_mail_goes_on_while_recordings_wait_and_the_listener_hears_them_by_the_nudge(house):
    house.environment["ACROSS_SPEECH_MODEL"] = MODEL
    web, worker, listener, _beat = up.programs(house.environment)
    house.processes.add(web, worker)
    piece = next(
        one for one in fleet.hands(house.environment, "homework", cohorts=1, clients=1) if one["exercise"] == "w1-t1"
    )
    office = fleet.hands(house.environment, "office")
    wait_until_up(house)

    transcript = f"recordings/{sends_a_recording(house, piece)}/transcript"
    wanted = {"email": "new@example.org", "role": "client"}
    assert ask(house, office["token"], "POST", f"cohorts/{office['cohort']}/invitations", wanted)[0] == 201
    until = time.monotonic() + SOON
    while not house.came() and time.monotonic() < until:
        house.processes.look_after(0.3)
    assert [(kind, to) for _mark, kind, to in house.came()] == [("invite", "new@example.org")]
    assert told(house, piece["token"], "GET", transcript)["state"] == "waiting"

    house.processes.add(listener)
    said = {}
    until = time.monotonic() + SOON
    while said.get("state") != "done" and time.monotonic() < until:
        house.processes.look_after(0.5)
        said = told(house, piece["token"], "GET", transcript)
    assert (said["state"], said["progress"]) == ("done", 100)
    assert "ask what you can do for your country" in " ".join(said["text"].lower().replace(",", "").split())
