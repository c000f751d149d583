"""The meeting log on a phone: six taps and a sentence, without scripts too, and without a connection."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .stack import wait_until
from .walking import SOON, Walk, visit

pytestmark = pytest.mark.browser
KENJI, FARID, ZOFIA = "kenji.watanabe@example.org", "farid.haddad@example.org", "zofia.wojcik@example.org"
OUTCOME = "The date held because I asked for it in the first five minutes."
COUNT_TAPS = """addEventListener("click", (event) => event.isTrusted &&
  sessionStorage.setItem("taps", Number(sessionStorage.getItem("taps") ?? 0) + 1), true)"""


def pick(page: Page, question: str, answer: str) -> Locator:
    """The large button of an answer."""
    return page.get_by_role("group", name=question).locator("label", has_text=re.compile(f"^{answer}$"))


def about(page: Page, title: str) -> None:
    """What the form remembers afterwards."""
    page.get_by_label("Which meeting?").fill(title)
    page.get_by_label("What kind?").select_option("Review")
    page.get_by_label("People in it, you included", exact=True).fill("9")
    page.get_by_label("Minutes", exact=True).fill("45")


def the_rest(page: Page, *, spoke: str = "3") -> None:
    """What is asked of every meeting, without a single tap on what scripts add."""
    pick(page, "Did you have a stake", "Yes").click()
    page.get_by_label("How many times did you speak?", exact=True).fill(spoke)
    pick(page, "Did you lead with the conclusion?", "Mostly").click()
    pick(page, "Was something incorrect said", "No").click()
    page.get_by_label("What came of it?").fill(OUTCOME)


def save(page: Page) -> Locator:
    return page.get_by_role("button", name="Save: you and Dana can read this")


def is_in_the_log(page: Page, title: str, times: int = 1) -> None:
    row = page.get_by_role("link", name=title, exact=True)
    wait_until(lambda: visit(page, "/log/") or row.count(), SOON)  # it may be on its way from the page before
    expect(row).to_have_count(times)


# --- Six taps and a sentence ----------------------------------------------------------------------------


def test_the_usual_meeting_takes_six_taps_and_one_sentence_on_a_phone(walk: Callable[..., Walk]) -> None:
    walking = walk(KENJI, width=390, has_touch=True)
    page = walking.go("/log/new/")
    about(page, "Release review")
    the_rest(page)
    save(page).tap()
    expect(page.get_by_text("Logged: Release review.")).to_be_visible()
    walking.context.add_init_script(COUNT_TAPS)
    walking.go("/log/new/")
    expect(page.get_by_label("Which meeting?")).to_have_value("Release review")

    pick(page, "Did you have a stake", "Yes").tap()
    page.get_by_role("button", name="4: How many times did you speak?").tap()
    pick(page, "Did you lead with the conclusion?", "Always").tap()
    pick(page, "Was something incorrect said", "No").tap()
    page.get_by_label("What came of it?").tap()
    page.keyboard.type(OUTCOME)
    taps = page.evaluate("Number(sessionStorage.getItem('taps'))")
    save(page).tap()

    expect(page.get_by_text("Logged: Release review.")).to_be_visible()
    expect(page.get_by_text("spoke 4 times, conclusion first")).to_be_visible()
    assert taps == 5
    assert page.evaluate("Number(sessionStorage.getItem('taps'))") == 6


def test_every_target_of_the_form_is_as_large_as_a_thumb(walk: Callable[..., Walk]) -> None:
    page = walk(KENJI, width=390, has_touch=True).go("/log/new/")
    expect(page.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()
    targets = page.locator("#meeting :is(button, .picks label, input:not([type=hidden], [type=radio]), select)")

    heights = [round(box["height"]) for one in targets.all() if (box := one.bounding_box())]

    assert len(heights) > 20
    assert min(heights) >= 44


def test_a_question_appears_only_when_it_is_asked(walk: Callable[..., Walk]) -> None:
    page = walk(KENJI, width=390, java_script_enabled=False).go("/log/new/")
    response = page.get_by_role("group", name="What did you do?")
    said_it = page.get_by_role("group", name="Did you say it?")
    expect(response).to_be_hidden()

    pick(page, "Was something incorrect said", "Yes").click()
    expect(response).to_be_visible()
    page.get_by_text("One sentence ready, first minute").click()
    expect(said_it).to_be_hidden()
    page.get_by_label("One sentence ready", exact=True).fill("I recommend Thursday.")

    expect(said_it).to_be_visible()


def test_a_meeting_is_logged_where_no_script_runs(walk: Callable[..., Walk]) -> None:
    walking = walk(FARID, width=390, java_script_enabled=False)
    walking.expect_refusals(422)
    page = walking.go("/log/new/")
    about(page, "Quiet forum")
    the_rest(page)
    page.get_by_label("What came of it?").fill("Too short")
    save(page).click()
    expect(page.get_by_role("alert")).to_contain_text("At least 3 words here; this has 2.")

    page.get_by_label("What came of it?").fill(OUTCOME)
    save(page).click()

    expect(page.get_by_text("Logged: Quiet forum.")).to_be_visible()


def test_the_whole_form_is_a_matter_of_keys(walk: Callable[..., Walk]) -> None:
    walking = walk(FARID)
    walking.allow_no_pointer()
    page = walking.go("/log/")
    expect(page.locator("html")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    page.wait_for_url("**/log/new/")
    expect(page.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()

    page.get_by_label("Which meeting?").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Keys only")
    page.locator("[name=stake]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("5")
    page.locator("[name=conclusion_first]").first.focus()
    page.keyboard.press("Space")
    page.locator("[name=error_heard]").last.focus()
    page.keyboard.press("Space")
    page.get_by_label("What came of it?").focus()
    page.keyboard.type(OUTCOME)
    page.get_by_label("What kind?").focus()
    page.keyboard.type("Rev")
    page.get_by_label("People in it, you included", exact=True).fill("9")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Logged: Keys only.")).to_be_visible()
    expect(page.get_by_text("spoke 5 times, conclusion first").first).to_be_visible()


def test_the_week_passes_on_how_often_one_spoke(walk: Callable[..., Walk]) -> None:
    page = walk(KENJI, width=390, has_touch=True).go("/week/")
    more = page.get_by_role("button", name="More often")
    for _time in range(3):
        more.tap()
    page.get_by_role("button", name="Log this meeting").tap()

    expect(page.get_by_label("How many times did you speak?", exact=True)).to_have_value("3")


# --- No connection ----------------------------------------------------------------------------------------


def test_a_meeting_told_without_a_connection_is_kept_and_sent_once(walk: Callable[..., Walk]) -> None:
    zofia = walk(ZOFIA, width=390)
    page = zofia.go("/log/new/")
    expect(page.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()
    box = page.get_by_role("region", name="Not sent yet")
    with zofia.offline():
        for title in ("On the train", "Still on the train"):
            about(page, title)
            the_rest(page)
            save(page).click()
            expect(page.get_by_label("What came of it?")).to_have_value("")
        expect(box).to_contain_text(
            "Kept in this browser and sent when you are back: On the train, Still on the train."
        )

    expect(box).to_contain_text("Sent: On the train, Still on the train.")
    is_in_the_log(page, "On the train")
    is_in_the_log(page, "Still on the train")


def test_an_answer_that_got_lost_makes_no_second_entry(walk: Callable[..., Walk]) -> None:
    """The server keeps the entry, the answer never arrives, and the browser sends it again."""
    zofia = walk(ZOFIA)
    zofia.expected.append(re.compile("net::ERR_FAILED"))
    page = zofia.go("/log/new/")
    expect(page.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()
    lost = []

    def lose_the_first_answer(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/log/new/**", lose_the_first_answer)
    about(page, "Lost answer")
    the_rest(page)
    save(page).click()
    box = page.get_by_role("region", name="Not sent yet")
    expect(box).to_contain_text("Kept in this browser and sent when you are back: Lost answer.")

    visit(page, "/log/new/")

    expect(box).to_contain_text("Sent: Lost answer.")
    is_in_the_log(page, "Lost answer")
    assert lost == [200]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('across:meeting'))") == []


def test_a_page_that_was_closed_without_a_connection_sends_its_meeting_from_the_next_one(
    walk: Callable[..., Walk],
) -> None:
    zofia = walk(ZOFIA)
    closed = zofia.go("/log/new/")
    expect(closed.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()
    with zofia.offline():
        about(closed, "Before it was closed")
        the_rest(closed)
        save(closed).click()
        expect(closed.get_by_role("region", name="Not sent yet")).to_be_visible()
        closed.close()

    page = zofia.context.new_page()
    visit(page, "/log/")

    expect(page.get_by_role("link", name="Before it was closed", exact=True)).to_have_count(1)
    expect(page.get_by_role("region", name="Not sent yet")).to_be_hidden()


def test_what_the_server_would_not_take_is_kept_and_put_right(walk: Callable[..., Walk]) -> None:
    zofia = walk(ZOFIA)
    zofia.expect_refusals(422)
    page = zofia.go("/log/new/")
    expect(page.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()
    box = page.get_by_role("region", name="Not sent yet")
    with zofia.offline():
        about(page, "Half told")
        the_rest(page)
        page.get_by_label("What came of it?").fill("Went well")
        save(page).click()
        expect(box).to_contain_text("Half told")
    expect(box).to_contain_text("At least 3 words here; this has 2.")

    box.get_by_role("button", name="Put it right").click()
    expect(page.get_by_label("Which meeting?")).to_have_value("Half told")
    page.get_by_label("What came of it?").fill(OUTCOME)
    save(page).click()

    expect(page.get_by_text("Logged: Half told.")).to_be_visible()
    expect(box).to_be_hidden()
    is_in_the_log(page, "Half told")


def test_an_ended_session_keeps_the_meeting_until_somebody_signs_in(walk: Callable[..., Walk]) -> None:
    zofia = walk(ZOFIA)
    page = zofia.go("/log/new/")
    expect(page.get_by_role("button", name="More: How many times did you speak?")).to_be_visible()
    zofia.lose_session()
    about(page, "Signed out")
    the_rest(page)
    save(page).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()

    zofia.sign_in(ZOFIA)

    is_in_the_log(page, "Signed out")


def test_the_week_has_keys_for_the_log_and_for_its_neighbours(walk: Callable[..., Walk]) -> None:
    walking = walk(KENJI)
    walking.allow_no_pointer()
    page = walking.page
    for keys, address in (("l", "/log/new/?times="), ("gf", "/feedback/"), ("g1", "/ledger/"), ("gp", "/progress/")):
        visit(page, "/week/")
        page.wait_for_load_state("networkidle")
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"**{address}")
