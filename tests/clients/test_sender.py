"""The sender: what can be told from the settings, and a test mail that goes the way of all mail."""

import html
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from clients import delivering, sender
from clients.models import JournalEntry, Message, Notice
from curriculum import clock
from tests.doors.asking import Api
from tests.roads import WEEK_1


@pytest.fixture
def usual(settings):
    """An install as it should be."""
    settings.DEFAULT_FROM_EMAIL = "Across <hello@coaching.acme.com>"
    settings.BASE_URL = "https://coaching.acme.com"
    settings.EMAIL_URL = "smtp://mail.acme.com"
    settings.MAIL_RETURN_ADDRESS = "returns@coaching.acme.com"
    settings.MAIL_FROM_DOMAINS = []
    return settings


def states():
    return {check.name: check.state for check in sender.checks()}


def words(name):
    return next(check.words for check in sender.checks() if check.name == name)


def test_a_good_sender_has_nothing_to_mend_and_is_told_what_was_not_looked_at(usual):
    assert states() == {"address": "done", "domain": "done", "way": "done", "returns": "done", "records": "note"}
    assert "Not checked: SPF, DKIM and DMARC" in words("records")
    assert "coaching.acme.com" in words("records")


@pytest.mark.parametrize(
    "address", ["", "Across <across@example.org>", "a@mail.example.com", "a@localhost", "a@here.invalid"]
)
def test_an_address_that_is_nobodys_is_to_be_mended(usual, address):
    usual.DEFAULT_FROM_EMAIL = address

    assert states()["address"] == "wait"
    assert "DEFAULT_FROM_EMAIL" in words("address")


@pytest.mark.parametrize(
    ("address", "listed", "state"),
    [
        ("a@coaching.acme.com", [], "done"),
        ("a@acme.com", [], "done"),
        ("a@mail.coaching.acme.com", [], "done"),
        ("a@acme.net", [], "wait"),
        ("a@notacme.com", [], "wait"),
        ("a@acme.net", ["acme.net"], "done"),
    ],
)
def test_the_senders_domain_belongs_to_the_address_of_the_pages_or_is_listed(usual, address, listed, state):
    usual.DEFAULT_FROM_EMAIL, usual.MAIL_FROM_DOMAINS = address, listed

    assert states()["domain"] == state


def test_where_mail_only_goes_to_files_it_says_so(usual):
    usual.EMAIL_URL = usual.MAIL_RETURN_ADDRESS = ""

    assert (states()["way"], states()["returns"]) == ("wait", "wait")
    assert "reach nobody" in words("way")


# --- The test mail ----------------------------------------------------------------------------------


@pytest.fixture
def now(monkeypatch):
    class Hand:
        at = WEEK_1.replace(hour=23)  # in everybody's quiet hours

    monkeypatch.setattr(clock, "now", lambda: Hand.at)
    return Hand


def test_it_goes_through_the_outbox_at_any_hour_and_rings_no_bell(cast, now):
    browser = Client()
    browser.force_login(cast.ada)

    answers = [browser.post("/manage/delivery/test/").status_code for _twice in range(2)]
    sent = delivering.deliver(at=now.at)

    assert (answers, sent) == ([302, 302], 1)
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["ada@example.org"], "A test mail from Across")
    assert "spf=pass" in mail.outbox[0].body
    assert (Message.objects.count(), Notice.objects.count()) == (1, 0)
    assert JournalEntry.objects.filter(action="asked for a test mail").count() == 1


def test_the_api_sends_one_a_minute_and_tells_what_it_looked_at(cast, now):
    ada = Api(cast.ada)
    told = [ada.post("mail/sender/").json() for _twice in range(2)]
    now.at += timedelta(minutes=1)
    told.append(ada.post("mail/sender/").json())

    assert [each["posted"] for each in told] == [True, False, True]
    assert told[0]["checks"] == ada.get("mail/sender/").json()["checks"]
    assert [check["name"] for check in told[0]["checks"]] == ["address", "domain", "way", "returns", "records"]


def test_the_page_shows_each_check_in_words(cast, now, usual):
    browser = Client()
    browser.force_login(cast.ada)

    page = html.unescape(browser.get("/manage/delivery/").content.decode())

    assert [check.name for check in sender.checks() if check.words not in page] == []
