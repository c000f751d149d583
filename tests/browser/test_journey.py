"""From the first word to the second attempt, with the worker and the beat that `make run` starts."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from .walking import ADMIN, CLIENT, COACH, Keyboard, Walk, await_saved, first_read, hand_in

pytestmark = pytest.mark.browser
ANANYA = "ananya.raghavan@example.org"
SOFT = (
    "I just wanted to let you know that we are sort of changing how the alarm works. Maybe your team will "
    "perhaps get a few more calls, I think, but each of them will say whether the load is warm now."
)
PLAIN = (
    "Your team will get two or three more alarm calls a day, and each of them will say whether the load is warm "
    "now or was warm for a while. No load is lost while a truck has no signal. From Monday on, call the depot "
    "only when the load is warm now. Nothing else changes for you."
)
CHANGED = "From Monday on, call the depot only when the load is warm now."
ANSWER = "From Monday on, a depot is called only when its load is warm now."
TAGS = ("1", "2", "3", "3")  # a key a sentence: know, feel, decide, decide
LEFT_OUT = "Window sizes and memory. They are in the runbook, page two."
KEEP, TRY = "“No load is lost” answers the worry in four words.", "Say first what the team does differently on Monday."
PRAISE, ENOUGH = "The Monday sentence now says who does what.", "Read it aloud to somebody from the team."
UNDO = 10  # seconds


@dataclass(frozen=True)
class Level:
    """What a coach gave, in the rubric's own words."""

    title: str
    words: str
    next_words: str


@pytest.mark.parametrize(("width", "client", "name"), [(1440, CLIENT, "Linh"), (390, ANANYA, "Ananya")])
def test_homework_goes_from_the_first_word_to_the_second_attempt(
    walk: Callable[..., Walk], width: int, client: str, name: str
) -> None:
    writer, coach, admin = walk(client, width=width), walk(COACH, width=width), walk(ADMIN, width=width)
    coach.allow_no_pointer()
    posted_before = feedback_mails(admin)

    writes_and_hands_in(writer)
    given = asks_for_another(coach, name)
    reads_the_feedback(writer, given)
    hands_in_again(writer)
    accepts_the_second(coach, name)

    assert feedback_mails(admin) - posted_before == 2


# --- The client writes ----------------------------------------------------------------------------------


def writes_and_hands_in(writer: Walk) -> None:
    page = writer.go("/")
    page.get_by_role("link", name=re.compile(r"^Continue\s*: Rewrite a real update")).click()
    update = page.get_by_label("The update for this reader")

    update.fill("")
    update.press_sequentially(SOFT, delay=1)
    expect(first_read(page)).to_contain_text("softeners")
    await_saved(page)
    page.reload()

    expect(update).to_have_value(SOFT)
    expect(first_read(page)).to_contain_text("softeners")

    update.fill(PLAIN)
    expect(first_read(page)).not_to_contain_text("softeners")
    page.get_by_label("What did you leave out").fill(LEFT_OUT)
    page.get_by_label("Have you sent it?").select_option("Not yet")
    tags_every_sentence(page)
    page.get_by_label("I removed what my company").check()
    hand_in(page)
    expect(page.get_by_role("status").filter(has_text="With Dana.")).to_be_visible()
    expect(page.get_by_text(CHANGED)).to_be_visible()


def tags_every_sentence(page: Page) -> None:
    page.get_by_role("group", name="View").get_by_role("button", name="Tag", exact=True).click()
    expect(page.locator("[data-line]")).to_have_count(len(TAGS))
    for key in TAGS:
        page.keyboard.press(key)
        page.keyboard.press("ArrowDown")
    expect(page.locator("[data-square]")).to_have_text(["K", "F", "D", "D"])


# --- The coach answers, with the keyboard alone ----------------------------------------------------------


def asks_for_another(coach: Walk, name: str) -> list[Level]:
    """A whole review by keyboard. What was given, criterion by criterion."""
    keys = Keyboard(coach)
    opens_from_the_queue(keys, name)
    given = gives_levels(keys, (2, 3, 1, 4, 3, 2))
    writes_both(keys, KEEP, TRY)
    keys.press("a", "Control+Enter")
    keys.look_for(f"Sent to {name}.")
    expect(coach.page.get_by_role("button", name="Undo")).to_be_visible()
    return given


