"""A coach clears a queue of twelve by keyboard alone: claimed, scored, noted, asked, sent; one undone, one recalled, one
handed to a colleague who stands in.

What a review costs is printed: keys pressed, typed words left out, and the seconds the server took to answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Request, expect

from .stack import Stack
from .walking import COACH, Keyboard, Walk

pytestmark = pytest.mark.browser
KEEP, TRY = "“It is how they say it” can be repeated.", "Move the date to the front and read it again."
NOTE, ASK = "Here the reader is with you.", "Name who decides."
KINDS = (
    "answers", "rewrite", "correction", "script", "again", "recording", "plan", "rewrite", "correction", "answers",
    "again", "script",
)  # fmt: skip
ROBIN, COHORT = "robin@example.org", "Twelve"
UNDO = 10.0  # seconds
MOST_KEYS = 32  # a review, without what is typed
MOST_TABS = 80


@dataclass
class Cost:
    """What one review took."""

    keys: int = 0
    seconds: float = 0.0

    def count(self, request: Request) -> None:
        """The server's part of an answer."""
        timing = request.timing
        if "/coach/" in request.url and timing["responseStart"] > 0:
            self.seconds += (timing["responseStart"] - timing["requestStart"]) / 1000


class Counting(Keyboard):
    """A keyboard that counts what is pressed."""

    cost = Cost()

    def press(self, *keys: str) -> None:
        self.cost.keys += len(keys)
        super().press(*keys)


@pytest.fixture(scope="module")
def twelve(stack: Stack) -> None:
    """Twelve pieces that wait for a coach who has nothing else."""
    stack.act("tests.browser.waiting", COHORT, ROBIN, *KINDS)


def test_a_queue_of_twelve_is_cleared_without_a_mouse(walk: Callable[..., Walk], twelve: None) -> None:
    keys, costs = counting(walk(ROBIN)), []
    opens_the_first(keys)

    for number in range(len(KINDS) - 1):
        keys.cost = Cost()
        name = reviews(keys, noted=number % 3 == 0)
        costs.append(keys.cost)
        if number == 3:
            undoes(keys, name, noted=True)
    keys.cost = Cost()
    recalls_the_last(keys, name)
    left = hands_over(keys)
    dana = counting(walk(COACH))
    opens(dana, left)
    dana.cost = Cost()
    reviews(dana, noted=False)
    costs.append(dana.cost)

    for number, (kind, cost) in enumerate(zip(KINDS, costs, strict=True), start=1):
        print(f"review {number:2} {kind:10} {cost.keys} keys, {cost.seconds:.2f} s of the server's time")
    keys.go("/coach/queue/")
    expect(keys.page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    assert max(cost.keys for cost in costs) <= MOST_KEYS


def counting(coach: Walk) -> Counting:
    coach.allow_no_pointer()
    keys = Counting(coach)
    coach.page.on("requestfinished", lambda request: keys.cost.count(request))
    return keys


def goes_to_the_queue(keys: Counting) -> None:
    """And listens to keys: a script has shown the button of their sheet."""
    keys.go("/coach/queue/")
    expect(keys.page.get_by_role("button", name="Keys")).to_be_visible()
    keys.page.wait_for_load_state("networkidle")


def opens_the_first(keys: Counting) -> None:
    goes_to_the_queue(keys)
    expect(keys.page.locator("[data-piece]")).to_have_count(len(KINDS))
    keys.press("j", "Enter")
    is_ready(keys)


def opens(keys: Counting, name: str) -> None:
    """This piece, among everything else that waits."""
    goes_to_the_queue(keys)
    places = keys.page.locator("[data-piece]").all_inner_texts()
    keys.press(*["j"] * (places.index(name) + 1))
    assert keys.in_focus == name
    keys.press("Enter")
    is_ready(keys)


def hands_over(keys: Counting) -> str:
    """A colleague stands in from today on. Whose piece is left for them."""
    name = keys.page.locator("nav.queue [aria-current] .who").evaluate("(one) => one.firstChild.textContent")
    keys.go(f"/coach/away/{COHORT.lower()}/")
    tabs_to(keys, "select[name=substitute]")
    keys.type("Dana")
    for day in ("first_day", "last_day"):
        types_today(keys, f"input[name={day}]")
    tabs_to(keys, "form[method=post] button.primary")
    keys.press("Enter")
    keys.look_for("Everybody concerned is told.")
    return name.strip()


def types_today(keys: Counting, selector: str) -> None:
    """A day field takes day and month in the order the browser shows them."""
    tabs_to(keys, selector)
    today = datetime.now(ZoneInfo("Europe/Berlin"))
    for order in ("%d%m%Y", "%m%d%Y"):
        keys.type(today.strftime(order))
        if keys.page.locator(selector).input_value() == today.date().isoformat():
            return
        keys.press("ArrowLeft", "ArrowLeft")
    raise AssertionError(f"{selector} takes no day")


def tabs_to(keys: Counting, selector: str) -> None:
    """Until this is in focus."""
    for _step in range(MOST_TABS):
        if keys.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        keys.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def is_ready(keys: Counting) -> None:
    """The page of a piece that can be answered, listening to keys."""
    expect(keys.page).to_have_title(re.compile("^Review: "))
    expect(keys.page.locator("[data-line] button").first).to_be_attached()
    keys.page.wait_for_load_state("networkidle")  # every script has come


def reviews(keys: Counting, *, noted: bool) -> str:
    """One whole review. Whose piece it was."""
    is_ready(keys)
    page = keys.page
    name = re.match(r"Review: ([\w-]+)", page.title())[1]
    for _step in range(page.locator("[data-step]").count()):
        keys.press("3", "ArrowDown")
    if noted:
        keys.press("m", "ArrowDown", "Tab")
        keys.type(NOTE)
        keys.press("Escape")
    for words in (KEEP, TRY, *([ASK] if noted else [])):
        keys.press("e")
        keys.type(words)
        keys.press("Escape")
    if noted:
        expect(page.locator("#work .margin-note", has_text=NOTE)).to_be_visible()
    keys.press("Control+Enter")
    keys.look_for(f"Sent to {name}.")
    return name


def undoes(keys: Counting, name: str, *, noted: bool) -> None:
    """Within the ten seconds: everything is a draft again, and is sent once more."""
    keys.press("u")
    expect(keys.page).to_have_title(re.compile(f"^Review: {name}"))
    expect(keys.page.get_by_label("Keep", exact=True)).to_have_value(KEEP)
    expect(keys.page.get_by_label("Ask 1 of the next attempt")).to_have_value(ASK if noted else "")
    expect(keys.page.locator("#work .margin-note", has_text=NOTE)).to_have_count(int(noted))
    is_ready(keys)
    keys.press("Control+Enter")
    keys.look_for(f"Sent to {name}.")


def recalls_the_last(keys: Counting, name: str) -> None:
    """After the ten seconds, as long as the mail has not left."""
    keys.page.wait_for_timeout(UNDO * 1000)
    keys.press("r")
    keys.look_for("Its mail has not left yet.")
    keys.press("u")
    expect(keys.page).to_have_title(re.compile(f"^Review: {name}"))
    expect(keys.page.get_by_label("Keep", exact=True)).to_have_value(KEEP)
    is_ready(keys)
    keys.press("Control+Enter")
    keys.look_for(f"Sent to {name}.")
    is_ready(keys)
