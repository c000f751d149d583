"""What the next attempt is asked for, and what became of it; feedback that is taken back after it was read."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import submitting
from clients.models import JournalEntry, Message
from coaching import asks, hints, reviewing
from coaching.asks import Told
from coaching.models import Ask, Claim, Feedback, FeedbackDraft, Uptake
from tests import roads
from tests.roads import WEEK_1

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
TWO = ["Name Carla in the first sentence.", "Say by when."]


@pytest.fixture
def asked(cast):
    """Mina's first attempt came back with two asks."""
    return roads.answered(cast.mina, cast.tomas, another=True, asks=[TWO[0], " ", TWO[1]])


def second_attempt(cast, at=WEEK_1 + 3 * HOUR):
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=at)
    return roads.handed_in(cast.mina, at=at).submission


def answers_to(feedback, *answers):
    return {str(ask.pk): answer for ask, answer in zip(feedback.asks.all(), answers, strict=True)}


def send(cast, piece, at=WEEK_1 + 5 * HOUR, **more):
    return reviewing.send_feedback(piece, content=roads.content(piece, **more), by=cast.tomas, at=at)


def test_asks_are_numbered_and_an_empty_line_is_none(asked):
    assert asks.of(asked, at=None) == [Told(1, TWO[0]), Told(2, TWO[1])]


def test_what_was_asked_is_carried_into_the_next_attempt_and_every_ask_wants_an_answer(cast, asked):
    piece = second_attempt(cast)
    first, second = asks.put_to(piece.attempts.get(number=2))

    with pytest.raises(reviewing.FeedbackRejected) as refused:
        send(cast, piece, addressed={first.pk: "yes"})

    assert refused.value.by_field == {
        f"addressed-{second.pk}": ["You asked for something last time: was number 2 done?"]
    }


def test_the_client_hears_what_became_of_it_once_the_answer_shows_and_not_before(cast, asked):
    sent = send(cast, second_attempt(cast), addressed=answers_to(asked, "yes", "partly"))

    before, after = asks.of(asked, at=sent.sent_at + 9 * SECOND), asks.of(asked, at=sent.shown_from)

    assert [told.answer for told in before] == ["", ""]
    assert [told.answer for told in after] == ["yes", "partly"] == [told.answer for told in asks.met_in(sent)]


def test_undoing_the_answer_takes_what_it_said_of_the_asks_along_and_the_draft_keeps_it(cast, asked):
    given = answers_to(asked, "no", "yes")
    sent = send(cast, second_attempt(cast), addressed=given, asks=["Once more"])

    reviewing.undo_feedback(sent, by=cast.tomas, at=sent.sent_at + SECOND)

    draft = FeedbackDraft.objects.get(attempt=sent.attempt)
    assert (Uptake.objects.count(), Ask.objects.count()) == (0, 2)
    assert (draft.addressed, draft.asks) == (given, ["Once more"])


def test_an_answer_to_an_ask_of_another_piece_is_left_out(cast, asked):
    noor = roads.handed_in(cast.noor).submission

    draft = reviewing.save_feedback_draft(
        noor, content={"addressed": answers_to(asked, "yes", "yes")}, revision=0, by=cast.tomas, at=WEEK_1 + HOUR
    )

    assert draft.addressed == {}


def test_the_database_holds_at_most_three_asks_with_words_each_answered_once(cast, asked):
    sent = send(cast, second_attempt(cast), addressed=answers_to(asked, "yes", "yes"))
    ask = asked.asks.first()
    tries = [
        lambda: Ask.objects.create(feedback=asked, number=4, text="A fourth"),
        lambda: Ask.objects.create(feedback=asked, number=2, text="A second second"),
        lambda: Ask.objects.create(feedback=asked, number=3, text=""),
        lambda: Uptake.objects.create(ask=ask, feedback=sent, answer="no"),
        lambda: Uptake.objects.filter(ask=ask).update(answer="maybe"),
        lambda: FeedbackDraft.objects.update(another=True, live=True),
        lambda: Feedback.objects.update(verdict="other"),
    ]

    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_the_database_takes_an_answer_only_on_a_later_attempt_of_the_same_piece(cast, asked):
    elsewhere = roads.answered(cast.noor, cast.tomas)
    ask = asked.asks.first()

    for feedback in (asked, elsewhere):
        with pytest.raises(IntegrityError, match="later attempt of its own piece"), transaction.atomic():
            Uptake.objects.create(ask=ask, feedback=feedback, answer="yes")


