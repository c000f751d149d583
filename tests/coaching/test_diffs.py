"""What changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.diffs import Piece, unchanged, words

TEXTS = st.lists(
    st.sampled_from(["the", "load", "is", "warm", "now.", "18.5", "%", "sign-ins", "Zofia’s", ",", "\n\n", "“yes”"])
).map(" ".join)


def drawn(before, after):
    """The difference as text: {+came in+} and [-went-]."""
    marks = {"same": "{}", "ins": "{{+{}+}}", "del": "[-{}-]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in words(before, after))


def bare(text):
    return "".join(text.split())


CASES = {
    "a word that came in": ("It is resolved.", "It is fully resolved.", "It is {+fully+} resolved."),
    "a word that went": ("It is quite warm.", "It is warm.", "It is [-quite-] warm."),
    "a word in place of another": ("about one in five", "around one in five", "[-about-] {+around+} one in five"),
    "words before the full stop": ("It failed.", "It failed, for good.", "It failed{+, for good+}."),
    "a sign in place of another": ("It failed.", "It failed?", "It failed[-.-]{+?+}"),
    "a number with its separators": ("18.5 %", "18 %", "[-18.5-] {+18+} %"),
    "a hyphenated word": ("sign-in works", "sign-out works", "[-sign-in-] {+sign-out+} works"),
    "a text that was not there": ("", "New words.", "{+New words.+}"),
    "a text that is gone": ("Old words.", "", "[-Old words.-]"),
    "the same words in other lines": ("One.\nTwo.", "One.\n\nTwo.", "One.\n\nTwo."),
    "nothing at all": ("", "", ""),
}


@pytest.mark.parametrize(("before", "after", "shown"), CASES.values(), ids=CASES.keys())
def test_words_are_compared_and_white_space_is_not(before, after, shown):
    assert drawn(before, after) == shown


def test_a_sentence_that_was_rewritten_is_shown_as_one_change_and_not_as_crumbs():
    before = "The certificate was expired and the gateway was not covered by monitoring."
    after = "One person checks every Monday and the date stands in her calendar until spring."

    assert [piece.kind for piece in words(before, after) if piece.text.strip()] == ["del", "ins", "same"]


def test_an_unchanged_text_is_one_piece_and_an_empty_one_is_none():
    assert (unchanged("As it was."), unchanged("")) == ([Piece("same", "As it was.")], [])


def test_a_text_of_any_length_is_compared_in_time_or_shown_as_rewritten():
    before, after = "one " * 3000, "one " * 2999 + "two"

    assert [piece.kind for piece in words(before, after) if piece.text.strip()] == ["del", "ins"]


@given(before=TEXTS, after=TEXTS)
def test_both_texts_can_be_read_back_from_their_difference(before, after):
    pieces = words(before, after)

    assert bare("".join(piece.text for piece in pieces if piece.kind != "del")) == bare(after)
    assert bare("".join(piece.text for piece in pieces if piece.kind != "ins")) == bare(before)


@given(text=TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert {piece.kind for piece in words(text, text)} <= {"same"}
