"""Where a note's words stand in the sentences their writer tags."""

import pytest

from curriculum import answers, draft_notes, tags
from curriculum.firstread import Note, read
from curriculum.models import Exercise

EXERCISE = Exercise(
    fields=[
        {"key": "subject", "label": "Subject", "kind": "line"},
        {"key": "after", "label": "Text", "kind": "prose"},
        {"key": "tags", "label": "Tags", "kind": "tags", "of": "after"},
    ],
    first_read={"profile": "update", "fields": ["after"], "subject": "subject"},
)
TEXT = "Reports are ready on 1 December.\nThe rest is hopefully done soon, or maybe not. Perhaps we tell Finance soon."


def answer(letters: str, subject: str = "Reports safe, soon") -> dict:
    pieces = [{"text": one, "tag": tag.strip()} for one, tag in zip(tags.split(TEXT), letters, strict=True)]
    return {"subject": subject, "after": f"  {TEXT} ", "tags": pieces}


def marked(found: dict, notes) -> list[list[str]]:
    places = draft_notes.marks(EXERCISE, found, notes)
    return [[piece["text"][a:b] for a, b in spans] for piece, spans in zip(found["tags"], places, strict=True)]


@pytest.mark.parametrize("letters", ["KFD", "K D", "   "])
@pytest.mark.parametrize("subject", ["Reports safe, soon", ""])
def test_the_words_a_note_is_about_are_found_in_their_sentences_tagged_or_not(letters, subject):
    found = answer(letters, subject)
    notes = [
        note for note in read(answers.for_first_read(EXERCISE, found), "update").notes if note.rule in ("H6", "H12")
    ]

    assert marked(found, notes) == [[], ["soon", "maybe"], ["Perhaps", "soon"]]


def test_a_place_that_runs_over_two_sentences_is_marked_in_both():
    found = answer("KFD")
    passage = answers.for_first_read(EXERCISE, found)
    note = Note("H8", "", "", "", "", "", spans=((passage.index("December"), passage.index("rest") + 4),))

    assert marked(found, [note]) == [["December."], ["The rest"], []]


def test_a_place_in_the_subject_or_a_tag_is_no_place_in_a_sentence():
    found = answer("KFD")
    passage = answers.for_first_read(EXERCISE, found)
    note = Note("H10", "", "", "", "", "", spans=((9, 14), (passage.index("[F]"), passage.index("[F]") + 3)))

    assert marked(found, [note]) == [[], [], []]


def test_a_whole_sentence_is_not_marked_also_where_it_was_joined_with_another():
    found = answer("KFD")
    found["tags"] = tags.joined(found["tags"], 0)
    passage = answers.for_first_read(EXERCISE, found)
    last, first = passage.index("Perhaps"), passage.index("Reports are ready")
    note = Note("H11", "", "", "", "", "", spans=((first, passage.index("The rest") - 1), (last, len(passage))))

    assert marked(found, [note]) == [[], []]


def test_nothing_is_marked_where_nothing_is_tagged():
    assert draft_notes.marks(Exercise(fields=[], first_read={}), {}, []) == []
    assert draft_notes.marks(EXERCISE, {"after": "", "tags": []}, []) == []
