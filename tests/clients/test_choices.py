"""What people choose about what reaches them: kinds by channel, quiet hours, how many reminders, how much a mail says."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from clients import choices, choosing, delivering, messaging
from clients.choosing import CannotChoose
from clients.models import Channel, JournalEntry, Message, Preference, User
from coaching import milestones
from coaching.models import Milestone
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 3, 5, 18, tzinfo=UTC)  # Thursday of week 1, noon in Chicago, where Mina lives
SPENT = "the person’s reminders for this week are used up"
UNWANTED = "the person does not want mail of this kind"


def post(cast, kind, *, at=NOON, week=1, to=None, key=""):
    """A message about one of Mina's weeks, posted as the engine posts it."""
    milestone = Milestone.objects.get(enrolment__client=cast.mina, kind="week.unlock", week=week)
    to = to or cast.mina
    key = key or f"{kind} {week} {to.pk} {at}"
    messaging.post(kind, key=key, to=to, cohort=cast.spring, about={"milestone": milestone.pk}, at=at)
    return Message.objects.get(key=key)


def outcome(message):
    message.refresh_from_db()
    return message.state, message.reason


@pytest.fixture
def always(monkeypatch):
    """Guards that never speak against a message, so that only what people chose decides."""
    open_ones = {name: _without_guard(kind) for name, kind in messaging.kinds().items()}
    monkeypatch.setattr(messaging, "_kinds", open_ones)


def _without_guard(kind):
    return replace(kind, guard=lambda message, at: None)


# --- Groups -----------------------------------------------------------------------------------------

# What a coach writes, into an account, about one's data, who stands in and so reads what one writes, to somebody without an account; the one
# mail after an outage asks for each part.
STANDING_IN = {"away.client", "away.substitute", "away.off.client", "away.off.substitute"}
# Who else reads now, and who decides here from now on: nobody switches off that they are told.
WHO_READS_AND_DECIDES = {
    "transfer",
    "transfer.back",
    "transfer.coach",
    "transfer.back.coach",
    "inspection",
    "inspection.office",
    "release",
    "proposal",
    "proposal.confirmed",
}
ALWAYS_COME = (
    {
        "invite",
        "invite.remind",
        "catch-up",
        "edition.dates",
        "test",
        "pulse.invite",
        "pulse.asked",
        "pulse.remind",
        "retention.audio",
        "written.client",
    }
    | STANDING_IN
    | WHO_READS_AND_DECIDES
)


def test_every_kind_is_in_one_group_or_always_comes():
    grouped = {name for name in messaging.kinds() if choices.group_of(name)}

    assert set(messaging.kinds()) - grouped == ALWAYS_COME


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("week.unlock", "weeks"), ("nudge.midweek", "nudges"), ("ledger.friday", "record"), ("due.reminder", "due"),
        ("due.last", "last-call"), ("overdue.2", "due"), ("overdue.2.coach", "reviews"), ("feedback", "feedback"),
        ("review.breach", "reviews"), ("review.breach.admin", "reviews"), ("review.breach.client", "feedback"),
        ("session.remind.coach", "sessions"), ("graduation", "weeks"), ("graduation.note.coach", "digests"), ("coach.digest", "digests"), ("admin.weekly", "digests"),
        ("invite", None), ("weekend", None),
    ],
)  # fmt: skip
def test_the_longest_name_decides_the_group(kind, group):
    found = choices.group_of(kind)

    assert (found and found.name) == group


def test_what_counts_against_a_week_is_a_kind_of_reminder():
    assert set(messaging.budgeted()) <= set(milestones.KINDS)


def test_people_are_shown_the_groups_that_can_reach_them(cast):
    seen = {who: [w.group.name for w in choices.wishes_of(getattr(cast, who))] for who in ("mina", "tomas", "ada")}

    clients = ["weeks", "nudges", "due", "last-call", "feedback", "sessions", "record"]
    staff = ["sessions", "reviews", "digests"]
    assert seen == {"mina": clients, "tomas": staff, "ada": staff}


def test_a_client_who_also_coaches_is_shown_both_once_something_came(cast):
    post(cast, "review.warn", to=cast.mina)

    assert len(choices.wishes_of(cast.mina)) == len(choices.GROUPS)


# --- Mail on and off --------------------------------------------------------------------------------


