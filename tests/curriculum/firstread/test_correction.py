"""H15 to H17: a correction states its fact, asks no permission for it and keeps the person."""

import pytest

from curriculum.firstread import read

GOOD = """\
Marco, the contract ends in March, not in June. Page nine says so. I'll move the date on the slide.
Thanks for checking, Ana. Twelve sites are live today; the other three follow in May.
You are right that it was June. Since Tuesday it is March, because the client signed the addendum.
I like where this is going. The number is forty, not four hundred: see the export of this morning.
We both want this to be over. The test covers only Android; the iPhone comes next week. Can we say that on the slide?
Good question, Omar. Nobody in Porto has access to payroll data. I checked the list with HR yesterday.
Before we vote: the licence costs 90,000, the 60,000 was last year's price. The offer is in the folder, Mrs Haas.
I had the same number in my head until this morning. The bank allows 5,000 transfers an hour. I will put the mail into the minutes.
Tom, one correction from my side. The audit asked for seven years of logs. Three years was the old rule.
I see why you say finished, Lena; the tool is finished. The training is not: 40 of 300 people have had it.
""".splitlines()

NO_FACT = """\
I am not sure, but was it not March?
Maybe we could check the number again at some point?
Hmm, I thought it was perhaps a bit different. Anyway.
Sorry, I might be wrong, but I believe the contract could end earlier. Let's take it offline.
Isn't there something in the contract about that?
You are wrong. You should know better.
""".splitlines()

PERMISSION = """\
Sorry to interrupt, the contract ends in March.
Excuse me, may I add something? The contract ends in March.
I don't want to be difficult, Marco, but the contract ends in March.
With all due respect, the contract ends in March.
This is probably a stupid question, but the contract ends in March?
Forgive me if I am mistaken, the contract ends in March.
I hate to bring this up, the contract ends in March.
Apologies for jumping in. The contract ends in March.
""".splitlines()

HARD_OR_COLD = """\
That's wrong, the contract ends in March.
How can you say June? The contract ends in March.
You obviously did not read the contract. It ends in March.
As I already explained twice, the contract ends in March.
Everyone knows the contract ends in March.
The contract ends in March.
This is nonsense. The contract ends in March.
Did you even look at the contract? It ends in March.
Read the contract. It ends in March.
You never listen. It ends in March.
No. March. It is in the contract.
""".splitlines()


def rules(text):
    return [note.rule for note in read(text, "correction").notes]


def noted(rule, text):
    return next(note for note in read(text, "correction").notes if note.rule == rule)


@pytest.mark.parametrize("text", GOOD)
def test_a_clear_correction_that_keeps_the_person_gets_no_note(text):
    assert rules(text) == []


@pytest.mark.parametrize("text", NO_FACT)
def test_a_fact_that_has_no_sentence_of_its_own_is_noticed(text):
    assert "H15" in rules(text)


@pytest.mark.parametrize("text", PERMISSION)
def test_asking_permission_first_is_noticed(text):
    assert "H16" in rules(text)


@pytest.mark.parametrize("text", HARD_OR_COLD)
def test_words_that_land_on_the_person_or_keep_nobody_are_noticed(text):
    assert "H17" in rules(text)


def test_what_is_absent_has_no_place_and_what_is_there_is_marked():
    text = "Sorry to interrupt, Marco, was it perhaps March? You never read the contract."

    marked = {note.rule: [text[start:end] for start, end in note.spans] for note in read(text, "correction").notes}

    assert marked == {"H15": [], "H16": ["Sorry to interrupt"], "H17": ["You never"]}


def test_a_word_no_note_says_is_not_quoted():
    assert (
        noted("H17", "You are wrong. It is March.").noticed == "This lands on the person: what is marked in your text."
    )
    assert noted("H16", "I might be wrong and sorry, it is March.").noticed == "It opens with “sorry”."


def test_what_works_in_a_correction_is_said():
    assert read("Marco, the contract ends in March. Page nine says so.", "correction").working == (
        "The fact has its own sentence.",
        "Clear and warm.",
        "You say it plainly.",
    )
