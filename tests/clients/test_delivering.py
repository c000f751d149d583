"""What a mail server may do to a message, and what becomes of it then."""

import smtplib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from clients import delivering, holding, joining, messaging, outcomes, pausing, stopping
from clients.models import Enrolment, JournalEntry, Message
from clients.signals import mailbox_refused
from tests import roads
from tests.roads import WEEK_1

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SAID = {
    "never": smtplib.SMTPRecipientsRefused({"new@example.org": (550, b"5.1.1 mailbox unknown")}),
    "full": smtplib.SMTPRecipientsRefused({"new@example.org": (452, b"mailbox full")}),
    "spam": smtplib.SMTPDataError(554, b"no, thanks"),
    "busy": smtplib.SMTPDataError(451, b"later"),
    "away": ConnectionRefusedError("closed"),
    "silence": TimeoutError("timed out"),
    "hung up": smtplib.SMTPServerDisconnected("connection lost"),
}


class Speaking(BaseEmailBackend):
    """Takes a message and then says what the test wants it to say."""

    saying: Exception | None = None
    took: list[str] = []

    def send_messages(self, email_messages):
        self.took.extend(message.extra_headers["Message-ID"] for message in email_messages)
        if self.saying:
            raise self.saying
        return len(email_messages)


class Locked(BaseEmailBackend):
    """Nobody opens."""

    def open(self):
        raise ConnectionRefusedError("closed")


@pytest.fixture(params=[True, False], ids=["keys", "plain"])
def keys(request, settings):
    settings.EMAIL_HONOURS_KEYS = request.param
    return request.param


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Speaking"
    monkeypatch.setattr(Speaking, "saying", None)
    monkeypatch.setattr(Speaking, "took", [])
    return lambda said: monkeypatch.setattr(Speaking, "saying", SAID.get(said))


def only():
    return Message.objects.get(kind="invite")


@pytest.mark.parametrize(("said", "told"), [("never", "550 5.1.1 mailbox unknown"), ("spam", "554 no, thanks")])
def test_a_refusal_for_good_is_given_up_at_once_with_its_reason(invited, server, keys, said, told):
    server(said)
    delivering.deliver(at=WEEK_1)

    message = only()
    assert (message.state, message.reason, message.attempts) == ("dead", outcomes.REFUSED, 1)
    assert told in message.last_error


def test_a_refusal_for_good_is_announced_with_the_mailbox(invited, server):
    heard = []
    server("never")
    mailbox_refused.connect(listen := lambda message, told, **_: heard.append((message.address, told)))
    try:
        delivering.deliver(at=WEEK_1)
    finally:
        mailbox_refused.disconnect(listen)

    assert [address for address, _told in heard] == ["new@example.org"]


@pytest.mark.parametrize("said", ["full", "busy", "away"])
def test_what_did_not_arrive_for_certain_is_tried_again(invited, server, keys, said):
    server(said)
    delivering.deliver(at=WEEK_1)
    message = only()
    assert (message.state, message.maybe_twice, message.handed_at) == ("queued", False, None)

    server(None)
    delivering.deliver(at=WEEK_1 + HOUR)
    assert (only().state, only().maybe_twice) == ("sent", False)


@pytest.mark.parametrize("said", ["silence", "hung up"])
def test_with_keys_an_answer_that_is_lost_costs_one_more_try_under_the_same_key(invited, server, settings, said):
    settings.EMAIL_HONOURS_KEYS = True
    server(said)
    delivering.deliver(at=WEEK_1)
    server(None)
    delivering.deliver(at=WEEK_1 + HOUR)

    assert (only().state, only().maybe_twice) == ("sent", False)
    assert len(Speaking.took) == 2
    assert len(set(Speaking.took)) == 1


def test_with_keys_nobody_tries_again_after_twenty_three_hours(invited, server, settings):
    settings.EMAIL_HONOURS_KEYS = True
    server("silence")
    delivering.deliver(at=WEEK_1)
    Message.objects.update(available_at=WEEK_1 + 23 * HOUR + SECOND)
    delivering.deliver(at=WEEK_1 + 23 * HOUR + SECOND)

    assert (only().state, only().reason, only().maybe_twice) == ("dead", outcomes.FORGOTTEN, True)


