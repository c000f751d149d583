"""The labelled pairs: those the rules were set on, and those they were not."""

import pytest

from curriculum.firstread import PROFILES, read
from tests.curriculum.firstread import fresh, report

NEVER_TUNED, TUNED = fresh.never_tuned(), fresh.tuned()
# Texts and labels as they were written down before the first look at what the rules say of them.
WRITTEN_BEFORE = {
    "first forty, odd": "cb51217d8060c292b4eb3f4fa1907564f3f5d3f59123d8e8c7cefea601bf77e5",
    "second even": "281de7658442edb4500f0b69519d146662d4404f3465a4fe87345e636edc6ebe",
    "blind twenty": "9aa20e3806e9ed07dbe9b319f9cef8cf6c486ca963dcfead0cea1567b60d85a6",
    "last twenty": "a10284fe7f857c8ad44dca8a331ba02ab0903e93d0a67786dc62f8aa367d4c0b",
}


def every_pair():
    return [pair for found in (*TUNED.values(), *NEVER_TUNED.values()) for pair in found]


def test_texts_and_labels_are_as_they_were_before_the_first_look():
    found = {
        "first forty, odd": fresh.first_forty(odd=True),
        "second even": fresh.loaded("second_even"),
        "blind twenty": fresh.loaded("blind_twenty"),
        "last twenty": fresh.loaded("last_twenty"),
    }

    assert {name: fresh.digest(raws) for name, raws in found.items()} == WRITTEN_BEFORE


def test_every_set_has_twenty_pairs_labelled_by_rules_of_their_profile():
    assert [len(found) for found in (*TUNED.values(), *NEVER_TUNED.values())] == [20] * 6
    for pair in every_pair():
        assert pair.should["weak"] | pair.should["strong"] <= {*PROFILES[pair.profile]}, pair.id


@pytest.mark.parametrize("name", [*TUNED, *NEVER_TUNED])
def test_every_pair_is_ordered(name):
    found = (TUNED | NEVER_TUNED)[name]

    assert fresh.ordered(found, fresh.spoken_now(found)) == [pair.id for pair in found]


@pytest.mark.parametrize("name", TUNED)
def test_no_strong_text_the_rules_were_set_on_has_a_note_its_label_calls_false(name):
    assert fresh.noted_falsely(TUNED[name], fresh.spoken_now(TUNED[name])) == []


@pytest.mark.parametrize("name", NEVER_TUNED)
def test_at_most_two_strong_texts_nobody_tuned_on_have_a_note_their_label_calls_false(name):
    assert len(fresh.noted_falsely(NEVER_TUNED[name], fresh.spoken_now(NEVER_TUNED[name]))) <= 2


def test_no_strong_text_of_many_voices_has_a_note():
    texts = fresh.loaded("strong")

    noted = [one["text"][:40] for one in texts if read(one["text"], one["profile"]).notes]

    assert (len(texts), noted) == (51, [])


def test_the_figures_in_the_guide_are_those_of_today():
    assert report.PAGE.read_text("utf-8") == report.written()
