"""What changed since the attempt before in fields that are no text: what is said, meetings, lines of the ledger."""

import html
import re

import pytest
from django.template.loader import render_to_string

from coaching.diffs import Piece
from coaching.web.coach import piece
from tests import roads

OLD, NEW = "Today we refuse one guest in fifty.", "Today we refuse one good guest in fifty."
REVIEW = {"id": 1, "title": "Release review", "outcome": "We ship on Monday."}
FORUM = {"id": 2, "title": "Forum", "outcome": "Nobody knew."}
STAND_UP = {"id": 3, "title": "Stand-up", "outcome": "Nothing new."}
LINE = {"id": 1, "what": "The load is back.", "for_whom": "Finance", "factor": "outcome"}
OTHER = LINE | {"id": 2, "what": "Sign-in takes a second."}


@pytest.fixture
def since(cast):
    """(the field that holds it, as the page shows it) of an answer to a piece, against the answer before."""

    def read(key, answer, before):
        exercise = roads.piece(cast.mina, key).exercise
        found, _aside = piece.with_aside(exercise, answer, before=before)
        (block,) = [one for section in found for one in section.blocks if one.content]
        page = render_to_string("coaching/coach/_sections.html", {"sections": found, "attempt": 2})
        return block, html.unescape(" ".join(re.sub(r"</?(?!ins|del)[a-z][^>]*>", " ", page).split()))

    return read


def sound(key, said):
    return {"audio": {"id": 1, "key": key, "seconds": 6.0, "peaks": [], "transcript": said, "lines": []}}


def test_of_a_piece_recorded_again_the_words_that_changed_are_marked(since):
    block, page = since("w1-t1", sound("b", NEW), sound("a", OLD))

    assert Piece("ins", "good") in block.pieces
    assert "What changed in what is said Today we refuse one <ins>good</ins> guest in fifty." in page


@pytest.mark.parametrize(("then", "now"), [("", NEW), (OLD, ""), (OLD, OLD)])
def test_without_words_on_both_sides_or_with_the_same_ones_nothing_is_compared(since, then, now):
    block, page = since("w1-t1", sound("b", now), sound("a", then))

    assert (block.pieces, "What changed" in page) == ([], False)


def test_meetings_that_came_and_went_are_told_apart(since):
    block, page = since("w3-x1", {"entries": [REVIEW, STAND_UP]}, {"entries": [REVIEW, FORUM]})

    assert [one.title for one in block.content] == ["Release review", "Stand-up", "Forum"]
    assert re.findall(r"<(ins|del)>([^<]*)</\1> ([a-z ]*attempt)", page.replace(' class="strong"', "")) == [
        ("ins", "Stand-up", "new in this attempt"),
        ("del", "Forum", "no longer in this attempt"),
    ]


def test_lines_of_the_ledger_that_came_and_went_are_told_apart_and_one_that_was_changed_is_both(since, cast):
    key = next(
        one.key for one in piece.answers.fields_of(roads.piece(cast.mina, "w8-x1").exercise) if one.kind == "lines"
    )
    changed = LINE | {"what": "The load is back since May."}
    _block, page = since("w8-x1", {key: [changed]}, {key: [LINE, OTHER]})

    assert re.findall(r"<(ins|del)>([^<]*)</", page) == [
        ("ins", "The load is back since May."),
        ("del", "The load is back."),
        ("del", "Sign-in takes a second."),
    ]


def test_a_page_that_compares_nothing_marks_nothing(since):
    block, page = since("w3-x1", {"entries": [REVIEW]}, None)

    assert (block.came, block.went, "<ins" in page, "attempt" in page) == ((), (), False, False)