def test_without_keys_an_invitation_is_sent_again_and_flagged(invited, server, settings):
    settings.EMAIL_HONOURS_KEYS = False
    server("silence")
    delivering.deliver(at=WEEK_1)
    server(None)
    delivering.deliver(at=WEEK_1 + HOUR)

    assert (only().state, only().maybe_twice) == ("sent", True)


def test_without_keys_a_reminder_is_held_for_a_person(nudged, server, settings):
    settings.EMAIL_HONOURS_KEYS = False
    server("silence")
    for hour in range(5):
        delivering.deliver(at=WEEK_1 + 48 * HOUR + hour * HOUR)

    nudged.refresh_from_db()
    assert (nudged.state, nudged.reason, len(Speaking.took)) == ("unknown", outcomes.NOBODY_KNOWS, 1)
    server(None)
    messaging.replay(nudged, at=WEEK_1 + 52 * HOUR)
    delivering.deliver(at=WEEK_1 + 52 * HOUR)
    nudged.refresh_from_db()
    assert (nudged.state, nudged.maybe_twice) == ("sent", True)


@pytest.mark.parametrize("on_unknown", ["hold", "resend"])
def test_without_keys_whoever_dies_while_handing_over_has_written_it_down(
    nudged, server, settings, monkeypatch, on_unknown
):
    settings.EMAIL_HONOURS_KEYS = False
    kind = messaging.kinds()["review.warn"]
    monkeypatch.setitem(messaging._kinds, kind.name, type(kind)(**vars(kind) | {"on_unknown": on_unknown}))
    claimed, token = delivering._claim(WEEK_1 + 48 * HOUR, 50)
    assert delivering._written_down(nudged.pk, token, WEEK_1 + 48 * HOUR)  # and then nothing more is heard of it

    delivering.deliver(at=WEEK_1 + 49 * HOUR)

    nudged.refresh_from_db()
    assert claimed == [nudged.pk]
    assert (nudged.state, nudged.maybe_twice) == {"hold": ("unknown", False), "resend": ("sent", True)}[on_unknown]


def test_without_keys_what_was_claimed_and_never_handed_over_is_simply_taken_up(nudged, server, settings):
    settings.EMAIL_HONOURS_KEYS = False
    delivering._claim(WEEK_1 + 48 * HOUR, 50)

    delivering.deliver(at=WEEK_1 + 49 * HOUR)

    nudged.refresh_from_db()
    assert (nudged.state, nudged.maybe_twice) == ("sent", False)


def test_a_server_that_is_away_for_a_day_costs_no_try(invited, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Locked"
    for hour in range(24):
        delivering.deliver(at=WEEK_1 + hour * HOUR)

    message = only()
    assert (message.state, message.attempts, message.first_try_at) == ("queued", 0, None)
    assert message.last_error == "ConnectionRefusedError: closed"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivering.deliver(at=WEEK_1 + 25 * HOUR)
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]


def test_one_mailbox_that_is_refused_keeps_no_other_waiting(cast, server):
    for name in ("a", "b", "c"):
        joining.invite(cast.spring, email=f"{name}@example.org", role="client", by=cast.ada, at=WEEK_1)

    server("never")
    delivering.deliver(at=WEEK_1, limit=1)
    server(None)
    delivering.deliver(at=WEEK_1)

    invitations = Message.objects.filter(kind="invite")  # beside their reminders, which come later
    assert sorted(invitations.values_list("state", flat=True)) == ["dead", "sent", "sent"]
    assert len(Speaking.took) == 3


# --- All mail of a cohort ---------------------------------------------------------------------------


