"""A client's homework over the API, and what a coach may read of it."""

from datetime import timedelta

import pytest

from clients import submitting
from clients.models import LessonReading
from coaching import reviewing
from tests import roads
from tests.doors.asking import Api, no
from tests.roads import ANSWERS, WEEK_1, WEEK_2

ANSWER = ANSWERS["w1-x1"]


@pytest.fixture
def mina(cast, now):
    return Api(cast.mina)


def address_of(person):
    """The address of the person's first translation."""
    return f"submissions/{roads.piece(person).pk}/"


def test_a_draft_is_saved_with_its_revision(cast, mina):
    path = address_of(cast.mina)

    saved = mina.put(f"{path}draft/", answer={"topic": "Fraud checks"}, revision=0)

    assert saved.status_code == 200
    assert saved.json() == {
        "id": roads.piece(cast.mina).pk,
        "state": "draft",
        "revision": 1,
        "saved_at": "2026-03-04T10:00:00Z",
        "answer": {"topic": "Fraud checks"},
        "kept": [],
    }


def test_a_stale_save_is_answered_with_both_texts(cast, mina):
    path = address_of(cast.mina)
    mina.put(f"{path}draft/", answer={"topic": "From the laptop"}, revision=0)

    refused = mina.put(f"{path}draft/", answer={"topic": "From the phone"}, revision=0)

    assert no(refused) == (409, "draft.stale")
    assert refused.json()["stored"] == {"answer": {"topic": "From the laptop"}, "revision": 1}
    assert refused.json()["yours"] == {"answer": {"topic": "From the phone"}}
    assert roads.piece(cast.mina).draft == {"topic": "From the laptop"}


def test_null_overwrites_on_purpose_and_leaving_the_revision_out_is_refused(cast, mina):
    path = address_of(cast.mina)
    mina.put(f"{path}draft/", answer={"topic": "From the laptop"}, revision=0)

    on_purpose = mina.put(f"{path}draft/", answer={"topic": "From the phone"}, revision=None)
    left_out = mina.put(f"{path}draft/", answer={"topic": "Third"})

    assert on_purpose.json()["revision"] == 2
    assert no(left_out) == (400, "input")
    assert left_out.json()["errors"] == {"revision": ["This field is required."]}


def test_handing_in_twice_with_one_key_makes_one_attempt(cast, mina):
    path = address_of(cast.mina)

    first = mina.post(f"{path}hand-in/", answer=ANSWER, revision=0, client_key="click-1")
    again = mina.post(f"{path}hand-in/", answer=ANSWER, revision=0, client_key="click-1")

    assert first.status_code == 201
    assert again.json() == first.json()
    assert roads.piece(cast.mina).attempts.count() == 1


def test_a_repeat_is_answered_200_because_nothing_was_made(cast, mina, now):
    path = address_of(cast.mina)
    mina.post(f"{path}hand-in/", answer=ANSWER, revision=0, client_key="click-1")
    now.at = WEEK_1 + timedelta(seconds=1)

    again = mina.post(f"{path}hand-in/", answer=ANSWER, revision=0, client_key="click-1")

    assert again.status_code == 200
    assert again.json()["handed_in_at"] == "2026-03-04T10:00:00Z"


def test_an_attempt_says_what_it_was_made_under(cast, mina):
    attempt = mina.post(f"{address_of(cast.mina)}hand-in/", answer=ANSWER, revision=0).json()

    prose = ("what", "why", "wrong", "when", "left_out")
    assert attempt["answer"] == ANSWER
    assert {name: attempt[name] for name in ("number", "words", "due_at", "is_late")} == {
        "number": 1,
        "words": sum(len(ANSWER[key].split()) for key in prose),
        "due_at": "2026-03-09T04:59:59Z",
        "is_late": False,
    }


def test_the_stored_draft_is_handed_in_when_no_answer_is_sent(cast, mina):
    roads.drafted(cast.mina)

    attempt = mina.post(f"{address_of(cast.mina)}hand-in/")

    assert attempt.status_code == 201
    assert attempt.json()["answer"] == ANSWER


