"""The queue, the claim and the feedback over the API."""

from datetime import timedelta

import pytest

from clients import submitting
from coaching import assigning
from coaching.models import Assignment, Claim, Feedback
from tests import roads
from tests.doors.asking import Api, no
from tests.roads import WEEK_1
from tests.sounds.making import encoded

HOUR = timedelta(hours=1)


@pytest.fixture
def tomas(cast, now):
    return Api(cast.tomas)


def address_of(person):
    """The address of the person's first translation."""
    return f"submissions/{roads.piece(person).pk}/"


def written(person, **changes):
    return roads.content(roads.piece(person)) | {"revision": None} | changes


# --- The queue --------------------------------------------------------------------------------------


def test_the_queue_says_who_waits_and_how_long_is_left(cast, tomas, now):
    roads.handed_in(cast.noor, at=WEEK_1 + HOUR)
    roads.handed_in(cast.mina, at=WEEK_1)
    now.at = WEEK_1 + 2 * HOUR

    rows = tomas.get("reviews/queue/").json()["results"]

    assert [(row["client"], row["minutes_left"], row["claimed_by"]) for row in rows] == [
        ("Mina", 70 * 60, ""),
        ("Noor", 71 * 60, ""),
    ]
    assert rows[0]["promised_at"] == "2026-03-07T10:00:00Z"


def test_the_queue_is_read_page_by_page(cast, tomas, monkeypatch):
    for who, hours in ((cast.mina, 0), (cast.noor, 1)):
        roads.handed_in(who, at=WEEK_1 + hours * HOUR)
    monkeypatch.setattr("coaching.caseload.PAGE", 1)

    first = tomas.get("reviews/queue/").json()
    second = tomas.client.get(first["next"]).json()
    third = tomas.client.get(second["next"]).json()

    assert [row["client"] for row in first["results"] + second["results"]] == ["Mina", "Noor"]
    assert third == {"next": None, "results": []}


@pytest.mark.parametrize("after", ["soon", "2026-03-04T10:00:00,1", "2026-03-04T10:00:00+00:00", "2026-13-04T10:00Z,1"])
def test_a_page_nobody_named_is_refused(tomas, after):
    assert no(tomas.get("reviews/queue/", after=after)) == (400, "input")


@pytest.mark.parametrize("who", ["mina", "ada", "lena"])
def test_there_is_no_queue_for_somebody_who_coaches_nobody(cast, now, who):
    assert no(Api(getattr(cast, who)).get("reviews/queue/")) == (404, "not_found")


@pytest.mark.parametrize("people", [1, 3])
def test_the_queue_costs_the_same_for_one_client_and_for_three(cast, tomas, django_assert_num_queries, people):
    for who in [cast.mina, cast.noor, roads.person("Priya")][:people]:
        if not who.enrolments.exists():
            roads.client(cast.spring, who)
        roads.handed_in(who)

    with django_assert_num_queries(5):
        found = tomas.get("reviews/queue/").json()["results"]

    assert len(found) == people


# --- The claim --------------------------------------------------------------------------------------


def test_a_claim_is_by_name(cast, tomas):
    roads.handed_in(cast.mina)

    claim = tomas.post(f"{address_of(cast.mina)}claim/")

    assert claim.status_code == 200
    assert claim.json()["coach"] == {"id": cast.tomas.pk, "name": "Tomas"}
    assert claim.json()["claimed_at"] == "2026-03-04T10:00:00Z"


def test_a_colleague_is_told_who_has_it_and_may_take_it_over(cast, tomas, now):
    roads.coach(cast.spring, cast.ines)
    roads.claimed(cast.mina, cast.tomas)
    ines = Api(cast.ines)

    refused = ines.post(f"{address_of(cast.mina)}claim/")
    in_between = ines.post(f"{address_of(cast.mina)}take-over/", holder=cast.ada.pk)
    taken = ines.post(f"{address_of(cast.mina)}take-over/", holder=cast.tomas.pk)

    assert no(refused) == no(in_between) == (409, "review.claimed")
    assert refused.json()["detail"] == "Tomas has had this since 11:00 UTC."
    assert taken.json()["coach"]["name"] == "Ines"


def test_releasing_gives_the_claim_up(cast, tomas):
    roads.claimed(cast.mina, cast.tomas)

    released = tomas.post(f"{address_of(cast.mina)}release/")

    assert released.status_code == 204
    assert not Claim.objects.exists()


