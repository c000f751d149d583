"""Rules that look at several fields or at the calendar, for exercises made in the test."""

from datetime import date

import pytest

from curriculum import answers
from curriculum.answers import Days
from curriculum.models import Exercise

MONDAY, WEDNESDAY = date(2026, 4, 13), date(2026, 4, 15)
DAYS = Days(today=WEDNESDAY, opened=MONDAY)


def exercise(*fields, kind=Exercise.Kind.PLAN, **settings) -> Exercise:
    return Exercise(kind=kind, fields=list(fields), settings=settings, first_read=settings.pop("first_read", {}))


def stage():
    options = [{"value": "planned", "label": "Planned"}, {"value": "held", "label": "Held"}]
    return {"key": "stage", "kind": "choice", "required": True, "options": options}


HEARD = {"key": "heard", "kind": "prose", "required_if": {"stage": ["held"]}, "words": {"min": 2, "max": 9}}


@pytest.mark.parametrize(
    ("answer", "problems"),
    [
        ({"stage": "planned"}, {}),
        ({"stage": "held"}, {"heard": ["This is still empty."]}),
        ({"stage": "held", "heard": "not yet"}, {}),
        ({"stage": "planned", "heard": "one"}, {"heard": ["At least 2 words here; this has 1 word."]}),
    ],
)
def test_a_field_can_be_asked_for_only_when_another_says_so(answer, problems):
    found = answers.problems(exercise(stage(), HEARD), answer)

    assert found.keys() == problems.keys()
    assert {key: said[0][:22] for key, said in found.items()} == {key: said[0][:22] for key, said in problems.items()}


def test_at_least_so_many_of_several_fields():
    three = [{"key": key, "kind": "prose"} for key in ("connect", "surface", "ask", "flag")]
    rule = {
        "count": 3,
        "of": ["connect", "surface", "ask", "flag"],
        "field": "connect",
        "say": "Write three of the four.",
    }
    planner = exercise(*three, at_least=[rule])

    assert answers.problems(planner, {"ask": "a", "flag": "b", "surface": " "}) == {
        "connect": ["Write three of the four."]
    }
    assert answers.problems(planner, {"ask": "a", "flag": "b", "surface": "c"}) == {}


@pytest.mark.parametrize(
    ("extra", "day", "said"),
    [
        ({"within_days": 14}, "2026-04-12", "When: a day from 13 April to 27 April."),
        ({"within_days": 14}, "2026-04-27", None),
        ({"within_days": 14}, "2026-04-28", "When: a day from 13 April to 27 April."),
        ({"future": True}, "2026-04-15", "When: choose a day after today."),
        ({"future": True}, "2026-04-16", None),
        ({"past": True}, "2026-04-16", "When: today or earlier."),
        ({"past": True}, "2026-04-15", None),
        ({"past": True}, "tomorrow", "A date such as 2026-11-30."),
    ],
)
def test_dates_are_judged_by_the_clients_own_calendar(extra, day, said):
    found = answers.problems(exercise({"key": "on", "label": "When", "kind": "date", **extra}), {"on": day}, days=DAYS)

    assert found == ({"on": [said]} if said else {})


def test_dates_in_rows_are_judged_too_and_nothing_is_said_without_a_calendar():
    rows = {"key": "will_do", "kind": "rows", "columns": [{"key": "by", "label": "By", "kind": "date", "future": True}]}
    answer = {"will_do": [{"by": "2026-04-01"}, {"by": "2026-05-01"}]}

    assert answers.problems(exercise(rows), answer, days=DAYS) == {"will_do": ["By: choose a day after today."]}
    assert answers.problems(exercise(rows), answer) == {}


TAGGED = ({"key": "after", "kind": "prose"}, {"key": "tags", "kind": "tags", "of": "after", "required": True})


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([("It works.", "K"), ("Please decide.", "D")], []),
        (
            [("It works.", "K"), ("Please decide.", "")],
            ["Every sentence needs its tag. Still without: “Please decide.”"],
        ),
        ([("It worked.", "K"), ("Please decide.", "D")], ["The text has changed since it was tagged."]),
        ([("It works.", "F"), ("Please decide.", "D")], ["At least one sentence is there to know."]),
        ([("It works.", "K"), ("Please decide.", "C")], ["At least one sentence is there to decide"]),
    ],
)
def test_every_sentence_has_its_tag_and_something_is_there_to_know_and_to_decide(pieces, said):
    answer = {"after": "It works. Please decide.", "tags": [{"text": text, "tag": tag} for text, tag in pieces]}

    found = answers.problems(exercise(*TAGGED, kind=Exercise.Kind.TEXT), answer).get("tags", [])

    assert [sentence.startswith(begin) for sentence, begin in zip(found, said, strict=False)] == [True] * len(said)
    assert bool(found) == bool(said)


def test_a_recording_or_a_script_is_needed_wherever_something_is_said():
    opening = exercise({"key": "audio", "kind": "audio"}, {"key": "script", "kind": "prose", "words": {"max": 160}})

    assert list(answers.problems(opening, {})) == ["script"]
    assert answers.problems(opening, {"audio": {"id": 1}}) == {}
    assert answers.problems(opening, {"script": "I would like to be put forward."}) == {}


def test_the_first_read_sees_the_subject_the_tags_and_the_labels():
    update = exercise(
        {"key": "subject", "kind": "line"}, *TAGGED, first_read={"fields": ["after"], "subject": "subject"}
    )
    plan = exercise(
        {"key": "ask_words", "kind": "prose"},
        {"key": "heard", "kind": "prose"},
        first_read={"lines": [{"label": "Ask", "fields": ["ask_words"]}, {"label": "Heard", "fields": ["heard"]}]},
    )
    pieces = [{"text": "It works.", "tag": "K"}, {"text": "Decide.", "tag": ""}]

    assert (
        answers.for_first_read(update, {"subject": "Done", "after": "It works. Decide.", "tags": pieces})
        == "Subject: Done\n[K] It works. Decide."
    )
    assert answers.for_first_read(update, {"subject": "Done", "after": " "}) == ""
    assert answers.for_first_read(plan, {"ask_words": "What is missing?"}) == "Ask: What is missing?"
