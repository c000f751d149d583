"""How to come to the pages that have no fixed address, or only after something was done."""

import re
from collections.abc import Callable
from email.message import EmailMessage

from playwright.sync_api import expect

from .walking import Walk, await_saved, hand_in, open_piece

Place = str | Callable[[Walk], None]  # an address, or how to come there


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
    open_piece(walk.page, "/work/w2-x2/")
    walk.page.get_by_label("For whom?").fill("The support team")
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
    page = walk.go("/work/w2-x2/")
    if page.get_by_role("heading", name="What you handed in").is_visible():
        return
    open_piece(page, "/work/w2-x2/")
    page.get_by_label("When was it?").fill("2026-01-05")
    page.get_by_label("What happened, as an outcome").fill("The depot hears about a warm load in time.")
    page.get_by_label("For whom?").fill("The depots")
    page.get_by_label("Your part, in one clause").fill("I wrote the new alarm.")
    page.get_by_label("Which factor does it show?").select_option("Upward communication")
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
