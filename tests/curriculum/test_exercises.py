"""What the exercises of weeks 3 to 8 let through and what they send back, asked of their own examples."""

from datetime import date

import pytest

from curriculum import answers, draft_notes
from curriculum.models import Example, Exercise
from tests import roads

ASKED = "This is still empty."
DAYS = answers.Days(today=date(2027, 5, 28), opened=date(2027, 5, 24))


@pytest.fixture
def exercise(db):
    return lambda key: Exercise.objects.get(edition=roads.edition(), key=key)


@pytest.fixture
def strong(db):
    """The strong example, with the box that examples leave out."""
    return lambda key, **changes: (
        Example.objects.get(edition=roads.edition(), key=f"{key}-strong").answer | {"redacted": True} | changes
    )


@pytest.mark.parametrize("key", ["w3-x1", "w3-x2", "w5-x1", "w6-x1", "w7-x1", "w8-x1", "w8-x2"])
def test_a_strong_example_could_be_handed_in(exercise, strong, key):
    assert answers.problems(exercise(key), strong(key), days=DAYS) == {}


def test_a_correction_needs_a_recording_or_a_script(exercise, strong):
    without = answers.problems(exercise("w4-x1"), strong("w4-x1"))

    assert without == {"script": ["Record it, or write what you would say as a script of at most 160 words."]}
    assert answers.problems(exercise("w4-x1"), strong("w4-x1", script="Marco, the review comes first.")) == {}


@pytest.mark.parametrize(("fit", "told"), [(1, [ASKED]), (2, [ASKED]), (3, None), (5, None)])
def test_a_wording_that_does_not_sound_like_its_client_asks_for_a_note(exercise, strong, fit, told):
    problems = answers.problems(exercise("w4-x1"), strong("w4-x1", fit=fit))

    assert problems.get("fit_note") == told


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ([], [ASKED]),
        (["document"], None),
        (["shared_goal", "document", "summary"], None),
        (["shared_goal", "document", "summary", "question"], ["At most 3 answers here; this has 4."]),
    ],
)
def test_one_to_three_ways_of_being_direct_are_named(exercise, strong, ways, told):
    assert answers.problems(exercise("w4-x1"), strong("w4-x1", ways=ways)).get("ways") == told


def test_a_correction_used_for_real_has_its_story(exercise, strong):
    problems = answers.problems(exercise("w4-x1"), strong("w4-x1", used="yes", used_story=""))

    assert problems["used_story"] == [ASKED]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (120, None),
        (121, ["At most 130 words together with “Subject line”; together they have 131."]),
        (131, ["At most 130 words here; this has 131."]),
    ],
)
def test_an_update_is_counted_with_its_subject_line(exercise, strong, words, told):
    after = "word " * (words - 1) + "word."
    answer = strong("w5-x1", subject="Ten words here " + "word " * 7, after=after, tags=[])

    assert answers.problems(exercise("w5-x1"), answer).get("after") == told


def test_a_drill_handed_back_as_it_was_given_is_not_flipped(exercise, strong):
    drill = exercise("w3-x2")
    given = {field["key"]: field["given"] for field in drill.fields}

    assert answers.problems(drill, strong("w3-x2", item2=given["item2"])) == {
        "item2": ["This is still the text you were given. Change it."]
    }
    assert answers.problems(drill, given)["item1"][0] == "At most 45 words here; this has 56."


def test_only_a_proposal_names_the_team_that_has_to_move(exercise, strong):
    page = exercise("w6-x1")

    assert answers.problems(page, strong("w6-x1", other_team="")) == {"other_team": [ASKED]}
    assert answers.problems(page, strong("w6-x1", other_team="", doc_type="incident")) == {}


def test_a_planned_one_on_one_waits_for_what_was_heard_and_a_held_one_has_it(exercise, strong):
    planner = exercise("w7-x1")
    planned = strong("w7-x1", stage="planned", heard="", will_do=[])

    assert answers.problems(planner, planned, days=DAYS) == {}
    assert answers.problems(planner, planned | {"stage": "held"}, days=DAYS) == {"heard": [ASKED], "will_do": [ASKED]}


def test_three_moves_are_planned_and_asking_is_one_of_them(exercise, strong):
    planner = exercise("w7-x1")
    two = strong("w7-x1", connect_words="", flag_addressing="")

    assert answers.problems(planner, two, days=DAYS) == {
        "connect_words": ["Write at least three of the four moves in the words you will use. Ask is one of them."]
    }
    assert answers.problems(planner, strong("w7-x1", ask_words=""), days=DAYS) == {"ask_words": [ASKED]}


def test_a_one_on_one_lies_within_two_weeks_of_the_opening_and_its_promises_ahead(exercise, strong):
    planner = exercise("w7-x1")
    late = strong("w7-x1", date="2027-06-08", will_do=[{"action": "Lead the project", "by": "2027-05-28"}])

    assert list(answers.problems(planner, late, days=DAYS)) == ["date", "will_do"]


def test_three_of_four_claims_have_evidence(exercise, strong):
    case = exercise("w8-x1")

    assert answers.problems(case, strong("w8-x1", evidence_upward=[]), days=DAYS) == {}
    assert answers.problems(case, strong("w8-x1", evidence_upward=[], evidence_presence=[]), days=DAYS) == {
        "evidence_stakeholder": ["Choose at least one line of your ledger for three of the four factors."]
    }


def test_how_many_takes_it_took_is_for_the_client_alone(exercise):
    answer = {"topic": "Double bookings", "takes": 7}

    assert answers.for_others(exercise("w1-t1"), answer) == {"topic": "Double bookings"}


def test_every_flip_is_read_for_itself_and_a_rule_speaks_once_of_all_of_them(exercise, strong):
    drill = exercise("w3-x2")
    given = {field["key"]: field["given"] for field in drill.fields}

    text, reading = answers.for_first_read(drill, given), draft_notes.first_read(drill, given)

    notes = {note.rule: [text[begin:end] for begin, end in note.spans] for note in reading.notes}
    assert list(notes) == ["H2", "H6", "H8"]
    assert notes["H2"] == [" ".join(item.split()) for item in given.values()]
    assert reading.words == 56 + 42 + 44
    assert draft_notes.first_read(drill, strong("w3-x2")).notes == ()


def test_a_flip_that_still_builds_up_is_found_beside_two_that_do_not(exercise, strong):
    drill = exercise("w3-x2")
    item3 = "As you know we looked at the regions. We should pause the campaign in one of them today."
    answer = strong("w3-x2", item3=item3)

    (note,) = draft_notes.first_read(drill, answer).notes

    text = answers.for_first_read(drill, answer)
    assert (note.rule, [text[begin:end] for begin, end in note.spans]) == (
        "H2",
        ["As you know we looked at the regions."],
    )


def test_a_profile_that_is_still_to_come_reads_nothing_and_complains_of_nothing(exercise, strong):
    correction = exercise("w4-x1")
    correction.first_read = {"profile": "still_to_come", "fields": ["congruent"]}

    assert draft_notes.first_read(correction, strong("w4-x1")) is None
    assert not draft_notes.is_read(correction)
