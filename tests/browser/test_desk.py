"""A coach clears the queue by keyboard alone: claimed, scored, noted, asked, sent; one undone, one recalled.

What a review costs is printed: keys pressed, typed words left out, and the seconds the server took to answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Request, expect

from .walking import COACH, Keyboard, Walk

pytestmark = pytest.mark.browser
KEEP, TRY = "“It is how they say it” can be repeated.", "Move the date to the front and read it again."
NOTE, ASK = "Here the reader is with you.", "Name who decides."
REVIEWS = 3
UNDO = 10.0  # seconds
MOST_KEYS = 30  # a review, without what is typed


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


def test_a_queue_is_cleared_without_a_mouse(walk: Callable[..., Walk]) -> None:
    coach = walk(COACH)
    coach.allow_no_pointer()
    keys = Counting(coach)
    costs: list[Cost] = []
    coach.page.on("requestfinished", lambda request: keys.cost.count(request))
    opens_the_first(keys)

    for number in range(REVIEWS):
        keys.cost = Cost()
        name = reviews(keys, noted=number < 2)
        costs.append(keys.cost)
        if number == 1:
            undoes(keys, name)
    recalls_the_last(keys, name)

    for number, cost in enumerate(costs, start=1):
        print(f"review {number}: {cost.keys} keys, {cost.seconds:.2f} s of the server's time")
    assert max(cost.keys for cost in costs) <= MOST_KEYS


def opens_the_first(keys: Counting) -> None:
    keys.go("/coach/queue/")
    expect(keys.page.locator("[data-piece]").nth(REVIEWS)).to_be_visible()
    keys.press("j", "Enter")
    is_ready(keys)


def is_ready(keys: Counting) -> None:
    """The page of a piece that can be answered, listening to keys."""
    expect(keys.page).to_have_title(re.compile("^Review: "))
    expect(keys.page.locator("[data-line] button").first).to_be_attached()


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


def undoes(keys: Counting, name: str) -> None:
    """Within the ten seconds: everything is a draft again, and is sent once more."""
    keys.press("u")
    expect(keys.page).to_have_title(re.compile(f"^Review: {name}"))
    expect(keys.page.get_by_label("Keep", exact=True)).to_have_value(KEEP)
    expect(keys.page.get_by_label("Ask 1 of the next attempt")).to_have_value(ASK)
    expect(keys.page.locator("#work .margin-note", has_text=NOTE)).to_be_visible()
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
