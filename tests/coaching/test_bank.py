"""The comment bank: whose lines one may use, what counts as a use, and what came next."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import submitting
from coaching import bank, banking, reviewing
from coaching.bank import Outcome
from coaching.models import BankLine, BankUse
from tests import roads
from tests.roads import WEEK_1

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
FOUR = "r-trans.coverage"


def add(by, text="Put “{quote}” first, then stop.", **more):
    return banking.add(kind="try", text=text, by=by, at=WEEK_1, **more)


def found(coach, cast, text):
    return [line for line in bank.lines(coach, cast.spring.edition) if line.text == text]


def test_a_line_is_one_s_own_until_it_is_shared_and_a_client_has_no_bank(cast):
    line = add(cast.tomas)
    before = found(cast.ines, cast, line.text)

    banking.share(line, shared=True, by=cast.tomas, at=WEEK_1)

    (theirs,) = found(cast.ines, cast, line.text)
    assert (before, theirs.author, theirs.is_own) == ([], "Tomas", False)
    assert list(bank.visible_to(cast.mina)) == []


def test_starter_lines_of_the_rubric_in_hand_come_first_and_say_their_criterion(cast):
    lines = bank.lines(cast.tomas, cast.spring.edition, first="r-trans")
    tries = [line for line in lines if line.kind == "try"]

    assert [(line.starter, line.title, line.level) for line in tries[:2]] == [
        ("t4", "Accessible words, precision kept", 2),
        ("t2", "Fits this listener", 2),
    ]
    assert len(lines) == 15


def test_lines_about_the_rubric_in_hand_stand_criterion_by_criterion_and_level_by_level(cast):
    for about, level in (("r-trans.words", 3), (FOUR, 4), (FOUR, 1)):
        add(cast.tomas, f"Of {about} at {level}.", about=about, level=level)

    lines = bank.lines(cast.tomas, cast.spring.edition, first="r-trans")
    tries = [(line.title, line.level) for line in lines if line.kind == "try" and line.about.startswith("r-trans.")]

    assert tries == [
        ("Four questions", 1),
        ("Four questions", 4),
        ("Accessible words, precision kept", 2),
        ("Accessible words, precision kept", 3),
        ("Fits this listener", 2),
    ]


def test_the_same_line_twice_is_one_and_what_is_taken_out_is_gone(cast):
    line = add(cast.tomas)

    again = add(cast.tomas)
    banking.drop(line, by=cast.tomas, at=WEEK_1)

    assert again == line
    assert found(cast.tomas, cast, line.text) == []


@pytest.mark.parametrize(
    ("words", "is_used"),
    [
        ("Put “one in fifty” first, then stop.", True),
        ("Put “one in\nfifty” first,\nthen stop. And more.", True),
        ("Put “one in fifty” first, then go on.", False),
        ("Put it first.", False),
    ],
)
def test_a_use_is_counted_when_the_words_of_a_line_stand_in_what_was_sent(cast, words, is_used):
    line = add(cast.tomas)

    roads.answered(cast.mina, cast.tomas, try_next=words)

    assert BankUse.objects.filter(line=line).exists() is is_used


def test_a_line_in_an_ask_or_in_the_margin_counts_too_and_undo_takes_the_use_back(cast):
    line = add(cast.tomas, text="Name the day.")
    note = {"field": "why", "quote": "costs us a sale", "text": "Say how much of a sale."}
    other = add(cast.tomas, text="Say how much")
    sent = roads.answered(cast.mina, cast.tomas, asks=["Name the day."], notes=[note])
    used = set(BankUse.objects.values_list("line", flat=True))

    reviewing.undo_feedback(sent, by=cast.tomas, at=sent.sent_at + SECOND)

    assert (used, BankUse.objects.count()) == ({line.pk, other.pk}, 0)


def test_what_came_next_is_told_from_five_next_attempts_on(cast):
    line = add(cast.tomas, about=FOUR, level=2)
    told = []
    for number, level in enumerate([3, 2, 4, 3, 1]):
        client = roads.person(f"Client{number}")
        roads.client(cast.spring, client)
        at = WEEK_1 + number * 8 * HOUR
        words = "Put “it” first, then stop."
        roads.answered(client, cast.tomas, at=at, another=True, level=2, try_next=words)
        submitting.try_again(roads.piece(client), by=client, at=at + 3 * HOUR)
        roads.answered(client, cast.tomas, at=at + 4 * HOUR, level=level)
        told.append(found(cast.tomas, cast, line.text)[0].outcome)

    assert told[3:] == [Outcome(4, 4, None), Outcome(5, 5, 3)]
    assert found(cast.tomas, cast, line.text)[0].title == "Four questions"


def test_the_database_holds_lines_to_coaches_levels_to_criteria_and_a_use_to_one_line(cast):
    line = add(cast.tomas)
    sent = roads.answered(cast.mina, cast.tomas, try_next="Put “it” first, then stop.")
    tries = [
        lambda: BankLine.objects.update(visibility="pair"),
        lambda: BankLine.objects.update(level=2),
        lambda: BankLine.objects.update(about=FOUR, level=5),
        lambda: BankLine.objects.update(text=""),
        lambda: BankLine.objects.update(kind="none"),
        lambda: BankUse.objects.create(feedback=sent, line=line),
        lambda: BankUse.objects.create(feedback=sent),
        lambda: BankUse.objects.create(feedback=sent, line=line, starter="k1"),
    ]

    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