def test_an_incomplete_answer_is_refused_field_by_field(cast, mina):
    refused = mina.post(f"{address_of(cast.mina)}hand-in/", answer=ANSWER | {"topic": ""}, revision=0)

    assert no(refused) == (422, "homework.answer_incomplete")
    assert refused.json()["errors"] == {"topic": ["This is still empty."]}
    assert roads.piece(cast.mina).draft == {}


def test_taking_back_and_trying_again(cast, mina, now):
    attempt = roads.handed_in(cast.mina)
    path = address_of(cast.mina)

    back = mina.post(f"{path}take-back/")
    submitting.hand_in(attempt.submission, by=cast.mina, at=WEEK_1)
    reviewing.send_feedback(
        roads.piece(cast.mina), content=roads.content(roads.piece(cast.mina), another=True), by=cast.tomas, at=WEEK_1
    )
    now.at = WEEK_2
    again = mina.post(f"{path}try-again/")

    assert (back.status_code, back.json()["state"], back.json()["answer"]) == (200, "draft", ANSWER)
    assert (again.status_code, again.json()["state"], again.json()["answer"]) == (200, "draft", ANSWER)


def test_the_first_read_is_answered_and_kept_nowhere(cast, mina):
    path = address_of(cast.mina)

    read = mina.post(f"{path}first-read/", answer=ANSWER)

    assert read.status_code == 200
    assert read.json()["words"] > 0
    assert read.json()["unread"] == ""
    for note in read.json()["notes"]:
        for start, end in note["spans"]:
            assert 0 <= start < end <= len(read.json()["text"])
    assert roads.piece(cast.mina).draft == {}


def test_a_first_read_of_another_language_says_so(cast, mina):
    german = "Wir ersetzen den Teil der Kasse, der entscheidet, ob eine Kartenzahlung sicher ist und bleibt. " * 3

    read = mina.post(f"{address_of(cast.mina)}first-read/", answer={"what": german})

    assert read.status_code == 200
    assert read.json()["notes"] == []
    assert read.json()["unread"] != ""


def test_a_note_is_kept_on_purpose(cast, mina):
    kept = mina.post(f"{address_of(cast.mina)}meant/", rule="H4")

    assert kept.json()["kept"] == ["H4"]


def test_a_lesson_is_marked_as_read_and_not(cast, mina):
    week = mina.get("me/week/").json()
    path = f"enrolments/{week['enrolment']}/lessons/{week['lessons'][0]['id']}/read/"

    mina.put(path, read=True)
    marked = LessonReading.objects.count()
    mina.put(path, read=False)

    assert (marked, LessonReading.objects.count()) == (1, 0)


# --- Reading ----------------------------------------------------------------------------------------


def test_only_the_writer_ever_gets_the_draft(cast, mina):
    roads.handed_in(cast.mina)
    path = address_of(cast.mina)

    own, coach = mina.get(path).json(), Api(cast.tomas).get(path).json()

    assert own["draft"]["answer"] == ANSWER
    assert coach["draft"] is None
    assert own["attempts"] == coach["attempts"]
    assert [attempt["answer"] for attempt in coach["attempts"]] == [ANSWER]


@pytest.mark.parametrize("who", ["noor", "omar", "ines", "ada", "lena"])
def test_a_piece_is_not_there_for_anybody_else(cast, now, who):
    roads.handed_in(cast.mina)

    assert no(Api(getattr(cast, who)).get(address_of(cast.mina))) == (404, "not_found")


def test_a_coach_sees_a_piece_from_the_hand_in_on_and_no_longer_once_taken_back(cast, now):
    tomas, path = Api(cast.tomas), address_of(cast.mina)

    drafted = roads.drafted(cast.mina)
    before = tomas.get(path).status_code
    submitting.hand_in(drafted, by=cast.mina, at=WEEK_1)
    handed_in = tomas.get(path).status_code
    submitting.take_back(drafted, by=cast.mina, at=WEEK_1)
    back = tomas.get(path).status_code

    assert (before, handed_in, back) == (404, 200, 404)


def test_what_a_client_keeps_to_themselves_is_in_their_attempt_alone(cast, mina, now):
    piece = roads.piece(cast.mina, "w1-t1")
    answer = {"topic": "Double bookings", "script": "We hold it.", "self_check": ["what"], "receipt_from": "nobody"}
    submitting.hand_in(piece, answer=answer | {"takes": 7}, revision=0, by=cast.mina, at=WEEK_1)

    read = [Api(who).get(f"submissions/{piece.pk}/").json()["attempts"][0]["answer"] for who in (cast.mina, cast.tomas)]

    assert read == [answer | {"takes": 7}, answer]


