"""Where a sentence ends."""

import pytest

from curriculum.firstread import sentences
from curriculum.firstread.texts import Text

CASES = {
    "full stops": ("One is here. Two is there! Is three? Yes.", ["One is here.", "Two is there!", "Is three?", "Yes."]),
    "a letter is a name": ("I take Vendor B. Most are late.", ["I take Vendor B.", "Most are late."]),
    "short forms": (
        "We use e.g. Kafka, approx. 3.5 GB, and v. 2 at 9 p.m. on Monday. It works.",
        ["We use e.g. Kafka, approx. 3.5 GB, and v.", "2 at 9 p.m. on Monday.", "It works."],
    ),
    "a number": ("It is ticket no. 12 of 40. No. We wait.", ["It is ticket no. 12 of 40.", "No.", "We wait."]),
    "no capital": ("it is done. next we wait.", ["it is done.", "next we wait."]),
    "an ellipsis": ("We waited … and went on... Then we left.", ["We waited … and went on...", "Then we left."]),
    "quotation marks": ("He said “stop.” We did.", ["He said “stop.”", "We did."]),
    "tags": ("[K] It is open. [F] All is calm [D] please decide", ["It is open.", "All is calm", "please decide"]),
    "a subject line": ("Subject: A gate. Now.\nIt is open.", ["It is open."]),
    "a heading": ("Weekly update\nThe gate is open.", ["Weekly update", "The gate is open."]),
    "a list": ("Done:\n- one gate\n- two doors\n1. a roof", ["Done:", "one gate", "two doors", "a roof"]),
    "a wrapped mail": (
        "The gate that was closed on Monday is open again, and the\ndoor is too.",
        ["The gate that was closed on Monday is open again, and the\ndoor is too."],
    ),
    "no letters": ("--- !!! 😀", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_a_text_falls_into_its_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_words_are_counted_between_white_space_without_subject_line_and_tags():
    text = "Subject: three words here\n[K] A well-known gate is 40 m wide — nearly. [D] OK"

    assert Text(text).words == 10