def test_what_is_switched_off_by_mail_is_cancelled_and_says_why(cast, always):
    choosing.choose(cast.mina, wishes={("due", "mail"): False}, at=WEEK_1)
    off, on = post(cast, "due.reminder"), post(cast, "week.unlock")

    delivering.deliver(at=NOON)

    assert (outcome(off), outcome(on)) == (("cancelled", UNWANTED), ("sent", ""))


def test_a_wish_of_one_person_is_no_wish_of_another(cast, always):
    choosing.choose(cast.mina, wishes={("weeks", "mail"): False}, at=WEEK_1)
    hers = post(cast, "week.unlock", to=cast.tomas)

    delivering.deliver(at=NOON)

    assert outcome(hers) == ("sent", "")


def test_switching_it_on_again_counts_from_the_next_message_on(cast, always):
    for wanted in (False, True):
        choosing.choose(cast.mina, wishes={("weeks", "mail"): wanted}, at=WEEK_1)
    message = post(cast, "week.unlock")

    delivering.deliver(at=NOON)

    assert outcome(message) == ("sent", "")
    assert Preference.objects.count() == 1


@pytest.mark.parametrize(("wishes", "state"), [({}, "cancelled"), ({("last-call", "mail"): True}, "sent")])
def test_the_last_call_comes_only_to_those_who_asked_for_it(cast, always, monkeypatch, wishes, state):
    kinds = messaging.kinds()
    monkeypatch.setitem(messaging._kinds, "due.last", kinds["week.unlock"])
    choosing.choose(cast.mina, wishes=wishes, at=WEEK_1)
    message = post(cast, "due.last")

    outcome_ = choices.outcome(message, kinds, NOON)

    assert (outcome_ or {"state": "sent"})["state"] == state


def test_an_invitation_comes_whatever_was_switched_off(cast):
    every = {(group.name, str(channel)): False for group in choices.GROUPS for channel in Channel}
    choosing.choose(cast.lena, wishes=every, at=WEEK_1)
    roads.invitation(cast.spring, cast.lena.email, at=WEEK_1)

    assert delivering.deliver(at=WEEK_1) == 1


@pytest.mark.parametrize("wishes", [{("weather", "mail"): True}, {("due", "pigeon"): True}])
def test_a_wish_about_nothing_there_is_is_refused(cast, wishes):
    with pytest.raises(CannotChoose, match="no such kind"):
        choosing.choose(cast.mina, wishes=wishes, at=WEEK_1)


def test_the_database_keeps_one_wish_a_group_and_channel(cast):
    Preference.objects.create(person=cast.mina, group="due", channel="mail", wanted=True)

    with pytest.raises(IntegrityError, match="one_wish_a_group_and_channel"), transaction.atomic():
        Preference.objects.create(person=cast.mina, group="due", channel="mail", wanted=False)
    with pytest.raises(IntegrityError, match="a_wish_is_about_a_channel_there_is"), transaction.atomic():
        Preference.objects.create(person=cast.mina, group="due", channel="fax", wanted=False)


# --- Quiet hours ------------------------------------------------------------------------------------


def test_a_mail_waits_for_the_morning_and_then_leaves(cast, always):
    night = datetime(2026, 3, 6, 4, tzinfo=UTC)  # 22:00 in Chicago
    message = post(cast, "week.unlock", at=night)

    delivering.deliver(at=night)
    waits = outcome(message), message.available_at
    delivering.deliver(at=message.available_at)

    assert waits == (("queued", "quiet hours"), datetime(2026, 3, 6, 13, 30, tzinfo=UTC))  # 07:30 in Chicago
    assert outcome(message) == ("sent", "")


# --- The weekly budget ------------------------------------------------------------------------------


def reminders(cast, number, *, at=NOON):
    return [post(cast, "overdue.1", week=week, at=at) for week in range(1, number + 1)]


def states(messages):
    return [outcome(message)[0] for message in messages]


@pytest.mark.parametrize(("budget", "left"), [(4, 4), (0, 0), (2, 2), (20, 6)])
def test_no_more_reminders_leave_in_a_week_than_the_person_allows(cast, always, budget, left):
    choosing.choose(cast.mina, weekly_budget=budget, at=WEEK_1)
    messages = reminders(cast, 6)

    delivering.deliver(at=NOON)

    assert states(messages) == ["sent"] * left + ["cancelled"] * (6 - left)
    assert {message.reason for message in messages} == ({SPENT, ""} if 0 < left < 6 else {SPENT} if left == 0 else {""})


