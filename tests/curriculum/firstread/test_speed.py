"""Fast enough to read along while somebody types, and never slow whatever is typed.

Measured in processor time, so that a busy machine fails nothing.
"""

from contextlib import suppress
from time import process_time

import pytest

from curriculum.firstread import LONGEST, PROFILES, Lexicon, Unreadable, read
from curriculum.firstread.context import Draft
from curriculum.firstread.reader import RULES
from curriculum.firstread.texts import Text

TEXT = (
    "New search is on track to go live on 3 June. It now answers within our limit in 13 of the 14 situations we "
    "tested. The last one, more than 4,000 people at once, is our busiest hour doubled; I expect it to pass on Monday. "
    "If it does not, we can launch with a cap. Maybe some latency is left. No decision needed; I will write by noon. "
) * 2  # fmt: skip
# Repeated to the full length: each is what some pattern likes to read again and again.
HOSTILE = [
    "a", " ", "\n", "\r\n", ".", ". ", "a. ", "...", '"', '" ', "“", "”", "`", "```", "[K]", "[K] ", "[D] please ",
    "subject:", "the ", "I ", "i   ", "so ", "if ", "to ", "was ", "is being ", "was tested ", "1", "1,", "1.1", "1%",
    "A/", "AB ", "AB (", "(", "?", "you ", "can you ", "— ", "- ", "a) ", "é", "İ", "😀", "\u0301", "from one ",
    "by 5 ", "e.g. ", "http://", "a-", "a'", "which means ", "latency ", "Node. ", "Soon. ", "clearly. ", "please ",
    "we have been ", "there are two ", "in order ", "the team ", "a few issues ", "Please find ", "no ", "needs a ",
    "you ", "you are wrong. ", "if it ", "he did not check ", "Anna forgot ", "Ab, ", "there is a risk. ", "so that ",
    "this mail ", "after a ", "1.5% ", "\nFlag: a", "; ",
]  # fmt: skip


def seconds(text, profile):
    start = process_time()
    with suppress(Unreadable):
        read(text, profile)
    return process_time() - start


def seconds_past_the_language(text):
    """The time every rule takes together, whatever language the text would be taken for."""
    start = process_time()
    draft = Draft(Text(text), Lexicon.builtin())
    if draft.text.sentences:
        for rule in RULES.values():
            rule(draft)
    return process_time() - start


def test_a_text_of_150_words_is_read_in_far_less_than_a_pause_in_typing():
    read(TEXT, "translation")

    fastest = min(seconds(TEXT, profile) for profile in PROFILES for _ in range(5))
    slowest = max(min(seconds(TEXT, profile) for _ in range(5)) for profile in PROFILES)

    print(f"{len(TEXT.split())} words: {1000 * fastest:.1f} to {1000 * slowest:.1f} ms, by profile")
    assert slowest < 0.025  # about 3 ms where nothing else runs


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_the_longest_text_of_one_piece_repeated_is_read_in_less_than_a_second(piece):
    start = "The gate is open and we need it by noon, so it is fine for them and for us. "

    repeated = (piece, piece + "x", piece * 9 + " and the ")

    for text in (start + piece * LONGEST, *(each * LONGEST for each in repeated)):
        assert seconds_past_the_language(text[:LONGEST]) < 1


def test_thousands_of_different_short_forms_are_read_in_less_than_a_second():
    letters = "ABCDEFGHIJKLMNOPQ"
    text = "We see " + " ".join(a + b + c for a in letters for b in letters for c in letters)

    assert seconds_past_the_language(text[:LONGEST]) < 1
