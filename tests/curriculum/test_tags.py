"""Know, feel, decide, context: how tags follow their sentences, and what their order says."""

import pytest

from curriculum import tags
from curriculum.values import value
from tests.curriculum.fields_at_hand import field

TEXT = "Search goes live on 3 June. It passed 13 of 14 checks. I expect the last one to pass. No decision needed."


def tagged(letters: str, text: str = TEXT) -> list[dict]:
    return [{"text": one, "tag": letter.strip()} for one, letter in zip(tags.split(text), letters, strict=True)]


def letters(pieces: list[dict]) -> str:
    return "".join(piece["tag"] or "-" for piece in pieces)


def test_every_sentence_is_there_without_a_tag_before_anything_was_tagged():
    assert tags.aligned(TEXT, []) == tagged("    ")


def test_a_sentence_that_stays_keeps_its_tag_when_another_is_put_before_it():
    found = tags.aligned("A word first. " + TEXT, tagged("KKFD"))

    assert letters(found) == "-KKFD"


def test_a_sentence_that_is_reworded_a_little_keeps_its_tag():
    found = tags.aligned(
        TEXT.replace("It passed 13 of 14 checks", "It passed all but one of 14 checks"), tagged("KKFD")
    )

    assert letters(found) == "KKFD"


def test_a_sentence_that_is_replaced_loses_its_tag():
    found = tags.aligned(TEXT.replace("I expect the last one to pass", "Jonas was ill on Monday"), tagged("KKFD"))

    assert letters(found) == "KK-D"


def test_sentences_stay_joined_as_their_writer_joined_them():
    first, second, *rest = tagged("KKFD")
    joined = [{"text": f"{first['text']} {second['text']}", "tag": "K"}, *rest]

    assert tags.aligned(TEXT, joined) == joined


def test_two_sentences_alike_each_keep_one_tag():
    twice = "Please decide. Please decide."

    assert letters(tags.aligned(twice, [{"text": "Please decide.", "tag": "D"}])) == "D-"


@pytest.mark.parametrize(
    ("strip", "fine", "missing", "suggested"),
    [
        ("KKFD", True, (), "KKFD"),
        ("KKFDC", True, (), "KKFDC"),
        ("KFKD", True, (), "KKFD"),
        ("FKKD", False, (), "KKFD"),
        ("KDKF", False, (), "KKFD"),
        ("KK", False, ("F", "D"), "KKFD"),
        ("CC", False, ("K", "F", "D"), "KFDCC"),
        ("", False, ("K", "F", "D"), "KFD"),
    ],
)
def test_the_order_is_fine_when_every_know_stands_before_the_first_decide(strip, fine, missing, suggested):
    order = tags.order_of([{"text": "x", "tag": letter} for letter in strip])

    assert (order.is_fine, order.missing, "".join(order.suggested)) == (fine, missing, suggested)


def test_untagged_sentences_are_counted():
    assert tags.order_of(tagged("K F ")).untagged == 2


def test_the_first_read_sees_the_tags_in_brackets():
    assert tags.marked(tagged("K  D")).startswith("[K] Search goes live on 3 June. It passed")


def test_a_tag_nobody_knows_is_no_tag():
    shaped = value(
        field("tags"), [{"text": "One.", "tag": "X"}, {"text": "Two.", "tag": "K"}, {"text": " ", "tag": "K"}, 7]
    )

    assert shaped == [{"text": "One.", "tag": ""}, {"text": "Two.", "tag": "K"}]
