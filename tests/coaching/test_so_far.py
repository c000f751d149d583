"""What came of one client so far: levels by week, what they were told, reasons, notes, dates. For their coaches."""

import html
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from clients import excusing, extending, holding, submitting
from clients.models import Enrolment
from coaching import attending, deciding, heeding, noting, replying, so_far
from curriculum import clock
from tests import roads, sittings
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2, WEEK_4, WEEK_5

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = WEEK_5 + 12 * HOUR


def found(cast, at=LATER, who="mina", reader="tomas"):
    return so_far.of(cast.enrolment(getattr(cast, who)), getattr(cast, reader), at=at)


# --- Levels -------------------------------------------------------------------------------------------


def test_each_week_has_its_mean_and_every_level_by_name(cast):
    sent = roads.answered(cast.mina, cast.tomas, level=2)
    roads.answered(cast.noor, cast.tomas, level=4)

    (week,) = found(cast).weeks
    (piece,) = week.pieces

    assert (week.number, week.mean, piece.title) == (1, 2.0, "The four answers")
    criteria = [str(mark.criterion) for mark in sent.marks.order_by("criterion__position")]
    assert list(piece.levels) == [(criterion, 2, "Emerging") for criterion in criteria]


def test_the_newest_answer_to_a_piece_counts_once_it_shows(cast):
    roads.answered(cast.mina, cast.tomas, another=True, level=2)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    sent = roads.answered(cast.mina, cast.tomas, at=WEEK_2, level=4)

    means = [[(week.number, week.mean) for week in found(cast, at).weeks] for at in (sent.sent_at, sent.shown_from)]

    assert means == [[(1, 2.0)], [(1, 4.0)]]


def test_each_competency_has_the_mean_of_every_answer_the_first_one_first(cast):
    roads.answered(cast.mina, cast.tomas, another=True, level=2)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    roads.answered(cast.mina, cast.tomas, at=WEEK_2, level=3)
    roads.answered(cast.mina, cast.tomas, "w4-x1", at=WEEK_4, level=4)
    roads.answered(cast.noor, cast.tomas, level=1)

    grown = found(cast).grown
    told = {
        one.competency: [(step.answered.week, step.answered.attempt, step.mean) for step in one.steps]
        for one in grown.competencies
    }

    assert list(told.items()) == [
        ("Stakeholder communication", [(1, 1, 2.0), (1, 2, 3.0)]),
        ("Cross-functional influence", [(4, 1, 4.0)]),
        ("Meeting leadership presence", [(1, 1, 2.0), (1, 2, 3.0), (4, 1, 3.7)]),  # their own level among them
        ("Upward communication", [(1, 1, 2.0), (1, 2, 3.0), (4, 1, 4.0)]),
    ]
    assert [means for _answered, means in grown.rows()] == [
        [2.0, None, 2.0, 2.0],
        [3.0, None, 3.0, 3.0],
        [None, 4.0, 3.7, 4.0],
    ]


# --- What they were told ------------------------------------------------------------------------------


def test_the_last_three_feedbacks_are_there_with_whether_they_were_used(cast):
    roads.answered(cast.mina, cast.tomas, another=True, keep="The first.")
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    second = roads.answered(cast.mina, cast.tomas, at=WEEK_2, keep="The second.", try_next="Say it aloud.")
    for key, at, keep in (("w4-x1", WEEK_4, "The third."), ("w5-x1", WEEK_5, "The fourth.")):
        roads.answered(cast.mina, cast.tomas, key, at=at, keep=keep)
    replying.mark_used(second, by=cast.mina, at=WEEK_4)

    said = found(cast).said

    assert [(one.keep, one.used_at) for one in said] == [
        ("The fourth.", None),
        ("The third.", None),
        ("The second.", WEEK_4),
    ]
    last = said[-1]
    assert (last.week, last.title, last.attempt, last.try_next) == (1, "The four answers", 2, "Say it aloud.")
    assert (last.coach, last.shown_from) == ("Tomas", second.shown_from)


