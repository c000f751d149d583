"""A model of coaches who write: two coaches, two tabs each, one piece, and everything that comes in between.

Every word that is typed is one of its kind. The model notes which words were acknowledged as saved; a page that does
not give them back to whoever wrote them is a `Lost`, and so is a refusal that does not hand back what was posted.
"""

import html
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from clients import submitting
from clients.attempts import latest_attempt, standing_attempts
from clients.models import User
from tests import roads
from tests.bench.forms import Forms
from tests.doors.asking import Api
from tests.roads import WEEK_1

COACHES, TABS = ("tomas", "petra"), (0, 1)
FIELDS = ("keep", "try_next", "ask-1", "ask-2", "ask-3", "note-0-text", "note-1-text")
PLACE = json.dumps({"field": "why", "quote": "one good customer in fifty"})
SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}
WORD = re.compile(r"\bword\d+\b")
MINUTE = timedelta(minutes=1)
WAYS = ("script", "script", "form", "api")
TIMES = (timedelta(seconds=1), timedelta(seconds=11), timedelta(minutes=11), timedelta(minutes=40))

coach, tab = st.sampled_from(COACHES), st.sampled_from(TABS)


class Lost(AssertionError):
    """A word that was acknowledged, or posted and refused, and is not to be read."""


@dataclass
class Tab:
    """One open page: what stands in its form, and every word that ever stood before its writer's eyes in it."""

    fields: dict[str, str] | None = None  # None where nothing can be written
    seen: set[str] = field(default_factory=set)

    @property
    def words(self) -> set[str]:
        return words_in(" ".join((self.fields or {}).values()))


