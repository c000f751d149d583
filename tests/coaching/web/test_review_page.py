"""What a coach puts beside the verdict, as forms send it: asks, notes in the margin, hints, a voice, a recall."""

import html
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients import submitting
from coaching import substituting
from coaching.models import Feedback, FeedbackDraft, MarginNote, Voice
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1
from tests.sounds.making import encoded

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
WHY = json.dumps({"field": "why", "quote": "one good customer in fifty"})
ASKS = {"ask-1": "Name Carla first.", "ask-2": "", "ask-3": "Say by when."}
NOTE = {"note-0-at": WHY, "note-0-text": "Finance can repeat this."}
SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}


@pytest.fixture
def tomas(cast, now):
    now.at = WEEK_1 + 3 * HOUR
    return browser(cast.tomas)


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def form(piece, **changes):
    content = roads.content(piece)
    levels = {f"level-{key}": given for key, given in content["levels"].items()}
    attempt = piece.attempts.order_by("serial").last().pk
    written = {"keep": content["keep"], "try_next": content["try_next"], "another": "", "live": ""}
    return levels | written | {"revision": 0, "attempt": attempt} | changes


def page(client, piece, **query):
    return client.get(reverse("review", args=[piece.pk]), query)


def post(client, name, piece, query="", headers=None, **sent):
    return client.post(reverse(f"review-{name}", args=[piece.pk]) + query, sent, headers=headers or {})


def second_attempt(cast, now, **changes):
    now.at += HOUR
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=now.at)
    return roads.handed_in(cast.mina, at=now.at, **changes).submission


def test_asks_and_notes_are_saved_with_the_draft_and_stand_beside_the_words_they_are_about(cast, tomas):
    piece = roads.handed_in(cast.mina).submission

    post(tomas, "draft", piece, **form(piece, **ASKS, **NOTE))
    shown = page(tomas, piece).content.decode()

    assert FeedbackDraft.objects.get().asks == ["Name Carla first.", "", "Say by when."]
    assert '<span class="anchor" data-note="1">one good customer in fifty</span>' in shown
    assert shown.index("data-note=") < shown.index("Finance can repeat this.")
    assert 'value="Say by when."' in shown


def test_the_client_reads_notes_and_asks_once_it_shows_and_has_them_beside_the_next_draft(cast, tomas, now):
    piece = roads.handed_in(cast.mina).submission
    lost = {"note-1-at": json.dumps({"field": "when", "quote": "by the end of November"}), "note-1-text": "Which day?"}
    post(tomas, "send", piece, "?verdict=another", **form(piece, **ASKS, **NOTE, **lost))
    mina, address = browser(cast.mina), reverse("feedback-of", args=["w1-x1"])
    early = mina.get(address).status_code
    now.at += 10 * SECOND
    read = mina.get(address)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=now.at)
    roads.drafted(cast.mina, at=now.at, when="All of it is live on 30 November.")
    beside = mina.get(reverse("work", args=["w1-x1"]))

    assert early == 404
    for response in (read, beside):
        assert [part in words(response) for part in ("Name Carla first.", "Finance can repeat this.")] == [True, True]
    assert '<span class="anchor" data-note="1">one good customer in fifty</span>' in read.content.decode()
    orphans = words(beside).split("Notes on what is no longer there")[1]
    assert ("by the end of November" in orphans, "Which day?" in orphans) == (True, True)


def test_the_second_attempt_is_laid_out_against_what_was_asked_with_the_notes_of_the_first(
    cast, tomas, now, django_assert_max_num_queries
):
    piece = roads.handed_in(cast.mina).submission
    post(tomas, "send", piece, "?verdict=another", **form(piece, **ASKS, **NOTE))
    piece = second_attempt(cast, now, why="We refuse one good customer in fifty; each of them costs us a sale.")

    with django_assert_max_num_queries(20):
        shown = page(tomas, piece)
    refused = post(tomas, "send", piece, **form(piece))

    assert "What attempt 1 was asked for" in words(shown)
    assert "On attempt 1" in words(shown)
    assert [f'name="addressed-{ask.pk}"' in shown.content.decode() for ask in Feedback.objects.get().asks.all()] == [
        True
    ] * 2
    assert refused.status_code == 422
    assert "You asked for something last time: was number 2 done?" in words(refused)


def test_a_note_whose_words_are_not_in_the_text_is_named_and_kept(cast, tomas):
    piece = roads.handed_in(cast.mina).submission
    lost = {"note-0-at": json.dumps({"field": "why", "quote": "nobody wrote this"}), "note-0-text": "Keep me."}

    refused = post(tomas, "send", piece, **form(piece, **lost))

    assert refused.status_code == 422
    assert "What this note is about is not in the text." in words(refused)
    assert ">Keep me.</textarea>" in refused.content.decode()
    assert MarginNote.objects.count() == 0