def opens_from_the_queue(keys: Keyboard, name: str) -> None:
    keys.go("/coach/queue/")
    for _row in range(40):
        keys.press("j")
        if keys.in_focus.startswith(name):
            break
        keys.page.wait_for_timeout(50)
    keys.press("Enter")
    expect(keys.page).to_have_title(re.compile(f"^Review: {name}"))
    expect(keys.page.locator("[data-comment] button").first).to_be_attached()  # the page listens to keys


def gives_levels(keys: Keyboard, levels: tuple[int, ...]) -> list[Level]:
    """As many as the kind of update has criteria; an incident has one more."""
    given = []
    criteria = keys.page.locator("[data-criterion]")
    expect(criteria).not_to_have_count(0)
    for level in levels[: criteria.count()]:
        keys.press(str(level))
        given.append(in_hand(keys.page, level))
        keys.press("ArrowDown")
    return given


def in_hand(page: Page, level: int) -> Level:
    """The criterion whose level has the focus, in the rubric's words."""
    criterion = page.locator("fieldset:focus-within")
    expect(criterion.locator("input:checked")).to_have_value(str(level))
    title = criterion.locator("legend").evaluate("(legend) => legend.firstChild.textContent.trim()")
    anchors = criterion.locator("[data-level]").all()
    words = {int(anchor.get_attribute("data-level")): anchor.text_content() for anchor in anchors}
    return Level(title, words[level], words.get(level + 1, ""))


def writes_both(keys: Keyboard, keep: str, try_next: str) -> None:
    for words in (keep, try_next):
        keys.press("e")
        keys.type(words)
        keys.press("Escape")


# --- The client reads and tries again --------------------------------------------------------------------


def reads_the_feedback(writer: Walk, given: list[Level]) -> None:
    page = writer.page
    page.wait_for_timeout(UNDO * 1000)
    writer.go("/feedback/")
    page.get_by_role("link", name="Read the newest").click()

    expect(page.get_by_text(KEEP)).to_be_visible()
    expect(page.get_by_text(TRY)).to_be_visible()
    assert [shown(criterion) for criterion in page.locator(".rubric .crit").all()] == given


def shown(criterion: Locator) -> Level:
    """A criterion as its client reads it."""
    title, words, *following = criterion.locator("h3, p").all_text_contents()
    return Level(title, words, "".join(following).removeprefix("Next: "))


def hands_in_again(writer: Walk) -> None:
    page = writer.page
    page.get_by_role("link", name="To the next attempt").click()
    page.get_by_role("button", name="Try again").click()
    update = page.get_by_label("The update for this reader")
    expect(page.get_by_role("heading", name="Dana on attempt 1")).to_be_visible()
    expect(update).to_have_value(PLAIN)

    update.fill(PLAIN.replace(CHANGED, ANSWER))
    hand_in(page)

    expect(page.get_by_role("status").filter(has_text="With Dana.")).to_be_visible()


def accepts_the_second(coach: Walk, name: str) -> None:
    keys = Keyboard(coach)
    opens_from_the_queue(keys, name)
    expect(keys.page.locator("ins", has_text="depot is called")).to_be_visible()
    expect(keys.page.locator("del", has_text="call the depot")).to_be_visible()
    gives_levels(keys, (3, 3, 2, 4, 3, 3))
    writes_both(keys, PRAISE, ENOUGH)
    keys.press("Control+Enter")
    keys.look_for(f"Sent to {name}.")


# --- What the admin sees ---------------------------------------------------------------------------------


def feedback_mails(admin: Walk) -> int:
    """How many mails about feedback were posted, whatever came of them: one may tell what another would have told."""
    table = admin.go("/manage/delivery/").get_by_role("region", name="Counts by kind")
    titles = table.get_by_role("columnheader").all_text_contents()
    cells = table.get_by_role("row").filter(has=admin.page.get_by_text("feedback", exact=True)).get_by_role("cell")
    counts = dict(zip(titles[1:], cells.all_text_contents(), strict=True))
    return sum(map(int, counts.values()))
