"""What is measured: one act a row of the table, for the product and for the floor."""

import json
import re

from clients.models import Submission

from .data import session_of
from .forms import Forms, body
from .seconds import QUOTE
from .serving import Server, request

KEPT = 20  # second attempts that are looked at and never answered
ALL_ON_IT = ("What attempt 1 was asked for", "data-bank", "<ins>", "By when, in note 5?")


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
        self.open: tuple[str, str, list[str]] | None = None  # the piece, page and cookies in hand
        self.queue = list(
            Submission.objects.filter(state="handed_in", attempts_made=1)
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

    def second(self, number: int) -> int:
        """A second attempt: its changes, what was asked for, notes in the margin and the comment bank are on the page."""
        last = self.world["seconds"][-1 - number % KEPT]
        page = get(self.server, f"/coach/review/{last.pk}/", self.coach)
        if missing := [part for part in ALL_ON_IT if part not in page]:
            raise Failed(f"the review page has no {missing}")
        return len(page)

    def onward(self, number: int) -> int:
        """Send what was written on the page that lies open, and have the next piece before one."""
        pk, page, cookies = self.open or self._opened(f"/coach/review/{self.world['seconds'][0].pk}/")
        form = Forms(page).holding("csrfmiddlewaretoken", "keep")
        place = {"field": field_of(page), "quote": QUOTE}
        written = {
            "keep": f"“{QUOTE}” is the cause.",
            "try_next": "Move it to the end, line 3.",
            "ask-1": "Name who decides.",
        }
        written |= {"ask-2": "Say by when.", "note-0-at": json.dumps(place), "note-0-text": "Here I am with you."}
        fields = form["fields"] | written | dict.fromkeys(levels(page), "3") | dict.fromkeys(answers(page), "yes")
        where = post(self.server, f"/coach/review/{pk}/send/", self.coach, csrf(cookies), fields)
        self.open = self._opened(where)
        return len(self.open[1])

    def _opened(self, path: str) -> tuple[str, str, list[str]]:
        status, page, found = request(self.server, "GET", path, self.coach)
        if status != 200 or ALL_ON_IT[0] not in page:
            raise Failed(f"GET {path} answered {status} and no second attempt")
        return path.split("/")[3], page, found["cookies"]

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
    return set(re.findall(r'name="(level-\d+)"', page))


def answers(page: str) -> set[str]:
    """The names of what says whether an ask was done."""
    return set(re.findall(r'name="(addressed-\d+)"', page))


def field_of(page: str) -> str:
    """A part of the text that a note can be put on."""
    return re.search(r'<p class="prose pre" data-field="([^"]+)"', page)[1]


BARE = "django.contrib.auth.backends.ModelBackend"


class Floor:
    """The same acts on the bare Django."""

    def __init__(self, server: Server, world: dict, n: int):
        self.server, self.n = server, n
        self.clients = [f"session={session_of(person, BARE)}" for person in world["free"]]
        self.coach = f"session={session_of(world['coach'], BARE)}"
        self.queue = list(Submission.objects.filter(state="accepted").order_by("id").values_list("pk", flat=True)[:400])
        self.open: tuple[str, dict] | None = None

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

    def second(self, number: int) -> int:
        return len(get(self.server, f"/review/{self.queue[number % len(self.queue)]}/", self.coach))

    def onward(self, number: int) -> int:
        pk = self.queue[number % len(self.queue)]
        page, found = self.open or request(self.server, "GET", f"/review/{pk}/", self.coach)[1:]
        where = post(self.server, f"/review/{pk}/", self.coach, csrf(found["cookies"]), Forms(page).forms[0]["fields"])
        self.open = request(self.server, "GET", where, self.coach)[1:]
        return len(self.open[0])

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
