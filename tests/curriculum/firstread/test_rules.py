"""What makes each rule speak, and what does not."""

import pytest

from curriculum.firstread import PROFILES, read

PLAIN = "The new gate is open and works well. "


def noted(rule, text, profile="update", **how):
    """The note of one rule, if any, with the words it marks."""
    note = next((note for note in read(text, profile, **how).notes if note.rule == rule), None)
    return note and (note.noticed, [text[start:end] for start, end in note.spans])


def words(count):
    return " ".join(["fine"] * (count - 8)) + " and we need it by Monday at noon."


def test_the_profiles_apply_their_rules_in_the_order_of_the_rules():
    assert {name: " ".join(rules) for name, rules in PROFILES.items()} == {
        "translation": "H1 H2 H3 H4 H5 H6 H7 H8 H12",
        "answers": "H3 H4 H5 H6 H7 H8 H12",
        "rewrite": "H2 H4 H5 H6 H7 H8 H12",
        "update": "H2 H6 H8 H9 H10 H11 H12",
        "page": "H2 H6 H8 H9 H10 H11 H12 H14",
        "flip": "H2 H6 H8",
        "incident": "H2 H6 H8 H9 H10 H11 H12 H13 H14",
        "correction": "H6 H8 H12 H15 H16 H17",
        "one_on_one": "H6 H8 H12 H14 H18",
    }


@pytest.mark.parametrize(
    ("count", "noticed"),
    [
        (59, "59 words is about 25 seconds at a calm pace."),
        (60, None),
        (160, None),
        (161, "161 words is about 69 seconds at a calm pace."),
    ],
)
def test_a_minute_holds_sixty_to_a_hundred_and_sixty_words(count, noticed):
    note = noted("H1", words(count), "translation")

    assert (note and note[0]) == noticed


def test_the_words_past_the_end_of_the_minute_are_marked():
    assert noted("H1", words(162), "translation")[1] == ["at noon."]


def test_a_question_without_an_answer_is_named_and_nothing_is_marked():
    text = "We are building a new gate. It saves people time. It is blue and tall and made of glass."

    assert noted("H3", text, "answers") == ("We could not see an answer to “what the risk is” and “when”.", [])


def test_the_label_of_an_answer_is_not_an_answer():
    text = "What: we are building a gate.\nWhy: it is tall and blue.\nWrong: nothing.\nWhen: later, who knows."

    assert noted("H3", text, "answers")[0] == (
        "We could not see an answer to “why it matters”, “what the risk is” and “when”."
    )


def test_team_words_are_marked_as_written_with_an_offer_for_the_first():
    text = "The Payload goes through the middleware twice a day, and then it is done."

    note = next(note for note in read(text, "rewrite").notes if note.rule == "H4")

    assert [text[start:end] for start, end in note.spans] == ["Payload", "middleware"]
    assert note.suggestion == "Swap it, unpack it once, or drop it. For “Payload”: the data that is sent."


@pytest.mark.parametrize(
    "text",
    [
        "The payload goes out once a day, and then it is done.",
        "The payload (the data we send) and the payload from them go through one door.",
        "A canary, meaning two per cent of customers first, and a rollback, that is, going back.",
        "They call it “payload” and `middleware`, and I do not.",
    ],
)
def test_one_team_word_or_an_unpacked_or_quoted_one_is_left_alone(text):
    assert noted("H4", text, "rewrite") is None


def test_a_technical_reader_takes_three_times_as_many_team_words_and_every_short_form():
    text = "The payload goes through the middleware at the XQZ gate. " + PLAIN * 5

    rules = [[note.rule for note in read(text, "rewrite", technical=how).notes] for how in (False, True)]

    assert rules == [["H4", "H5"], []]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("The XQZ is late, and two XQZs wait.", ["XQZ", "XQZs"]),
        ("The CEO and the CFO saw it in Q3, as a PDF, and in the UK.", None),
        ("The service level agreement (SLA) holds, and the SLA is signed.", None),
        ("The SLA (service level agreement) holds.", None),
        ("It is NOT late, and it is in ticket ABC-123 under part II.", None),
        ("See https://example.org/XQZ for the `XQZ` part.", None),
    ],
)
def test_capital_letters_are_marked_unless_known_written_out_or_said_loudly(text, marked):
    note = noted("H5", text, "rewrite")

    assert (note and note[1]) == marked


def test_two_softeners_in_a_short_text_are_noticed():
    text = "Maybe the gate is open, and perhaps it works."

    assert noted("H6", text) == ("2 softeners: “maybe”, “perhaps”.", ["Maybe", "perhaps"])


def test_a_softener_beside_a_figure_is_a_range_and_not_counted():
    assert noted("H6", "It takes maybe 40 minutes, and perhaps two people.") is None


def test_two_softeners_in_a_long_text_count_where_they_share_the_first_sentence():
    tail = PLAIN * 20

    together = noted("H6", f"Maybe we wait, or perhaps we go. {tail}")
    apart = noted("H6", f"Maybe we wait. {tail}Perhaps we go.")

    assert (together[1], apart) == (["Maybe", "perhaps"], None)


