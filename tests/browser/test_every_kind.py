"""One client through one piece of every kind: written, tagged, counted, planned, recorded, handed in.

The browser has a microphone that plays real speech. The cohort is the test's own and stands in its last week, so
that every week is open; what is written are the edition's own good examples.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from config.folders import CLONE

from . import microphone
from .places import link_of
from .stack import Stack, wait_until
from .test_access import IS_WIDER, objections
from .walking import ADMIN, COACH, SOON, Walk, await_saved, hand_in, open_piece, visit

pytestmark = pytest.mark.browser
CONTENT = CLONE / "curriculum/content/across-8"
MONDAY = date.today() - timedelta(days=date.today().weekday(), weeks=8)  # eight weeks ago: this is week 9
COHORT = "Sado cohort"
UPDATE = yaml.safe_load((CONTENT / "weeks/w5/x1-strong.yaml").read_text())["answer"]
SOMETIME = (date.today() + timedelta(weeks=2)).isoformat()
HAS_DATA = 2  # HTMLMediaElement.HAVE_CURRENT_DATA
HEIGHTS = "(bars) => bars.map((bar) => Number(bar.getAttribute('height')))"
LOUD = 50  # of 100; silence draws bars of 2
GOES_ON = """(sound) => new Promise((heard) =>
  sound.addEventListener("timeupdate", () => sound.currentTime > 1 && heard(true)))"""
LISTEN = """() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { window.played = this; return play.call(this); };
}"""
HEARING = 120_000  # milliseconds; the engine is loaded anew for each recording, and other tests use the machine
PACE = re.compile("words a minute")
ADDED = "That is what I ask of you."
REMEMBERED = {
    "being built": "Ask what you can do",
    "matter": "For the country",
    "go wrong": "Nobody asks",
    "done": "Now",
}
DAYS = ("gap_by", "conversation_date")  # of the case
KEYS = {"K": "1", "F": "2", "D": "3", "C": "0"}
NOTICED = (
    "I speak late, and when I do I begin with how I got there. In the one meeting where I had written my sentence "
    "before, I said it in the first five minutes and the room went on from it."
)
NEXT = "Next week in the forum I post my conclusion in the first five minutes, before anybody shares a screen."


class Person(NamedTuple):
    """Somebody who is invited, and the window they work in."""

    name: str
    width: int

    @property
    def email(self) -> str:
        return self.name.lower().replace(" ", ".") + "@example.org"


PEOPLE = (Person("Amara Diallo", 1440), Person("Tiago Moreira", 390))


# --- The microphone, and a cohort with every week open ----------------------------------------------------


@pytest.fixture(scope="module")
def browser(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from microphone.speaking(browser, microphone.spoken(tmp_path_factory.mktemp("microphone") / "speech.wav"))


@pytest.fixture(scope="module")
def links(stack: Stack, browser: Browser) -> dict[str, str]:
    """The invitations to a cohort in its ninth week, coached by Dana."""
    admin = Walk(browser, stack, person=ADMIN)
    open_the_cohort(admin.page, COHORT)
    page = admin.page
    page.get_by_label("Their e-mail address").fill(COACH)
    page.get_by_role("button", name="Assign as a coach").click()
    page.get_by_label("Who").fill("\n".join(f"{each.name} <{each.email}>" for each in PEOPLE))
    page.get_by_role("button", name="Send the invitations").click()
    wait_until(lambda: all(stack.mails_to(each.email) for each in PEOPLE), SOON)
    assert admin.trouble == []
    admin.context.close()
    return {each.email: link_of(stack.mails_to(each.email)[0]) for each in PEOPLE}


def open_the_cohort(page: Page, name: str) -> None:
    visit(page, "/manage/cohorts/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("First Monday").fill(MONDAY.isoformat())
    page.get_by_role("button", name="Open the cohort").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


# --- The journey ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE, ids=[str(each.width) for each in PEOPLE])
def test_one_piece_of_every_kind_is_handed_in_and_the_recording_is_heard(
    walk: Callable[..., Walk], links: dict[str, str], person: Person
) -> None:
    client, coach = walk(width=person.width), walk(COACH, width=person.width)
    joins(client, links[person.email])

    writes(client, "w1-x1")
    writes(client, "w2-x1")
    writes(client, "w3-x2")
    writes(client, "w4-x1", script=example("w4-x1")["congruent"])
    writes(client, "w1-x2", criteria_found="no")
    logs_and_picks(client)
    tags(client)
    adds_to_the_ledger(client)
    holds_a_one_on_one(client)
    makes_the_case(client)
    answers_the_statements(client)
    take = records(client)
    puts_the_transcript_right(client)
    asks_a_listener(client, walk(width=person.width))
    hands_in_and_marks(client)
    hears(coach, person, take)
    takes_it_all_along(client)


def joins(client: Walk, link: str) -> None:
    page = client.go(link)
    page.get_by_label("Password").fill("four words in a row")
    page.get_by_role("button", name=f"Join {COHORT}").click()
    page.wait_for_url("**/week/")
    visit(page, "/agreement/")
    page.get_by_role("button", name="I have read this and accept it").click()
    page.wait_for_url("**/week/")


def is_open_to_everybody(page: Page) -> None:
    """Nothing axe objects to in either theme, and nothing that scrolls sideways."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(AXE_SCRIPT)
        found += [f"{line} ({theme})" for line in objections(page, theme)]
    page.emulate_media(color_scheme="light")
    assert (page.url, found, page.evaluate(IS_WIDER)) == (page.url, [], False)


