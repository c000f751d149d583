"""A part of a recording is bytes, not a form: the same answer at both doors all the same."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from clients import uploading
from tests import roads
from tests.doors.asking import Api
from tests.doors.cases import close
from tests.sounds.making import encoded

KEY = "w1-t1"
SIZE = 1000


@pytest.fixture(autouse=True)
def store(settings, tmp_path, now):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def send(cast):
    """(status, what it says) of the page and of the API for this part, each undone afterwards."""

    def both(found, data=b"x", offset=0, who="mina"):
        person = getattr(cast, who)
        page, api = Client(), Api(person).client
        page.force_login(person)
        answers = []
        for call, path in (
            (page.post, reverse("recording-part", args=[KEY, found.key])),
            (api.put, f"/api/v1/recordings/{found.key}/"),
        ):
            with transaction.atomic():
                answers.append(
                    call(path, data, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)})
                )
                transaction.set_rollback(True)
        return answers

    return both


@pytest.fixture
def found(cast):
    return roads.recording_begun(cast.mina, size=SIZE)


def told(answers):
    return [(answer.status_code, answer.json()["code"], answer.json()["detail"]) for answer in answers]


def same(answers, status, code):
    page, api = told(answers)
    return page == api and page[:2] == (status, code)


def test_a_part_in_the_wrong_place_is_told_where_it_goes_on(send, found):
    answers = send(found, offset=500)

    assert same(answers, 409, "recording.offset")
    assert [answer.json()["received"] for answer in answers] == [0, 0]


def test_more_than_was_announced_is_refused(send, found):
    assert same(send(found, b"x" * (SIZE + 1)), 422, "recording.too_much")


def test_a_part_of_a_recording_that_was_refused_is_too_late(cast, send, found):
    uploading.append(found, offset=0, data=b"x" * SIZE, by=cast.mina, at=roads.WEEK_1)

    assert same(send(found), 409, "recording.complete")


def test_while_the_piece_is_with_the_coach_nothing_comes_in(cast, send, found):
    roads.translated(cast.mina)

    assert same(send(found), 409, "homework.with_coach")


def test_a_closed_cohort_takes_nothing(cast, send, found):
    close(cast.spring)

    assert same(send(found), 409, "cohort.closed")


@pytest.mark.parametrize("who", ["noor", "omar", "tomas", "ada", "lena"])
def test_for_everybody_else_it_is_not_there(send, found, who):
    assert [answer.status_code for answer in send(found, who=who)] == [404, 404]


def test_the_last_part_says_at_both_doors_what_the_recording_is(cast, send):
    data = encoded(6)

    page, api = send(roads.recording_begun(cast.mina, size=len(data)), data)

    heard = ("id", "key", "state", "size", "received", "part", "seconds", "peaks", "refusal")
    assert {name: page.json()[name] for name in heard} == {name: api.json()[name] for name in heard}
    assert (api.json()["state"], round(api.json()["seconds"])) == ("ready", 6)
