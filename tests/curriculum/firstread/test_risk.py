"""H13 and H14: conditions instead of persons, and a risk with its second half."""

import pytest

from curriculum.firstread import read

POINTS_AT_A_PERSON = """\
The night operator ignored the alarm.
Stefan forgot to renew the key.
The outage happened because Priya did not read the runbook.
The vendor's engineer deleted the wrong table by mistake.
It was the fault of the contractor.
It was Dave's fault.
QA should have caught it.
The on-call engineer failed to follow the checklist.
A colleague switched it off by mistake.
The root cause is human error.
The administrator overlooked the warning.
He should have tested it with real data.
Support never told us about the calls.
This was careless.
The trainee misconfigured the router.
The developer who wrote it was not paying attention.
They were told to wait and did not listen.
Marketing messed up the import.
Unfortunately the team lead did not check the list.
A junior developer pushed the change without testing.
John from the network team broke production.
The supplier is to blame.
""".splitlines()

NAMES_A_CONDITION = """\
The check let an empty file through.
Nothing warned us a week ahead.
The alarm rang in an empty room.
No one is to blame; the list had no owner.
The night team's handbook had no page for this case.
The script ignored the second line.
We had not tried it with sixty robots.
Our test never sees real data.
A setting was switched off in last night's release.
The reminder went to a mailbox nobody reads.
The job failed to start because the disk was full.
Two people followed two different instructions.
The monitoring did not check this disk.
Customers forgot their passwords more often than usual.
The update did not notice that a file was missing.
The form does not ask for the second name.
The instruction asked the operator to press a button that no longer exists.
The operator pressed the button the instruction names.
We found a fault in the cable.
The team restarted the server after nine minutes.
The engineer on duty saw the alarm after 22 minutes, because forty others rang.
People could not tell the two buttons apart.
""".splitlines()

ONE_HALF = """\
There is a risk that the supplier stops.
I am worried about the holidays.
It could go wrong in the first night.
Some people have concerns about the load.
There is a certain danger for the staff at night.
The risk is that we lose the contract in May.
What worries me is the second data centre.
There are risks with the old clients. More details are in the annex. Feedback is welcome.
Risks: the old clients, the load and the holidays.
""".splitlines()

TWO_HALVES = """\
There is a risk that the supplier stops; a second one is on call from June.
I am worried about the holidays. Ola learns the restart before she leaves.
It could go wrong in the first night, so two people stay until six.
Some people have concerns about the load. The rehearsal on 4 May will show whether they are right.
The danger is that both stop at once. A spare stands in hall 2.
What I'm seeing: one person holds all the keys. How I'm thinking about addressing it: a second set by June.
The risk is low.
There is little risk in it.
I see a risk in the old clients. They keep the old way until all have moved.
What worries me is the second data centre. Would you lend me Karim for a week?
The risk is the first Monday. If it fails, everybody signs in the old way.
I am worried about the heat. We measure it every hour and stop at 40 degrees.
My concern is the price. Two other suppliers have been asked.
The risk: the old printer. Its replacement is ordered.
Failing in front of the minister is the danger. Rehearsing twice takes care of it.
""".splitlines()


def note(rule, text, profile):
    return next((note for note in read(text, profile).notes if note.rule == rule), None)


def incident(sentence):
    return note("H13", f"{sentence} The gate is open. Please approve the repair by Friday.", "incident")


def risk(sentences, profile="page"):
    return note("H14", f"The gate works. {sentences} The rest is done. It is blue and tall and old.", profile)


@pytest.mark.parametrize("sentence", POINTS_AT_A_PERSON)
def test_a_cause_that_points_at_a_person_is_noticed(sentence):
    assert incident(sentence).title == "It points at a person"


@pytest.mark.parametrize("sentence", NAMES_A_CONDITION)
def test_a_cause_that_names_a_condition_is_left_alone(sentence):
    assert incident(sentence) is None


def test_blame_is_looked_for_in_an_incident_only():
    text = "Stefan forgot to renew the key. Please approve the repair by Friday."

    assert [note("H13", text, profile) is None for profile in ("page", "update", "incident")] == [True, True, False]


def test_the_words_that_point_are_marked_and_quoted():
    text = "The key ran out because Stefan forgot to renew it. Please approve the repair by Friday."

    found = note("H13", text, "incident")

    assert found.noticed == "It points at a person: “Stefan forgot”."
    assert [text[start:end] for start, end in found.spans] == ["Stefan forgot to"]


def test_words_a_note_never_says_are_marked_and_not_quoted():
    assert incident("The cause was human error.").noticed == "It points at a person: marked in your text."


@pytest.mark.parametrize("sentences", ONE_HALF)
def test_a_risk_alone_is_noticed(sentences):
    assert risk(sentences).noticed == "The risk is there; the second half is not yet."


@pytest.mark.parametrize("sentences", TWO_HALVES)
def test_a_risk_with_a_step_a_date_or_a_way_back_near_it_is_left_alone(sentences):
    assert risk(sentences) is None


def test_the_second_half_may_stand_two_sentences_later_and_no_further():
    gap = "The hall is high. "

    near, far = (risk(f"There is a risk of rain. {gap * count}I will rent a roof.", "page") for count in (1, 2))

    assert (near, far is None) == (None, False)


def test_the_sentence_with_the_risk_is_marked():
    text = "The gate works. There is a risk of rain. The hall is high. The hall is old. It is blue."

    assert [text[start:end] for start, end in note("H14", text, "page").spans] == ["There is a risk of rain."]


def test_two_halves_are_named_as_what_works():
    text = "[K] The gate is blue. [F] There is a risk of rain; I will rent a roof. [D] Maybe, perhaps."

    assert "Both halves are there." in read(text, "page").working
