"""The promotion case: from a draft, from an attempt, and to take along."""

import json
import re

import pytest

from clients import cases, evidence, evidencing, handouts, submitting
from clients.cases import Evidence
from tests import keeping, roads
from tests.keeping import LINE, WEEK_8

PROOF = Evidence("They agreed on one check.", "Logistics", "I wrote it", ("Their lead",), ("Ana",), "p. 3", "Good.", 3)


# --- As data ------------------------------------------------------------------------------------------


def test_a_draft_shows_the_lines_it_names_as_they_are_now(cast):
    piece = keeping.drafted_case(cast.mina)
    row = evidence.own(cast.mina.pk).get(factor="influence")
    evidencing.change_line(row, line=LINE | {"factor": "influence", "quote": "At last."}, by=cast.mina, at=WEEK_8)

    found = cases.of_draft(roads.piece(cast.mina, "w8-x1"))

    assert (found.level, found.attempt, found.handed_in_at) == (piece.draft["level"], None, None)
    assert found.criteria == "Built on the written criteria and my manager's words"
    assert [(factor.key, len(factor.evidence)) for factor in found.factors] == [
        ("stakeholder", 1), ("influence", 1), ("presence", 1), ("upward", 0),
    ]  # fmt: skip
    assert found.factors[1].evidence[0].quote == "At last."


def test_an_attempt_shows_what_was_handed_in_whatever_became_of_the_ledger(cast):
    attempt = keeping.handed_in_case(cast.mina)
    for row in evidence.own(cast.mina.pk):
        evidencing.remove_line(row, by=cast.mina, at=WEEK_8)

    found = cases.of_attempt(attempt)

    assert (found.attempt, found.handed_in_at) == (1, WEEK_8)
    assert [factor.evidence[0].what for factor in found.factors[:3]] == [LINE["what"]] * 3
    assert cases.of_draft(roads.piece(cast.mina, "w8-x1")).factors[0].evidence == ()


def test_a_line_made_private_leaves_the_draft(cast):
    keeping.drafted_case(cast.mina)
    row = evidence.own(cast.mina.pk).get(factor="presence")

    evidencing.change_line(row, line=LINE | {"visibility": "private"}, by=cast.mina, at=WEEK_8)

    assert cases.of_draft(roads.piece(cast.mina, "w8-x1")).factors[2].evidence == ()


def test_the_newest_case_is_the_draft_in_hand_else_the_last_one_handed_in(cast):
    mine = cast.enrolment(cast.mina)
    assert cases.newest(mine) is None

    attempt = keeping.handed_in_case(cast.mina)
    assert cases.newest(mine).attempt == 1

    submitting.take_back(attempt.submission, by=cast.mina, at=WEEK_8)
    piece = roads.piece(cast.mina, "w8-x1")
    submitting.save_draft(
        piece, answer=piece.draft | {"level": "Lead"}, revision=piece.draft_revision, by=cast.mina, at=WEEK_8
    )
    assert (cases.newest(mine).attempt, cases.newest(mine).level) == (None, "Lead")


def test_every_detail_of_a_line_is_in_words():
    assert PROOF.details == (
        "For Logistics", "I wrote it", "Seen by Their lead", "With credit to Ana", "p. 3",
    )  # fmt: skip


# --- To take along ------------------------------------------------------------------------------------


def test_the_markdown_has_the_case_first_and_then_the_ledger_by_factor(cast):
    keeping.drafted_case(cast.mina)
    mine = cast.enrolment(cast.mina)

    text = handouts.in_markdown(evidence.of(mine), cases.newest(mine))

    assert re.findall(r"^#+ .*$", text, re.M) == [
        "# Engineering manager, Commerce, autumn round", "## Stakeholder communication", "## Cross-functional influence",
        "## Meeting leadership presence", "## Upward communication", "## Technical", "## The gap I own", "## The ask",
        "## How I open the conversation", "# Evidence ledger", "## Stakeholder communication",
        "## Cross-functional influence", "## Meeting leadership presence", "## Upward communication",
    ]  # fmt: skip
    assert "- 10 March 2026: Support sees by itself why a label was refused. For The support team" in text
    assert text.endswith("## Upward communication\n\nNothing yet.\n")


def test_private_lines_are_left_out_of_what_is_handed_on(cast):
    keeping.line(cast.mina)
    keeping.line(cast.mina, visibility="private", what="Nobody else may read these words.")

    whole = evidence.of(cast.enrolment(cast.mina))

    assert "Nobody else may read" not in handouts.in_markdown(handouts.for_others(whole), None)
    assert "Only you can read this line" in handouts.in_markdown(whole, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# not a heading", "\\# not a heading"),
        ("1. not a list", "\\1. not a list"),
        ("- nor this", "\\- nor this"),
        ("*stars* and [links](x) <b>", "\\*stars\\* and \\[links\\](x) \\<b\\>"),
        ("two\nlines", "two lines"),
    ],
)
def test_markdown_shows_what_was_written_as_it_stands(text, shown):
    assert handouts.plain(text) == shown


def test_a_case_is_data_that_can_be_kept(cast):
    found = cases.of_attempt(keeping.handed_in_case(cast.mina))

    assert json.loads(json.dumps([factor.claim for factor in found.factors]))[1] == keeping.CASE["claim_influence"]
