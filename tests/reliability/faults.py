"""PostgreSQL, Redis and the mail server each cut off, silent, slow and gone, behind a line of ours.

Meanwhile people look at pages, save a draft and invite somebody. No answer may take longer than five seconds, each that
is no good has to say so in words, and seconds after the end everything has to work again: pages, and mail. A worker
that hears nothing any more has to be flagged within two minutes.
"""

import asyncio
import http.client
import itertools
import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import environ

from config.processes import Child, Program
from tests.bench.sink import Sink
from tests.reliability import clusters, fleet
from tests.reliability.answers import answer
from tests.reliability.houses import House, open_house
from tests.reliability.proxies import FINE, GONE, HOLE, RESET, SLOW, Line, to_file, to_port

SEED = 20268
DATABASE, QUEUE, MAIL = "PostgreSQL", "Redis", "mail server"
SHORT = ((DATABASE, HOLE), (QUEUE, HOLE), (MAIL, RESET))
ALL = tuple(itertools.product((DATABASE, QUEUE, MAIL), (RESET, GONE, SLOW, HOLE)))
PAGE_AT_MOST, BACK_WITHIN, FLAGGED_WITHIN = 5.0, 10.0, 120.0  # seconds
CSRF = "x" * 32
GIVEN_UP_AFTER = 60.0  # seconds; by then it has not come back
HEARTBEAT = (
    "UPDATE coaching_heartbeat SET at = clock_timestamp() - make_interval(secs => %s) WHERE name = 'engine:celery'"
)
AGE = "SELECT extract(epoch FROM clock_timestamp() - at) FROM coaching_heartbeat WHERE name = 'engine:celery'"


@dataclass(frozen=True)
class Asked:
    """One answer: to what, how long it took, and whether it was good or at least said clearly what is wrong."""

    what: str
    seconds: float
    good: bool
    clear: bool
    said: str = ""


