"""Midpoint calls on the pages: the coach's offers and calls, the client's choice."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from coaching import calling, calls
from coaching.models import Call, CallSlot
from curriculum import moments
from tests import roads, sittings
from tests.callings import FRIDAY, FRIDAY_AT, MONDAY, WHY, booked, offered
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import BEFORE, WEEK_4

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TIMES = {"wall": ["2026-03-27T15:00", "", "2026-03-30T09:00"], "minutes": "20"}


@pytest.fixture
def tomas(cast, now):
    now.at = WEEK_4
    return browser(cast.tomas)


@pytest.fixture
def mina(cast, now):
    now.at = WEEK_4
    return browser(cast.mina)


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page(client):
    return client.get(reverse("calls", args=["spring"]))


# --- The coach ------------------------------------------------------------------------------------


def test_a_coach_offers_times_without_scripts_and_sees_who_has_no_call(cast, tomas):
    before = words(page(tomas))
    after = tomas.post(reverse("calls", args=["spring"]), TIMES, follow=True)

    assert "Offer times for midpoint calls" in before
    assert "2 clients have no call yet" not in before
    assert "No call yet: Mina, Noor." in before
    assert "2 times are offered. Whoever has no call yet hears of it." in words(after)
    assert "Friday 27 March, 15:00 20 minutes" in words(after)
    assert CallSlot.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"wall": ["2026-03-27T15:00", "soon"]}, "Enter a day and a time."),
        ({"wall": ["2026-03-27T15:00"]}, "Offer between 2 and 10 times, so that there is a choice."),
        ({"minutes": "much"}, "A call lasts between 10 and 60 minutes."),
    ],
)
def test_what_cannot_be_offered_is_said_and_what_was_typed_stays(cast, tomas, wrong, said):
    answer = tomas.post(reverse("calls", args=["spring"]), TIMES | wrong)

    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="2026-03-27T15:00"' in answer.content.decode()


def test_a_coach_moves_cancels_and_takes_times_back(cast, tomas):
    offered(cast, FRIDAY, MONDAY, MONDAY + HOUR)
    call, (_first, second, third) = booked(cast), list(CallSlot.objects.all())
    named = {"args": ["spring", call.pk]}

    moved = tomas.post(reverse("coach-call-move", **named), {"slot": second.pk, "reason": WHY}, follow=True)
    refused = tomas.post(reverse("coach-call-cancel", **named), {"reason": ""})
    off = tomas.post(reverse("coach-call-cancel", **named), {"reason": WHY}, follow=True)
    back = tomas.post(reverse("call-slot-withdraw", args=["spring", third.pk]), follow=True)

    assert "The call is moved. Mina hears of it." in words(moved)
    assert (refused.status_code, "Say why in a few words; the other one reads them." in words(refused)) == (422, True)
    assert refused.content.decode().count('<details class="aside" open>') == 1
    assert "The call is cancelled. Mina hears of it." in words(off)
    assert f"Mina Monday 30 March, 09:00: {WHY}" in words(off)
    assert "That time is not offered any more." in words(back)


def test_a_session_that_overlaps_a_call_warns_on_its_page_and_stays_where_it_was_put(cast, tomas):
    sittings.arranged(cast)
    booked(cast)
    session = sittings.session(cast, 5)
    sent = {"wall": f"{FRIDAY:%Y-%m-%dT%H:%M}", "minutes": "60", "link": "", "version": session.version}
    answer = tomas.post(reverse("session-move", args=["spring", session.pk]), sent, follow=True)

    assert f"“{session.title}” overlaps your call with Mina, Friday 27 March, 15:00. Move one of them." in words(answer)
    assert "Overlaps your call with Mina, Friday 27 March, 15:00" in words(answer)


def test_a_session_that_overlaps_booked_calls_is_moved_and_says_so_at_both_doors(cast, now):
    sittings.arranged(cast)
    call, session = booked(cast), sittings.session(cast, 5)
    wall = moments.to_wall(FRIDAY_AT, cast.spring.zone)
    now.at = WEEK_4

    told = Api(cast.tomas).post(f"sessions/{session.pk}/move/", wall=f"{wall:%Y-%m-%dT%H:%M}").json()
    seen = Api(cast.ada).get(f"cohorts/{cast.spring.pk}/sessions/").json()
    theirs = Api(cast.mina).get(f"cohorts/{cast.spring.pk}/sessions/").json()

    assert told["clashes"] == ["your call with Mina, Friday 27 March, 15:00"]
    assert [one["clashes"] for one in seen if one["clashes"]] == [["a call of Tomas, Friday 27 March, 15:00"]]
    assert [one["clashes"] for one in theirs if one["clashes"]] == []
    assert (Call.objects.get().slot_id, Call.objects.get().state) == (call.slot_id, "booked")


def test_a_call_of_a_colleague_is_not_there(cast, tomas):
    call = booked(cast)
    roads.coach(cast.spring, cast.ines)
    ines = browser(cast.ines)

    assert "1 client has no call yet" in words(page(tomas))
    assert ines.post(reverse("coach-call-cancel", args=["spring", call.pk]), {"reason": WHY}).status_code == 404
    assert "Mina" not in words(page(ines)).partition("Offer times")[0].partition("No call yet")[0]


@pytest.mark.parametrize("clients", [1, 3, 50])
def test_the_page_costs_the_same_however_many_calls_there_are(cast, tomas, clients, django_assert_num_queries):
    for number in range(clients):
        walls = [FRIDAY + (2 * number + place) * 10 * MINUTE for place in range(2)]
        slot, _free = calling.offer(cast.spring, walls=walls, minutes=10, by=cast.tomas, at=WEEK_4)
        who = roads.person(f"Client{number}")
        calling.book(roads.client(cast.spring, who, at=BEFORE), slot, by=who, at=WEEK_4)
    page(tomas)

    with django_assert_num_queries(12):
        page(tomas)


# --- The client -----------------------------------------------------------------------------------


def test_a_client_chooses_in_their_own_time_and_moves_and_cancels(cast, mina):
    first, second = offered(cast)
    seen = words(mina.get(reverse("my-call")))
    done = mina.post(reverse("call-book"), {"slot": first.pk}, follow=True)
    moved = mina.post(reverse("call-move"), {"slot": second.pk, "reason": WHY}, follow=True)
    off = mina.post(reverse("call-cancel"), {"reason": WHY}, follow=True)

    assert "Friday 27 March, 09:00 20 minutes with Tomas (Friday 15:00 there)" in seen
    assert "Your call with Tomas is on Friday 27 March at 09:00" in words(done)
    assert "Your call with Tomas is on Monday 30 March at 02:00" in words(moved)
    assert f"The one on Monday 30 March, 02:00 was cancelled: {WHY}" in words(off)
    assert "Book it" in words(off)


def test_what_moving_or_cancelling_a_call_does_is_looked_at_first_by_either(cast, mina, tomas):
    _first, second = offered(cast)
    call = booked(cast)
    sent = {"slot": second.pk, "reason": WHY, "show": "effect"}

    mine = words(mina.post(reverse("call-move"), sent))
    theirs = words(tomas.post(reverse("coach-call-move", args=["spring", call.pk]), sent))
    off = words(mina.post(reverse("call-cancel"), {"reason": WHY, "show": "effect"}))
    unmoved = calls.of_enrolment(cast.enrolment(cast.mina))
    mina.post(reverse("call-move"), {"slot": second.pk, "reason": WHY})

    both = "Midpoint call with Tomas Fri 27 Mar 09:00 → Mon 30 Mar 02:00"
    assert [both in seen for seen in (mine, theirs)] == [True, True]
    assert "Tomas a midpoint call was moved" in mine
    assert "Mina a midpoint call was moved" in theirs
    assert "Fri 27 Mar 09:00 → falls away" in off
    assert (unmoved.version, unmoved.is_booked) == (1, True)
    assert calls.of_enrolment(cast.enrolment(cast.mina)).slot_id == second.pk


def test_before_anything_is_offered_the_page_says_who_offers(cast, mina):
    assert "No time is offered yet. You hear of it as soon as your coach offers some." in words(
        mina.get(reverse("my-call"))
    )


def test_a_time_somebody_else_was_faster_to_book_says_so_beside_what_is_left(cast, mina):
    first, _second = offered(cast)
    booked(cast, "noor")

    answer = mina.post(reverse("call-book"), {"slot": first.pk})

    assert answer.status_code == 409
    assert "Somebody else has booked this time. Choose another one." in words(answer)
    assert "Monday 30 March, 02:00" in words(answer)


def test_what_was_typed_stays_when_a_move_is_refused(cast, mina):
    _first, second = offered(cast)
    booked(cast)
    booked(cast, "noor", 1)

    answer = mina.post(reverse("call-move"), {"slot": second.pk, "reason": WHY})

    assert (answer.status_code, f'value="{WHY}"' in html.unescape(answer.content.decode())) == (409, True)
    assert calls.of_enrolment(cast.enrolment(cast.mina)).version == 1


def test_the_call_stands_in_the_calendar_and_on_the_client_file(cast, mina):
    booked(cast)

    told = words(mina.get(reverse("calendar")))
    file = words(browser(cast.tomas).get(reverse("client", args=[cast.enrolment(cast.mina).pk])))

    assert "Midpoint call with Tomas Friday 09:00 (Friday 15:00 Berlin time) · 20 minutes" in told
    assert "Call Friday 15:00" in file
    assert Call.objects.count() == 1


@pytest.mark.parametrize("times", [2, 10])
def test_the_choice_costs_the_same_however_many_times_there_are(cast, mina, times, django_assert_num_queries):
    offered(cast, *(FRIDAY + number * HOUR for number in range(times)))
    mina.get(reverse("my-call"))

    with django_assert_num_queries(8):
        mina.get(reverse("my-call"))
