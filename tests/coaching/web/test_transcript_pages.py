"""The transcript on the exercise page, with scripts and without, and what the coach sees of it."""

import pytest
from django.urls import reverse

from clients import transcribing
from clients.models import Submission, Transcript
from curriculum import clock
from tests import roads, speaking
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1
from tests.speech.measuring import MODEL

KEY = "w1-t1"
HX = {"HX-Request": "true"}
TYPED = {"topic": "Typed and not saved", "self_check": ["what"], "receipt_from": "nobody"}


@pytest.fixture(autouse=True)
def ears(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPEECH_MODEL = MODEL
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)


@pytest.fixture
def mina(cast):
    return browser(cast.mina)


def words(response):
    return " ".join(response.content.decode().split())


def panel(client, found):
    return words(client.get(reverse("transcript", args=[KEY]), {"audio": found.pk}, headers=HX))


def address(name, found):
    return reverse(name, args=[KEY, found.key])


def drafted(person, found):
    roads.submitting.save_draft(
        roads.piece(person, KEY),
        answer=roads.TRANSLATION | {"audio": {"id": found.pk}},
        revision=None,
        by=person,
        at=WEEK_1,
    )


def test_before_there_is_a_take_the_studio_holds_an_empty_place_that_waits_for_one(mina):
    page = words(mina.get(reverse("work", args=[KEY])))

    assert 'id="transcript" hx-get="/work/w1-t1/transcript/"' in page
    assert "every 2s" not in page
    assert "What you said" not in page


def test_while_the_machine_listens_the_page_looks_again_every_two_seconds_and_shows_how_far_it_is(cast, mina):
    found = roads.recorded(cast.mina)
    waiting = panel(mina, found)
    transcribing.note_progress(transcribing.claim(at=WEEK_1), 52, at=WEEK_1)

    running = panel(mina, found)

    assert "It is in line to be written down." in waiting
    assert "every 2s" in waiting
    assert "This machine is listening: 52 %." in running
    assert '<progress class="rec-progress" max="100" value="52"' in running
    assert "<noscript>" in running


def test_once_heard_the_words_wait_to_be_put_right_and_nothing_is_read(cast, mina):
    found = speaking.heard(cast.mina).recording

    shown = panel(mina, found)

    assert f'form="answer" rows="6" maxlength="4000">{speaking.SAID}</textarea>' in shown
    assert "That is what I said" in shown
    assert "words a minute" not in shown
    assert "every 2s" not in shown


def test_the_page_itself_shows_the_words_to_put_right_and_later_the_ones_put_right(cast, mina):
    found = speaking.heard(cast.mina).recording
    drafted(cast.mina, found)
    before = words(mina.get(reverse("work", args=[KEY])))
    mina.post(address("transcript-keep", found), {"beside-transcript": speaking.RIGHT}, headers=HX)

    after = words(mina.get(reverse("work", args=[KEY])))

    assert f">{speaking.SAID}</textarea>" in before
    assert f">{speaking.RIGHT}</textarea>" in after


def test_the_note_on_accents_is_there_in_every_state(cast, mina, settings):
    found = roads.recorded(cast.mina)
    shown = [panel(mina, found)]
    transcribing.keep(transcribing.claim(at=WEEK_1), speaking.HEARD, at=WEEK_1)
    shown.append(panel(mina, found))
    mina.post(address("transcript-keep", found), {"beside-transcript": speaking.RIGHT}, headers=HX)
    shown.append(panel(mina, found))

    assert ["It hears some accents and voices less well than others" in one for one in shown] == [True] * 3


def test_with_a_script_putting_it_right_answers_with_the_part_and_the_first_read(cast, mina):
    found = speaking.heard(cast.mina).recording

    answer = mina.post(address("transcript-keep", found), {"beside-transcript": speaking.RIGHT}, headers=HX)

    assert words(answer).startswith('<section class="said" id="transcript"')
    assert f'<b class="num">{round(13 / found.seconds * 60)}</b> words a minute.' in words(answer)
    assert "No fillers in the text." in words(answer)
    assert Transcript.objects.get().edited == speaking.RIGHT