class Writing(RuleBasedStateMachine):
    """What coaches, their client and the machines do. A life has a client and a piece of its own."""

    people: dict[str, User]
    arrive: Callable[[], User]
    at: datetime = WEEK_1

    def __init__(self) -> None:
        super().__init__()
        type(self).at = WEEK_1
        self.numbers = count(1)
        self.client = self.arrive()
        self.piece = roads.handed_in(self.client, at=self.at).submission
        self.tabs = {(who, number): Tab() for who in COACHES for number in TABS}
        self.kept: dict[tuple[str, int], set[str]] = {}  # whose, on which attempt → words acknowledged
        self.browsers = {who: Client() for who in COACHES}
        self.programs = {who: Api(self.people[who]) for who in COACHES}
        for who in COACHES:
            self.browsers[who].force_login(self.people[who])

    # --- Writing ------------------------------------------------------------------------------------

    @rule(who=coach, number=tab)
    def open(self, who: str, number: int) -> None:
        """Look at the page anew; what was typed and never saved goes, as its writer wants it."""
        self.tick()
        self.show(self.tabs[who, number], self.ask(who, "get", "review"))

    @rule(
        who=coach,
        number=tab,
        name=st.sampled_from(FIELDS),
        instead=st.booleans(),
        way=st.sampled_from(("", *WAYS)),
        mine=st.booleans(),
    )
    def write(self, who: str, number: int, name: str, instead: bool, way: str = "", mine: bool = True) -> None:
        """A word more, or a word in place of what stood there; saved in one of the ways, or not yet."""
        page = self.opened(who, number)
        if page.fields is None:
            return
        word = f"word{next(self.numbers)}"
        page.fields[name] = word if instead else f"{page.fields.get(name, '')} {word}".strip()
        if name.startswith("note"):
            page.fields[name.replace("text", "at")] = PLACE
        page.seen.add(word)
        if way:
            self.tick()
            getattr(self, f"save_by_{way}")(who, page, mine)

    def save_by_script(self, who: str, page: Tab, mine: bool) -> None:
        answer = self.post(who, "draft", page, headers=SCRIPT)
        if answer.status_code == 200:
            self.acknowledge(who, page)
            page.fields["revision"] = str(answer.json()["revision"])
        elif answer.json()["code"] == "draft.stale":
            self.choose(page, answer.json(), mine)

    def save_by_form(self, who: str, page: Tab, mine: bool) -> None:
        answer = self.post(who, "draft", page)
        if answer.status_code == 302:
            self.acknowledge(who, page)
            answer = self.ask(who, "get", "review")
        else:
            self.hands_back(page, answer)
        self.show(page, answer, seen=page.seen)

    def save_by_api(self, who: str, page: Tab, mine: bool) -> None:
        answer = self.programs[who].put(f"submissions/{self.piece.pk}/feedback-draft/", **content_of(page))
        if answer.status_code == 200:
            self.acknowledge(who, page)
            page.fields["revision"] = str(answer.json()["revision"])
        elif answer.json()["code"] == "draft.stale":
            told = answer.json()
            self.choose(page, {"html": str(told["stored"]) + str(told["yours"]), **told["stored"]}, mine)

    @rule(who=coach, number=tab, verdict=st.sampled_from(["", "another", "live"]))
    def send(self, who: str, number: int, verdict: str) -> None:
        """With every level given; what is missing otherwise is a word."""
        page = self.opened(who, number)
        if page.fields is None:
            return
        self.tick()
        self.complete(page)
        answer = self.post(who, "send", page, query=f"?verdict={verdict}")
        if answer.status_code == 303:
            self.acknowledge(who, page)
            page.fields = None
        else:
            self.hands_back(page, answer)
            self.show(page, answer, seen=page.seen)

    @rule(who=coach, verb=st.sampled_from(["undo", "recall"]))
    def take_back(self, who: str, verb: str) -> None:
        self.tick()
        self.ask(who, "post", f"review-{verb}")

    # --- What comes in between ----------------------------------------------------------------------

    @rule(who=coach, verb=st.sampled_from(["claim", "take-over", "take-over", "release"]))
    def hold(self, who: str, verb: str) -> None:
        self.tick()
        self.ask(who, "post", f"review-{verb}")

    @rule(who=coach)
    def lose_the_session(self, who: str) -> None:
        """Until the next thing this coach does, which is sent again after signing in."""
        self.browsers[who].cookies.clear()

    @rule()
    def restart(self) -> None:
        """A new process: no connection, nothing remembered. Browsers keep their cookies and their open pages."""
        connection.close()
        cache.clear()
        for remembered in caches():
            remembered.cache_clear()
        for who, before in self.browsers.items():
            self.browsers[who] = Client()
            self.browsers[who].cookies = before.cookies

    @rule(act=st.sampled_from(["take_back", "try_again", "hand_in"]))
    def the_client(self, act: str) -> None:
        """Takes the piece back, begins another attempt, hands it in: where that is possible."""
        self.tick()
        try:
            if act == "hand_in":
                roads.handed_in(self.client, at=self.at, topic=f"Attempt at {self.at:%H:%M}")
            else:
                getattr(submitting, act)(roads.piece(self.client), by=self.client, at=self.at)
        except ValidationError:
            pass

    @rule(passed=st.sampled_from(TIMES))
    def time_goes_on(self, passed: timedelta) -> None:
        type(self).at += passed

    # --- The rule -----------------------------------------------------------------------------------

    @invariant()
    def every_word_that_was_acknowledged_is_read_by_its_writer(self) -> None:
        for who in COACHES:
            wanted = set().union(*(words for (whose, _attempt), words in self.kept.items() if whose == who))
            if wanted and (lost := wanted - self.read_by(who)):
                raise Lost(f"{who} cannot read {sorted(lost)} any more")

    def read_by(self, who: str) -> set[str]:
        """On the page of the piece, or of one of its attempts."""
        reader = Client()
        reader.force_login(self.people[who])
        pages = [reader.get(self.address("review"))]
        pages += [
            reader.get(self.address("review"), {"attempt": attempt.number}) for attempt in standing_attempts(self.piece)
        ]
        assert {page.status_code for page in pages} == {200}
        return set().union(*(words_in(page.content.decode()) for page in pages))

    def acknowledge(self, who: str, page: Tab) -> None:
        """The server has answered for this page's words, and may have put them over what its writer had seen only."""
        about = who, latest_attempt(roads.piece(self.client)).number
        if lost := self.kept.get(about, set()) - page.seen:
            raise Lost(f"{who} saved over {sorted(lost)}, which that page never had")
        self.kept[about] = page.words

    def hands_back(self, page: Tab, answer: HttpResponse) -> None:
        if lost := page.words - words_in(answer.content.decode()):
            raise Lost(f"a refusal ({answer.status_code}) does not hand back {sorted(lost)}")

    def choose(self, page: Tab, told: dict[str, Any], mine: bool) -> None:
        """Between what stands here and what another tab saved; both are shown."""
        shown = words_in(html.unescape(told["html"]))
        if lost := page.words - shown:
            raise Lost(f"two texts are shown without {sorted(lost)}")
        page.seen |= shown
        if mine:
            page.fields["revision"] = str(told["revision"])
        else:
            page.fields = None

    # --- Small things -------------------------------------------------------------------------------

    def complete(self, page: Tab) -> None:
        """What is missing before it can be sent."""
        for name, value in page.fields.items():
            if name.startswith("level-") and not value:
                page.fields[name] = "3"
        for name in ("keep", "try_next"):
            if not page.fields[name]:
                page.fields[name] = f"word{next(self.numbers)}"
        page.seen |= page.words

    def tick(self) -> None:
        type(self).at += timedelta(seconds=2)

    def address(self, name: str) -> str:
        return reverse(name, args=[self.piece.pk])

    def opened(self, who: str, number: int) -> Tab:
        page = self.tabs[who, number]
        if page.fields is None:
            self.open(who, number)
        return page

    def show(self, page: Tab, answer: HttpResponse, seen: frozenset[str] | set[str] = frozenset()) -> None:
        """What the browser shows now: a form to write in, or a page without one."""
        text = answer.content.decode() if answer.status_code != 302 else ""
        found = [form["fields"] for form in Forms(text).forms if form["id"] == "feedback-form"]
        page.fields = {name: value.lstrip("\n") for name, value in found[0].items()} if found else None
        if page.fields is not None:
            levels = re.findall(r'name="(level-\d+)"', text)
            page.fields = dict.fromkeys(levels, "") | page.fields
        page.seen = words_in(text) | set(seen)

    def post(self, who: str, verb: str, page: Tab, *, query: str = "", headers: Any = None) -> HttpResponse:
        """What the page has. On the way to the sign-in page nothing is kept; the browser still has it, and sends again."""
        sent = {name: value for name, value in page.fields.items() if not (name.startswith("level-") and not value)}
        return self.ask(who, "post", f"review-{verb}", sent, query=query, headers=headers or {})

    def ask(
        self, who: str, method: str, name: str, sent: Any = None, *, query: str = "", headers: Any = None
    ) -> HttpResponse:
        browser, address = self.browsers[who], self.address(name) + query
        answer = getattr(browser, method)(address, sent or {}, headers=headers or {})
        if answer.status_code == 302 and "/account/login/" in answer.headers["Location"]:
            browser.force_login(self.people[who])
            answer = getattr(browser, method)(address, sent or {}, headers=headers or {})
        return answer


def words_in(text: str) -> set[str]:
    return set(WORD.findall(text))


def content_of(page: Tab) -> dict[str, Any]:
    """The form as a program sends it."""
    fields = page.fields
    notes = [
        json.loads(PLACE) | {"text": fields[name]}
        for name in ("note-0-text", "note-1-text")
        if fields.get(name, "").strip()
    ]
    return {
        "keep": fields["keep"],
        "try_next": fields["try_next"],
        "levels": {
            name.partition("-")[2]: int(level) for name, level in fields.items() if name.startswith("level-") and level
        },
        "asks": [fields.get(f"ask-{number}", "") for number in (1, 2, 3)],
        "notes": notes,
        "addressed": {},
        "another": False,
        "revision": int(fields["revision"]),
    }


def caches() -> Iterator[Any]:
    """Everything this process remembers of the product."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("clients", "coaching", "curriculum", "config"):
            found = (one for one in vars(module).values() if not isinstance(one, type))
            yield from (one for one in found if callable(getattr(one, "cache_clear", None)))
