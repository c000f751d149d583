"""Dates that give way, at the API."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from clients import excusing, holding
from clients.models import BreakWeek, Enrolment, Excusal, Extension, Hold
from tests import callings, roads, sittings
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

DAY = timedelta(days=1)


@pytest.fixture
def tomas(cast, now):
    now.at = WEEK_1
    return Api(cast.tomas)


@pytest.fixture
def ada(cast, now):
    now.at = WEEK_1
    return Api(cast.ada)


def mina(cast):
    return cast.enrolment(cast.mina)


def test_a_week_off_is_looked_at_first_and_then_set_and_taken_back(ada, cast):
    base = f"cohorts/{cast.spring.pk}/breaks/"
    effect = ada.post(f"{base}effect/", first_day="2026-03-16").json()
    assert ([one["week"] for one in effect["opens"]], BreakWeek.objects.count()) == (list(range(3, 10)), 0)
    assert effect["opens"][0] == {
        "week": 3, "was": "2026-03-16T07:00:00Z", "now": "2026-03-23T07:00:00Z", "zone": "Europe/Berlin",
    }  # fmt: skip
    assert {person["name"] for person in effect["people"]} == {"Mina", "Noor"}

    made = ada.post(base, first_day="2026-03-16", reason="Easter").json()

    assert [one["id"] for one in ada.get(base).json()] == [made["id"]]
    assert ada.delete(f"{base}{made['id']}/").status_code == 204
    assert ada.get(base).json() == []


def test_moving_a_cohort_is_looked_at_first(ada, cast):
    effect = ada.post(f"cohorts/{cast.spring.pk}/shift/effect/", days=7).json()

    assert effect["people"][0]["dues"][0]["now"] == "2026-03-16T04:59:59Z"
    shared = effect["shared"]
    assert (shared["moved"] > 0, shared["cancelled"], shared["added"], shared["waiting"]) == (True, 0, 0, 0)
    assert cast.spring.shifts.count() == 0


def test_a_coach_holds_a_client_and_lets_them_go_on(tomas, cast, now):
    base = f"enrolments/{mina(cast).pk}"
    held = tomas.post(f"{base}/hold/", reason="Ill").json()
    assert (held["on_hold_since"], "reason" in held) == ("2026-03-04T10:00:00Z", False)
    now.at = WEEK_2
    assert Api(cast.tomas).post(f"{base}/go-on/effect/").json()["moved"] > 0
    assert Hold.objects.get().ended_at is None

    goes_on = Api(cast.tomas).post(f"{base}/go-on/").json()

    assert goes_on["on_hold_since"] is None


def test_everything_about_one_client_can_be_looked_at_first_and_does_nothing(tomas, cast):
    base = f"enrolments/{mina(cast).pk}"

    held = tomas.post(f"{base}/hold/effect/", reason="Ill").json()
    excused = tomas.post(f"{base}/excusals/effect/", exercise="w1-x1", reason="On leave").json()

    assert (held["waiting"] > 0, held["people"][0]["dues"]) == (True, [])
    assert excused["people"][0]["pieces"] == [
        {"title": "The four answers", "week": 1, "was": "2026-03-09T04:59:59Z", "now": None, "zone": "America/Chicago"}
    ]
    assert [one["title"] for one in excused["people"][0]["messages"]] == ["Thursday, nothing started"]
    assert (Hold.objects.count(), Excusal.objects.count()) == (0, 0)
    excusing.excuse(mina(cast), roads.piece(cast.mina).exercise, reason="x", by=cast.tomas, at=WEEK_1)
    again = tomas.post(f"{base}/excusals/w1-x1/effect/").json()
    assert (again["added"], Excusal.objects.get().ended_at) == (1, None)


def test_more_time_and_its_answer_can_be_looked_at_first(tomas, cast):
    piece = roads.piece(cast.mina)
    looked = Api(cast.mina).post(f"submissions/{piece.pk}/more-time/effect/", until="2026-03-18").json()
    assert (looked["people"][0]["pieces"][0]["now"], Extension.objects.count()) == ("2026-03-19T04:59:59Z", 0)
    question = Api(cast.mina).post(f"submissions/{piece.pk}/more-time/", until="2026-03-18").json()["id"]

    yes = tomas.post(f"extensions/{question}/answer/effect/", grant=True).json()
    no = tomas.post(f"extensions/{question}/answer/effect/", grant=False).json()

    assert (yes["people"][0]["pieces"], no["people"][0]["pieces"]) == (looked["people"][0]["pieces"], [])
    assert Extension.objects.get().state == "asked"


def test_a_pause_and_its_end_can_be_looked_at_first(ada, cast, now):
    base = f"cohorts/{cast.spring.pk}"
    assert ada.post(f"{base}/pause/effect/", reason="Fair").json()["waiting"] > 0
    assert ada.get(f"{base}/").json()["is_paused"] is False
    ada.post(f"{base}/pause/", reason="Fair")
    now.at = WEEK_2

    goes_on = Api(cast.ada).post(f"{base}/resume/effect/").json()

    assert goes_on["opens"][0] == {
        "week": 2, "was": "2026-03-09T07:00:00Z", "now": "2026-03-16T07:00:00Z", "zone": "Europe/Berlin",
    }  # fmt: skip
    assert cast.spring.pauses.get().ended_at is None


def test_live_sessions_and_their_rule_can_be_looked_at_first(tomas, ada, cast):
    session, rule = sittings.session(cast), f"cohorts/{cast.spring.pk}/session-rule/effect/"

    moved = tomas.post(f"sessions/{session.pk}/move/effect/", wall="2026-03-06T11:00").json()
    off = tomas.post(f"sessions/{session.pk}/cancel/effect/", reason="Ill").json()
    arranged = ada.post(rule, weekday=4, time="17:00", minutes=60, link=sittings.ROOM).json()

    assert moved["sessions"] == [
        {
            "title": session.title,
            "week": 1,
            "was": "2026-03-05T16:00:00Z",
            "now": "2026-03-06T10:00:00Z",
            "zone": "Europe/Berlin",
        }
    ]
    assert moved["letters"] == [{"to": name, "title": "a live session was moved"} for name in ("Mina", "Noor")]
    assert [one["now"] for one in off["sessions"]] == [None]
    assert arranged["sessions"][0]["now"] == "2026-03-06T16:00:00Z"
    session.refresh_from_db()
    assert (session.version, session.state) == (1, "planned")


def test_a_call_can_be_looked_at_first_by_either_and_an_admin_hears_nothing_of_it(cast, now):
    now.at = callings.WEEK_4
    _first, second = callings.offered(cast)
    call = callings.booked(cast)

    seen = [
        Api(who).post(f"calls/{call.pk}/move/effect/", slot=second.pk, reason="x").json()
        for who in (cast.mina, cast.tomas)
    ]
    off = Api(cast.mina).post(f"calls/{call.pk}/cancel/effect/", reason="x").json()
    left = Api(cast.ada).post(f"cohorts/{cast.spring.pk}/enrolments/{mina(cast).pk}/withdraw/effect/").json()

    assert [one["people"][0]["calls"] for one in seen] == [
        [{
            "title": "Midpoint call with Tomas", "week": None, "was": "2026-03-27T14:00:00Z",
            "now": "2026-03-30T07:00:00Z", "zone": "America/Chicago",
        }]
    ] * 2  # fmt: skip
    assert [[one["to"] for one in found["letters"]] for found in seen] == [["Tomas"], ["Mina"]]
    assert [one["now"] for one in off["people"][0]["calls"]] == [None]
    assert (left["people"][0]["calls"], left["people"][0]["cancelled"] > 0) == ([], True)
    assert mina(cast).is_active


def test_another_zone_of_ones_own_can_be_looked_at_first(cast, now):
    now.at = WEEK_1
    api = Api(cast.mina)

    effect = api.post("me/zone/effect/", zone="Asia/Tokyo").json()
    wrong = api.post("me/zone/effect/", zone="Moon/Base")

    (spring,) = effect["people"]
    assert (spring["name"], spring["dues"][1]["now"]) == ("Spring", "2026-03-15T14:59:59Z")
    assert (wrong.status_code, api.get("me/").json()["zone"]) == (422, "America/Chicago")


def test_what_is_excused_is_named_and_the_reason_is_nowhere_for_an_admin(tomas, ada, cast):
    base = f"enrolments/{mina(cast).pk}"
    tomas.post(f"{base}/excusals/", exercise="w1-x1", reason="Parental leave")

    seen = ada.get(f"{base}/dates/")

    assert seen.json()["excused"] == ["w1-x1"]
    assert "Parental" not in seen.content.decode()
    assert Excusal.objects.get().reason == "Parental leave"


def test_why_something_is_excused_or_on_hold_is_told_to_coaches_and_the_client_reads_why_it_is_excused(
    tomas, ada, cast
):
    base = f"enrolments/{mina(cast).pk}"
    excused = tomas.post(f"{base}/excusals/", exercise="w1-x1", reason="Parental leave").json()
    held = tomas.post(f"{base}/hold/", reason="In Gumi").json()
    page = Client()
    page.force_login(cast.mina)

    assert excused["excused_because"] == {"w1-x1": "Parental leave"}
    assert (held["on_hold_because"], ada.get(f"{base}/dates/").json()["on_hold_because"]) == ("In Gumi", "")
    assert ada.get(f"{base}/dates/").json()["excused_because"] == {}
    assert "Parental leave" in page.get("/work/w1-x1/").content.decode()


@pytest.mark.parametrize("path", ["enrolments/{}/dates/", "cohorts/{}/board/"])
def test_no_door_of_an_admin_tells_why_something_is_excused_or_on_hold(ada, cast, path):
    excusing.excuse(mina(cast), roads.piece(cast.mina).exercise, reason="Secret one", by=cast.tomas, at=WEEK_1)
    holding.hold(mina(cast), reason="Secret two", by=cast.tomas, at=WEEK_1)

    answer = ada.get(path.format(mina(cast).pk if path.startswith("enrol") else cast.spring.pk))

    assert (answer.status_code, "Secret" in answer.content.decode()) == (200, False)


def test_a_client_takes_three_days_and_asks_for_a_week(cast, now):
    now.at = WEEK_1
    api, piece = Api(cast.mina), roads.piece(cast.mina)

    taken = api.post(f"submissions/{piece.pk}/more-time/", until="2026-03-11").json()
    asked = api.post(f"submissions/{piece.pk}/more-time/", until="2026-03-18", note="Two releases").json()

    assert (taken["state"], taken["by_itself"], taken["days"]) == ("granted", True, 3)
    assert (asked["state"], asked["by_itself"], asked["days"]) == ("asked", False, 7)
    assert api.get(f"submissions/{piece.pk}/").json()["due_at"] == "2026-03-12T04:59:59Z"


def test_the_coach_sees_what_was_asked_and_answers(tomas, cast):
    Api(cast.mina).post(f"submissions/{roads.piece(cast.mina).pk}/more-time/", until="2026-03-18", note="Two releases")
    (question,) = tomas.get("extensions/").json()
    assert (question["client"]["name"], question["note"], question["week"]) == ("Mina", "Two releases", 1)

    answered = tomas.post(f"extensions/{question['id']}/answer/", grant=True).json()

    assert (answered["state"], tomas.get("extensions/").json()) == ("granted", [])


def test_the_board_says_excused_on_hold_and_until_when(tomas, cast):
    excusing.excuse(mina(cast), roads.piece(cast.mina).exercise, reason="On leave", by=cast.tomas, at=WEEK_1)
    holding.hold(mina(cast), by=cast.tomas, at=WEEK_1)
    Api(cast.noor).post(f"submissions/{roads.piece(cast.noor).pk}/more-time/", until="2026-03-11")

    rows = {row["name"]: row for row in tomas.get(f"cohorts/{cast.spring.pk}/board/").json()["rows"]}

    assert (rows["Mina"]["on_hold_since"], rows["Mina"]["cells"][1]["state"]) == ("2026-03-04T10:00:00Z", "excused")
    assert (rows["Noor"]["on_hold_since"], rows["Noor"]["cells"][1]["more_until"]) == (None, "2026-03-11")


def test_a_coach_who_walks_the_programme_changes_nothing_of_their_own(cast, now):
    now.at = WEEK_1
    roads.client(cast.spring, cast.lena)
    own = Enrolment.objects.get(client=cast.lena)
    roads.coach(cast.autumn, cast.lena)
    Enrolment.objects.filter(pk=own.pk).update(cohort=cast.autumn)

    assert Api(cast.lena).post(f"enrolments/{own.pk}/hold/").status_code == 404


def test_instants_of_an_effect_are_those_of_the_rules(ada, cast):
    effect = ada.post(f"cohorts/{cast.spring.pk}/breaks/effect/", first_day=date(2026, 3, 16).isoformat()).json()

    mina_ = next(person for person in effect["people"] if person["name"] == "Mina")
    assert mina_["dues"][0]["was"] == datetime(2026, 3, 23, 4, 59, 59, tzinfo=UTC).isoformat().replace("+00:00", "Z")