# --- Reasons, notes, dates ----------------------------------------------------------------------------


def test_every_reason_is_there_with_since_when_also_one_that_rests(cast):
    Enrolment.objects.filter(cohort=cast.spring).update(seen_at=WEEK_1)
    heeding.flag(cast.enrolment(cast.mina), reason="She is alone with it.", by=cast.tomas, at=WEEK_1)
    there = found(cast, WEEK_1 + HOUR).reasons
    heeding.see_to(cast.enrolment(cast.mina), rule="flag", by=cast.tomas, at=WEEK_1 + HOUR)
    seen = found(cast, WEEK_1 + 2 * HOUR).reasons

    assert [(one.rule, one.since, one.rests_until) for one in there] == [("flag", WEEK_1, None)]
    assert [(one.rule, one.since, one.rests_until) for one in seen] == [("flag", WEEK_1, WEEK_1 + HOUR + 7 * DAY)]
    assert found(cast, WEEK_1 + HOUR, who="noor").reasons == ()


def test_the_last_three_notes_one_may_read_are_there_and_no_private_one_of_a_colleague(cast):
    roads.coach(cast.spring, cast.ines)
    mina = cast.enrolment(cast.mina)
    for number in range(4):
        at = WEEK_1 + number * HOUR
        noting.write(cast.spring, mina, visibility="coaching_team", text=f"Note {number}", by=cast.ines, at=at)
    noting.write(cast.spring, mina, visibility="private", text="Mine", by=cast.ines, at=WEEK_2)
    noting.write(cast.spring, cast.enrolment(cast.noor), visibility="pair", text="Hers", by=cast.tomas, at=WEEK_2)

    read = {who: [note.text for note in found(cast, reader=who).notes] for who in ("tomas", "ines")}

    assert read == {"tomas": ["Note 3", "Note 2", "Note 1"], "ines": ["Mine", "Note 3", "Note 2"]}


def agreed(cast):
    """One of everything about Mina's dates, and a hold of Noor's."""
    mina, piece = cast.enrolment(cast.mina), roads.piece(cast.mina)
    extending.ask(piece, until=date(2026, 3, 10), by=cast.mina, at=WEEK_1)
    asked = extending.ask(roads.piece(cast.mina, "w1-x2"), until=date(2026, 3, 20), by=cast.mina, at=WEEK_1 + HOUR)
    deciding.decide(asked, grant=False, by=cast.tomas, at=WEEK_1 + 2 * HOUR)
    excusing.excuse(mina, roads.piece(cast.mina, "w1-t1").exercise, reason="Ill", by=cast.tomas, at=WEEK_1 + 3 * HOUR)
    holding.hold(mina, by=cast.tomas, at=WEEK_1 + DAY, reason="Moving house")
    holding.go_on(mina, by=cast.tomas, at=WEEK_1 + 2 * DAY)
    holding.hold(cast.enrolment(cast.noor), by=cast.tomas, at=WEEK_1)


def test_holds_more_time_and_excusals_are_there_the_newest_first(cast):
    agreed(cast)

    told = [(one.kind, one.title, one.reason, one.until, one.since, one.ended_at) for one in found(cast).dates]

    assert told == [
        ("hold", "", "Moving house", None, WEEK_1 + DAY, WEEK_1 + 2 * DAY),
        ("excused", roads.piece(cast.mina, "w1-t1").exercise.title, "Ill", None, WEEK_1 + 3 * HOUR, None),
        ("declined", "The picture", "", date(2026, 3, 20), WEEK_1 + 2 * HOUR, None),
        ("granted", "The four answers", "", date(2026, 3, 10), WEEK_1, None),
    ]


# --- At the page --------------------------------------------------------------------------------------


