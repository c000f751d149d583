"""Know, feel, decide, context: how tags follow their sentences, and what their order says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_a_join_stays_when_the_text_changes_elsewhere():
    joined = tags.joined(tagged("KKFD"), 1)

    found = tags.aligned(TEXT.replace("No decision needed", "No decision needed today"), joined)

    assert [(piece["text"], piece["tag"]) for piece in found] == [
        ("Search goes live on 3 June.", "K"),
        ("It passed 13 of 14 checks. I expect the last one to pass.", "K"),
        ("No decision needed today.", "D"),
    ]


def test_a_join_is_over_when_something_is_written_between():
    joined = tags.joined(tagged("KKFD"), 1)

    found = tags.aligned(TEXT.replace("I expect", "One is open. I expect"), joined)

    assert [piece["text"] for piece in found] == tags.split(TEXT.replace("I expect", "One is open. I expect"))


def test_a_break_stays_when_the_text_changes_elsewhere():
    text = "We can ship on Monday and I need your yes. Nothing else."
    parted = tags.broken(tagged("KC", text), 0, 5)
    parted[1]["tag"] = "D"

    found = tags.aligned(text.replace("on Monday", "on Tuesday"), parted)

    assert [(piece["text"], piece["tag"]) for piece in found] == [
        ("We can ship on Tuesday", "K"), ("and I need your yes.", "D"), ("Nothing else.", "C"),
    ]  # fmt: skip


def test_two_sentences_made_one_by_their_writer_are_one():
    text = TEXT.replace("3 June. It passed", "3 June, and it passed")

    assert [piece["text"] for piece in tags.aligned(text, tagged("KKFD"))] == tags.split(text)


def test_sentences_that_change_places_take_their_tags_along():
    one, two, three, four = tags.split(TEXT)

    assert letters(tags.aligned(" ".join([four, one, two, three]), tagged("KKFD"))) == "DKKF"


@pytest.mark.parametrize(
    "text",
    [
        "Done:\n- One check is open.\n- Two are not.\n\nDetail, if useful",
        "It holds. (See the log.) — Nothing needed.",
        "--- \nOne. ...  Two!",
        "!!!",
        "  Leading blanks. And “quotes.” Then more",
    ],
)
def test_nothing_of_a_text_is_lost_between_its_sentences(text):
    assert "".join("".join(tags.split(text)).split()) == "".join(text.split())
    assert tags.fits(text, tags.aligned(text, []))


def test_bullets_stand_with_their_sentence():
    assert tags.split("Open:\n- One check.\n2. The guide") == ["Open:", "- One check.", "2. The guide"]


def test_a_piece_is_joined_with_the_next_and_keeps_the_first_tag():
    assert tags.joined(tagged("K FD"), 1)[1] == {
        "text": "It passed 13 of 14 checks. I expect the last one to pass.", "tag": "F",
    }  # fmt: skip
    assert letters(tags.joined(tagged("KKFD"), 0)) == "KFD"


def test_a_piece_is_broken_before_a_word_and_its_second_half_has_no_tag():
    assert [piece["text"] for piece in tags.broken(tagged("KKFD"), 0, 3)[:2]] == ["Search goes live", "on 3 June."]
    assert letters(tags.broken(tagged("KKFD"), 0, 3)) == "K-KFD"


@pytest.mark.parametrize(
    "act",
    [
        lambda pieces: tags.joined(pieces, 3),
        lambda pieces: tags.joined(pieces, -1),
        lambda pieces: tags.broken(pieces, 0, 0),
        lambda pieces: tags.broken(pieces, 0, 6),
        lambda pieces: tags.broken(pieces, 4, 1),
    ],
)
def test_where_nothing_can_be_joined_or_broken_nothing_changes(act):
    assert act(tagged("KKFD")) == tagged("KKFD")


def test_a_text_of_many_sentences_is_followed_in_no_time():
    text = "A b c. " * 2800
    before = [{"text": f"A b d{number}.", "tag": "K"} for number in range(200)]

    found = tags.aligned(text, before)

    assert len(found) == 2800
    assert {piece["tag"] for piece in found} == {""}


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["We ship.", "It holds", "no.", "- one", "\n", "Really?", "“So.”", "3.5", "…"]), max_size=12
    ),
    st.lists(st.sampled_from(["We ship.", "It holds", "no.", "Really?", "3.5"]), max_size=8),
)
def test_whatever_was_tagged_the_pieces_make_up_the_text(words, before):
    text = " ".join(words)
    pieces = [{"text": each, "tag": "K"} for each in before]

    found = tags.aligned(text, pieces)

    assert tags.fits(text, found)
    assert tags.aligned(text, found) == found


def test_every_character_of_every_piece_is_found_in_the_passage_that_was_read():
    pieces = tagged("K FD")
    passage = tags.marked(pieces)

    where = tags.places(passage, pieces)

    read = [
        "".join(passage[at] for at, char in zip(at_each, piece["text"], strict=True) if not char.isspace())
        for at_each, piece in zip(where, pieces, strict=True)
    ]
    assert read == ["".join(piece["text"].split()) for piece in pieces]


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
