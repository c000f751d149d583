"""A recording comes in: announced, part by part, once, and never at the cost of what was typed."""

import os
import resource
import subprocess
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import audio, shelving, sounds, submitting, uploading
from clients.audio import Unsound
from clients.models import JournalEntry, Recording
from clients.submitting import NotNow, NotYours
from clients.uploading import CannotRecord, NoSound, WrongPlace
from tests import roads
from tests.roads import WEEK_1
from tests.sounds.hostile import NAMES, REFUSED
from tests.sounds.making import encoded

KEY = "w1-t1"
TYPED = {"topic": "Why a room can be gone when you click", "self_check": ["what"], "receipt_from": "nobody"}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def piece(cast):
    return roads.piece(cast.mina, KEY)


@pytest.fixture
def begin(cast, piece):
    def call(size, key="one", **given):
        return uploading.begin(piece, size=size, client_key=key, by=cast.mina, at=WEEK_1, **given)

    return call


@pytest.fixture
def send(cast, begin):
    """The whole of it, in parts."""

    def call(data, key="one", part=uploading.PART, **given):
        found = begin(len(data), key, **given)
        for start in range(0, len(data), part):
            found = uploading.append(found, offset=start, data=data[start : start + part], by=cast.mina, at=WEEK_1)
        return found

    return call


def date_files(at):
    """As if they had been written then; this machine's clock wrote them today."""
    for path in shelving.files():
        os.utime(path, (at.timestamp(), at.timestamp()))


def files():
    return sorted(path.name for path in shelving.files())


def test_a_recording_is_ready_once_its_last_part_is_there(send):
    data = encoded(6)

    found = send(data, part=7_000)

    assert (found.state, round(found.seconds), found.received) == ("ready", 6, len(data))
    assert sounds.path_of(found.digest).read_bytes() == data
    assert files() == sorted({found.digest, found.playable})
    assert oct(sounds.path_of(found.playable).stat().st_mode)[-3:] == "600"


def test_an_upload_goes_on_where_it_was_lost(cast, begin):
    data = encoded(6)
    found = begin(len(data))
    uploading.append(found, offset=0, data=data[:9000], by=cast.mina, at=WEEK_1)

    again = begin(len(data))
    with pytest.raises(WrongPlace) as refusal:
        uploading.append(again, offset=20_000, data=data[20_000:], by=cast.mina, at=WEEK_1)

    assert (again.pk, again.received, refusal.value.received) == (found.pk, 9000, 9000)
    done = uploading.append(again, offset=9000, data=data[9000:], by=cast.mina, at=WEEK_1)
    assert done.state == "ready"


def test_a_part_that_is_sent_twice_counts_once(cast, begin):
    data = encoded(6)
    found = begin(len(data))
    for _twice in range(2):
        uploading.append(found, offset=0, data=data[:5000], by=cast.mina, at=WEEK_1)

    done = uploading.append(found, offset=5000, data=data[5000:], by=cast.mina, at=WEEK_1)
    again = uploading.append(done, offset=5000, data=data[5000:], by=cast.mina, at=WEEK_1)

    assert (done.state, again.state, again.pk) == ("ready", "ready", done.pk)


def test_what_a_crash_left_behind_the_last_part_is_overwritten(cast, begin):
    data = encoded(6)
    found = begin(len(data))
    sounds.staging().mkdir(parents=True)
    sounds.staged(found).write_bytes(b"half of a part that was never counted" * 400)

    done = uploading.append(found, offset=0, data=data, by=cast.mina, at=WEEK_1)

    assert sounds.path_of(done.digest).read_bytes() == data


@pytest.mark.parametrize(("size", "part"), [(5_000, 32_768), (370_000, 32_768), (5_760_078, 360_004), (10**7, 524_288)])
def test_a_part_costs_seconds_where_the_connection_is_lost_and_a_large_file_takes_few(begin, size, part):
    assert uploading.part_of(begin(size)) == part


def test_where_a_part_is_gone_the_upload_goes_on_before_it(cast, begin):
    data = encoded(6)
    found = begin(len(data))
    uploading.append(found, offset=0, data=data[:9000], by=cast.mina, at=WEEK_1)
    sounds.staged(found).unlink()  # as after a restore without it

    with pytest.raises(WrongPlace) as refusal:
        uploading.append(found, offset=9000, data=data[9000:], by=cast.mina, at=WEEK_1)

    assert refusal.value.received == 0
    assert uploading.append(found, offset=0, data=data, by=cast.mina, at=WEEK_1).state == "ready"


def test_after_a_crash_between_the_last_part_and_its_look_that_part_sent_again_is_enough(cast, begin):
    data = encoded(6)
    found = begin(len(data))
    uploading._take(found, offset=0, data=data, by=cast.mina, at=WEEK_1)

    done = uploading.append(found, offset=5000, data=data[5000:], by=cast.mina, at=WEEK_1)

    assert (done.state, files()) == ("ready", sorted({done.digest, done.playable}))