def test_what_is_to_be_discussed_live_asks_for_nothing_more(cast):
    sent = roads.answered(cast.mina, cast.tomas, live=True)

    assert (sent.verdict, roads.piece(cast.mina).state) == ("live", "accepted")


# --- Recall -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reads", "note"), [(True, "read at 12:01 UTC"), (False, "not read yet")])
def test_within_ten_minutes_it_can_be_recalled_and_the_journal_says_whether_it_was_read(cast, reads, note):
    sent = roads.answered(cast.mina, cast.tomas, asks=TWO)
    if reads:
        reviewing.mark_read(sent, by=cast.mina, at=sent.sent_at + MINUTE)

    reviewing.recall_feedback(sent, by=cast.tomas, at=sent.sent_at + 10 * MINUTE - SECOND)

    line = JournalEntry.objects.get(action="recalled feedback")
    assert (line.actor, line.note) == ("Tomas", note)
    assert (Feedback.objects.count(), roads.piece(cast.mina).state) == (0, "in_review")
    assert Message.objects.get(kind="feedback").state == "cancelled"
    assert (FeedbackDraft.objects.get().asks, Claim.objects.get().recalled_at) == (TWO, line.at)


def test_after_ten_minutes_it_stays(cast):
    sent = roads.answered(cast.mina, cast.tomas)

    with pytest.raises(reviewing.CannotReview) as refused:
        reviewing.recall_feedback(sent, by=cast.tomas, at=sent.sent_at + 10 * MINUTE)

    assert refused.value.code == "feedback.settled"


def test_what_was_recalled_can_be_sent_anew_and_the_promise_is_watched_meanwhile(cast):
    sent = roads.answered(cast.mina, cast.tomas)
    reviewing.recall_feedback(sent, by=cast.tomas, at=sent.sent_at + MINUTE)

    again = send(cast, roads.piece(cast.mina), at=sent.sent_at + 5 * MINUTE)

    assert [(message.key, message.state) for message in Message.objects.filter(kind="feedback").order_by("pk")] == [
        (f"feedback:{sent.pk}", "cancelled"),
        (f"feedback:{again.pk}", "queued"),
    ]


# --- Hints --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keep", "to_try", "codes"),
    [
        ("“One in fifty” is a number finance can repeat.", "Say what you need from Carla, by when.", []),
        ("“One in fifty” can be repeated.", "Who decides, and by when?", []),
        ("“No load is lost” answers it.", "Then put the date first.", []),
        ("“It is early” reads calm.", "The second half: how are you thinking about addressing it?", []),
        ("You are such a natural speaker.", "Move the date to the front.", ["person"]),
        ("You’re very talented!", "Move the date to the front.", ["person"]),
        ("Great job.", "Cut the second sentence.", ["person"]),
        ("“One in fifty”: yes.", "You always hedge. Cut it.", ["person"]),
        ("“One in fifty”: yes.", "The ending is a little vague.", ["no_action"]),
        ("Your attitude is excellent.", "More confidence here.", ["person", "no_action"]),
        ("", "", []),
    ],
)
def test_a_hint_is_given_for_words_about_the_person_and_where_nothing_can_be_done_next(keep, to_try, codes):
    assert [hint.code for hint in hints.of(keep, to_try)] == codes


def test_an_ask_is_a_next_action_too():
    assert hints.of("“One in fifty”: yes.", "The ending is vague.", ["Name a day."]) == []


def test_a_hint_never_keeps_feedback_from_being_sent(cast):
    sent = roads.answered(cast.mina, cast.tomas, keep="Well done.", try_next="Hm.")

    assert len(hints.of(sent.keep, sent.try_next)) == 2
