"""Mail that came back: what counts as a report, whose address it is about, and what follows for that address."""

import mailbox
import sys
from datetime import timedelta
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from clients import delivering, mails, returning, returns
from clients.models import JournalEntry, Message, Suppression, User
from clients.returning import Taken
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)
LATER = WEEK_1 + HOUR

BOUNCE = """\
From: MAILER-DAEMON@mx.example.net
To: {back}
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Wed, 4 Mar 2026 11:00:00 +0100

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected: User unknown

--b
Content-Type: text/rfc822-headers

From: Across <across@example.org>
Message-ID: {message_id}
Subject: You have a place in Spring

--b--
"""
COMPLAINT = """\
From: abuse@isp.example.net
To: {back}
Content-Type: multipart/report; report-type=feedback-report; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

This is an abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Loop/1.0
Version: 1
Original-Rcpt-To: {recipient}

--b
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: You have a place in Spring

Hello

--b--
"""


@pytest.fixture
def sent(cast, settings):
    """An invitation that left, with an address of its own to come back to."""
    settings.MAIL_RETURN_ADDRESS = "returns@across.test"
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    delivering.deliver(at=WEEK_1)
    return Message.objects.get(kind="invite", address="dora@example.org")


def report(message, text=BOUNCE, **changes):
    """What another mail server sends about it."""
    usual = {
        "back": mail.outbox[-1].from_email,
        "recipient": message.address or message.person.email,
        "message_id": mails.message_id(message),
        "action": "failed",
        "status": "5.1.1",
    }
    return text.format(**usual | changes).replace("\n", "\r\n").encode()


NOWHERE = {"back": "across@example.org"}  # where the envelope says nothing


# --- The envelope -----------------------------------------------------------------------------------


def test_every_mail_has_an_address_of_its_own_to_come_back_to(sent):
    left = mail.outbox[-1]

    assert left.from_email.startswith(f"returns+{sent.pk}-")
    assert left.from_email.endswith("@across.test")
    assert left.message()["From"] == "Across <across@example.org>"


def test_without_an_address_for_returned_mail_it_comes_back_to_the_sender(cast, settings):
    settings.MAIL_RETURN_ADDRESS = ""
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    delivering.deliver(at=WEEK_1)

    assert mail.outbox[-1].from_email == settings.DEFAULT_FROM_EMAIL


def test_an_address_signed_by_an_earlier_key_is_still_known(sent, settings):
    raw = report(sent, message_id="<other@x>")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, fifty characters or more, for this test only"

    assert returns.read(raw).number == sent.pk


# --- What counts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, NOWHERE, {"message_id": "<other@x>"}, {"recipient": "DORA@Example.org"}])
def test_a_mail_that_came_back_for_good_suppresses_its_address(sent, changes):
    taken = returning.take(report(sent, **changes), at=LATER)

    row = Suppression.objects.get()
    assert taken == Taken.SUPPRESSED
    assert (row.address, row.cause, row.message, row.since) == ("dora@example.org", "bounce", sent, LATER)
    assert row.detail.startswith("5.1.1 smtp; 550 5.1.1")
    assert JournalEntry.objects.filter(action="suppressed").count() == 1


def test_the_same_report_twice_suppresses_once(sent):
    taken = [returning.take(report(sent), at=LATER) for _twice in range(2)]

    assert taken == [Taken.SUPPRESSED, Taken.KNOWN]
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"action": "delayed", "status": "4.4.1"}, {"status": "4.2.2"}, {"action": "relayed"}]
)
def test_what_may_still_arrive_suppresses_nothing(sent, changes):
    assert returning.take(report(sent, **changes), at=LATER) == Taken.FOR_NOW

    sent.refresh_from_db()
    assert Suppression.objects.count() == 0
    assert sent.last_error.startswith("not delivered for now")
    assert sent.state == "sent"


def test_a_complaint_suppresses_too_and_is_called_one(sent):
    assert returning.take(report(sent, COMPLAINT), at=LATER) == Taken.SUPPRESSED

    assert Suppression.objects.get().cause == "complaint"


@pytest.mark.parametrize(
    "changes",
    [
        NOWHERE | {"message_id": "<made-up@127.0.0.1>"},
        NOWHERE | {"message_id": ""},
        {"back": "returns+1-0123456789abcdef@across.test", "message_id": "<x@y>"},
        {"recipient": "mina@example.org"},
        {"recipient": "nobody"},
    ],
)
def test_a_report_that_names_no_mail_of_ours_to_that_address_is_not_believed(sent, changes):
    assert returning.take(report(sent, **changes), at=LATER) == Taken.UNKNOWN
    assert Suppression.objects.count() == 0


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"Subject: Out of office\r\n\r\nBack on Monday.",
     b"Content-Type: message/delivery-status\r\n\r\nnothing"],
)  # fmt: skip
def test_what_is_no_report_is_left_alone(db, raw):
    assert returning.take(raw, at=LATER) == Taken.NO_REPORT


def test_no_bytes_whatever_break_the_reading(sent):
    raw = report(sent)

    for end in range(0, len(raw), 7):
        with transaction.atomic():
            returning.take(raw[:end], at=LATER)
            transaction.set_rollback(True)