@pytest.fixture
def ask(cast, monkeypatch):
    def get(who, part="so-far/", at=LATER, client="mina", **headers):
        monkeypatch.setattr(clock, "now", lambda: at)
        browser = Client()
        browser.force_login(getattr(cast, who))
        return browser.get(f"/coach/clients/{cast.enrolment(getattr(cast, client)).pk}/{part}", headers=headers)

    return get


def words(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_the_file_links_to_it_and_asks_for_it_once_it_is_there_itself(cast, ask):
    place = f"/coach/clients/{cast.enrolment(cast.mina).pk}/so-far/"
    file = ask("tomas", part="").content.decode()
    alone, part = ask("tomas").content.decode(), ask("tomas", **{"HX-Request": "true"}).content.decode()

    assert f'hx-get="{place}" hx-trigger="load" hx-swap="outerHTML"' in file
    assert f'<a href="{place}">' in file
    assert ["<html" in page for page in (alone, part)] == [True, False]
    assert part.strip().startswith('<section id="so-far"')
    assert alone.count('id="so-far"') == 1


def test_only_coaches_of_the_cohort_find_it(cast, ask):
    roads.client(cast.spring, cast.tomas)
    everybody = ("tomas", "mina", "noor", "ines", "ada", "lena")

    assert [ask(who).status_code for who in everybody] == [200, 404, 404, 404, 404, 404]
    assert ask("tomas", client="tomas").status_code == 404


def test_everything_is_said_in_words(cast, ask):
    sent = roads.answered(cast.mina, cast.tomas, level=3)
    replying.mark_used(sent, by=cast.mina, at=WEEK_2)
    noting.write(cast.spring, cast.enrolment(cast.mina), visibility="pair", text="Try noon.", by=cast.tomas, at=WEEK_2)
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_4, reason="Moving house")
    said = words(ask("tomas"))

    assert "1 3.0 The four answers" in said
    assert re.search(r": 3 Clear\b", said)
    assert "“One good customer in fifty” is a number finance can repeat." in said
    assert "Mina used it" in said
    assert "Try noon. Tomas, " in said
    assert "the client and their coaches" in said
    assert "On hold since" in said
    assert "“Moving house”" in said
    assert "All notes about Mina" in said


def test_the_levels_are_a_picture_with_its_words_and_its_numbers(cast, ask):
    roads.answered(cast.mina, cast.tomas, another=True, level=2)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    roads.answered(cast.mina, cast.tomas, at=WEEK_2, level=3)
    page = ask("tomas").content.decode()

    plots = re.findall(r'<svg class="trend-plot" role="img" aria-label="([^"]+)"', page)
    assert plots == [
        f"{name}. week 1: 2.0, week 1: 3.0"
        for name in ("Stakeholder communication", "Meeting leadership presence", "Upward communication")
    ]
    places = re.findall(r'<circle class="trend-point" cx="([\d.]+)%" cy="([\d.]+)"', page)
    assert places[:2] == [("16.66", "56.0"), ("20.34", "36.0")]  # beside each other around week 1
    assert "Stakeholder communication 2.0 → 3.0" in words(ask("tomas"))
    assert "1 The four answers attempt 2 3.0 3.0 3.0" in words(ask("tomas"))


