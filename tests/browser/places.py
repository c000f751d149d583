"""How to come to the pages that have no fixed address, or only after something was done."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from .walking import Walk, await_saved, hand_in, open_piece, visit

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
    open_piece(walk.page, "/work/w3-t3/")
    walk.page.get_by_label("What are you explaining?").fill("Why a room can be gone when you click")
    await_saved(walk.page)


def examples(walk: Walk) -> None:
    open_piece(walk.page, "/work/w4-x1/")
    walk.page.get_by_role("button", name="Two examples").click()
    expect(walk.page.get_by_role("dialog", name="Two examples")).to_be_visible()


def keys(walk: Walk) -> None:
    open_piece(walk.page, "/work/w4-x1/")
    walk.page.get_by_role("heading", level=1).click()
    walk.page.keyboard.press("?")
    expect(walk.page.get_by_role("dialog", name="Keys")).to_be_visible()


def what_to_change(walk: Walk) -> None:
    walk.expect_refusals(422)
    open_piece(walk.page, "/work/w4-x1/")
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


def no_such_lesson(walk: Walk) -> None:
    walk.expect_refusals(404)
    walk.go("/week/1/lesson/nothing-of-the-kind/")


def a_log(walk: Walk) -> None:
    """With enough meetings for a trend; logged when this is asked for the first time."""
    page = walk.go("/log/")
    for number in range(page.get_by_role("link", name="Release review").count(), 3):
        log_a_meeting(page, number)
    page.get_by_text("Show the numbers").click()


def log_a_meeting(page: Page, number: int) -> None:
    visit(page, "/log/new/")
    page.get_by_label("Which meeting?").fill("Release review")
    page.get_by_label("What kind?").select_option("Review")
    page.get_by_label("People in it, you included", exact=True).fill("9")
    page.get_by_label("How many times did you speak?", exact=True).fill(str(number + 1))
    for question, answer in (
        ("Did you have a stake", "Yes"),
        ("Did you lead with", "Mostly"),
        ("Was something incorrect", "No"),
    ):
        page.get_by_role("group", name=question).locator("label", has_text=answer).click()
    page.get_by_label("What came of it?").fill("My proposal was taken.")
    page.get_by_role("button", name="Save: you and Dana can read this").click()
    expect(page.get_by_text("Logged: Release review.")).to_be_visible()


def a_meeting(walk: Walk) -> None:
    a_log(walk)
    walk.page.get_by_role("link", name="Release review").first.click()
    walk.page.get_by_text("One sentence ready, first minute").click()
    expect(walk.page.locator("#id_first_minute")).to_be_visible()


def an_empty_meeting(walk: Walk) -> None:
    walk.expect_refusals(422)
    page = walk.go("/log/new/")
    expect(page.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()
    page.get_by_role("button", name="Save: you and Dana can read this").click()
    expect(page.get_by_role("alert")).to_be_visible()


# --- A coach's pages ------------------------------------------------------------------------------------


def a_conversation(walk: Walk) -> None:
    walk.go(walk.go("/coach/conversations/").locator(".list a.t").first.get_attribute("href"))


def a_review(name: str, view: str = "") -> Callable[[Walk], None]:
    """The review page of the first piece of this client in the queue."""

    def follow(walk: Walk) -> None:
        address = walk.go("/coach/queue/").locator(f"[data-piece]:has-text('{name}')").first.get_attribute("href")
        walk.go(f"{address}{view}")

    return follow


def to_be_talked_about(walk: Walk) -> None:
    """The review page of the first piece that is to be discussed live."""
    walk.go(f"{walk.go('/coach/queue/').locator('a[href*=talk]').first.get_attribute('href')}")
    expect(walk.page.get_by_role("button", name="We talked about it")).to_be_visible()


def a_session(walk: Walk) -> None:
    """The one of week 3, where attendance was taken."""
    walk.go("/coach/sessions/tagus-cohort/").get_by_role("link", name="Live session 3").click()
    expect(walk.page.get_by_role("heading", level=2, name="Who is there")).to_be_visible()


def a_rating(walk: Walk) -> None:
    """The first client of the cohort who is not rated at the midpoint."""
    walk.go("/coach/ratings/tagus-cohort/").get_by_role("link", name="Rate ").first.click()
    expect(walk.page.get_by_role("button", name="Save: you, the other coaches")).to_be_visible()


def a_client_file(walk: Walk) -> None:
    walk.go("/coach/ratings/tagus-cohort/").get_by_role("link", name="Elif Yıldız", exact=True).click()
    expect(walk.page.get_by_role("heading", level=2, name="Seen from both sides")).to_be_visible()


def a_client_so_far(walk: Walk) -> None:
    """What the file loads, as a page of its own."""
    a_client_file(walk)
    walk.go(f"{urlsplit(walk.page.url).path}so-far/")
    expect(walk.page.get_by_role("heading", level=2, name="Levels by week")).to_be_visible()


def a_pair(walk: Walk) -> None:
    """The one that waits for a reader."""
    walk.go("/coach/pairs/").get_by_role("link", name="Read it", exact=True).click()
    expect(walk.page.get_by_role("heading", level=2, name="Second text")).to_be_visible()


def a_clients_dates(walk: Walk) -> None:
    walk.go("/coach/board/tagus-cohort/").get_by_role("link", name="Zofia Wójcik").click()
    walk.page.get_by_role("link", name="Dates", exact=True).click()
    expect(walk.page.get_by_role("heading", level=1, name="Dates of Zofia Wójcik")).to_be_visible()


def a_clients_notes(walk: Walk) -> None:
    a_client_file(walk)
    walk.page.get_by_role("link", name="Notes", exact=True).click()
    expect(walk.page).to_have_url(re.compile(r"/notes/$"))


def a_handover(walk: Walk) -> None:
    """Of a window that is far enough ahead to be in nobody's way."""
    page = walk.go("/coach/away/tagus-cohort/")
    day = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    if not page.get_by_role("link", name="Handover").count():
        page.get_by_label("Who reads meanwhile").select_option(index=1)
        page.get_by_label("First day").fill(day)
        page.get_by_label("Last day").fill(day)
        page.get_by_role("button", name="Set the window").click()
    page.get_by_role("link", name="Handover").first.click()
    expect(page).to_have_url(re.compile(r"/coach/handover/\d+/$"))


