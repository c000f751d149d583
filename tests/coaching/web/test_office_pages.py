"""The office as a browser without scripts uses it: cohorts, message health, the kept mails."""

import os
import re
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import delivering, outcomes, pausing
from clients.models import Cohort, Enrolment, Invitation, JournalEntry, Message
from coaching import firing, looking, reconciling, restoring
from coaching.models import Assignment, Milestone
from config.mail import FileBackend
from curriculum import editions
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import BEFORE, WEEK_1

MONDAY = date(2026, 4, 6)


@pytest.fixture
def ada(cast, now):
    return browser(cast.ada)


def page(client, name, /, *args, **query):
    return client.get(reverse(name, args=args), query)


def post(client, name, /, *args, headers=None, **sent):
    return client.post(reverse(name, args=args), sent, headers=headers or {})


def words(response):
    """What a reader reads."""
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    body = re.sub(r"</?time\b[^>]*>", "", body.partition("<main")[2])
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def new_cohort(**changes):
    form = {"name": "Summer", "edition": editions.newest().pk, "starts_on": MONDAY, "zone": "Europe/Lisbon"}
    return {key: str(value) for key, value in (form | changes).items()}


# --- Who comes in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["mina", "tomas", "lena"])
def test_for_everybody_but_admins_nothing_is_here(cast, now, who):
    client = browser(getattr(cast, who))
    pages = [("cohorts",), ("cohort-new",), ("cohort", "spring"), ("cohort-board", "spring"), ("delivery",), ("mail",)]
    actions = [("cohort-pause", "spring"), ("cohort-invite", "spring"), ("cohort-new",), ("delivery-replay", 1)]

    assert {page(client, *address).status_code for address in pages} == {404}
    assert {post(client, *address).status_code for address in actions} == {404}
    assert not cast.spring.is_paused


def test_a_stranger_is_asked_to_sign_in(cast, now):
    response = page(Client(), "cohorts")

    assert response.headers["Location"] == "/account/login/?next=/manage/cohorts/"


@pytest.mark.parametrize("name", ["cohort", "cohort-board", "cohort-invite", "cohort-pause"])
def test_a_cohort_there_is_not_is_not_found(ada, name):
    assert page(ada, name, "nobody").status_code in (302, 404)
    assert post(ada, name, "nobody").status_code == 404


@pytest.mark.parametrize("name", ["cohort-invite", "cohort-assign", "cohort-pause", "cohort-resume"])
def test_coming_back_to_an_action_from_the_sign_in_page_leads_to_the_cohort(ada, name):
    response = page(ada, name, "spring")

    assert (response.status_code, response.headers["Location"]) == (302, "/manage/cohorts/spring/")


# --- The list -----------------------------------------------------------------------------------------


def test_the_list_says_how_far_and_how_many(ada, cast):
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    pausing.pause(cast.autumn, by=cast.ada, at=WEEK_1)

    told = words(page(ada, "cohorts"))

    assert "2 cohorts, the latest start first." in told
    assert "Spring The eight-week programme, edition 1 Week 1 2 March 2026 Europe/Berlin 2 1 1" in told
    assert "Autumn The eight-week programme, edition 1 Paused 2 March 2026 Europe/Berlin 1 1 0" in told


def test_without_a_cohort_the_page_says_what_one_is(db, now):
    told = words(page(browser(roads.admin("Ada")), "cohorts"))

    assert "No cohort yet A cohort is a group of people who walk the weeks together, from a Monday you choose." in told


def test_an_invitation_that_ended_is_not_open(ada, cast, now):
    roads.invitation(cast.spring, "dora@example.org")
    now.at = BEFORE + timedelta(days=14)

    assert "Europe/Berlin 2 1 0" in words(page(ada, "cohorts"))


