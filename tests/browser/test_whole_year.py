"""An admin takes a cohort from a published edition to graduation, and a year later somebody says what became of it.

Real web, worker and beat; the database's clock is moved by half a day at most. Each kind of step is taken by clicks
once, by Ruth, Dana or Nadia; everything that repeats is done by the same operations, see `deputies`.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.reliability import afterwards

from .lived import COACH, NADIA, PASSWORD, PEOPLE, ZONE, LivedStack, people
from .places import link_of
from .stack import wait_until
from .test_every_kind import answers_a_page, example, fill_in
from .walking import SOON, Walk, await_saved, hand_in, open_piece

pytestmark = [pytest.mark.browser, pytest.mark.faketime, pytest.mark.timeout(900)]
ADMIN, COHORT = "ruth@example.org", "Ave cohort"
STARTS, BEGINS = date(2027, 2, 1), datetime(2027, 1, 18, 10, tzinfo=UTC)
PIECE = "w1-x1"
KEEP, TRY = "“Forty crews” says how many before it says how.", "Say in the first sentence what they do differently."
CONFIRMED = afterwards.confirmed_at(STARTS, ZONE)
FIRST = {months: afterwards.first_letter(CONFIRMED, months, ZONE) for months in afterwards.MONTHS}
WEEK = timedelta(weeks=1)  # none of them crosses a night of the clocks
LETTERS = """
SELECT m.kind, m.sent_at FROM clients_message m JOIN clients_user u ON u.id = m.person_id
WHERE u.email = %s AND m.kind LIKE 'alumni%%' AND m.state = 'sent' ORDER BY m.sent_at
"""
WRONG = "SELECT kind, state FROM clients_message WHERE state NOT IN ('sent', 'cancelled')"


@pytest.fixture(scope="module")
def stack() -> Iterator[LivedStack]:
    """Without a demo, on a Monday two weeks before the first."""
    place = Path(tempfile.mkdtemp(prefix="across-lived-"))
    place.chmod(0o711)  # the database's account passes through
    running = LivedStack(place, BEGINS)
    try:
        running.start()
        yield running
    finally:
        left = running.stop()
        shutil.rmtree(place, ignore_errors=True)
    assert left == []


def wall(week: int, weekday: int, hour: int, minute: int = 0) -> datetime:
    """By everybody's clock; Monday is 0."""
    day = STARTS + timedelta(weeks=week - 1, days=weekday)
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)).astimezone(UTC)


def test_an_admin_takes_a_cohort_from_the_edition_to_the_last_check_in(
    stack: LivedStack, walk: Callable[..., Walk]
) -> None:
    ruth, dana, nadia = (walk(timezone_id=ZONE) for _each in range(3))

    makes_an_account(ruth, re.search(r"http://\S+/join/\S+", stack.output.read_text())[0], "Ruth Castellanos")
    plans_the_cohort(ruth)
    invites_a_coach(ruth)
    joins(dana, link_to(stack, COACH))
    imports_people(ruth)
    opens_invitations(ruth)
    joins(nadia, link_to(stack, NADIA))
    accepts_the_agreement(nadia)
    stack.people = people(stack, "tests.browser.deputies", COHORT)

    stack.live_until(wall(1, 2, 18, 30))
    hands_in(nadia)
    stack.live_until(wall(1, 4, 10, 20))
    reviews(dana)
    stack.live_until(wall(8, 4, 18, 30))
    rates_herself(nadia)
    stack.live_until(wall(9, 3, 15))
    rates(dana)
    stack.live_until(CONFIRMED)

    confirms(ruth)
    takes_the_certificate(nadia)
    stack.live_until(wall(10, 2, 11))
    closes(ruth)
    looks_at_the_outcomes(ruth)
    takes_a_snapshot(ruth)

    stack.live_until(FIRST[3] - timedelta(minutes=1))
    assert letters(stack) == []
    stack.live_until(FIRST[12] + timedelta(hours=1))
    due = [("alumni.3", FIRST[3]), ("alumni.6", FIRST[6]), ("alumni.6", FIRST[6] + WEEK), ("alumni.12", FIRST[12])]
    assert letters(stack) == due
    answers_the_last(walk(timezone_id=ZONE), link_in_the_last(stack))
    stack.live_until(FIRST[12] + 2 * WEEK)
    assert letters(stack) == due  # who has answered is not asked again
    assert stack.clock.eyes.execute(WRONG).fetchall() == []
    assert stack.longest <= timedelta(hours=12)


