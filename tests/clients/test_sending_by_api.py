"""Mail that leaves by a provider's API, over the wire: a server here that speaks as Postmark's and Resend's do."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from clients import delivering, joining, letters, mails, outcomes, sender
from clients.models import Message, Suppression
from config import checks, env
from tests.clients.test_returned_by_provider import USER, postmark
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)
PATIENCE, SHORT = 60.0, 0.5  # seconds an answer is waited for, and where none comes
INACTIVE = "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: new@example.org.\nInactive recipients are ones that have generated a hard bounce or a spam complaint."
# How it behaves → the status and the body it answers with. Those that take a mail first are in TAKES.
ANSWERS = {
    "accepts": (200, {"To": "new@example.org", "SubmittedAt": "2026-03-04T10:00:00Z", "MessageID": "0a129aee", "ErrorCode": 0, "Message": "OK"}),
    "no such mailbox": (422, {"ErrorCode": 406, "Message": INACTIVE}),
    "no such sender": (422, {"ErrorCode": 300, "Message": "Invalid 'From' address: 'across@example.org'."}),
    "wrong token": (401, {"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied in the HTTP headers."}),
    "too many": (429, {"ErrorCode": 429, "Message": "Rate limit exceeded."}),
    "maintenance": (503, {"ErrorCode": 100, "Message": "Maintenance."}),
    "breaks": (500, {"ErrorCode": 500, "Message": "Internal server error."}),
    "in progress": (409, {"statusCode": 409, "name": "concurrent_idempotent_requests", "message": "Try it again later."}),
}  # fmt: skip
TAKES = ("accepts", "hangs up", "stalls", "mumbles", "breaks")


class Api(BaseHTTPRequestHandler):
    """One provider's API: writes down what it takes, and answers as it is told to."""

    def do_POST(self):
        office = self.server.office
        mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        office.asked.append((self.path, dict(self.headers), mail))
        key = self.headers.get("Idempotency-Key")
        known = office.keys.get(key) if key else None
        if known is None and office.behaves in TAKES:
            office.took.append(mail)
            office.keys[key] = mail
        if office.behaves == "hangs up":
            self.close_connection = True
            return
        if office.behaves == "stalls":
            time.sleep(3 * SHORT)
        with suppress(OSError):  # whoever asked may have gone by now
            self._answer(*self._said(office, known, mail))

    def _said(self, office, known, mail):
        if office.behaves == "mumbles":
            return 200, b"<html>It works!</html>"
        if known not in (None, mail):
            said = {"statusCode": 409, "name": "invalid_idempotent_request", "message": "Same key, different payload."}
            return 409, json.dumps(said).encode()
        status, said = ANSWERS["accepts" if office.behaves == "stalls" else office.behaves]
        return status, json.dumps(said | ({"id": "49a3999c"} if status == 200 else {})).encode()

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        pass


class Office:
    """What the API was asked, what it took, under which keys, and how it behaves."""

    def __init__(self, settings):
        self.settings, self.how = settings, "accepts"
        self.asked, self.took, self.keys = [], [], {}

    @property
    def behaves(self):
        return self.how

    @behaves.setter
    def behaves(self, how):
        self.how = how
        self.settings.ANYMAIL = self.settings.ANYMAIL | {"REQUESTS_TIMEOUT": SHORT if how == "stalls" else PATIENCE}


