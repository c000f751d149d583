"""Walking through the pages as a person does, with an eye on what no page may do.

A `Walk` is one browser of one person. Whatever happens in it is watched: an error in the console, a breach of
the Content Security Policy, a request to another host, an answer from 500 on.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Locator, Page, expect

from .stack import Stack

PASSWORD = "across-demo"
CLIENT, COACH, ADMIN = "client@example.org", "coach@example.org", "admin@example.org"
FINISHED, READER, SPONSOR = "finished@example.org", "henrik.solberg@example.org", "sponsor@example.org"
SIZES = {1440: (1440, 900), 390: (390, 844), 320: (320, 640)}
OURS = {"data", "blob", "about"}  # schemes that ask nobody
# Said by the page itself, so that a breach stands in the console whatever the browser makes of it.
WATCH = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`))"""
NO_POINTER = 'addEventListener("pointerdown", () => console.error("a pointer was used"), true)'
# A page's scripts come after its words. This says on <html> when all that wait for keys of the whole page are at it.
LISTENING = """{
  const add = EventTarget.prototype.addEventListener, listeners = ["keys", "review", "assessment", "meeting"];
  let there = 0;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    add.call(this, type, ...rest);
    if (type !== "keydown" || this !== document) return;
    const asked = [...document.querySelectorAll("[data-module]")].flatMap((one) => one.dataset.module.split(" "));
    if (++there >= asked.filter((name) => listeners.includes(name)).length) document.documentElement.dataset.listens = "";
  };
}"""
HEARS_KEYS = "html:is([data-listens], :not(:has([data-module~=keys])))"
TAKES_WORDS = ":is(textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])):focus"
SOON = 30  # seconds in which the running worker has sent what is due
PATIENCE = 10_000  # milliseconds after which something is missing

# Chromium gives up a visit when the page before is still on its way somewhere, and when the machine's
# networks change (tests of several machines make some). Neither is the page's doing.
GIVEN_UP = ("net::ERR_ABORTED", "net::ERR_NETWORK_CHANGED")

expect.set_options(timeout=PATIENCE)


def visit(page: Page, path: str) -> None:
    """Open a page of ours; once more where Chromium gave up for a reason outside the page."""
    try:
        page.goto(path)
    except Error as error:
        if not any(reason in error.message for reason in GIVEN_UP):
            raise
        page.wait_for_load_state()
        page.goto(path)


class Walk:
    """One person's browser. Signing in is done once a person; later browsers start with what that gave."""

    def __init__(self, browser: Browser, stack: Stack, *, person: str = "", width: int = 1440, **options) -> None:
        self.stack, self.width = stack, width
        self.trouble: list[str] = []
        self.expected = [re.compile("net::ERR_NETWORK_CHANGED")]  # the machine's doing, see GIVEN_UP
        wide, high = SIZES[width]
        self.context = browser.new_context(
            base_url=stack.address,
            viewport={"width": wide, "height": high},
            reduced_motion="reduce",
            locale="en-GB",
            storage_state=stack.signed_in.get(person),
            **options,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(WATCH)
        self.context.add_init_script(LISTENING)
        self._watch()
        self.page = self.context.new_page()
        if person and person not in stack.signed_in:
            self.sign_in(person)
            stack.signed_in[person] = self.context.storage_state()

    # --- Watching ---

    def _watch(self) -> None:
        self.context.on("console", lambda said: said.type == "error" and self._note(f"{said.text} on {said.page.url}"))
        self.context.on("weberror", lambda raised: self._note(f"{raised.error} on {raised.page.url}"))
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

    def allow_no_pointer(self) -> None:
        """From the next page on, a mouse or a finger is trouble."""
        self.context.add_init_script(NO_POINTER)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without a connection, as on a train. What the page loads it has by then."""
        self.page.wait_for_load_state("networkidle")
        self.expected.append(re.compile("net::ERR_INTERNET_DISCONNECTED"))
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    # --- Walking ---

    def go(self, path: str) -> Page:
        """Open a page of ours."""
        visit(self.page, path)
        return self.page

    def sign_in(self, person: str, password: str = PASSWORD) -> None:
        """By the sign-in page, to wherever the person lands."""
        self.go("/account/login/")
        self.page.get_by_label("E-mail").fill(person)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_label("Password").press("Enter")
        self.page.wait_for_url(lambda url: "/account/login/" not in url)

    def lose_session(self) -> None:
        """As after fourteen days: the browser has no session any more."""
        self.context.clear_cookies(name="session")

    def resize(self, width: int) -> None:
        """The same page in a window of another width."""
        wide, high = SIZES[width]
        self.page.set_viewport_size({"width": wide, "height": high})


class Keyboard:
    """A person without a mouse: opens the page they start from, presses keys, looks."""

    def __init__(self, walk: Walk) -> None:
        self._walk, self._page = walk, walk.page

    def go(self, path: str) -> None:
        """The one thing that is not a key."""
        self._walk.go(path)

    def press(self, *keys: str) -> None:
        """Once the page listens to keys: its words are there before its scripts."""
        expect(self._page.locator(HEARS_KEYS)).to_be_attached()
        for key in keys:
            self._page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Once something that takes words has the focus: a page that gives it may still be at it."""
        expect(self._page.locator(TAKES_WORDS)).to_be_attached()
        self._page.keyboard.type(words)

    @property
    def in_focus(self) -> str:
        """The words of what the next key goes to."""
        return self._page.evaluate("document.activeElement.innerText ?? ''").strip()

    def look_for(self, words: str) -> None:
        """Until these words can be seen."""
        expect(self._page.get_by_text(words).first).to_be_visible()

    @property
    def page(self) -> Page:
        """For looking only."""
        return self._page


# --- The exercise page ----------------------------------------------------------------------------------


def open_piece(page: Page, path: str) -> None:
    """Open an exercise, and wait until it saves by itself."""
    visit(page, path)
    expect(page.locator("[data-without-script]").last).to_be_hidden()


def await_saved(page: Page) -> None:
    """Until the bar says that everything typed is saved."""
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def hand_in(page: Page) -> None:
    """Press the button and wait for the page that says who has it now."""
    page.get_by_role("button", name=re.compile("^Hand in to ")).click()
    expect(page.get_by_role("heading", name="What you handed in")).to_be_visible()


def first_read(page: Page) -> Locator:
    """The notes beside the draft."""
    return page.get_by_role("region", name="First read")