# --- Before the first week --------------------------------------------------------------------------------


def makes_an_account(admin: Walk, link: str, name: str) -> None:
    page = admin.go(link)
    page.get_by_label("E-mail").fill(ADMIN)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/manage/**")


def plans_the_cohort(admin: Walk) -> None:
    page = admin.go("/manage/cohorts/new/")
    page.get_by_label("Name").fill(COHORT)
    page.get_by_label("First Monday").fill(STARTS.isoformat())
    page.get_by_label("Time zone").select_option(ZONE)
    page.get_by_label("Day of the live sessions").select_option("3")
    page.get_by_label("Time of the live sessions").fill("17:00")
    page.get_by_label("People").fill(f"{PEOPLE[NADIA]},{NADIA},{ZONE}")
    expect(page.get_by_text("1 person is put down.")).to_be_visible()
    page.get_by_role("button", name="Open the cohort").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COHORT)


def invites_a_coach(admin: Walk) -> None:
    page = admin.page
    page.get_by_label("As", exact=True).select_option("Coach")
    page.get_by_label("Who", exact=True).fill(f"Dana Whitfield <{COACH}>")
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_text(f"The link is on its way to {COACH}.")).to_be_visible()


def link_to(stack: LivedStack, address: str) -> str:
    wait_until(lambda: stack.mails_to(address), SOON)
    return link_of(stack.mails_to(address)[0])


def joins(person: Walk, link: str) -> None:
    page = person.go(link)
    expect(page.get_by_label("Your time zone")).to_have_value(ZONE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=f"Join {COHORT}").click()
    page.wait_for_url(lambda url: "/join/" not in url)


def imports_people(admin: Walk) -> None:
    """One of them is put down already, and stays so."""
    page = admin.page
    page.get_by_role("link", name="More than a few? Bring a table").click()
    lines = ["name;email;time_zone", *(f"{name};{email};{ZONE}" for email, name in PEOPLE.items())]
    page.get_by_label("People").fill("\n".join(lines))
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Invite 4, skip 1").click()
    expect(page.get_by_text("4 people are invited.")).to_be_visible()


def opens_invitations(admin: Walk) -> None:
    page = admin.go("/manage/cohorts/ave-cohort/")
    page.get_by_role("button", name="Open invitations").click()
    expect(page.get_by_text("1 invitation is on its way.")).to_be_visible()


def accepts_the_agreement(client: Walk) -> None:
    page = client.go("/agreement/")
    page.get_by_role("button", name="I have read this and accept it").click()
    page.wait_for_url("**/week/")


# --- The weeks --------------------------------------------------------------------------------------------


def hands_in(client: Walk) -> None:
    page = client.page
    open_piece(page, f"/work/{PIECE}/")
    fill_in(page, example(PIECE))
    await_saved(page)
    hand_in(page)


def reviews(coach: Walk) -> None:
    page = coach.go("/coach/queue/")
    page.locator("[data-piece]").filter(has_text=PEOPLE[NADIA]).first.click()
    expect(page).to_have_title(re.compile("^Review: Nadia"))
    for criterion in page.locator("fieldset[data-criterion]").all():
        criterion.get_by_role("radio", name="3", exact=True).check()
    page.get_by_label("Keep", exact=True).fill(KEEP)
    page.get_by_label("Try next", exact=True).fill(TRY)
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_text("Sent to Nadia.")).to_be_visible()


def rates_herself(client: Walk) -> None:
    """The final assessment, and where week 0 was, seen from the end."""
    page = client.go("/assessment/a8/")
    while page.get_by_role("button", name="Next competency").is_visible():
        answers_a_page(page)
    for question in page.get_by_role("group").filter(has=page.get_by_role("radio", name="Partly")).all():
        question.get_by_role("radio", name="Partly").check()
    page.get_by_role("button", name="Finish").click()
    looks_back(client.go("/assessment/looking-back/"))


