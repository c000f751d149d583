"""A coach answers a recording: notes at a second of it, says the answer aloud, and the client hears both."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from . import microphone
from .stack import Stack
from .test_desk import KEEP, TRY, Counting, counting, goes_to_the_queue, is_ready
from .walking import Walk

pytestmark = pytest.mark.browser
KIM, COHORT = "kim@example.org", "Said"
CLIENT = f"recording-{COHORT.lower()}-0@example.org"
NOTE = "Here you stop for breath, and it helps."
LOADED = "[...document.querySelectorAll('audio')].every((one) => one.readyState > 0)"
PLAYS = "document.querySelector('#work audio').currentTime > 2"


@pytest.fixture(scope="module")
def browser(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    speech: Path = microphone.spoken(tmp_path_factory.mktemp("microphone") / "speech.wav")
    yield from microphone.speaking(browser, speech)


def test_a_recording_is_answered_with_a_note_at_a_second_and_aloud(walk: Callable[..., Walk], stack: Stack) -> None:
    stack.act("tests.browser.waiting", COHORT, KIM, "recording")
    keys = counting(walk(KIM))
    goes_to_the_queue(keys)
    keys.press("j", "Enter")
    is_ready(keys)

    second = notes_while_it_plays(keys)
    says_it(keys)
    sends(keys)

    keys.page.wait_for_timeout(10_000)  # until the client sees it
    client = walk(CLIENT)
    page = client.go("/feedback/w1-t1/")
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(page.get_by_text(f"0:0{second}").first).to_be_visible()
    expect(page.locator("audio")).to_have_count(2)
    until(page, LOADED)


def until(page: Page, true: str) -> None:
    """Look again and again: the page's own rules let nobody wait inside it."""
    for _look in range(300):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"waited in vain until {true}")


def notes_while_it_plays(keys: Counting) -> int:
    """P plays, M takes the second it stands at. Which second that was."""
    keys.press("p")
    until(keys.page, PLAYS)
    keys.press("p", "m")
    second = keys.page.evaluate("Math.floor(document.querySelector('#work audio').currentTime)")
    keys.type(NOTE)
    keys.press("Escape")
    note = keys.page.locator("#work .margin-note", has_text=NOTE)
    expect(note).to_contain_text(f"0:0{second}")
    return second


def says_it(keys: Counting) -> None:
    """S records, S stops; it is kept as part of the draft."""
    keys.press("s")
    expect(keys.page.locator("#voice [data-status]")).to_have_text(re.compile(r"^Recording, [6-9] of 60 s$"))
    keys.press("s")
    expect(keys.page.locator("#voice audio")).to_have_count(1)


def sends(keys: Counting) -> None:
    for _step in range(keys.page.locator("[data-step]").count()):
        keys.press("3", "ArrowDown")
    for words in (KEEP, TRY):
        keys.press("e")
        keys.type(words)
        keys.press("Escape")
    keys.press("Control+Enter")
    keys.look_for("Sent to Recording-")
