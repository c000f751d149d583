"""What a client leaves with."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import sounds
from coaching import portfolio
from curriculum import clock
from tests import roads
from tests.roads import WEEK_1

WEEK_8 = WEEK_1 + timedelta(weeks=7, days=2)
ALMOST = WEEK_1 + timedelta(days=3)


@pytest.fixture(autouse=True)
def store(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(clock, "now", lambda: WEEK_8)


@pytest.fixture
def mine(cast):
    return cast.enrolment(cast.mina)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def words(response):
    return " ".join(response.content.decode().split())


def test_it_holds_what_was_handed_in_last_with_what_was_said(cast, mine):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1, another=True)
    roads.submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=ALMOST)
    roads.handed_in(cast.mina, at=ALMOST, topic="Fraud checks, said again")

    [piece] = portfolio.of(mine, at=WEEK_8).pieces

    assert (piece.exercise.key, piece.attempt.number) == ("w1-x1", 2)
    assert "Fraud checks, said again" in piece.text
    assert piece.feedback.keep.startswith("“One good customer")


def test_feedback_that_does_not_show_yet_is_not_in_it(cast, mine):
    feedback = roads.answered(cast.mina, cast.tomas, at=WEEK_1)

    [piece] = portfolio.of(mine, at=feedback.shown_from - timedelta(seconds=1)).pieces

    assert piece.feedback is None


@pytest.mark.parametrize(
    ("points", "finding"),
    [
        ({}, "Your distance will show here."),
        ({"a0": 2}, "This is today."),
        ({"a0": 3, "a8": 3}, "Little has moved yet, by your own rating."),
        ({"a0": 2, "a8": 4}, "All four moved about alike."),
    ],
)
def test_the_title_is_the_finding(cast, mine, points, finding):
    for moment, point in points.items():
        roads.assessed(cast.mina, moment, at=WEEK_1 if moment == "a0" else WEEK_8, point=point)

    assert portfolio.title(portfolio.of(mine, at=WEEK_8)) == finding


def test_the_title_names_what_moved_most(cast, mine):
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)
    rated = roads.rated(cast.mina, "a8", at=WEEK_8, point=3)
    most = {f"u{number}": 5 for number in range(1, 6)}
    roads.assessing.keep(rated.enrolment, "a8", answers=most, by=cast.mina, at=WEEK_8)
    roads.assessing.finish(rated.enrolment, "a8", by=cast.mina, at=WEEK_8)

    assert portfolio.title(portfolio.of(mine, at=WEEK_8)) == "Upward communication moved most: 2.0 → 5.0."


def test_the_zip_holds_the_page_the_markdown_and_the_sound(cast, mine):
    recorded = roads.recorded(cast.mina)
    roads.translated(cast.mina, audio={"id": recorded.pk})
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)

    answer = browser(cast.mina).get(reverse("portfolio-archive"))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert list(held) == ["portfolio.html", "portfolio.md", "audio/w1-t1.m4a"]
    assert held["audio/w1-t1.m4a"] == sounds.path_of(recorded.playable).read_bytes()
    assert roads.TRANSLATION["script"] in held["portfolio.md"].decode()
    assert "| Stakeholder communication | 2 | – | – | – |" in held["portfolio.md"].decode()
    assert 'src="audio/w1-t1.m4a"' in held["portfolio.html"].decode()


def test_a_recording_whose_file_is_gone_does_not_spoil_the_rest(cast, mine):
    recorded = roads.recorded(cast.mina)
    roads.translated(cast.mina, audio={"id": recorded.pk})
    sounds.path_of(recorded.playable).unlink()

    with zipfile.ZipFile(io.BytesIO(portfolio.archive(portfolio.of(mine, at=WEEK_8)))) as archive:
        assert archive.namelist() == ["portfolio.html", "portfolio.md"]


def test_the_page_shows_the_distance_and_nobody_elses(cast, mine, django_assert_num_queries):
    roads.translated(cast.mina, "w1-t1")
    roads.translated(cast.mina, "w8-t8", at=WEEK_8, script="The room is yours now, and it has been for seven weeks.")
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)
    client = browser(cast.mina)
    client.get(reverse("progress"))

    with django_assert_num_queries(11):
        page = words(client.get(reverse("progress")))

    assert "Play the first and the last minute" in page
    assert page.index(roads.TRANSLATION["script"]) < page.index("it has been for seven weeks")
    for stranger in (cast.noor, cast.omar):
        assert roads.TRANSLATION["script"] not in words(browser(stranger).get(reverse("progress")))


def test_an_empty_one_says_what_will_be_there(cast, mine):
    page = words(browser(cast.mina).get(reverse("progress")))

    assert "Your first minute will be here once it is handed in." in page
    assert "Nothing is handed in yet." in words(browser(cast.mina).get(reverse("portfolio")))