@dataclass
class Town:
    """The product behind three lines, and the people who use it."""

    house: House
    lines: dict[str, Line]
    sink: Sink
    web: fleet.Fleet
    engine: fleet.Fleet
    people: dict[str, Any]
    answers: list[Asked] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def port(self) -> int:
        return int(self.house.environment["PORT"])

    def look_after(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.web.look_after(0)
            self.engine.look_after(0.1)

    def hear_the_worker(self) -> None:
        """Until it has looked once: who never looked cannot go deaf."""
        until = time.monotonic() + GIVEN_UP_AFTER
        with clusters.connect(self.house.cluster.url) as connection:
            while not connection.execute(AGE).fetchone() and time.monotonic() < until:
                self.look_after(0.2)

    def ask_everything(self) -> list[Asked]:
        """A page for somebody signed in, one for everybody, a draft saved, an invitation that posts a mail."""
        piece, office, number = self.people["piece"], self.people["office"], next(self.numbers)
        written = {"answer": answer(piece["exercise"], str(number)), "revision": None}
        invited = {"email": f"late-{number}@example.org", "role": "client"}
        cookie = {"Cookie": f"session={self.people['session']}"}
        return [
            self.ask("GET", "/", headers=cookie),
            self.sign_in(),
            self.ask("PUT", f"/api/v1/submissions/{piece['id']}/draft/", written, bearer(piece["token"])),
            self.ask("POST", f"/api/v1/cohorts/{office['cohort']}/invitations/", invited, bearer(office["token"])),
        ]

    def sign_in(self) -> Asked:
        """With a password that is none; the tries are counted in the cache, and too many are refused."""
        headers = {"Cookie": f"csrf={CSRF}", "Content-Type": "application/x-www-form-urlencoded"}
        form = f"csrfmiddlewaretoken={CSRF}&login=nobody%40example.org&password=none"
        return self.ask("POST", "/account/login/", form, headers, fine=(429,))

    def ask(self, method: str, path: str, body: Any = None, headers: Any = None, fine: tuple[int, ...] = ()) -> Asked:
        began = time.monotonic()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request(
                method, path, body if isinstance(body, str) else json.dumps(body) if body else None, headers or {}
            )
            response = link.getresponse()
            status, said = response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return Asked(f"{method} {path}", time.monotonic() - began, good=False, clear=False, said=repr(error))
        finally:
            link.close()
        good = status < 400 or status in fine
        clear = good or (status == 503 and "try again" in said)
        told = said[:300] if not clear else ""
        return Asked(f"{method} {path}", time.monotonic() - began, good, clear, f"{status} {told}")

    def deaf(self) -> list[str]:
        """Who is flagged on the page for whoever watches."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request("GET", "/readyz")
            return json.loads(link.getresponse().read()).get("engine", {}).get("deaf", [])
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return []
        finally:
            link.close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def run(
    kind: str = "embedded",
    *,
    scenarios: tuple[tuple[str, str], ...] = SHORT,
    seconds: float = 6,
    silent: float = 6,
    head_start: float = 86,
    seed: int = SEED,
) -> dict[str, Any]:
    """The figures of one run. `head_start` is how old the worker's heartbeat is made when it goes deaf."""
    began, found = time.monotonic(), []
    with a_town(kind, seed) as town:
        back(town)
        town.hear_the_worker()
        for service, fault in scenarios:
            found.append(suffer(town, service, fault, silent if fault == HOLE else seconds))
        flagged = go_deaf(town, head_start)
        database = clusters.version(town.house.cluster)
    asked = [one for _name, answers, _pages, _mail in found for one in answers]
    return {
        "scenarios": len(found),
        "scenarios that were over in ten seconds": sum(
            max(pages, mail) <= BACK_WITHIN for _n, _a, pages, mail in found
        ),
        "answers while something was wrong": len(asked),
        "good ones among them": sum(one.good for one in asked),
        "over five seconds": sum(one.seconds > PAGE_AT_MOST for one in asked),
        "without a clear word": sum(not one.clear for one in asked),
        "slowest answer, seconds": round(max(one.seconds for one in asked), 2),
        "slowest until pages work again, seconds": round(max(pages for _n, _a, pages, _m in found), 1),
        "slowest until mail leaves again, seconds": round(max(mail for _n, _a, _b, mail in found), 1),
        "back later than ten seconds": sum(max(pages, mail) > BACK_WITHIN for _n, _a, pages, mail in found),
        "deaf worker flagged after, seconds": round(flagged, 1),
        "deaf and not flagged within two minutes": int(flagged > FLAGGED_WITHIN + 1),
        "seconds of a fault": seconds,
        "seconds of a black hole": silent,
        "slow answers": [f"{one.what}: {one.seconds:.1f} s, {one.said}" for one in asked if one.seconds > PAGE_AT_MOST],
        "first unclear answers": [f"{one.what}: {one.said}" for one in asked if not one.clear][:3],
        "each": [(name, round(pages, 1), round(mail, 1)) for name, _a, pages, mail in found],
        "database": database,
        "seconds": round(time.monotonic() - began, 1),
    }


@contextmanager
def a_town(kind: str, seed: int) -> Iterator[Town]:
    """Everything started, and well."""
    sink, port = Sink(), clusters.free_port()
    mail_port = listen(sink)
    lines = {QUEUE: Line(to_port(port)), MAIL: Line(to_port(mail_port))}
    more = {
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{lines[QUEUE].port}/0",
        "REDIS_URL": f"redis://127.0.0.1:{lines[QUEUE].port}/1",
        "EMAIL_URL": f"smtp://127.0.0.1:{lines[MAIL].port}",
        "EMAIL_HONOURS_KEYS": "1",  # an answer that got lost is asked for again, so that mail is seen to come back
    }
    with open_house(kind, "faults_settings", behind=lambda url: behind(url, lines), **more) as house:
        redis = server(port, house)
        redis.start()
        people = {"piece": house.hands("homework", cohorts=1, clients=1)[0], "office": house.hands("office")}
        people["session"] = house.hands("sign_in")
        town = Town(
            house, lines, sink, fleet.Fleet(house.folder / "log", house.fleet(seed).chance), house.fleet(seed), people
        )
        town.web.add(fleet.web(house.environment, 2))
        town.engine.add(fleet.worker(house.environment, 1), fleet.beat(house.environment, 1))
        town.engine.add(fleet.loop(house.environment))
        try:
            yield town
        finally:
            for line in lines.values():
                line.become(FINE)
            town.web.stop()
            town.engine.stop()
            redis.finish(0)
            for line in lines.values():
                line.close()


def behind(url: str, lines: dict[str, Line]) -> str:
    """The database's address by way of a line of ours."""
    parsed = environ.Env.db_url_config(url)
    upstream = to_port(int(parsed["PORT"])) if parsed["HOST"] else to_file(f"{parsed['OPTIONS']['host']}/.s.PGSQL.5432")
    lines[DATABASE] = Line(upstream)
    return f"postgres://{parsed['USER']}:{parsed['PASSWORD']}@127.0.0.1:{lines[DATABASE].port}/{parsed['NAME']}"


def listen(sink: Sink) -> int:
    """A mail server in a thread. Its port."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        server = await asyncio.start_server(sink.talk, "127.0.0.1", 0, limit=2**20)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True).start()
    ready.wait(10)
    return ports[0]


def server(port: int, house: House) -> Child:
    """A Redis that remembers nothing."""
    command = [shutil.which("redis-server") or "redis-server", "--bind", "127.0.0.1", "--port", str(port)]
    command += ["--save", "", "--appendonly", "no", "--dir", str(house.folder / "tmp")]
    return Child(
        Program("redis", command, {}, house.folder), house.folder / "log" / "redis.log", tell=lambda _line: None
    )


# --- One fault --------------------------------------------------------------------------------------


def suffer(town: Town, service: str, fault: str, seconds: float) -> tuple[str, list[Asked], float, float]:
    """So many seconds of it: what was answered meanwhile, and the seconds until pages and mail came back."""
    asked: list[Asked] = []
    over = threading.Event()

    def visit() -> None:
        while not over.is_set():
            asked.extend(town.ask_everything())
            over.wait(0.2)

    visitors = [threading.Thread(target=visit, daemon=True) for _number in range(2)]
    for visitor in visitors:
        visitor.start()
    town.look_after(0.5)  # some are under way when it begins
    asked.clear()
    town.lines[service].become(fault)
    town.look_after(seconds)
    town.lines[service].become(FINE)
    ended = time.monotonic()
    over.set()
    pages, mail = back(town, ended)
    for visitor in visitors:
        visitor.join(30)
    return f"{service}: {fault}", asked, pages, mail


def back(town: Town, since: float | None = None) -> tuple[float, float]:
    """The seconds until everything that is asked is answered well, and until a mail posted then has left."""
    since = since or time.monotonic()
    while not all(one.good for one in town.ask_everything()) and time.monotonic() - since < GIVEN_UP_AFTER:
        town.look_after(0.2)
    pages, before = time.monotonic() - since, town.sink.count
    while town.sink.count == before and time.monotonic() - since < GIVEN_UP_AFTER:
        town.look_after(0.1)
    return pages, time.monotonic() - since


def go_deaf(town: Town, head_start: float) -> float:
    """The queue says nothing any more. How old the worker's last look is when that is flagged."""
    with clusters.connect(town.house.cluster.url) as connection:
        town.lines[QUEUE].become(HOLE)
        town.look_after(1)
        connection.execute(HEARTBEAT, [head_start])
        until = time.monotonic() + FLAGGED_WITHIN + 30
        while "celery" not in town.deaf() and time.monotonic() < until:
            town.look_after(0.2)
        return float(connection.execute(AGE).fetchone()[0])
