"""Replies and conversations, thirty-two at once: exactly one effect."""

from datetime import timedelta

import pytest

from clients.models import JournalEntry
from coaching import assigning, conversing, replying, reviewing, talking
from coaching.models import Assignment, Conversation, Reply, Used, Word
from tests import roads
from tests.races.test_desk import MANY, codes, succeeded
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_something_is_pressed_said_and_used_once_however_often_it_is_clicked(crowd, at_once):
    feedback = roads.answered(crowd.mina, crowd.tomas)
    attempt, at = feedback.attempt, WEEK_1 + timedelta(hours=3)

    pressed = at_once(MANY, lambda _n: replying.reply(attempt, quick="lost", by=crowd.mina, at=at))
    said = at_once(MANY, lambda _n: replying.reply(attempt, text="Which of the two?", by=crowd.mina, at=at))
    used = at_once(MANY, lambda _n: replying.mark_used(feedback, by=crowd.mina, at=at))

    assert (len(succeeded(pressed)), len(succeeded(said)), len(succeeded(used))) == (MANY, MANY, MANY)
    assert (Reply.objects.count(), Used.objects.count()) == (2, 1)
    assert JournalEntry.objects.filter(action="replied").count() == 2


def test_a_piece_is_talked_about_once_however_often_it_is_clicked_and_by_whom(crowd, at_once):
    feedback = roads.answered(crowd.mina, crowd.tomas, live=True)
    at = WEEK_1 + timedelta(hours=3)

    results = at_once(MANY, lambda _n: talking.mark(feedback, day=at.date(), line="Yes.", by=crowd.tomas, at=at))
    back = at_once(MANY, lambda _n: talking.reopen(feedback, by=crowd.tomas, at=at))

    assert (len(succeeded(results)), len({one.pk for one in results}), len(succeeded(back))) == (MANY, 1, MANY)
    assert JournalEntry.objects.filter(action="talked").count() == 1
    assert JournalEntry.objects.filter(action="has still to talk").count() == 1


def test_a_recall_and_thirty_one_replies_come_to_one_end(crowd, at_once):
    """Either a word came before the recall and is kept, or it is refused: none stands under nothing."""
    feedback = roads.answered(crowd.mina, crowd.tomas)
    attempt, at = feedback.attempt, feedback.shown_from + timedelta(minutes=1)

    def act(number):
        if number == MANY // 2:
            return reviewing.recall_feedback(feedback, by=crowd.tomas, at=at)
        if number % 2:
            return replying.mark_used(feedback, by=crowd.mina, at=at)
        return replying.reply(attempt, text=f"Line {number}", by=crowd.mina, at=at)

    results = at_once(MANY, act)

    said = [one for one in succeeded(results) if isinstance(one, Reply)]
    assert codes(results) <= {"reply.nothing", "used.nothing"}
    assert not isinstance(results[MANY // 2], Exception)
    assert (Reply.objects.count(), Used.objects.count()) == (len(said), 0)


def test_a_conversation_begins_once_and_the_same_word_stands_in_it_once(crowd, at_once):
    mina, at = crowd.enrolment(crowd.mina), WEEK_1

    def act(number):
        if number % 2:
            return conversing.write(mina, crowd.tomas, text="How is it?", by=crowd.tomas, at=at)
        return conversing.write(mina, crowd.tomas, text=f"Line {number}", by=crowd.mina, at=at)

    results = at_once(MANY, act)

    assert len(succeeded(results)) == MANY
    assert Conversation.objects.count() == 1
    made = {word.pk for word in succeeded(results)}
    assert Word.objects.count() == len(made) == JournalEntry.objects.filter(action="wrote").count()
    last = Word.objects.order_by("written_at", "pk").last()
    assert (Conversation.objects.get().waits_since is not None) == (last.author_id == crowd.mina.pk)


def test_whoever_stops_coaching_at_that_moment_is_written_to_before_or_not_at_all(crowd, at_once):
    mina = crowd.enrolment(crowd.mina)
    assignment = Assignment.objects.get(coach=crowd.tomas)

    def act(number):
        if number == MANY // 2:
            return assigning.release(assignment, by=crowd.ada, at=WEEK_1)
        return conversing.write(mina, crowd.tomas, text=f"Line {number}", by=crowd.mina, at=WEEK_1)

    results = at_once(MANY, act)

    written = [one for one in succeeded(results) if isinstance(one, Word)]
    assert codes(results) <= {"word.no_coach"}
    assert Word.objects.count() == len(written)
