"""Finding the words of a note again: in their own text, and in what became of it."""

import pytest

from coaching import anchors, marked
from coaching.anchors import Anchor, Found
from coaching.diffs import DELETED, INSERTED, SAME, Piece
from coaching.marked import Spot

TEXT = "The check is late. We lose a sale a day. The check is late again, and nobody called."


def at(text, found):
    return text[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("anchor", "start"),
    [
        (Anchor("The check is late"), 0),
        (Anchor("The check is late", prefix="a sale a day. "), 41),
        (Anchor("The check is late", suffix=" again, and"), 41),
        (Anchor("The check  is\nlate", suffix=". We lose"), 0),
    ],
)
def test_of_several_places_it_is_the_one_with_the_same_text_around(anchor, start):
    assert anchors.find(TEXT, anchor) == Found(start, start + len("The check is late"))


def test_an_anchor_is_settled_as_the_text_has_it():
    settled = anchors.settled("We lose\n a sale a day, every day.", Anchor("lose a sale"))

    assert settled == Anchor("lose\n a sale", "We ", " a day, every day.")
    assert anchors.settled(TEXT, Anchor("Nobody wrote this")) is None


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("Sorry: we now lose a sale a day. The rest is new.", "we now lose a sale a"),
        ("Since Monday we lose a sale every day. The rest is new.", "we lose a sale every day."),
        ("Nothing of it stayed. All of this is another text.", None),
        ("", None),
    ],
)
def test_words_that_changed_a_little_are_found_and_what_is_gone_is_an_orphan(now, words):
    found = anchors.find(now, Anchor("We lose a sale a day"))

    assert at(now, found) == words
    assert not (found and found.exact)


def test_one_word_is_never_like_another():
    assert anchors.find("A cheque is late.", Anchor("check")) is None


def test_a_mark_cuts_pieces_and_counts_no_white_space_and_nothing_that_went():
    pieces = [
        Piece(SAME, "We "),
        Piece(DELETED, "lost"),
        Piece(SAME, " "),
        Piece(INSERTED, "lose"),
        Piece(SAME, " a sale."),
    ]

    cut = marked.pieces(pieces, [Spot(2, 11, 7)])

    assert [(piece.text, piece.note) for piece in cut] == [
        ("We ", 0),
        ("lost", 0),
        (" ", 0),
        ("lose", 7),
        (" a sale", 7),
        (".", 0),
    ]