@pytest.mark.parametrize("place", ["", "{", "[1]", '{"second": -1}', '"x"'])
def test_a_place_nobody_wrote_here_costs_no_word(cast, tomas, place):
    piece = roads.handed_in(cast.mina).submission

    saved = post(tomas, "draft", piece, headers=SCRIPT, **form(piece, **{"note-0-at": place, "note-0-text": "Kept."}))

    assert saved.status_code == 200
    assert [note["text"] for note in FeedbackDraft.objects.get().notes] == ["Kept."]


def test_a_script_hears_a_hint_with_every_save_and_nothing_is_in_the_way_of_sending(cast, tomas):
    piece = roads.handed_in(cast.mina).submission
    saved = post(tomas, "draft", piece, headers=SCRIPT, **form(piece, keep="Well done."))

    sent = post(tomas, "send", piece, **form(piece, keep="Well done.", revision=1))

    assert saved.json()["hints"] == ["“Well done” is about the person. Which of their sentences made you think so?"]
    assert sent.status_code == 303


def test_discuss_live_is_an_outcome_of_its_own_and_the_client_hears_it(cast, tomas, now):
    piece = roads.handed_in(cast.mina).submission
    post(tomas, "send", piece, "?verdict=live", **form(piece))
    now.at += 10 * SECOND

    assert Feedback.objects.get().verdict == "live"
    assert "Tomas would like to talk about this with you, live." in words(browser(cast.mina).get("/feedback/w1-x1/"))


def test_for_ten_minutes_it_can_be_taken_back_and_the_client_sees_that_it_was(cast, tomas, now):
    piece = roads.handed_in(cast.mina).submission
    post(tomas, "send", piece, **form(piece, **ASKS))
    now.at += 9 * MINUTE
    shown = page(tomas, piece)
    back = post(tomas, "recall", piece)
    again = page(tomas, piece)

    assert "Take it back" in words(shown)
    assert (back.status_code, Feedback.objects.count()) == (302, 0)
    assert 'value="Name Carla first."' in again.content.decode()
    assert "Tomas took an answer back to put something right" in words(browser(cast.mina).get("/work/w1-x1/"))


def test_a_voice_is_sent_as_a_file_and_taken_out_again(cast, tomas):
    piece = roads.handed_in(cast.mina).submission
    file = SimpleUploadedFile("said.ogg", encoded(6), "audio/ogg")

    sent = tomas.post(reverse("review-voice", args=[piece.pk]), {"file": file})
    shown = page(tomas, piece).content.decode()
    out = post(tomas, "voice", piece, drop="1")

    assert (sent.status_code, out.status_code, Voice.objects.count()) == (302, 302, 0)
    assert 'data-module="player"' in shown
    assert post(tomas, "voice", piece).status_code == 422


def test_the_name_over_a_piece_leads_to_the_file_for_whoever_coaches_the_client(cast, tomas, now):
    piece = roads.handed_in(cast.mina).submission
    days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 13)}
    said = {"away": cast.tomas, "substitute": cast.ines, "by": cast.tomas, "at": now.at}
    substituting.set_window(cast.spring, **said, **days)
    now.at = datetime(2026, 3, 10, 9, tzinfo=UTC)

    shown = [page(somebody, piece).content.decode() for somebody in (tomas, browser(cast.ines))]

    leads = f'<a href="{reverse("client", args=[piece.enrolment_id])}">Mina</a>'
    assert [leads in one for one in shown] == [True, False]


def test_lines_of_the_bank_say_their_criterion_and_level_beside_the_rubric_that_has_it(cast, tomas):
    piece = roads.handed_in(cast.mina).submission

    shown = page(tomas, piece).content.decode()

    assert 'data-criterion="r-trans.coverage"' in shown
    assert 'data-comment="try" data-about="r-trans.concern" data-level="2"' in shown


def test_the_bank_page_keeps_shares_and_takes_out(cast, tomas):
    line = {"kind": "try", "text": "Say it in one breath.", "about": "r-trans.economy", "level": "2"}
    kept = tomas.post(reverse("comments"), line | {"shared": "on"})
    shown = words(tomas.get(reverse("comments")))
    theirs = words(browser(cast.ines).get(reverse("comments")))
    empty = tomas.post(reverse("comments"), line | {"text": " "})

    assert kept.status_code == 302
    assert ("Say it in one breath. Sixty seconds 2 · yours, shared" in shown, empty.status_code) == (True, 422)
    assert "Say it in one breath. Sixty seconds 2 · shared by Tomas" in theirs
    assert "Write the line first." in words(empty)
