"""Keys are stable for ever."""

import shutil

import pytest
from django.core.management import call_command

from curriculum.blueprint import draw, keys
from tests.roads import CONTENT


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(CONTENT, tmp_path / "across-8")


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def told(folder):
    return [str(problem) for problem in draw(folder)[1]]


def line_of(folder, entry):
    return (folder / "keys.txt").read_text().splitlines().index(entry) + 1


def test_a_key_that_is_gone_is_a_problem_until_it_is_retired(folder):
    change(folder / "weeks/w8/x2.yaml", "  - key: change_if", "  - key: turn_if")
    change(folder / "weeks/w8/x2-strong.yaml", "  change_if:", "  turn_if:")
    entry = "field w8-x2.change_if prose"

    before = told(folder)
    change(folder / "keys.txt", entry, f"- {entry}")

    assert before == [
        f"keys.txt:{line_of(CONTENT, entry)}: the field w8-x2.change_if was published and is gone. "
        "Bring it back, or write “- ” before this line"
    ]
    assert told(folder) == []


def test_a_key_that_has_become_something_else_is_a_problem(folder):
    change(folder / "weeks/w8/x2.yaml", "kind: plan", "kind: text")

    assert told(folder) == [
        f"keys.txt:{line_of(folder, 'exercise w8-x2 plan')}: the exercise w8-x2 was published as plan and is text now. "
        "Give it another key"
    ]


def test_a_retired_key_is_never_given_out_again(folder):
    change(folder / "keys.txt", "field w8-x2.year5 prose", "- field w8-x2.year5 prose")

    assert "the field w8-x2.year5 was retired for ever. Give the new one another key" in told(folder)[0]


def test_a_new_key_is_added_by_the_command_and_nothing_else_moves(folder, capsys):
    change(folder / "weeks/w8/x2.yaml", "fields:\n", "fields:\n  - {key: mood, label: Mood, kind: line}\n")
    before = (folder / "keys.txt").read_text().splitlines()

    call_command("content_keys", str(folder))
    printed = capsys.readouterr().out
    call_command("content_keys", str(folder))

    assert printed == "field w8-x2.mood line\n"
    assert capsys.readouterr().out == "Every key is in the register.\n"
    after = (folder / "keys.txt").read_text().splitlines()
    assert [line for line in after if line != "field w8-x2.mood line"] == before


def test_what_the_first_ledger_line_asked_when_it_was_handed_in_is_retired():
    retired = {entry.named for entry in keys.read(CONTENT) if entry.is_retired}

    assert {("field", f"w2-x2.{key}") for key in ("date", "what", "for_whom", "my_part", "factor")} <= retired


def test_the_register_is_no_part_of_the_edition(folder):
    before = draw(folder)[0].digest
    change(folder / "keys.txt", "# Every key", "# Each key")

    assert draw(folder)[0].digest == before != ""