@pytest.mark.parametrize("cohorts", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_three(ada, cast, cohorts):
    for number in range(cohorts):
        made = roads.cohort(f"Extra {number}", by=cast.ada)
        roads.invitation(made, "dora@example.org")
        pausing.pause(made, by=cast.ada, at=WEEK_1)
    page(ada, "cohorts")

    with CaptureQueriesContext(connection) as queries:
        page(ada, "cohorts")

    assert len(queries) == 9


# --- A new cohort -------------------------------------------------------------------------------------


def test_opening_a_cohort_sends_nothing_and_leads_to_it(ada, cast):
    before = Message.objects.count()

    response = post(ada, "cohort-new", **new_cohort())

    made = Cohort.objects.get(slug="summer")
    assert (response.status_code, response.headers["Location"]) == (302, "/manage/cohorts/summer/")
    assert (made.starts_on, made.zone, made.edition, made.demo) == (MONDAY, "Europe/Lisbon", editions.newest(), False)
    assert Message.objects.count() == before
    told = page(ada, "cohort", "summer").content.decode()
    assert "Summer is open. Nothing was sent; invite people when you are ready." in told


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"starts_on": date(2026, 4, 7)}, "starts_on", "Week 1 starts on a Monday; this is another day."),
        ({"name": "Spring"}, "name", "There is a cohort of this name already."),
        ({"name": "!!!"}, "name", "Give the cohort a name of its own, with letters in it."),
        ({"name": "New"}, "name", "Choose another name: this one would be the address of this page."),
        ({"starts_on": date(2101, 1, 3)}, "starts_on", "Choose a day between 2000 and 2100."),
        ({"starts_on": date(1, 1, 1)}, "starts_on", "Choose a day between 2000 and 2100."),
    ],
)
def test_what_is_wrong_stands_under_its_field_and_nothing_is_opened(ada, changes, field, sentence):
    response = post(ada, "cohort-new", **new_cohort(**changes))

    assert response.status_code == 422
    assert response.context["form"].errors == {field: [sentence]}
    assert f'id="id_{field}_error"' in response.content.decode()
    assert Cohort.objects.count() == 2


def test_a_zone_or_an_edition_out_of_the_air_is_refused(ada):
    response = post(ada, "cohort-new", **new_cohort(zone="Mars/Olympus", edition=999))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"zone", "edition"}


def test_without_scripts_a_button_shows_the_dates_and_opens_nothing(ada):
    response = post(ada, "cohort-new", **new_cohort(name=""), show="summary")

    told = words(response)
    assert response.status_code == 200
    assert response.context["form"].errors == {}
    assert 'value="2026-04-06"' in response.content.decode()
    assert "Week 1 opens on Monday 6 April 2026 at 08:00, Lisbon time, for everybody at the same" in told
    assert "Los Angeles opens Mon 6 Apr 00:00, due Sun 12 Apr 23:59" in told
    assert "Kolkata opens Mon 6 Apr 12:30, due Sun 12 Apr 23:59" in told
    assert Cohort.objects.count() == 2


def test_a_script_gets_the_sentences_alone(ada):
    response = post(ada, "cohort-new", **new_cohort(), show="summary", headers={"HX-Request": "true"})

    assert response.content.decode().strip().startswith("<p>Week 1 opens on Monday 6 April 2026")
    assert "<html" not in response.content.decode()


def test_the_dates_of_another_day_say_what_is_wrong(ada):
    response = post(ada, "cohort-new", **new_cohort(starts_on=date(2026, 4, 8)), show="summary")

    assert "Week 1 starts on a Monday; this is another day." in words(response)


@pytest.mark.parametrize("starts_on", ["", "next Monday", "0001-01-01", "9999-12-27"])
def test_a_date_that_is_none_breaks_nothing(ada, starts_on):
    response = post(ada, "cohort-new", **new_cohort(starts_on=starts_on), show="summary")

    assert response.status_code == 200


# --- One cohort ---------------------------------------------------------------------------------------


def test_the_people_and_where_they_stand(ada, cast, now):
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    roads.invitation(cast.spring, "late@example.org")
    now.at = BEFORE + timedelta(days=15)

    rows = [(row.name, row.state) for row in page(ada, "cohort", "spring").context["people"]]

    assert rows == [
        ("Mina", "active"), ("Noor", "active"), ("dora@example.org", "invited"), ("late@example.org", "expired"),
    ]  # fmt: skip


