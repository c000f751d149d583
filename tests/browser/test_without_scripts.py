"""Everything that matters works where no script runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .walking import COACH, Walk, hand_in, visit

pytestmark = pytest.mark.browser
CLIENT = "soo-jin.park@example.org"
PIECE = "/work/w3-t3/"
TOPIC = "The nightly load"
SCRIPT = "The nightly load is back, so the number you read out on Monday is complete."
KEEP, TRY = "The number comes first.", "Say what it means for next month."
ASK, NOTE = "Say who reads it on Monday.", "Three words, and it is over."
UNDO = 10  # seconds


def test_homework_goes_to_the_coach_and_back_where_no_script_runs(walk: Callable[..., Walk]) -> None:
    client, coach = walk(java_script_enabled=False), walk(java_script_enabled=False)
    client.expect_refusals(422)
    coach.expect_refusals(422)
    client.sign_in(CLIENT)
    coach.sign_in(COACH)

    saves_and_hands_in(client)
    answers(coach.page)
    client.page.wait_for_timeout(UNDO * 1000)
    client.go("/feedback/w3-t3/")

    expect(client.page.get_by_text(KEEP)).to_be_visible()
    expect(client.page.get_by_text(TRY)).to_be_visible()
    expect(client.page.locator(".asked-list li")).to_have_text([ASK])
    expect(client.page.locator(".margin-note")).to_contain_text(NOTE)
    expect(client.page.locator(".anchor")).to_have_text(SCRIPT)
    client.page.get_by_role("button", name="Mark as read").click()
    expect(client.page.get_by_role("button", name="Mark as read")).to_have_count(0)


def saves_and_hands_in(client: Walk) -> None:
    page = client.go(PIECE)
    page.get_by_label("What are you explaining?").fill(TOPIC)
    page.get_by_label("Your script").fill(SCRIPT)
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    expect(page.get_by_label("Your script")).to_have_value(SCRIPT)

    page.get_by_role("button", name="Hand in to Dana").click()
    expect(page.get_by_role("alert")).to_contain_text("2 things to change")
    expect(page.get_by_label("Your script")).to_have_value(SCRIPT)

    page.get_by_role("checkbox", name="What are we building?").check()
    page.get_by_label("Who gave you the receipt?").select_option("Nobody yet")
    hand_in(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("It is a draft again.")).to_be_visible()
    hand_in(page)


def answers(page: Page) -> None:
    visit(page, "/coach/queue/")
    page.get_by_role("listitem").filter(has_text="60 seconds to a product manager").filter(
        has_text="Soo-jin"
    ).get_by_role("link").click()
    for criterion in page.locator("fieldset[data-criterion]").all():
        criterion.locator("label", has_text="3").click()
    page.get_by_label("Keep", exact=True).fill(KEEP)
    page.get_by_label("Ask 1 of the next attempt").fill(ASK)
    page.get_by_label("What it is about").select_option(SCRIPT)
    page.get_by_label("Note", exact=True).fill(NOTE)
    page.get_by_role("button", name="Save now").click()
    expect(page.get_by_label("Keep", exact=True)).to_have_value(KEEP)
    expect(page.locator("#work .margin-note")).to_contain_text(NOTE)
    expect(page.get_by_role("button", name="Give it back to the queue")).to_be_visible()

    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Try next").fill(TRY)
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_text("Sent to Soo-jin.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
