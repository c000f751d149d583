"""A take on a bad day: a connection that breaks in the middle, a browser like Safari, a microphone that goes away."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from . import microphone
from .test_every_kind import GOES_ON
from .walking import Keyboard, Walk, await_saved, open_piece

pytestmark = pytest.mark.browser
ELIF = "elif.yildiz@example.org"
BROKEN, MP4, OTHER = "/work/w2-t2/", "/work/w3-t3/", "/work/w4-t4/"  # nobody else begins them
PARTS = re.compile(r"/recordings/[0-9a-f-]{36}/")
ONLY_MP4 = """const all = MediaRecorder.isTypeSupported;
  MediaRecorder.isTypeSupported = (type) => type.includes("mp4") && all.call(MediaRecorder, type);"""
HOLD = """const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wishes) => (window.held = await ask(wishes));"""
DENIED = """navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); };"""
HEARD = "[...document.querySelectorAll('audio')].map((one) => [one.currentTime > 5, one.playbackRate, one.paused])"


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return microphone.spoken(tmp_path_factory.mktemp("microphone") / "speech.wav")


@pytest.fixture(scope="module")
def browser(browser: Browser, speech: Path) -> Iterator[Browser]:
    yield from microphone.speaking(browser, speech)


def status(page: Page) -> Locator:
    return page.locator("#recorder [data-status]")


def seconds(page: Page, shown: str) -> None:
    """Until the ring shows them."""
    expect(page.locator("#recorder [data-seconds]")).to_have_text(shown)


class Train:
    """A connection that takes the first part of an upload and loses every other, until it is back."""

    def __init__(self, walk: Walk) -> None:
        self.places: list[str] = []  # where each part went on
        self.is_lost = True
        walk.expected.append(re.compile("net::ERR_INTERNET_DISCONNECTED"))
        walk.page.route(PARTS, self.carry)

    def carry(self, route: Route, request: Request) -> None:
        place = request.headers.get("upload-offset", "")
        if not place or place == "0" or not self.is_lost:
            self.places += [place] if place else []
            route.continue_()
        else:
            route.abort("internetdisconnected")


def test_an_upload_that_broke_in_the_middle_goes_on_there_after_a_reload(
    walk: Callable[..., Walk], speech: Path
) -> None:
    elif_ = walk(ELIF)
    page = elif_.page
    open_piece(page, BROKEN)
    train = Train(elif_)
    page.get_by_text("Use a file instead").click()
    page.locator("[data-file]").set_input_files(speech)
    expect(status(page)).to_have_text(re.compile("^No connection"))

    page.reload()
    expect(status(page)).to_have_text(re.compile("^No connection"))
    train.is_lost = False
    expect(status(page)).to_have_text("11 seconds, kept")

    assert (train.places[0], int(train.places[1]) > 0) == ("0", True)
    await_saved(page)
    page.reload()
    expect(status(page)).to_have_text("11 seconds, kept")
    plays_by_keys(elif_)


def plays_by_keys(client: Walk) -> None:
    """And a box in focus keeps the space bar for itself."""
    page, keys = client.page, Keyboard(client)
    box = page.get_by_label("What could go wrong?").last
    box.press("Space")
    expect(box).to_be_checked()
    page.get_by_label("Speed").select_option("1.5×")
    page.get_by_role("heading", level=1).click()
    keys.press("Space")
    assert page.locator("#recorder audio").evaluate(GOES_ON)
    keys.press("ArrowRight", "Space")
    assert page.evaluate(HEARD) == [[True, 1.5, True]]
    await_saved(page)


def test_a_browser_that_records_mp4_as_safari_does_is_heard_as_well(walk: Callable[..., Walk]) -> None:
    elif_ = walk(ELIF, width=390)
    elif_.context.add_init_script(ONLY_MP4)
    page = elif_.page
    open_piece(page, MP4)

    page.get_by_role("button", name="Record").click()
    seconds(page, "6")
    with page.expect_request(lambda request: request.url.endswith("/recordings/")) as announced:
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Keep this take").click()

    assert "media_type=audio%2Fmp4" in announced.value.post_data
    expect(status(page)).to_have_text(re.compile(r"^[67] seconds, kept$"))
    page.get_by_role("button", name="Play or pause").click()
    assert page.locator("#recorder audio").evaluate(GOES_ON)
    page.get_by_role("button", name="Take it out").click()
    expect(page.locator("input[name=audio]")).to_have_value("")
    await_saved(page)


def test_the_ring_changes_at_45_seconds_and_at_60_it_stops_and_keeps_everything(walk: Callable[..., Walk]) -> None:
    elif_ = walk(ELIF)
    page = elif_.page
    page.clock.install()
    open_piece(page, OTHER)
    page.get_by_role("button", name="Record").click()
    seconds(page, "2")

    page.clock.fast_forward(44_000)
    expect(page.locator("[data-ring]")).to_have_attribute("data-state", "late")
    page.clock.fast_forward(15_000)

    expect(status(page)).to_have_text("Sixty seconds. All of it is here.")
    page.get_by_role("button", name="Let it go").click()
    expect(status(page)).to_have_text("Ready to record")


def test_a_microphone_that_is_taken_away_or_denied_says_so_and_a_script_does(walk: Callable[..., Walk]) -> None:
    elif_, denied = walk(ELIF), walk(ELIF)
    elif_.context.add_init_script(HOLD)
    denied.context.add_init_script(DENIED)
    page = elif_.page
    open_piece(page, OTHER)
    page.get_by_role("button", name="Record").click()
    seconds(page, "2")
    page.evaluate("held.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(status(page)).to_have_text(re.compile(r"^The microphone was taken away after [23] seconds\."))
    page.reload()
    expect(status(page)).to_have_text(re.compile(r"^This browser kept a take of [23] seconds"))
    page.get_by_role("button", name="Let it go").click()

    page = denied.page
    open_piece(page, OTHER)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("The microphone is blocked for this page.")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("t")
    expect(page.get_by_label("Your script")).to_be_focused()
