"""Listeners on the client's pages: a link shown once, what was remembered, the marks."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from clients.models import Receipt, Submission
from curriculum import clock
from tests import roads, speaking
from tests.roads import WEEK_1

KEY = "w1-t1"
HX = {"HX-Request": "true"}
LINK = re.compile(r'value="http://testserver/listen/([\w-]{43})/"')


@pytest.fixture(autouse=True)
def store(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)


@pytest.fixture
def mina(cast):
    client = Client()
    client.force_login(cast.mina)
    return client


def words(response):
    return " ".join(response.content.decode().split())


def work(client):
    return words(client.get(reverse("work", args=[KEY])))


def marked(receipt, **marks):
    return {f"beside-mark-{receipt.pk}-{key}": value for key, value in marks.items()}


def test_a_link_is_made_and_shown_once(mina, client):
    made = words(mina.post(reverse("receipt-ask", args=[KEY]), headers=HX))

    token = LINK.search(made)[1]
    assert client.get(reverse("listen", args=[token])).status_code == 200
    assert token not in work(mina)
    assert "told in person" in work(mina)


def test_the_take_in_the_form_goes_with_the_link_whether_it_is_saved_or_not(cast, mina):
    found = roads.recorded(cast.mina)

    mina.post(reverse("receipt-ask", args=[KEY]), {"audio": found.pk}, headers=HX)

    assert Receipt.objects.get().recording == found


def test_somebody_elses_take_does_not(cast, mina):
    found = roads.recorded(cast.noor)

    mina.post(reverse("receipt-ask", args=[KEY]), {"audio": found.pk}, headers=HX)

    assert Receipt.objects.get().recording is None


def test_without_scripts_what_was_typed_stays_typed_and_is_not_saved(cast, mina):
    answer = words(mina.post(reverse("receipt-ask", args=[KEY]), {"topic": "Typed and not saved"}))

    assert LINK.search(answer)
    assert 'value="Typed and not saved"' in answer
    assert Submission.objects.get(enrolment__client=cast.mina, exercise__key=KEY).draft == {}


def test_what_a_listener_remembered_is_marked_and_comes_to_points(cast, mina):
    receipt = speaking.remembered(cast.mina)
    assert "Rosa" in work(mina)
    assert speaking.MEMORY["what"] in work(mina)

    answer = mina.post(
        reverse("receipt-mark", args=[KEY, receipt.pk]), marked(receipt, what=2, why=0, wrong=2, when=2), headers=HX
    )

    assert '<span class="num">6</span> of <span class="num">8</span>' in words(answer)
    assert words(answer).count(" checked") == 4


def test_half_of_the_marks_are_not_taken_and_the_page_says_what_is_missing(cast, mina):
    receipt = speaking.remembered(cast.mina)

    answer = mina.post(reverse("receipt-mark", args=[KEY, receipt.pk]), marked(receipt, what=2), headers=HX)

    assert answer.status_code == 422
    assert "Mark this right, partly or wrong." in words(answer)
    assert Receipt.objects.get().marks == {}


def test_five_links_are_enough_and_withdrawing_one_makes_room(cast, mina):
    receipts = [speaking.listener_asked(cast.mina)[0] for _number in range(5)]
    assert "Make a link for a listener" not in work(mina)

    answer = mina.post(reverse("receipt-withdraw", args=[KEY, receipts[0].pk]), headers=HX)

    assert "Make a link for a listener" in words(answer)


def test_once_handed_in_listeners_can_still_be_asked_and_marked_without_scripts(cast, mina):
    receipt = speaking.remembered(cast.mina)
    roads.translated(cast.mina)

    made = words(mina.post(reverse("receipt-ask", args=[KEY])))
    answer = mina.post(reverse("receipt-mark", args=[KEY, receipt.pk]), marked(receipt, what=1, why=1, wrong=1, when=1))

    assert LINK.search(made)
    assert '<form id="receipts-form" method="post">' in made
    assert '<span class="num">4</span> of <span class="num">8</span>' in words(answer)


def test_an_exercise_in_which_nothing_is_said_has_no_listeners(mina):
    page = words(mina.get(reverse("work", args=["w1-x1"])))

    assert 'id="listeners"' not in page


def test_nobody_else_finds_them(cast, mina):
    receipt = speaking.remembered(cast.noor)

    answers = [
        mina.post(reverse(name, args=[KEY, receipt.pk]), headers=HX).status_code
        for name in ("receipt-withdraw", "receipt-mark")
    ]

    assert answers == [404, 404]
    assert "Rosa" not in work(mina)


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_receipts_takes_one_query(count, cast, django_assert_num_queries):
    from clients import receipts

    for _number in range(count):
        speaking.remembered(cast.mina)
    piece = roads.piece(cast.mina, KEY)

    with django_assert_num_queries(1):
        receipts.of(piece, at=WEEK_1)
