"""What changed between two editions, in words."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from curriculum import changes, contents, editions, importing, publishing
from curriculum.blueprint import draw
from curriculum.changes import Change
from tests.roads import BEFORE, CONTENT, edition


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(CONTENT, tmp_path / "across-8")


def change(path, before, after):
    text = path.read_text()
    assert text.count(before) >= 1
    path.write_text(text.replace(before, after, 1))


def whole(folder):
    plan, problems = draw(folder)
    assert [str(problem) for problem in problems if problem.file != "keys.txt"] == []
    return contents.flat(vars(plan))


@pytest.fixture(scope="module")
def published_flat():
    return whole(CONTENT)


EDITS = [
    (
        "weeks/w3/l1-count-first.md", "title: Count first", "title: Count them first",
        Change("lesson w3-l1", "Title reworded, 1 word changed.", "cosmetic"),
    ),
    (
        "weeks/w3/x2.yaml", "words: {max: 45}", "words: {max: 50}",
        Change("field w3-x2.item1", "At most 50 words instead of 45.", "additive"),
    ),
    (
        "weeks/w3/x2.yaml", "words: {max: 45}", "words: {max: 40}",
        Change("field w3-x2.item1", "At most 40 words instead of 45.", "breaking"),
    ),
    (
        "weeks/w5/x1.yaml", "words: {min: 5, max: 60}", "words: {max: 60}",
        Change("field w5-x1.left_out", "At least any number of words instead of 5.", "additive"),
    ),
    (
        "weeks/w1/x2.yaml", "fields:\n", "fields:\n  - {key: mood, label: Mood, kind: line}\n",
        Change("field w1-x2.mood", "Added: “Mood”.", "additive"),
    ),
    (
        "weeks/w1/x2.yaml", "fields:\n", "fields:\n  - {key: mood, label: Mood, kind: line, required: true}\n",
        Change("field w1-x2.mood", "Added: “Mood”.", "breaking"),
    ),
    (
        "weeks/w1/x2.yaml", "kind: int\n    required: false", "kind: int\n    required: true",
        Change("field w1-x2.criteria_share", "Asked of everybody now.", "breaking"),
    ),
    (
        "weeks/w1/x2.yaml", '      - {value: "no", label: "No"}\n', "",
        Change("option w1-x2.criteria_found.no", "Removed: “No”.", "breaking"),
    ),
    (
        "weeks/w7/x2.yaml", "min: 5", "min: 6",
        Change("exercise w7-x2", "Counts 6 instead of 5.", "breaking"),
    ),
    (
        "weeks/w8/x2-weak.yaml", "A ladder, not a map.", "A ladder, and not a map.",
        Change("example w8-x2-weak", "Coach's note reworded, 1 word changed.", "cosmetic"),
    ),
    (
        "rubrics/r-one.yaml", "- Hinted", "- Hinted at",
        Change("criterion r-one.ask", "Anchor of level 2 changed from “Hinted” to “Hinted at”.", "breaking"),
    ),
    (
        "messages/week.unlock.md", "minutes in all", "minutes in total",
        Change("message week.unlock", "Text reworded, 1 word changed.", "cosmetic"),
    ),
    (
        "milestones.yaml", 'time: "08:00"', 'time: "09:00"',
        Change("milestone week.unlock", "Time changed.", "additive"),
    ),
    (
        "assessments/self.yaml", "I lead with my conclusion.", "I begin with my conclusion.",
        Change("item self.m2", "Text reworded, 1 word changed.", "breaking"),
    ),
    (
        "comments.yaml", "You gave a range", "You gave us a range",
        Change("comment k4", "Text reworded, 1 word changed.", "cosmetic"),
    ),
    (
        "programme.yaml", "I move work forward", "I carry work forward",
        Change("competency influence", "Definition reworded, 1 word changed.", "breaking"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "before", "after", "told"), EDITS, ids=[str(number) for number in range(len(EDITS))])
def test_one_edit_is_told_once_in_words_with_its_place_and_class(folder, published_flat, file, before, after, told):
    change(folder / file, before, after)

    assert changes.between(published_flat, whole(folder)) == (told,)


def test_an_exercise_that_comes_or_goes_is_told_with_nothing_of_its_inside(folder, published_flat):
    change(folder / "weeks/w8/week.yaml", "exercises: [x1, x2, log, t8]", "exercises: [x1, log, t8]")
    change(folder / "weeks/w8/week.yaml", "minutes: 185", "minutes: 165")
    fewer = whole(folder)

    gone = changes.between(published_flat, fewer)
    came = changes.between(fewer, published_flat)

    assert Change("exercise w8-x2", "Removed: “Horizon map”.", "breaking") in gone
    assert Change("exercise w8-x2", "Added: “Horizon map”.", "breaking") in came
    assert [one for one in (*gone, *came) if "w8-x2." in one.place] == []


def test_nothing_changed_says_so(capsys):
    call_command("compare_editions", str(CONTENT), str(CONTENT))

    assert capsys.readouterr().out == "Nothing changed.\n"


def test_a_published_edition_is_what_its_folder_holds(db, published_flat):
    assert changes.between(contents.flat(contents.of(edition())), published_flat) == ()


def test_two_published_editions_are_compared_by_number_and_what_breaks_comes_first(folder, db, capsys):
    old = edition()
    change(folder / "weeks/w3/l1-count-first.md", "title: Count first", "title: Count them first")
    change(folder / "weeks/w3/x2.yaml", "words: {max: 45}", "words: {max: 40}")
    new = publishing.publish(importing.import_edition(folder), signed_by="Ruth", at=BEFORE)

    call_command("compare_editions", str(old.number), str(new.number))

    assert capsys.readouterr().out.splitlines() == [
        "breaking  field w3-x2.item1: At most 40 words instead of 45.",
        "cosmetic  lesson w3-l1: Title reworded, 1 word changed.",
        "Changes: 1 breaking, 0 additive, 1 cosmetic.",
    ]
    assert [change.kind for change in editions.compare(old, new)] == ["cosmetic", "breaking"]


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("77", "There is no published edition 77."),
        ("/nowhere/at/all", "this folder does not exist"),
    ],
)
def test_what_cannot_be_compared_is_named(db, old, told):
    with pytest.raises(CommandError, match=told):
        call_command("compare_editions", old, str(CONTENT))


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        ("", "", 0),
        ("one two three", "one two three", 0),
        ("one two three", "one 2 three", 1),
        ("one two three", "one three", 1),
        ("one two three", "one two two and three", 2),
        ("one two", "three four five", 3),
    ],
)
def test_words_changed_are_counted_once(before, now, count):
    assert changes.words_changed(before, now) == count
