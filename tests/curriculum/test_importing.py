"""Files become a draft edition: all of it or nothing."""

import re
import shutil

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from curriculum import importing, placeholders, publishing
from curriculum.models import Edition, Level, MilestonePlan, Week
from tests import roads
from tests.roads import BEFORE, CONTENT


@pytest.fixture
def folder(tmp_path):
    """A copy of the programme's content to change."""
    return shutil.copytree(CONTENT, tmp_path / "across-8")


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_the_programmes_own_content_is_imported_whole(db):
    edition = importing.import_edition(CONTENT)

    assert list(Week.objects.filter(edition=edition).values_list("number", flat=True)) == list(range(10))
    assert [week.lessons.count() for week in edition.weeks.all()] == [0, 4, 4, 4, 4, 4, 3, 4, 4, 0]
    assert [week.exercises.count() for week in edition.weeks.all()] == [7, 3, 3, 3, 4, 3, 3, 4, 4, 1]
    assert Level.objects.filter(edition=edition).count() == 4 * 30
    assert MilestonePlan.objects.filter(edition=edition).count() == len(
        yaml.safe_load((CONTENT / "milestones.yaml").read_text())
    )


def test_a_rubric_has_five_exemplars(folder, db):
    change(folder / "calibration/r-one.yaml", "  - key: r-one-e1\n", "  - key: r-one-e9\n")
    text = (folder / "calibration/r-one.yaml").read_text()
    (folder / "calibration/r-one.yaml").write_text(text[: text.index("  - key: r-one-e5")])

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    assert "a rubric has 5 exemplars; here are 4" in " ".join(problem.what for problem in refused.value.problems)


def test_exemplars_are_frozen_with_their_edition(db):
    one = roads.edition().exemplars.first()

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        type(one).objects.filter(pk=one.pk).update(about="Other words")


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
    (folder / "weeks/w2/l1-precision.md").unlink()

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
    }
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
        ("weeks/w1/x1.yaml", "key: why\n", "key: what\n", "the field what stands here twice"),
        (
            "weeks/w1/x1.yaml",
            "fields: [what, why, wrong, when]",
            "fields: [what, how]",
            "first_read names the field how",
        ),
        ("weeks/w1/x1.yaml", 'begin: "', 'begin: "' + "so " * 80, "“begin” has more than 200 characters"),
        ("weeks/w1/x1-strong.yaml", "exercise: w1-x1", "exercise: w2-x1", "says it belongs to"),
        ("weeks/w1/x1-strong.yaml", "stakeholder: finance_partner", "stakeholder: cfo", "one of the answers offered"),
        ("weeks/w1/x1-strong.yaml", "  topic: ", "  mood: ", "the exercise has no field mood"),
        ("weeks/w1/x1-strong.yaml", "  topic: The check", "  topic: [The check]\n  #", "nothing a field of kind line"),
        ("weeks/w2/week.yaml", "key: w2", "key: w1", "is used in"),
        ("calibration/r-trans.yaml", "rubric: r-trans", "rubric: r-nothing", "is not one of"),
        ("calibration/r-trans.yaml", "exercise: w1-t1", "exercise: w5-x1", "exercise 'w5-x1' is not one of"),
        ("calibration/r-trans.yaml", "coverage: 4,", "coverage: 5,", "coverage 5 is not one of 1, 2, 3, 4"),
        ("calibration/r-trans.yaml", "{coverage: 4, lead", "{lead", "the level of coverage is missing"),
        ("calibration/r-trans.yaml", "economy: 4}", "economy: 4, charm: 2}", "a coach scores no charm by r-trans"),
        ("calibration/r-trans.yaml", "      lead: The first", "      x: The first", "a sentence for each level"),
        ("calibration/r-trans.yaml", "      topic: ", "      mood: ", "the exercise has no field mood"),
        ("calibration/r-trans.yaml", "key: r-trans-e2", "key: r-trans-e1", "is used in"),
        ("calibration/r-corr.yaml", "fact: 4, ground", "congruence: 4, fact: 4, ground", "scores no congruence"),
        ("weeks/w2/week.yaml", "minutes: 151", "minutes: 150", "session, lessons and exercises come to 151 minutes"),
        ("weeks/w2/week.yaml", "minutes: 10, what", "minutes: 11, what", "session's rows do not add up"),
        ("weeks/w2/l4-ledger.md", "## Try it now", "## Try it", "a lesson ends with “## Try it now”"),
        ("weeks/w2/l4-ledger.md", "## What goes into a line", "word " * 700, "a lesson has 250 to 700 words"),
        ("weeks/w2/l4-ledger.md", "slug: your-ledger-opens", "slug: comparisons-that-hold-weight", "is used in"),
        ("weeks/w4/mid.yaml", "moment: a4", "moment: a5", "is not one of a0, a4, a8"),
        ("weeks/w4/log.yaml", "min: 3", "most: 3", "counts say how many"),
        ("weeks/w4/log.yaml", "fields: []", "fields: [{key: x, kind: line}]", "what is counted has no fields"),
        ("weeks/w4/x1.yaml", 'fit: ["1", "2"]', 'fit: ["6"]', "fit is never 6"),
        ("weeks/w4/x1.yaml", 'used: ["yes"]', 'used: ["maybe"]', "used is never maybe"),
        ("weeks/w4/x1-strong.yaml", "[shared_goal, document]", "[shared_goal, charm]", "nothing a field of kind multi"),
        ("weeks/w5/x1.yaml", "of: after", "of: afterwards", "of names afterwards, which is not there"),
        ("weeks/w5/x1.yaml", "with: subject", "with: heading", "with names heading, which is not there"),
        ("weeks/w5/x1.yaml", "default: status", "default: letter", "default 'letter' is not offered"),
        ("weeks/w5/x1-strong.yaml", "on 3 June. It now", "on 4 June. It now", "has changed since it was tagged"),
        ("weeks/w5/x1-strong.yaml", "{tag: K, text: New", "{tag: X, text: New", "nothing a field of kind tags"),
        ("weeks/w7/x1.yaml", "field: connect_words", "field: connecting", "at_least names the field connecting"),
        ("weeks/w7/x1-strong.yaml", "    - id: 9", "    - number: 9", "nothing a field of kind lines"),
        ("weeks/w8/x1.yaml", "presence, upward]\n", "presence, charm]\n", "nobody knows the competency charm"),
        ("rubrics/r-one.yaml", "      - Hinted\n", "", "a criterion has four levels"),
        ("rubrics/r-one.yaml", "key: connect", "key: ask", "is used in"),
        ("comments.yaml", "{quote}", "{quotation}", "nobody knows the placeholder {quotation}"),
        ("comments.yaml", "about: r-write.know", "about: r-write.guess", "about 'r-write.guess' is not one of"),
        ("comments.yaml", "r-write.know, level: 2", "r-write.know, level: 5", "level 5 is not one of 1, 2, 3, 4"),
        ("assessments/pulse.yaml", "{first_name}", "{name}", "nobody knows the placeholder {name}"),
        ("milestones.yaml", 'time: "08:00"', 'time: "8 a.m."', "is no time of day"),
        ("programme.yaml", "key: across-8", "key: [", "not readable"),
    ],
)
def test_bad_content_is_refused_with_its_reason(folder, db, file, before, after, reason):
    change(folder / file, before, after)

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    assert [p for p in refused.value.problems if p.file == file and reason in p.what]


