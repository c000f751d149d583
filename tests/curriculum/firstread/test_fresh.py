"""Forty fresh pairs: twenty to tune on, twenty that were never tuned on."""

import pytest

from tests.curriculum.firstread import fresh, report

# The held-out half, texts and labels, as it was written down before anything was tuned.
WRITTEN_BEFORE = "cb51217d8060c292b4eb3f4fa1907564f3f5d3f59123d8e8c7cefea601bf77e5"


def test_the_twenty_that_were_never_tuned_on_are_as_they_were_written():
    assert fresh.digest(fresh.held_out()) == WRITTEN_BEFORE


def test_there_are_twenty_and_twenty_and_every_text_is_labelled_by_rules_of_its_profile():
    from curriculum.firstread import PROFILES

    assert (len(fresh.tuned()), len(fresh.held_out())) == (20, 20)
    for pair in fresh.pairs():
        assert set(pair["weak_should"]) | set(pair["strong_should"]) <= {*PROFILES[pair["profile"]]}, pair["id"]


@pytest.mark.parametrize("half", [fresh.tuned, fresh.held_out], ids=["tuned", "never tuned on"])
def test_every_pair_is_ordered(half):
    assert fresh.ordered(half()) == [pair["id"] for pair in half()]


def test_at_most_two_strong_texts_that_were_never_tuned_on_have_a_note_their_label_calls_false():
    assert len(fresh.noted_falsely(fresh.held_out())) <= 2


def test_the_figures_in_the_guide_are_those_of_today():
    assert report.PAGE.read_text("utf-8") == report.written()
