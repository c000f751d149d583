"""Two machines, each with a worker and a beat, over each broker: network namespaces with one cable to the rest.

The database and the broker are reached through that cable alone. Both brokers' machines work at the same time, each
with a database of its own.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from kombu import Connection

from tests.broker import houses, networks
from tests.broker.houses import ANOTHER_LOOK, SOON, House
from tests.reliability import clusters, fleet

pytestmark = [pytest.mark.broker, pytest.mark.namespaces, pytest.mark.enable_socket, pytest.mark.timeout(600)]
RABBITMQ = "ACROSS_TEST_RABBITMQ_URL"
SPOKEN_TO_BY = "SELECT DISTINCT client_addr FROM pg_stat_activity WHERE datname = current_database()"


@contextmanager
def redis_at(host: str, folder: Path) -> Iterator[str]:
    server = houses.Redis.at(folder, host)
    server.start()
    try:
        yield f"redis://{host}:{server.port}/0"
    finally:
        server.stop()


@contextmanager
def rabbitmq_at(host: str, folder: Path) -> Iterator[str]:
    """The one that is running, with no queue left over from anybody. It has to listen on every address."""
    found = urlsplit(os.environ[RABBITMQ])
    url = found._replace(netloc=found.netloc.replace(found.hostname, host)).geturl()
    with Connection(url, connect_timeout=10) as link:
        for queue in ("celery", "speech"):
            link.default_channel.queue_delete(queue)
    yield url


@pytest.fixture(scope="module")
def busy(network, street, tmp_path_factory):
    """For each broker that is offered a house with two machines at work, all at the same time.

    When milestones begin to come due, whichever worker has handed over a first message is killed.
    """
    host, machines = network
    brokers = {"redis": redis_at} | ({"rabbitmq": rabbitmq_at} if RABBITMQ in os.environ else {})
    with ExitStack() as stack:
        found = {}
        for name, broker in brokers.items():
            url = stack.enter_context(broker(host, tmp_path_factory.mktemp(name)))
            house = found[name] = stack.enter_context(houses.house(street, CELERY_BROKER_URL=url))
            for number, machine in enumerate(machines, start=1):
                there = [houses.hurried(make(house.environment, number)) for make in (fleet.worker, fleet.beat)]
                house.processes.add(*(machine.runs(program) for program in there))
            house.planning(seconds=12)
        handed = dict(kill_over_the_first_message(found))
        for house in found.values():
            house.planned()
        yield found, handed
        for house in found.values():
            house.ask_to_stop()


def kill_over_the_first_message(found: dict[str, House]) -> Iterator[tuple[str, int]]:
    """In each house, as soon as it comes to that. How many messages were handed over by then."""
    waiting, until = dict(found), time.monotonic() + SOON
    while waiting:
        assert time.monotonic() < until, f"nothing came: {list(waiting)}"
        for name, house in list(waiting.items()):
            house.processes.look_after(0.02)
            if record := house.record():
                house.processes.kill_whole(house.processes.name_of(record[-1]["by"]))
                del waiting[name]
                yield name, len(record)


@pytest.mark.parametrize("broker", ["redis", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def test_two_machines_tell_everybody_once_although_a_worker_is_killed_with_something_in_hand(broker, busy, network):
    house, handed, machines = busy[0][broker], busy[1][broker], network[1]
    house.until(lambda: house.all_came(house.owed))
    house.processes.look_after(ANOTHER_LOOK)
    left = {machine.address for machine in machines}
    with clusters.connect(house.url) as link:

        def is_spoken_to_by_all() -> bool:
            left.difference_update(str(address) for (address,) in link.execute(SPOKEN_TO_BY))
            return not left

        assert house.until(is_spoken_to_by_all)
    where = {name: networks.network_of(child.pid) for name, child in house.processes.children.items()}

    assert house.judged() == house.as_owed
    assert 0 < handed < len(house.owed)
    assert where == {f"{role}-{n}": machines[n - 1].network for n in (1, 2) for role in ("worker", "beat")}
    assert networks.network_of("self") not in where.values()
    assert [sum(house.processes.kills.values()), house.processes.ended.total()] == [1, 0]
