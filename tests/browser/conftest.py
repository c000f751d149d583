"""A real Chromium against the real stack. The stack is started once; a browser once a module, because nothing
else in the process may run while the browser's event loop does."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.speech.measuring import MODEL

from .stack import Stack
from .walking import Walk

# No sandbox, because tests run as root too; the rest keeps the browser itself from calling home.
QUIET = (
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Web, workers, beat and database, with the demo and transcripts; nothing of it is left afterwards."""
    place = Path(tempfile.mkdtemp(prefix="across-browser-"))
    place.chmod(0o711)  # the database's account passes through
    running = Stack(place, ACROSS_SPEECH_MODEL=MODEL)
    try:
        running.start()
        yield running
    finally:
        left = running.stop()
        shutil.rmtree(place, ignore_errors=True)
    assert left == []


@pytest.fixture(scope="module")
def browser(stack: Stack) -> Iterator[Browser]:
    """Debian's own Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def walk(stack: Stack, browser: Browser) -> Iterator[Callable[..., Walk]]:
    """Gives a person a browser of their own. At the end nothing was in trouble."""
    walks: list[Walk] = []

    def begin(person: str = "", **options) -> Walk:
        walks.append(Walk(browser, stack, person=person, **options))
        return walks[-1]

    yield begin
    for each in walks:
        each.context.close()
    assert [trouble for each in walks for trouble in each.trouble] == []
