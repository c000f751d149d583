"""Forty pairs in two halves: the odd one for tuning, the even one nobody tuned on."""

from hashlib import sha256
from pathlib import Path

import yaml

HERE = Path(__file__).parent


def numbers(half):
    return [int(pair["id"].split("-")[0]) for pair in yaml.safe_load((HERE / half).read_text("utf-8"))]


def test_the_odd_pairs_are_for_tuning_and_the_even_ones_are_not():
    assert (numbers("tuned.yaml"), numbers("untouched.yaml")) == (list(range(1, 41, 2)), list(range(2, 41, 2)))


def test_the_untouched_half_is_what_it_was_when_the_rules_were_not_yet_tuned():
    recorded, name = (HERE / "untouched.sha256").read_text("ascii").split()

    assert (name, sha256((HERE / name).read_bytes()).hexdigest()) == ("untouched.yaml", recorded)
