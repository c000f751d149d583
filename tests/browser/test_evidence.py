"""Ledger, 1:1s and the promotion case in Chromium: by keys, without a connection, on paper, in every shape."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from .places import Place, go_to
from .stack import Stack
from .test_access import trouble_of
from .walking import PASSWORD, Keyboard, Walk, open_piece, visit

pytestmark = pytest.mark.browser
KEPT, EMPTY, KEYS, TRAIN, LATE = (f"{name}@example.org" for name in ("kept", "empty", "keys", "train", "late"))
WHAT = "Nobody in support has to ask us about labels any more."


@pytest.fixture(scope="module", autouse=True)
def eighth(stack: Stack) -> None:
    """Clients in week 8; a test that leaves something behind has one of its own."""
    stack.act("tests.browser.eighth", f"{KEPT}:kept", EMPTY, KEYS, TRAIN, LATE)


def write_line(page: Page, what: str = WHAT) -> None:
    """A whole line, in a new form."""
    visit(page, "/ledger/new/")
    page.get_by_label("What happened, as an outcome?").fill(what)
    page.get_by_label("For whom?").fill("The support team")
    page.get_by_label("Your part, in one clause").fill("I wrote the five messages")
    page.get_by_role("radio", name="Cross-functional influence").check()


def lines(page: Page) -> list[str]:
    visit(page, "/ledger/")
    return page.locator(".evidence .prose").all_inner_texts()


# --- By keys --------------------------------------------------------------------------------------------


def test_a_line_is_written_and_a_1_to_1_planned_without_a_pointer(walk: Callable[..., Walk]) -> None:
    walking = walk(KEYS)
    walking.allow_no_pointer()
    keys = Keyboard(walking)

    keys.go("/ledger/")
    keys.press("n")
    keys.look_for("What moved, for whom, who saw it?")
    keys.type(WHAT)
    keys.press("Tab")
    keys.type("The support team")
    keys.press("Tab")
    keys.type("I wrote the five messages")
    keys.press("Tab", "Space", "ArrowRight", "Tab")
    keys.type("Head of support")
    keys.press("Control+Enter")
    keys.look_for("The line is kept.")
    keys.look_for("1 line so far")
    expect(keys.page.locator(".evidence")).to_contain_text("Influence")

    keys.press("m")
    keys.look_for("What will you say in your next 1:1?")
    keys.press("a")
    expect(keys.page.get_by_role("checkbox", name=re.compile("Nobody in support"))).to_be_hidden()
    keys.press("a")
    expect(keys.page.get_by_role("checkbox", name=re.compile("Nobody in support"))).to_be_visible()
    keys.page.get_by_label("When is your 1:1?").fill((date.today() + timedelta(days=3)).isoformat())
    keys.page.get_by_label("With whom?").select_option("My manager")
    keys.page.get_by_role("group", name="Ask").get_by_label("The words I will use").focus()
    keys.type("What would you need to see from me to put me forward?")
    keys.press("Control+Enter")
    keys.look_for("Planned. After it, write down here what you heard.")


# --- Nothing typed is lost --------------------------------------------------------------------------------


def test_a_line_written_without_a_connection_is_kept_and_saved_once(walk: Callable[..., Walk]) -> None:
    walking = walk(TRAIN)
    page = walking.page
    write_line(page)

    with walking.offline():
        page.get_by_role("button", name="Save: only you can read this").click()
        expect(page.get_by_text("Not saved: no connection.")).to_be_visible()
    page.get_by_role("button", name="Save: only you can read this").click()

    expect(page.get_by_text("The line is kept.")).to_be_visible()
    expect(page.get_by_text("Only you", exact=True)).to_be_visible()
    assert lines(page) == [WHAT]
    visit(page, "/ledger/new/")
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_words_left_behind_are_offered_to_the_next_opening(walk: Callable[..., Walk]) -> None:
    page = walk(LATE).page
    write_line(page, "Half of a thought about la")
    visit(page, "/week/")
    visit(page, "/ledger/new/")

    page.get_by_role("button", name="Go on with them").click()

    expect(page.get_by_label("What happened, as an outcome?")).to_have_value("Half of a thought about la")
    expect(page.get_by_role("radio", name="Cross-functional influence")).to_be_checked()


def test_a_session_that_has_ended_costs_no_words(walk: Callable[..., Walk]) -> None:
    walking = walk(LATE)
    page = walking.page
    write_line(page, "Nobody waits for a label since Tuesday.")
    walking.lose_session()

    page.get_by_role("button", name=re.compile("^Save: you and ")).click()
    page.get_by_role("dialog").get_by_label("Password").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("The line is kept.")).to_be_visible()
    assert lines(page) == ["Nobody waits for a label since Tuesday."]


def test_what_is_to_be_mended_is_said_by_the_page_also_to_a_script(walk: Callable[..., Walk]) -> None:
    walking = walk(EMPTY)
    walking.expect_refusals(422)
    page = walking.page
    write_line(page, "Too short")

    page.get_by_role("button", name="Save: only you can read this").click()

    expect(page.get_by_role("alert").get_by_text("At least 5 words here; this has 2.")).to_be_visible()
    expect(page.get_by_label("What happened, as an outcome?")).to_have_value("Too short")
    expect(page.locator("#line button.primary")).to_have_text("Save: only you can read this")


# --- On paper ---------------------------------------------------------------------------------------------


def test_what_is_printed_is_the_sheet_alone(walk: Callable[..., Walk]) -> None:
    page = walk(KEPT).page
    visit(page, "/work/w8-x1/case/")
    page.emulate_media(media="print")

    assert page.locator(".rail, .no-print").all() != []
    assert [one for one in page.locator(".rail, .topbar, .tabs, .no-print, .btn").all() if one.is_visible()] == []
    assert page.locator(".paper").is_visible()
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) == 1


def test_the_pdf_is_a_file(walk: Callable[..., Walk]) -> None:
    page = walk(KEPT).page
    visit(page, "/work/w8-x1/case/")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF").click()

    assert download.value.suggested_filename == "promotion-case.pdf"


# --- In every shape -----------------------------------------------------------------------------------------


def what_to_mend(walk: Walk) -> None:
    walk.expect_refusals(422)
    walk.go("/ledger/new/")
    walk.page.get_by_role("button", name=re.compile("^Save: you and ")).click()
    expect(walk.page.get_by_role("alert").first).to_contain_text("things to change")


def the_held_one(walk: Walk) -> None:
    walk.go("/one-on-ones/")
    walk.page.locator(".list li", has_text="Held").get_by_role("link").click()
    expect(walk.page.get_by_role("heading", name="What you heard")).to_be_visible()


def what_was_heard(walk: Walk) -> None:
    walk.go("/one-on-ones/")
    walk.page.get_by_role("link", name="Write it down").click()
    expect(walk.page.get_by_role("textbox", name="What you heard")).to_be_visible()


def the_planner(walk: Walk) -> None:
    open_piece(walk.page, "/work/w7-x1/")


def the_case(walk: Walk) -> None:
    open_piece(walk.page, "/work/w8-x1/")


SHAPES: dict[str, tuple[str, Place]] = {
    "ledger": (KEPT, "/ledger/"),
    "ledger, nobody saw it": (KEPT, "/ledger/?unseen=1"),
    "ledger, empty": (EMPTY, "/ledger/"),
    "new line": (KEPT, "/ledger/new/"),
    "new line, what to mend": (EMPTY, what_to_mend),
    "to take along": (KEPT, "/ledger/print/?private=1"),
    "1:1s": (KEPT, "/one-on-ones/"),
    "1:1s, empty": (EMPTY, "/one-on-ones/"),
    "new 1:1": (KEPT, "/one-on-ones/new/"),
    "what was heard": (KEPT, what_was_heard),
    "a 1:1 that was held": (KEPT, the_held_one),
    "planner": (KEPT, the_planner),
    "case": (KEPT, the_case),
    "case, empty": (EMPTY, the_case),
    "case as it prints": (KEPT, "/work/w8-x1/case/"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_page_is_open_to_everybody_in_every_shape(walk: Callable[..., Walk], name: str) -> None:
    person, place = SHAPES[name]
    walking = walk(person)

    go_to(walking, place)

    assert trouble_of(walking) == []
