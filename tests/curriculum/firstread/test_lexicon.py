"""Word lists are checked as a whole before any of them is used."""

import pytest

from curriculum.firstread import Lexicon, read
from curriculum.firstread.lexicon import NAMES

TEXT = "The gizmo and the gizmos are blue, and the payload goes through the middleware."


def team_words(lexicon):
    notes = [note for note in read(TEXT, "rewrite", lexicon).notes if note.rule == "H4"]
    return [[TEXT[start:end] for start, end in note.spans] for note in notes]


def test_a_list_that_is_left_out_keeps_the_built_in_phrases():
    lexicon = Lexicon.from_mapping({"jargon": {"Gizmo": "the thing at the gate"}})

    assert team_words(lexicon) == [["gizmo", "gizmos"]]
    assert lexicon.lists == Lexicon.builtin().lists


def test_an_empty_list_finds_nothing():
    assert team_words(Lexicon.from_mapping({"jargon": {}})) == []


def test_no_lexicon_is_the_built_in_one():
    assert team_words(None) == [["payload", "middleware"]]


def test_every_problem_is_named_at_once():
    with pytest.raises(ValueError, match="There is no list called 'hedge'") as refused:
        Lexicon.from_mapping(
            {
                "hedge": ["maybe"],
                "hedges": ["maybe", "", True, "   "],
                "vague": "some",
                "jargon": {"": "a thing", "gate": 3},
                "four_questions": {"what": ["x"], "why": []},
            }
        )

    assert str(refused.value).splitlines() == [
        f"There is no list called 'hedge'. The lists are {', '.join(NAMES)}.",
        "hedges: phrase 2 is '', and a phrase is a text with at least one letter.",
        "hedges: phrase 3 is True, and a phrase is a text with at least one letter.",
        "hedges: phrase 4 is '   ', and a phrase is a text with at least one letter.",
        "vague is not a list of phrases.",
        "jargon: phrase 1 is '', and a phrase is a text with at least one letter.",
        "jargon: the offer for 'gate' is 3, and an offer is a text.",
        "four_questions is not a mapping with exactly what, why, wrong, when.",
    ]


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ({"jargon": ["gate"]}, "jargon is not a mapping from a term to what to offer instead."),
        (
            {"four_questions": {"what": [1], "why": [], "wrong": [], "when": []}},
            "four_questions, what: phrase 1 is 1, and a phrase is a text with at least one letter.",
        ),
    ],
)
def test_a_list_of_another_shape_is_refused(mapping, problem):
    with pytest.raises(ValueError, match=r"jargon|four_questions") as refused:
        Lexicon.from_mapping(mapping)

    assert str(refused.value) == problem


def test_phrases_are_taken_as_they_are_and_not_as_patterns():
    lexicon = Lexicon.from_mapping({"talking_down": ["a.*(", "so – said"]})

    notes = read("This is a.*( thing and a thing, so – said he, and so it is.", "rewrite", lexicon).notes

    assert [note.spans for note in notes if note.rule == "H7"] == [((8, 12), (32, 41))]
