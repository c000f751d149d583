"""Files become a draft edition: all of it or nothing."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from curriculum import importing, placeholders, publishing
from curriculum.models import Edition, Exercise, Level, MilestonePlan, Week
from tests.roads import BEFORE, CONTENT


@pytest.fixture
def folder(tmp_path):
    """A copy of the programme's content to change."""
    return shutil.copytree(CONTENT, tmp_path / "across-8")


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_the_programmes_own_content_has_weeks_0_to_2_whole(db):
    edition = importing.import_edition(CONTENT)

    assert list(Week.objects.filter(edition=edition).values_list("number", flat=True)) == [0, 1, 2]
    assert [week.lessons.count() for week in edition.weeks.all()] == [0, 4, 4]
    assert list(Exercise.objects.filter(edition=edition).order_by("key").values_list("key", flat=True)) == [
        "w0-assessment",
        "w0-charter",
        "w0-intake",
        "w0-log",
        "w0-pulse",
        "w0-t0",
        "w0-x1",
        "w1-t1",
        "w1-x1",
        "w1-x2",
        "w2-t2",
        "w2-x1",
        "w2-x2",
    ]
    assert Level.objects.filter(edition=edition).count() == 4 * 30
    assert MilestonePlan.objects.filter(edition=edition).count() == 7


def test_the_same_files_are_imported_once(folder, db):
    first = importing.import_edition(folder)

    second = importing.import_edition(folder)

    assert first == second
    assert Edition.objects.filter(digest=first.digest).count() == 1


def test_a_changed_word_makes_a_new_draft_and_leaves_the_published_one(folder, db):
    published = importing.import_edition(CONTENT)
    if not published.is_published:
        published = publishing.publish(published, signed_by="Ruth", at=BEFORE)
    change(folder / "weeks/w1/week.yaml", "title: ", "title: Now. ")

    draft = importing.import_edition(folder)

    assert (draft.is_published, draft.programme) == (False, published.programme)
    assert published.weeks.get(number=1).title != draft.weeks.get(number=1).title


def test_every_problem_is_told_at_once_with_file_and_line_and_nothing_is_imported(folder, db):
    before = Edition.objects.count()
    change(folder / "weeks/w1/x1.yaml", "kind: text", "kind: essay")
    change(folder / "rubrics/r-trans.yaml", "competency: stakeholder", "competency: charm")
    change(folder / "messages/week.unlock.md", "{title}", "{titel}")
    (folder / "milestones.yaml").write_text("- {kind: x, weeks: [1], day: moonday, time: '08:00', zone: client}\n")
    (folder / "weeks/w2/l1-precision.md").unlink(missing_ok=True)

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    told = [(problem.file, problem.line) for problem in refused.value.problems]
    whats = " ".join(problem.what for problem in refused.value.problems)
    assert {file for file, _line in told} == {
        "weeks/w1/x1.yaml",
        "rubrics/r-trans.yaml",
        "messages/week.unlock.md",
        "milestones.yaml",
        "weeks/w2/l1-precision.md",
    } - ({"weeks/w2/l1-precision.md"} if not (CONTENT / "weeks/w2/l1-precision.md").exists() else set())
    assert ("weeks/w1/x1.yaml", 3) in told
    assert ("milestones.yaml", 1) in told
    assert all(word in whats for word in ("essay", "charm", "titel", "moonday"))
    assert Edition.objects.count() == before


@pytest.mark.parametrize(
    ("file", "before", "after", "reason"),
    [
        ("weeks/w1/x1.yaml", "rubric: r-trans", "", "names a rubric or says unscored"),
        ("weeks/w1/x1.yaml", "rubric: r-trans", "rubric: r-nothing", "is not one of"),
        ("weeks/w1/x1.yaml", "words: {min: 5, max: 45}", "words: {min: 50, max: 45}", "n not above m"),
        ("weeks/w1/x1-strong.yaml", "exercise: w1-x1", "exercise: w2-x1", "says it belongs to"),
        ("weeks/w2/week.yaml", "key: w2", "key: w1", "is used in"),
        ("programme.yaml", "key: across-8", "key: [", "not readable"),
    ],
)
def test_bad_content_is_refused_with_its_reason(folder, db, file, before, after, reason):
    change(folder / file, before, after)

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    assert [p for p in refused.value.problems if p.file == file and reason in p.what]


def test_an_example_over_its_own_limits_is_refused(folder, db):
    path = folder / "weeks/w1/x1-weak.yaml"
    change(path, "what: ", "what: " + "word " * 60 + "")

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    assert "over its own limits: what" in str(refused.value.problems[0])


def test_the_command_prints_every_problem_and_no_traceback(folder, db):
    (folder / "programme.yaml").unlink()

    with pytest.raises(CommandError) as refused:
        call_command("import_edition", str(folder))

    assert "programme.yaml:1: this file is missing" in str(refused.value)


def test_a_folder_that_is_not_there_is_named(db, tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("import_edition", str(tmp_path / "nowhere"))

    assert "this folder does not exist" in str(refused.value)


def test_a_published_edition_is_not_published_again(db):
    edition = importing.import_edition(CONTENT)
    published = edition if edition.is_published else publishing.publish(edition, signed_by="Ruth", at=BEFORE)

    with pytest.raises(publishing.CannotPublish):
        publishing.publish(published, signed_by="Ruth", at=BEFORE)


def test_a_text_may_be_there_before_anything_sends_its_kind_and_may_use_every_known_slot(folder, db):
    slots = " ".join(f"{{{slot}}}" for slot in sorted(placeholders.KNOWN))
    (folder / "messages/heard.of.later.md").write_text(f"---\nkey: heard.of.later\nsubject: Later\n---\n{slots}\n")

    edition = importing.import_edition(folder)

    text = edition.message_texts.get(key="heard.of.later")
    assert placeholders.used_in(text.body) == placeholders.KNOWN
    filled = placeholders.fill(text.body, {"when_text": "tomorrow at 18:00 your time", "session": "Four answers"})
    assert " ".join(filled.split()) == "Four answers tomorrow at 18:00 your time"


@pytest.mark.parametrize("slot", ["answer", "charter"])
def test_a_slot_nobody_fills_is_refused(folder, db, slot):
    path = folder / "messages/session.remind.md"
    path.write_text(path.read_text().replace("{bring}", f"{{{slot}}}"))

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    assert [str(problem) for problem in refused.value.problems] == [
        f"messages/session.remind.md:2: nobody knows the placeholder {{{slot}}}"
    ]
