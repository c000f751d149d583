"""What the page of a piece costs its client once it was answered."""

from datetime import timedelta

import pytest
from django.test import Client

from clients import submitting
from coaching import reviewing
from tests import roads
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)


def opened(cast, now, at, path):
    now.at = at
    browser = Client()
    browser.force_login(cast.mina)
    browser.get(path)
    return browser


@pytest.mark.parametrize("asked", [1, 2, 3])
def test_an_answered_piece_costs_the_same_however_much_was_asked(cast, now, django_assert_num_queries, asked):
    roads.answered(cast.mina, cast.tomas, another=True, asks=["Say it first.", "Say by when.", "Name her."][:asked])
    browser = opened(cast, now, WEEK_1 + 4 * HOUR, "/work/w1-x1/")

    with django_assert_num_queries(12):
        page = browser.get("/work/w1-x1/").content.decode()

    assert page.count("Say it first.") == 1


def test_a_second_attempt_adds_what_became_of_what_was_asked_and_the_levels_before(
    cast, now, django_assert_num_queries
):
    first, later = (
        roads.answered(cast.mina, cast.tomas, another=True, level=2, asks=["Say it first."]),
        WEEK_1 + 5 * HOUR,
    )
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=later)
    piece = roads.claimed(cast.mina, cast.tomas, at=later)
    told = roads.content(piece, addressed={str(first.asks.get().pk): "yes"})
    reviewing.send_feedback(piece, content=told, by=cast.tomas, at=later + 2 * HOUR)
    browser = opened(cast, now, later + 3 * HOUR, "/work/w1-x1/")

    with django_assert_num_queries(13):
        page = browser.get("/work/w1-x1/").content.decode()

    assert "Level 3 of 4, 2 on the attempt before" in page
    assert "What was asked last time" in page


def test_an_answered_translation_costs_no_more(cast, now, django_assert_max_num_queries):
    roads.translation_answered(cast.mina, cast.tomas)
    browser = opened(cast, now, WEEK_1 + 4 * HOUR, "/work/w1-t1/")

    with django_assert_max_num_queries(20):
        browser.get("/work/w1-t1/")