def test_a_locked_piece_tells_no_brief(cast, now):
    now.at = roads.BEFORE

    piece = Api(cast.mina).get(address_of(cast.mina)).json()

    assert (piece["state"], piece["brief"], piece["fields_asked"]) == ("locked", "", [])


def test_the_list_holds_ones_own_and_what_clients_handed_in(cast, mina):
    roads.handed_in(cast.mina)
    own = mina.get("submissions/").json()["results"]
    coached = Api(cast.tomas).get("submissions/").json()["results"]

    assert {row["client"]["name"] for row in own} == {"Mina"}
    assert len(own) == roads.piece(cast.mina).enrolment.submissions.count()
    assert [(row["client"]["name"], row["exercise"]["key"], row["state"]) for row in coached] == [
        ("Mina", "w1-x1", "handed_in")
    ]


def test_the_list_is_read_page_by_page(cast, mina, monkeypatch):
    everything = mina.get("submissions/").json()["results"]
    monkeypatch.setattr("coaching.caseload.PAGE", 3)

    pages, address = [], "/api/v1/submissions/"
    while address:
        page = mina.client.get(address).json()
        pages.append([row["id"] for row in page["results"]])
        address = page["next"]

    assert [row["id"] for row in everything] == [number for page in pages for number in page]
    assert {len(page) for page in pages[:-1]} == {3}


def test_the_list_is_filtered_by_state_and_cohort(cast, mina):
    roads.handed_in(cast.mina)

    handed_in = mina.get("submissions/", state="handed_in").json()["results"]
    drafts = mina.get("submissions/", state="draft").json()["results"]
    elsewhere = mina.get("submissions/", cohort=cast.autumn.pk).json()["results"]

    assert [row["exercise"]["key"] for row in handed_in] == ["w1-x1"]
    assert (drafts, elsewhere) == ([], [])


def test_no_filter_tells_that_feedback_is_on_its_way(cast, mina, now):
    """Sent feedback shows after ten seconds; until then neither the list nor a filter gives it away."""
    roads.answered(cast.mina, cast.tomas)
    now.at = WEEK_1 + timedelta(hours=2, seconds=9)

    before = [len(mina.get("submissions/", state=state).json()["results"]) for state in ("in_review", "accepted")]
    assert mina.get(address_of(cast.mina)).json()["due_at"] == "2026-03-09T04:59:59Z"
    now.at = WEEK_1 + timedelta(hours=2, seconds=10)
    later = [len(mina.get("submissions/", state=state).json()["results"]) for state in ("in_review", "accepted")]

    assert before == [1, 0]
    assert later == [0, 1]


def test_a_filter_nobody_offers_is_refused(cast, mina):
    refused = mina.get("submissions/", draft__contains="secret")

    assert no(refused) == (400, "input")
    assert refused.json()["errors"] == {"draft__contains": ["There is no such filter."]}


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_one_client_and_for_three(cast, now, django_assert_num_queries, people):
    clients = [cast.mina, cast.noor, roads.person("Priya")][:people]
    for who in clients:
        if not who.enrolments.exists():
            roads.client(cast.spring, who)
        roads.handed_in(who)
    tomas = Api(cast.tomas)

    with django_assert_num_queries(4):
        found = tomas.get("submissions/").json()["results"]

    assert len(found) == people


def test_an_attempt_is_there_as_plain_text_whatever_kind_is_asked_for(cast, mina):
    roads.handed_in(cast.mina)
    path = f"/api/v1/{address_of(cast.mina)}attempts/1/text/"

    answers = [mina.client.get(path, headers={"accept": kind}) for kind in ("*/*", "text/plain", "application/json")]

    assert {answer.headers["Content-Type"] for answer in answers} == {"text/plain; charset=utf-8"}
    assert {answer.content.decode()[:17] for answer in answers} == {"The four answers\n"}
    assert no(mina.get(f"{address_of(cast.mina)}attempts/2/text/")) == (404, "not_found")
    assert no(Api(cast.noor).get(f"{address_of(cast.mina)}attempts/1/text/")) == (404, "not_found")
