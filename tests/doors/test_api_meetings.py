"""The meeting log over the API."""

import pytest

from clients.models import Meeting
from tests import roads
from tests.doors.asking import Api, no
from tests.roads import ENTRY, WEEK_1


@pytest.fixture
def mina(cast, now):
    return Api(cast.mina)


@pytest.fixture
def own(cast):
    return cast.enrolment(cast.mina).pk


def test_a_meeting_is_logged_once_however_often_it_is_sent(mina, own):
    first = mina.post("meetings/", enrolment=own, client_key="kept", **ENTRY)
    again = mina.post("meetings/", enrolment=own, client_key="kept", **ENTRY | {"title": "Another"})

    assert first.json() == again.json()
    assert Meeting.objects.count() == 1


def test_sent_again_later_it_was_there_already(mina, own, now):
    mina.post("meetings/", enrolment=own, client_key="kept", **ENTRY)
    now.at = WEEK_1.replace(hour=20)

    assert mina.post("meetings/", enrolment=own, client_key="kept", **ENTRY).status_code == 200


def test_an_entry_comes_back_with_what_follows_from_it(mina, own):
    found = mina.post("meetings/", enrolment=own, client_key="1", first_minute=6, **ENTRY).json()

    assert {name: found[name] for name in ("date", "stake", "led", "corrected", "early", "visibility")} == {
        "date": "2026-03-03",
        "stake": True,
        "led": True,
        "corrected": False,
        "early": True,
        "visibility": "you and your coach",
    }
    assert mina.get(f"meetings/{found['id']}/").json() == found


def test_an_empty_entry_is_refused_in_the_words_of_the_page(mina, own):
    refused = mina.post("meetings/", enrolment=own, client_key="1")

    assert no(refused) == (422, "log.incomplete")
    assert refused.json()["errors"]["stake"] == ["Choose one."]
    assert refused.json()["errors"]["outcome"] == ["This is still empty."]


def test_without_a_key_nothing_is_logged(mina, own):
    assert no(mina.post("meetings/", enrolment=own, **ENTRY)) == (400, "input")


def test_the_list_is_ones_own(cast, mina, own):
    roads.logged(cast.mina, title="Release review")
    roads.logged(cast.noor)

    found = mina.get("meetings/").json()

    assert [meeting["title"] for meeting in found["results"]] == ["Release review"]
    assert mina.get("meetings/", enrolment=own).json()["results"] == found["results"]
    assert no(mina.get("meetings/", enrolment=cast.enrolment(cast.noor).pk)) == (404, "not_found")


def test_a_long_list_has_pages(cast, mina):
    for number in range(101):
        roads.logged(cast.mina, title=f"Meeting {number}")

    first = mina.get("meetings/").json()
    second = mina.client.get(first["next"]).json()

    assert (len(first["results"]), len(second["results"]), second["next"]) == (100, 1, None)


def test_a_change_replaces_the_entry_and_a_removal_takes_it_out(cast, mina):
    meeting = roads.logged(cast.mina, felt_like_me=4)

    changed = mina.put(f"meetings/{meeting.pk}/", **ENTRY | {"times_spoke": 2})
    removed = mina.delete(f"meetings/{meeting.pk}/")

    assert (changed.json()["times_spoke"], changed.json()["felt_like_me"]) == (2, None)
    assert (removed.status_code, Meeting.objects.count()) == (204, 0)


@pytest.mark.parametrize("who", ["noor", "omar", "tomas", "ines", "ada", "lena"])
def test_somebody_elses_entry_is_not_there(cast, now, who):
    meeting = roads.logged(cast.mina)
    api = Api(getattr(cast, who))

    answers = [api.get(f"meetings/{meeting.pk}/"), api.put(f"meetings/{meeting.pk}/", **ENTRY)]
    answers += [api.delete(f"meetings/{meeting.pk}/"), api.get(f"enrolments/{meeting.enrolment_id}/meetings/trend/")]

    assert {no(answer) for answer in answers} == {(404, "not_found")}


def test_the_trend_holds_numbers_and_the_same_words_as_the_page(cast, mina, own):
    for _meeting in range(3):
        roads.logged(cast.mina, date="2026-02-24")

    trend = mina.get(f"enrolments/{own}/meetings/trend/").json()

    assert trend["weeks"] == [
        {
            "week": 0,
            "meetings": 3,
            "spoke": 3.0,
            "people": 9,
            "minutes": 45,
            "equal_minutes": 5.0,
            "led": {"part": 3, "whole": 3},
            "corrected": {"part": 0, "whole": 0},
            "early": {"part": 0, "whole": 0},
        }
    ]
    assert (trend["counted"], trend["left_out"], trend["is_enough"]) == (3, 0, True)
    assert trend["words"][0].startswith("In week 0 you spoke 3 times")


@pytest.mark.parametrize("entries", [1, 3, 50])
def test_the_list_and_the_trend_cost_the_same_however_many_there_are(
    cast, mina, own, entries, django_assert_num_queries
):
    for _meeting in range(entries):
        roads.logged(cast.mina)
    mina.get("meetings/")

    with django_assert_num_queries(3):
        mina.get("meetings/")
    with django_assert_num_queries(11):
        mina.get(f"enrolments/{own}/meetings/trend/")


def test_the_week_says_how_far_what_is_counted_has_come(cast, mina):
    for _meeting in range(2):
        roads.logged(cast.mina, date="2026-02-24")

    week = mina.get("me/week/").json()

    told = {
        row["exercise"]["key"]: (row["state"], row["have"], row["need"], row["words"]) for row in week["counted_before"]
    }
    assert week["counted"] == []
    assert told == {
        "w0-assessment": ("open", 0, 20, "0 of 20 answered"),
        "w0-log": ("draft", 2, 3, "2 of 3 meetings logged"),
    }
