"""Single characters that are no keys for whoever switched them off, and the sheet that says which keys there are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .stack import Stack
from .walking import Walk, visit

pytestmark = pytest.mark.browser
LEE, TONI = "lee@example.org", "toni@example.org"  # keeps the letters on, switches them off
COHORTS = {LEE: "Letters", TONI: "Silent"}
KINDS = ("answers", "rewrite")


@pytest.fixture(scope="module")
def waiting(stack: Stack) -> None:
    """Two pieces that wait for each of two coaches who have nothing else."""
    for coach, cohort in COHORTS.items():
        stack.act("tests.browser.waiting", cohort, coach, *KINDS)


def board(coach: str) -> str:
    """The address of the coach's only board."""
    return f"/coach/board/{COHORTS[coach].lower()}/"


def opened(page: Page) -> list[str]:
    """What the sheet says, once it is open; it is closed again."""
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    told = sheet.locator("dd").all_inner_texts()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    return told


def ready(page: Page) -> None:
    """The page listens to keys: its script has shown the button of the sheet."""
    expect(page.get_by_role("button", name="Keys")).to_be_visible()


def test_the_sheet_of_queue_and_board_says_the_keys_they_have(walk: Callable[..., Walk], waiting: None) -> None:
    page = walk(LEE).page

    visit(page, "/coach/queue/")
    ready(page)
    page.keyboard.press("?")
    assert opened(page) == ["next piece, previous piece", "the first filter", "open the piece in focus"]
    page.keyboard.press("j")
    expect(page.locator("[data-piece]").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Exercise", exact=True)).to_be_focused()

    visit(page, board(LEE))
    ready(page)
    page.keyboard.press("?")
    assert opened(page)[:3] == ["from piece to piece", "first week, last week", "open it"]


def test_with_letters_off_no_character_does_anything_and_a_button_opens_the_sheet(
    walk: Callable[..., Walk], waiting: None
) -> None:
    page = walk(TONI).page
    visit(page, "/account/")
    page.get_by_label("Single-letter keys").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Single-letter keys")).not_to_be_checked()

    for address in ("/coach/queue/", board(TONI)):
        visit(page, address)
        ready(page)
        for key in ("?", "/", "j", "k", "x", "w", "f", " "):
            page.keyboard.press(key)
        expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
        assert page.evaluate("document.activeElement === document.body")
        page.get_by_role("button", name="Keys").click()
        assert "next piece, previous piece" not in opened(page)
