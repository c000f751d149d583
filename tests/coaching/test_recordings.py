"""Who hears a recording, and how it is served."""

import pytest
from django.test import Client

from clients import sounds, submitting
from coaching import recordings
from curriculum import clock
from tests import roads
from tests.roads import WEEK_1


@pytest.fixture(autouse=True)
def store(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)


@pytest.fixture
def recorded(cast):
    return roads.recorded(cast.mina)


def hand_in(cast, recorded):
    return roads.translated(cast.mina, audio={"id": recorded.pk}, script="")


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def hear(client, recorded, **headers):
    return client.get(f"/api/v1/recordings/{recorded.key}/sound/", headers=headers)


def hearers(cast, recorded):
    everybody = ("mina", "noor", "omar", "tomas", "ines", "ada", "lena")
    return [
        name
        for name in everybody
        if recordings.visible_to(getattr(cast, name), at=WEEK_1).filter(pk=recorded.pk).exists()
    ]


def test_before_it_is_handed_in_only_its_client_hears_it(cast, recorded):
    assert hearers(cast, recorded) == ["mina"]


def test_once_handed_in_the_coach_of_the_cohort_hears_it_too_and_nobody_else(cast, recorded):
    hand_in(cast, recorded)

    assert hearers(cast, recorded) == ["mina", "tomas"]


def test_taken_back_it_is_its_clients_alone_again(cast, recorded):
    hand_in(cast, recorded)
    submitting.take_back(roads.piece(cast.mina, "w1-t1"), by=cast.mina, at=WEEK_1)

    assert hearers(cast, recorded) == ["mina"]


def test_a_take_that_was_not_handed_in_stays_unheard(cast, recorded):
    data = roads.encoded(7)
    other = roads.uploading.begin(
        roads.piece(cast.mina, "w1-t1"), size=len(data), client_key="second take", by=cast.mina, at=WEEK_1
    )
    other = roads.uploading.append(other, offset=0, data=data, by=cast.mina, at=WEEK_1)
    hand_in(cast, recorded)

    assert (hearers(cast, recorded), hearers(cast, other)) == (["mina", "tomas"], ["mina"])


def test_the_whole_is_served_privately(cast, recorded):
    answer = hear(browser(cast.mina), recorded, accept="audio/webm,audio/ogg;q=0.9")

    assert (answer.status_code, b"".join(answer.streaming_content)) == (
        200, sounds.path_of(recorded.playable).read_bytes(),
    )  # fmt: skip
    assert {name: answer.headers[name] for name in ("Content-Type", "Accept-Ranges", "Cache-Control")} == {
        "Content-Type": "audio/mp4", "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache",
    }  # fmt: skip
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_player_gets_the_part_it_asks_for(cast, recorded):
    whole = sounds.path_of(recorded.playable).read_bytes()

    answer = hear(browser(cast.mina), recorded, range="bytes=100-199")

    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, whole[100:200])
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert answer.headers["Content-Length"] == "100"


def test_behind_the_end_there_is_nothing(cast, recorded):
    answer = hear(browser(cast.mina), recorded, range="bytes=99999999-")

    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{sounds.size_of(recorded)}")


def test_a_part_of_another_version_is_answered_with_the_whole(cast, recorded):
    client = browser(cast.mina)
    tag = hear(client, recorded).headers["ETag"]

    same = hear(client, recorded, **{"range": "bytes=0-9", "if-range": tag})
    other = hear(client, recorded, **{"range": "bytes=0-9", "if-range": '"older"'})
    known = hear(client, recorded, **{"if-none-match": tag})

    assert [same.status_code, other.status_code, known.status_code] == [206, 200, 304]


def test_it_can_be_downloaded_under_a_harmless_name(cast, recorded):
    answer = browser(cast.mina).get(f"/api/v1/recordings/{recorded.key}/sound/?download=1")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="recording-{recorded.key}.m4a"'


def test_asked_for_its_head_it_says_how_long_it_is_and_sends_nothing(cast, recorded):
    answer = browser(cast.mina).head(f"/api/v1/recordings/{recorded.key}/sound/")

    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(sounds.size_of(recorded)))
    assert b"".join(answer.streaming_content) == b""


def test_what_a_restore_left_out_is_not_there(cast, recorded):
    sounds.path_of(recorded.playable).unlink()

    assert hear(browser(cast.mina), recorded).status_code == 404


@pytest.mark.parametrize("name", ["noor", "omar", "tomas", "ines", "ada", "lena"])
def test_to_everybody_else_it_is_not_there(cast, recorded, name):
    answer = hear(browser(getattr(cast, name)), recorded)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
