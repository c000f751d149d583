"""H18 and the lines of a 1:1: which move reads like status, which is missing, and whose words are read."""

import pytest

from curriculum.firstread import read

GOOD = """\
Connect: "You said retention is the goal for this half. My work on returns is aimed there. Do you see it that way?"
Surface: "One thing you may not have seen: last month Logistics and we agreed on one address check."
Ask: "What would you need to see from me to put me forward, and what is missing today?"
Flag: "What I'm seeing: two people hold all knowledge of the payment code. How I'm thinking about addressing it: pair weeks."
Heard: "I didn't know you wanted this. Maybe, perhaps, at some point, possibly."
"""

STATUS = {
    "Connect": ["I want to tell her that my project is going well.", "We are still busy with the import, it is at 60 %.",
                "Finished the tickets you gave me.", "I will show the roadmap slide."],
    "Surface": ["I finished 14 tickets.", "Nothing special this month.", "I was very busy.", "I will mention the workshop."],
    "Ask": ["Can I have a day off for the conference?", "I will ask for feedback.", "What do I have to do better?"],
    "Flag": ["We have too much work.", "The server is slow sometimes.", "Nothing."],
}  # fmt: skip
MADE = {
    "Connect": ["I read your three sentences in the letter. May I make the second one my project?",
                "Retention matters most this year, and the first bill is where people leave.",
                "In the town hall the one figure you repeated was churn. The other third I would drop."],
    "Surface": ["Purchasing wanted a call, Quality wanted a form. I got them into one room.",
                "You were away when both sides argued about who phones. They phone now.",
                "The agency and the colleagues in Cluj thought the other side was testing. I drew up who does what."],
    "Ask": ["Who would have to say yes to a lead position, and what does that person know about me?",
            "I'd like to take over from you one day. What would make you nervous about that?",
            "Suppose you had to present me as your deputy. Which sentence would be missing?"],
    "Flag": ["Piotr is the only person who can restart it. He and I write it down on Tuesdays.",
             "The controls are from 1998. I found a firm that copies them and would let them do it in May.",
             "Our licence ends in November. By September I can tell you which one it is."],
}  # fmt: skip


def with_line(name, words):
    lines = [line for line in GOOD.splitlines() if not line.startswith(name)]
    return "\n".join([*lines, f"{name}: {words}"])


def noted(text, rule="H18"):
    return next((note for note in read(text, "one_on_one").notes if note.rule == rule), None)


def test_four_moves_in_words_get_no_note_and_what_came_back_is_not_read():
    reading = read(GOOD, "one_on_one")

    assert (reading.notes, reading.working) == (
        (),
        ("Four moves, in your words.", "Both halves are there.", "You say it plainly."),
    )


@pytest.mark.parametrize(("name", "words"), [(name, words) for name in STATUS for words in STATUS[name]])
def test_a_move_that_reads_like_status_is_named_and_marked(name, words):
    text = with_line(name, words)

    note = noted(text)

    assert note.noticed == f"“{name}” reads like status so far."
    assert [text[start:end] for start, end in note.spans] == [words]


@pytest.mark.parametrize(("name", "words"), [(name, words) for name in MADE for words in MADE[name]])
def test_a_move_in_words_of_its_own_is_left_alone(name, words):
    assert noted(with_line(name, words)) is None


@pytest.mark.parametrize(
    ("lines", "noticed"),
    [
        (("Connect", "Surface", "Ask"), None),
        (("Connect", "Surface", "Flag"), "“Ask” is not there yet."),
        (("Surface", "Ask"), "Two of the four moves have words."),
        (("Flag",), "One of the four moves has words. “Ask” is not there yet."),
    ],
)
def test_three_moves_are_enough_and_ask_is_one_of_them(lines, noticed):
    text = "\n".join(line for line in GOOD.splitlines() if line.startswith(lines))

    note = noted(text)

    assert (note and note.noticed) == noticed


def test_a_text_without_lines_has_no_moves():
    assert noted("We talk about the project and my holidays.").noticed == (
        "None of the four moves have words. “Ask” is not there yet."
    )


def test_a_flag_with_one_half_is_noticed_and_one_that_reads_like_status_is_not_noticed_twice():
    one_half = read(with_line("Flag", "The release is at risk."), "one_on_one").notes
    status = read(with_line("Flag", "We have too much work."), "one_on_one").notes

    assert [[note.rule for note in notes] for notes in (one_half, status)] == [["H14"], ["H18"]]


def test_softeners_in_quoted_moves_count_because_they_are_the_writers_own():
    text = with_line("Ask", '"Maybe you could perhaps say what I need for the next level, or possibly not?"')

    assert [text[start:end] for start, end in noted(text, "H6").spans] == ["Maybe", "perhaps", "possibly"]


def test_a_line_without_a_full_stop_does_not_run_into_the_next_one():
    text = "Connect: you said returns come first and\nSurface: they and we agreed on one check\nAsk: what do you need to see?"

    assert noted(text) is None


def test_words_are_counted_with_everything_that_was_written():
    assert read(GOOD, "one_on_one").words == len(GOOD.split())