@pytest.fixture
def office(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.daemon_threads = True
    server.office = Office(settings)
    server.office.url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.office
    server.shutdown()
    server.server_close()
    thread.join()


def leaving_by(settings, provider, url, **keys):
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = provider, env.MAIL_PROVIDERS[provider]
    settings.EMAIL_HONOURS_KEYS = provider in env.TAKE_KEYS
    named = {f"{provider.upper()}_{name}": content for name, content in {"API_URL": url, **keys}.items()}
    settings.ANYMAIL = {"REQUESTS_TIMEOUT": PATIENCE, "WEBHOOK_SECRET": [USER], **named}


@pytest.fixture
def by_postmark(settings, office):
    settings.MAIL_RETURN_ADDRESS = "returns@example.org"
    leaving_by(settings, "postmark", office.url, SERVER_TOKEN="the-token")
    return office


@pytest.fixture
def by_resend(settings, office):
    leaving_by(settings, "resend", office.url, API_KEY="the-key")
    return office


def only():
    return Message.objects.get(kind="invite")


# --- Handed over --------------------------------------------------------------------------------------


def test_a_mail_is_handed_over_whole_under_its_message_id_and_without_an_envelope_of_ours(invited, by_postmark):
    assert delivering.deliver(at=WEEK_1) == 1

    ((path, headers, mail),) = by_postmark.asked
    message = only()
    assert (message.state, message.attempts, message.maybe_twice, message.last_error) == ("sent", 1, False, "")
    assert (path, headers["X-Postmark-Server-Token"]) == ("/email", "the-token")
    assert (mail["To"], mail["From"]) == ("new@example.org", "Across <across@example.org>")
    assert mails.message_id(message) in {one["Value"] for one in mail["Headers"] if one["Name"] == "Message-ID"}
    assert {one["Name"] for one in mail["Headers"]} & {"From", "Idempotency-Key", "Return-Path"} == set()
    assert "http://across.test/join/" in mail["TextBody"]
    assert "<html" in mail["HtmlBody"]


@pytest.mark.parametrize("provider", sorted(env.MAIL_PROVIDERS))
def test_every_provider_on_offer_can_say_all_that_is_in_a_mail(invited, settings, provider):
    keys = {"API_KEY": "x", "SERVER_TOKEN": "x"}
    leaving_by(settings, provider, "http://127.0.0.1:9/", **keys)
    message = only()
    letter = letters.from_template("test", {"person": invited.ada, "domain": "x"}, link="/", button="Open it")
    backend = get_connection()

    payload = backend.build_message_payload(mails.of(message, letter), {})

    assert mails.message_id(message).strip("<>") in str(vars(payload))


# --- What becomes of it -------------------------------------------------------------------------------


def test_a_mailbox_that_is_gone_is_given_up_at_once_and_gets_no_more_mail(invited, by_postmark):
    by_postmark.behaves = "no such mailbox"
    delivering.deliver(at=WEEK_1)

    message = only()
    assert (message.state, message.reason, message.attempts) == ("dead", outcomes.REFUSED, 1)
    assert "422" in message.last_error
    assert Suppression.objects.get().address == "new@example.org"


def test_a_mail_the_api_refuses_is_given_up_at_once_in_its_words_and_its_address_is_not_to_blame(invited, by_postmark):
    by_postmark.behaves = "no such sender"
    delivering.deliver(at=WEEK_1)

    assert (only().state, "Invalid 'From' address" in only().last_error) == ("dead", True)
    assert Suppression.objects.count() == 0


@pytest.mark.parametrize("behaves", ["wrong token", "too many", "maintenance"])
def test_what_was_not_taken_for_certain_is_tried_again_and_arrives_once(invited, by_postmark, behaves):
    by_postmark.behaves = behaves
    delivering.deliver(at=WEEK_1)
    message = only()
    assert (message.state, message.maybe_twice, message.handed_at) == ("queued", False, None)
    assert str(ANSWERS[behaves][0]) in message.last_error

    by_postmark.behaves = "accepts"
    delivering.deliver(at=WEEK_1 + HOUR)

    assert (only().state, only().maybe_twice, len(by_postmark.took)) == ("sent", False, 1)


def test_where_nobody_listens_nothing_was_handed_over(invited, by_postmark, settings):
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:9/"}
    delivering.deliver(at=WEEK_1)

    assert (only().state, only().maybe_twice, only().handed_at) == ("queued", False, None)


@pytest.mark.parametrize("behaves", ["hangs up", "stalls", "mumbles", "breaks"])
def test_without_keys_an_answer_that_is_lost_is_flagged_and_sent_again_where_that_does_no_harm(
    invited, by_postmark, behaves
):
    by_postmark.behaves = behaves
    delivering.deliver(at=WEEK_1)
    message = only()
    assert (message.state, message.maybe_twice) == ("queued", True)

    by_postmark.behaves = "accepts"
    delivering.deliver(at=WEEK_1 + HOUR)

    assert (only().state, only().maybe_twice, len(by_postmark.took)) == ("sent", True, 2)


@pytest.mark.parametrize("behaves", ["hangs up", "stalls", "mumbles", "breaks"])
def test_without_keys_what_is_not_sent_twice_is_held_for_a_person_to_look_at(nudged, by_postmark, behaves):
    by_postmark.behaves = behaves
    delivering.deliver(at=WEEK_1 + 50 * HOUR)
    delivering.deliver(at=WEEK_1 + 60 * HOUR)

    nudged.refresh_from_db()
    assert (nudged.state, nudged.reason) == ("unknown", outcomes.NOBODY_KNOWS)
    assert len([mail for mail in by_postmark.took if mail["To"] == nudged.person.email]) == 1


@pytest.mark.parametrize("behaves", ["hangs up", "stalls", "mumbles", "breaks"])
def test_with_keys_an_answer_that_is_lost_costs_one_more_try_and_no_second_mail(invited, by_resend, behaves):
    by_resend.behaves = behaves
    delivering.deliver(at=WEEK_1)
    assert (only().state, only().maybe_twice) == ("queued", False)

    by_resend.behaves = "accepts"
    delivering.deliver(at=WEEK_1 + HOUR)

    keys = [headers["Idempotency-Key"] for _path, headers, _mail in by_resend.asked]
    assert keys == [mails.message_id(only()).strip("<>")] * 2
    assert [one["Authorization"] for _path, one, _mail in by_resend.asked] == ["Bearer the-key"] * 2
    assert (only().state, only().maybe_twice, len(by_resend.took)) == ("sent", False, 1)
    assert "Idempotency-Key" not in by_resend.took[0]["headers"]


def test_a_letter_that_says_it_in_other_words_by_the_second_try_was_taken_before(invited, by_resend, settings):
    by_resend.behaves = "hangs up"
    delivering.deliver(at=WEEK_1)
    by_resend.behaves, settings.DEFAULT_FROM_EMAIL = "accepts", "Across at Acme <across@example.org>"

    delivering.deliver(at=WEEK_1 + HOUR)

    assert (only().state, only().maybe_twice, len(by_resend.took)) == ("sent", False, 1)


def test_a_try_that_is_still_being_answered_is_waited_for(invited, by_resend):
    by_resend.behaves = "in progress"
    delivering.deliver(at=WEEK_1)

    assert (only().state, only().maybe_twice) == ("queued", False)


def test_what_left_by_the_api_and_came_back_is_reported_by_its_webhook(invited, by_postmark, monkeypatch):
    delivering.deliver(at=WEEK_1)
    joining.invite(invited.autumn, email="new@example.org", role="client", by=invited.ada, at=WEEK_1 + HOUR)

    answer = postmark(recipient="new@example.org", MessageID="0a129aee")
    delivering.deliver(at=WEEK_1 + HOUR)

    assert (answer.status_code, Suppression.objects.get().address) == (200, "new@example.org")
    assert Message.objects.get(kind="invite", cohort=invited.autumn).state == "cancelled"
    assert len(by_postmark.took) == 1


# --- Chosen -------------------------------------------------------------------------------------------


def test_message_health_names_the_provider(by_postmark):
    (way,) = [one for one in sender.checks() if one.name == "way"]

    assert (way.state, way.words) == ("done", "Mail leaves by the API of a provider: postmark.")


@pytest.mark.parametrize(
    ("name", "beside", "said"),
    [
        ("pigeon", "", "Set it to one of these: brevo, mailgun, postmark, resend, sparkpost."),
        ("postmark", "smtp://mail.acme.com", "Mail leaves by one way: keep one of them."),
    ],
)
def test_a_provider_nobody_knows_or_beside_a_mail_server_is_refused_with_what_to_do(name, beside, said):
    with pytest.raises(ImproperlyConfigured, match=said.replace(".", r"\.")):
        env.mail_provider(name, beside=beside)


def test_a_key_that_is_missing_is_said_before_the_first_mail(settings, by_postmark):
    assert checks.the_providers_keys_are_there(None) == []
    settings.ANYMAIL = {}

    (found,) = checks.the_providers_keys_are_there(None)

    assert (found.id, "POSTMARK_SERVER_TOKEN" in found.msg) == ("across.E002", True)


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({"EMAIL_PROVIDER": "Resend", "ANYMAIL_REQUESTS_TIMEOUT": "20"}, "config.resending.EmailBackend True 20.0"),
        ({"EMAIL_PROVIDER": "mailgun"}, "anymail.backends.mailgun.EmailBackend False 8.0"),
        ({"EMAIL_URL": "smtp://mail.acme.com"}, "django.core.mail.backends.smtp.EmailBackend False 8.0"),
        ({}, "config.mail.FileBackend True 8.0"),
    ],
)
def test_the_way_is_chosen_by_the_environment(environment, chosen, tmp_path):
    asked = "from django.conf import settings as s; print(s.EMAIL_BACKEND, s.EMAIL_HONOURS_KEYS, s.ANYMAIL['REQUESTS_TIMEOUT'])"
    bare = {name: said for name, said in os.environ.items() if not name.startswith(("EMAIL_", "ANYMAIL_"))}
    found = subprocess.run(
        [sys.executable, "-c", asked],
        env=bare | {"DJANGO_SETTINGS_MODULE": "config.settings", "ACROSS_DATA": str(tmp_path)} | environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert found.stdout.strip() == chosen
