"""Every place a note marks is a place in the text as given, whatever stands in front of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.firstread import PROFILES, Unreadable, read, sentences

WEAK = "Maybe the gate opens soon, perhaps. We had some issues with XQZ and 3 of 4 were tested.\nObviously it is late."
BEFORE = {
    "a subject line": "Subject: [K] maybe soon, XQZ\n",
    "a subject line with CRLF": "subject: maybe soon\r\n\r\n",
    "a tag": "[K] ",
    "an emoji outside the basic plane": "🚧🏗️ ",
    "a letter that grows in lower case": "İİİ ",
    "a letter of several code points": "e\u0301 and n\u0303. ",
    "curly quotes and dashes": "It’s “maybe” — ",
    "line ends of every kind": "Red.\r\nBlue.\rGreen.\u2028Grey.\x85",
    "a byte order mark": "\ufeff",
}
PIECES = ["Maybe ", "soon", ". ", "XQZ ", "[K] ", "[D]", "\r\n", "\n\n", "— ", "“some” ", "😀", "İ", "Subject: ", "- ",
          "we looked at ", "3 ms and 4 ms ", "Please ", "?", "...", "e.g. ", "`soon` ", "it’s ", "latency ", "kind of ",
          "obviously ", "was tested ", "the and of to "]  # fmt: skip


def marked(text, profile):
    return {
        note.rule: [text[start:end] for start, end in note.spans]
        for note in read(text, profile).notes
        if note.rule in ("H5", "H6", "H7", "H12")
    }


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
def test_what_stands_in_front_does_not_shift_a_mark(before):
    found = marked(before + WEAK, "rewrite")

    assert found == marked(WEAK, "rewrite")


def test_line_ends_of_two_characters_shift_a_mark_by_one():
    text = "The gate is fine.\nIt opens soon."

    places = [read(each).notes[-1].spans for each in (text, text.replace("\n", "\r\n"))]

    assert places == [((27, 31),), ((28, 32),)]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(sorted(PROFILES)))
def test_places_are_sorted_apart_and_inside_the_text(text, profile):
    try:
        notes = read(text, profile).notes
    except Unreadable:
        return

    for note in notes:
        edges = [edge for span in note.spans for edge in span]
        assert all(start < end for start, end in note.spans)
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(text) for edge in edges)


@given(st.text(max_size=300), st.sampled_from(sorted(PROFILES)))
def test_any_text_at_all_is_read_or_refused_with_a_sentence(text, profile):
    try:
        words = read(text, profile).words
    except Unreadable as refused:
        assert refused.sentence.endswith(".")
    else:
        assert words > 0


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_sentences_do_not_overlap_and_have_no_blanks_around_them(text):
    spans = sentences(text)

    assert [edge for span in spans for edge in span] == sorted({edge for span in spans for edge in span})
    assert [text[start:end].strip() for start, end in spans] == [text[start:end] for start, end in spans]
