"""Live sessions on the pages: the coach's list, the client's week and calendar, the office's rule."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from clients import joining, pausing
from clients.models import Cohort, JournalEntry
from coaching import attending, convening
from coaching.models import LiveSession, SessionRule
from tests import roads, sittings
from tests.coaching.web.visiting import browser
from tests.roads import BEFORE, WEEK_1
from tests.sittings import FIRST, KICK_OFF, ROOM

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def tomas(cast, now):
    return browser(cast.tomas)


@pytest.fixture
def mina(cast, now):
    return browser(cast.mina)


def words(response):
    text = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def list_of(client, slug="spring"):
    return client.get(reverse("sessions", args=[slug]))


# --- The coach's list -----------------------------------------------------------------------------


def test_a_coach_of_one_cohort_comes_to_its_sessions_at_once(tomas):
    assert tomas.get(reverse("sessions-everywhere")).headers["Location"] == reverse("sessions", args=["spring"])


def test_a_coach_of_two_chooses(cast, tomas):
    roads.coach(cast.autumn, cast.tomas)

    page = tomas.get(reverse("sessions-everywhere")).content.decode()

    assert [page.count(reverse("sessions", args=[slug])) for slug in ("spring", "autumn")] == [1, 1]


def test_before_a_rule_is_made_the_page_says_who_makes_it(cast, tomas):
    told = words(list_of(tomas))

    assert "No session is planned" in told
    assert "An admin sets the weekday and the time" in told
    assert "Plan the sessions" in words(list_of(browser(cast.ada)))


def test_the_main_thing_is_the_room_of_the_next_one_and_after_its_time_the_mark(cast, tomas, now):
    sittings.held(cast)

    before = list_of(tomas).content.decode()
    now.at = FIRST
    after = list_of(tomas).content.decode()

    assert re.findall(r'class="btn primary"[^>]*>', before) == [f'class="btn primary" href="{ROOM}" rel="noreferrer">']
    assert re.findall(r'class="btn primary"[^>]*>', after) == ['class="btn primary">']
    assert "Was it held? Live session 1" in words(list_of(tomas))


def test_times_are_the_readers_own_with_the_cohorts_beside_them(cast, now):
    vera = roads.person("Vera", "Asia/Kolkata")
    roads.coach(cast.spring, vera)
    sittings.arranged(cast)

    told = words(list_of(browser(vera)))

    assert "Thursday 5 March, 21:30–22:30 (Thursday 17:00 Berlin time)" in told
    assert "Mina Thursday 10:00 Chicago time (UTC−6)" in told


def test_who_cannot_come_stands_beside_the_session(cast, tomas):
    convening.decline(sittings.session(cast), by=cast.mina, at=BEFORE)

    assert "Cannot come: Mina" in words(list_of(tomas))


def test_a_session_is_moved_cancelled_and_held_without_scripts(cast, tomas, now):
    session = sittings.session(cast)
    sent = {"wall": "2026-03-06T11:00", "minutes": 45, "link": "", "version": 1}

    moved = tomas.post(reverse("session-move", args=["spring", session.pk]), sent, follow=True)
    cancelled = tomas.post(reverse("session-cancel", args=["spring", session.pk]), {"reason": "Ill"}, follow=True)
    kick_off = sittings.session(cast, 0)
    held = tomas.post(reverse("session-hold", args=["spring", kick_off.pk]), follow=True)

    session.refresh_from_db()
    assert (session.starts_at, session.minutes, session.link) == (datetime(2026, 3, 6, 10, tzinfo=UTC), 45, "")
    assert "has its new time" in words(moved)
    assert "Cancelled: Ill" in words(cancelled)
    assert "“Kick-off” is marked as held." in words(held)


def test_what_moving_or_cancelling_does_is_looked_at_first_and_its_button_does_it(cast, tomas):
    session = sittings.session(cast)
    sent = {"wall": "2026-03-06T11:00", "minutes": "45", "link": "", "version": "1"}
    move, cancel = (reverse(f"session-{verb}", args=["spring", session.pk]) for verb in ("move", "cancel"))

    looked = tomas.post(move, sent | {"show": "effect"})
    off = words(tomas.post(cancel, {"reason": "Ill", "show": "effect"}))
    untouched = LiveSession.objects.get(pk=session.pk)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode()))
    tomas.post(move, {name: hidden[name] for name in sent})

    assert f"Week 1: {session.title} Thu 5 Mar 17:00 → Fri 6 Mar 11:00" in words(looked)
    assert "2 people hear of it by a message" in words(looked)
    assert "Thu 5 Mar 17:00 → falls away" in off
    assert (untouched.starts_at, untouched.state, untouched.version) == (session.starts_at, "planned", 1)
    assert LiveSession.objects.get(pk=session.pk).starts_at == datetime(2026, 3, 6, 10, tzinfo=UTC)


def test_what_is_refused_is_refused_when_it_is_looked_at_as_well(cast, tomas):
    session = sittings.session(cast)
    sent = {"wall": "2026-03-03T11:00", "minutes": 45, "link": "", "version": 1, "show": "effect"}

    moved = tomas.post(reverse("session-move", args=["spring", session.pk]), sent)
    cancelled = tomas.post(reverse("session-cancel", args=["spring", session.pk]), {"reason": "", "show": "effect"})

    assert "Choose a time to come, within a year from now." in words(moved)
    assert "Say why in a few words; everybody reads them." in words(cancelled)
    assert (moved.status_code, cancelled.status_code) == (422, 422)


def test_a_session_marked_by_mistake_waits_for_its_mark_again(cast, tomas, now):
    kick_off = sittings.held(cast)
    assert reverse("session-unmark", args=["spring", kick_off.pk]) in list_of(tomas).content.decode()

    after = tomas.post(reverse("session-unmark", args=["spring", kick_off.pk]), follow=True)

    kick_off.refresh_from_db()
    assert (kick_off.state, kick_off.settled_at) == ("planned", None)
    assert "“Kick-off” is not marked as held any more." in words(after)
    assert "Was it held?" in words(after)
    assert JournalEntry.objects.filter(action="unmarked session").count() == 1


def test_what_cannot_be_stands_beside_its_field_and_what_was_typed_stays(cast, tomas):
    session = sittings.session(cast)
    sent = {"wall": "2026-03-03T11:00", "minutes": 45, "link": "", "version": 1}

    response = tomas.post(reverse("session-move", args=["spring", session.pk]), sent)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose a time to come, within a year from now." in words(response)
    assert 'value="2026-03-03T11:00"' in page
    assert page.count('<details class="aside" open>') == 1


@pytest.mark.parametrize("wall", ["", "soon", "2026-03-06T11:00+01:00", "2026-02-30T11:00"])
def test_what_is_no_time_is_said_to_be_none(cast, tomas, wall):
    session = sittings.session(cast)
    sent = {"wall": wall, "minutes": 45, "link": "", "version": 1}

    assert tomas.post(reverse("session-move", args=["spring", session.pk]), sent).status_code == 422
    assert LiveSession.objects.get(pk=session.pk).version == 1


def test_a_session_of_another_cohort_is_not_there(cast, tomas):
    sittings.arranged(cast, cast.autumn)
    other = LiveSession.objects.filter(cohort=cast.autumn).first()

    for slug in ("spring", "autumn"):
        assert tomas.post(reverse("session-hold", args=[slug, other.pk])).status_code == 404


def test_an_admin_leads_the_sessions_of_every_cohort(cast, now):
    session = sittings.session(cast, 0)

    answer = browser(cast.ada).post(reverse("session-hold", args=["spring", session.pk]))

    assert answer.status_code == 302
    assert sittings.session(cast, 0).state == "held"


@pytest.mark.parametrize("absent", [1, 3])
def test_the_list_costs_the_same_however_many_cannot_come(cast, tomas, absent, django_assert_num_queries):
    session = sittings.session(cast)
    for number in range(absent):
        someone = roads.person(f"Client{number}")
        roads.client(cast.spring, someone)
        convening.decline(session, by=someone, at=BEFORE)
    list_of(tomas)

    with django_assert_num_queries(16):
        list_of(tomas)


# --- Leading one ----------------------------------------------------------------------------------


def the_session(client, week=0, slug="spring"):
    return client.get(reverse("session", args=[slug, LiveSession.objects.get(cohort__slug=slug, week=week).pk]))


def test_the_session_shows_its_plan_beside_the_clock_and_asks_again_only_while_it_is_going_on(cast, tomas, now):
    sittings.arranged(cast)
    told = {}
    for minute in (-5, 12, 64, 200):
        now.at = KICK_OFF + minute * MINUTE
        told[minute] = the_session(tomas)

    assert "18 minutes left by the plan" in words(told[12])
    assert "The plan is over." in words(told[64])
    assert [minute for minute in told if 'hx-trigger="every 20s"' in told[minute].content.decode()] == [12, 64]
    assert 'aria-current="step"' in told[12].content.decode()
    assert "This session has not begun yet. Mark who is there once it has." in words(told[-5])


def test_a_part_begins_and_attendance_is_taken_without_scripts(cast, tomas, now):
    session, now.at = sittings.session(cast, 0), KICK_OFF + 14 * MINUTE
    mina, at = cast.enrolment(cast.mina).pk, {"args": ["spring", session.pk]}

    begun = tomas.post(reverse("session-begin", **at), {"part": "1"}, follow=True)
    late = tomas.post(reverse("session-attendance", **at), {"mark": f"{mina}:late"}, follow=True)
    rest = tomas.post(reverse("session-attendance", **at), {"mark": "rest:here"}, follow=True)
    away = tomas.post(reverse("session-attendance", **at), {"mark": f"{mina}:"}, follow=True)

    assert "20 minutes left 4 minutes behind the plan" in words(begun)
    assert "1 of 2 marked, 1 came." in words(late)
    assert f'value="{mina}:" aria-pressed="true"' in late.content.decode()
    assert "2 of 2 marked, 2 came." in words(rest)
    assert "1 of 2 marked, 1 came." in words(away)


def test_single_keys_are_about_the_first_who_is_not_marked_and_about_nobody_afterwards(cast, tomas, now):
    session, now.at = sittings.session(cast, 0), KICK_OFF + MINUTE
    keys = lambda: re.findall(r'id="mark-(\d+-\w+)"[^>]*data-key="(\w)"', the_session(tomas).content.decode())  # noqa: E731
    mina, noor = (cast.enrolment(who).pk for who in (cast.mina, cast.noor))

    first = keys()
    attending.take(session, {mina: "here"}, by=cast.tomas, at=now.at)
    second = keys()
    attending.take(session, {noor: "here"}, by=cast.tomas, at=now.at)

    marks = [("here", "h"), ("late", "l"), ("absent", "a"), ("excused", "e")]
    assert first == [(f"{mina}-{mark}", key) for mark, key in marks]
    assert second == [(f"{noor}-{mark}", key) for mark, key in marks]
    assert keys() == []


def test_what_cannot_be_done_stands_where_it_was_asked_for(cast, tomas, now):
    session, now.at = sittings.session(cast, 0), KICK_OFF + MINUTE
    mina = cast.enrolment(cast.mina).pk

    answer = tomas.post(reverse("session-attendance", args=["spring", session.pk]), {"mark": f"{mina}:asleep"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Choose here, late, absent or excused." in page[page.index('id="attendance"') :]


@pytest.mark.parametrize("mark", ["", "here", "-1:here", "99999999:here", "x:late", "999999999999999:here"])
def test_a_mark_of_nobody_is_not_there(cast, tomas, now, mark):
    session = sittings.session(cast, 0)

    assert tomas.post(reverse("session-attendance", args=["spring", session.pk]), {"mark": mark}).status_code == 404


@pytest.mark.parametrize("clients", [1, 3, 50])
def test_a_session_costs_the_same_however_many_are_in_it(cast, tomas, now, clients, django_assert_num_queries):
    session, now.at = sittings.session(cast, 0), KICK_OFF + MINUTE
    for number in range(clients):
        roads.client(cast.spring, roads.person(f"Client{number}"))
    attending.rest(session, by=cast.tomas, at=now.at)
    the_session(tomas)

    with django_assert_num_queries(13):
        the_session(tomas)


# --- The client -----------------------------------------------------------------------------------


def test_the_week_shows_its_session_by_both_clocks_with_the_way_in(cast, mina):
    sittings.arranged(cast)

    page = mina.get(reverse("this-week"))

    assert "Thursday 5 March, 10:00 to 11:00 your time (Thursday 17:00 Berlin time)" in words(page)
    assert f'href="{ROOM}"' in page.content.decode()


def test_without_a_date_the_week_says_who_tells_it(mina):
    assert "Tomas tells you when." in words(mina.get(reverse("this-week")))


def test_a_client_says_that_they_cannot_come_and_that_they_can(cast, mina):
    session = sittings.session(cast)

    said = mina.post(reverse("session-decline", args=[session.pk]), follow=True)
    taken_back = mina.post(reverse("session-come", args=[session.pk]), follow=True)

    assert "You said that you cannot come." in words(said)
    assert "I cannot come" in words(taken_back)
    assert "You said that you cannot come." not in words(taken_back)


def test_a_cancelled_session_says_why_and_asks_nothing(cast, mina):
    sittings.cancelled(cast)

    page = mina.get(reverse("this-week"))

    assert "Cancelled: The coach is ill" in words(page)
    assert "I cannot come" not in words(page)


def test_the_calendar_has_the_sessions_in_it(cast, mina):
    sittings.cancelled(cast)

    told = words(mina.get(reverse("calendar")))

    assert "Live session 1: Four answers, said aloud" in told
    assert "60 minutes · cancelled: The coach is ill" in told
    assert "tells you when the live sessions are" not in told


def test_whoever_has_left_sees_no_room_and_is_asked_nothing(cast, mina):
    sittings.arranged(cast)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=BEFORE)

    page = mina.get(reverse("this-week")).content.decode()

    assert ROOM not in page
    assert "I cannot come" not in page


# --- The office -----------------------------------------------------------------------------------


def test_an_admin_says_when_the_sessions_are(cast, now):
    ada = browser(cast.ada)
    sent = {"weekday": 2, "time": "16:30", "minutes": 75, "link": ROOM}

    answer = ada.post(reverse("cohort-arrange", args=["spring"]), sent, follow=True)

    rule = SessionRule.objects.get(cohort=cast.spring)
    assert (rule.weekday, f"{rule.time:%H:%M}", rule.minutes, rule.link) == (2, "16:30", 75, ROOM)
    assert answer.redirect_chain == [(reverse("sessions", args=["spring"]), 302)]
    page = ada.get(reverse("cohort", args=["spring"])).content.decode()
    assert re.search(r'<option value="2" selected>Wednesday</option>', page)


def test_what_a_new_rule_does_is_looked_at_first(cast, now):
    sittings.arranged(cast)
    ada, sent = browser(cast.ada), {"weekday": "4", "time": "17:00", "minutes": "60", "link": ROOM}
    page = reverse("cohort-arrange", args=["spring"])

    looked = ada.post(page, sent | {"show": "effect"})
    before = SessionRule.objects.get(cohort=cast.spring).weekday
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode()))
    ada.post(page, {name: hidden[name] for name in sent})

    assert "Thu 12 Mar 17:00 → Fri 13 Mar 17:00" in words(looked)
    assert "3 people hear of it by a message" in words(looked)
    assert (before, SessionRule.objects.get(cohort=cast.spring).weekday) == (3, 4)


def test_a_cohort_is_opened_with_the_day_and_the_time_of_its_sessions_or_without(cast, now):
    ada, plan = (
        browser(cast.ada),
        {"edition": cast.spring.edition_id, "starts_on": "2026-06-01", "zone": "Europe/Madrid"},
    )

    ada.post(reverse("cohort-new"), plan | {"name": "Summer", "session_day": "3", "session_time": "17:00"})
    ada.post(reverse("cohort-new"), plan | {"name": "Later", "session_day": "", "session_time": ""})
    half = ada.post(reverse("cohort-new"), plan | {"name": "Half", "session_day": "3", "session_time": ""})

    planned = LiveSession.objects.filter(cohort__name="Summer")
    assert planned.count() == 9
    assert planned.get(week=1).starts_at == datetime(2026, 6, 4, 15, tzinfo=UTC)
    assert Cohort.objects.filter(name__in=["Later", "Half"]).values_list("name", "session_rule").get() == (
        "Later",
        None,
    )
    assert half.status_code == 422
    assert "Choose a day and a time, or neither of them." in words(half)


@pytest.mark.parametrize("wrong", [{"minutes": 500}, {"link": "room"}, {"time": ""}, {"weekday": 9}])
def test_a_rule_that_cannot_be_is_shown_again(cast, now, wrong):
    sent = {"weekday": 2, "time": "16:30", "minutes": 75, "link": ROOM} | wrong

    answer = browser(cast.ada).post(reverse("cohort-arrange", args=["spring"]), sent)

    assert answer.status_code == 422
    assert SessionRule.objects.count() == 0


def test_while_the_cohort_stands_still_the_list_says_so(cast, tomas):
    sittings.held(cast, at=KICK_OFF + HOUR)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    assert "The cohort stands still." in words(list_of(tomas))
