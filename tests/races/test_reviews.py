"""A review asked for many times at one moment: recalled or gone on with, kept once, said once."""

from datetime import timedelta

import pytest

from clients import submitting
from clients.models import JournalEntry
from coaching import banking, reviewing
from coaching.models import BankLine, Feedback
from tests import roads
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 32
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_feedback_is_recalled_or_the_client_goes_on_from_it_and_never_both(crowd, at_once):
    sent = roads.answered(crowd.mina, crowd.tomas, another=True, asks=["By when?"])
    piece, at = sent.attempt.submission, sent.sent_at + MINUTE

    def act(number):
        if number % 2:
            return reviewing.recall_feedback(sent, by=crowd.tomas, at=at)
        return submitting.try_again(piece, by=crowd.mina, at=at)

    results = at_once(MANY, act)

    done = [result for result in results if not isinstance(result, Exception)]
    recalled = JournalEntry.objects.filter(action="recalled feedback").count()
    assert (len(done), Feedback.objects.count()) == (1, 1 - recalled)
    assert roads.piece(crowd.mina).state == ("in_review" if recalled else "draft")


def test_feedback_with_asks_and_notes_is_sent_once(crowd, at_once):
    piece = roads.claimed(crowd.mina, crowd.tomas)
    note = {"field": "why", "quote": "costs us a sale", "text": "How much?"}
    content = roads.content(piece, asks=["One", "Two"], notes=[note])

    at_once(MANY, lambda _n: reviewing.send_feedback(piece, content=content, by=crowd.tomas, at=WEEK_1 + 2 * HOUR))

    sent = Feedback.objects.get()
    assert (sent.asks.count(), sent.notes.count()) == (2, 1)


def test_the_same_line_kept_by_thirty_two_clicks_is_one_line(crowd, at_once):
    results = at_once(MANY, lambda _n: banking.add(kind="try", text="By when?", by=crowd.tomas, at=WEEK_1))

    assert {result.pk for result in results} == {BankLine.objects.get().pk}
