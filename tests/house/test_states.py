"""The table of states is whole, and its page is true."""

from pathlib import Path

from clients.models import Submission
from coaching.management.commands.states import page

ROOT = Path(__file__).parent.parent.parent


def test_every_state_has_its_moves_and_one_whose_turn_it_is():
    states = set(Submission.State)

    assert set(Submission.MOVES) == states
    assert set(Submission.TURN) == states
    assert {target for targets in Submission.MOVES.values() for target in targets} == states


def test_the_page_of_states_is_generated():
    assert (ROOT / "docs" / "states.md").read_text() == page()
