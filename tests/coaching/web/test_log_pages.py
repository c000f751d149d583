"""The meeting log as a browser without scripts uses it, and what scripts are told."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import joining
from clients.models import Cohort, Meeting
from tests import roads
from tests.roads import BEFORE, ENTRY, WEEK_1

FORM = ENTRY | {"stake": "yes", "error_heard": "no", "client_key": "one entry"}
SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}
DAY = timedelta(days=1)


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def initial(response):
    return {name: response.context["form"][name].value() for name in ("title", "kind", "attendees", "minutes", "date")}


# --- One more -----------------------------------------------------------------------------------------


def test_the_first_entry_begins_with_today_and_half_an_hour(mina):
    assert initial(page(mina, "log-new")) == {
        "title": "", "kind": "", "attendees": "", "minutes": 30, "date": "2026-03-04",
    }  # fmt: skip


def test_the_next_entry_remembers_the_last_meeting_that_was_logged(cast, mina):
    roads.logged(cast.mina, title="Old forum", date="2026-03-03")
    roads.logged(cast.mina, title="Release review", date="2026-03-02", at=WEEK_1 + DAY)

    assert initial(page(mina, "log-new")) == {
        "title": "Release review", "kind": "review", "attendees": 9, "minutes": 45, "date": "2026-03-04",
    }  # fmt: skip


def test_other_meetings_are_one_tap_away(cast, mina):
    for number, title in enumerate(["A forum", "B forum", "C forum", "B forum", "D forum", "E forum"]):
        roads.logged(cast.mina, title=title, at=WEEK_1 + number * DAY)

    response = page(mina, "log-new")

    assert [row.title for row in response.context["recent"]] == ["D forum", "B forum", "C forum"]
    wanted = response.context["recent"][1]
    assert initial(page(mina, "log-new", like=wanted.pk))["title"] == "B forum"


def test_somebody_elses_meeting_is_nothing_to_begin_like(cast, mina):
    theirs = roads.logged(cast.noor)

    assert initial(page(mina, "log-new", like=theirs.pk))["title"] == ""


@pytest.mark.parametrize(
    ("week", "day"), [("0", "2026-02-27"), ("1", "2026-03-04"), ("x", "2026-03-04"), ("12", "2026-03-04")]
)
def test_for_a_week_that_is_over_the_day_is_its_friday(mina, week, day):
    assert initial(page(mina, "log-new", week=week))["date"] == day


def test_how_often_one_spoke_can_come_from_the_week(mina):
    assert page(mina, "log-new", times="2").context["form"]["times_spoke"].value() == "2"


def test_the_button_says_who_can_read_it(cast, mina):
    alone = words(page(mina, "log-new"))
    roads.coach(cast.spring, cast.ines)

    assert "Save: you and Tomas can read this" in alone
    assert "Save: you and your coach can read this" in words(page(mina, "log-new"))


def test_an_entry_is_kept_and_the_log_says_so(mina):
    response = mina.post(reverse("log-new"), FORM, follow=True)

    assert response.redirect_chain == [("/log/", 302)]
    assert "Logged: Release review." in words(response)
    assert Meeting.objects.get().client_key == "one entry"


def test_the_same_form_sent_twice_is_one_entry(mina):
    for _click in range(2):
        mina.post(reverse("log-new"), FORM)

    assert Meeting.objects.count() == 1


def test_a_form_without_a_key_is_an_entry_all_the_same(mina):
    for _meeting in range(2):
        mina.post(reverse("log-new"), FORM | {"client_key": ""})

    assert Meeting.objects.count() == 2


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(mina):
    response = mina.post(reverse("log-new"), FORM | {"stake": "", "outcome": "Went well"})

    assert response.status_code == 422
    assert "2 things to change" in words(response)
    assert "Did you have a stake in the outcome? : Choose one." in words(response)
    assert response.context["form"]["title"].value() == "Release review"
    assert response.context["client_key"] == "one entry"


def test_an_answer_to_a_question_that_is_not_asked_is_not_kept(mina):
    """The sheet hides it, so whoever said yes first and no then does not have to find it."""
    mina.post(reverse("log-new"), FORM | {"error_response": "let_stand", "said_it": "yes"})

    meeting = Meeting.objects.get()
    assert (meeting.error_response, meeting.said_it) == ("", "nothing_prepared")


def test_a_script_hears_where_to_go_on(mina):
    response = mina.post(reverse("log-new"), FORM, headers=SCRIPT)

    assert json.loads(response.content) == {
        "id": Meeting.objects.get().pk, "title": "Release review", "address": "/log/",
    }  # fmt: skip


def test_a_script_hears_what_to_mend(mina):
    response = mina.post(reverse("log-new"), FORM | {"title": ""}, headers=SCRIPT)

    assert (response.status_code, json.loads(response.content)) == (
        422,
        {
            "code": "log.incomplete",
            "detail": "Some fields need a look before this can be logged.",
            "errors": {"title": ["This is still empty."]},
        },
    )


def test_an_entry_for_a_piece_of_homework_goes_back_to_it(mina):
    shown = page(mina, "log-new", **{"for": "w1-x1"})

    response = mina.post(reverse("log-new"), FORM | {"for": "w1-x1"})

    assert 'name="for" value="w1-x1"' in shown.content.decode()
    assert response.headers["Location"] == "/work/w1-x1/"


@pytest.mark.parametrize("key", ["w9-x9", "//example.org", ""])
def test_an_entry_for_nothing_that_is_there_goes_to_the_log(mina, key):
    assert mina.post(reverse("log-new"), FORM | {"for": key}).headers["Location"] == "/log/"


def test_a_person_in_two_cohorts_logs_where_they_look(cast, mina):
    roads.client(cast.autumn, cast.mina, at=WEEK_1)

    response = mina.post(reverse("log-new") + "?cohort=spring", FORM)

    assert response.headers["Location"] == "/log/?cohort=spring"
    assert Meeting.objects.get().enrolment.cohort == cast.spring


def test_before_the_log_opens_a_new_entry_leads_to_the_log_which_says_so(mina, now):
    now.at = BEFORE

    response = mina.get(reverse("log-new"), follow=True)

    assert response.redirect_chain == [("/log/", 302)]
    assert "The log opens with week 0." in words(response)
    assert "Log a meeting" not in words(response)


# --- The log ------------------------------------------------------------------------------------------


def test_an_empty_log_says_what_will_be_in_it(mina):
    response = page(mina, "log")

    assert "Nothing yet. Your first three meetings will be here." in words(response)
    assert response.context["panels"] == ()


def test_today_stands_apart_and_the_rest_by_week(cast, mina):
    roads.logged(cast.mina, title="This morning", date="2026-03-04")
    roads.logged(cast.mina, title="Yesterday")
    roads.logged(cast.mina, title="Before", date="2026-02-24")

    response = page(mina, "log")

    assert [row.title for row in response.context["today"]] == ["This morning"]
    assert [(week, [row.title for row in rows]) for week, rows in response.context["weeks"]] == [
        (1, ["Yesterday"]),
        (0, ["Before"]),
    ]


def test_the_trend_is_there_in_words_as_plots_and_as_numbers(cast, mina):
    for _meeting in range(3):
        roads.logged(cast.mina, date="2026-02-24", times_spoke=1, conclusion_first="no")
        roads.logged(cast.mina, error_heard=True, error_response="privately")

    response = page(mina, "log")

    assert "In week 1 you spoke 3 times in the middle meeting, up from 1 in week 0" in words(response)
    assert [panel.key for panel in response.context["panels"]] == ["spoke", "led", "corrected"]
    contributions = response.context["panels"][0]
    assert contributions.words == "Contributions. week 0: 1, week 1: 3"
    assert [point.week for point in contributions.points] == [0, 1]
    assert contributions.points[0].y == contributions.baseline > contributions.points[1].y
    assert [line.y1 for line in contributions.equal] == [8.0, 8.0]  # 5 of 5: the top of the scale
    assert "Show the numbers" in words(response)
    assert "1/9, 5 of 45 min" in words(response)


def test_a_stranger_sees_nothing_of_it(cast, mina):
    roads.logged(cast.noor, title="Noor's forum")

    assert "Noor's forum" not in page(mina, "log").content.decode()


@pytest.mark.parametrize("entries", [1, 3, 50])
def test_the_log_costs_the_same_however_long_it_is(cast, mina, entries, django_assert_num_queries):
    for number in range(entries):
        roads.logged(cast.mina, date=f"2026-02-{number % 18 + 10}")
    page(mina, "log")

    with django_assert_num_queries(7):
        page(mina, "log")


# --- One of them --------------------------------------------------------------------------------------


def test_an_entry_is_shown_as_it_was_logged_and_put_right(cast, mina):
    meeting = roads.logged(cast.mina, prepared="I recommend Thursday.", said_it="yes")
    shown = page(mina, "log-meeting", meeting.pk)

    response = mina.post(
        reverse("log-meeting", args=[meeting.pk]), FORM | {"prepared": "I recommend Friday.", "said_it": "no"}
    )

    meeting.refresh_from_db()
    assert '<details class="more" open>' in shown.content.decode()
    assert shown.context["form"]["prepared"].value() == "I recommend Thursday."
    assert response.headers["Location"] == "/log/"
    assert (meeting.prepared, meeting.said_it) == ("I recommend Friday.", "no")


def test_what_cannot_be_kept_leaves_the_entry_as_it_was(cast, mina):
    meeting = roads.logged(cast.mina)

    response = mina.post(reverse("log-meeting", args=[meeting.pk]), FORM | {"attendees": "1"})

    meeting.refresh_from_db()
    assert (response.status_code, meeting.attendees) == (422, 9)
    assert "A whole number from 2 to 200." in words(response)


def test_an_entry_is_removed(cast, mina):
    meeting = roads.logged(cast.mina)

    response = mina.post(reverse("log-remove", args=[meeting.pk]), follow=True)

    assert "Removed from your log." in words(response)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("name", ["log-meeting", "log-remove"])
def test_somebody_elses_entry_is_not_there(cast, mina, name):
    meeting = roads.logged(cast.noor)

    assert mina.post(reverse(name, args=[meeting.pk]), FORM).status_code == 404
    assert Meeting.objects.get() == meeting


def test_in_a_closed_cohort_entries_stay_readable_and_nothing_else(cast, mina):
    meeting = roads.logged(cast.mina)
    Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_1)

    response = page(mina, "log-meeting", meeting.pk)

    assert "This cohort is closed; what you kept stays readable." in words(response)
    assert '<fieldset class="plain stack gap-5" disabled>' in response.content.decode()
    assert "Save:" not in words(response)
    assert "Remove" not in words(response)


def test_somebody_who_left_can_still_read_their_log(cast, mina):
    roads.logged(cast.mina)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_1)

    assert "My proposal was taken." in words(page(mina, "log"))
