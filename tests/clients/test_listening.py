"""A listener's link from being made to the marks: once, from memory, and then closed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import listening, receipts, submitting, tokens
from clients.models import JournalEntry, Receipt
from tests import roads
from tests.roads import WEEK_1

KEY = "w1-t1"
DAY = timedelta(days=1)
MEMORY = {"what": "Booking a room", "why": "", "wrong": "Nothing stayed", "when": "End of the month"}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def asked(who, **changes):
    return listening.ask_listener(roads.piece(who, KEY), by=who, at=WEEK_1, **changes)


def answered(who, **changes):
    receipt, _token = asked(who)
    listening.begin(receipt, at=WEEK_1)
    return listening.answer(receipt, **MEMORY | changes, at=WEEK_1 + DAY)


def code(refusal):
    return refusal and refusal.code


def test_the_token_is_told_once_and_only_its_hash_is_kept(cast):
    receipt, token = asked(cast.mina)

    kept = Receipt.objects.get()
    assert len(token) >= 43
    assert kept.token_hash == tokens.hash_of(token)
    assert token not in str(vars(kept))
    assert receipts.find(token) == receipt
    assert receipts.find(token[:-1]) is None


def test_a_link_ends_after_seven_days(cast):
    receipt, _token = asked(cast.mina)

    states = [
        receipts.state_of(receipt, at=WEEK_1 + 7 * DAY - timedelta(seconds=1)),
        receipts.state_of(receipt, at=WEEK_1 + 7 * DAY),
    ]

    assert states == ["open", "expired"]
    assert code(listening.answer_refusal(receipt, at=WEEK_1 + 7 * DAY)) == "receipt.expired"


def test_at_most_five_links_are_open_and_one_that_ended_makes_room(cast):
    five = [asked(cast.mina)[0] for _number in range(5)]
    piece = roads.piece(cast.mina, KEY)
    sixth = listening.ask_refusal(piece, by=cast.mina, at=WEEK_1)

    listening.withdraw(five[0], by=cast.mina, at=WEEK_1)

    assert code(sixth) == "receipt.five_open"
    assert listening.ask_refusal(piece, by=cast.mina, at=WEEK_1) is None
    assert listening.ask_refusal(piece, by=cast.mina, at=WEEK_1 + 7 * DAY) is None


def test_an_answer_is_kept_once_and_is_closed_to_changes(cast):
    receipt = answered(cast.mina, listener="  Aunt   Rosa ")

    kept = Receipt.objects.get()
    assert (kept.what, kept.why, kept.wrong, kept.when, kept.listener) == (
        "Booking a room", "", "Nothing stayed", "End of the month", "Aunt Rosa",
    )  # fmt: skip
    with pytest.raises(listening.Closed) as refused:
        listening.answer(receipt, **MEMORY | {"what": "Something else"}, at=WEEK_1 + DAY)
    assert refused.value.code == "receipt.used"
    assert Receipt.objects.get().what == "Booking a room"


def test_nobody_answers_before_they_have_gone_on_to_the_questions(cast):
    receipt, _token = asked(cast.mina)

    with pytest.raises(listening.CannotAsk) as refused:
        listening.answer(receipt, **MEMORY, at=WEEK_1)

    assert refused.value.code == "receipt.not_begun"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (dict.fromkeys(MEMORY, "  "), "receipt.empty"),
        ({"what": "x" * 601}, "receipt.too_long"),
    ],
)
def test_an_empty_or_endless_answer_is_refused_and_the_link_stays_open(changes, refusal, cast):
    receipt, _token = asked(cast.mina)
    listening.begin(receipt, at=WEEK_1)

    with pytest.raises(listening.NoAnswer) as refused:
        listening.answer(receipt, **MEMORY | changes, at=WEEK_1)

    assert refused.value.code == refusal
    assert receipts.state_of(Receipt.objects.get(), at=WEEK_1) == "open"


def test_marks_make_nought_to_eight_points(cast):
    receipt = answered(cast.mina)
    assert receipt.points is None

    marked = listening.mark(receipt, marks={"what": 2, "why": 0, "wrong": 1, "when": 2}, by=cast.mina, at=WEEK_1 + DAY)
    again = listening.mark(receipt, marks=dict.fromkeys(receipts.QUESTIONS, 2), by=cast.mina, at=WEEK_1 + DAY)

    assert (marked.points, again.points) == (5, 8)


@pytest.mark.parametrize(
    "marks", [{}, {"what": 2, "why": 2, "wrong": 2}, {"what": 3, "why": 0, "wrong": 0, "when": -1}]
)
def test_marks_are_complete_and_within_their_scale(marks, cast):
    receipt = answered(cast.mina)

    with pytest.raises(listening.NotMarked) as refused:
        listening.mark(receipt, marks=marks, by=cast.mina, at=WEEK_1 + DAY)

    assert set(refused.value.by_field) == {key for key in receipts.QUESTIONS if marks.get(key) not in (0, 1, 2)}
    assert Receipt.objects.get().marks == {}


def test_what_nobody_answered_is_not_marked_by_the_database_either(cast):
    asked(cast.mina)

    with pytest.raises(IntegrityError, match="only_what_was_answered_is_marked"), transaction.atomic():
        Receipt.objects.update(marked_at=WEEK_1)


def test_only_the_client_asks_withdraws_and_marks(cast):
    receipt = answered(cast.mina)
    others = (cast.noor, cast.tomas, cast.ada)

    refusals = [
        refusal
        for who in others
        for refusal in (
            listening.ask_refusal(roads.piece(cast.mina, KEY), by=who, at=WEEK_1),
            listening.withdraw_refusal(receipt, by=who, at=WEEK_1),
            listening.mark_refusal(receipt, by=who, at=WEEK_1),
        )
    ]

    assert {type(refusal) for refusal in refusals} == {submitting.NotYours}
    assert len(refusals) == 9


def test_a_recording_of_another_piece_is_not_handed_to_a_listener(cast):
    theirs = roads.recorded(cast.noor)

    refusal = listening.ask_refusal(roads.piece(cast.mina, KEY), sound=theirs, by=cast.mina, at=WEEK_1)

    assert code(refusal) == "receipt.no_recording"


def test_answered_ones_come_first_and_links_that_are_over_go(cast):
    withdrawn, _token = asked(cast.mina)
    listening.withdraw(withdrawn, by=cast.mina, at=WEEK_1)
    answer = answered(cast.mina)
    link, _token = asked(cast.mina)

    shown = receipts.of(roads.piece(cast.mina, KEY), at=WEEK_1)
    later = receipts.of(roads.piece(cast.mina, KEY), at=WEEK_1 + 7 * DAY)

    assert [one.receipt for one in shown] == [answer, link]
    assert [one.receipt for one in later] == [answer]
    assert [(one.key, one.text, one.mark) for one in shown[0].answers] == [
        ("what", "Booking a room", None), ("why", "", None), ("wrong", "Nothing stayed", None),
        ("when", "End of the month", None),
    ]  # fmt: skip


def test_a_piece_stays_open_to_listeners_after_it_is_handed_in(cast):
    roads.translated(cast.mina)

    assert listening.ask_refusal(roads.piece(cast.mina, KEY), by=cast.mina, at=WEEK_1) is None


def test_every_step_is_in_the_journal_without_the_words(cast):
    receipt = answered(cast.mina)
    listening.mark(receipt, marks=dict.fromkeys(receipts.QUESTIONS, 1), by=cast.mina, at=WEEK_1 + DAY)

    lines = JournalEntry.objects.filter(subject=f"receipt:{receipt.pk}").order_by("pk")

    assert list(lines.values_list("action", "actor", "note")) == [
        ("asked a listener", "Mina", ""), ("answered as a listener", "engine", "by a link"),
        ("marked a listener's answers", "Mina", ""),
    ]  # fmt: skip