# --- Pieces that are written ------------------------------------------------------------------------------


def example(key: str) -> dict[str, Any]:
    """The edition's good example for a piece."""
    week, piece = key.split("-")
    return yaml.safe_load((CONTENT / f"weeks/{week}/{piece}-strong.yaml").read_text())["answer"]


def writes(client: Walk, key: str, **added: str) -> None:
    """Open, fill in, look, hand in."""
    page = client.page
    open_piece(page, f"/work/{key}/")
    fill_in(page, example(key) | added)
    await_saved(page)
    is_open_to_everybody(page)
    hand_in(page)


def fill_in(page: Page, answer: dict[str, Any]) -> None:
    for key, value in answer.items():
        if isinstance(value, list) and isinstance(value[0], dict):
            for number, row in enumerate(value):
                add_a_row(page, key, number)
                fill_in(page, {f"{key}-{number}-{column}": words for column, words in row.items()})
        else:
            answer_one(page, key, value)
    redacted = control(page, "redacted")
    if redacted.count():
        redacted.check()


def add_a_row(page: Page, key: str, number: int) -> None:
    """Unless it is there already."""
    rows = page.locator(f"[data-rows='{key}']")
    if rows.locator("[data-row]").count() == number:
        rows.get_by_role("button", name="Add a row").click()


def control(page: Page, name: str) -> Locator:
    """What belongs to the answer under this name; the redaction box stands outside of its form."""
    return page.locator(f"#answer [name='{name}'], [form=answer][name='{name}']")


def answer_one(page: Page, key: str, value: Any) -> None:
    field = control(page, key)
    turn_to(page, key)
    is_picked = field.first.get_attribute("type") in ("radio", "checkbox")
    if is_picked:
        for each in value if isinstance(value, list) else [value]:
            page.locator(f"#answer [name='{key}'][value='{each}']").check()
    elif field.evaluate("(one) => one.localName") == "select":
        field.select_option(value)
    else:
        field.fill(str(value).strip())


def turn_to(page: Page, key: str) -> None:
    """Of three responses a phone shows one, and has a button for each."""
    tab = page.locator(f"[data-tabs] [value='id_{key}']")
    if tab.is_visible():
        tab.click()


# --- Meetings that are counted ----------------------------------------------------------------------------


def logs_and_picks(client: Walk) -> None:
    """One from the week's own form, two from the piece; all three are handed in with what was noticed."""
    page = client.go("/week/")
    page.get_by_role("button", name="More often").click()
    page.get_by_role("button", name="Log this meeting").click()
    expect(page.get_by_role("spinbutton", name="How many times did you speak?")).to_have_value("1")
    logs(page, "Release forum")
    expect(client.go("/log/").get_by_text("Release forum").first).to_be_visible()
    is_open_to_everybody(page)
    for title in ("Steering meeting", "Design review"):
        open_piece(page, "/work/w3-x1/")
        page.get_by_role("link", name="Log a meeting").click()
        logs(page, title)
    page.get_by_text("Meetings of other weeks").click()
    page.get_by_role("checkbox", name="Release forum").check()
    fill_in(page, {"noticed": NOTICED, "next_change": NEXT})
    await_saved(page)
    is_open_to_everybody(page)
    hand_in(page)
    for title in ("Release forum", "Steering meeting", "Design review"):
        expect(page.get_by_text(title).first).to_be_visible()


def logs(page: Page, title: str) -> None:
    """Four facts and a sentence."""
    form = page.get_by_role("form", name="The meeting")
    form.get_by_label("Which meeting?").fill(title)
    form.get_by_label("What kind?").select_option("Steering")
    form.get_by_role("spinbutton", name="People in it, you included").fill("8")
    pick(form, "Did you have a stake in the outcome?", "Yes")
    form.get_by_role("button", name="2: How many times did you speak?").click()
    pick(form, "Did you lead with the conclusion?", "Mostly")
    pick(form, "Was something incorrect said that mattered?", "No")
    form.get_by_label("What came of it?").fill("The date for the release held.")
    page.get_by_role("button", name="Save: you and Dana can read this").click()
    expect(form).to_be_hidden()


