"""Two workers and two beats over each broker that is offered, each in a process group of its own."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kombu import Connection

from tests.broker.test_real_broker import SOON, House, server
from tests.reliability import clusters, fleet, milestones
from tests.reliability.postoffice import CALM

pytestmark = [pytest.mark.broker, pytest.mark.enable_socket, pytest.mark.timeout(600)]
BROKERS = ["redis", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)]


@contextmanager
def redis_at(folder) -> Iterator[tuple[str, object]]:
    port = clusters.free_port()
    child = server(port, folder)
    child.start()
    try:
        yield f"redis://127.0.0.1:{port}/0", child
    finally:
        child.finish(0)


@contextmanager
def rabbitmq_at(folder) -> Iterator[tuple[str, object]]:
    """The one that is running, with no queue left over from anybody."""
    url = os.environ["ACROSS_TEST_RABBITMQ_URL"]
    with Connection(url) as link:
        for queue in ("celery", "speech"):
            link.default_channel.queue_delete(queue)
    yield url, None


@pytest.fixture(params=BROKERS)
def house(request, tmp_path):
    """A cluster and a broker, and no process of the product yet."""
    broker = {"redis": redis_at, "rabbitmq": rabbitmq_at}[request.param]
    with clusters.running("embedded") as (cluster, folder), broker(tmp_path) as (url, child):
        inside = folder / "house"
        environment = fleet.surroundings(cluster.url, inside, clusters.free_port(), CELERY_BROKER_URL=url)
        (inside / CALM).touch()
        processes = fleet.Fleet(inside / "log", random.Random(1))
        fleet.hands(environment, "prepare")
        try:
            yield House(environment, cluster, processes, child, 0, inside)
        finally:
            processes.stop()


def test_two_workers_and_two_beats_tell_everybody_once_although_one_worker_is_killed(house):
    start = (fleet.worker, fleet.beat)
    house.processes.add(*(make(house.environment, n) for make in start for n in (1, 2)))
    owed = house.plan(seconds=12)

    until = time.monotonic() + SOON
    while not house.came() and time.monotonic() < until:
        house.processes.look_after(0.2)
    house.processes.kill_whole("worker-1")
    house.wait_for(owed)
    house.processes.look_after(milestones.ONE_MORE_LOOK)

    assert house.judged(owed) == {
        "messages that came": len(owed), "lost": 0, "twice or owed to nobody": 0, "early": 0,
    }  # fmt: skip
    assert house.processes.ended.total() == 0
