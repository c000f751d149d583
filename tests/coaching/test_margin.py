"""Notes in the margin: put, sent, found again in the next attempt, and held by the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import submitting
from coaching import margin, reviewing
from coaching.models import FeedbackDraft, MarginNote
from curriculum import clock
from tests import roads
from tests.roads import WEEK_1

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ON_WHY = {"field": "why", "quote": "one good customer in fifty", "text": "Finance can repeat this."}
ON_WHEN = {"field": "when", "quote": "the rest follow by the end of November", "text": "Which day, for whom?"}


@pytest.fixture
def noted(cast):
    return roads.answered(cast.mina, cast.tomas, another=True, notes=[ON_WHY, ON_WHEN])


def test_a_note_gets_its_place_as_the_attempt_has_it(noted):
    first, second = MarginNote.objects.all()

    assert (first.prefix, first.quote, first.suffix) == (
        "Today we refuse about ",
        "one good customer in fifty",
        ", and each of them costs us a sa",
    )
    assert (second.field, second.text) == ("when", "Which day, for whom?")


def test_in_the_next_attempt_a_note_finds_its_words_and_an_orphan_keeps_its_quote(cast, noted):
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + 3 * HOUR)
    attempt = roads.handed_in(
        cast.mina,
        at=WEEK_1 + 3 * HOUR,
        why="Each refusal costs us a sale, and we refuse one good customer in fifty.",
        when="All countries are live on 30 November.",
    )

    placed = margin.placed(attempt.submission.exercise, attempt.answer, margin.of(noted), attempt=2)

    assert [(note.text, note.exact) for note in placed.of("why")] == [("Finance can repeat this.", True)]
    assert [note.quote for note in placed.orphans] == ["the rest follow by the end of November"]


def test_a_note_about_words_that_are_not_there_is_kept_and_not_sent(cast):
    submission = roads.claimed(cast.mina, cast.tomas)
    lost = {"field": "why", "quote": "Words nobody wrote", "text": "Do not lose me."}
    draft = reviewing.save_feedback_draft(
        submission, content={"notes": [ON_WHY, lost]}, revision=0, by=cast.tomas, at=WEEK_1 + HOUR
    )

    with pytest.raises(reviewing.FeedbackRejected) as refused:
        reviewing.send_feedback(
            submission, content=roads.content(submission, notes=draft.notes), by=cast.tomas, at=WEEK_1 + 2 * HOUR
        )

    assert list(refused.value.by_field) == ["note-1-text"]
    assert FeedbackDraft.objects.get().notes[1]["text"] == "Do not lose me."


@pytest.mark.parametrize("private", ["takes", "redacted", "nothing", ""])
def test_only_a_text_that_a_coach_reads_takes_a_note(cast, private):
    attempt = roads.handed_in(cast.mina)

    assert margin.settled(attempt, margin.Note(private, "Hm", quote="yes")) is None


def test_undo_takes_the_notes_along_and_the_draft_keeps_them(cast):
    sent = roads.answered(cast.mina, cast.tomas, notes=[ON_WHY])

    reviewing.undo_feedback(sent, by=cast.tomas, at=sent.sent_at + SECOND)

    assert MarginNote.objects.count() == 0
    assert [note["text"] for note in FeedbackDraft.objects.get().notes] == ["Finance can repeat this."]


def test_on_a_recording_a_note_is_at_a_second(cast):
    recorded = roads.recorded(cast.mina, seconds=6)
    attempt = roads.translated(cast.mina, audio={"id": recorded.pk}, script="")
    notes = [{"field": "audio", "second": 4, "text": "Here the listener is in it."}]

    sent = reviewing.send_feedback(
        attempt.submission, content=roads.content(attempt.submission, notes=notes), by=cast.tomas, at=WEEK_1 + HOUR
    )

    assert [(note.second, note.quote) for note in margin.of(sent)] == [(4, "")]
    assert margin.settled(attempt, margin.Note("audio", "Too late", second=60)) is None
    assert [place.label for place in margin.places(attempt) if '"audio"' in place.at] == ["0:00", "0:05"]


def test_a_second_is_one_of_its_own_recording_and_of_no_later_one(cast, client, monkeypatch):
    first = roads.translated(cast.mina, audio={"id": roads.recorded(cast.mina, seconds=6).pk}, script="")
    notes = [{"field": "audio", "second": 4, "text": "Here the listener is in it."}]
    content = roads.content(first.submission, another=True, notes=notes)
    sent = reviewing.send_feedback(first.submission, content=content, by=cast.tomas, at=WEEK_1 + HOUR)
    submitting.try_again(roads.piece(cast.mina, "w1-t1"), by=cast.mina, at=WEEK_1 + 2 * HOUR)
    again = roads.recorded(cast.mina, seconds=9, name="again")
    second = roads.translated(cast.mina, audio={"id": again.pk}, script="", at=WEEK_1 + 2 * HOUR)

    def placed(attempt):
        found = margin.placed(attempt.submission.exercise, attempt.answer, margin.of(sent), attempt=attempt.number)
        return [note.second for note in found.of("audio")], [note.second for note in found.orphans]

    monkeypatch.setattr(clock, "now", lambda: WEEK_1 + 3 * HOUR)
    client.force_login(cast.tomas)
    page = client.get(f"/coach/review/{first.submission_id}/").content.decode()

    assert (placed(first), placed(second)) == (([4], []), ([], [4]))
    assert '<span class="num">0:04</span> on attempt 1' in page
    assert "data-seek=" not in page


def test_the_database_holds_a_note_to_the_attempt_it_quotes(noted):
    def put(**changes):
        fields = {"position": 5, "field": "why", "quote": "a sale", "second": None, "text": "Yes"}
        return lambda: MarginNote.objects.create(feedback=noted, **(fields | changes))

    tries = [
        put(quote="words of somebody else"),
        put(field="elsewhere"),
        put(second=3, quote=""),
        put(second=3),
        put(quote=""),
        put(text=""),
        put(position=0),
        lambda: MarginNote.objects.filter(field="why").update(quote="changed afterwards"),
    ]

    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
