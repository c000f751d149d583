"""A weak text gets strictly more distinct notes than its strong twin, and a strong one hardly any."""

from pathlib import Path

import pytest
import yaml

from curriculum.firstread import read


def pairs(name):
    return yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8"))


def by_id(name):
    return [pytest.param(pair, id=pair["id"]) for pair in pairs(name)]


def rules(text, profile):
    return [note.rule for note in read(text, profile).notes]


@pytest.mark.parametrize("pair", by_id("fitted"))
def test_a_worked_example_gets_its_notes_and_its_strong_twin_gets_none(pair):
    weak, strong = (rules(pair[side], pair["profile"]) for side in ("weak", "strong"))

    assert (weak, strong) == (pair["fires"], [])


@pytest.mark.parametrize("pair", [*by_id("pairs"), *by_id("held_out")])
def test_a_pair_the_rules_were_not_written_for_is_ordered(pair):
    weak, strong = (rules(pair[side], pair["profile"]) for side in ("weak", "strong"))

    assert len(set(weak)) > len(set(strong))


@pytest.mark.parametrize("name", ["pairs", "held_out"])
def test_no_strong_text_of_a_pair_the_rules_were_not_written_for_gets_a_note(name):
    noted = {pair["id"] for pair in pairs(name) if rules(pair["strong"], pair["profile"])}

    assert noted == set()


def test_the_pairs_are_as_many_as_the_guide_says():
    assert [len(pairs(name)) for name in ("fitted", "pairs", "held_out")] == [18, 16, 20]


def test_the_leadership_ready_version_of_the_article_leads_and_asks():
    article = pairs("fitted")[0]

    working = read(article["strong"], "update").working

    assert working == (
        "Your first sentence carries the conclusion.",
        "The ask is visible.",
        "You say it plainly.",
    )