def test_a_nudge_leaves_the_last_place_of_a_week_to_the_day_before_something_is_due(cast, always):
    choosing.choose(cast.mina, weekly_budget=2, at=WEEK_1)
    messages = [post(cast, kind) for kind in ("overdue.1", "nudge.midweek", "ledger.friday", "due.reminder")]

    for message in messages:
        delivering.deliver(at=message.available_at)

    assert states(messages) == ["sent", "cancelled", "cancelled", "sent"]


def test_the_budget_begins_anew_on_monday_by_the_persons_own_clock(cast, always):
    sunday_late = datetime(2026, 3, 9, 4, tzinfo=UTC)  # still Sunday 23:00 in Chicago, Monday in Berlin
    choosing.choose(cast.mina, weekly_budget=1, quiet_from="00:00", quiet_until="00:00", at=WEEK_1)
    first = post(cast, "overdue.1", week=1)
    delivering.deliver(at=NOON)
    second = post(cast, "overdue.1", week=2, at=sunday_late)
    delivering.deliver(at=sunday_late)
    third = post(cast, "overdue.1", week=3, at=sunday_late + 2 * HOUR)
    delivering.deliver(at=sunday_late + 2 * HOUR)

    assert states([first, second, third]) == ["sent", "cancelled", "sent"]


def test_what_opens_and_feedback_count_nothing_and_are_counted_by_nothing(cast, always):
    choosing.choose(cast.mina, weekly_budget=0, at=WEEK_1)
    opens = post(cast, "week.unlock")
    delivering.deliver(at=NOON)

    choosing.choose(cast.mina, weekly_budget=1, at=WEEK_1)
    reminder = post(cast, "due.reminder")
    delivering.deliver(at=NOON)

    assert states([opens, reminder]) == ["sent", "sent"]


def test_the_database_keeps_the_budget_countable(cast):
    with pytest.raises(IntegrityError, match="reminders_a_week_stay_countable"), transaction.atomic():
        User.objects.filter(pk=cast.mina.pk).update(weekly_budget=21)


# --- How much a mail says ---------------------------------------------------------------------------


def test_only_the_subject_leaves_where_somebody_wants_no_more(cast, always):
    plain = post(cast, "week.unlock", to=cast.noor)
    choosing.choose(cast.mina, subject_only=True, at=WEEK_1)
    short = post(cast, "week.unlock")

    delivering.deliver(at=NOON)

    assert [outcome(each)[0] for each in (plain, short)] == ["queued", "sent"]  # 23:30 in Kolkata
    text, body = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    assert "Something is waiting for you on Across.\n\nOpen it: http" in text
    assert "/week/1/?cohort=spring" in text
    assert "first step" not in text + body


def test_feedback_texts_stay_out_where_only_the_subject_is_wanted(cast):
    choosing.choose(cast.mina, texts_in_mail=True, subject_only=True, at=WEEK_1)
    feedback = roads.answered(cast.mina, cast.tomas)

    delivering.deliver(at=WEEK_1 + 6 * HOUR)

    sent = mail.outbox[-1]
    assert sent.subject == f"Tomas has read “{feedback.attempt.submission.exercise.title}”"
    assert feedback.keep not in sent.body + html.unescape(sent.alternatives[0].content)


# --- The way out ------------------------------------------------------------------------------------


def way_out(sent):
    """The address in the headers of a mail."""
    return sent.extra_headers["List-Unsubscribe"].strip("<>")


@pytest.fixture
def sent(cast, always):
    post(cast, "due.reminder")
    delivering.deliver(at=NOON)
    return mail.outbox[-1]


def test_a_mail_of_a_kind_one_can_switch_off_says_how_to_people_and_to_programs(sent):
    address = way_out(sent)

    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Stop mails of this kind: Due and overdue: {address}\n" in sent.body
    assert f'href="{address}"' in sent.alternatives[0].content


def test_an_invitation_has_no_way_out(cast):
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    delivering.deliver(at=WEEK_1)

    assert "List-Unsubscribe" not in mail.outbox[-1].extra_headers


