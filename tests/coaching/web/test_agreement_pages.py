"""The coaching agreement on the pages: read and accepted, asked again, and nothing typed is lost on the way."""

import pytest
from django.urls import reverse

from clients import agreements, joining
from clients.models import Acceptance, CoachingAgreement
from coaching import following
from curriculum import clock
from tests import roads
from tests.coaching.web.test_coach_pages import page, words
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api, no
from tests.doors.cases import FORM
from tests.graduating import NOON, asked
from tests.roads import BEFORE, WEEK_1


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)


@pytest.fixture
def lena(cast, here):
    """Enrolled and nothing more."""
    return joining.enrol(cast.spring, client=cast.lena, by=cast.ada, at=BEFORE)


def hand_in(client, **changes):
    return client.post(reverse("work-hand-in", args=["w1-x1"]), FORM | {"revision": "0", "client_key": "one"} | changes)


def accept(client, **sent):
    return client.post(reverse("agreement-accept"), {"sha256": agreements.newest().sha256} | sent)


def test_whoever_has_not_accepted_is_told_on_the_week_and_on_the_piece_and_finds_the_agreement(cast, lena):
    client = browser(cast.lena)

    for name, args in (("this-week", []), ("work", ["w1-x1"])):
        assert "Read and accept the coaching agreement." in words(page(client, name, *args))
    assert "Read and accept" not in words(page(client, "work", "w0-t0"))
    found = page(client, "agreement")
    assert "Where confidentiality ends" in words(found)
    assert "I have read this and accept it" in words(found)
    assert agreements.newest().sha256 in words(found)


def test_nobody_who_has_accepted_is_told_anything(cast, here):
    client = browser(cast.mina)

    assert "coaching agreement" not in words(page(client, "this-week")).lower()
    assert "I have read this" not in words(page(client, "agreement"))
    assert "You accepted this on 20 February 2026, 03:00" in words(page(client, "agreement"))


def test_handing_in_without_it_keeps_every_word_and_leads_there_and_back(cast, lena):
    client = browser(cast.lena)

    answer = hand_in(client)

    assert answer.status_code == 409
    assert "Read the coaching agreement and accept it before you hand in. What you wrote is kept." in words(answer)
    assert f'{reverse("agreement")}?piece=w1-x1"' in answer.content.decode()
    kept = roads.piece(cast.lena)
    assert (kept.state, kept.draft["topic"]) == ("draft", FORM["topic"])
    assert FORM["why"] in words(answer)
    assert accept(client, piece="w1-x1").headers["Location"] == reverse("work", args=["w1-x1"])
    assert hand_in(client, revision=kept.draft_revision).status_code == 302
    assert roads.piece(cast.lena).state == "handed_in"


def test_a_text_from_two_tabs_is_shown_twice_before_anybody_is_sent_to_the_agreement(cast, lena):
    roads.drafted(cast.lena, topic="From the other tab")

    answer = hand_in(browser(cast.lena), revision="0", topic="From this one")

    assert answer.status_code == 409
    assert "From the other tab" in words(answer) and "From this one" in answer.content.decode()


def test_a_new_version_asks_again_on_the_page_and_the_old_one_can_still_be_read(cast, here):
    client = browser(cast.mina)
    roads.another_agreement(cast.ada)

    assert "There is a new coaching agreement." in words(page(client, "this-week"))
    assert hand_in(client).status_code == 409
    accept(client)
    found = words(page(client, "agreement"))
    assert "What you accepted before" in found and "Version 1" in found
    assert "Where confidentiality ends" in found


def test_words_replaced_while_they_were_read_are_shown_anew(cast, lena):
    before = agreements.newest().sha256
    roads.another_agreement(cast.ada)

    answer = browser(cast.lena).post(reverse("agreement-accept"), {"sha256": before})

    assert answer.status_code == 409
    assert "The agreement has changed since you opened it." in words(answer)
    assert "Your coach reads what you hand in." in words(answer)
    assert Acceptance.objects.filter(enrolment=lena).count() == 0


def test_a_piece_that_is_not_there_leads_to_the_week(cast, lena):
    assert accept(browser(cast.lena), piece="no-such").headers["Location"] == reverse("this-week")


