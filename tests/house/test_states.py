"""The tables of states are whole, and their page is true."""

from pathlib import Path

from clients.models import OneOnOne, Submission
from coaching.management.commands.states import page

ROOT = Path(__file__).parent.parent.parent


def test_every_state_has_its_moves_and_one_whose_turn_it_is():
    states = set(Submission.State)

    assert set(Submission.MOVES) == states
    assert set(Submission.TURN) == states
    assert {target for targets in Submission.MOVES.values() for target in targets} == states


def test_a_1_to_1_comes_to_every_state_and_out_of_none_of_them_without_a_move():
    states = set(OneOnOne.State)

    assert set(OneOnOne.MOVES) == states
    assert {target for targets in OneOnOne.MOVES.values() for target in targets} == states - {OneOnOne.State.PLANNED}


def test_the_page_of_states_is_generated():
    assert (ROOT / "docs" / "states.md").read_text() == page()
