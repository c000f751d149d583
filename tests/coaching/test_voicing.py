"""A coach's spoken answer: who hears it and when, what is taken, and what stays on the disk."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import shelving, sounds, uploading
from clients.uploading import NoSound
from coaching import reviewing, voices, voicing
from coaching.models import Claim, Voice
from tests import roads
from tests.roads import WEEK_1
from tests.sounds.making import encoded

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def said(cast):
    """Tomas has said something about Mina's piece and not sent it."""
    submission = roads.handed_in(cast.mina).submission
    return voicing.say(submission, parts=[encoded(6)], by=cast.tomas, at=WEEK_1 + HOUR)


def heard(who, at):
    return voices.visible_to(who, at=at).exists()


def test_nobody_but_its_speaker_hears_it_before_the_feedback_shows(cast, said):
    roads.coach(cast.spring, cast.ines)
    at = WEEK_1 + 2 * HOUR
    drafted = [heard(who, at) for who in (cast.tomas, cast.ines, cast.mina)]
    sent = reviewing.send_feedback(
        roads.piece(cast.mina), content=roads.content(roads.piece(cast.mina)), by=cast.tomas, at=at
    )

    nearly = [heard(who, sent.sent_at + 9 * SECOND) for who in (cast.tomas, cast.ines, cast.mina)]
    shown = [heard(who, sent.shown_from) for who in (cast.tomas, cast.ines, cast.mina, cast.noor, cast.ada)]

    assert drafted == [True, False, False]
    assert nearly == [True, True, False]
    assert shown == [True, True, True, False, False]


def test_the_first_word_claims_the_piece_and_saying_it_again_takes_its_place(cast, said):
    claim = Claim.objects.get()
    again = voicing.say(roads.piece(cast.mina), parts=[encoded(8)], by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    assert (claim.coach, Voice.objects.get(), round(again.seconds)) == (cast.tomas, said, 8)


def test_a_spoken_answer_stays_on_the_disk_and_what_took_no_place_does_not(cast, said):
    before = said.playable
    voicing.say(roads.piece(cast.mina), parts=[encoded(8)], by=cast.tomas, at=WEEK_1 + 2 * HOUR)
    kept = Voice.objects.get()

    uploading.collect(at=WEEK_1 + timedelta(days=9000))

    assert sounds.path_of(kept.playable).exists()
    assert not sounds.path_of(before).exists()
    assert {path.name for path in shelving.files()} == {kept.digest, kept.playable}


@pytest.mark.parametrize(("parts", "code"), [([], "recording.empty"), ([b"no sound at all"], "recording.refused")])
def test_what_is_no_recording_is_refused_and_leaves_nothing(cast, parts, code):
    submission = roads.handed_in(cast.mina).submission

    with pytest.raises(NoSound) as refused:
        voicing.say(submission, parts=parts, by=cast.tomas, at=WEEK_1 + HOUR)

    assert (refused.value.code, Voice.objects.count(), shelving.files()) == (code, 0, [])


def test_a_file_that_is_too_big_is_not_read_to_its_end(cast, monkeypatch):
    monkeypatch.setattr(uploading, "BIGGEST", 1000)
    submission = roads.handed_in(cast.mina).submission

    with pytest.raises(NoSound) as refused:
        voicing.say(submission, parts=iter([b"x" * 900, b"x" * 900]), by=cast.tomas, at=WEEK_1 + HOUR)

    assert (refused.value.code, shelving.files()) == ("recording.too_big", [])


def test_what_was_sent_is_not_said_anew_and_undo_makes_it_a_draft_again(cast, said):
    piece = roads.piece(cast.mina)
    sent = reviewing.send_feedback(piece, content=roads.content(piece), by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    with pytest.raises(reviewing.CannotReview):
        voicing.say(piece, parts=[encoded(6)], by=cast.tomas, at=WEEK_1 + 2 * HOUR)
    reviewing.undo_feedback(sent, by=cast.tomas, at=sent.sent_at + SECOND)
    voicing.drop(piece, by=cast.tomas, at=sent.sent_at + 2 * SECOND)

    assert Voice.objects.count() == 0


def test_the_database_holds_one_voice_a_coach_that_can_be_played_and_is_a_minute_at_most(said):
    tries = [
        lambda: Voice.objects.create(
            attempt=said.attempt, coach=said.coach, digest="d", playable="p", milliseconds=5000, said_at=WEEK_1
        ),
        lambda: Voice.objects.update(playable=""),
        lambda: Voice.objects.update(milliseconds=62_001),
        lambda: Voice.objects.update(milliseconds=0),
    ]

    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
