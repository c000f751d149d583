"""The workbench by keys, the look through a text before it is handed in, and what is pasted and copied."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from config.folders import CLONE

from .stack import Stack
from .test_access import trouble_of
from .walking import Keyboard, Walk, await_saved, open_piece

pytestmark = pytest.mark.browser
PEOPLE = ("bench", "hand", "find", "paste", "plain", "undo", "shape", "copy")
BENCH, HAND, FIND, PASTE, PLAINLY, UNDO, SHAPE, COPY = (f"{name}@example.org" for name in PEOPLE)
PIECE, CORRECTION = "/work/w5-x1/", "/work/w4-x1/"
PASTED = yaml.safe_load(Path(__file__).with_name("pasted.yaml").read_text("utf-8"))
FOUND = yaml.safe_load((CLONE / "tests" / "config" / "redaction.yaml").read_text("utf-8"))
SUBJECT = "Month-end reports safe for 1 December"
SENTENCES = (
    "Month-end reports will be ready by 9:00 on 1 December.",
    "Two of the five are fast again; three take half an hour each.",
    "That is slow but safe, because Finance opens two hours later.",
    "No decision needed; I will write on Monday by noon.",
)
BEFORE = "We migrated the month-end jobs and two of five are fast after the index rebuild on db-prod-3. " * 3


@pytest.fixture(scope="module", autouse=True)
def later(stack: Stack) -> None:
    """Clients for whom week 5 is open; a test that writes has one of its own, for what a page that is closed has still to
    save may arrive after the next one was opened."""
    stack.act("tests.browser.later", BENCH, HAND, FIND, PASTE, PLAINLY, UNDO, f"{SHAPE}:drafted", f"{COPY}:handed_in")


def write(page: Page, path: str = PIECE) -> None:
    """Everything the piece asks for but its tags."""
    open_piece(page, path)
    page.get_by_label("Who is the most senior reader").fill("VP Finance, who warns the controllers or does not")
    page.get_by_label("The update as it was").fill(BEFORE)
    page.get_by_label("Subject line").fill(SUBJECT)
    page.get_by_label("The update for this reader").fill(" ".join(SENTENCES))
    page.get_by_label("What did you leave out").fill("Which jobs are slow. The dashboard of db-prod-3 shows them.")
    page.get_by_label("Have you sent it?").select_option("Not yet")
    await_saved(page)


def see(page: Page, view: str) -> None:
    page.get_by_role("group", name="View").get_by_role("button", name=view, exact=True).click()


def strip(page: Page, words: str) -> None:
    """Until the tags stand like this."""
    expect(page.locator(".bench-tools .strip")).to_have_attribute("aria-label", words)


def sentences(page: Page) -> list[str]:
    return page.locator("[data-words]").all_inner_texts()


# --- By keys --------------------------------------------------------------------------------------------


def test_sentences_are_tagged_joined_and_broken_by_keys_and_stay_so(walk: Callable[..., Walk]) -> None:
    walking = walk(BENCH)
    page, keys = walking.page, Keyboard(walking)
    write(page)
    see(page, "Tag")
    expect(page.locator("[data-line]")).to_have_count(4)

    keys.press("1", "ArrowDown", "1", "ArrowDown", "2")
    strip(page, "Order: know, know, feel; missing: decide")
    keys.look_for("Nothing yet says what you need and by when.")
    keys.press("ArrowDown", "3")
    strip(page, "Order: know, know, feel, decide")
    keys.look_for("Know, feel, decide, in that order.")

    keys.press("ArrowUp", "ArrowUp", "ArrowUp", "j")
    expect(page.locator("[data-line]")).to_have_count(3)
    page.locator("[data-words]").nth(2).evaluate("words => getSelection().setPosition(words.firstChild, 20)")
    keys.press("ArrowDown", "ArrowDown", "b")
    expect(page.locator("[data-line]")).to_have_count(4)
    broken = [" ".join(SENTENCES[:2]), SENTENCES[2], "No decision needed;", "I will write on Monday by noon."]
    assert sentences(page) == broken
    await_saved(page)

    page.reload()
    assert page.url.endswith("?view=tag")
    assert sentences(page) == broken
    strip(page, "Order: know, feel, decide")
    see(page, "Write")
    page.get_by_label("The update for this reader").fill(" ".join(SENTENCES).replace("on Monday", "on Tuesday"))
    see(page, "Tag")
    expect(page.locator("[data-words]").nth(3)).to_have_text("I will write on Tuesday by noon.")
    strip(page, "Order: know, feel, decide")


# --- Before it is handed in -------------------------------------------------------------------------------


def test_what_is_found_is_replaced_as_its_client_decides_and_only_their_browser_knows(
    walk: Callable[..., Walk],
) -> None:
    walking = walk(HAND)
    page, keys = walking.page, Keyboard(walking)
    write(page)
    see(page, "Tag")
    expect(page.locator("[data-line]")).to_have_count(4)
    keys.press("1", "ArrowDown", "1", "ArrowDown", "2", "ArrowDown", "3")
    strip(page, "Order: know, know, feel, decide")
    page.get_by_label("I removed what my company").check()

    page.get_by_role("button", name="Names and numbers").click()
    page.get_by_text("Names to look for").click()
    page.get_by_label("Customers, products, projects").fill("Finance\nNobody here")
    keys.press("Escape", "Escape")
    page.get_by_role("button", name="Hand in to Dana").click()
    dialog = page.get_by_role("dialog", name="2 things your company may not want outside")
    expect(dialog).to_be_visible()
    dialog.get_by_role("group", name="Finance").first.get_by_label("Keep").check()
    dialog.get_by_role("button", name="Replace and hand in").click()

    expect(page.get_by_role("heading", name="What you handed in")).to_be_visible()
    handed_in = page.locator("#main").inner_text()
    assert "The dashboard of [host-1] shows them." in handed_in
    assert "index rebuild on [host-1]." in handed_in
    assert "because Finance opens" in handed_in
    assert "db-prod-3" not in handed_in
    page.get_by_text("What stands for what").click()
    assert page.locator("[data-book]").inner_text().split() == ["[host-1]", "db-prod-3"]
    assert "db-prod-3" not in page.content().split("data-book")[0]


def test_a_finished_piece_is_copied_as_plain_text(walk: Callable[..., Walk]) -> None:
    page = walk(COPY, permissions=["clipboard-read", "clipboard-write"]).go(PIECE)

    page.get_by_role("link", name="Copy as plain text").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Rewrite a real update\n\nWhat is it?\nStatus update\n\n")
    assert "Subject line\nNew search ready for 3 June; one check left, nothing needed from you\n\n" in copied
    assert "[K]" not in copied


def test_where_nothing_is_found_nothing_is_asked(walk: Callable[..., Walk]) -> None:
    walking = walk(FIND)
    walking.expect_refusals(422)
    open_piece(walking.page, PIECE)

    walking.page.get_by_role("button", name="Hand in to Dana").click()

    expect(walking.page.get_by_role("alert")).to_contain_text("things to change")


def test_chromium_finds_what_the_table_says(walk: Callable[..., Walk]) -> None:
    page = walk(PASTE).go("/week/")

    found = page.evaluate(
        """async (texts) => {
          const { findIn, patternsAt } = await import("/static/js/finding.js");
          const patterns = await patternsAt("/static/redaction/patterns.json");
          return texts.map((text) => findIn(text, patterns).map((hit) => [hit.kind, hit.word]));
        }""",
        [case["text"] for case in FOUND],
    )

    wrong = [(case["text"], hits) for case, hits in zip(FOUND, found, strict=True) if hits != case["found"]]
    assert wrong == []


NAMES = [
    ("Carla and Carlas and carla", {"person": ["Carla"]}, "[person-1] and Carlas and carla"),
    ("Carla's and Zoë’s, (Zoë)", {"person": ["Zoë", "Carla"]}, "[person-1]'s and [person-2]’s, ([person-2])"),
    ("Carla Rossi, Carla", {"person": ["Carla", "Carla Rossi"]}, "[person-1], [person-2]"),
    ("Falcon+ (beta) is Falcon", {"name": ["Falcon+ (beta)"]}, "[name-1] is Falcon"),
    ("carla@example.com is Carla", {"person": ["Carla"]}, "[mail-1] is [person-1]"),
    ("[host-4] and web01, web01", {}, "[host-4] and [host-5], [host-5]"),
]


def test_listed_names_are_whole_words_and_the_same_word_is_the_same_placeholder(walk: Callable[..., Walk]) -> None:
    page = walk(PASTE).go("/week/")

    done = page.evaluate(
        """async (cases) => {
          const { findIn, patternsAt, replaced } = await import("/static/js/finding.js");
          const { Placebook } = await import("/static/js/placebook.js");
          const patterns = await patternsAt("/static/redaction/patterns.json");
          return cases.map(([text, names], place) => {
            const book = new Placebook("1", String(place));
            const found = findIn(text, patterns, names);
            return replaced(text, found, (hit) => book.placeholderOf(hit.word, hit.kind, text));
          });
        }""",
        [[text, names] for text, names, _done in NAMES],
    )

    assert done == [done for _text, _names, done in NAMES]


# --- Pasting ----------------------------------------------------------------------------------------------


PUT = """([field, html, text]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", text);
  field.focus();
  field.select();
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_what_programs_put_on_the_clipboard_arrives_clean(walk: Callable[..., Walk]) -> None:
    page = walk(PASTE).page
    open_piece(page, PIECE)
    field = page.get_by_label("The update for this reader")

    arrived = {}
    for sample in PASTED:
        page.evaluate(PUT, [field.element_handle(), sample["html"], ""])
        arrived[sample["name"]] = field.input_value()

    assert arrived == {sample["name"]: sample["text"] for sample in PASTED}


PLAIN = [
    ("It’s “done” – really—soon…", "It’s “done” – really—soon…"),
    ("A\u00a0b\u200b c\ufeff\u00ad d", "A b c d"),
    ("•\tOne\r\n•\tTwo\r\n\r\n\r\n\r\nThree  \r\n", "- One\n- Two\n\nThree"),
    ("> quoted\n>> twice", "> quoted\n>> twice"),
    ("5 \u0096 6 \u0093so\u0094", "5 – 6 “so”"),
    ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
]


def test_plain_text_keeps_its_signs_and_loses_what_nobody_sees(walk: Callable[..., Walk]) -> None:
    page = walk(PLAINLY).page
    open_piece(page, PIECE)
    field = page.get_by_label("The update for this reader")

    arrived = []
    for text, _clean in PLAIN:
        page.evaluate(PUT, [field.element_handle(), "", text])
        arrived.append(field.input_value())

    assert arrived == [clean for _text, clean in PLAIN]


def test_a_real_paste_is_one_line_in_a_line_and_is_undone_at_once(walk: Callable[..., Walk]) -> None:
    page = walk(UNDO, permissions=["clipboard-read", "clipboard-write"]).page
    open_piece(page, PIECE)
    page.evaluate(
        """navigator.clipboard.write([new ClipboardItem({
          "text/html": new Blob(["<p>Reports&nbsp;safe</p><p>for <b>December</b></p>"], { type: "text/html" }),
        })])"""
    )
    field = page.get_by_label("Subject line")
    field.fill("So: ")
    field.press("End")

    field.press("Control+v")
    pasted = field.input_value()
    field.press("Control+z")

    assert (pasted, field.input_value()) == ("So: Reports safe for December", "So: ")


# --- Correcting the record --------------------------------------------------------------------------------


def test_three_responses_are_tabs_on_a_phone_and_the_note_is_asked_for_when_it_does_not_sound_like_them(
    walk: Callable[..., Walk],
) -> None:
    walking = walk(SHAPE, width=390)
    walking.expect_refusals(422)
    page = walking.page
    open_piece(page, CORRECTION)
    own, instinct = page.get_by_label("Clear and still you"), page.get_by_label("Your first instinct")

    expect(instinct).to_be_visible()
    expect(own).to_be_hidden()
    page.get_by_role("group", name="Response").get_by_role("button", name="Clear and still you").click()
    own.fill("Marco, we both want June to hold. The review comes first: section nine says so.")
    expect(instinct).to_be_hidden()

    expect(page.get_by_label("What feels false about it?")).to_be_hidden()
    page.get_by_label("2", exact=True).check()
    expect(page.get_by_label("What feels false about it?")).to_be_visible()
    page.get_by_label("4", exact=True).check()
    expect(page.get_by_label("What feels false about it?")).to_be_hidden()
    await_saved(page)

    page.get_by_role("button", name="Hand in to Dana").click()
    expect(page.get_by_role("alert")).to_contain_text("things to change")
    page.get_by_role("alert").get_by_role("link", name="Too blunt for you").click()
    expect(page.get_by_label("Too blunt for you")).to_be_focused()
    assert trouble_of(walking) == []


# --- For everybody ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["write", "tag", "phone", "compare"])
def test_every_view_is_open_to_everybody_in_every_shape(walk: Callable[..., Walk], view: str) -> None:
    walking = walk(SHAPE)
    open_piece(walking.page, f"{PIECE}?view={view}")

    assert trouble_of(walking) == []


def test_the_look_through_is_open_to_everybody_in_every_shape(walk: Callable[..., Walk]) -> None:
    walking = walk(SHAPE)
    open_piece(walking.page, PIECE)
    walking.page.get_by_label("What did you leave out").fill("The log of db-prod-3 and PLAT-4711, in the folder.")
    walking.page.get_by_role("button", name="Names and numbers").click()
    expect(walking.page.get_by_role("dialog", name=re.compile("your company may not want"))).to_be_visible()

    assert trouble_of(walking) == []
