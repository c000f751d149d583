"""The board and the comment bank by keys: letters lead from a row to what a coach does about the client in it. What
comes into the rows of the queue once it is there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .walking import COACH, Keyboard, Walk

pytestmark = pytest.mark.browser
WHO = "Zofia Wójcik"


def the_board(walking: Walk) -> Page:
    """With its keys: their button is there once a script has come."""
    page = walking.go("/coach/board/tagus-cohort/")
    expect(page.locator("[data-opens-keys]")).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("key", "title"), [("x", f"Dates of {WHO}"), ("w", f"You and {WHO}"), ("f", None)], ids=["x", "w", "f"]
)
def test_a_letter_leads_from_the_row_in_focus(walk: Callable[..., Walk], key: str, title: str | None) -> None:
    walking = walk(COACH)
    page = the_board(walking)
    page.get_by_role("link", name=WHO).focus()

    page.keyboard.press(key)

    if title:
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    else:
        expect(page.get_by_label("Who").locator("option:checked")).to_have_text(f"{WHO}, Tagus cohort")
    assert walking.trouble == []


def test_the_sheet_of_keys_of_the_board_names_them(walk: Callable[..., Walk]) -> None:
    walking = walk(COACH)
    page = the_board(walking)

    Keyboard(walking).press("?")

    expect(page.get_by_role("dialog").get_by_text("write to the client in focus")).to_be_visible()
    assert walking.trouble == []


def test_a_row_of_the_queue_says_every_reason_once_the_page_is_there(walk: Callable[..., Walk]) -> None:
    walking = walk(COACH)
    page = walking.go("/coach/queue/")
    row = page.get_by_role("listitem").filter(has_text="Kenji Watanabe").filter(has=page.locator("[data-piece]"))

    # The part that comes later puts all reasons into one run of words, and the way to the page that says more.
    expect(row.locator(".risk-why > span")).to_have_text("A coach’s own flag")
    assert (row.locator(".risk-why").get_attribute("href") or "").startswith("/coach/risk/#c-")
    assert walking.trouble == []


def test_the_bank_opens_with_lines_of_the_criterion_in_hand_at_its_level(walk: Callable[..., Walk]) -> None:
    walking = walk(COACH)
    page = walking.go("/coach/queue/")
    page.locator(".board-head a.primary").click()
    lines = page.locator("[data-bank] [data-comment=try][data-about]:not([data-level=''])")
    about = {line.get_attribute("data-about"): line.get_attribute("data-level") for line in lines.all()}
    criteria = [one.get_attribute("data-criterion") for one in page.locator("[data-criterion]").all()]
    known = [one for one in criteria if one in about]
    assert known

    for criterion in known:
        step = page.locator(f'[data-criterion="{criterion}"]')
        step.locator(f'input[value="{about[criterion]}"]').check()
        page.locator("#id_try_next").fill("")
        page.locator("#id_try_next").press("/")
        first = page.locator("[data-bank] [data-comment]").first
        assert [first.get_attribute(f"data-{name}") for name in ("comment", "about", "level")] == [
            "try", criterion, about[criterion],
        ]  # fmt: skip
        page.keyboard.press("Escape")
    assert walking.trouble == []
