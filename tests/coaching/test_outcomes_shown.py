"""A report as it may be shown and drawn: nothing of fewer than five people, by hand-computed examples."""

import re
from dataclasses import asdict, replace
from datetime import date

import pytest
from django.template.loader import render_to_string

from coaching import plots as drawing
from coaching.outcomes import change, few, showing
from coaching.outcomes.change import Line
from coaching.plots import hours
from curriculum import growth, shares, survival
from curriculum.figures import Figure, Why
from tests import harvests

LEAST = 5


def shown(whole=None, **changes):
    return showing.shown(whole or harvests.report(), least=LEAST, **changes)


def page_of(report):
    return render_to_string("coaching/office/outcomes/_report.html", {"drawn": drawing.of(report)})


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- What is left of the numbers ------------------------------------------------------------------------


def test_of_four_people_no_number_is_left_but_how_many_they_are():
    found = shown(harvests.report(4))
    own = found.rated[0].own

    assert (own.mean, own.before.mean, own.lines) == (Figure(4, 4, why=Why.TOO_FEW_TO_SHOW), None, ())
    assert (own.rose, own.same, own.fell) == (None, None, None)
    assert {row.why for row in own.reliable} == {Why.TOO_FEW_TO_SHOW}
    assert (found.rated[0].everybody.value, found.rated[0].completers.value) == (None, None)
    assert (found.told.title, found.told.know) == (
        "Too few to say how far they came",
        ("Too few to say how far they came.",),
    )


def test_of_enough_people_a_mean_stays_what_it_was():
    whole = harvests.report()
    found = shown(whole)

    assert [one.own.mean for one in found.rated] == [one.own.mean for one in whole.rated]
    assert [one.own.standardised for one in found.rated] == [one.own.standardised for one in whole.rated]
    assert found.told.title == whole.told.title


def test_what_was_shown_once_is_not_asked_again():
    with pytest.raises(ValueError, match="whole report"):
        shown(shown())


def test_means_before_and_after_are_of_those_who_have_both():
    """Nine have both, from 2 to 3; a tenth began at 5 and left. The mean of ten beside that of nine would tell of her."""
    pairs = [(2.0, 3.0), (1.0, 2.0), (3.0, 4.0)] * 3
    one = change.of("upward", "Upward", [*pairs, (5.0, None)])
    found = few.changed(one, least=LEAST)

    assert (one.before.n, one.before.mean) == (10, 2.3)
    assert (found.before.n, found.before.mean, found.after.mean) == (9, 2.0, 3.0)


def test_lines_are_means_of_five_who_moved_about_as_far():
    """Changes -1, 0, 0, 1, 1 | 2, 2, 2, 3, 3 and one more, who joins the last."""
    moves = (2, -1, 0, 3, 1, 2, 0, 1, 3, 2, 4)
    found = few.merged([Line(1.0, 1.0 + move) for move in moves], least=LEAST)

    assert found == (Line(1.0, 1.2, 5), Line(1.0, 1.0 + 16 / 6, 6))
    assert few.merged([Line(1.0, 2.0)] * 4, least=LEAST) == ()


def test_whoever_has_both_and_did_not_complete_is_not_found_by_subtraction():
    whole = harvests.report()
    one = whole.rated[0]
    apart = replace(one, completers=replace(one.completers, n=one.own.mean.n - 2))
    found = shown(replace(whole, rated=(apart, *whole.rated[1:])))

    assert (found.rated[0].completers.value, found.rated[1].completers.value) == (None, whole.rated[1].completers.value)


def test_a_reason_is_told_where_five_gave_it():
    whole = harvests.report()
    found = shown(replace(whole, who=replace(whole.who, reasons=(("New employer", 5), ("Ill", 4)))))

    assert found.who.reasons == (("New employer", 5),)


def test_a_week_of_meetings_takes_fifteen_of_five_people():
    enough, few_people, few_meetings = harvests.practice()[:3]
    rows = (enough, replace(few_people, people=4), replace(few_meetings, meetings=14))
    found = shown(replace(harvests.report(), practice=rows)).practice

    assert [one.spoke for one in found] == [enough.spoke, None, None]
    assert [one.led.value for one in found] == [enough.led.value, None, None]


def test_hours_and_asks_of_four_people_are_not_told():
    whole = harvests.report(work=harvests.work(people=4))
    found = shown(whole).work

    assert (found.turnaround.median, found.turnaround.over_promise, found.turnaround.bins) == (None, None, ())
    assert (found.taken_up.yes, found.taken_up.share.value) == (None, None)
    assert {(one.done, one.share.value) for one in found.handed_in} == {(None, None)}


# --- Moves into management --------------------------------------------------------------------------------


def test_no_step_of_the_curve_is_one_persons_and_each_is_as_high_as_the_estimate():
    """Six of 26 moved, at 4, 6, 6, 9, 9 and 11; four were heard of last at 3, six at 6, ten at 12.

    One step, at the last of the six, as high as the estimate is by then.
    """
    found = shown().promotions
    true = survival.kaplan_meier(harvests.HEARD)
    steps = [step for step in found.steps if step.events]

    assert [(step.time, step.events) for step in steps] == [(11.0, 6)]
    assert steps[0].moved.value == round(true.at(11).value, 2)
    assert (found.moved, found.heard, found.year.value) == (6, (), round(true.at(12).value, 2))
    assert found.followed_at == ((0, 26), (3, 26), (6, 22), (9, 16), (12, 10))


