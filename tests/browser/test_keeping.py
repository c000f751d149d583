"""Nothing typed is ever lost: two windows, no connection, no session, a hand that clicks twice."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .walking import PASSWORD, Walk, await_saved, open_piece

pytestmark = pytest.mark.browser
PIECE, OTHER = "/work/w5-t5/", "/work/w4-t4/"  # two of the pieces nobody in the demo has begun
FIRST = "The nightly load is back, so the number you read out on Monday is complete."
SECOND = "We can cut the storage bill by 9,000 dollars a year, which means one person less to argue for."
LATER = " From Monday on it is checked every night."


def script_of(page: Page) -> Locator:
    return page.get_by_label("Your script")


def kept_in(page: Page) -> list[str]:
    """The scripts this browser keeps because the server has not answered for them."""
    stored = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('across:draft'))")
    return [dict(json.loads(copy)["pairs"])["script"] for _key, copy in stored]


# --- Two windows ----------------------------------------------------------------------------------------


def test_two_windows_of_one_draft_show_both_texts_and_the_client_chooses(walk: Callable[..., Walk]) -> None:
    linh = walk("client@example.org")
    linh.expect_refusals(409)
    here, there = linh.page, linh.context.new_page()
    for window in (here, there):
        open_piece(window, PIECE)
    script_of(there).fill(SECOND)
    await_saved(there)

    script_of(here).fill(FIRST)
    choice = here.get_by_role("dialog", name="Two texts")
    expect(choice.get_by_role("region", name="In this window").get_by_label("Your script")).to_have_value(FIRST)
    expect(choice.get_by_role("region", name="Saved elsewhere").get_by_label("Your script")).to_have_value(SECOND)
    choice.get_by_role("button", name="Go on with this text").click()
    await_saved(here)

    script_of(there).fill(SECOND + LATER)
    there.get_by_role("link", name="Go on with that text").click()
    expect(script_of(there)).to_have_value(FIRST)


# --- No connection --------------------------------------------------------------------------------------


def test_without_a_connection_the_text_stays_in_the_browser_and_is_saved_afterwards(walk: Callable[..., Walk]) -> None:
    ananya = walk("ananya.raghavan@example.org")
    page = ananya.page
    open_piece(page, PIECE)
    notice = page.get_by_text("No connection. Your text is kept in this browser")

    with ananya.offline():
        script_of(page).fill(FIRST)
        expect(notice).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="Not saved yet.")).to_be_visible()
        kept_offline = kept_in(page)

    await_saved(page)
    expect(notice).to_be_hidden()
    page.reload()
    expect(script_of(page)).to_have_value(FIRST)
    assert (kept_offline, kept_in(page)) == ([FIRST], [])


def test_a_page_that_was_closed_without_a_connection_offers_its_text_again(walk: Callable[..., Walk]) -> None:
    soo_jin = walk("soo-jin.park@example.org")
    closed = soo_jin.page
    open_piece(closed, PIECE)
    with soo_jin.offline():
        script_of(closed).fill(FIRST)
        expect(closed.get_by_text("No connection.")).to_be_visible()
        closed.close()

    page = soo_jin.context.new_page()
    open_piece(page, PIECE)
    page.get_by_role("button", name="Go on with it").click()

    expect(script_of(page)).to_have_value(FIRST)
    await_saved(page)
    assert kept_in(page) == []


# --- No session -----------------------------------------------------------------------------------------


def test_an_ended_session_stops_nobody_and_the_same_text_is_saved_after_signing_in(walk: Callable[..., Walk]) -> None:
    farid = walk("farid.haddad@example.org")
    farid.expect_refusals(401)
    page = farid.page
    open_piece(page, PIECE)
    sign_in = page.get_by_role("dialog", name="Sign in to go on")

    farid.lose_session()
    script_of(page).press_sequentially(FIRST)
    sign_in.get_by_role("button", name="Later").click()
    expect(script_of(page)).to_be_focused()
    page.keyboard.type(LATER)
    page.locator("[data-bar]").get_by_role("button", name="Sign in").click()
    sign_in.get_by_label("Password").fill(PASSWORD)
    sign_in.get_by_role("button", name="Sign in").click()
    expect(sign_in).to_be_hidden()

    await_saved(page)
    page.reload()
    expect(script_of(page)).to_have_value(FIRST + LATER)


def test_who_has_signed_in_again_types_on_where_they_were(walk: Callable[..., Walk]) -> None:
    farid = walk("farid.haddad@example.org")
    farid.expect_refusals(401)
    page = farid.page
    open_piece(page, OTHER)
    farid.lose_session()
    script_of(page).press_sequentially(FIRST)
    sign_in = page.get_by_role("dialog", name="Sign in to go on")
    sign_in.get_by_label("Password").fill(PASSWORD)
    sign_in.get_by_role("button", name="Sign in").click()
    expect(sign_in).to_be_hidden()

    page.keyboard.type(LATER)

    expect(script_of(page)).to_have_value(FIRST + LATER)
    await_saved(page)


# --- A hand that clicks twice ---------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_hands_in_once(walk: Callable[..., Walk], scripts: bool) -> None:
    person, piece = ("soo-jin.park@example.org", OTHER) if scripts else ("elif.yildiz@example.org", PIECE)
    page = walk(person, java_script_enabled=scripts).go(piece)
    page.get_by_label("What are you explaining?").fill("The nightly load")
    script_of(page).fill(FIRST)
    page.get_by_role("checkbox", name="What are we building?").check()
    page.get_by_label("Who gave you the receipt?").select_option("Nobody yet")

    page.get_by_role("button", name="Hand in to Dana").dblclick()

    expect(page.get_by_role("heading", name="What you handed in")).to_be_visible()
    expect(page.get_by_role("region", name="Your attempts").get_by_role("listitem")).to_have_count(1)
