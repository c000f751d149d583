"""Forty pairs in two halves: the odd one for tuning, the even one nobody tuned on."""

from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from curriculum.firstread import read

HERE = Path(__file__).parent


def pairs(half):
    return yaml.safe_load((HERE / half).read_text("utf-8"))


def numbers(half):
    return [int(pair["id"].split("-")[0]) for pair in pairs(half)]


def rules(pair, side):
    return {note.rule for note in read(pair[side]["text"], pair["profile"]).notes}


def test_the_odd_pairs_are_for_tuning_and_the_even_ones_are_not():
    assert (numbers("tuned.yaml"), numbers("untouched.yaml")) == (list(range(1, 41, 2)), list(range(2, 41, 2)))


def test_the_untouched_half_is_what_it_was_when_the_rules_were_not_yet_tuned():
    recorded, name = (HERE / "untouched.sha256").read_text("ascii").split()

    assert (name, sha256((HERE / name).read_bytes()).hexdigest()) == ("untouched.yaml", recorded)


@pytest.mark.parametrize(
    ("half", "not_ordered", "noted_falsely"),
    [("tuned.yaml", [], []), ("untouched.yaml", ["30-columns"], ["22-forklifts", "30-columns"])],
)
def test_the_halves_are_read_as_the_guide_says(half, not_ordered, noted_falsely):
    def is_false(pair):
        return rules(pair, "strong") - {*pair["strong"]["should"], *pair["strong"]["fair"]}

    found = pairs(half)
    assert [pair["id"] for pair in found if len(rules(pair, "weak")) <= len(rules(pair, "strong"))] == not_ordered
    assert [pair["id"] for pair in found if is_false(pair)] == noted_falsely


def test_most_of_the_notes_the_labels_ask_for_on_untouched_weak_texts_are_given():
    asked = {(pair["id"], rule) for pair in pairs("untouched.yaml") for rule in pair["weak"]["should"]}
    given = {(pair["id"], rule) for pair in pairs("untouched.yaml") for rule in rules(pair, "weak")}

    assert (len(asked), len(asked & given)) == (70, 58)