def test_each_line_gets_its_verdict(ada, cast):
    lines = (
        "Dora Diaz <dora@example.org>\n\nemil@example.org\nnobody at all\nMina <MINA@example.org>\n"
        "Fox, Emil <emil.fox@example.org>"
    )

    response = post(ada, "cohort-invite", "spring", role="client", lines=lines)

    assert response.status_code == 422
    assert [(v.line, v.done, str(v.sentence)) for v in response.context["verdicts"]] == [
        ("Dora Diaz <dora@example.org>", True, "Invited. The link is on its way to dora@example.org."),
        ("emil@example.org", True, "Invited. The link is on its way to emil@example.org."),
        ("nobody at all", False, "There is no address in this line that a mail could reach."),
        ("Mina <MINA@example.org>", False, "mina@example.org is in this cohort already."),
        ("Fox, Emil <emil.fox@example.org>", True, "Invited. The link is on its way to emil.fox@example.org."),
    ]
    assert response.context["invite_form"]["lines"].value() == "nobody at all\nMina <MINA@example.org>"
    assert list(Invitation.objects.order_by("email").values_list("email", "name", "role", "invited_by")) == [
        ("dora@example.org", "Dora Diaz", "client", "Ada"), ("emil.fox@example.org", "Fox, Emil", "client", "Ada"),
        ("emil@example.org", "", "client", "Ada"),
    ]  # fmt: skip


def test_a_coach_is_invited_as_a_coach(ada, cast):
    response = post(ada, "cohort-invite", "spring", role="coach", lines="Dora <dora@example.org>")

    assert response.status_code == 200
    assert Invitation.objects.get().role == "coach"
    assert [row.name for row in response.context["coaches_asked"]] == ["Dora"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"role": "admin", "lines": "dora@example.org"}, "role"), ({"role": "client", "lines": " \n "}, "lines"),
     ({"role": "client", "lines": "x@example.org\n" * 51}, "lines")],
)  # fmt: skip
def test_an_invitation_that_cannot_be_read_sends_nothing(ada, sent, field):
    response = post(ada, "cohort-invite", "spring", **sent)

    assert response.status_code == 422
    assert set(response.context["invite_form"].errors) == {field}
    assert Invitation.objects.count() == 0


def test_a_line_with_two_addresses_invites_nobody(ada):
    lines = "Eve <eve@example.org>, Mallory <m@example.org>"

    response = post(ada, "cohort-invite", "spring", role="client", lines=lines)

    assert [v.done for v in response.context["verdicts"]] == [False]
    assert Invitation.objects.count() == 0


def test_an_invitation_is_withdrawn(ada, cast):
    invitation = roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)

    response = post(ada, "cohort-revoke", "spring", invitation.pk)

    invitation.refresh_from_db()
    assert response.status_code == 302
    assert invitation.revoked_at == WEEK_1
    assert post(ada, "cohort-revoke", "spring", invitation.pk).status_code == 409


def test_an_invitation_of_another_cohort_is_not_found(ada, cast):
    invitation = roads.invitation(cast.autumn, "dora@example.org", at=WEEK_1)

    assert post(ada, "cohort-revoke", "spring", invitation.pk).status_code == 404


def test_a_coach_with_an_account_is_assigned_and_released(ada, cast):
    response = post(ada, "cohort-assign", "spring", email="INES@example.org")

    made = Assignment.objects.get(cohort=cast.spring, coach=cast.ines)
    assert (response.status_code, made.since) == (302, WEEK_1)

    post(ada, "cohort-release", "spring", made.pk)

    made.refresh_from_db()
    assert made.ended_at == WEEK_1
    assert post(ada, "cohort-release", "spring", made.pk).status_code == 409


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nobody@example.org", "Nobody here has this address. Invite them as a coach instead."),
        ("tomas@example.org", "Tomas coaches this cohort already."),
        ("mina@example.org", "Mina is a client of this cohort, and nobody reviews themselves."),
    ],
)
def test_who_cannot_coach_is_named_under_the_field(ada, email, sentence):
    response = post(ada, "cohort-assign", "spring", email=email)

    assert response.status_code == 422
    assert response.context["assign_form"].errors == {"email": [sentence]}