def test_a_program_reads_the_same_as_the_page(cast, ask):
    roads.coach(cast.spring, cast.ines)
    agreed(cast)
    sent = roads.answered(cast.mina, cast.tomas, "w5-x1", at=WEEK_5, level=3)
    replying.mark_used(sent, by=cast.mina, at=LATER)
    mina = cast.enrolment(cast.mina)
    noting.write(cast.spring, mina, visibility="pair", text="Try noon.", by=cast.tomas, at=WEEK_2)
    noting.write(cast.spring, mina, visibility="private", text="Mine", by=cast.ines, at=WEEK_2)
    heeding.flag(mina, reason="She is alone with it.", by=cast.tomas, at=WEEK_1)
    ask("tomas")  # sets the clock
    here, read = f"enrolments/{mina.pk}/so-far/", found(cast)

    told = Api(cast.tomas).get(here).json()

    assert (told["enrolment"], told["name"]) == (mina.pk, "Mina")
    (week,) = told["weeks"]
    assert (week["week"], week["mean"], week["pieces"][0]["submission"]) == (5, 3.0, roads.piece(cast.mina, "w5-x1").pk)
    assert {level["name"] for level in week["pieces"][0]["levels"]} == {"Clear"}
    assert {one["competency"]: [step["mean"] for step in one["steps"]] for one in told["growth"]} == {
        one.competency: [step.mean for step in one.steps] for one in read.grown.competencies
    }
    assert [(one["keep"], one["used_at"]) for one in told["told"]] == [(sent.keep, "2026-04-01T22:00:00Z")]
    assert [note["text"] for note in told["notes"]] == ["Try noon."]
    assert [one["rule"] for one in told["risks"]] == [one.rule for one in read.reasons]
    assert [(one["kind"], one["reason"]) for one in told["dates"]] == [(one.kind, one.reason) for one in read.dates]
    assert {who: Api(getattr(cast, who)).get(here).status_code for who in ("ines", "mina", "noor", "ada", "lena")} == {
        "ines": 200, "mina": 404, "noor": 404, "ada": 404, "lena": 404,
    }  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_a_program_costs_no_more_than_the_page(cast, ask, django_assert_num_queries, rows):
    for key, at in [("w1-x1", WEEK_1), ("w4-x1", WEEK_4), ("w5-x1", WEEK_5)][:rows]:
        roads.answered(cast.mina, cast.tomas, key, at=at)
    ask("tomas")
    api = Api(cast.tomas)

    with django_assert_num_queries(18):
        api.get(f"enrolments/{cast.enrolment(cast.mina).pk}/so-far/")


def test_where_there_is_nothing_it_says_so(cast, ask):
    Enrolment.objects.filter(cohort=cast.spring).update(seen_at=WEEK_1)
    said = words(ask("tomas", at=WEEK_1))

    for sentence in (
        "No reason to worry now.",
        "No level given yet.",
        "No feedback yet.",
        "No note that you can read.",
        "Never on hold, nothing excused, no more time asked for.",
    ):
        assert sentence in said


def test_holds_and_more_time_are_whole_sentences(cast, ask):
    agreed(cast)
    said = words(ask("tomas"))

    assert "Was on hold since" in said
    assert "More time for “The four answers”, until Tuesday 10 March" in said
    assert "Asked for more time for “The picture” until Friday 20 March, and it was declined" in said
    assert f"“{roads.piece(cast.mina, 'w1-t1').exercise.title}” is not asked for" in said


@pytest.mark.parametrize(("headers", "queries"), [({"HX-Request": "true"}, 17), ({}, 19)])
@pytest.mark.parametrize("rows", [1, 3, 50])
def test_it_costs_the_same_however_much_there_is_and_whoever_else_walks(
    cast, ask, django_assert_num_queries, rows, headers, queries
):
    session = sittings.session(cast, 0)
    attending.rest(session, by=cast.tomas, at=session.starts_at)
    for number in range(rows):
        roads.client(cast.spring, roads.person(f"Client{number}"))
        noting.write(
            cast.spring, cast.enrolment(cast.mina), visibility="pair", text=f"{number}", by=cast.tomas, at=WEEK_1
        )
    keys = [("w1-x1", WEEK_1), ("w4-x1", WEEK_4), ("w5-x1", WEEK_5)]
    for key, at in keys[:rows]:
        roads.answered(cast.mina, cast.tomas, key, at=at)
    ask("tomas", **headers)
    browser = Client()
    browser.force_login(cast.tomas)
    place = f"/coach/clients/{cast.enrolment(cast.mina).pk}/so-far/"

    with django_assert_num_queries(queries):
        browser.get(place, headers=headers)
