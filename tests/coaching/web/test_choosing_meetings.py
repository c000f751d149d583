"""Week 3's piece: meetings chosen from the log, copies handed in, a table for the coach."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import practising, submitting
from clients.models import Attempt, Meeting
from coaching import reviewing
from curriculum import clock
from curriculum.answers import AnswerRejected
from tests import roads
from tests.roads import WEEK_1

DAY = timedelta(days=1)
WEEK_3 = WEEK_1 + 14 * DAY
NOTICED = "With people I know I go first; in the forum I waited for a pause that never came, until it was over for us."
NEXT = "Next week in the forum I post my conclusion in the chat before anybody speaks."


@pytest.fixture
def now(monkeypatch):
    hand = type("Clock", (), {"at": WEEK_3})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def meeting(who, title="Release review", day="2026-03-17", at=WEEK_3, **changes):
    return roads.logged(who, title=title, date=day, at=at, **changes)


def chosen(response):
    """The titles that are ticked on the page, in its order."""
    html = response.content.decode()
    boxes = re.findall(r'name="entries" value="\d+"( checked)?>.*?strong">([^<]+)', html)
    return [title for ticked, title in boxes if ticked]


def offered(response):
    return re.findall(r'name="entries" value="\d+"(?: checked)?>.*?strong">([^<]+)', response.content.decode())


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def work(client):
    return client.get(reverse("work", args=["w3-x1"]))


def post(client, name, **sent):
    return client.post(reverse(name, args=["w3-x1"]), sent)


# --- Choosing -----------------------------------------------------------------------------------------


def test_this_weeks_meetings_are_chosen_and_others_can_be(cast, mina):
    meeting(cast.mina, "This week")
    meeting(cast.mina, "Last week", "2026-03-12")

    response = work(mina)

    assert (offered(response), chosen(response)) == (["This week", "Last week"], ["This week"])
    assert "Meetings of other weeks" in words(response)


def test_with_nothing_logged_the_page_says_so_and_offers_to_log(mina):
    response = work(mina)

    assert "Nothing of week 3 is in your log yet." in words(response)
    assert "/log/new/?cohort=spring&amp;week=3&amp;for=w3-x1" in response.content.decode()


def test_what_was_chosen_stays_chosen_and_what_is_logged_since_joins_it(cast, mina, now):
    kept, left_out = meeting(cast.mina, "Kept"), meeting(cast.mina, "Left out")
    now.at = WEEK_3 + timedelta(hours=1)
    post(mina, "work-draft", revision=0, entries=[kept.pk], noticed="So far")
    meeting(cast.mina, "Logged since", at=WEEK_3 + timedelta(hours=2))

    response = work(mina)

    assert left_out.title in offered(response)
    assert sorted(chosen(response)) == ["Kept", "Logged since"]


def test_what_a_refused_form_held_is_what_it_shows_again(cast, mina):
    first = meeting(cast.mina, "Chosen")
    meeting(cast.mina, "Not chosen")

    response = post(mina, "work-hand-in", revision=0, entries=[first.pk], noticed=NOTICED, next_change=NEXT)

    assert response.status_code == 422
    assert "At least 3 meetings here; this has 1." in words(response)
    assert chosen(response) == ["Chosen"]


def test_without_scripts_the_text_is_saved_on_the_way_to_the_log_and_back(cast, mina):
    away = post(mina, "work-draft", revision=0, then="log", noticed="Half a thought")
    form = roads.ENTRY | {"date": "2026-03-17", "stake": "yes", "error_heard": "no", "client_key": "1"}

    back = mina.post(reverse("log-new"), form | {"for": "w3-x1"})

    assert away.headers["Location"] == "/log/new/?cohort=spring&week=3&for=w3-x1"
    assert back.headers["Location"] == "/work/w3-x1/"
    assert roads.piece(cast.mina, "w3-x1").draft["noticed"] == "Half a thought"
    assert chosen(work(mina)) == ["Release review"]


def test_nobody_chooses_among_somebody_elses_meetings(cast, mina):
    theirs = meeting(cast.noor, "Noor's forum")
    for number in range(3):
        meeting(cast.mina, f"Own {number}")
    own = Meeting.objects.filter(enrolment__client=cast.mina).values_list("pk", flat=True)

    response = post(mina, "work-hand-in", revision=0, entries=[*own, theirs.pk], noticed=NOTICED, next_change=NEXT)

    assert response.status_code == 422
    assert "One of these meetings is no longer in your log. Choose again." in words(response)
    assert "Noor's forum" not in words(response)


@pytest.mark.parametrize("entries", [1, 3, 50])
def test_the_page_costs_the_same_however_long_the_log_is(cast, mina, entries, django_assert_num_queries):
    for number in range(entries):
        meeting(cast.mina, f"Meeting {number}")
    work(mina)

    with django_assert_num_queries(9):
        work(mina)


# --- Handing in ---------------------------------------------------------------------------------------


@pytest.fixture
def handed_in(cast):
    rows = [
        meeting(
            cast.mina, "Release review", prepared="I recommend we ship on Thursday.", said_it="yes", first_minute=6
        ),
        meeting(cast.mina, "Architecture forum", error_heard=True, error_response="let_stand"),
        meeting(cast.mina, "Sprint planning", times_spoke=0, conclusion_first="", stake=False),
    ]
    answer = {"entries": [{"id": row.pk} for row in rows], "noticed": NOTICED, "next_change": NEXT}
    return submitting.hand_in(roads.piece(cast.mina, "w3-x1"), answer=answer, revision=0, by=cast.mina, at=WEEK_3)


def test_an_attempt_keeps_copies_whatever_becomes_of_the_log(cast, mina, handed_in):
    first, second = Meeting.objects.order_by("pk")[:2]
    practising.change_meeting(first, entry=roads.ENTRY | {"title": "Renamed"}, by=cast.mina, at=WEEK_3 + DAY)
    practising.remove_meeting(second, by=cast.mina, at=WEEK_3 + DAY)

    kept = Attempt.objects.get(pk=handed_in.pk).answer["entries"]

    assert [copy["title"] for copy in kept] == ["Release review", "Architecture forum", "Sprint planning"]
    assert "Architecture forum" in words(mina.get(reverse("work", args=["w3-x1"])))


def test_two_meetings_are_not_three(cast):
    rows = [meeting(cast.mina), meeting(cast.mina)]
    answer = {"entries": [{"id": row.pk} for row in rows], "noticed": NOTICED, "next_change": NEXT}

    with pytest.raises(AnswerRejected) as refused:
        submitting.hand_in(roads.piece(cast.mina, "w3-x1"), answer=answer, revision=0, by=cast.mina, at=WEEK_3)

    assert refused.value.by_field == {"entries": ["At least 3 meetings here; this has 2."]}


def test_a_coach_reads_the_meetings_as_a_table_in_words(cast, now, handed_in):
    coach = Client()
    coach.force_login(cast.tomas)
    reviewing.claim(handed_in.submission, by=cast.tomas, at=WEEK_3)

    response = coach.get(reverse("review", args=[handed_in.submission_id]))

    text = words(response).replace(" ,", ",")
    assert "Release review Tuesday 17 March, Review, 9 people, 45 min 3 times first at minute 6 Mostly –" in text
    assert "“I recommend we ship on Thursday.” Said it: yes My proposal was taken." in text
    assert "Architecture forum Tuesday 17 March, Review, 9 people, 45 min 3 times Mostly Let it stand" in text
    assert "Sprint planning Tuesday 17 March, Review, 9 people, 45 min, no stake 0 times Did not speak –" in text


def test_the_examples_show_their_meetings_too(mina):
    response = mina.get(reverse("work", args=["w3-x1"]), {"show": "examples"})

    assert "“My view is that we should not add a second queue.” Said it: in other words" in words(response)
