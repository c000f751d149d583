"""The reading grade: the published formula, on counts that can be done by hand."""

import pytest

from curriculum.readability import grade, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1),
        ("used", 1),
        ("names", 1),
        ("queue", 1),
        ("people", 2),
        ("table", 2),
        ("client", 2),
        ("being", 2),
        ("useful", 2),
        ("colleague", 2),
        ("something", 2),
        ("Don't", 1),
        ("idea", 3),
        ("video", 3),
        ("actual", 3),
        ("latency", 3),
        ("database", 3),
        ("migration", 3),
        ("management", 3),
        ("priority", 4),
        ("experience", 4),
    ],
)
def test_syllables_are_counted_as_they_are_said(word, count):
    assert syllables(word) == count


def test_the_grade_is_the_formula_over_words_sentences_and_syllables():
    # 10 words in 2 sentences, 12 syllables: 0.39 * 5 + 11.8 * 1.2 - 15.59
    assert grade("We moved the table today. Your team can use it.") == pytest.approx(0.52)


def test_longer_sentences_and_longer_words_ask_for_more_years():
    plain = "The cat sat. The dog ran."
    joined = "The cat sat and the dog ran and the cat sat and the dog ran and the cat sat and the dog ran."
    heavy = "Organisational communication necessitates considerable international responsibility."

    assert grade(plain) < grade(joined) < grade(heavy)


def test_marks_and_headings_are_not_read_and_every_item_is_a_sentence_of_its_own():
    marked = (
        "## A heading nobody counts\n\n- **One** cat\n- Two [dogs](https://example.org/animals)\n\n> Six `birds` sat"
    )

    assert grade(marked) == grade("One cat. Two dogs. Six sat.")


def test_a_number_is_no_word():
    assert grade("It took 340 ms.") == grade("It took ms.")


@pytest.mark.parametrize("text", ["", "\n\n", "## Only a heading", "42. 7."])
def test_nothing_to_read_is_grade_nought(text):
    assert grade(text) == 0.0
