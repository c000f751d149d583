"""One recording, sent by several hands at once."""

import pytest

from clients import shelving, sounds, submitting, uploading
from clients.models import Attempt, Recording
from tests import roads
from tests.roads import TRANSLATION, WEEK_1
from tests.sounds.making import encoded

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
KEY = "w1-t1"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_recording_announced_sixteen_times_at_once_is_one(crowd, at_once):
    results = at_once(16, lambda _n: roads.recording_begun(crowd.mina))

    assert {result.pk for result in results} == {Recording.objects.get().pk}


def test_a_part_that_comes_from_every_side_is_written_once_and_whole(crowd, at_once):
    data = encoded(6)
    found = roads.recording_begun(crowd.mina, size=len(data))

    at_once(16, lambda _n: uploading.append(found, offset=0, data=data[:9000], by=crowd.mina, at=WEEK_1))

    assert sounds.staged(found).read_bytes() == data[:9000]
    assert Recording.objects.get().received == 9000


def test_the_last_part_sent_twice_at_once_makes_one_recording_that_is_ready(crowd, at_once):
    data = encoded(6)
    found = roads.recording_begun(crowd.mina, size=len(data))

    results = at_once(4, lambda _n: uploading.append(found, offset=0, data=data, by=crowd.mina, at=WEEK_1))

    kept = Recording.objects.get()
    assert [result.state for result in results] == ["ready"] * 4
    assert sounds.path_of(kept.digest).read_bytes() == data
    assert sorted(path.name for path in shelving.files()) == sorted([kept.digest, kept.playable])


def test_what_is_handed_in_while_it_is_removed_is_either_handed_in_or_gone(crowd, at_once):
    found = roads.recorded(crowd.mina)
    piece = roads.piece(crowd.mina, KEY)
    answer = TRANSLATION | {"audio": {"id": found.pk}}
    acts = (
        lambda: submitting.hand_in(piece, answer=answer, revision=0, by=crowd.mina, at=WEEK_1),
        lambda: uploading.remove(found, by=crowd.mina, at=WEEK_1),
    )

    results = at_once(8, lambda number: acts[number % 2]())

    is_named = Attempt.objects.filter(answer__audio__id=found.pk).exists()
    assert (Recording.objects.get().state, is_named) in {("ready", True), ("removed", False)}
    assert any(not isinstance(result, Exception) for result in results)