def test_stopped_mail_is_held_at_once_and_no_date_moves(invited):
    before = list(invited.enrolment(invited.mina).milestones.values_list("pk", "due_at"))
    stopping.stop_mail(invited.spring, by=invited.ada, at=WEEK_1, reason="a wrong link")
    delivering.deliver(at=WEEK_1 + HOUR)

    assert (only().state, only().reason) == ("held", messaging.MAIL_STOPPED)
    assert list(invited.enrolment(invited.mina).milestones.values_list("pk", "due_at")) == before
    assert JournalEntry.objects.get(action="stopped mail").note == "a wrong link"


def test_mail_that_goes_again_is_asked_whether_it_still_makes_sense(invited):
    joining.invite(invited.spring, email="other@example.org", role="client", by=invited.ada, at=WEEK_1)
    stopping.stop_mail(invited.spring, by=invited.ada, at=WEEK_1)
    delivering.deliver(at=WEEK_1 + HOUR)
    other = roads.invitation(invited.autumn, "third@example.org")
    joining.revoke(invited.spring.invitations.get(email="other@example.org"), by=invited.ada, at=WEEK_1 + HOUR)

    stopping.release_mail(invited.spring, by=invited.ada, at=WEEK_1 + DAY)
    delivering.deliver(at=WEEK_1 + DAY)

    assert sorted(letter.to[0] for letter in mail.outbox) == ["new@example.org", other.email]


def test_what_a_pause_holds_stays_held_when_mail_goes_again(invited):
    roads.answered(invited.mina, invited.tomas)
    pausing.pause(invited.spring, by=invited.ada, at=WEEK_1 + 2 * HOUR)
    delivering.deliver(at=WEEK_1 + 3 * HOUR)
    stopping.stop_mail(invited.spring, by=invited.ada, at=WEEK_1 + 3 * HOUR)
    stopping.release_mail(invited.spring, by=invited.ada, at=WEEK_1 + 4 * HOUR)

    assert Message.objects.get(kind="feedback").reason == messaging.PAUSED


def test_a_message_that_cannot_even_be_asked_is_given_up_and_keeps_no_other_waiting(invited):
    joining.invite(invited.spring, email="other@example.org", role="client", by=invited.ada, at=WEEK_1)
    Message.objects.filter(address="new@example.org").update(about={"bad": "json"})
    for hour in range(12):
        delivering.deliver(at=WEEK_1 + hour * HOUR)

    states = dict(Message.objects.values_list("address", "state"))
    assert states == {"new@example.org": "dead", "other@example.org": "sent"}


@pytest.mark.parametrize("what", ["nothing", "paused", "paused and resumed", "on hold", "off hold", "left"])
def test_what_is_asked_as_a_message_is_locked_is_what_lists_say_of_it(cast, what):
    happens(cast, what)
    messaging.post("test", key="one", to=cast.mina, cohort=cast.spring, at=WEEK_1)
    messaging.post("test", key="two", to=cast.noor, cohort=cast.spring, at=WEEK_1)
    messaging.post("test", key="three", to=cast.ada, at=WEEK_1)
    claimed, token = delivering._claim(WEEK_1, 10)

    listed = delivering._counting_who_left(delivering.standing(Message.objects.all())).in_bulk(claimed)
    asked = {pk: next(iter(Message.objects.raw(delivering.LOCK, [pk, token]))) for pk in claimed}

    flags = ("is_paused", "is_held_back", "how_many_left")
    assert {pk: [vars(row)[name] for name in flags] for pk, row in asked.items()} == {
        pk: [vars(row)[name] for name in flags] for pk, row in listed.items()
    }
    assert {pk: vars(row)["address_now"] for pk, row in asked.items()} == {
        pk: row.person.email for pk, row in listed.items()
    }


def happens(cast, what):
    mine = Enrolment.objects.get(client=cast.mina, cohort=cast.spring)
    if what.startswith("paused"):
        pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    if what == "paused and resumed":
        pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + DAY)
    if what in ("on hold", "off hold"):
        holding.hold(mine, reason="away", by=cast.tomas, at=WEEK_1)
    if what == "off hold":
        holding.go_on(mine, by=cast.tomas, at=WEEK_1 + DAY)
    if what == "left":
        joining.withdraw(mine, by=cast.ada, at=WEEK_1)