# --- What follows -----------------------------------------------------------------------------------


@pytest.fixture
def suppressed(cast):
    returning.suppress("Mina@example.org", cause="bounce", detail="5.1.1", message=None, at=WEEK_1)
    return Suppression.objects.get()


def test_messages_to_it_are_cancelled_and_say_why(cast, suppressed):
    roads.answered(cast.mina, cast.tomas)
    delivering.deliver(at=WEEK_1 + 6 * HOUR)

    message = Message.objects.get(kind="feedback")
    assert (message.state, message.reason) == ("cancelled", "the address takes no mail: mail came back")
    assert len(mail.outbox) == 0


def test_an_invitation_to_it_is_cancelled_too(sent, cast):
    returning.take(report(sent), at=LATER)
    roads.invitation(cast.autumn, "dora@example.org", at=LATER)
    delivering.deliver(at=LATER)

    assert Message.objects.filter(kind="invite", cohort=cast.autumn).get().state == "cancelled"


def test_others_are_sent_to_as_before(cast, suppressed):
    roads.invitation(cast.spring, "omina@example.org", at=WEEK_1)

    assert delivering.deliver(at=WEEK_1) == 1


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1 + 2 * HOUR)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def test_its_person_is_told_on_every_page_until_they_put_in_another(cast, suppressed, now):
    words = "Mail to mina@example.org comes back"
    shown = [words in browser(cast.mina).get(path).content.decode() for path in ("/week/", "/account/", "/notices/")]
    others = words in browser(cast.noor).get("/week/").content.decode()
    User.objects.filter(pk=cast.mina.pk).update(email="mina@example.net")
    afterwards = "comes back" in browser(User.objects.get(pk=cast.mina.pk)).get("/week/").content.decode()

    assert (shown, others, afterwards) == ([True, True, True], False, False)


def test_an_admin_sees_it_lifts_it_and_mail_goes_there_again(cast, suppressed, now):
    ada = browser(cast.ada)
    page = ada.get("/manage/delivery/").content.decode()
    lifted = ada.post(f"/manage/delivery/suppressed/{suppressed.pk}/lift/")
    roads.answered(cast.mina, cast.tomas)
    delivering.deliver(at=WEEK_1 + 6 * HOUR)

    suppressed.refresh_from_db()
    assert "mina@example.org" in page
    assert (lifted.status_code, suppressed.lifted_by) == (302, "Ada")
    assert Message.objects.get(kind="feedback").state == "sent"
    assert JournalEntry.objects.filter(action="lifted a suppression").count() == 1


def test_the_api_lists_and_lifts(cast, suppressed, now):
    ada = Api(cast.ada)

    [row] = ada.get("suppressions/").json()
    lifted = [ada.post(f"suppressions/{row['id']}/lift/").status_code for _twice in range(2)]

    assert (row["address"], row["cause"], row["detail"]) == ("mina@example.org", "bounce", "5.1.1")
    assert lifted == [204, 404]
    assert ada.get("suppressions/").json() == []


def test_it_can_come_back_after_it_was_lifted(cast, suppressed):
    returning.lift(suppressed, by=cast.ada, at=LATER)

    assert returning.lift(suppressed, by=cast.ada, at=LATER) is False
    again = returning.suppress("mina@example.org", cause="bounce", detail="", message=None, at=LATER)
    assert (again, Suppression.objects.count()) == (Taken.SUPPRESSED, 2)


def test_the_database_keeps_one_in_force_and_lifts_it_afterwards(cast, suppressed):
    with pytest.raises(IntegrityError, match="an_address_is_suppressed_once_at_a_time"), transaction.atomic():
        Suppression.objects.create(address="MINA@example.org", cause="bounce", since=LATER)
    with pytest.raises(IntegrityError, match="a_suppression_is_lifted_after_it_began"), transaction.atomic():
        Suppression.objects.update(lifted_at=WEEK_1 - HOUR)


# --- The command ------------------------------------------------------------------------------------


def test_the_command_takes_one_mail_from_the_mail_servers_pipe(sent, monkeypatch):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(report(sent))))
    said = StringIO()

    call_command("take_returned_mail", stdout=said)

    assert said.getvalue().strip() == "nothing goes to this address any more"
    assert Suppression.objects.count() == 1


def test_the_command_empties_a_maildir_and_marks_what_it_took(sent, tmp_path):
    box = mailbox.Maildir(tmp_path / "returned", create=True)
    for raw in (report(sent), report(sent), b"Subject: Hello\n\nHello"):
        box.add(raw)
    said = StringIO()

    for _twice in range(2):
        call_command("take_returned_mail", maildir=str(tmp_path / "returned"), stdout=said)

    lines = sorted(line.partition(": ")[2] for line in said.getvalue().splitlines())
    assert lines == sorted([str(Taken.SUPPRESSED), str(Taken.KNOWN), str(Taken.NO_REPORT)])
    assert list((tmp_path / "returned" / "new").iterdir()) == []
    assert len(list((tmp_path / "returned" / "cur").glob("*:2,S"))) == 3


def test_a_folder_that_is_no_maildir_is_named(db, tmp_path):
    with pytest.raises(CommandError, match="no Maildir"):
        call_command("take_returned_mail", maildir=str(tmp_path))
