"""What is measured: one act a row of the table, for the product and for the floor."""

import json

from clients.models import Submission

from .data import session_of
from .forms import Forms, body
from .serving import Server, request


class Failed(AssertionError):
    """A measured request did not do what it should: a figure would be worth nothing."""


def get(server: Server, path: str, cookie: str, status: int = 200, **headers) -> str:
    found, text, _ = request(server, "GET", path, cookie, headers=headers)
    if found != status:
        raise Failed(f"GET {path} answered {found}: {text[:300]}")
    return text


def post(server: Server, path: str, cookie: str, page: str, fields: dict, expected=(302, 303)) -> str:
    token = fields["csrfmiddlewaretoken"]
    status, text, found = request(server, "POST", path, f"{cookie}; csrf={csrf(page)}", body(fields))
    if status not in expected:
        raise Failed(f"POST {path} answered {status} (token {token[:6]}…): {text[:300]}")
    return found["location"]


def csrf(cookies: list[str] | str) -> str:
    return (
        cookies
        if isinstance(cookies, str)
        else next(c.split("csrf=")[1].split(";")[0] for c in cookies if "csrf=" in c)
    )


class Product:
    """The product's pages and its API."""

    def __init__(self, server: Server, world: dict):
        self.server, self.world = server, world
        self.clients = [f"session={session_of(person)}" for person in world["free"]]
        self.coach = f"session={session_of(world['coach'])}"
        self.used = 0
        self.queue = list(
            Submission.objects.filter(state="handed_in")
            .order_by("handed_in_at", "id")
            .values_list("pk", flat=True)[:400]
        )

    def dashboard(self, number: int) -> int:
        return len(get(self.server, "/week/1/", self.clients[number % len(self.clients)]))

    def work(self, number: int) -> int:
        return len(get(self.server, "/work/w1-x1/", self.clients[-1]))

    def _fresh(self) -> str:
        self.used += 1
        return self.clients[self.used - 1]

    def hand_in(self, number: int) -> int:
        """From the form to the page that says who has it."""
        cookie = self._fresh()
        status, page, found = request(self.server, "GET", "/work/w1-x1/", cookie)
        form = Forms(page).holding("csrfmiddlewaretoken", "client_key")
        where = post(self.server, "/work/w1-x1/hand-in/", cookie, csrf(found["cookies"]), form["fields"])
        return len(get(self.server, where, cookie))

    def queue_page(self, number: int) -> int:
        return len(get(self.server, "/coach/queue/", self.coach))

    def review(self, number: int) -> int:
        """Open a piece, send its feedback, land on the next one."""
        pk = self.queue[number]
        status, page, found = request(self.server, "GET", f"/coach/review/{pk}/", self.coach)
        form = Forms(page).holding("csrfmiddlewaretoken", "keep")
        fields = form["fields"] | {"keep": "“One column.”", "try_next": "Say what the reader should do."}
        fields |= dict.fromkeys(levels(page), "3")
        where = post(self.server, f"/coach/review/{pk}/send/", self.coach, csrf(found["cookies"]), fields)
        return len(get(self.server, where, self.coach))

    def matrix(self, number: int) -> int:
        return len(get(self.server, "/coach/board/bench/", self.coach))

    def export(self, number: int) -> int:
        return len(get(self.server, "/coach/board/bench/csv/", self.coach))

    def mine(self, number: int) -> int:
        return len(get(self.server, "/api/v1/me/week/", self.clients[number % len(self.clients)]))

    def api(self, number: int) -> int:
        """A thousand submissions, in pages of a hundred."""
        size, path = 0, "/api/v1/submissions/"
        for _page in range(10):
            text = get(self.server, path, self.coach)
            size += len(text)
            path = json.loads(text).get("next")
            if not path:
                break
            path = path[path.index("/api/") :]
        return size

    def api_page(self, number: int) -> int:
        return len(get(self.server, "/api/v1/submissions/", self.coach))


def levels(page: str) -> set[str]:
    """The names of the rubric's radio buttons."""
    import re

    return set(re.findall(r'name="(level-\d+)"', page))


BARE = "django.contrib.auth.backends.ModelBackend"


class Floor:
    """The same acts on the bare Django."""

    def __init__(self, server: Server, world: dict, n: int):
        self.server, self.n = server, n
        self.clients = [f"session={session_of(person, BARE)}" for person in world["free"]]
        self.coach = f"session={session_of(world['coach'], BARE)}"
        self.queue = list(Submission.objects.filter(state="accepted").order_by("id").values_list("pk", flat=True)[:400])

    def dashboard(self, number: int) -> int:
        return len(get(self.server, "/week/", self.clients[number % len(self.clients)]))

    def work(self, number: int) -> int:
        return len(get(self.server, "/work/", self.clients[-1]))

    def hand_in(self, number: int) -> int:
        cookie = self.clients[number % len(self.clients)]
        status, page, found = request(self.server, "GET", "/hand-in/", cookie)
        form = Forms(page).forms[0]
        fields = form["fields"] | {"answer": "word " * 100}
        where = post(self.server, "/hand-in/", cookie, csrf(found["cookies"]), fields)
        return len(get(self.server, where, cookie))

    def queue_page(self, number: int) -> int:
        return len(get(self.server, "/queue/", self.coach))

    def review(self, number: int) -> int:
        pk = self.queue[number]
        status, page, found = request(self.server, "GET", f"/review/{pk}/", self.coach)
        where = post(self.server, f"/review/{pk}/", self.coach, csrf(found["cookies"]), Forms(page).forms[0]["fields"])
        return len(get(self.server, where, self.coach))

    def matrix(self, number: int) -> int:
        return len(get(self.server, "/matrix/100/", self.coach))

    def export(self, number: int) -> int:
        return len(get(self.server, f"/csv/{self.n}/", self.coach))

    def mine(self, number: int) -> int:
        return len(get(self.server, "/api/mine/", self.clients[number % len(self.clients)]))

    def api(self, number: int) -> int:
        return len(get(self.server, "/api/1000/", self.coach))

    def api_page(self, number: int) -> int:
        return len(get(self.server, "/api/100/", self.coach))