def test_before_pausing_the_page_says_what_it_changes(ada, cast):
    roads.invitation(cast.spring, "dora@example.org")

    told = words(page(ada, "cohort", "spring"))

    assert (
        "148 messages are planned for this cohort. While it stands still none is sent, people can go on writing and "
        "handing in, and everything to come moves by the days it stands still. Invitations still go out."
    ) in told


def test_a_cohort_is_paused_with_a_reason_and_goes_on(ada, cast, now):
    post(ada, "cohort-pause", "spring", reason="Summer holidays")

    assert cast.spring.pauses.get().reason == "Summer holidays"
    told = words(page(ada, "cohort", "spring"))
    assert "Paused since Wednesday 4 March, 11:00 Berlin time. Nothing is sent while it stands still." in told
    assert "148 messages are planned and move with it." in told

    now.at = WEEK_1 + timedelta(days=7)
    response = post(ada, "cohort-resume", "spring")

    assert response.status_code == 302
    assert cast.spring.pauses.get().ended_at == now.at


def test_pausing_twice_and_going_on_twice_are_refused_with_their_sentence(ada):
    post(ada, "cohort-pause", "spring")

    again = post(ada, "cohort-pause", "spring")

    assert again.status_code == 409
    assert "This cohort is paused already." in again.content.decode()
    post(ada, "cohort-resume", "spring")
    assert "This cohort is not paused." in post(ada, "cohort-resume", "spring").content.decode()


def test_a_reason_too_long_stays_in_the_form(ada, cast):
    response = post(ada, "cohort-pause", "spring", reason="x" * 201)

    assert response.status_code == 422
    assert list(response.context["pause_form"].errors) == ["reason"]
    assert not cast.spring.pauses.exists()


def test_in_a_closed_cohort_the_buttons_say_why_they_rest(ada, cast):
    Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_1)

    response = page(ada, "cohort", "spring")

    body = response.content.decode()
    assert "This cohort is closed; open a new one to invite people." in words(response)
    assert "This cohort is closed." in words(response)
    assert len(re.findall(r"<button[^>]*disabled aria-describedby", body)) == 4


def test_a_client_is_withdrawn_with_the_reason_in_the_journal(ada, cast):
    enrolment = cast.enrolment(cast.mina)

    response = post(ada, "cohort-withdraw", "spring", enrolment.pk, reason="A new job")

    enrolment.refresh_from_db()
    assert response.status_code == 302
    assert (enrolment.state, enrolment.left_at) == (Enrolment.State.WITHDRAWN, WEEK_1)
    assert JournalEntry.objects.get(action="withdrew").note == "A new job"
    assert post(ada, "cohort-withdraw", "spring", enrolment.pk).status_code == 409


def test_what_withdrawing_a_client_does_is_looked_at_first(ada, cast):
    enrolment = cast.enrolment(cast.mina)

    answer = post(ada, "cohort-withdraw", "spring", enrolment.pk, reason="A new job", show="effect")
    looked = words(answer)

    assert "Mina leaves this cohort" in looked
    assert "Week 2 is due Sun 15 Mar 23:59 → not asked for" in looked
    assert re.search(r"\d+ planned messages fall away\.", looked)
    assert 'name="reason" value="A new job"' in answer.content.decode()
    assert cast.enrolment(cast.mina).is_active


@pytest.mark.parametrize("people", [1, 3])
def test_a_cohort_takes_as_many_queries_for_one_person_as_for_three(ada, cast, people):
    for number in range(people):
        roads.invitation(cast.autumn, f"person{number}@example.org")
        roads.client(cast.autumn, roads.person(f"Person {number}".replace(" ", "")))
        roads.coach(cast.autumn, roads.person(f"Coach{number}"))
    page(ada, "cohort", "autumn")

    with CaptureQueriesContext(connection) as queries:
        page(ada, "cohort", "autumn")

    assert len(queries) == 17


