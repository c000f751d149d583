"""A tagged text as it is read, and what changed in each of its sentences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import sentences
from curriculum import tags

TEXT = "It is live. One check is open. Please decide."


def tagged(letters: str, text: str = TEXT) -> list[dict]:
    return [{"text": one, "tag": letter.strip()} for one, letter in zip(tags.split(text), letters, strict=True)]


def shown(found: sentences.Tagged) -> list[tuple]:
    marks = {"same": "", "ins": "+", "del": "-"}
    return [(line.tag, [marks[piece.kind] + piece.text for piece in line.pieces]) for line in found.lines]


def test_every_sentence_stands_with_its_tag_and_the_order_in_words():
    found = sentences.of(tagged("KK "))

    assert shown(found) == [("K", ["It is live."]), ("K", ["One check is open."]), ("", ["Please decide."])]
    assert [str(line.name) for line in found.lines] == ["Know", "Know", ""]
    assert found.order_in_words == "Order: know, know; missing: feel, decide"


@pytest.mark.parametrize(("letters", "said"), [("KFD", "Order: know, feel, decide"), ("   ", "Nothing is tagged yet")])
def test_the_order_is_said_in_words(letters, said):
    assert sentences.of(tagged(letters)).order_in_words == said


def test_what_changed_stands_in_its_sentence():
    found = sentences.since("It is live now. One check is open. Jonas was ill. Please decide.", TEXT, tagged("KFD"))

    assert shown(found) == [
        ("K", ["It is live ", "-now", ". "]),
        ("F", ["One check is open. ", "-Jonas was ill."]),
        ("D", [" Please decide."]),
    ]


def test_a_sentence_that_came_in_is_new_as_a_whole():
    found = sentences.since("It is live. Please decide.", TEXT, tagged("KFD"))

    assert [kind for kind, _pieces in shown(found)] == ["K", "F", "D"]
    came_in = "".join(piece.text for line in found.lines for piece in line.pieces if piece.kind == "ins")
    assert came_in.strip() == "One check is open."


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["We ship.", "It holds.", "Why?", "Not yet", "“So.”"]), min_size=1, max_size=6),
    st.lists(st.sampled_from(["We ship.", "It held.", "Why?", "Not now"]), max_size=6),
)
def test_no_word_of_the_text_is_lost_or_moved_to_another_sentence(now, then):
    text = " ".join(now)
    pieces = tags.aligned(text, [])

    found = sentences.since(" ".join(then), text, pieces)

    kept = ["".join(piece.text for piece in line.pieces if piece.kind != "del") for line in found.lines]
    assert ["".join(each.split()) for each in kept] == ["".join(piece["text"].split()) for piece in pieces]


def test_tags_that_no_longer_fit_their_text_are_not_shown_in_its_place():
    exercise_fields = [type("F", (), {"kind": "tags", "key": "tags", "extra": {"of": "after"}})()]

    assert sentences.shown_in(exercise_fields, {"after": "It was live.", "tags": tagged("KFD")}) == {}
    assert sentences.shown_in(exercise_fields, {"after": TEXT, "tags": tagged("KFD")}) == {"after": tagged("KFD")}
