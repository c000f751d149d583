"""Mail that came back, as providers report it: requests as Postmark and Mailgun send them, over the very address."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client

from clients import delivering, mails, returning, sender
from clients.models import JournalEntry, Message, Suppression
from curriculum import clock
from tests import roads
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)
LATER = WEEK_1 + HOUR
USER, KEY = "across:a long random password", "key-of-the-webhook"


@pytest.fixture
def sent(cast, settings, monkeypatch):
    """An invitation that left, and both providers switched on."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": [USER], "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    monkeypatch.setattr(clock, "now", lambda: LATER)
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    delivering.deliver(at=WEEK_1)
    return Message.objects.get(kind="invite", address="dora@example.org")


def postmark(*, secret=USER, recipient="dora@example.org", at=LATER, **changes):
    """A bounce as in Postmark's documentation."""
    said = {
        "RecordType": "Bounce", "MessageStream": "outbound", "ID": 4323372036854775807, "Type": "HardBounce",
        "TypeCode": 1, "Name": "Hard bounce", "Tag": "", "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {}, "ServerID": 23,
        "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": recipient, "From": "across@example.org", "BouncedAt": at.isoformat().replace("+00:00", "Z"),
        "DumpAvailable": True, "Inactive": True, "CanActivate": True, "Subject": "You have a place in Spring",
        "Content": "",
    } | changes  # fmt: skip
    headers = {"authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    return Client(enforce_csrf_checks=True).post(
        "/mail/returned/postmark/", json.dumps(said), content_type="application/json", headers=headers
    )


def mailgun(message_id, *, key=KEY, recipient="dora@example.org", event="failed", **changes):
    """A permanent failure as in Mailgun's documentation, signed."""
    stamp, token = str(LATER.timestamp()), "8a75bb8e" * 6 + "ab"
    said = {
        "signature": {
            "timestamp": stamp, "token": token,
            "signature": hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest(),
        },
        "event-data": {
            "id": "G9Bn5sl1TC6nu79C8C0bwg", "timestamp": LATER.timestamp(), "log-level": "error", "event": event,
            "severity": "permanent", "reason": "bounce", "recipient": recipient, "recipient-domain": "example.org",
            "delivery-status": {
                "attempt-no": 1, "message": "550 5.1.1 No such user here", "code": 605, "description": "", "session-seconds": 0.0,
            },
            "message": {"headers": {"to": recipient, "message-id": message_id.strip("<>"), "from": "across@example.org"}},
            "user-variables": {}, "tags": [],
        } | changes,
    }  # fmt: skip
    return Client(enforce_csrf_checks=True).post(
        "/mail/returned/mailgun/", json.dumps(said), content_type="application/json"
    )


def rows():
    return list(Suppression.objects.order_by("pk").values_list("address", "cause", "detail"))


def test_a_hard_bounce_suppresses_the_address_and_stands_where_suppressed_addresses_do(sent, cast):
    assert postmark().status_code == 200

    assert rows() == [
        ("dora@example.org", "bounce", "smtp;550 5.1.1 The email account that you tried to reach does not exist.")
    ]
    assert Suppression.objects.get().message == sent
    assert JournalEntry.objects.filter(action="suppressed").count() == 1
    ada = Client()
    ada.force_login(cast.ada)
    assert "dora@example.org" in ada.get("/manage/delivery/").content.decode()


def test_a_signed_failure_that_names_our_mail_suppresses_its_address(sent, cast):
    roads.invitation(cast.autumn, "dora@example.org", at=WEEK_1)
    delivering.deliver(at=WEEK_1 + HOUR / 2)  # a later one to the same address

    assert mailgun(mails.message_id(sent)).status_code == 200

    assert rows() == [("dora@example.org", "bounce", "550 5.1.1 No such user here")]
    assert Suppression.objects.get().message == sent


