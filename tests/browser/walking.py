"""Walking through the pages as a person does, with an eye on what no page may do.

A `Walk` is one browser of one person. Whatever happens in it is watched: an error in the console, a breach of
the Content Security Policy, a request to another host, an answer from 500 on.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .stack import Stack

PASSWORD = "across-demo"
CLIENT, COACH, ADMIN = "client@example.org", "coach@example.org", "admin@example.org"
SIZES = {1440: (1440, 900), 390: (390, 844), 320: (320, 640)}
OURS = {"data", "blob", "about"}  # schemes that ask nobody
# Written by the page itself, so that a breach stands in the console whatever the browser says of it.
WATCH = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`))"""
PATIENCE = 10_000  # milliseconds; what takes longer is told as missing

expect.set_options(timeout=PATIENCE)


class Walk:
    """One person's browser. Closing it is the fixture's business."""

    def __init__(self, browser: Browser, stack: Stack, *, width: int = 1440, person: str = "", **options) -> None:
        self.stack, self.width = stack, width
        self.trouble: list[str] = []
        self.expected: list[re.Pattern[str]] = []
        wide, high = SIZES[width]
        options = {"viewport": {"width": wide, "height": high}, "reduced_motion": "reduce", "locale": "en-GB"} | options
        self.context: BrowserContext = browser.new_context(base_url=stack.address, **options)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(WATCH)
        self._watch()
        self.page: Page = self.context.new_page()
        if person:
            self.sign_in(person)

    # --- Watching ---

    def _watch(self) -> None:
        self.context.on("console", lambda said: said.type == "error" and self._note(f"{said.text} ({said.page.url})"))
        self.context.on("weberror", lambda error: self._note(f"{error.error} ({error.page.url})"))
        self.context.on("request", lambda request: self._look_at(request.url))
        self.context.on("response", lambda it: it.status >= 500 and self._note(f"{it.status} from {it.url}"))

    def _look_at(self, url: str) -> None:
        asked = urlsplit(url)
        if asked.scheme not in OURS and f"{asked.scheme}://{asked.netloc}" != self.stack.address:
            self._note(f"a request to another host: {url}")

    def _note(self, what: str) -> None:
        if not any(pattern.search(what) for pattern in self.expected):
            self.trouble.append(what)

    def expect_refusals(self, *statuses: int) -> None:
        """Answers the browser writes into its console although the page deals with them."""
        self.expected += [re.compile(rf"the server responded with a status of {status} ") for status in statuses]

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without a connection, as on a train."""
        self.expected.append(re.compile("net::ERR_INTERNET_DISCONNECTED"))
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    # --- Walking ---

    def go(self, path: str) -> Page:
        """Open a page of ours."""
        self.page.goto(path)
        return self.page

    def sign_in(self, person: str, password: str = PASSWORD) -> None:
        """By the sign-in page, to wherever the person lands."""
        self.go("/account/login/")
        self.page.get_by_label("E-mail").fill(person)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/account/login/" not in url)

    def another_page(self) -> Page:
        """A second window of the same browser."""
        return self.context.new_page()

    def lose_session(self) -> None:
        """As if fourteen days had gone by."""
        self.context.clear_cookies(name="session")


def resize(page: Page, width: int) -> None:
    """The same page in a window of another width."""
    wide, high = SIZES[width]
    page.set_viewport_size({"width": wide, "height": high})


def bar(page: Page) -> Locator:
    """The bar of the exercise page that says how the draft stands."""
    return page.locator("[data-bar]")


def await_saved(page: Page) -> None:
    """Until the page says that everything typed is saved."""
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def hand_in(page: Page) -> None:
    """Press the button and wait for the page that says who has it now."""
    page.get_by_role("button", name=re.compile("^Hand in to ")).click()
    expect(page.get_by_role("heading", name="What you handed in")).to_be_visible()


def notes_of(page: Page) -> Locator:
    """The first read beside the draft."""
    return page.get_by_role("region", name="First read")


class Keyboard:
    """A person who has no mouse: presses keys, looks, and opens the one page they start from."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._page = walk.page

    def go(self, path: str) -> None:
        self._walk.go(path)
        self._page.wait_for_load_state("networkidle")  # the modules that listen for keys are there

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def type(self, words: str) -> None:
        self._page.keyboard.type(words)

    def focused_text(self) -> str:
        return self._page.evaluate("document.activeElement.innerText ?? ''").strip()
