"""With Redis as queue and cache: milestones fire, losing it loses nothing, and without it everybody goes on working."""

import http.client
import json
import time
from pathlib import Path

import pytest

from tests.broker import houses
from tests.broker.houses import ANOTHER_LOOK
from tests.reliability.answers import answer
from tests.speech.measuring import MODEL

pytestmark = [pytest.mark.broker, pytest.mark.enable_socket, pytest.mark.timeout(600)]
KINDS_OF_ONE_CLIENT = 6
SPEECH = (Path(__file__).parent.parent / "speech" / "kennedy.ogg").read_bytes()


@pytest.fixture(scope="module")
def shared(street, tmp_path_factory):
    """One house and its Redis for all of them: what has started stays for the next."""
    redis = houses.Redis.at(tmp_path_factory.mktemp("redis"))
    redis.start()
    address = f"redis://127.0.0.1:{redis.port}"
    with houses.house(street, CELERY_BROKER_URL=f"{address}/0", REDIS_URL=f"{address}/1") as house:
        house.programs = houses.programs(house.environment, WEB_CONCURRENCY="2", ACROSS_SPEECH_MODEL=MODEL)
        house.pieces = house.act("homework", cohorts=1, clients=1)
        house.office = house.act("office")
        try:
            yield house, redis
        finally:
            redis.start()
            house.close()
            redis.stop()


@pytest.fixture
def house(shared):
    """With its Redis there, whatever the last test did to it."""
    found, redis = shared
    redis.start()
    return found


@pytest.fixture
def redis(shared):
    return shared[1]


@pytest.fixture
def cut_off(house, redis):
    """Everybody is at work, and Redis goes away."""
    house.only("web", "worker", "loop")
    wait_until_up(house)
    for _process in range(4):  # what a server does at its first request is no part of how quick it is
        request(house, house.office["token"], "GET", f"cohorts/{house.office['cohort']}")
    redis.stop()
    yield house
    redis.start()
    house.processes.retire("web")  # it would remember for half a minute that the queue was away


def request(house, token: str, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict, float]:
    """One request to the API. What the server said, and the seconds it took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", int(house.environment["PORT"]), timeout=60)
    connection.request(method, f"/api/v1/{path}/", body, {"Authorization": f"Bearer {token}"} | headers)
    answered = connection.getresponse()
    said = json.loads(answered.read())
    connection.close()
    return answered.status, said, time.monotonic() - began


def ask(house, token: str, method: str, path: str, body: dict) -> tuple[int, dict, float]:
    return request(house, token, method, path, json.dumps(body).encode(), **{"Content-Type": "application/json"})


def invites(house, email: str) -> tuple[int, float]:
    place, wanted = f"cohorts/{house.office['cohort']}/invitations", {"email": email, "role": "client"}
    status, _said, seconds = ask(house, house.office["token"], "POST", place, wanted)
    return status, seconds


def is_invited(house, email: str) -> bool:
    return ("invite", email) in [(kind, to) for _mark, kind, to in house.came()]


def sends_a_recording(house, piece: dict) -> str:
    """A recording of real speech, whole. Its key."""
    announced = {
        "size": len(SPEECH),
        "client_key": "one",
        "field": "audio",
        "media_type": "audio/ogg",
        "name": "speech",
    }
    key = ask(house, piece["token"], "POST", f"submissions/{piece['id']}/recordings", announced)[1]["key"]
    part = {"Content-Type": "application/octet-stream", "Upload-Offset": "0"}
    sent = request(house, piece["token"], "PUT", f"recordings/{key}", SPEECH, **part)[1]
    assert sent["state"] == "ready", sent
    return key


def wait_until_up(house) -> None:
    def answers() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", int(house.environment["PORT"]), timeout=30)
        try:
            connection.request("GET", "/healthz")
            return bool(connection.getresponse().read())
        except OSError:
            return False
        finally:
            connection.close()

    assert house.until(answers, 60)


def test_beat_and_a_worker_fire_what_is_due_over_redis_and_flushing_it_loses_nothing(house, redis):
    house.only("worker", "beat")
    owed, before = house.plan(seconds=12), len(house.came())

    house.until(lambda: len(house.came()) > before)
    for _quarter in range(20):
        redis.client.flushall()
        house.processes.look_after(0.25)
    house.until(lambda: house.all_came(owed))
    house.processes.look_after(ANOTHER_LOOK)

    assert len({one.milestone for one in owed}) == 4 * KINDS_OF_ONE_CLIENT
    assert house.judged() == house.as_owed


def test_without_redis_handing_in_is_quick_and_the_loop_goes_on_sending(cut_off):
    piece = cut_off.pieces[0]
    place, written = f"submissions/{piece['id']}", answer(piece["exercise"], "once")

    cut_off.planning(seconds=10)
    saved, _said, first = ask(cut_off, piece["token"], "PUT", f"{place}/draft", {"answer": written, "revision": 0})
    handed_in, _said, second = ask(cut_off, piece["token"], "POST", f"{place}/hand-in", {"client_key": "one"})
    owed = cut_off.planned()
    cut_off.until(lambda: cut_off.all_came(owed))

    assert (saved, handed_in) == (200, 201)
    assert first + second < 3
    assert cut_off.judged() == cut_off.as_owed


def test_without_redis_what_posts_a_message_is_quick_as_well_and_the_loop_sends_it(cut_off):
    status, seconds = invites(cut_off, "without@example.org")
    cut_off.until(lambda: is_invited(cut_off, "without@example.org"))

    assert status == 201
    assert seconds < 3
    assert is_invited(cut_off, "without@example.org")


def test_a_worker_finds_redis_again_after_it_was_away(house, redis):
    house.only("worker", "beat")
    early = house.plan(seconds=1)
    house.until(lambda: house.all_came(early))
    redis.stop()
    house.processes.look_after(5)
    workers = {name: child.pid for name, child in house.processes.children.items()}

    redis.start()
    owed = house.plan(seconds=4)
    house.until(lambda: house.all_came(owed))

    assert {name: child.pid for name, child in house.processes.children.items()} == workers
    assert house.judged() == house.as_owed


def test_mail_goes_on_while_recordings_wait_and_the_listener_hears_them_by_the_nudge(house):
    house.only("web", "worker")
    piece = next(one for one in house.pieces if one["exercise"] == "w1-t1")
    wait_until_up(house)

    transcript = f"recordings/{sends_a_recording(house, piece)}/transcript"
    assert invites(house, "nudged@example.org")[0] == 201
    assert house.until(lambda: is_invited(house, "nudged@example.org"))
    assert request(house, piece["token"], "GET", transcript)[1]["state"] == "waiting"

    house.only("web", "worker", "listener")
    said = {}

    def is_done() -> bool:
        said.update(request(house, piece["token"], "GET", transcript)[1])
        return said["state"] == "done"

    house.until(is_done)
    assert (said["state"], said["progress"]) == ("done", 100)
    assert "ask what you can do for your country" in " ".join(said["text"].lower().replace(",", "").split())
