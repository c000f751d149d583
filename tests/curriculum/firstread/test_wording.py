"""What the notes say: four parts, plain, and never a verdict on anybody."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from curriculum.firstread import PROFILES, Lexicon, grouped, read
from curriculum.firstread.notes import UNSAID
from tests.curriculum.firstread import fresh

FIRSTREAD = Path(__file__).parents[3] / "curriculum" / "firstread"
WORDINGS = yaml.safe_load((FIRSTREAD / "notes.yaml").read_text("utf-8"))
LOUD = (
    "So basically we must fix the ERROR, and obviously the error budget is wrong, maybe, kind of, soon. "
    "The error budget and the MUST list and the native payload were tested with 3 ms and 4 ms, and 9 ms were found, "
    "and then there were some poor, bad, weak and incorrect things, which they should have seen, and many more issues "
    "came. I recommend that we must stop. "
) * 8  # fmt: skip


def every_text_of(notes):
    return [part for note in notes for part in (note.title, note.noticed, note.reader, note.suggestion, note.keep_if)]


def fixtures():
    found = [pair for name in ("fitted", "pairs", "held_out") for pair in fresh.loaded(name)]
    plain = [pair[side] for pair in found for side in ("weak", "strong")]
    labelled = [pair for sets in (fresh.tuned(), fresh.never_tuned()) for pairs in sets.values() for pair in pairs]
    return [*plain, *(text for pair in labelled for text in pair.text.values())]


@cache
def notes_on(text, profile):
    return read(text, profile).notes


def test_the_words_the_notes_never_use_are_the_agreed_ones():
    assert UNSAID == (
        "wrong", "error", "bad", "poor", "weak", "incorrect", "should have", "you failed", "must", "native",
    )  # fmt: skip


@pytest.mark.parametrize("unsaid", UNSAID)
def test_no_wording_and_no_offer_uses_a_word_the_notes_never_use(unsaid):
    said = [part for wording in WORDINGS.values() for part in wording.values()]
    said += Lexicon.builtin().jargon.values()

    assert [part for part in said if unsaid in part.lower()] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_no_note_on_any_text_uses_one_even_where_the_writer_does(profile):
    said = [part for text in [LOUD, f"[D] {LOUD}", *fixtures()] for part in every_text_of(notes_on(text, profile))]

    assert [part for part in said if any(unsaid in part.lower() for unsaid in UNSAID)] == []


def test_every_rule_spoke_in_that_test():
    texts = [LOUD, f"[D] {LOUD}", *fixtures()]
    spoke = {note.rule for profile in PROFILES for text in texts for note in notes_on(text, profile)}

    assert spoke == {f"H{number}" for number in range(1, 19)}


def test_every_note_has_all_its_parts_and_no_blank_left_open():
    notes = [note for text in [LOUD, *fixtures()] for profile in PROFILES for note in notes_on(text, profile)]

    assert [part for part in every_text_of(notes) if not part or "{" in part or "“”" in part] == []


def test_missing_decisions_are_one_note_on_the_page_and_three_in_the_reading():
    text = "[K] We ran 14 tests with 20 ms and 30 ms. [F] 3 were repeated at 40 ms. [C] Reports were written."

    notes = read(text, "update").notes
    shown = grouped(notes)

    assert [note.rule for note in notes] == ["H2", "H9", "H10", "H11"]
    assert [(note.title, note.rules) for note in shown] == [
        ("The conclusion comes later", ("H2",)),
        ("Nothing to decide yet", ("H9", "H10", "H11")),
    ]
    assert [text[start:end] for start, end in shown[1].spans] == [
        "We ran 14 tests with 20 ms and 30 ms.",
        "[F]",
        "3 were repeated at 40 ms.",
        "Reports were written.",
    ]


def test_a_single_note_on_a_missing_decision_keeps_its_own_title():
    text = "The gate is open and works. It is blue. It is tall. I like it."

    assert [note.title for note in grouped(read(text).notes)] == ["No ask yet"]


def test_at_most_three_things_that_work_are_named_the_most_useful_first():
    text = "[K] The gate is open. [F] I am calm about it. [D] Nothing is needed from you."

    assert read(text, "page").working == (
        "Your first sentence carries the conclusion.",
        "Know, feel, decide, in that order.",
        "The ask is visible.",
    )


def test_a_reading_praises_nothing_it_has_a_note_on():
    assert read("Maybe the gate is open, or perhaps it is not.", "flip").working == (
        "Your first sentence carries the conclusion.",
    )