def test_a_machine_without_time_asks_to_be_sent_it_again_and_refuses_no_recording(cast, begin, monkeypatch):
    data = encoded(6)
    found = begin(len(data))
    with monkeypatch.context() as patched, pytest.raises(NoSound, match="has no time to look at it"):
        patched.setattr(audio, "WALL", 0.001)
        uploading.append(found, offset=0, data=data, by=cast.mina, at=WEEK_1)

    assert uploading.append(found, offset=len(data), data=b"", by=cast.mina, at=WEEK_1).state == "ready"


def test_two_recordings_with_the_same_bytes_share_their_files(send):
    first, second = send(encoded(6), "one"), send(encoded(6), "two")

    assert (first.pk != second.pk, first.playable == second.playable) == (True, True)
    assert len(files()) == 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("an SVG with a script", "This file is no recording we can play. Use webm, ogg, mp4, m4a, mp3 or wav."),
        ("a WebM cut off in its head", "This recording is damaged and cannot be played."),
        ("a recording of 63 seconds", "This is 63 seconds long; 60 are asked for and 62 are accepted."),
        ("a recording of 75 seconds that does not say so", "This is 75 seconds long; 60 are asked for and 62 are"),
        ("a recording of two seconds", "This is 2 seconds long; at least 5 are needed."),
        ("a recording in which nothing can be heard", "Nothing can be heard in it."),
    ],
)
def test_a_file_that_is_no_recording_is_refused_with_a_sentence_and_leaves_nothing(send, piece, name, sentence):
    found = send(REFUSED[name]())

    assert (found.state, found.refusal.startswith(sentence)) == ("refused", True)
    assert files() == []


@pytest.mark.parametrize(("code", "seconds", "said"), [("too_long", 62.03, "63 sec"), ("too_short", 4.97, "4 sec")])
def test_a_length_beside_the_limit_is_not_rounded_onto_it(code, seconds, said):
    assert f"This is {said}" in shelving.sentence_for(Unsound(code, seconds))


def test_half_a_gigabyte_is_refused_by_its_announcement(begin):
    with pytest.raises(NoSound, match="at most 10 MB"):
        begin(500 * 1024 * 1024)
    with pytest.raises(NoSound, match="This file is empty"):
        begin(0)

    assert Recording.objects.count() == 0


def test_more_than_was_announced_is_not_taken(cast, begin):
    found = begin(1000)

    with pytest.raises(NoSound, match="More arrived than was announced"):
        uploading.append(found, offset=0, data=b"x" * 1001, by=cast.mina, at=WEEK_1)

    found.refresh_from_db()
    assert (found.received, files()) == (0, [])


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_made_harmless_before_anybody_sees_it(begin, name):
    assert begin(1000, name=name, media_type=name).name == NAMES[name]


def test_strangers_and_the_coach_record_nothing_here(cast, piece, begin):
    found = begin(1000)
    for who in (cast.omar, cast.noor, cast.tomas, cast.ada):
        with pytest.raises(NotYours):
            uploading.begin(piece, size=1, client_key="x", by=who, at=WEEK_1)
        with pytest.raises(NotYours):
            uploading.append(found, offset=0, data=b"x", by=who, at=WEEK_1)
        with pytest.raises(NotYours):
            uploading.remove(found, by=who, at=WEEK_1)


def test_nothing_is_recorded_where_nothing_is_asked_or_the_piece_is_with_the_coach(cast):
    with pytest.raises(CannotRecord):
        uploading.begin(roads.piece(cast.mina, "w1-x1"), size=1, client_key="x", by=cast.mina, at=WEEK_1)
    roads.handed_in(cast.mina)
    with pytest.raises(NotNow):
        uploading.begin(roads.piece(cast.mina), size=1, client_key="x", by=cast.mina, at=WEEK_1)


def test_the_attempt_keeps_a_copy_and_the_recording_stays(cast, piece, send):
    found = send(encoded(6))
    answer = TYPED | {"audio": {"id": found.pk}}

    attempt = submitting.hand_in(piece, answer=answer, revision=0, by=cast.mina, at=WEEK_1)

    kept = attempt.answer["audio"]
    assert (kept["id"], kept["key"], kept["playable"]) == (found.pk, str(found.key), found.playable)
    submitting.take_back(roads.piece(cast.mina, KEY), by=cast.mina, at=WEEK_1)
    with pytest.raises(CannotRecord, match="was handed in, so it stays"):
        uploading.remove(found, by=cast.mina, at=WEEK_1)


def test_a_recording_that_is_not_there_cannot_be_handed_in(cast, piece, begin, send):
    half, theirs = begin(1000), roads.piece(cast.noor, KEY)
    other = uploading.begin(theirs, size=5, client_key="x", by=cast.noor, at=WEEK_1)
    for number in (half.pk, other.pk, 10**9):
        with pytest.raises(submitting.AnswerRejected) as refusal:
            submitting.hand_in(piece, answer=TYPED | {"audio": {"id": number}}, revision=0, by=cast.mina, at=WEEK_1)
        assert refusal.value.by_field["audio"][0].startswith("The recording is not here yet.")


