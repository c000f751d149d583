"""The agenda of a midpoint call, on the pages of both: the curve, the levels, what is asked, one focus."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from clients import submitting
from clients.models import Enrolment, JournalEntry
from coaching import agendas, calling, feeds, rating
from tests import roads
from tests.callings import FRIDAY, MONDAY, WHY, booked
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2, WEEK_4, WEEK_5

HOUR = timedelta(hours=1)
ROOM = "https://meet.example.org/tomas"
FOCUS = {"sentence": "In the Thursday steering I say my recommendation first.", "competency": "presence"}


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def met(cast, who="mina"):
    """A call with a room, by its coach's and its client's page."""
    calling.offer(cast.spring, walls=[FRIDAY, MONDAY], minutes=20, link=ROOM, by=cast.tomas, at=WEEK_4)
    return booked(cast, who)


def seen_by_coach(cast, moment, point, *, at, who="mina"):
    given = {"presence": {"point": point, "evidence": "The steering of 20 March."}}
    rating.rate(cast.enrolment(getattr(cast, who)), moment, given=given, by=cast.tomas, at=at)


def page_of(cast, now, call, who="tomas", at=WEEK_4):
    now.at = at
    if who == "tomas":
        return browser(cast.tomas).get(reverse("coach-call", args=["spring", call.pk]))
    return browser(getattr(cast, who)).get(reverse("my-call"))


def presence(cast, reader):
    found = agendas.of(cast.enrolment(cast.mina), reader, at=WEEK_4)
    return next(
        (
            (one.own_then, one.own_now, one.coach_then, one.coach_now)
            for one in found.curve
            if one.competency == "presence"
        ),
        None,
    )


def test_the_coachs_page_says_who_when_on_both_clocks_and_where(cast, now):
    answer = page_of(cast, now, met(cast))

    said = words(answer)
    assert "Your call with Mina: the curve, then one focus" in said
    assert "Friday 27 March, 15:00 Berlin" in said
    assert "Friday 09:00 Chicago" in said
    assert f'href="{ROOM}"' in answer.content.decode()


def test_the_client_finds_the_room_once_it_is_theirs_and_not_before(cast, now):
    calling.offer(cast.spring, walls=[FRIDAY, MONDAY], minutes=20, link=ROOM, by=cast.tomas, at=WEEK_4)
    before = page_of(cast, now, None, "mina").content.decode()
    told = Api(cast.mina).get(f"enrolments/{cast.enrolment(cast.mina).pk}/call/").json()
    after = page_of(cast, now, booked(cast), "mina").content.decode()

    assert (ROOM in before, ROOM in after) == (False, True)
    assert {one["link"] for one in told["offered"]} == {""}


def test_where_the_two_meet_stands_in_both_calendars_and_goes_when_the_call_is_off(cast):
    call = met(cast)
    link = lambda who: next(one.link for one in feeds.entries(who, at=WEEK_4) if one.uid.startswith("call-"))  # noqa: E731
    before = (link(cast.mina), link(cast.tomas))
    calling.cancel(call, reason=WHY, by=cast.mina, at=WEEK_4)

    assert (before, link(cast.mina), link(cast.tomas)) == ((ROOM, ROOM), "", "")


def test_each_side_of_the_curve_is_hidden_until_both_have_looked(cast):
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)
    assert (presence(cast, cast.tomas), presence(cast, cast.mina)) == ((None,) * 4, (2.0, None, None, None))

    seen_by_coach(cast, "c2", 3, at=WEEK_2)
    assert presence(cast, cast.tomas) == presence(cast, cast.mina) == (2.0, None, 3, None)

    seen_by_coach(cast, "c4", 4, at=WEEK_4)
    assert (presence(cast, cast.tomas), presence(cast, cast.mina)) == ((2.0, None, 3, 4), (2.0, None, 3, None))

    roads.assessed(cast.mina, "a4", at=WEEK_4, point=3)
    assert presence(cast, cast.tomas) == presence(cast, cast.mina) == (2.0, 3.0, 3, 4)


def test_while_an_assessment_is_under_way_its_client_sees_no_curve_and_hears_why(cast, now):
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)
    seen_by_coach(cast, "c2", 3, at=WEEK_2)
    call = met(cast)
    roads.rated(cast.mina, "a4", at=WEEK_4)

    said = words(page_of(cast, now, call, "mina"))

    assert (presence(cast, cast.mina), presence(cast, cast.tomas)) == (None, (2.0, None, 3, None))
    assert "Your earlier ratings show again once the assessment you have begun is finished." in said


def test_the_levels_over_the_weeks_count_the_newest_answer_and_stand_in_a_table_too(cast, now):
    roads.answered(cast.mina, cast.tomas, level=2, another=True)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    roads.answered(cast.mina, cast.tomas, at=WEEK_2, level=3)
    call = met(cast)

    found = agendas.of(cast.enrolment(cast.mina), cast.tomas, at=WEEK_4)
    said = words(page_of(cast, now, call))

    assert [(one.week, one.mean, one.pieces) for one in found.weeks] == [(1, 3.0, 1)]
    assert "Week Mean Pieces 1 3.0 1" in said


def test_what_is_asked_and_not_in_stands_there_until_it_is_in(cast, now):
    piece = roads.piece(cast.mina)
    roads.answered(cast.mina, cast.tomas, another=True, try_next="Move the date up.", asks=["Name the owner."])
    call = met(cast)
    open_ = words(page_of(cast, now, call, "mina"))
    submitting.try_again(piece, by=cast.mina, at=WEEK_4)
    roads.handed_in(cast.mina, at=WEEK_4)
    done = words(page_of(cast, now, call))

    assert f"Week 1: {piece.exercise.title} Move the date up. Name the owner." in open_
    assert "Nothing is open." in done


@pytest.mark.parametrize("who", ["mina", "tomas"])
def test_either_writes_the_focus_and_it_stands_on_the_week_the_file_and_the_call_of_both(cast, now, who):
    call = met(cast)
    now.at = WEEK_4
    address = reverse("coach-call-focus", args=["spring", call.pk]) if who == "tomas" else reverse("call-focus")
    done = browser(getattr(cast, who)).post(address, FOCUS, follow=True)

    mine = cast.enrolment(cast.mina)
    places = [
        done,
        page_of(cast, now, call),
        page_of(cast, now, call, "mina"),
        browser(cast.mina).get(reverse("this-week")),
        browser(cast.tomas).get(reverse("client", args=[mine.pk])),
    ]
    told = JournalEntry.objects.get(action="agreed focus")
    assert [FOCUS["sentence"] in words(one) for one in places] == [True] * 5
    assert (told.actor, told.note, mine.focus_at) == (str(getattr(cast, who)), "", WEEK_4)


def test_a_focus_is_changed_by_whoever_writes_last_and_refused_without_a_sentence(cast, now):
    call = met(cast)
    Api(cast.mina).put(f"calls/{call.pk}/focus/", **FOCUS)
    changed = Api(cast.tomas).put(f"calls/{call.pk}/focus/", **FOCUS | {"sentence": "  I open with   the ask. "})
    now.at = WEEK_4
    refused = browser(cast.tomas).post(
        reverse("coach-call-focus", args=["spring", call.pk]), {"sentence": "", "competency": "charm"}
    )

    assert changed.json()["focus"] == Enrolment.objects.get(client=cast.mina).focus == "I open with the ask."
    assert refused.status_code == 422
    assert "This is still empty." in words(refused)
    assert "Choose one of the four competencies." in words(refused)


def test_a_call_of_a_colleague_and_one_that_is_off_take_no_focus(cast, now):
    call = met(cast)
    roads.coach(cast.spring, cast.ines)
    ines = browser(cast.ines)
    there = [
        ines.get(reverse("coach-call", args=["spring", call.pk])).status_code,
        Api(cast.ines).get(f"calls/{call.pk}/agenda/").status_code,
        Api(cast.noor).put(f"calls/{call.pk}/focus/", **FOCUS).status_code,
    ]
    calling.cancel(call, reason=WHY, by=cast.mina, at=WEEK_4)
    off = words(page_of(cast, now, call))

    assert there == [404, 404, 404]
    assert "The call with Mina is cancelled" in off
    assert "Keep this focus" not in off


def test_the_api_has_the_same_agenda(cast):
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)
    seen_by_coach(cast, "c2", 3, at=WEEK_2)
    roads.answered(cast.mina, cast.tomas, another=True, try_next="Move the date up.", asks=["Name the owner."])
    call = met(cast)

    told = Api(cast.tomas).get(f"calls/{call.pk}/agenda/").json()

    assert [(one["competency"], one["own_then"], one["coach_then"]) for one in told["curve"]][2] == ("presence", 2.0, 3)
    assert told["weeks"] == [{"week": 1, "mean": 3.0, "pieces": 1}]
    assert [(one["key"], one["try_next"], one["asks"]) for one in told["asked"]] == [
        ("w1-x1", "Move the date up.", ["Name the owner."])
    ]
    assert (told["focus"], told["focus_at"]) == ("", None)


@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("tomas", 16), ("mina", 13)])
def test_the_agenda_costs_the_same_however_much_was_answered(
    cast, now, who, queries, pieces, django_assert_num_queries
):
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)
    seen_by_coach(cast, "c2", 3, at=WEEK_2)
    call = met(cast)
    for key in ("w1-x1", "w4-x1", "w5-x1")[:pieces]:
        roads.answered(cast.mina, cast.tomas, key, at=WEEK_5, another=True, asks=["Name the owner."])
    at = WEEK_5 + 12 * HOUR
    page_of(cast, now, call, who, at)
    visitor = browser(getattr(cast, who))
    where = reverse("coach-call", args=["spring", call.pk]) if who == "tomas" else reverse("my-call")
    visitor.get(where)

    with django_assert_num_queries(queries):
        visitor.get(where)