def a_question(walk: Walk) -> None:
    """More time that somebody asks for, where the week has gone on long enough that somebody does."""
    page = walk.go("/coach/queue/")
    question = page.locator("section[aria-labelledby=asked-h] a.t")
    if question.count():
        question.first.click()


# --- A sponsor's pages ------------------------------------------------------------------------------------


def a_copy(walk: Walk) -> None:
    """The latest that was released to them."""
    walk.go(walk.go("/sponsor/").locator(".list a.strong").first.get_attribute("href"))


# --- The office -----------------------------------------------------------------------------------------


def invite(admin: Walk, who: str) -> None:
    """A client for the cohort that is on its way."""
    page = admin.go("/manage/cohorts/")
    page.get_by_role("link", name="Tagus cohort", exact=True).click()
    page.get_by_label("Who").fill(who)
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_text("Invited. The link is on its way to").first).to_be_visible()


def what_a_week_off_changes(admin: Walk) -> None:
    page = admin.go("/manage/cohorts/douro-cohort/")
    starts = re.search(r"Week 1 on \w+ (\d+ \w+ \d{4})", page.locator(".office-head").inner_text())[1]
    monday = datetime.strptime(starts, "%d %B %Y").date() + timedelta(weeks=2)
    page.get_by_label("Its Monday").fill(monday.isoformat())
    page.get_by_role("button", name="See what a week off changes").click()
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()


def an_edition(admin: Walk) -> None:
    """The one the demo walks."""
    page = admin.go("/manage/editions/")
    page.locator("main .list a.strong").first.click()
    expect(page.get_by_role("heading", name="What is in it")).to_be_visible()


def what_a_change_of_cohort_changes(admin: Walk) -> None:
    """With everything a client of the cohort under way has begun."""
    page = admin.go("/manage/cohorts/tagus-cohort/")
    page.get_by_role("link", name="Change the cohort").first.click()
    page.get_by_label("To", exact=True).select_option("douro-cohort")
    page.get_by_role("button", name="See what that changes").click()
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()


def a_plan_in_sentences(admin: Walk) -> None:
    """With a night, a week off beside a holiday, a coach and a line to mend, every week in the open."""
    page = admin.go("/manage/cohorts/new/")
    page.get_by_label("First Monday").fill("2027-03-15")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_label("Day of the live sessions").select_option("3")
    page.get_by_label("Time of the live sessions").fill("20:00")
    page.get_by_label("Public holidays of").select_option("DE")
    page.get_by_label("People").fill("Dora,dora@example.org,Asia/Manila\nEmil,emil@")
    page.get_by_role("checkbox", name="Dana Whitfield").check()
    expect(page.get_by_text("The live sessions are at 03:00 in Manila.")).to_be_visible()
    expect(page.get_by_text("Dana Whitfield has")).to_be_visible()
    page.get_by_role("checkbox", name="from 29 March").check()
    expect(page.get_by_text("The last week is due on Sunday 23 May 2027.")).to_be_visible()
    page.get_by_text("Every week on three clocks").click()


def a_table_that_was_looked_at(admin: Walk) -> None:
    """With a line of each kind."""
    page = admin.go("/manage/people/import/")
    lines = ["name,email,cohort,external_id", "Dora,dora@example.org,Douro cohort,", "Emil,emil@,Douro cohort,"]
    page.get_by_label("People").fill("\n".join([*lines, "Client,client@example.org,Tagus cohort,17"]))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("button", name="Invite 1, change 1, skip 1")).to_be_visible()


def link_of(mail: EmailMessage) -> str:
    """The address in an invitation."""
    text = mail.get_body(("plain",)).get_content()
    return re.search(r"http://127\.0\.0\.1:\d+/join/\S+", text)[0]