@pytest.mark.parametrize("number", [0, 5, 9])
def test_an_edition_has_all_ten_weeks(folder, db, number):
    (folder / f"weeks/w{number}/week.yaml").rename(folder / "a-week-that-waits")

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    assert f"weeks:1: weeks are missing: {number}" in map(str, refused.value.problems)


def test_a_weak_example_may_be_short_and_a_strong_one_may_not(folder, db):
    change(folder / "weeks/w8/x2-strong.yaml", "year3: Lead where commerce and operations meet.", "year3: Lead.")

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    weak = yaml.safe_load((folder / "weeks/w8/x2-weak.yaml").read_text())["answer"]
    assert weak["year1"] == "manager"
    assert [problem.what for problem in refused.value.problems] == [
        "over its own limits: year3: At least 5 words here; this has 1."
    ]


def test_an_example_over_its_own_limits_is_refused(folder, db):
    path = folder / "weeks/w1/x1-weak.yaml"
    change(path, "what: ", "what: " + "word " * 60 + "")

    with pytest.raises(importing.ContentRefused) as refused:
        importing.import_edition(folder)

    assert "over its own limits: what" in str(refused.value.problems[0])


def test_the_command_prints_what_was_imported_week_by_week_with_its_grades(db, capsys):
    call_command("import_edition", str(CONTENT))

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("The eight-week programme, ")
    assert lines[1].split() == ["Week", "Title", "Lessons", "Words", "Grade", "Exercises", "Examples", "Rubrics"]
    assert [line.split()[0] for line in lines[2:]] == [*map(str, range(10)), "All"]
    assert re.fullmatch(r"5 +From data dump to decision +4 +[0-9,]+ +\d\.\d +3 +4 +r-write, r-trans", lines[7])


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