def pick(form: Locator, question: str, answer: str) -> None:
    form.get_by_role("group", name=question).get_by_role("radio", name=answer, exact=True).check()


# --- The workbench ----------------------------------------------------------------------------------------


def tags(client: Walk) -> None:
    """Every sentence gets its tag: by keys on a desk, by taps on a phone."""
    page = client.page
    open_piece(page, "/work/w5-x1/")
    fill_in(page, {key: value for key, value in UPDATE.items() if key != "tags"})
    page.get_by_role("button", name="Tag", exact=True).click()
    lines = page.locator("[data-line]")
    expect(lines).to_have_count(len(UPDATE["tags"]))
    give = by_key if client.width > 390 else by_tap
    for number, row in enumerate(UPDATE["tags"]):
        give(page, lines.nth(number), row["tag"])
        expect(lines.nth(number).locator("[data-square]")).to_have_text(row["tag"])
    await_saved(page)
    is_open_to_everybody(page)
    hand_in(page)


def by_key(page: Page, line: Locator, tag: str) -> None:
    line.locator("[data-square]").focus()
    expect(line).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press(KEYS[tag])


def by_tap(page: Page, line: Locator, tag: str) -> None:
    line.locator("[data-square]").click()
    line.locator(f"input[value={tag}]").check()


# --- What is kept beside the pieces -----------------------------------------------------------------------


def adds_to_the_ledger(client: Walk) -> None:
    page = client.go("/ledger/new/")
    page.get_by_label("What happened, as an outcome?").fill("Support reused my five lines for customers.")
    page.get_by_label("For whom?").fill("Customers who called about returns")
    page.get_by_label("Your part, in one clause").fill("I wrote the five lines")
    page.get_by_role("radio", name="Stakeholder communication").check()
    page.get_by_label("Who saw it?").fill("Head of support")
    is_open_to_everybody(page)
    page.get_by_role("button", name="Save: you and Dana can read this").click()
    expect(page.get_by_text("Support reused my five lines for customers.").last).to_be_visible()
    is_open_to_everybody(page)


def holds_a_one_on_one(client: Walk) -> None:
    """Planned in four moves, held, and written down."""
    page, answer = client.page, example("w7-x1")
    open_piece(page, "/work/w7-x1/")
    page.get_by_text("Once it was held").click()
    del answer["ledger_refs"]
    answer["date"] = (MONDAY + timedelta(weeks=6, days=2)).isoformat()
    for promise in answer["will_do"]:
        promise["by"] = SOMETIME
    fill_in(page, answer)
    rests_on(page, "ledger_refs")
    await_saved(page)
    is_open_to_everybody(page)
    hand_in(page)


def makes_the_case(client: Walk) -> None:
    """One page, every claim with its line of the ledger."""
    page, answer = client.page, example("w8-x1")
    open_piece(page, "/work/w8-x1/")
    proofs = [key for key in answer if key.startswith("evidence_")]
    fill_in(page, {key: value for key, value in answer.items() if key not in proofs} | dict.fromkeys(DAYS, SOMETIME))
    for key in proofs:
        rests_on(page, key)
    await_saved(page)
    is_open_to_everybody(page)
    hand_in(page)


def rests_on(page: Page, key: str) -> None:
    """Choose the one line of the ledger."""
    line = control(page, key).first
    if not line.is_visible():
        page.locator(f"details:has([name='{key}'])").last.locator("summary").click()
    line.check()


def answers_the_statements(client: Walk) -> None:
    """The baseline, every statement by its number."""
    page = client.go("/assessment/a0/")
    is_open_to_everybody(page)
    while page.get_by_role("button", name="Next competency").is_visible():
        answers_a_page(page)
    for question in page.get_by_role("group").filter(has=page.get_by_role("radio", name="Partly")).all():
        question.get_by_role("radio", name="Partly").check()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is today.")
    is_open_to_everybody(page)


def answers_a_page(page: Page) -> None:
    statements = page.locator(".statement")
    for number in range(statements.count()):
        page.keyboard.press("3")
        expect(statements.nth(number).locator("input:checked")).to_have_value("3")
    heading = page.get_by_role("heading", level=2).first.text_content()
    page.get_by_role("button", name="Next competency").click()
    expect(page.get_by_role("heading", level=2).first).not_to_have_text(heading)


# --- The recording ----------------------------------------------------------------------------------------


