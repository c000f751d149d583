"""A transcript from asking to the client's own words: by the real engine where it listens."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from clients import speech, submitting, transcribing, transcripts, uploading
from clients.models import JournalEntry, Recording, Transcript
from clients.tasks import transcribe
from curriculum import clock
from tests import roads, speaking
from tests.roads import WEEK_1
from tests.speech.measuring import MODEL

SECOND = timedelta(seconds=1)
KEY = "w1-t1"


@pytest.fixture(autouse=True)
def ears(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPEECH_MODEL = MODEL
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)


def states():
    return list(Transcript.objects.values_list("state", "tries", "progress"))


# --- The whole way --------------------------------------------------------------------------------


def test_a_recording_is_heard_by_the_real_engine_in_the_task_and_its_words_have_times(cast):
    found = roads.recorded(cast.mina, data=speaking.KENNEDY)
    assert states() == [("waiting", 0, 0)]
    with connection.cursor() as cursor:  # this test is one transaction, in which a slow machine listens for long
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

    transcribe.run()

    transcript = Transcript.objects.get(recording=found)
    words = [word for word, _start, _end in transcript.words]
    assert (transcript.state, transcript.progress, transcript.error) == ("done", 100, "")
    assert "what your country can do for you" in transcript.text
    assert transcript.text == " ".join(words)
    assert all(0 <= start <= end <= 11.5 for _word, start, end in transcript.words)
    assert WEEK_1 < transcript.finished_at < WEEK_1 + 180 * SECOND
    assert transcript.engine.startswith("faster-whisper 1.")


def test_nothing_is_read_before_the_client_says_that_these_are_their_words(cast):
    transcript = speaking.heard(cast.mina)
    before = transcripts.of(transcript.recording)

    transcribing.edit(transcript, text=speaking.RIGHT, by=cast.mina, at=WEEK_1)

    after = transcripts.of(transcript.recording)
    assert (before.spoken, before.text) == (None, speaking.SAID)
    assert (after.spoken.words_per_minute, after.text) == (round(13 / after.recording.seconds * 60), speaking.RIGHT)
    assert before.caveat == after.caveat
    assert "accents" in after.caveat


def test_what_was_heard_stays_as_it_was_when_the_client_puts_it_right(cast):
    transcript = speaking.put_right(cast.mina)

    kept = Transcript.objects.get(pk=transcript.pk)
    assert (kept.text, kept.edited, kept.edited_at) == (speaking.SAID, speaking.RIGHT, WEEK_1)
    assert kept.words == [list(word) for word in speaking.HEARD.words]


def test_a_silence_in_which_nothing_is_said_is_a_transcript_without_words(cast):
    roads.recorded(cast.mina)

    assert transcribing.hear_one(at=WEEK_1)

    assert list(Transcript.objects.values_list("state", "words", "text")) == [("done", [], "")]


# --- What goes along when it is handed in ---------------------------------------------------------


def test_an_attempt_keeps_the_words_as_put_right_with_the_time_of_every_sentence(cast):
    found = speaking.put_right(cast.mina).recording

    attempt = roads.translated(cast.mina, audio={"id": found.pk}, script="")

    kept = attempt.answer["audio"]
    assert kept["transcript"] == speaking.RIGHT
    assert kept["lines"] == [[1.0, "Today two people get the same room."], [4.5, "They find out at the door."]]


def test_words_nobody_put_right_do_not_go_to_the_coach(cast):
    found = speaking.heard(cast.mina).recording

    attempt = roads.translated(cast.mina, audio={"id": found.pk}, script="")

    assert (attempt.answer["audio"]["transcript"], attempt.answer["audio"]["lines"]) == ("", [])
    assert speaking.SAID not in str(attempt.answer)


@pytest.mark.parametrize(
    ("said", "heard", "times"),
    [
        ("a b c", "a b c", [0, 1, 2]),
        ("a x c", "a b c", [0, None, 2]),
        ("A, b. C!", "a b c", [0, 1, 2]),
        ("a new b c", "a b c", [0, None, 1, 2]),
        ("", "a b", []),
        ("x y", "", [None, None]),
    ],
)
def test_a_word_keeps_its_time_where_it_was_heard_as_it_is(said, heard, times):
    words = [[word, float(number), number + 0.5] for number, word in enumerate(heard.split())]

    assert transcripts.timed(said.split(), words) == times


def test_once_handed_in_it_stays_as_it_is(cast):
    transcript = speaking.put_right(cast.mina)
    roads.translated(cast.mina, audio={"id": transcript.recording_id}, script="")

    refusal = transcribing.edit_refusal(_fresh(transcript), by=cast.mina, at=WEEK_1)

    assert (type(refusal), refusal.code) == (submitting.NotNow, "homework.with_coach")


# --- Asking ---------------------------------------------------------------------------------------


def test_a_recording_that_comes_in_is_asked_for_by_itself_where_transcripts_are_on(cast, settings):
    settings.SPEECH_MODEL = ""
    without = roads.recorded(cast.noor)
    settings.SPEECH_MODEL = MODEL
    found = roads.recorded(cast.mina)

    assert list(Transcript.objects.values_list("recording", flat=True)) == [found.pk]
    assert (transcripts.of(without).state, transcripts.of(found).state) == ("none", "waiting")


def test_without_the_engine_the_page_says_so_and_nothing_waits(cast, settings):
    settings.SPEECH_MODEL = ""
    found = roads.recorded(cast.mina)

    shown = transcripts.of(found)

    assert (shown.state, shown.sentence) == ("off", "Transcripts are off here. Everything else works without.")
    assert not transcribing.hear_one(at=WEEK_1)


def test_what_was_heard_stays_readable_where_the_engine_is_gone(cast, settings):
    transcript = speaking.heard(cast.mina)

    settings.SPEECH_MODEL = ""

    assert (transcripts.of(transcript.recording).state, transcripts.of(transcript.recording).text) == (
        "done", speaking.SAID,
    )  # fmt: skip


def test_nobody_else_asks_or_edits(cast):
    found = speaking.recorded_without(cast.mina)
    assert isinstance(transcribing.ask_refusal(found, by=cast.noor, at=WEEK_1), submitting.NotYours)
    transcribing.ask(found, by=cast.mina, at=WEEK_1)
    transcribing.keep(transcribing.claim(at=WEEK_1), speaking.HEARD, at=WEEK_1)

    refusals = [
        transcribing.edit_refusal(found.transcript, by=who, at=WEEK_1) for who in (cast.noor, cast.tomas, cast.ada)
    ]

    assert {type(refusal) for refusal in refusals} == {submitting.NotYours}


def test_asking_and_putting_right_are_in_the_journal_without_the_words(cast):
    speaking.put_right(cast.mina)

    lines = JournalEntry.objects.filter(action__contains="transcript").order_by("pk")

    assert list(lines.values_list("action", "actor", "note")) == [
        ("asked for a transcript", "Mina", ""), ("put a transcript right", "Mina", ""),
    ]  # fmt: skip


def test_spaces_and_empty_lines_are_tidied_and_paragraphs_stay(cast):
    transcript = speaking.put_right(cast.mina, text="  Today two   people \r\n\n get the same room. ")

    assert transcript.edited == "Today two people\n\nget the same room."


def test_taking_a_recording_out_takes_its_words_along(cast):
    transcript = speaking.put_right(cast.mina)

    uploading.remove(transcript.recording, by=cast.mina, at=WEEK_1)

    assert not Transcript.objects.exists()


# --- Who holds it ---------------------------------------------------------------------------------


def test_one_at_a_time_is_claimed_the_longest_waiting_first(cast):
    first = roads.recorded(cast.noor, at=WEEK_1)
    second = roads.recorded(cast.mina, at=WEEK_1 + SECOND)

    claimed = [transcribing.claim(at=WEEK_1 + 2 * SECOND) for _try in range(3)]

    assert [one and one.recording for one in claimed] == [first, second, None]


def test_what_a_killed_worker_left_is_taken_up_after_its_lease_and_not_before(cast):
    roads.recorded(cast.mina)
    transcribing.claim(at=WEEK_1)

    assert transcribing.claim(at=WEEK_1 + transcribing.LEASE) is None
    assert transcribing.claim(at=WEEK_1 + transcribing.LEASE + SECOND).tries == 2


def test_progress_renews_the_lease(cast):
    roads.recorded(cast.mina)
    held = transcribing.claim(at=WEEK_1)

    assert transcribing.note_progress(held, 40, at=WEEK_1 + 50 * SECOND)

    assert states() == [("running", 1, 40)]
    assert transcribing.claim(at=WEEK_1 + 100 * SECOND) is None


def test_whoever_lost_their_lease_writes_nothing(cast):
    roads.recorded(cast.mina)
    slow = transcribing.claim(at=WEEK_1)
    later = WEEK_1 + transcribing.LEASE + SECOND
    quick = transcribing.claim(at=later)

    said = [
        transcribing.note_progress(slow, 90, at=later),
        transcribing.keep(slow, speaking.HEARD, at=later),
        transcribing.fail(slow, speech.BROKEN),
    ]

    assert said == [False, False, False]
    assert states() == [("running", 2, 0)]
    assert transcribing.keep(quick, speaking.HEARD, at=later)


def test_three_workers_that_died_are_enough(cast):
    found = roads.recorded(cast.mina)
    at = WEEK_1
    for _try in range(transcribing.TRIES_AT_MOST):
        assert transcribing.claim(at=at)
        at += transcribing.LEASE + SECOND

    assert transcribing.claim(at=at) is None

    assert states() == [("failed", 3, 0)]
    assert transcripts.of(found).sentence == "It could not be heard this time. You can ask again."


def test_a_file_that_is_gone_is_tried_three_times_and_its_client_can_ask_again(cast):
    found = roads.recorded(cast.mina)
    for path in (speaking.settings.MEDIA_ROOT / "sound").rglob("*"):
        path.is_file() and path.unlink()

    tried = [transcribing.hear_one(at=WEEK_1) for _try in range(4)]

    assert tried == [True, True, True, False]
    assert transcripts.of(found).sentence == "The file of this recording is missing. Record it once more."
    again = transcribing.ask(found, by=cast.mina, at=WEEK_1)
    assert (again.state, again.tries, again.error) == ("waiting", 0, "")


def test_a_model_that_is_too_slow_is_not_tried_again(cast):
    roads.recorded(cast.mina)

    transcribing.fail(transcribing.claim(at=WEEK_1), speech.TOO_SLOW)

    assert states() == [("failed", 1, 0)]


def test_a_recording_taken_out_while_it_is_heard_ends_the_listening(cast):
    found = roads.recorded(cast.mina)
    held = transcribing.claim(at=WEEK_1)

    uploading.remove(found, by=cast.mina, at=WEEK_1)

    assert not transcribing.note_progress(held, 50, at=WEEK_1)


def test_progress_is_a_percentage_in_the_database_too(cast):
    roads.recorded(cast.mina)

    with pytest.raises(IntegrityError, match="progress_is_a_percentage"), transaction.atomic():
        Transcript.objects.update(progress=101)


def _fresh(transcript):
    rows = Transcript.objects.select_related("recording__submission__enrolment__cohort")
    return rows.get(pk=transcript.pk)


def test_only_one_transcript_belongs_to_a_recording(cast):
    found = roads.recorded(cast.mina)

    with pytest.raises(IntegrityError), transaction.atomic():
        Transcript.objects.create(recording=Recording.objects.get(pk=found.pk), asked_at=WEEK_1)