@pytest.mark.parametrize("verb", ["claim", "take-over", "release", "feedback", "feedback/undo"])
@pytest.mark.parametrize("who", ["mina", "noor", "ines", "ada"])
def test_a_piece_is_not_there_for_somebody_who_does_not_coach_it(cast, now, who, verb):
    roads.handed_in(cast.mina)

    refused = Api(getattr(cast, who)).post(f"{address_of(cast.mina)}{verb}/", **written(cast.mina))

    assert no(refused) == (404, "not_found")


def test_whoever_stopped_coaching_sees_nothing_from_the_next_request_on(cast, tomas):
    roads.handed_in(cast.mina)
    before = tomas.get(address_of(cast.mina)).status_code
    assigning.release(Assignment.objects.get(coach=cast.tomas), by=cast.ada, at=WEEK_1)

    after = tomas.get(address_of(cast.mina)).status_code

    assert (before, after) == (200, 404)


# --- The draft of the feedback ----------------------------------------------------------------------


def test_the_sheet_shows_the_rubric_before_anything_is_written(cast, tomas):
    roads.handed_in(cast.mina)

    sheet = tomas.get(f"{address_of(cast.mina)}feedback-draft/").json()

    criteria = sheet.pop("criteria")
    assert sheet == {
        "attempt": 1, "keep": "", "try_next": "", "levels": {}, "another": False, "revision": 0, "saved_at": None,
        "own_levels": {}, "live": False, "asks": [], "asked": [], "addressed": {}, "notes": [], "hints": [],
    }  # fmt: skip
    assert [len(criterion["levels"]) for criterion in criteria] == [4] * len(criteria)
    assert not Claim.objects.exists()


def test_the_first_save_claims_the_piece(cast, tomas):
    roads.handed_in(cast.mina)

    saved = tomas.put(f"{address_of(cast.mina)}feedback-draft/", keep="“One in fifty”", revision=0)

    assert (saved.status_code, saved.json()["revision"], saved.json()["keep"]) == (200, 1, "“One in fifty”")
    assert Claim.objects.get().coach == cast.tomas


def test_a_stale_save_is_answered_with_both_feedbacks(cast, tomas):
    roads.handed_in(cast.mina)
    path = f"{address_of(cast.mina)}feedback-draft/"
    tomas.put(path, keep="First tab", revision=0)

    refused = tomas.put(path, keep="Second tab", revision=0)

    assert no(refused) == (409, "draft.stale")
    assert refused.json()["stored"]["keep"] == "First tab"
    assert refused.json()["yours"] == {"keep": "Second tab"}


def test_nobody_reads_a_colleagues_draft(cast, tomas):
    roads.coach(cast.spring, cast.ines)
    roads.handed_in(cast.mina)
    tomas.put(f"{address_of(cast.mina)}feedback-draft/", keep="Mine alone", revision=0)

    sheet = Api(cast.ines).get(f"{address_of(cast.mina)}feedback-draft/").json()

    assert (sheet["keep"], sheet["revision"]) == ("", 0)


# --- The feedback -----------------------------------------------------------------------------------


def test_feedback_shows_to_the_client_after_ten_seconds(cast, tomas, now):
    roads.claimed(cast.mina, cast.tomas)
    mina, path = Api(cast.mina), f"{address_of(cast.mina)}feedback/"

    sent = tomas.post(path, **written(cast.mina))
    at_once = mina.get(path)
    now.at = WEEK_1 + timedelta(seconds=10)
    then = mina.get(path)

    assert sent.status_code == 201
    assert no(at_once) == (404, "not_found")
    assert then.json() == sent.json()
    assert {mark["level"] for mark in then.json()["marks"]} == {3}
    assert all(mark["anchor"] and mark["next_anchor"] for mark in then.json()["marks"])


def test_feedback_with_parts_missing_says_which(cast, tomas):
    roads.claimed(cast.mina, cast.tomas)

    refused = tomas.post(f"{address_of(cast.mina)}feedback/", **written(cast.mina, keep=""))

    assert no(refused) == (422, "feedback.incomplete")
    assert refused.json()["errors"] == {"keep": ["Name one thing to keep, best in their words."]}


