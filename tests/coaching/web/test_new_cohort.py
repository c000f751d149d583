"""A new cohort on one page: its plan in sentences before it is opened, and nothing sent until somebody says so."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import invitations, inviting, joining, tables
from clients.models import Cohort, Invitation, JournalEntry, Message
from coaching import convening, outlook
from coaching.models import Assignment, LiveSession
from curriculum import editions, public_holidays
from tests import roads
from tests.coaching.web.test_office_pages import page, post, words
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1

MONDAY = date(2026, 4, 13)


@pytest.fixture
def ada(cast, now):
    return browser(cast.ada)


def plan(**changes):
    form = {"name": "Summer", "edition": editions.newest().pk, "starts_on": "2026-04-13", "zone": "Europe/Berlin"}
    return form | changes


def summary(client, **changes):
    return words(post(client, "cohort-new", **plan(**changes), show="summary"))


def test_opening_takes_weeks_off_coaches_sessions_and_people_and_sends_nothing(ada, cast):
    before = Message.objects.count()

    response = post(
        ada, "cohort-new",
        **plan(session_day="3", session_time="18:00", breaks=["2026-05-11"], coaches=[cast.tomas.pk, cast.ines.pk],
               people="Dora Diaz,dora@example.org,Asia/Manila\n,emil@example.org", country="DE"),
    )  # fmt: skip

    made = Cohort.objects.get(slug="summer")
    assert response.headers["Location"] == "/manage/cohorts/summer/"
    assert [one.first_day for one in made.breaks.all()] == [date(2026, 5, 11)]
    assert {one.coach for one in Assignment.objects.filter(cohort=made)} == {cast.tomas, cast.ines}
    assert LiveSession.objects.filter(cohort=made).earliest("starts_at").time == time(18)
    assert list(made.invitations.order_by("email").values_list("email", "name", "zone", "is_waiting")) == [
        ("dora@example.org", "Dora Diaz", "Asia/Manila", True), ("emil@example.org", "", "", True),
    ]  # fmt: skip
    assert Message.objects.count() == before


def test_opening_the_invitations_sends_each_of_them_once_with_all_its_days(ada, cast, now):
    waits = roads.put_down(cast.spring, cast.ada)
    now.at = later = WEEK_1 + timedelta(days=20)
    told = words(page(ada, "cohort", "spring"))

    response = post(ada, "cohort-open-invitations", "spring")

    waits.refresh_from_db()
    assert "1 person is put down and has not heard of it yet. Open invitations" in told
    assert response.headers["Location"] == "/manage/cohorts/spring/"
    assert (waits.is_waiting, waits.invited_at, waits.expires_at) == (False, later, later + timedelta(days=14))
    assert invitations.find(invitations.token_of(waits)) == waits
    kinds = Message.objects.filter(address="dora@example.org").order_by("available_at").values_list("kind", flat=True)
    assert list(kinds) == ["invite", "invite.remind", "invite.remind"]
    actions = JournalEntry.objects.filter(subject=f"invitation:{waits.pk}").order_by("pk")
    assert [one.action for one in actions] == ["put down", "invited"]
    assert post(ada, "cohort-open-invitations", "spring").status_code == 409


def test_an_invitation_that_waits_opens_nothing_and_is_no_open_one(ada, cast):
    waits = roads.put_down(cast.spring, cast.ada, "lena@example.org")

    with pytest.raises(joining.CannotJoin):
        joining.accept(waits, person=cast.lena, at=WEEK_1)

    assert "Europe/Berlin 2 1 0" in words(page(ada, "cohorts"))
    assert "Lena" not in [row.name for row in page(ada, "people").context["page"].rows]
    assert [row.state for row in page(ada, "people", words="lena").context["page"].rows] == ["waiting"]


def test_an_invitation_that_waits_is_withdrawn_or_sent_by_itself(ada, cast):
    first, second = roads.put_down(cast.spring, cast.ada), roads.put_down(cast.spring, cast.ada, "emil@example.org")

    post(ada, "cohort-revoke", "spring", first.pk)
    post(ada, "cohort-send-again", "spring", second.pk)

    open_ones = Invitation.objects.filter(revoked_at=None)
    assert list(open_ones.values_list("email", "is_waiting")) == [("emil@example.org", False)]


def test_a_table_brought_later_knows_who_is_put_down(cast):
    roads.put_down(cast.spring, cast.ada)
    table = tables.read("email,cohort\ndora@example.org,Spring")

    told = {"cohorts": Cohort.objects.all(), "default": None, "by": cast.ada, "at": WEEK_1}
    [row] = inviting.invite_listed(table, tables.guessed(table), **told).rows

    assert (row.kind, row.sentence) == (
        "known", "Put down already; the letter goes when the invitations are opened.",
    )  # fmt: skip


# --- The sentences ------------------------------------------------------------------------------------


def test_every_week_stands_there_on_three_clocks_those_of_its_people_first(ada, cast):
    told = summary(ada, people="Dora,dora@example.org,Asia/Manila")

    assert "Week 1 opens on Monday 13 April 2026 at 08:00, Berlin time, for everybody at the same moment." in told
    assert "The last week is due on Sunday 14 June 2026." in told
    assert (
        "Week 1 Berlin opens Mon 13 Apr 08:00, due Sun 19 Apr 23:59 Manila opens Mon 13 Apr 14:00, due Sun 19 Apr 23:59 "
        "Los Angeles opens Sun 12 Apr 23:00, due Sun 19 Apr 23:59"
    ) in told
    assert told.count("due Sun") == 30


def test_a_week_off_moves_the_later_ones(ada):
    assert "The last week is due on Sunday 21 June 2026." in summary(ada, breaks=["2026-05-11"])


def test_clocks_that_change_meanwhile_are_told(ada):
    told = summary(ada, starts_on="2026-03-16")

    assert "In Berlin the clocks go forward by 60 minutes on Sunday 29 March." in told
    assert "In Kolkata the clocks" not in told


def test_clocks_that_go_back_are_told(ada):
    assert "In Berlin the clocks go back on Sunday 25 October." in summary(ada, starts_on="2026-10-05")


def test_a_session_in_somebodys_night_is_warned_of_and_does_not_block(ada, cast):
    wanted = {"session_day": "3", "session_time": "20:00", "people": "Dora,dora@example.org,Asia/Manila"}

    told = summary(ada, **wanted)

    assert (
        "The live sessions are at 02:00 in Manila. 1 person lives there. You can open the cohort all the same." in told
    )
    assert "in Berlin. " not in told
    assert post(ada, "cohort-new", **plan(**wanted)).status_code == 302


def test_public_holidays_are_suggested_beside_their_weeks(ada):
    told = summary(ada, country="DE")

    assert "from 27 April Friday 1 May: Labor Day" in told
    assert "May: Labor Day" not in summary(ada, country="")


def test_a_coach_with_many_clients_is_warned_of_and_does_not_block(ada, cast, settings):
    settings.CLIENTS_A_COACH = 3
    wanted = {"coaches": [cast.tomas.pk], "people": "dora@example.org\nemil@example.org"}

    told = summary(ada, **wanted)

    assert "Tomas has 2 clients in 1 cohort, and 4 with this one. " in told
    assert "More than 3 is a lot; you can open the cohort all the same." in told
    assert post(ada, "cohort-new", **plan(**wanted)).status_code == 302


def test_two_coaches_share_their_clients(cast):
    roads.coach(cast.spring, cast.ines)

    assert [(load.clients, load.cohorts, load.would_be) for load in outlook.loads([cast.tomas, cast.ines], more=5)] == [
        (1, 1, 4), (2, 2, 5),
    ]  # fmt: skip


def test_lines_to_mend_stand_in_the_sentences_and_keep_it_from_opening_and_nothing_typed_is_lost(ada):
    people = "Dora,dora@example.org\nEmil,emil@"

    told = summary(ada, people=people)
    response = post(ada, "cohort-new", **plan(people=people))

    assert "1 person is put down. Line 2: “emil@” is no address a mail could reach. Correct it." in told
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "people": ["Line 2: “emil@” is no address a mail could reach. Correct it."]
    }
    assert response.context["form"]["people"].value() == people
    assert not Cohort.objects.filter(slug="summer").exists()


def test_what_cannot_be_off_stands_beside_the_weeks_and_nothing_is_opened(ada):
    response = post(ada, "cohort-new", **plan(breaks=["2027-05-10"]))

    assert response.status_code == 422
    assert response.context["form"].errors == {"breaks": ["The programme is over by then."]}
    assert "The programme is over by then." in words(response)
    assert not Cohort.objects.filter(slug="summer").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"breaks": ["soon"]}, {"people": '"'}, {"coaches": ["9999"]}, {"coaches": ["x"]}, {"country": "XX"},
     {"session_time": "noon"}, {"people": "\x00"}],
)  # fmt: skip
def test_whatever_is_typed_breaks_nothing(ada, wrong):
    assert post(ada, "cohort-new", **plan(**wrong), show="summary").status_code == 200
    assert post(ada, "cohort-new", **plan(**wrong)).status_code in (302, 422)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_sentences_take_as_many_queries_for_one_as_for_fifty(ada, cast, count):
    lines = "\n".join(f"Person {n},person{n}@example.org,Asia/Manila" for n in range(count))
    for number in range(count):
        roads.coach(cast.autumn, roads.person(f"Coach {number}".replace(" ", "")))
    coaches = [one.pk for one in outlook.coaches()]
    summary(ada, people=lines, coaches=coaches)

    with CaptureQueriesContext(connection) as queries:
        summary(ada, people=lines, coaches=coaches)

    assert len(queries) == 20


def test_where_a_program_opens_a_cohort_it_says_the_same(cast):
    client = browser(cast.ada)
    assert client.get(reverse("cohort-new")).status_code == 200
    made = convening.open_cohort(
        name="Summer", edition=editions.newest(), starts_on=MONDAY, zone="UTC", people=tables.read("dora@example.org"),
        by=cast.ada, at=WEEK_1,
    )  # fmt: skip

    assert [one.email for one in invitations.waiting(made)] == ["dora@example.org"]


# --- Public holidays ----------------------------------------------------------------------------------


def test_holidays_of_working_days_are_named_with_their_monday():
    found = public_holidays.between("DE", date(2026, 4, 1), date(2026, 5, 3))

    assert [(one.day.day, one.name, one.monday.isoformat()) for one in found] == [
        (3, "Good Friday", "2026-03-30"), (6, "Easter Monday", "2026-04-06"), (1, "Labor Day", "2026-04-27"),
    ]  # fmt: skip
    assert public_holidays.between("DE", date(2026, 12, 28), date(2027, 1, 3))[0].name == "New Year's Day"


def test_a_country_nobody_keeps_a_calendar_of_has_none():
    assert public_holidays.between("XX", date(2026, 1, 1), date(2026, 12, 31)) == []


@pytest.mark.parametrize(("zone", "country"), [("Asia/Manila", "PH"), ("Europe/Lisbon", "PT"), ("UTC", "")])
def test_a_zone_suggests_its_country(zone, country):
    assert public_holidays.country_of(zone) == country