def test_without_scripts_the_page_comes_back_with_what_was_typed_and_the_draft_as_it_was(cast, mina):
    found = speaking.heard(cast.mina).recording
    drafted(cast.mina, found)
    before = Submission.objects.get(enrolment__client=cast.mina, exercise__key=KEY).draft

    answer = mina.post(
        address("transcript-keep", found), TYPED | {"audio": found.pk, "beside-transcript": speaking.RIGHT}
    )

    assert answer.status_code == 200
    assert 'value="Typed and not saved"' in words(answer)
    assert "Keep the change" in words(answer)
    assert Submission.objects.get(enrolment__client=cast.mina, exercise__key=KEY).draft == before


def test_a_refusal_keeps_the_text_that_was_typed(cast, mina):
    found = speaking.heard(cast.mina).recording
    long = "word " * 900

    answer = mina.post(address("transcript-keep", found), {"beside-transcript": long}, headers=HX)

    assert answer.status_code == 422
    assert "This is more than anybody says in a minute." in words(answer)
    assert long.strip() in words(answer)


def test_where_transcripts_are_off_the_studio_works_and_says_so(cast, mina, settings):
    settings.SPEECH_MODEL = ""
    found = roads.recorded(cast.mina)
    drafted(cast.mina, found)

    page = words(mina.get(reverse("work", args=[KEY])))

    assert "Transcripts are off here. Everything else works without." in page
    assert 'data-module="recorder"' in page
    assert "That is what I said" not in page


def test_a_recording_that_came_in_while_they_were_off_can_be_asked_for(cast, mina):
    found = speaking.recorded_without(cast.mina)
    assert "Write down what I said" in panel(mina, found)

    answer = mina.post(address("transcript-ask", found), headers=HX)

    assert "It is in line to be written down." in words(answer)


def test_one_that_failed_can_be_asked_for_again(cast, mina):
    found = roads.recorded(cast.mina)
    transcribing.fail(transcribing.claim(at=WEEK_1), "too_slow")
    assert "Listen once more" in panel(mina, found)

    mina.post(address("transcript-ask", found), headers=HX)

    assert list(Transcript.objects.values_list("state", "tries")) == [("waiting", 0)]


def test_somebody_elses_recording_is_not_there(cast):
    found = speaking.heard(cast.mina).recording

    assert speaking.SAID not in panel(browser(cast.noor), found)
    assert browser(cast.noor).post(address("transcript-keep", found), {"beside-transcript": "x"}).status_code == 404


def test_the_coach_reads_the_words_as_put_right_with_their_times_and_no_figures(cast):
    found = speaking.put_right(cast.mina).recording
    attempt = roads.translated(cast.mina, audio={"id": found.pk}, script="")

    page = words(browser(cast.tomas).get(reverse("review", args=[attempt.submission_id])))

    assert '<span class="num tiny muted">0:04</span> <span class="prose">They find out at the door.</span>' in page
    assert "words a minute" not in page
    assert speaking.SAID not in page


def test_the_coach_sees_nothing_of_words_that_were_not_put_right(cast):
    found = speaking.heard(cast.mina).recording
    attempt = roads.translated(cast.mina, audio={"id": found.pk}, script="")

    page = words(browser(cast.tomas).get(reverse("review", args=[attempt.submission_id])))

    assert "What is said in it" not in page
    assert speaking.SAID not in page


@pytest.mark.parametrize("state", ["none", "waiting", "heard", "put right"])
def test_looking_at_the_part_takes_the_same_few_queries(state, cast, mina, django_assert_num_queries):
    makers = {
        "none": speaking.recorded_without, "waiting": roads.recorded,
        "heard": lambda who: speaking.heard(who).recording, "put right": lambda who: speaking.put_right(who).recording,
    }  # fmt: skip
    found = makers[state](cast.mina)
    panel(mina, found)

    with django_assert_num_queries(QUERIES):
        panel(mina, found)


QUERIES = 7