def test_the_board_of_an_admin_has_no_levels(ada, cast):
    roads.answered(cast.mina, cast.tomas)

    response = page(ada, "cohort-board", "spring")

    assert response.status_code == 200
    assert "3.0" not in words(response)
    assert "one good customer" not in response.content.decode()


# --- Message health -----------------------------------------------------------------------------------


def test_message_health_without_an_engine_says_what_to_start(ada):
    assert "The engine has not looked yet." in words(page(ada, "delivery"))


@pytest.mark.parametrize(
    ("seconds", "said", "state"),
    [(4, "Last look 4 s ago by celery. All quiet", "done"),
     (100, "Last look 100 s ago by celery. Messages wait", "wait"),
     (7200, "Last look 2 h ago by celery. Messages wait", "wait"), (200000, "Last look 2 d ago by celery.", "wait")],
)  # fmt: skip
def test_the_last_look_turns_amber_after_ninety_seconds(ada, now, seconds, said, state):
    now.at = BEFORE + timedelta(seconds=seconds)
    firing.beat(at=BEFORE, driver="celery")

    response = page(ada, "delivery")

    assert said in words(response)
    assert f'<div class="notice" data-state="{state}"' in response.content.decode()


def test_what_left_is_listed_without_its_words(ada, cast, now):
    roads.answered(cast.mina, cast.tomas)
    now.at = WEEK_1 + timedelta(days=1, hours=6)  # ten in the morning in Chicago
    firing.tick(at=now.at)

    told = words(page(ada, "delivery"))

    assert "today 17:00 Feedback was sent Spring Mina" in told
    assert "one good customer" not in told
    assert "finance can repeat" not in told


def test_a_failed_message_is_replayed(ada, cast, settings):
    settings.EMAIL_BACKEND = "tests.postoffices.Closed"
    roads.invitation(cast.spring, "dora@example.org")
    for hour in range(40):
        delivering.deliver(at=BEFORE + timedelta(hours=hour))
    message = Message.objects.get(kind="invite")
    assert message.state == "dead"
    assert "ConnectionRefusedError: closed" in words(page(ada, "delivery"))

    response = post(ada, "delivery-replay", message.pk)

    message.refresh_from_db()
    assert response.headers["Location"] == "/manage/delivery/"
    assert (message.state, message.attempts, message.available_at) == ("queued", 0, WEEK_1)
    assert post(ada, "delivery-replay", message.pk).status_code == 404


def test_a_failed_message_and_a_moment_that_was_given_up_are_let_go_and_listed_no_more(ada, cast):
    roads.invitation(cast.spring, "dora@example.org")
    message, moment = Message.objects.get(kind="invite"), Milestone.objects.first()
    Message.objects.filter(pk=message.pk).update(state="dead", reason="no such mailbox")
    Milestone.objects.filter(pk=moment.pk).update(state="dead", reason="given up after five tries")
    before = len(page(ada, "delivery").context["health"].failed)

    post(ada, "delivery-drop", message.pk)
    post(ada, "moment-drop", moment.pk)

    message.refresh_from_db()
    moment.refresh_from_db()
    assert (before, page(ada, "delivery").context["health"].failed) == (2, [])
    assert (message.state, message.reason) == ("cancelled", "let go by an admin")
    assert (moment.state, moment.reason) == ("cancelled", "let go by an admin")
    assert {post(ada, "delivery-drop", message.pk).status_code, post(ada, "moment-drop", moment.pk).status_code} == {
        404
    }


def test_a_moment_that_was_given_up_comes_due_again(ada, cast):
    moment = Milestone.objects.first()
    Milestone.objects.filter(pk=moment.pk).update(state="dead", reason="given up after five tries", attempts=5)

    post(ada, "moment-retry", moment.pk)

    moment.refresh_from_db()
    assert (moment.state, moment.attempts) == ("pending", 0)
    assert post(ada, "moment-retry", moment.pk).status_code == 404