def test_the_account_page_says_what_was_accepted_and_when(cast, here):
    client = browser(cast.mina)

    found = words(page(client, "account"))

    assert "Spring: you accepted version 1 on 20 February 2026, 03:00" in found
    assert "Read the coaching agreement" in words(page(browser(cast.ada), "account"))


def test_whoever_is_no_client_reads_the_newest(cast, here):
    for who in (cast.tomas, cast.ada):
        found = words(page(browser(who), "agreement"))
        assert "Who sees what" in found
        assert "I have read this" not in found


# --- What was agreed to besides -------------------------------------------------------------------


def test_what_somebody_agreed_to_besides_stands_there_and_can_be_taken_back(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    asked(cast, cast.mina)
    client = browser(cast.mina)
    assert "You may ask me by mail three times" in words(page(client, "agreement"))

    client.post(reverse("agreement-withdraw"), {"scope": "check_ins"})

    assert "taken back on" in words(page(client, "agreement"))
    following.agree(cast.enrolment(cast.mina), "check_ins", by=cast.mina, at=NOON)
    assert client.post(reverse("agreement-withdraw"), {"scope": "no_such"}).status_code == 404


# --- Coach and office -----------------------------------------------------------------------------


def test_the_coach_and_the_admin_see_who_has_not_accepted(cast, lena):
    assert "Agreement not accepted yet" in words(page(browser(cast.tomas), "client", lena.pk))
    assert "Agreement accepted" in words(page(browser(cast.tomas), "client", cast.enrolment(cast.mina).pk))
    assert words(page(browser(cast.ada), "cohort", "spring")).count("Agreement not accepted yet") == 1
    states = {
        one["client"]["name"]: one["agreement"]
        for one in Api(cast.ada).get(f"cohorts/{cast.spring.pk}/enrolments/").json()
    }
    assert states == {"Lena": "not_yet", "Mina": "accepted", "Noor": "accepted"}


def test_an_admin_looks_at_the_next_version_before_it_is_published(cast, here):
    client = browser(cast.ada)
    typed = {"text": "## In short\n\nOnly your coach."}

    shown = client.post(reverse("office-agreement"), typed | {"show": "preview"})

    assert "<h2>In short</h2>" in shown.content.decode() and "## In short" in shown.content.decode()
    assert CoachingAgreement.objects.count() == 1
    assert client.post(reverse("office-agreement"), typed).status_code == 302
    assert CoachingAgreement.objects.first().text == typed["text"]
    assert "0 of 3 clients have accepted" in words(page(client, "office-agreement"))


def test_no_html_of_an_agreement_runs(cast, here):
    shown = browser(cast.ada).post(
        reverse("office-agreement"), {"text": "<script>alert(1)</script>[x](javascript:alert(1))", "show": "preview"}
    )

    assert "<script>alert" not in shown.content.decode()
    assert 'href="javascript' not in shown.content.decode()


def test_refused_words_stay_in_the_box(cast, here):
    answer = browser(cast.ada).post(reverse("office-agreement"), {"text": agreements.newest().text})

    assert answer.status_code == 422
    assert "These are the words of version 1" in words(answer)
    assert "Where confidentiality ends" in words(answer)


# --- The API --------------------------------------------------------------------------------------


def test_a_program_reads_the_words_and_accepts_them(cast, lena):
    mine, path = Api(cast.lena), f"enrolments/{lena.pk}/agreement/"
    told = mine.get(path).json()
    assert (told["version"], told["accepted_at"]) == (1, None)
    assert agreements.hash_of(told["text"]) == told["sha256"]

    assert mine.post(path, sha256=told["sha256"]).json()["accepted_at"] == "2026-03-04T10:00:00Z"
    assert no(mine.post(path, sha256="0" * 64)) == (409, "agreement.changed")


@pytest.mark.parametrize("n", [1, 3])
def test_reading_it_costs_the_same_whatever_was_accepted(cast, here, django_assert_num_queries, n):
    for day in range(n):
        roads.another_agreement(cast.ada, at=BEFORE.replace(hour=day))
        roads.agreed(cast.enrolment(cast.mina))
    client = browser(cast.mina)
    page(client, "agreement")

    with django_assert_num_queries(8):
        page(client, "agreement")
