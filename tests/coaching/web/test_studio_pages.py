"""The translation studio as a browser without scripts uses it, and what the recorder's script is told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients import submitting, uploading
from clients.models import Recording, Submission
from curriculum import clock
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1
from tests.sounds.hostile import REFUSED
from tests.sounds.making import encoded

KEY = "w1-t1"
TYPED = {"topic": "Why a room can be gone when you click", "self_check": ["what"], "receipt_from": "nobody"}
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture(autouse=True)
def store(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)


@pytest.fixture
def mina(cast):
    return browser(cast.mina)


def words(response):
    return " ".join(response.content.decode().split())


def sent(client, data, name="voice.webm"):
    file = SimpleUploadedFile(name, data, "audio/webm")
    return client.post(reverse("recording-whole", args=[KEY]), TYPED | {"client_key": name, "file": file})


def draft(person):
    return Submission.objects.get(enrolment__client=person, exercise__key=KEY).draft


def test_the_studio_offers_a_recorder_and_a_script(mina):
    page = words(mina.get(reverse("work", args=[KEY])))

    assert all(part in page for part in ('data-module="recorder"', 'name="file"', 'id="id_script"', "data-card"))


def test_a_file_sent_with_the_form_is_kept_and_can_be_heard_on_the_page(cast, mina):
    answer = sent(mina, encoded(6))

    found = Recording.objects.get()
    assert (answer.status_code, draft(cast.mina)["audio"]) == (302, {"id": found.pk})
    page = words(mina.get(reverse("work", args=[KEY])))
    assert f'src="/api/v1/recordings/{found.key}/sound/"' in page
    assert f'name="audio" value="{found.pk}"' in page


def test_without_scripts_a_box_leaves_the_recording_out(cast, mina):
    sent(mina, encoded(6))
    page = words(mina.get(reverse("work", args=[KEY])))
    assert 'name="audio-out"' in page

    number = Recording.objects.get().pk
    mina.post(reverse("work-draft", args=[KEY]), TYPED | {"audio": number, "audio-out": "on", "revision": 2})

    assert draft(cast.mina)["audio"] is None
    assert 'name="audio-out"' not in words(mina.get(reverse("work", args=[KEY])))


@pytest.mark.parametrize("name", ["an HTML page", "nothing at all", "a recording of 63 seconds"])
def test_a_refused_file_comes_back_with_its_sentence_and_everything_typed(cast, mina, name):
    answer = sent(mina, REFUSED[name]())

    assert answer.status_code == 422
    assert TYPED["topic"] in words(answer)
    assert draft(cast.mina)["topic"] == TYPED["topic"]


def test_a_file_that_is_too_large_stops_being_read_and_what_was_typed_is_kept(cast, mina):
    answer = sent(mina, b"\x1a\x45\xdf\xa3" + b"\0" * (uploading.BIGGEST + 2 * 1024 * 1024))

    assert answer.status_code == 422
    assert "A recording has at most 10 MB. This file is larger." in words(answer)
    assert draft(cast.mina)["topic"] == TYPED["topic"]


def test_the_script_announces_sends_and_goes_on_where_it_is_told(cast, mina):
    data = encoded(6)
    begun = mina.post(
        reverse("recording-begin", args=[KEY]),
        {"size": len(data), "client_key": "a", "name": "../x.webm"},
        headers=SCRIPT,
    )
    address = reverse("recording-part", args=[KEY, begun.json()["key"]])

    def part(offset, end):
        return mina.post(
            address,
            data[offset:end],
            content_type="application/octet-stream",
            headers={**SCRIPT, "Upload-Offset": str(offset)},
        )

    first, skipped, last = part(0, 5000), part(9000, 9100), part(5000, len(data))

    assert (begun.status_code, first.json()["received"]) == (201, 5000)
    assert (skipped.status_code, skipped.json()["received"]) == (409, 5000)
    assert (last.json()["state"], last.json()["seconds"] > 5.9) == ("ready", True)
    heard = mina.get(reverse("recording-player", args=[KEY, last.json()["id"]]))
    assert "<audio controls" in words(heard)


def test_the_coach_hears_what_was_handed_in_on_the_review_page(cast, mina):
    found = roads.recorded(cast.mina, KEY)
    roads.translated(cast.mina, KEY, audio={"id": found.pk}, script="")
    piece = roads.piece(cast.mina, KEY)

    page = words(browser(cast.tomas).get(reverse("review", args=[piece.pk])))

    assert f'src="/api/v1/recordings/{found.key}/sound/"' in page
    assert page.count("<rect x=") == 120


def test_every_translation_stands_side_by_side_in_a_fixed_number_of_queries(cast, mina, django_assert_num_queries):
    mina.get(reverse("practice"))
    with django_assert_num_queries(10):
        empty = mina.get(reverse("practice"))
    roads.translation_answered(cast.mina, cast.tomas, KEY)
    roads.translated(cast.mina, "w0-t0")
    found = roads.recorded(cast.noor, "w0-t0")
    submitting.save_draft(
        roads.piece(cast.noor, "w0-t0"), answer={"audio": {"id": found.pk}}, revision=None, by=cast.noor, at=WEEK_1
    )
    with django_assert_num_queries(10):
        page = mina.get(reverse("practice"))

    assert words(empty).count("Nothing yet.") == 2
    assert roads.TRANSLATION["script"] in words(page)
    assert "Questions you heard answered" in words(page) and "1 of 4" in words(page)
    theirs = words(browser(cast.noor).get(reverse("practice")))
    assert roads.TRANSLATION["script"] not in theirs
    assert f'src="/api/v1/recordings/{found.key}/sound/"' in theirs and ">6 s<" in theirs