def test_message_health_of_one_cohort(ada, cast):
    roads.invitation(cast.autumn, "dora@example.org")

    assert page(ada, "delivery", cohort="spring").context["health"].total.due == 0
    assert page(ada, "delivery", cohort="autumn").context["health"].total.due == 3  # with its two reminders
    assert page(ada, "delivery", cohort="elsewhere").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_message_health_takes_as_many_queries_for_one_as_for_three(ada, cast, rows):
    for number in range(rows):
        roads.invitation(cast.spring, f"person{number}@example.org")
    firing.tick(at=WEEK_1)
    page(ada, "delivery")

    with CaptureQueriesContext(connection) as queries:
        page(ada, "delivery")

    assert len(queries) == 22


def test_a_driver_that_is_deaf_is_named_while_another_does_the_work(ada, now):
    firing.beat(at=WEEK_1 - timedelta(minutes=5), driver="celery")
    firing.beat(at=WEEK_1, driver="loop")

    told = words(page(ada, "delivery"))

    assert "Last look 0 s ago by loop." in told
    assert "All quiet" not in told
    assert "celery looked last 5 min ago and does not look any more." in told


def test_a_clock_that_runs_behind_is_told_and_a_person_says_that_it_is_right(ada, now):
    looking.look(at=WEEK_1 + timedelta(days=300), driver="loop")
    looking.look(at=WEEK_1, driver="loop")
    assert "The database’s clock runs behind" in words(page(ada, "delivery"))

    post(ada, "delivery-clock")

    assert "runs behind" not in words(page(ada, "delivery"))


def test_the_drift_is_a_figure_on_the_page(ada, cast, now):
    assert "0 drift planned moments were not compared with their rules yet" in words(page(ada, "delivery"))
    Milestone.objects.filter(week=3).delete()
    drift = reconciling.reconcile(at=WEEK_1)

    assert drift > 0
    assert f"{drift} drift planned moments that differed" in words(page(ada, "delivery"))


@pytest.mark.parametrize(("name", "state"), [("delivery-release", "queued"), ("delivery-let-go", "cancelled")])
def test_what_a_restore_keeps_back_waits_for_a_decision(ada, cast, now, name, state):
    roads.invitation(cast.spring, "dora@example.org")
    kept = restoring.after_restore(at=WEEK_1, copied_at=BEFORE)
    told = words(page(ada, "delivery"))
    assert "This database was restored from a copy of" in told
    assert (
        f"{kept.messages} messages and {kept.milestones} moments may have reached people already and are kept back."
        in told
    )

    response = post(ada, name)

    assert response.headers["Location"] == "/manage/delivery/"
    assert Message.objects.get(kind="invite").state == state
    assert "This database was restored" not in words(page(ada, "delivery"))
    assert post(ada, name).status_code == 409


def test_what_may_have_arrived_twice_and_what_nobody_knows_of_is_flagged(ada, cast, now, settings):
    roads.invitation(cast.spring, "dora@example.org")
    Message.objects.update(state="unknown", reason=outcomes.NOBODY_KNOWS, maybe_twice=True)

    told = words(page(ada, "delivery"))

    assert "to dora@example.org: nobody knows whether it arrived May have arrived twice" in told
    invite = Message.objects.get(kind="invite")
    post(ada, "delivery-replay", invite.pk)
    invite.refresh_from_db()
    assert (invite.state, invite.maybe_twice) == ("queued", True)


def test_all_mail_of_a_cohort_is_stopped_and_goes_again(ada, cast, now):
    post(ada, "cohort-stop-mail", "spring", reason="A wrong link")
    cast.spring.refresh_from_db()
    assert cast.spring.mail_stopped_at == WEEK_1
    assert "No mail has left for this cohort since" in words(page(ada, "cohort", "spring"))
    assert "Mail to Spring is stopped since" in words(page(ada, "delivery"))

    post(ada, "cohort-release-mail", "spring")

    cast.spring.refresh_from_db()
    assert cast.spring.mail_stopped_at is None
    assert "Stop all mail" in words(page(ada, "cohort", "spring"))