def test_a_complaint_is_called_one(sent):
    assert mailgun(mails.message_id(sent), event="complained", severity=None).status_code == 200
    assert postmark(RecordType="SpamComplaint", Type="SpamComplaint").status_code == 200

    assert [cause for _address, cause, _detail in rows()] == ["complaint"]


@pytest.mark.parametrize("secret", ["", "across:guessed", "across"])
def test_without_the_password_nothing_is_read(sent, secret):
    assert postmark(secret=secret).status_code == 400
    assert rows() == []


def test_with_a_wrong_signature_nothing_is_read(sent):
    assert mailgun(mails.message_id(sent), key="another key").status_code == 400
    assert rows() == []


def test_the_same_report_twice_suppresses_once(sent):
    assert [postmark().status_code for _twice in range(2)] == [200, 200]

    assert len(rows()) == 1
    assert JournalEntry.objects.filter(action="suppressed").count() == 1


def test_a_report_replayed_after_an_admin_lifted_it_counts_no_more_and_a_new_one_does(sent, cast):
    postmark()
    returning.lift(Suppression.objects.get(), by=cast.ada, at=LATER + HOUR)

    postmark()
    mailgun(mails.message_id(sent))
    assert returning.suppressed().count() == 0

    postmark(at=LATER + 2 * HOUR)
    assert returning.suppressed().count() == 1


@pytest.mark.parametrize("recipient", ["stranger@example.org", "", "nobody"])
def test_an_address_no_mail_has_left_for_is_not_suppressed(sent, recipient):
    assert (postmark(recipient=recipient).status_code, mailgun("<made-up@x>", recipient=recipient).status_code) == (
        200,
        200,
    )
    assert rows() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"Type": "SoftBounce"}, {"Type": "Transient"}, {"Type": "VirusNotification"}, {"Type": "AutoResponder"},
        {"Type": "DMARCPolicy"}, {"RecordType": "Delivery", "DeliveredAt": "2026-03-04T11:00:00Z"}, {"RecordType": "Open"},
    ],
    ids=lambda changes: " ".join(changes.values()),
)  # fmt: skip
def test_what_does_not_mean_that_the_mailbox_is_gone_suppresses_nothing(sent, changes):
    assert postmark(**changes | {"Details": "smtp;452 4.2.2 full"}).status_code == 200
    assert rows() == []


def test_what_may_still_arrive_is_noted_at_the_message(sent):
    mailgun(mails.message_id(sent), severity="temporary", reason="generic")

    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == ("sent", "not delivered for now: 550 5.1.1 No such user here")


def test_an_address_is_there_only_for_a_provider_whose_secret_is_set(sent, settings):
    shown = []
    for known in ({}, {"WEBHOOK_SECRET": [USER]}, {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}):
        settings.ANYMAIL = known
        shown.append((postmark().status_code, mailgun(mails.message_id(sent)).status_code))
    settings.ANYMAIL = {"WEBHOOK_SECRET": [USER]}

    assert shown == [(404, 404), (200, 404), (404, 200)]
    assert Client().post("/mail/returned/nobody/").status_code == 404


def test_message_health_names_the_provider_that_reports(sent, settings):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}

    (returns,) = [one for one in sender.checks() if one.name == "returns"]

    assert (returns.state, "mailgun" in returns.words) == ("done", True)


def test_secrets_come_from_the_environment_or_from_files(monkeypatch, tmp_path):
    from config import env

    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("ANYMAIL_WEBHOOK_SECRET", "a:b")
    monkeypatch.setenv("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY_FILE", str(tmp_path / "key"))

    assert env.prefixed("ANYMAIL_") == {"MAILGUN_WEBHOOK_SIGNING_KEY": "from a file", "WEBHOOK_SECRET": "a:b"}


def test_every_provider_named_has_its_view_in_the_library():
    from django.utils.module_loading import import_string

    from clients import providers

    views = [import_string(f"anymail.webhooks.{name}.{view}") for name, view in providers.VIEWS.items()]

    assert {view.__name__ for view in views} == set(providers.VIEWS.values())
