"""How to come to the pages that have no fixed address, or only after something was done."""

import re
from collections.abc import Callable
from email.message import EmailMessage

from playwright.sync_api import expect

from .walking import Walk, await_saved, hand_in, open_piece

Place = str | Callable[[Walk], None]  # an address, or how to come there
TODAY = "She knows the index better than anybody. I ask her when search is slow, and seldom before that."
IN_EIGHT_WEEKS = "She told me which role she wants. The search team asks for her by name, and I know why."


def go_to(walk: Walk, place: Place) -> None:
    """Open a place."""
    if callable(place):
        place(walk)
    else:
        walk.go(place)


def nowhere(walk: Walk) -> None:
    walk.expect_refusals(404)
    walk.go("/nowhere/")


# --- A client's pages -----------------------------------------------------------------------------------


def a_lesson(walk: Walk) -> None:
    walk.go(walk.go("/week/").locator(".todo a[href*='/lesson/']").first.get_attribute("href"))


def a_draft(walk: Walk) -> None:
    open_piece(walk.page, "/work/w1-t1/")
    walk.page.get_by_label("What are you explaining?").fill("Why a room can be gone when you click")
    await_saved(walk.page)


def examples(walk: Walk) -> None:
    open_piece(walk.page, "/work/w2-x1/")
    walk.page.get_by_role("button", name="Two examples").click()
    expect(walk.page.get_by_role("dialog", name="Two examples")).to_be_visible()


def keys(walk: Walk) -> None:
    open_piece(walk.page, "/work/w2-x1/")
    walk.page.get_by_role("heading", level=1).click()
    walk.page.keyboard.press("?")
    expect(walk.page.get_by_role("dialog", name="Keys")).to_be_visible()


def what_to_change(walk: Walk) -> None:
    walk.expect_refusals(422)
    open_piece(walk.page, "/work/w2-x1/")
    walk.page.get_by_role("button", name="Hand in to Dana").click()
    expect(walk.page.get_by_role("alert")).to_be_visible()


def handed_in(walk: Walk) -> None:
    """A piece without a rubric, handed in when this is asked for the first time."""
    page = walk.go("/work/w1-x2/")
    if page.get_by_role("heading", name="What you handed in").is_visible():
        return
    open_piece(page, "/work/w1-x2/")
    page.get_by_label("What your manager would say today").fill(TODAY)
    page.get_by_label("What you would like to be true in eight weeks").fill(IN_EIGHT_WEEKS)
    page.get_by_label("The sentence").first.fill("The search team asks for her by name.")
    page.get_by_label("What someone would see").first.fill("My name on the agenda of their review.")
    page.get_by_label("Did you find the written criteria for the next level?").select_option("No")
    hand_in(page)


# --- A coach's pages ------------------------------------------------------------------------------------


def a_review(name: str, view: str = "") -> Callable[[Walk], None]:
    """The review page of the first piece of this client in the queue."""

    def follow(walk: Walk) -> None:
        address = walk.go("/coach/queue/").locator(f"[data-piece]:has-text('{name}')").first.get_attribute("href")
        walk.go(f"{address}{view}")

    return follow


# --- The office -----------------------------------------------------------------------------------------


def invite(admin: Walk, who: str) -> None:
    """A client for the cohort that is on its way."""
    page = admin.go("/manage/cohorts/")
    page.get_by_role("link", name="Tagus cohort", exact=True).click()
    page.get_by_label("Who").fill(who)
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_text("Invited. The link is on its way to").first).to_be_visible()


def link_of(mail: EmailMessage) -> str:
    """The address in an invitation."""
    text = mail.get_body(("plain",)).get_content()
    return re.search(r"http://127\.0\.0\.1:\d+/join/\S+", text)[0]