def test_words_of_another_meaning_are_not_softeners():
    assert noted("H6", "I would rather wait than go, and rather than guess, ask.") is None


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Obviously the gate is open.", ["Obviously"]),
        ("In layman’s terms, it is open.", ["In layman’s terms"]),
        ("The gate is marked clearly.", None),
        ("Clearly the gate is open.", ["Clearly"]),
        ("They said “obviously” and left.", None),
    ],
)
def test_words_that_talk_down_are_marked(text, marked):
    note = noted("H7", text, "rewrite")

    assert (note and note[1]) == marked


@pytest.mark.parametrize(("count", "title"), [(32, None), (33, "One sentence has 33 words")])
def test_a_sentence_may_have_thirty_two_words(count, title):
    sentence = " ".join(["gate"] * (count - 2)) + " is open."
    notes = read(f"{sentence} It works. It is done. We are fine.", "flip").notes

    assert [note.title for note in notes] == ([title] if title else [])


def test_sentences_may_have_twenty_two_words_on_average():
    sentence = " ".join(["the gate"] * 11) + " opens. "

    note = next(note for note in read(sentence * 3, "flip").notes if note.rule == "H8")

    assert note.title == "23 words to a sentence"
    assert len(note.spans) == 3


def test_a_long_sentence_is_cut_at_the_joining_word_nearest_its_middle():
    text = f"The gate is open and {'very ' * 14}wide, because {'many ' * 14}people and dogs pass."

    note = next(note for note in read(text, "flip").notes if note.rule == "H8")

    assert note.suggestion == "Cut it at “because”."


def test_facts_without_a_use_are_noticed_and_the_crowded_sentences_marked():
    text = "The gate opened 3 times in 20 minutes at 40 degrees. It was painted twice. We measured 5 kg and 7 kg."

    assert noted("H9", text) == (
        "Many facts, and we could not find what the reader is to do with them.",
        [
            "The gate opened 3 times in 20 minutes at 40 degrees.",
            "It was painted twice.",
            "We measured 5 kg and 7 kg.",
        ],
    )


def test_the_same_facts_with_an_ask_are_not_a_dump():
    text = (
        "The gate opened 3 times in 20 minutes at 40 degrees. It was painted twice. "
        "Please order 5 kg of paint by Friday."
    )

    assert noted("H9", text) is None


@pytest.mark.parametrize(
    ("strip", "marked"),
    [
        ("K F D", None),
        ("K C F K D", None),
        ("D K F", ["[D]"]),
        ("K D F", ["[D]"]),
        ("C C", ["[C]"]),
        ("K F K", ["[K]"]),
        ("K D", ["[D]"]),
    ],
)
def test_tags_run_know_feel_decide(strip, marked):
    text = " ".join(f"[{letter}] Please open the gate." for letter in strip.split())

    note = noted("H10", text)

    assert note == (marked and (f"Your tags read {strip}.", marked))


def test_the_tag_note_says_what_a_reader_goes_without_and_offers_an_order():
    text = "[D] Please open the gate. [C] It is blue. [K] It is closed. [K] Two people wait."

    note = next(note for note in read(text, "page").notes if note.rule == "H10")

    assert note.reader == "A reader who stops early leaves without how to take them."
    assert note.suggestion == "K K F D C."


@pytest.mark.parametrize(
    "ending",
    [
        "Please open it.",
        "I need your yes.",
        "No action needed from you.",
        "Nothing is needed.",
        "Nobody has to do anything.",
        "Could you open it by Friday?",
        "Which gate do you prefer?",
        "Tell us by noon.",
        "Move the sign before the weekend.",
        "Unless you object, we go ahead.",
        "Your decision is needed by Friday.",
        "The board needs to choose.",
        "Happy to share the plan if useful.",
    ],
)
def test_an_ask_in_the_last_sentence_is_seen(ending):
    assert noted("H11", PLAIN * 6 + ending) is None


@pytest.mark.parametrize(
    "ending",
    [
        "Please find the details in the attached file.",
        "Please let me know if you have any questions.",
        "Feedback is welcome.",
        "Open points are in the list.",
        "The decision was taken last year.",
        "Any thoughts?",
    ],
)
def test_a_closing_phrase_is_not_an_ask(ending):
    note = noted("H11", PLAIN * 6 + ending)

    assert note == ("We could not find an ask, a decision or “nothing needed”.", [ending])


def test_an_ask_early_on_is_seen_where_it_opens_the_text_with_a_date_or_is_tagged():
    dated = "Please approve the gate by Friday. " + PLAIN * 6
    tagged = "[K] It is open. [F] All is calm. [D] Please approve the gate. [C] " + PLAIN * 6
    buried = PLAIN + "Please approve the gate. " + PLAIN * 6

    assert [noted("H11", text) is None for text in (dated, tagged, buried)] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("The gate opens soon.", ["soon"]),
        ("The gate opens soon, on 3 June.", None),
        ("Several people had issues.", ["Several", "issues"]),
        ("Three issues are left, and two weeks later none.", None),
        ("It takes around 40 minutes and roughly two people.", None),
        ("How many people, and no later than Friday?", None),
        ("There were some people at the gate.", None),
    ],
)
def test_open_amounts_and_times_are_marked_unless_a_figure_or_a_date_closes_them(text, marked):
    note = noted("H12", text)

    assert (note and note[1]) == marked


def test_three_open_words_in_a_hundred_are_noticed_and_two_are_not():
    hundred = " ".join(["the gate"] * 48) + " and"

    counts = [
        noted("H12", f"{hundred} {open_words}") is not None for open_words in ("some many gate.", "some many various.")
    ]

    assert counts == [False, True]
