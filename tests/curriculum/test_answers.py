"""What counts as an answer."""

import pytest

from curriculum import answers, fields
from curriculum.models import Exercise
from tests import roads


@pytest.fixture
def exercise(db):
    return lambda key: Exercise.objects.get(edition=roads.edition(), key=key)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("   \n\t ", 0),
        ("one", 1),
        ("well-known fact", 2),
        ("340 ms above baseline", 4),
        ("a  b\n\nc", 3),
        ("it’s 3,000 € now", 4),
    ],
)
def test_words_are_what_white_space_separates(text, count):
    assert fields.count_words(text) == count


def test_the_limit_in_words_is_inclusive(exercise):
    answer = roads.ANSWERS["w1-x1"] | {"what": "word " * 45}

    assert answers.problems(exercise("w1-x1"), answer) == {}
    over = answers.problems(exercise("w1-x1"), answer | {"what": "word " * 46})
    assert over == {"what": ["At most 45 words here; this has 46."]}


def test_a_rewrite_has_to_differ_from_what_it_rewrites(exercise):
    text = "The nightly load refused the whole delivery because one column changed. " * 5
    answer = {"before": text, "after": text + "Done."}

    assert answers.problems(exercise("w2-x1"), answer)["after"] == [
        "This is still the text from before. Change it for this reader."
    ]


def test_a_translation_needs_its_script(exercise):
    problems = answers.problems(exercise("w1-t1"), {"topic": "Double bookings"})

    assert problems["script"] == ["Record it, or write what you would say as a script of at most 160 words."]


def test_rows_are_counted_and_checked_cell_by_cell(exercise):
    rows = [{"term": "ETL", "translated_as": "x", "precision_kept": "the nightly load"}]

    problems = answers.problems(exercise("w2-x1"), {"terms": rows})

    assert problems["terms"][0] == "At least 3 rows here; this has 1."
    assert problems["terms"][1].startswith("Row 1, ")


def test_unknown_fields_and_foreign_types_are_shaped_away(exercise):
    shaped = answers.shape(
        exercise("w2-x1"), {"after": 12, "terms": "no rows", "state": "accepted", "redacted": "on", "before": None}
    )

    assert shaped == {"after": "12", "terms": [], "redacted": True, "before": ""}


def test_zero_is_a_number_and_not_an_empty_field():
    field = fields.parse({"key": "years", "kind": "int", "required": True, "range": {"min": 0, "max": 60}})

    assert fields.complaints(field, 0) == []
    assert fields.complaints(field, None) == ["This is still empty."]
    assert fields.complaints(field, 61) == ["A whole number from 0 to 60."]


@pytest.mark.parametrize("key", ["w0-x1", "w1-x1", "w1-x2", "w1-t1", "w2-x1", "w2-t2"])
def test_every_strong_example_could_be_handed_in_field_by_field(exercise, key):
    piece = exercise(key)
    strong = piece.examples.filter(label="strong").first()
    if strong is None:
        assert key == "w0-x1"
        return

    problems = answers.problems(piece, strong.answer)

    assert {field: found for field, found in problems.items() if strong.answer.get(field)} == {}
