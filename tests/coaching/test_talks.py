"""What is to be discussed live, and that it was talked about."""

from datetime import date, timedelta

import pytest
from django.test import Client

from clients.models import JournalEntry
from coaching import reviewing, talking, talks
from coaching.models import Talk
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

HOUR = timedelta(hours=1)
SOON = WEEK_1 + 4 * HOUR
TODAY = date(2026, 3, 4)


@pytest.fixture
def told(cast):
    """Mina's piece is to be discussed with Tomas, live."""
    cast.feedback = roads.answered(cast.mina, cast.tomas, live=True)
    return cast


def mark(told, *, day=TODAY, line="In one breath.", at=SOON, by="tomas"):
    return talking.mark(told.feedback, day=day, line=line, by=getattr(told, by), at=at)


def refused(told, **how):
    with pytest.raises((talking.CannotMark, talking.NotYourTalk, talking.TalkRejected)) as refusal:
        mark(told, **how)
    return refusal.value.code


def open_names(coach):
    return [one.attempt.submission.enrolment.client.name for one in talks.open_for(coach)]


# --- Marking ------------------------------------------------------------------------------------------


def test_it_is_open_until_it_is_marked_and_open_again_when_it_was_not_so(told):
    roads.answered(told.noor, told.tomas)
    before = open_names(told.tomas)
    mark(told)
    marked = open_names(told.tomas)
    talking.reopen(told.feedback, by=told.tomas, at=SOON + HOUR)

    assert (before, marked, open_names(told.tomas)) == (["Mina"], [], ["Mina"])
    assert open_names(told.ines) == []


def test_a_second_click_changes_nothing_and_a_correction_takes_its_place(told):
    first, again = mark(told), mark(told, at=SOON + HOUR)
    put_right = mark(told, line="", at=SOON + 2 * HOUR)

    assert (first.pk, first.marked_at) == (again.pk, again.marked_at)
    assert [(one.pk, one.line) for one in Talk.objects.all()] == [(first.pk, "")] == [(put_right.pk, put_right.line)]
    entries = JournalEntry.objects.filter(action="talked").order_by("pk")
    assert [(one.actor_id, one.at, one.note) for one in entries] == [
        (told.tomas.pk, SOON, ""),
        (told.tomas.pk, SOON + 2 * HOUR, ""),
    ]


def test_taking_it_back_is_journalled_once(told):
    mark(told)
    for _click in range(2):
        talking.reopen(told.feedback, by=told.tomas, at=SOON + HOUR)

    assert JournalEntry.objects.filter(action="has still to talk").count() == 1


@pytest.mark.parametrize("who", ["mina", "noor", "ines", "lena", "ada"])
def test_nobody_but_its_coaches_says_so(told, who):
    assert refused(told, by=who) == "talk.not_yours"


def test_only_what_was_to_be_discussed_live_and_shows_is_marked(told):
    early = told.feedback.shown_from - timedelta(seconds=1)
    hidden = refused(told, at=early)
    told.feedback = roads.answered(told.noor, told.tomas)

    assert (hidden, refused(told)) == ("talk.not_shown", "talk.not_asked")


def test_the_day_is_from_the_one_it_was_sent_to_today(told):
    codes = [refused(told, day=TODAY + timedelta(days=1)), refused(told, day=TODAY - timedelta(days=1))]

    assert codes == ["talk.to_come", "talk.too_early"]
    assert mark(told, day=date(2026, 3, 11), at=WEEK_2).day == date(2026, 3, 11)


def test_feedback_that_is_taken_back_takes_it_with_it_and_cannot_be_marked(told):
    mark(told, at=told.feedback.shown_from)
    reviewing.recall_feedback(told.feedback, by=told.tomas, at=told.feedback.sent_at + timedelta(minutes=1))

    assert Talk.objects.count() == 0
    assert refused(told) == "talk.not_shown"


# --- Where it stands ----------------------------------------------------------------------------------


def seen(told, who, path, at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)
    browser = Client()
    browser.force_login(getattr(told, who))
    return browser.get(path).content.decode()


def test_both_read_it_at_the_piece_and_the_queue_shows_it_no_longer(told, monkeypatch):
    piece = told.feedback.attempt.submission_id
    places = [("tomas", f"/coach/review/{piece}/"), ("mina", "/feedback/w1-x1/"), ("tomas", "/coach/queue/")]

    before = [seen(told, *place, SOON, monkeypatch) for place in places]
    browser = Client()
    browser.force_login(told.tomas)
    sent = {"day": f"{TODAY}", "line": "CANARY", "talked": "yes"}
    answer = browser.post(f"/coach/review/{piece}/attempt/1/talked/", sent)
    after = [seen(told, *place, SOON, monkeypatch) for place in places]

    assert answer.headers["Location"] == f"/coach/review/{piece}/?attempt=1#talk"
    assert ["We talked about it" in page for page in before] == [True, False, False]
    assert f'href="/coach/review/{piece}/?attempt=1#talk">Mina<' in before[2]
    assert ["CANARY" in page for page in after] == [True, True, False]
    assert "Talked about on 4 March" in after[1]
    assert "To be talked about" not in after[2]


def test_what_was_typed_stays_where_the_day_will_not_do(told, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SOON)
    browser = Client()
    browser.force_login(told.tomas)
    sent = {"day": "2026-03-09", "line": "Half a breath", "talked": "yes"}
    answer = browser.post(f"/coach/review/{told.feedback.attempt.submission_id}/attempt/1/talked/", sent)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "That day is still to come. Mark it once you have talked." in page
    assert 'value="2026-03-09"' in page and 'value="Half a breath"' in page


def test_a_program_marks_reads_and_takes_it_back(told, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SOON)
    piece, api = told.feedback.attempt.submission_id, Api(told.tomas)
    before = api.get("reviews/talks/").json()
    made = api.put(f"submissions/{piece}/feedback/talked/", day=f"{TODAY}", line="In one breath.")
    read = Api(told.mina).get(f"submissions/{piece}/feedback/").json()["talked"]

    assert [(one["submission"], one["client"], one["week"]) for one in before] == [(piece, "Mina", 1)]
    assert (made.status_code, read) == (200, made.json())
    assert (read["day"], read["line"], read["coach"]["name"]) == ("2026-03-04", "In one breath.", "Tomas")
    assert api.get("reviews/talks/").json() == []
    assert Api(told.mina).put(f"submissions/{piece}/feedback/talked/", day=f"{TODAY}").status_code == 404
    assert api.delete(f"submissions/{piece}/feedback/talked/").status_code == 204
    assert [Api(getattr(told, who)).get("reviews/talks/").status_code for who in ("mina", "ada")] == [404, 404]


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_list_costs_the_same_however_much_is_open(cast, django_assert_num_queries, count):
    cohort = roads.cohort(f"Of {count}")
    roads.coach(cohort, cast.lena)
    for number in range(count):
        person = roads.person(f"Client{number:02}")
        roads.client(cohort, person)
        roads.answered(person, cast.lena, live=True)

    with django_assert_num_queries(1):
        found = [f"{one.attempt.submission.enrolment.client}" for one in talks.open_for(cast.lena)]

    assert len(found) == count