# --- The kept mails -----------------------------------------------------------------------------------


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path / "mail"
    return settings.MAIL_FOLDER


def written(folder, *, subject="Hello", text="Plain words", html="<p>Words</p>", key="one", kind="invite"):
    """The file's name, as the product writes it."""
    headers = {"Message-ID": f"<{key}@x>", "X-Across-Kind": kind}
    mail = EmailMultiAlternatives(subject, text, to=["Linh Đặng <client@example.org>"], headers=headers)
    mail.attach_alternative(html, "text/html")
    before = set(folder.glob("*.eml")) if folder.exists() else set()
    FileBackend().send_messages([mail])
    return next(path.name for path in folder.glob("*.eml") if path not in before)


def test_kept_mails_are_listed_the_newest_first(ada, folder):
    for number, subject in enumerate(("First", "Second", "Third")):
        name = written(folder, subject=subject, key=subject)
        os.utime(folder / name, (1000 + number, 1000 + number))

    listed = [mail.subject for mail in page(ada, "mail").context["mails"]]

    assert listed == ["Third", "Second", "First"]


def test_a_mail_shows_its_text_and_only_the_source_of_its_html(ada, folder):
    html = "<script>alert(1)</script><p>Đặng</p>"
    name = written(folder, text="Read http://across.test/week/1/ <b>now</b>", html=html)

    response = page(ada, "mail-one", name)

    body = response.content.decode()
    assert "Linh Đặng &lt;client@example.org&gt;" in body
    assert '<a href="http://across.test/week/1/" rel="nofollow">' in body
    assert "&lt;b&gt;now&lt;/b&gt;" in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;Đặng&lt;/p&gt;" in body
    assert "<script>alert" not in body


def test_a_mail_about_feedback_is_not_for_an_admin_to_read(ada, folder):
    name = written(folder, subject="Dana has read it", text="Keep this", html="<p>Keep it</p>", kind="feedback")

    response = page(ada, "mail-one", name)

    assert "only the person it went to reads it" in words(response)
    assert "Keep" not in words(response)


@pytest.mark.parametrize(
    "name",
    ["secrets.env", "..%2Fsecrets.env", "..", "a" * 32, "a" * 32 + ".eml", "A" * 32 + ".eml", "a" * 32 + ".eml%0A",
     "a" * 32 + ".eml%00", "a" * 33 + ".eml"],
)  # fmt: skip
def test_no_other_file_is_ever_read(ada, folder, name):
    folder.mkdir(parents=True)
    (folder.parent / "secrets.env").write_text("SECRET_KEY=not for the page")

    response = ada.get(f"/manage/mail/{name}/")

    assert response.status_code == 404


def test_what_is_no_mail_is_left_out_of_the_list(ada, folder):
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("x")
    (folder / ("b" * 32 + ".part")).write_text("x")
    broken = EmailMessage()
    broken["Subject"] = "No body"
    (folder / ("c" * 32 + ".eml")).write_bytes(broken.as_bytes())

    assert [mail.subject for mail in page(ada, "mail").context["mails"]] == ["No body"]
    assert page(ada, "mail-one", "c" * 32 + ".eml").status_code == 200


def test_an_empty_folder_says_what_will_be_here(ada, folder):
    assert "No mail yet." in words(page(ada, "mail"))


@pytest.mark.parametrize(
    ("demo", "debug", "url", "status"),
    [(True, False, "", 200), (False, True, "", 200), (False, False, "", 404), (True, True, "smtp://mail.test", 404)],
)
def test_mails_are_shown_only_where_nothing_is_real(ada, folder, settings, demo, debug, url, status):
    settings.DEMO, settings.DEBUG, settings.EMAIL_URL = demo, debug, url
    name = written(folder)

    assert page(ada, "mail").status_code == status
    assert page(ada, "mail-one", name).status_code == status
    assert ("Read the mails" in words(page(ada, "delivery"))) == (status == 200)