def path_of(address):
    return re.sub(r"^https?://[^/]+", "", address)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_changes_nothing(cast, sent, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(path_of(way_out(sent)))

    assert answer.status_code == 200
    assert Preference.objects.count() == 0
    assert b"@" not in answer.content.replace(b"@media", b"")  # whose mailbox it is stays out of the page


def test_a_mail_program_stops_them_with_one_post_and_no_cookie(cast, sent):
    program = Client(enforce_csrf_checks=True)

    for _twice in range(2):
        answer = program.post(path_of(way_out(sent)), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    wishes = Preference.objects.values_list("person", "group", "channel", "wanted")
    assert list(wishes) == [(cast.mina.pk, "due", "mail", False)]
    assert {entry.note for entry in JournalEntry.objects.filter(action="stopped mails")} == {"due"}
    following = post(cast, "due.reminder", week=2)
    delivering.deliver(at=NOON)
    assert outcome(following) == ("cancelled", UNWANTED)


def test_the_page_has_one_button_and_it_does_it(cast, sent):
    client = Client()
    page = client.get(path_of(way_out(sent))).content.decode()

    done = client.post(path_of(way_out(sent))).content.decode()

    assert page.count("<button") == 1
    assert "Stopped: Due and overdue" in html.unescape(done)


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: token + "x", lambda token: "1-due.sig"])
def test_a_link_nobody_signed_stops_nothing(cast, sent, change):
    token = path_of(way_out(sent)).split("/")[2]

    assert Client().post(f"/stop/{change(token)}/").status_code == 404
    assert Preference.objects.count() == 0


def test_a_link_is_for_one_person_and_one_kind(cast, sent):
    token = path_of(way_out(sent)).split("/")[2]
    signature = token.split(".")[1]

    for other in (f"{cast.noor.pk}-due.{signature}", f"{cast.mina.pk}-weeks.{signature}"):
        assert Client().post(f"/stop/{other}/").status_code == 404


def test_a_link_to_an_account_that_is_switched_off_is_gone(cast, sent):
    User.objects.filter(pk=cast.mina.pk).update(is_active=False)

    assert Client().get(path_of(way_out(sent))).status_code == 404


# --- At both doors ----------------------------------------------------------------------------------


@pytest.fixture
def page(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


@pytest.fixture
def now(monkeypatch):
    from curriculum import clock

    monkeypatch.setattr(clock, "now", lambda: WEEK_2)


def test_the_account_page_shows_the_table_and_saves_it(cast, page):
    shown = page.get("/account/").content.decode()
    sent = {"weekly_budget": "2", "subject_only": "on", "due-app": "on", "weeks-mail": "on"}
    answer = page.post("/account/reach/", sent)

    cast.mina.refresh_from_db()
    wishes = {wish.group.name: (wish.mail, wish.app) for wish in choices.wishes_of(cast.mina)}
    assert answer.status_code == 302
    assert shown.count('type="checkbox"') == 2 * 7 + 3
    assert (wishes["due"], wishes["weeks"], wishes["feedback"]) == ((False, True), (True, False), (False, False))
    assert (cast.mina.weekly_budget, cast.mina.subject_only) == (2, True)


def test_the_api_changes_what_is_sent_and_leaves_the_rest(cast, now):
    mina = Api(cast.mina)

    changed = mina.patch("me/preferences/", groups={"due": {"mail": False}}, weekly_budget=3).json()

    assert changed == mina.get("me/preferences/").json()
    said = {group["name"]: (group["mail"], group["app"]) for group in changed["groups"]}
    assert (said["due"], said["feedback"], said["last-call"]) == ((False, True), (True, True), (False, False))
    assert (changed["weekly_budget"], changed["subject_only"], changed["quiet_from"]) == (3, False, "21:00")


@pytest.mark.parametrize("budget", [-1, 21])
def test_a_budget_nobody_can_count_is_refused_in_the_same_words_at_both_doors(cast, page, budget):
    at_the_page = page.post("/account/reach/", {"weekly_budget": budget})
    at_the_api = Api(cast.mina).patch("me/preferences/", weekly_budget=budget)

    assert (at_the_page.status_code, at_the_api.status_code) == (422, 422)
    [sentence] = at_the_api.json()["errors"]["weekly_budget"]
    assert sentence in html.unescape(at_the_page.content.decode())


def test_a_kind_there_is_not_is_refused_at_the_api(cast, now):
    refused = Api(cast.mina).patch("me/preferences/", groups={"weather": {"mail": True}})

    assert (refused.status_code, refused.json()["errors"]) == (
        422, {"groups": ["There is no such kind of message."]},
    )  # fmt: skip
