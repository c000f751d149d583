"""From an invitation to being in: the mail is written by the running worker, and its link opens the door."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .places import invite, link_of
from .stack import Stack, wait_until
from .walking import ADMIN, SOON, Walk

pytestmark = pytest.mark.browser

NEWCOMER, NAME = "ingrid.solheim@example.org", "Ingrid Solheim"


def test_who_is_invited_gets_a_mail_and_lands_on_their_week(stack: Stack, walk: Callable[..., Walk]) -> None:
    admin, newcomer = walk(ADMIN), walk(timezone_id="Europe/Oslo")

    invite(admin, f"{NAME} <{NEWCOMER}>")
    wait_until(lambda: stack.mails_to(NEWCOMER), SOON)
    mail = stack.mails_to(NEWCOMER)[0]
    page = newcomer.go(link_of(mail))
    expect(page.get_by_label("Your name")).to_have_value(NAME)
    expect(page.get_by_label("Your time zone")).to_have_value("Europe/Oslo")
    page.get_by_label("Password").fill("four words in a row")
    page.get_by_role("button", name="Join Tagus cohort").click()

    page.wait_for_url("**/week/")
    expect(page.get_by_role("heading", level=1)).to_have_text("From data dump to decision")
    expect(page.get_by_text(NAME).first).to_be_visible()
    assert sorted(part.get_content_type() for part in mail.iter_parts()) == ["text/html", "text/plain"]


def test_the_engine_is_driven_by_the_worker(stack: Stack, walk: Callable[..., Walk]) -> None:
    admin = walk(ADMIN)

    def looked_at_by_the_worker() -> bool:
        page = admin.go("/manage/delivery/")
        return page.get_by_text(re.compile(r"^Last look \d+ s ago by celery\.")).is_visible()

    # Until the worker's first look the last one was the seeding's: on a slow machine it starts after the web does.
    wait_until(looked_at_by_the_worker, 3 * SOON)
    assert stack.health()[1]["parts"]["engine"] == "ok"