def test_feedback_is_undone_within_ten_seconds_and_not_after(cast, tomas, now):
    roads.answered(cast.mina, cast.tomas)
    path = f"{address_of(cast.mina)}feedback/"

    now.at = WEEK_1 + timedelta(hours=2, seconds=10)
    too_late = tomas.post(f"{path}undo/")
    now.at = WEEK_1 + timedelta(hours=2, seconds=9)
    in_time = tomas.post(f"{path}undo/")

    assert no(too_late) == (409, "feedback.shown")
    assert in_time.status_code == 204
    assert roads.piece(cast.mina).state == "in_review"


def test_only_whoever_sent_it_can_undo_it(cast, now):
    roads.coach(cast.spring, cast.ines)
    roads.answered(cast.mina, cast.tomas)
    now.at = WEEK_1 + timedelta(hours=2, seconds=1)

    refused = Api(cast.ines).post(f"{address_of(cast.mina)}feedback/undo/")

    assert no(refused) == (404, "not_found")
    assert Feedback.objects.exists()


def test_an_earlier_feedback_is_there_by_its_attempt(cast, now):
    roads.answered(cast.mina, cast.tomas, another=True)
    now.at = WEEK_1 + 3 * HOUR
    mina, path = Api(cast.mina), f"{address_of(cast.mina)}feedback/"

    first = mina.get(path, attempt=1).json()
    second = mina.get(path, attempt=2)

    assert (first["attempt"], first["verdict"]) == (1, "another")
    assert no(second) == (404, "not_found")


def test_reading_it_is_noted_once_it_shows(cast, now):
    roads.answered(cast.mina, cast.tomas)
    mina, path = Api(cast.mina), f"{address_of(cast.mina)}feedback/read/"

    before = mina.post(path)
    now.at = WEEK_1 + 3 * HOUR
    after = mina.post(path)

    assert no(before) == (404, "not_found")
    assert after.status_code == 204
    assert Feedback.objects.get().read_at == WEEK_1 + 3 * HOUR


# --- Asks, notes in the margin, a voice ---------------------------------------------------------------


def test_asks_and_notes_go_out_and_come_back_answered_once_that_shows(cast, tomas, now):
    roads.handed_in(cast.mina)
    note = {"field": "why", "quote": "costs us a sale", "text": "Say how much."}
    sent = tomas.post(
        f"{address_of(cast.mina)}feedback/", **written(cast.mina, another=True, asks=["By when?"], notes=[note])
    )
    now.at = WEEK_1 + HOUR
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=now.at)
    roads.handed_in(cast.mina, at=now.at)
    (asked,) = tomas.get(f"{address_of(cast.mina)}feedback-draft/").json()["asked"]
    answer = written(cast.mina, addressed={asked["id"]: "partly"})
    answered = tomas.post(f"{address_of(cast.mina)}feedback/", **answer)

    first = f"{address_of(cast.mina)}feedback/"
    seen = [Api(cast.mina).get(first, attempt=1).json()["asks"][0]["addressed"]]
    now.at += timedelta(seconds=10)
    seen.append(Api(cast.mina).get(first, attempt=1).json()["asks"][0]["addressed"])

    assert (sent.status_code, answered.status_code, seen) == (201, 201, ["", "partly"])
    told = Api(cast.mina).get(first, attempt=1).json()["notes"]
    assert [(one["quote"], one["suffix"], one["text"]) for one in told] == [("costs us a sale", ".", "Say how much.")]


def test_more_than_three_asks_are_a_mistake_in_the_input(cast, tomas):
    roads.handed_in(cast.mina)

    refused = tomas.put(f"{address_of(cast.mina)}feedback-draft/", asks=["a", "b", "c", "d"], revision=0)

    assert no(refused) == (400, "input")


def test_a_spoken_answer_is_heard_by_its_client_once_the_feedback_shows(cast, tomas, now):
    roads.handed_in(cast.mina)
    place = f"/api/v1/{address_of(cast.mina)}feedback-voice/"
    said = tomas.client.put(place, encoded(6), content_type="application/octet-stream")
    tomas.post(f"{address_of(cast.mina)}feedback/", **written(cast.mina))
    sound = f"recordings/{said.json()['key']}/sound/"
    early = Api(cast.mina).get(sound).status_code
    now.at += timedelta(seconds=10)

    heard = Api(cast.mina).get(sound)

    assert (said.status_code, round(said.json()["seconds"]), early, heard.status_code) == (200, 6, 404, 200)
    assert Api(cast.mina).get(f"{address_of(cast.mina)}feedback/").json()["voice"]["key"] == said.json()["key"]
    assert Api(cast.noor).get(sound).status_code == 404
