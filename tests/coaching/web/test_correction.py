"""Correcting the record: its page, what is asked for when, and what becomes of the client's own rating."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from clients.models import Submission
from coaching.web.client.forms import AnswerForm
from coaching.web.client.instruments import correction
from curriculum import clock
from curriculum.models import Exercise
from tests import roads
from tests.roads import ANSWERS, WEEK_4

KEY = "w4-x1"
ANSWER = ANSWERS[KEY]
FORM = ANSWER | {"redacted": "on", "fit": "3"}


@pytest.fixture
def mina(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_4)
    client = Client()
    client.force_login(cast.mina)
    return client


def page(client):
    return client.get(reverse("work", args=[KEY]))


def hand_in(client, **changes):
    return client.post(reverse("work-hand-in", args=[KEY]), FORM | {"revision": 0} | changes)


def stored(person):
    return Submission.objects.get(enrolment__client=person, exercise__key=KEY)


def test_the_setting_comes_first_then_the_responses_what_they_are_like_and_the_recording(mina):
    tool = page(mina).context["tool"]

    assert {place: [question.definition.key for question in questions] for place, questions in tool.items()} == {
        "setting": ["setting", "statement", "why_it_matters"],
        "responses": ["instinct", "too_blunt", "congruent"],
        "about": ["ways", "fit", "fit_note"],
        "after": ["script", "used", "used_story"],
    }


def test_the_page_stands_in_that_order_and_has_a_recorder(mina):
    content = page(mina).content.decode()

    names = re.findall(r'name="(\w+)"', content[content.index("correction stack") :])
    shown = list(dict.fromkeys(names))
    assert shown[:12] == [
        "setting", "statement", "why_it_matters", "instinct", "too_blunt", "congruent", "ways", "fit", "fit_note",
        "audio", "file", "script",
    ]  # fmt: skip
    assert 'id="recorder"' in content


def test_five_points_to_choose_among(mina):
    content = page(mina).content.decode()

    assert re.findall(r'type="radio" name="fit" value="(\d)"', content) == ["1", "2", "3", "4", "5"]


def test_what_another_answer_decides_on_says_so(mina):
    assert re.findall(r'data-asked="([^"]+)"', page(mina).content.decode()) == ["fit=1,2", "used=yes"]


@pytest.mark.parametrize(("fit", "status"), [("1", 422), ("2", 422), ("3", 302), ("5", 302)])
def test_a_note_is_asked_for_where_it_does_not_sound_like_them(mina, fit, status):
    response = hand_in(mina, fit=fit)

    assert response.status_code == status
    assert ("What feels false about it?</a>: This is still empty." in response.content.decode()) is (status == 422)


def test_with_its_note_a_low_rating_is_as_good_as_any(cast, mina):
    hand_in(mina, fit="1", fit_note="“Formality” is not a word of mine.")

    attempt = stored(cast.mina).attempts.get()
    assert (attempt.answer["fit"], attempt.answer["fit_note"]) == (1, "“Formality” is not a word of mine.")


def test_a_recording_or_a_script_but_one_of_them(mina):
    response = hand_in(mina, script="")

    assert response.status_code == 422
    assert "Record it, or write what you would say as a script" in html.unescape(response.content.decode())


def test_what_happened_is_asked_for_where_it_was_used(mina):
    assert hand_in(mina, used="yes").status_code == 422
    assert hand_in(mina, used="yes", used_story="The date moved by two days.").status_code == 302


def test_the_client_reads_their_own_rating_in_the_feedback(cast, mina, monkeypatch):
    roads.answered(cast.mina, cast.tomas, KEY, at=WEEK_4)
    monkeypatch.setattr(clock, "now", lambda: WEEK_4.replace(hour=20))

    content = mina.get(reverse("feedback-of", args=[KEY])).content.decode()

    assert content.count("your own rating") == 1
    assert "The client&#x27;s own rating is 3 or 4" in content


def test_points_too_many_to_stand_beside_each_other_are_a_number(cast, mina):
    piece = stored(cast.mina)
    piece.exercise = Exercise(fields=[{"key": "share", "kind": "scale", "range": {"min": 0, "max": 100}}])

    assert AnswerForm(piece).fields["share"].widget.input_type == "number"


def test_an_instrument_without_responses_shows_what_there_is(cast, mina):
    piece = stored(cast.mina)
    piece.exercise.fields = [{"key": "setting", "kind": "prose"}, {"key": "used", "kind": "line"}]

    found = correction.context(piece, AnswerForm(piece), {}, WEEK_4)

    assert {place: [one.definition.key for one in questions] for place, questions in found.items()} == {
        "setting": [], "responses": [], "about": ["setting", "used"], "after": [],
    }  # fmt: skip