def test_a_take_nobody_named_goes_after_a_month_and_what_is_named_stays(cast, piece, send):
    handed_in, replaced, in_hand = send(encoded(6), "one"), send(encoded(7), "two"), send(encoded(8), "three")
    submitting.hand_in(piece, answer=TYPED | {"audio": {"id": handed_in.pk}}, revision=0, by=cast.mina, at=WEEK_1)
    submitting.take_back(piece, by=cast.mina, at=WEEK_1)
    submitting.save_draft(piece, answer=TYPED | {"audio": {"id": in_hand.pk}}, revision=None, by=cast.mina, at=WEEK_1)
    date_files(WEEK_1)

    uploading.collect(at=WEEK_1 + timedelta(days=29))
    assert Recording.objects.count() == 3
    uploading.collect(at=WEEK_1 + timedelta(days=31))

    assert set(Recording.objects.all()) == {handed_in, in_hand}
    assert not sounds.path_of(replaced.playable).exists() and sounds.path_of(in_hand.playable).exists()


def test_a_removed_recording_is_gone_with_the_next_collection(cast, send):
    found = send(encoded(6))

    uploading.remove(found, by=cast.mina, at=WEEK_1)

    assert JournalEntry.objects.filter(action="removed recording", actor="Mina").count() == 1
    date_files(WEEK_1)
    assert (uploading.collect(at=WEEK_1 + timedelta(hours=25)), files()) == (2, [])


def test_only_what_no_row_names_is_collected_and_only_after_a_day(cast, send, begin):
    kept, half = send(encoded(6)), begin(100_000, "half")
    uploading.append(half, offset=0, data=b"x" * 5000, by=cast.mina, at=WEEK_1)
    orphan = sounds.path_of("ab" * 32)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"nobody's")
    date_files(WEEK_1 - timedelta(hours=1))

    assert uploading.collect(at=WEEK_1 + timedelta(hours=22)) == 0
    assert uploading.collect(at=WEEK_1 + timedelta(hours=23, minutes=59)) == 1  # the orphan
    assert uploading.collect(at=WEEK_1 + timedelta(hours=25)) == 1  # what was never finished
    assert (files(), Recording.objects.get()) == (sorted({kept.digest, kept.playable}), kept)


def test_a_file_with_the_form_saves_what_was_typed_even_where_the_file_is_refused(cast, piece):
    bad, good = REFUSED["an HTML page"](), encoded(6)
    given = {"client_key": "a", "answer": TYPED, "by": cast.mina, "at": WEEK_1}
    with pytest.raises(NoSound, match="no recording we can play"):
        uploading.receive_whole(piece, parts=[bad], size=len(bad), **given)
    assert roads.piece(cast.mina, KEY).draft["topic"] == TYPED["topic"]

    found = uploading.receive_whole(piece, parts=[good], size=len(good), **(given | {"client_key": "b"}))

    assert roads.piece(cast.mina, KEY).draft["audio"] == {"id": found.pk}


@contextmanager
def small_disk(place, kilobytes=64):
    """A disk of this size where one can be had; else no file may grow beyond that."""
    place.mkdir()
    size = f"size={kilobytes}k"
    is_mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], check=False).returncode == 0
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not is_mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        if is_mounted:
            subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_a_sentence_and_the_draft_is_kept(cast, piece, begin, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "small"
    data = encoded(30, "ogg", "libopus")
    found = begin(len(data))
    submitting.save_draft(piece, answer=TYPED, revision=None, by=cast.mina, at=WEEK_1)

    with small_disk(tmp_path / "small"):
        uploading.append(found, offset=0, data=data[:30_000], by=cast.mina, at=WEEK_1)
        with pytest.raises(NoSound, match=r"There is no room for the recording right now\. Your text is saved"):
            uploading.append(found, offset=30_000, data=data[30_000:], by=cast.mina, at=WEEK_1)
        found.refresh_from_db()
        left = (found.state, found.received, sounds.staged(found).stat().st_size)

    assert left == ("receiving", 30_000, 30_000)
    assert roads.piece(cast.mina, KEY).draft["topic"] == TYPED["topic"]


def test_where_there_is_no_room_for_the_version_that_is_played_the_recording_waits_for_it(
    cast, begin, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "small"
    data = encoded(30, "ogg", "libopus")
    found = begin(len(data))

    with small_disk(tmp_path / "small", kilobytes=len(data) // 1024 + 40):
        with pytest.raises(NoSound, match="There is no room for the recording right now"):
            uploading.append(found, offset=0, data=data, by=cast.mina, at=WEEK_1)
        left, kept = files(), sounds.staged(found).read_bytes()
    settings.MEDIA_ROOT = tmp_path / "large"
    sounds.staged(found).parent.mkdir(parents=True)
    sounds.staged(found).write_bytes(kept)

    assert left == [str(found.key)]
    assert uploading.append(found, offset=len(data), data=b"", by=cast.mina, at=WEEK_1).state == "ready"


def test_the_database_holds_what_a_recording_is(piece, begin):
    found = begin(1000)
    for changes in ({"received": 1001}, {"state": "ready"}, {"refusal": "Too long."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recording.objects.filter(pk=found.pk).update(**changes)
