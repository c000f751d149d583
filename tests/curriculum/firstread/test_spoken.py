"""A recording's own first read: pace, fillers, pauses, and the notes on its text."""

import pytest

from curriculum.firstread.spoken import CAVEAT, spoken

TEXT = "When you book a room with us it is really yours, you know, because the system holds it first. Um, it costs a second."


def words(*gaps):
    at, found = 0.0, []
    for number, gap in enumerate(gaps):
        at += gap
        found.append((f"word{number}", at, at + 0.3))
        at += 0.3
    return found


@pytest.mark.parametrize(("count", "pace"), [(129, "slow"), (130, "calm"), (160, "calm"), (161, "fast")])
def test_between_130_and_160_words_a_minute_nothing_is_said_about_pace(count, pace):
    found = spoken([], text="word " * count, seconds=60)

    assert (found.words_per_minute, found.pace) == (count, pace)


def test_only_silence_of_more_than_two_seconds_is_a_pause():
    found = spoken(words(0, 2.0, 2.1, 0.1, 5), text=TEXT, seconds=10)

    assert found.pauses == ((2.6, 2.1), (5.4, 5.0))


def test_fillers_are_counted_by_their_list():
    assert spoken([], text=TEXT, seconds=10).fillers == (("you know", 1), ("um", 1))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("There are like twelve calls.", 1),
        ("It is, like, done.", 1),
        ("Um, like the door is open, like um.", 2),
        ("It works like a door, and I would like two of them, like you.", 0),
    ],
)
def test_like_is_a_filler_where_it_stands_apart_and_not_where_it_compares(text, count):
    assert dict(spoken([], text=text, seconds=10).fillers).get("like", 0) == count


def test_words_that_mean_something_are_no_fillers():
    text = "As you know, this kind of door is what I mean. You know the door."

    assert spoken([], text=text, seconds=10).fillers == ()


def test_the_ordinary_notes_come_without_the_one_about_length():
    text = "The latency and the throughput of the API are tested with Kafka, and the schema migration follows. " * 2

    rules = [note.rule for note in spoken([], text=text, seconds=30).reading.notes]

    assert "H4" in rules
    assert "H1" not in rules


def test_what_cannot_be_read_has_no_notes_and_still_its_pace():
    found = spoken([], text="", seconds=0)

    assert (found.reading, found.words_per_minute) == (None, 0)


def test_it_says_that_recognition_differs_and_that_nothing_is_counted():
    assert "accents" in CAVEAT
    assert "None of this is counted" in CAVEAT
