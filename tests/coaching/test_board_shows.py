"""What a board shows besides the main pieces: the translation of each week, and what was logged in it."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from clients import counted, excusing
from coaching.board import Cell, Show, board
from curriculum import clock
from tests import roads
from tests.doors.asking import Api, no
from tests.roads import WEEK_1, WEEK_2, WEEK_4

HOUR = timedelta(hours=1)


def seen(cast, show, *, at=WEEK_1, levels=True):
    return board(cast.spring, at=at, levels=levels, show=show)


def cells(found, name):
    (row,) = [row for row in found.rows if row.name == name]
    return {column.number: cell for column, cell in zip(found.columns, row.cells, strict=True)}


# --- Translations -------------------------------------------------------------------------------------


def test_a_translation_has_the_states_of_a_piece_of_its_own(cast):
    sent = roads.translation_answered(cast.mina, cast.tomas)
    waiting = roads.translated(cast.noor)
    at = WEEK_1 + 3 * HOUR

    found = seen(cast, Show.TRANSLATION, at=at)

    assert [column.number for column in found.columns] == list(range(9))
    mina, noor = cells(found, "Mina"), cells(found, "Noor")
    assert (mina[1].state, mina[1].submission, mina[1].mean) == ("accepted", sent.attempt.submission_id, 3.0)
    assert noor[1] == Cell("handed_in", waiting.submission_id, minutes=69 * 60)
    assert (mina[2].state, cells(seen(cast, Show.TRANSLATION, at=WEEK_2 + 7 * 24 * HOUR), "Noor")[2].state) == (
        "locked",
        "late",
    )
    assert (found.columns[1].handed_in, found.columns[1].is_now) == (2, True)


def test_the_facts_are_those_of_the_main_pieces_whatever_is_shown(cast):
    roads.handed_in(cast.mina)
    roads.translated(cast.noor)

    shown = [seen(cast, show, at=WEEK_2 + 24 * HOUR).facts for show in Show]

    assert shown[0] == shown[1] == shown[2]
    assert (shown[0].to_review, shown[0].late_clients) == (2, 2)


# --- Logs ---------------------------------------------------------------------------------------------


def test_meetings_are_counted_in_the_week_their_day_lies_in_beside_what_it_asks_for(cast):
    for day in ("2026-02-20", "2026-03-01", "2026-03-02", "2026-03-23", "2026-03-24", "2026-03-25"):
        roads.logged(cast.mina, at=WEEK_4, date=day)

    found = cells(seen(cast, Show.LOG, at=WEEK_4), "Mina")

    assert {week: (found[week].state, found[week].parts) for week in range(6)} == {
        0: ("draft", (2, 3)),
        1: ("done", (1, 0)),
        2: ("open", (0, 0)),
        3: ("open", (0, 0)),
        4: ("done", (3, 3)),
        5: ("locked", None),
    }


def test_whoever_is_excused_from_a_log_is_not_asked_for_it(cast):
    asked = next(one for one in counted.exercises_of(cast.spring.edition_id) if one.key == "w4-log")
    excusing.excuse(cast.enrolment(cast.mina), asked, reason="On leave", by=cast.tomas, at=WEEK_4)

    found = seen(cast, Show.LOG, at=WEEK_4 + HOUR)

    assert (cells(found, "Mina")[4], cells(found, "Noor")[4]) == (Cell("excused"), Cell("open", parts=(0, 3)))


@pytest.mark.parametrize("people", [1, 3, 50])
@pytest.mark.parametrize(("show", "queries"), [(Show.TRANSLATION, 7), (Show.LOG, 8)])
def test_it_costs_the_same_for_one_client_and_for_fifty(cast, django_assert_num_queries, people, show, queries):
    cohort = roads.cohort(f"Of {people}")
    roads.coach(cohort, cast.tomas)
    for number in range(people):
        person = roads.person(f"Client{number:02}")
        roads.client(cohort, person)
        roads.logged(person, at=WEEK_1, date="2026-03-03")
        roads.translated(person)
    board(cohort, at=WEEK_1, levels=True)  # what an edition asks for is looked up once in a process

    with django_assert_num_queries(queries):
        board(cohort, at=WEEK_1, levels=True, show=show)


# --- At both doors ------------------------------------------------------------------------------------


@pytest.fixture
def ask(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_4)

    def get(who, show, place="/coach/board/spring/"):
        browser = Client()
        browser.force_login(getattr(cast, who))
        return browser.get(place, {"show": show} if show else {})

    return get


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_the_page_switches_between_the_three_and_says_which_it_shows(cast, ask):
    roads.logged(cast.mina, at=WEEK_4, date="2026-03-24")
    pages = {show: ask("tomas", show).content.decode() for show in ("", "main", "translation", "log")}

    current = {show: re.findall(r'<a href="\?show=(\w+)" aria-current="page"', page) for show, page in pages.items()}
    assert current == {"": ["main"], "main": ["main"], "translation": ["translation"], "log": ["log"]}
    assert [re.findall(r"\?show=(\w+)", page) for page in pages.values()] == [["main", "translation", "log"]] * 4
    assert 'aria-label="1 meeting logged of 3"' in pages["log"]
    assert "Clients by weeks, with the meetings they logged" in pages["log"]
    assert ask("tomas", "everything").status_code == 404


def test_a_log_is_between_a_client_and_their_coaches_so_an_admin_has_no_board_of_it(cast, ask):
    office, api = "/manage/cohorts/spring/board/", f"cohorts/{cast.spring.pk}/board/"
    page = ask("ada", "translation", office)

    assert [ask("ada", show, office).status_code for show in ("translation", "log")] == [200, 404]
    assert re.findall(r"\?show=(\w+)", page.content.decode()) == ["main", "translation"]
    assert [Api(cast.ada).get(api, show=show).status_code for show in ("main", "translation")] == [200, 200]
    assert no(Api(cast.ada).get(api, show="log")) == (404, "not_found")


def test_a_program_reads_the_same_board(cast, ask):
    roads.logged(cast.mina, at=WEEK_4, date="2026-03-24")
    ask("tomas", "log")

    told = Api(cast.tomas).get(f"cohorts/{cast.spring.pk}/board/", show="log").json()

    assert told["show"] == "log"
    shown = seen(cast, Show.LOG, at=WEEK_4)
    assert [[(cell["state"], cell["parts"]) for cell in row["cells"]] for row in told["rows"]] == [
        [(cell.state, list(cell.parts) if cell.parts else None) for cell in row.cells] for row in shown.rows
    ]


def test_a_coach_writes_to_the_cohort_from_the_board_and_is_told_who_reads_it(cast, ask):
    page, note = ask("tomas", ""), ask("tomas", "", "/coach/board/spring/notes/")

    assert '<a class="btn" href="/coach/board/spring/notes/" aria-describedby="write-w">' in page.content.decode()
    assert "Everybody in Spring and the programme’s admins can read it, among their notes. No mail goes out." in words(
        page
    )
    assert "Save: everybody in Spring and the programme’s admins can read" in words(note)
    assert "Write to the cohort" not in words(ask("ada", "", "/manage/cohorts/spring/board/"))


def test_nobody_writes_to_a_closed_cohort_from_its_board(cast, ask):
    cast.spring.closed_at = WEEK_2
    cast.spring.save()

    assert "Write to the cohort" not in words(ask("tomas", ""))