def test_a_mail_goes_to_the_address_its_reader_has_now(cast):
    messaging.post("test", key="one", to=cast.mina, cohort=cast.spring, at=WEEK_1)
    messaging.post("test", key="two", to=cast.noor, cohort=cast.spring, at=WEEK_1)
    claimed, token = delivering._claim(WEEK_1, 10)
    ahead = delivering._Ahead(claimed, WEEK_1)
    ahead.take(claimed[0])
    type(cast.mina).objects.filter(pk=cast.mina.pk).update(email="moved@example.org")

    held = [delivering._ours(pk, token, ahead) for pk in claimed]

    assert [row.person.email for row in held] == ["moved@example.org", cast.noor.email]


# --- Many at once -----------------------------------------------------------------------------------------


@pytest.fixture
def three(cast, server, settings):
    settings.EMAIL_HONOURS_KEYS = False
    for person in (cast.mina, cast.noor, cast.ada):
        messaging.post("test", key=f"to {person.pk}", to=person, at=WEEK_1)
    return Message.objects.filter(kind="test").order_by("pk")


def test_that_a_message_is_handed_over_is_written_down_with_the_mark_of_the_one_before(three, monkeypatch):
    known = []
    take = Speaking.send_messages
    monkeypatch.setattr(Speaking, "send_messages", lambda self, mails: known.append(handed(three)) or take(self, mails))

    assert delivering.deliver(at=WEEK_1) == 3

    assert known == [[True, False, False], [True, True, False], [True, True, True]]


def handed(rows):
    return [row.handed_at is not None for row in rows.all()]


def test_whoever_has_the_next_message_is_not_waited_for(three):
    claimed, token = delivering._claim(WEEK_1, 10)
    first = three[0]
    Message.objects.filter(pk=claimed[1]).update(lease_token="00000000-0000-0000-0000-000000000001")
    ahead = delivering._Ahead(claimed, WEEK_1)

    with delivering.get_connection() as post_office:
        assert delivering._hand_over(first.pk, token, WEEK_1, post_office, ahead)

    assert (ahead.written_down, handed(three)) == (None, [True, False, False])


def test_what_a_slow_mail_server_leaves_no_time_for_is_put_back_as_never_tried(three, monkeypatch):
    monkeypatch.setattr(delivering, "IN_TIME", -1.0)

    assert delivering.deliver(at=WEEK_1) == 0

    facts = three.values_list("state", "attempts", "first_try_at", "handed_at", "lease_token", "available_at")
    assert set(facts) == {("queued", 0, None, None, None, WEEK_1)}


def test_time_that_runs_out_behind_the_first_lets_the_next_go_that_is_written_down(three, monkeypatch):
    late = iter([False, False, True, True, True])
    monkeypatch.setattr(delivering._Ahead, "is_late", property(lambda _self: next(late)))

    assert delivering.deliver(at=WEEK_1) == 2

    assert list(three.values_list("state", "attempts")) == [("sent", 1), ("sent", 1), ("queued", 0)]
    assert handed(three) == [True, True, False]


@pytest.mark.parametrize(
    "question", ["SELECT nothing FROM nowhere", "SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)"]
)
def test_a_letter_that_breaks_the_transaction_is_set_aside_and_the_next_goes(three, question):
    kind = messaging.kinds()["test"]

    def asks_nonsense(message, at):
        if message == three[0]:
            with connection.cursor() as cursor:
                cursor.execute(question)
        return kind.letter(message, at)

    messaging.register(replace(kind, letter=asks_nonsense))
    try:
        assert delivering.deliver(at=WEEK_1) == 2
    finally:
        messaging.register(kind)

    assert list(three.values_list("state", "attempts")) == [("queued", 1), ("sent", 1), ("sent", 1)]
    assert handed(three) == [False, True, True]
