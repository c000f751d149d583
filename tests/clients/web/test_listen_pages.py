"""A listener's page: hear it once, answer from memory, and nothing afterwards."""

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import listening
from clients.models import Receipt
from config.logs import NoTokens
from curriculum import clock
from tests import roads, speaking
from tests.roads import WEEK_1

HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "strict-origin"}


@pytest.fixture
def hand(monkeypatch):
    at = [WEEK_1]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture(autouse=True)
def store(settings, tmp_path, hand):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def rosa(client):
    """A browser nobody has signed in with."""
    return client


def page(token):
    return reverse("listen", args=[token])


def sound(token):
    return reverse("listen-sound", args=[token])


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def link(cast, with_sound=True):
    found = roads.recorded(cast.mina) if with_sound else None
    return speaking.listener_asked(cast.mina, sound=found)[1]


def test_the_page_says_who_speaks_and_who_sees_what_and_names_no_employer(cast, rosa):
    shown = words(rosa.get(page(link(cast))))

    assert "Listen to Mina for a minute" in shown
    assert "What you write goes to Mina and to nobody else, unless Mina shows it to their coach." in shown
    assert "You need no account" in shown
    assert cast.spring.name not in shown
    assert cast.spring.edition.title not in shown


def test_the_recording_is_heard_with_ranges_until_the_questions_and_not_after(cast, rosa):
    token = link(cast)

    whole, part = rosa.get(sound(token)), rosa.get(sound(token), headers={"Range": "bytes=0-9"})
    begun = rosa.post(page(token), {"begin": "1"})
    after = rosa.get(sound(token))

    assert (whole.status_code, whole["Content-Type"]) == (200, "audio/mp4")
    assert (part.status_code, part["Content-Length"], b"".join(part.streaming_content)) == (
        206, "10", b"".join(whole.streaming_content)[:10],
    )  # fmt: skip
    assert (begun.status_code, begun["Location"], after.status_code) == (302, page(token), 404)


def test_on_the_way_to_the_questions_there_is_a_way_back_and_afterwards_the_player_is_gone(cast, rosa):
    token = link(cast)
    before = rosa.get(page(token)).content.decode()
    again = rosa.get(page(token)).content.decode()

    rosa.post(page(token), {"begin": "1"})
    questions = rosa.get(page(token)).content.decode()

    assert (before.count("<audio"), again.count("<audio"), questions.count("<audio")) == (1, 1, 0)
    assert [questions.count(f'name="{key}"') for key in ("what", "why", "wrong", "when", "listener")] == [1] * 5
    assert 'name="what"' not in before


def test_without_a_recording_the_client_tells_it_in_person(cast, rosa):
    token = link(cast, with_sound=False)

    shown = rosa.get(page(token))

    assert "Mina tells you in person." in words(shown)
    assert "<audio" not in shown.content.decode()
    assert rosa.get(sound(token)).status_code == 404


def test_four_answers_are_sent_once_and_then_it_is_closed(cast, rosa):
    token = link(cast)
    rosa.post(page(token), {"begin": "1"})

    sent = rosa.post(page(token), speaking.MEMORY | {"listener": "Rosa"})
    again = rosa.post(page(token), speaking.MEMORY | {"what": "Something else"})

    assert (sent.status_code, "Thank you" in words(sent)) == (200, True)
    assert (again.status_code, "closed to changes" in words(again)) == (404, True)
    assert list(Receipt.objects.values_list("what", "listener")) == [(speaking.MEMORY["what"], "Rosa")]


def test_nothing_written_is_lost_when_it_cannot_be_taken_yet(cast, rosa):
    token = link(cast)
    rosa.post(page(token), {"begin": "1"})

    answer = rosa.post(page(token), {"what": "word " * 200, "why": "Because rooms run out"})

    assert answer.status_code == 422
    assert "At most 600 characters an answer." in words(answer)
    assert "Because rooms run out" in words(answer)


def test_markup_in_an_answer_is_text_for_its_client(cast, rosa):
    token = link(cast)
    rosa.post(page(token), {"begin": "1"})
    rosa.post(page(token), {"what": "<b>bold</b><script>alert(1)</script>", "listener": "<i>R</i>"})
    browser = Client()
    browser.force_login(cast.mina)

    shown = browser.get(reverse("work", args=["w1-t1"])).content.decode()

    assert "&lt;b&gt;bold&lt;/b&gt;&lt;script&gt;" in shown
    assert "<b>bold" not in shown


@pytest.mark.parametrize("state", ["expired", "withdrawn", "used", "unknown"])
def test_a_link_that_is_over_and_one_that_never_was_are_both_not_there(state, cast, rosa, hand):
    receipt, token = speaking.listener_asked(cast.mina, sound=roads.recorded(cast.mina))
    if state == "expired":
        hand[0] = WEEK_1 + timedelta(days=7)
    elif state == "withdrawn":
        listening.withdraw(receipt, by=cast.mina, at=WEEK_1)
    elif state == "used":
        listening.begin(receipt, at=WEEK_1)
        listening.answer(receipt, **speaking.MEMORY, at=WEEK_1)
    else:
        token = "no-such-token"

    answers = [rosa.get(page(token)), rosa.post(page(token), speaking.MEMORY), rosa.get(sound(token))]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "There is nothing to hear here" in words(answers[0])
    assert "Mina" not in words(answers[0])


def test_every_answer_is_kept_by_nobody_and_found_by_no_search_engine(cast, rosa):
    token = link(cast)
    answers = [rosa.get(page(token)), rosa.get(sound(token)), rosa.get(page("unknown"))]

    assert [{name: answer[name] for name in HEADERS} for answer in answers] == [HEADERS] * 3
    assert '<meta name="robots" content="noindex, nofollow">' in answers[0].content.decode()


def test_whoever_tries_link_after_link_is_asked_to_wait(cast, rosa):
    token = link(cast)

    tried = [rosa.get(page(f"guess-{number}")).status_code for number in range(60)]

    assert tried == [404] * 60
    assert rosa.get(page(token)).status_code == 429
    assert rosa.get(f"/api/v1/listen/{token}/").status_code == 429


def test_the_token_stands_in_no_log():
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Not Found: %s", ("/listen/abc-DEF_1/sound/",), None)

    NoTokens().filter(record)

    assert record.getMessage() == "Not Found: /listen/…/sound/"
