"""Everything the programme names is there. The lists are written out, so that nothing is lost unseen."""

import re
import shutil

import pytest

from curriculum import contents
from curriculum.blueprint import draw, keys
from curriculum.management.commands.curriculum_table import page
from tests.roads import CONTENT

WEEKS = ["w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9"]
LESSONS = [
    "w1-l1", "w1-l2", "w1-l3", "w1-l4", "w2-l1", "w2-l2", "w2-l3", "w2-l4", "w3-l1", "w3-l2", "w3-l3", "w3-l4",
    "w4-l1", "w4-l2", "w4-l3", "w4-l4", "w5-l1", "w5-l2", "w5-l3", "w5-l4", "w6-l1", "w6-l2", "w6-l3",
    "w7-l1", "w7-l2", "w7-l3", "w7-l4", "w8-l1", "w8-l2", "w8-l3", "w8-l4",
]  # fmt: skip
EXERCISES = {
    "w0-intake": "plan", "w0-assessment": "assessment", "w0-t0": "audio60", "w0-x1": "text", "w0-log": "log",
    "w0-pulse": "pulse", "w0-charter": "text",
    "w1-x1": "text", "w1-x2": "plan", "w1-t1": "audio60",
    "w2-x1": "rewrite", "w2-x2": "plan", "w2-t2": "audio60",
    "w3-x1": "log", "w3-x2": "rewrite", "w3-t3": "audio60",
    "w4-x1": "text", "w4-log": "log", "w4-mid": "assessment", "w4-t4": "audio60",
    "w5-x1": "rewrite", "w5-log": "log", "w5-t5": "audio60",
    "w6-x1": "text", "w6-log": "log", "w6-t6": "audio60",
    "w7-x1": "plan", "w7-x2": "plan", "w7-log": "log", "w7-t7": "audio60",
    "w8-x1": "plan", "w8-x2": "plan", "w8-log": "log", "w8-t8": "audio60",
    "w9-final": "assessment",
}  # fmt: skip
TRANSLATION = ["topic", "concern", "audio", "script", "self_check", "receipt", "receipt_from", "takes"]
FIELDS = {
    "w0-intake": [
        "role", "years_in_role", "target_role", "target_role_other", "time_zone", "languages", "manager_cadence",
        "meeting", "on_track",
    ],
    "w0-t0": ["topic", "audio", "script"],
    "w0-x1": ["update_kind", "body", "redacted"],
    "w0-charter": ["value"],
    "w1-x1": ["topic", "stakeholder", "stakeholder_who", "what", "why", "wrong", "when", "left_out", "redacted"],
    "w1-x2": ["today", "in_eight_weeks", "evidence", "criteria_found", "criteria_share"],
    "w2-x1": ["before", "audience", "audience_who", "concern", "concern_source", "after", "terms", "redacted"],
    "w3-x1": ["entries", "noticed", "next_change"],
    "w3-x2": ["item1", "item2", "item3"],
    "w4-x1": [
        "setting", "statement", "why_it_matters", "instinct", "too_blunt", "congruent", "ways", "fit", "fit_note",
        "audio", "script", "used", "used_story", "redacted",
    ],
    "w5-x1": ["doc_type", "reader", "before", "subject", "after", "tags", "left_out", "sent", "redacted"],
    "w6-x1": [
        "doc_type", "reader", "subject", "body", "tags", "risk_seeing", "risk_addressing", "other_team",
        "walked_round_to", "redacted",
    ],
    "w7-x1": [
        "date", "with_whom", "stage", "connect_priority", "connect_my_work", "connect_words", "surface_what",
        "surface_teams", "surface_outcome", "surface_words", "ask_level", "ask_words", "flag_seeing",
        "flag_addressing", "heard", "will_do", "status_sent_before", "ledger_refs", "redacted",
    ],
    "w8-x1": [
        "level", "criteria_source", "claim_stakeholder", "evidence_stakeholder", "claim_influence",
        "evidence_influence", "claim_presence", "evidence_presence", "claim_upward", "evidence_upward",
        "technical_line", "gap_what", "gap_plan", "gap_by", "ask", "conversation_date", "audio", "script", "redacted",
    ],
    "w8-x2": ["days90", "year1", "year3", "year5", "change_if"],
    **{f"w{n}-t{n}": TRANSLATION for n in range(1, 9)},
}  # fmt: skip
LIMITS = {
    "w0-x1": {"body": "words 40-600"},
    "w0-charter": {"value": "chars 10-300"},
    "w0-intake": {"target_role_other": "chars -80", "meeting": "chars 5-120", "on_track": "chars -300"},
    "w1-x1": {
        "topic": "chars 5-120", "what": "words 5-45", "why": "words 5-45", "wrong": "words 5-45", "when": "words 3-45",
        "left_out": "words 10-80",
    },
    "w1-x2": {"today": "words 15-120", "in_eight_weeks": "words 15-120", "evidence": "rows 1-3", "criteria_share": "span 0-100"},
    "w2-x1": {
        "before": "words 30-300", "audience_who": "chars 3-80", "concern": "words 5-40", "after": "words 30-120",
        "terms": "rows 3-6",
    },
    "w3-x1": {"entries": "rows 3-", "noticed": "words 20-150", "next_change": "words 8-40"},
    "w3-x2": {"item1": "words -45", "item2": "words -45", "item3": "words -45"},
    "w4-x1": {
        "setting": "words 10-80", "statement": "words 5-60", "why_it_matters": "words 5-50", "instinct": "words 3-80",
        "too_blunt": "words 3-80", "congruent": "words 10-90", "ways": "choose 1-3", "fit": "span 1-5",
        "script": "words -160", "used_story": "words -100",
    },
    "w5-x1": {
        "reader": "chars 5-120", "before": "words 40-400", "subject": "chars 10-90", "after": "words 30-130",
        "left_out": "words 5-60",
    },
    "w6-x1": {
        "reader": "chars 5-120", "subject": "chars 10-90", "body": "words 120-250", "risk_seeing": "words 8-60",
        "risk_addressing": "words 8-60", "other_team": "chars 5-160", "walked_round_to": "rows 0-6",
    },
    "w7-x1": {
        **dict.fromkeys(
            [
                "connect_priority", "connect_my_work", "connect_words", "surface_what", "surface_teams",
                "surface_outcome", "surface_words", "ask_level", "ask_words", "flag_seeing", "flag_addressing",
            ],
            "words 5-60",
        ),
        "heard": "words 15-200", "will_do": "rows 1-3", "ledger_refs": "rows 1-",
    },
    "w8-x1": {
        "level": "chars 5-80", "technical_line": "words 5-30", "ask": "words 8-50", "script": "words -160",
        **{f"claim_{factor}": "words 5-40" for factor in ("stakeholder", "influence", "presence", "upward")},
        **{f"evidence_{factor}": "rows -3" for factor in ("stakeholder", "influence", "presence", "upward")},
    },
    "w8-x2": {"days90": "rows 3-3", "year1": "words 10-80", "year3": "words 5-60", "year5": "words 5-40", "change_if": "words 5-40"},
    **{
        f"w{n}-t{n}": {
            "topic": "chars 5-120", "concern": "words -40", "script": "words -160", "receipt": "words -60", "takes": "span 1-20",
        }
        for n in range(1, 9)
    },
}  # fmt: skip
COUNTED = {
    "w0-assessment": {"of": "assessment", "moment": "a0"},
    "w0-log": {"of": "meetings", "min": 3},
    "w2-x2": {"of": "ledger", "min": 1},
    "w4-log": {"of": "meetings", "min": 3},
    "w4-mid": {"of": "assessment", "moment": "a4"},
    "w5-log": {"of": "meetings", "min": 2},
    "w6-log": {"of": "meetings", "min": 2},
    "w7-x2": {"of": "ledger", "min": 5, "each_factor": True},
    "w7-log": {"of": "meetings", "min": 2},
    "w8-log": {"of": "meetings", "min": 2},
    "w9-final": {"of": "assessment", "moment": "a8"},
}
MINUTES = {
    "w0-intake": 10, "w0-assessment": 12, "w0-t0": 5, "w0-x1": 10, "w0-log": 6, "w0-pulse": 5, "w0-charter": 5,
    "w1-x1": 40, "w1-x2": 15, "w2-x1": 45, "w2-x2": 5, "w3-x1": 35, "w3-x2": 15, "w4-x1": 45, "w4-mid": 20,
    "w5-x1": 50, "w6-x1": 50, "w7-x1": 50, "w7-x2": 15, "w8-x1": 60, "w8-x2": 20,
    "w4-log": 6, "w5-log": 4, "w6-log": 4, "w7-log": 4, "w8-log": 4,
    **{f"w{n}-t{n}": 15 for n in range(1, 9)},
}  # fmt: skip
RUBRICS = {
    "r-trans": ["coverage*", "lead", "words*", "concern", "economy"],
    "r-meet": ["contribution*", "lead*", "record", "learning"],
    "r-corr": ["fact*", "ground", "person*", "forward", "congruence"],
    "r-write": ["know*", "feel", "decide*", "signal", "risk", "blame_free"],
    "r-one": ["connect", "surface", "ask*", "flag", "honest*"],
    "r-case": ["criteria*", "evidence*", "reach", "gap", "ask"],
}
SCORED = {
    "w1-x1": "r-trans", "w2-x1": "r-trans", "w3-x1": "r-meet", "w4-x1": "r-corr", "w5-x1": "r-write",
    "w6-x1": "r-write", "w7-x1": "r-one", "w8-x1": "r-case", **{f"w{n}-t{n}": "r-trans" for n in range(1, 9)},
}  # fmt: skip
BOTH_EXAMPLES = ["w0-charter", "w1-x1", "w1-x2", "w2-x1", "w3-x1", "w4-x1", "w5-x1", "w6-x1", "w7-x1", "w8-x1", "w8-x2"]
BOTH_EXAMPLES += [f"w{n}-t{n}" for n in range(1, 9)]
INSTRUMENTS = {
    "w1-x1": "answers", "w3-x1": "log", "w4-x1": "correction", "w5-x1": "workbench", "w6-x1": "workbench",
    "w7-x1": "planner", "w8-x1": "case", "w0-pulse": "p-start", **{f"w{n}-t{n}": "studio" for n in range(1, 9)},
    "w0-t0": "studio",
}  # fmt: skip
LISTENERS = [
    "Any intelligent adult outside tech", "Any intelligent adult outside tech", "A finance partner",
    "A product manager", "A VP", "The head of customer support", "Whoever would fund it", "Your manager",
    "Any intelligent adult outside tech",
]  # fmt: skip
COMMENTS = ["k1", "k2", "k3", "k4", "k5", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10"]
ITEMS = [f"{letter}{n}" for letter in "simu" for n in range(1, 6)]
MESSAGES = {
    "welcome", "baseline.due", "kickoff", "week.unlock", "session.remind", "nudge.midweek", "ledger.friday",
    "due.reminder", "due.last", "overdue.1", "overdue.2", "feedback", "feedback.with-texts", "revise.remind",
    "midpoint.open", "midpoint.remind", "midpoint.call", "pulse.invite", "final.open", "graduation", "graduation.gap",
    "alumni.3", "alumni.6", "alumni.12", "retention.audio",
}  # fmt: skip
MILESTONES = {
    "week.unlock", "nudge.midweek", "due.reminder", "overdue.1", "overdue.2", "review.warn", "review.breach",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    found, problems = draw(CONTENT)
    assert problems == []
    return found


@pytest.fixture(scope="module")
def exercises(plan):
    return {one["key"]: one for one in plan.exercises}


def test_every_week_and_every_lesson_is_there_in_its_order(plan):
    assert [week["key"] for week in plan.weeks] == WEEKS
    assert [lesson["key"] for week in plan.weeks for lesson in week["lessons"]] == LESSONS


def test_every_exercise_is_there_in_its_order_and_of_its_kind(exercises):
    assert {key: one["kind"] for key, one in exercises.items()} == EXERCISES
    assert list(exercises) == list(EXERCISES)


def test_every_field_is_there_in_its_order(exercises):
    found = {key: [field["key"] for field in one["fields"]] for key, one in exercises.items() if one["fields"]}

    assert found == FIELDS


@pytest.mark.parametrize("key", LIMITS)
def test_every_limit_is_the_programmes(exercises, key):
    found = {field["key"]: _limit(field) for field in exercises[key]["fields"]}

    assert {name: found[name] for name in LIMITS[key]} == LIMITS[key]


def _limit(field):
    for name, shown in (
        ("words", "words"),
        ("chars", "chars"),
        ("rows", "rows"),
        ("range", "span"),
        ("choose", "choose"),
    ):
        if span := field.get(name):
            return f"{shown} {span.get('min', '')}-{span.get('max', '')}"
    return ""


def test_what_is_counted_counts_what_the_programme_asks_for(exercises):
    assert {key: one["counts"] for key, one in exercises.items() if "counts" in one} == COUNTED


def test_minutes_are_the_programmes(exercises):
    assert {key: exercises[key]["minutes"] for key in MINUTES} == MINUTES


def test_every_rubric_has_its_criteria_and_its_stars(plan):
    assert {
        rubric["key"]: [one["key"] + "*" * one["essential"] for one in rubric["criteria"]] for rubric in plan.rubrics
    } == {key: RUBRICS[key] for key in sorted(RUBRICS)}


def test_every_exercise_is_read_by_its_rubric_or_by_none(exercises):
    assert {key: one["rubric"] for key, one in exercises.items() if one.get("rubric")} == SCORED
    assert all(one.get("unscored") is True for key, one in exercises.items() if key not in SCORED)


def test_strong_and_weak_examples_stand_beside_every_exercise_that_has_them(exercises):
    found = {key: sorted(example["key"] for example in one["examples"]) for key, one in exercises.items()}

    assert {key: keys_ for key, keys_ in found.items() if keys_} == {
        **{key: [f"{key}-strong", f"{key}-weak"] for key in BOTH_EXAMPLES},
        "w3-x2": ["w3-x2-strong"],  # the weak ones are what is given
    }
    assert all(example["note"] for one in exercises.values() for example in one["examples"])


def test_every_translation_has_its_listener_and_one_shape(exercises):
    translations = [exercises[f"w{n}-t{n}"] for n in range(9)]

    assert [one["listener"] for one in translations] == LISTENERS
    assert {(one["kind"], one["role"], one["instrument"]) for one in translations} == {
        ("audio60", "translation", "studio")
    }
    assert translations[8]["again"] == "w1-t1"


def test_an_exercise_that_is_more_than_a_form_names_its_instrument(exercises):
    assert {key: one["instrument"] for key, one in exercises.items() if "instrument" in one} == INSTRUMENTS


def test_the_redaction_box_stands_wherever_work_text_is_held(exercises):
    with_box = [key for key, one in exercises.items() if "redacted" in [field["key"] for field in one["fields"]]]

    assert with_box == ["w0-x1", "w1-x1", "w2-x1", "w4-x1", "w5-x1", "w6-x1", "w7-x1", "w8-x1"]


def test_every_exercise_has_a_brief_a_beginning_and_a_first_step_that_ends_a_sentence(exercises):
    for key, one in exercises.items():
        assert one["brief"].strip(), key
        assert one["begin"], key
        assert re.match(r"[a-z]", one["first_step"]), key


def test_the_comment_bank_the_questionnaires_and_the_messages_are_whole(plan):
    assert [comment["key"] for comment in plan.comments] == COMMENTS
    instruments = {one["key"]: one for one in plan.instruments}
    assert [item["key"] for item in instruments["self"]["items"]] == ITEMS
    assert [time["key"] for time in instruments["self"]["times"]] == ["a0", "a4", "a8"]
    assert sorted(instruments) == ["alumni", "coach", "midpoint", "pulse", "self"]
    assert {message["key"] for message in plan.messages} >= MESSAGES
    assert {milestone["kind"] for milestone in plan.milestones} >= MILESTONES


# --- Each of these lists would notice ---------------------------------------------------------------


@pytest.mark.parametrize("file", ["weeks/w5/x1.yaml", "practice/t6.yaml", "weeks/w3/l2-conclusion-first.md"])
def test_a_file_that_goes_missing_is_a_problem(tmp_path, file):
    folder = shutil.copytree(CONTENT, tmp_path / "across-8")
    (folder / file).unlink()

    _plan, problems = draw(folder)

    assert f"{file}:1: this file is missing" in map(str, problems)


# --- The register and the page ----------------------------------------------------------------------


def test_every_key_is_in_the_register(plan):
    assert keys.missing(CONTENT, plan.keys) == [], "run make curriculum"


def test_the_register_knows_the_same_parts_as_a_comparison(plan):
    known = {part for part in plan.keys if part[0] != "address"}

    assert known == {
        part for part in contents.flat(vars(plan)) if part[0] not in ("programme", "word list", "milestone")
    }


def test_the_page_of_the_programme_is_generated():
    assert (CONTENT.parents[2] / "docs" / "curriculum.md").read_text() == page(), "run make curriculum"
