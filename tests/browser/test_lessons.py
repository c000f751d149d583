"""A lesson counts as read when its reader has come to its end; the arrows turn to the next one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .walking import Walk, visit

pytestmark = pytest.mark.browser
SOO_JIN = "soo-jin.park@example.org"
LESSON = "/week/1/lesson/technical-credibility-trap/"


def test_a_lesson_is_read_at_its_end_and_that_can_be_taken_back(walk: Callable[..., Walk]) -> None:
    page = walk(SOO_JIN, width=390).go(LESSON)
    mark = page.get_by_role("button", name="Mark as read")
    if page.get_by_text("Read.", exact=True).is_visible():
        page.get_by_role("button", name="Mark as not read").click()
        expect(mark).to_be_visible()
        visit(page, "/week/")  # a page that is loaded anew stays where it was, and here that is its end
        visit(page, LESSON)
    expect(mark).to_be_attached()
    page.wait_for_load_state("networkidle")

    page.mouse.wheel(0, 20_000)
    expect(page.get_by_text("Read.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Mark as not read").click()
    expect(mark).to_be_visible()
    page.mouse.wheel(0, -400)
    page.mouse.wheel(0, 400)

    expect(mark).to_be_visible()
    expect(page.get_by_text("Read.", exact=True)).to_be_hidden()


def test_the_arrows_turn_to_the_next_lesson_and_back_across_weeks(walk: Callable[..., Walk]) -> None:
    page = walk(SOO_JIN).go(LESSON)
    page.wait_for_load_state("networkidle")
    place = page.get_by_text(re.compile(r"^Lesson \d of \d$"))
    expect(place).to_have_text("Lesson 1 of 4")

    for number in (2, 3, 4):
        page.keyboard.press("ArrowRight")
        expect(place).to_have_text(f"Lesson {number} of 4")
        page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/week/2/lesson/**")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowLeft")

    page.wait_for_url("**/week/1/lesson/**")
