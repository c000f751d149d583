"""The page and the picture say what the figures say, and a run that went wrong is called that."""

import json
from xml.etree import ElementTree

import pytest

from tests.reliability import report

GOOD = {
    "submissions": {
        "tried": 2000, "acknowledged": 2000, "lost": 0, "doubled": 0, "different from what was sent": 0,
        "not in the journal or not watched": 0, "refused": 0, "first refusals": [], "kills": 41,
    },
    "milestones": {
        "messages owed": 700, "messages that came": 700, "lost": 0, "twice or owed to nobody": 0, "early": 0,
        "while standing still": 0, "seconds": 81.5,
    },
}  # fmt: skip


def section(name, **changes):
    return {"seed": 7, "database": "PostgreSQL 18.4", "figures": GOOD[name] | changes}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_good_run_is_called_good(name):
    assert report.broken(name, GOOD[name]) == []


@pytest.mark.parametrize(("name", "figure"), [(name, figure) for name in GOOD for figure in report.MUST_BE_ZERO[name]])
def test_one_of_anything_that_may_not_happen_is_told(name, figure):
    assert report.broken(name, GOOD[name] | {figure: 1}) == [f"{figure}: 1"]


def test_fewer_acknowledged_than_tried_is_told():
    assert report.broken("submissions", GOOD["submissions"] | {"acknowledged": 1999}) == ["acknowledged: 1999 of 2000"]


def test_one_run_leaves_the_figures_of_the_other_alone(tmp_path):
    report.write({"submissions": section("submissions")}, "first", tmp_path)
    report.write({"milestones": section("milestones")}, "second", tmp_path)

    known = json.loads((tmp_path / "reliability.json").read_text())
    assert {name: (one["command"], one["figures"]) for name, one in known.items()} == {
        "submissions": ("first", GOOD["submissions"]),
        "milestones": ("second", GOOD["milestones"]),
    }


def test_the_page_shows_every_number_with_the_command_and_the_seed(tmp_path):
    report.write({"submissions": section("submissions", kills=1234)}, "python -m tests.reliability", tmp_path)

    page = (tmp_path / "reliability.md").read_text()
    assert "| kills | 1,234 |" in page
    assert "`python -m tests.reliability`, seed 7" in page
    assert "Milestones and their messages" not in page


def test_the_picture_is_well_formed_and_says_how_many_of_how_many(tmp_path):
    report.write({name: section(name) for name in GOOD}, "all", tmp_path)

    texts = [node.text for node in ElementTree.parse(tmp_path / "reliability.svg").iter() if node.text]
    assert "2,000 of 2,000" in texts
    assert texts.count("0 of 700") == 4
