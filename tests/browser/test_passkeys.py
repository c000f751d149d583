"""A passkey is made and signs in: a virtual authenticator of Chromium's own answers as a phone or a key would."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .stack import Stack
from .walking import COACH, PASSWORD

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(stack: Stack, browser: Browser) -> Iterator[Page]:
    """By the machine's name: browsers make no passkey for an address in figures."""
    context = browser.new_context(base_url=stack.address.replace("127.0.0.1", "localhost"), locale="en-GB")
    trouble: list[str] = []
    context.on("console", lambda said: said.type == "error" and trouble.append(said.text))
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()
    assert trouble == []


def test_a_passkey_is_made_and_then_signs_in_without_a_password(page: Page) -> None:
    sign_in(page)
    make_one(page)

    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/account/" not in url)

    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_text("Used last on")).to_be_visible()
    page.get_by_role("link", name="Remove This laptop").click()
    page.get_by_role("link", name="Use a security key").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


def sign_in(page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill(COACH)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/login/" not in url)


def make_one(page: Page) -> None:
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name, so that you know it again").fill("This laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    page.goto("/account/2fa/webauthn/")
    expect(page.locator(".list .strong")).to_have_text("This laptop")