def test_of_ten_moves_there_are_two_steps():
    heard = tuple((float(month), True) for month in range(1, 11)) + ((12.0, False),) * 10
    found = shown(harvests.report(promotions=harvests.moves(heard))).promotions

    assert [(step.time, step.events, step.moved.value) for step in found.steps if step.events] == [
        (5.0, 5, 0.25), (10.0, 5, 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moved", "stayed"), [(4, 22), (22, 4), (0, 26), (5, 4)], ids=["few moved", "few stayed", "nobody moved", "nine"]
)
def test_there_is_no_curve_where_those_who_moved_or_did_not_are_few(moved, stayed):
    heard = ((6.0, True),) * moved + ((12.0, False),) * stayed
    found = shown(harvests.report(promotions=harvests.moves(heard))).promotions

    assert (found.moved, found.steps, found.followed_at, found.heard) == (None, (), (), ())
    assert {row.n for row in found.proofs} == {None}
    assert found.followed == moved + stayed


# --- For sponsors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "told", "low", "high"),
    [(20, 20, None, None), (37, (36, 40), 0.9, 1.0), (40, (36, 40), 0.9, 1.0), (2, (0, 4), 0.0, 0.1)],
)
def test_for_sponsors_a_share_near_none_or_all_is_a_range(done, told, low, high):
    given, found = few.share(done, shares.wilson(done, 40), least=10, coded=True, closed=False)

    assert given == told
    assert (found.value, found.low, found.high) == ((0.5, found.low, found.high) if low is None else (None, low, high))


# --- Drawn ------------------------------------------------------------------------------------------------


def test_every_figure_says_what_it_found_how_it_is_read_and_its_numbers():
    drawn = drawing.of(shown())
    figures = [drawn.where, drawn.lines, drawn.done, drawn.waits, drawn.meetings, drawn.moved]

    assert [one.title for one in figures if not (one.finding and one.read and one.table.rows)] == []
    html = page_of(shown())
    assert html.count("How to read it.") == html.count("Show the numbers") == 6
    assert 'aria-label="332 reviews, half of them within 24 h, 8 later than 72 h."' in html


def test_the_drawing_has_the_numbers_of_the_rows():
    found = shown()
    drawn = drawing.of(found)
    upward = next(one.own for one in found.rated if one.own.key == "upward")
    row = next(one for one in drawn.where.body.rows if one.name == upward.name)

    assert (row.told_before, row.told_after) == (f"{upward.before.mean:.1f}", f"{upward.after.mean:.1f}")
    assert row.after == round(2.5 + (upward.after.mean - 1) / 4 * 95, 2)
    assert [cell.text for cell in drawn.done.body.rows[0][1]] == ["100", "97", "97", "94", "87", "90", "84", "84", "81"]
    assert [cell.text for cell in drawn.done.body.rows[2][1]][1:5] == ["", "", "", ""]
    assert sum(bar.is_late for bar in drawn.waits.body.bars) == 5
    assert [panel.words for panel in drawn.meetings.body] == [
        "Led with the conclusion: from 24 % in week 0 to 64 % in week 8.",
        "Contributions per meeting: from 1 in week 0 to 3 in week 8.",
        "Incorrect statements corrected: from 12 % in week 0 to 52 % in week 8.",
    ]


def test_a_figure_that_fails_says_so_alone(monkeypatch, caplog):
    monkeypatch.setattr(hours, "_body", lambda took: 1 / 0)
    html = page_of(shown())

    assert html.count("This figure could not be drawn.") == 1
    assert html.count("How to read it.") == 5
    assert "waits could not be drawn" in caplog.text


def test_nothing_that_is_hidden_stands_anywhere_on_the_page():
    """Of four people no mean, no line and no count, in no table and no label."""
    html = page_of(
        shown(
            harvests.report(
                4, work=harvests.work(4), practice=harvests.practice(4), promotions=harvests.moves(((6.0, True),) * 4)
            )
        )
    )

    assert html.count("<polyline") == html.count("<circle") == html.count("<rect") == 0
    assert "Too few to show" in html
    for one in harvests.report(4).rated:
        assert f"{one.own.mean.value:+.1f}" not in html


def test_the_page_has_no_style_and_no_script_of_its_own():
    html = page_of(shown())

    assert re.findall(r"\sstyle=|<script|<style|\son\w+=", html) == []


def test_that_the_programme_caused_anything_is_only_ever_denied():
    said = words(page_of(shown()))

    assert re.findall(r"[^.]*\bcaus\w*[^.]*\.", said) == [" It does not show that the programme caused it."]


def test_a_report_is_plain_data():
    """Numbers, strings, tuples, dates: nothing that a row stands behind."""
    plain, others = (str, int, float, date, type(None)), []

    def look(one):
        if isinstance(one, dict):
            for inner in one.values():
                look(inner)
        elif isinstance(one, (tuple, list)):
            for inner in one:
                look(inner)
        else:
            others.extend([] if isinstance(one, plain) else [one])

    look(asdict(shown()))
    assert others == []


def test_goals_are_told_where_there_are_any():
    reached = growth.goal_attainment((1, 1, 1, 1))
    told = next(one for one in drawing.of(shown(harvests.report(goals=reached))).sections if one.key == "goals")

    assert told.sentences == ("Mean attainment 64.5; 50 is as expected.",)
    assert drawing.of(shown()).sections[7].sentences == ("No goal has been set.",)