def looks_back(page: Page) -> None:
    for statement in page.locator(".statement").all():
        statement.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(lambda url: "looking-back" not in url)


def rates(coach: Walk) -> None:
    """The final rating, a point and a sentence for each competency."""
    page = coach.go("/coach/ratings/ave-cohort/?time=c9")
    page.get_by_role("link", name=f"Rate {PEOPLE[NADIA]}").click()
    for statement in page.locator(".statement").all():
        statement.locator("[value='4']").check()
        statement.get_by_role("textbox").fill("Her Friday note of week 8.")
    page.get_by_role("button", name="Save: you, the other coaches").click()
    expect(page.get_by_role("status").first).to_be_visible()


# --- The end, and after it --------------------------------------------------------------------------------


def confirms(admin: Walk) -> None:
    page = admin.go("/manage/cohorts/ave-cohort/graduation/")
    page.get_by_role("button", name="See what finishing changes").click()
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()
    page.get_by_role("button", name="Confirm it").click()
    expect(page.get_by_role("region", name="Finished").get_by_role("listitem")).to_have_count(len(PEOPLE))


def takes_the_certificate(client: Walk) -> None:
    page = client.go("/graduation/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You finished, Nadia")
    with page.expect_download() as download:
        page.get_by_role("link", name="Certificate as PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_role("region", name="Afterwards").get_by_role("button").click()
    expect(page.get_by_role("button", name="Stop asking")).to_be_visible()


def closes(admin: Walk) -> None:
    page = admin.go("/manage/cohorts/ave-cohort/graduation/")
    page.get_by_role("button", name="See what closing changes").click()
    page.get_by_role("button", name="Close the cohort").click()
    expect(page.get_by_text("Closed since")).to_be_visible()


def looks_at_the_outcomes(admin: Walk) -> None:
    page = admin.go("/manage/outcomes/")
    expect(page.get_by_role("heading", level=1)).to_have_text("All four moved about alike")
    expect(page.get_by_text("5 enrolled, 5 started, 5 completed, 5 rated themselves both times.").first).to_be_visible()


def takes_a_snapshot(admin: Walk) -> None:
    page = admin.go("/manage/outcomes/snapshots/")
    page.get_by_role("checkbox", name=COHORT).check()
    page.get_by_label("Title").fill("Ave, at its end")
    page.get_by_role("button", name="Compute and freeze it").click()
    there = page.get_by_role("link", name=re.compile("^(Read it|PDF)$"))
    expect(there.first).to_be_visible(timeout=SOON * 1000)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ave, at its end")
    assert page.request.get(there.get_attribute("href")).body().startswith(b"%PDF")


def letters(stack: LivedStack) -> list[tuple[str, datetime]]:
    """Which check-in was asked for by mail, at which minute."""
    found = stack.clock.eyes.execute(LETTERS, [NADIA]).fetchall()
    return [(kind, at.astimezone(UTC).replace(second=0, microsecond=0)) for kind, at in found]


def link_in_the_last(stack: LivedStack) -> str:
    text = stack.mails_to(NADIA)[-1].get_body(("plain",)).get_content()
    return re.search(r"http://127\.0\.0\.1:\d+/check-in/[^/\s]+/", text)[0]


def answers_the_last(graduate: Walk, link: str) -> None:
    """In a browser that has never seen her, by the link alone."""
    page = graduate.go(link)
    page.locator("[name=outcome][value=management]").check()
    page.locator("[name=month]").fill("2028-01")
    page.get_by_role("radio", name="You have my word").check()
    page.locator("[name=conversation_held][value=yes]").check()
    page.locator("[name=interviews]").fill("1")
    page.locator("[name=consent_anonymous_use][value=yes]").check()
    for statement in page.locator(".statement").all():
        statement.get_by_role("radio").nth(3).check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Nadia")