def records(client: Walk) -> int:
    """A take that is listened to, kept without a connection, and uploaded by the next page. Its seconds."""
    page = client.page
    open_piece(page, "/work/w1-t1/")
    fill_in(page, {"topic": "Appointment booking: one slot, one patient", "self_check": ["what", "why"]})
    control(page, "receipt_from").select_option("nobody")
    await_saved(page)
    takes_eleven_seconds(page)
    listens(page)
    with client.offline():
        page.get_by_role("button", name="Keep this take").click()
        expect(said(page)).to_have_text("No connection. The recording is kept in this browser and goes on by itself.")
        page.close()
    client.page = page = client.context.new_page()
    open_piece(page, "/work/w1-t1/")
    expect(said(page)).to_have_text(re.compile(r"^\d+ seconds, kept$"), timeout=SOON * 1000)
    await_saved(page)
    return int(said(page).text_content().split()[0])


def said(page: Page) -> Locator:
    """What the recorder says of itself."""
    return page.locator("#recorder [data-status]")


def takes_eleven_seconds(page: Page) -> None:
    page.locator("#recorder [data-record]").click()
    expect(said(page)).to_have_text("Recording")
    expect(page.locator("#recorder [data-seconds]")).to_have_text("11", timeout=20_000)
    page.locator("#recorder [data-record]").click()
    expect(said(page)).to_have_text("Listen to it, then keep it or record again.")


def listens(page: Page) -> None:
    """The take that is only here is played by no element of the page; what plays is asked of the browser."""
    page.evaluate(LISTEN)
    page.locator("#recorder [data-listen]").click()
    assert page.evaluate(f"({GOES_ON})(window.played)")
    page.locator("#recorder [data-listen]").click()


def puts_the_transcript_right(client: Walk) -> None:
    """This machine has heard it meanwhile; nothing is counted before its client says that this is what they said."""
    page = client.page
    words = page.get_by_label("Put right what was misheard.")
    expect(words).to_have_value(re.compile("what you can do for your country", re.IGNORECASE), timeout=HEARING)
    expect(page.get_by_text(PACE)).to_have_count(0)
    is_open_to_everybody(page)
    words.fill(f"{words.input_value().strip()} {ADDED}")
    page.get_by_role("button", name="That is what I said").click()
    expect(page.get_by_label("Your words, as you put them right")).to_have_value(re.compile(f"{ADDED}$"))
    expect(page.get_by_text(PACE)).to_be_visible()
    is_open_to_everybody(page)


def asks_a_listener(client: Walk, listener: Walk) -> None:
    """Somebody without an account hears it once and writes what stayed."""
    page = client.page
    page.get_by_role("button", name="Make a link for a listener").click()
    heard = listener.go(page.get_by_label("Your link, for one person.").input_value())
    heard.locator("audio").evaluate("(sound) => sound.play()")
    assert heard.locator("audio").evaluate(GOES_ON)
    is_open_to_everybody(heard)
    heard.get_by_role("button", name="I have listened: to the questions").click()
    for question, words in REMEMBERED.items():
        heard.get_by_label(question).fill(words)
    is_open_to_everybody(heard)
    heard.get_by_role("button", name=re.compile("^Send to ")).click()
    expect(heard.get_by_role("heading", level=1)).to_have_text("Thank you")


def hands_in_and_marks(client: Walk) -> None:
    """Two answers came across, one partly, one not: five of eight."""
    page = client.page
    open_piece(page, "/work/w1-t1/")
    is_open_to_everybody(page)
    hand_in(page)
    answers = page.locator("#listeners fieldset")
    expect(answers).to_have_count(4)
    for number, mark in enumerate(("right", "right", "partly", "wrong")):
        answers.nth(number).get_by_role("radio", name=mark).check()
    page.get_by_role("button", name="Mark these").click()
    expect(page.locator("#listeners .spread .strong")).to_have_text("5 of 8")
    is_open_to_everybody(page)


def takes_it_all_along(client: Walk) -> None:
    """Page, Markdown and sound, in one file."""
    page = client.go("/progress/")
    is_open_to_everybody(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("zip", re.IGNORECASE)).click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        names = sorted(archive.namelist())
        assert archive.testzip() is None
    assert names == ["audio/w1-t1.m4a", "portfolio.html", "portfolio.md"]


def hears(coach: Walk, person: Person, seconds: int) -> None:
    """The coach opens it from the queue and plays it."""
    queue = coach.go("/coach/queue/")
    row = queue.get_by_role("listitem").filter(has_text=person.name).filter(has_text="60 seconds")
    coach.go(row.locator("[data-piece]").get_attribute("href"))
    page = coach.page
    sound = page.locator("#work audio")
    page.get_by_role("button", name="Play or pause").click()
    assert sound.evaluate(GOES_ON)
    assert sound.evaluate("(sound) => sound.readyState") >= HAS_DATA
    assert sound.evaluate("(sound) => sound.duration") == pytest.approx(seconds, abs=1)
    expect(page.locator("#work").get_by_text(ADDED)).to_be_attached()
    assert max(page.locator("#work [data-wave] rect").evaluate_all(HEIGHTS)) > LOUD
    is_open_to_everybody(page)
