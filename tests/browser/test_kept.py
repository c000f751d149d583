"""Feedback that is typed while the web server is replaced, the session ends and another tab writes: every word is there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .stack import FIRST_START, Stack, wait_until
from .walking import PASSWORD, Walk, visit

pytestmark = pytest.mark.browser
SAM, EARLY, COHORT = "sam@example.org", "early@example.org", "Kept"
BEFORE, MEANWHILE, AFTER = "Written before.", "Written while nobody answered.", "Written after the session."
ELSEWHERE, HERE = "Written in a second tab.", "Written in the first one."
SLOW = 60_000  # milliseconds; a page tries again after three, ten and thirty seconds


def test_no_word_is_lost_through_a_restart_a_lost_session_and_two_tabs(walk: Callable[..., Walk], stack: Stack) -> None:
    stack.act("tests.browser.waiting", COHORT, SAM, "answers")
    coach = walk(SAM)
    coach.expect_refusals(409)
    coach.expected.append(re.compile(r"net::ERR_(CONNECTION|EMPTY|SOCKET|INCOMPLETE)"))
    page = coach.go("/coach/queue/")
    page.locator("[data-piece]").click()
    writes(page, "Keep", BEFORE)

    stack.end_web()
    page.get_by_label("Try next", exact=True).fill(MEANWHILE)
    page.keyboard.press("Control+s")
    wait_until(lambda: stack.is_ready, FIRST_START)
    is_saved(page)

    coach.lose_session()
    page.get_by_label("Ask 1 of the next attempt").fill(AFTER)
    dialog = page.get_by_role("dialog", name="Sign in to go on")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    is_saved(page)

    other = coach.context.new_page()
    visit(other, page.url)
    writes(other, "Ask 2 of the next attempt", ELSEWHERE)
    page.get_by_label("Ask 3 of the next attempt").fill(HERE)
    both = page.get_by_role("dialog", name="Two texts")
    for words in (ELSEWHERE, HERE):
        expect(both.get_by_text(words)).to_be_visible()
    both.get_by_role("link", name="Go on with that").click()

    wanted = {"Keep": BEFORE, "Try next": MEANWHILE, "Ask 1 of the next attempt": AFTER}
    for label, words in (wanted | {"Ask 2 of the next attempt": ELSEWHERE}).items():
        expect(page.get_by_label(label, exact=True)).to_have_value(words)


def test_what_is_typed_before_a_script_has_come_is_saved_as_well(walk: Callable[..., Walk], stack: Stack) -> None:
    stack.act("tests.browser.waiting", "Early", EARLY, "answers")
    coach, held = walk(EARLY), []
    page = coach.page
    page.route("**/drafts*.js", lambda route: held.append(route))
    coach.go("/coach/queue/")
    page.locator("[data-piece]").click()
    page.get_by_label("Keep", exact=True).fill(BEFORE)

    waits_for(page, lambda: held)
    for route in held:
        route.continue_()

    is_saved(page)
    page.unroute_all()
    page.reload()
    expect(page.get_by_label("Keep", exact=True)).to_have_value(BEFORE)


def writes(page: Page, label: str, words: str) -> None:
    """Typed, and saved by itself."""
    expect(page.locator("[data-without-script]").last).to_be_hidden()
    page.get_by_label(label, exact=True).fill(words)
    is_saved(page)


def waits_for(page: Page, happened: Callable[[], object]) -> None:
    """What the browser does by itself, in its own time; the page's own loop goes on meanwhile."""
    for _ in range(100):
        if happened():
            return
        page.wait_for_timeout(100)
    pytest.fail("The browser did not ask within ten seconds.")


def is_saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"^Saved \d\d:\d\d"), timeout=SLOW)
