"""A coach's clients in a list: where the week stands, what comes next, and who needs them."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from clients import holding, joining, pausing
from clients.models import Cohort, Enrolment
from coaching import board, clientele, heeding, substituting
from coaching.clientele import Next
from curriculum import clock
from tests import roads, sittings
from tests.doors.asking import Api
from tests.roads import BEFORE, WEEK_1, WEEK_2
from tests.sittings import FIRST

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_0 = datetime(2026, 2, 25, 10, tzinfo=UTC)
DUE_0 = datetime(2026, 3, 2, 5, 59, 59, tzinfo=UTC)  # Sunday 23:59:59 in Chicago, where Mina lives
DUE_1 = datetime(2026, 3, 9, 4, 59, 59, tzinfo=UTC)  # the same a week later; the clocks have changed there
DUE_2 = DUE_1 + 7 * DAY


def rows(coach, at):
    return {row.name: row for row in clientele.of(coach, at=at).rows}


def mina(cast, at):
    return rows(cast.tomas, at)["Mina"]


# --- Who ----------------------------------------------------------------------------------------------


def test_one_finds_the_clients_of_the_cohorts_one_coaches_by_name_and_nobody_elses(cast):
    found = {who: list(rows(getattr(cast, who), WEEK_1)) for who in ("tomas", "ines", "ada", "lena", "mina")}

    assert found == {"tomas": ["Mina", "Noor"], "ines": ["Omar"], "ada": [], "lena": [], "mina": []}


def test_several_cohorts_are_one_list_and_a_closed_one_is_not_in_it(cast):
    roads.coach(cast.autumn, cast.tomas)
    both = clientele.of(cast.tomas, at=WEEK_1)
    Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_1)
    rest = clientele.of(cast.tomas, at=WEEK_1)

    assert [(row.name, row.cohort) for row in both.rows] == [
        ("Mina", cast.spring),
        ("Noor", cast.spring),
        ("Omar", cast.autumn),
    ]
    assert [[row.name for row in rest.rows], both.has_closed, rest.has_closed] == [["Omar"], False, True]


def test_who_has_left_is_not_there_and_nobody_finds_themselves(cast):
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=BEFORE)
    roads.client(cast.spring, cast.tomas)
    roads.coach(cast.spring, cast.ines)

    assert list(rows(cast.tomas, WEEK_1)) == ["Mina"]
    assert list(rows(cast.ines, WEEK_1)) == ["Mina", "Omar", "Tomas"]


def test_whoever_stands_in_finds_their_own_clients_alone(cast):
    days = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 8)}
    substituting.set_window(cast.spring, away=cast.tomas, substitute=cast.ines, **days, by=cast.tomas, at=BEFORE)

    assert list(rows(cast.ines, WEEK_1)) == ["Omar"]


# --- Where the week stands ----------------------------------------------------------------------------


@pytest.mark.parametrize("at", [WEEK_0, WEEK_1 + HOUR, WEEK_2 + HOUR])
def test_the_week_stands_where_the_board_has_it(cast, at):
    roads.logged(cast.mina, at=WEEK_0, date="2026-02-24")
    roads.rated(cast.noor, "a0", at=WEEK_0)
    if at > WEEK_1:
        roads.handed_in(cast.mina)
        roads.drafted(cast.noor)
    shown = board.board(cast.spring, at=at, levels=True)
    place = [column.number for column in shown.columns].index(shown.week)

    found = clientele.of(cast.tomas, at=at).rows

    assert {row.enrolment: row.cell for row in found} == {row.enrolment: row.cells[place] for row in shown.rows}
    assert {row.week for row in found} == {shown.week}


def test_before_the_first_week_nothing_stands_anywhere_and_the_baseline_comes_next(cast):
    found = mina(cast, BEFORE)

    assert (found.week, found.cell, found.next) == (None, None, Next(DUE_0, 0))


# --- What comes next ----------------------------------------------------------------------------------


def test_what_is_not_in_is_due_next_by_the_clients_own_clock(cast):
    before = mina(cast, WEEK_1).next
    roads.handed_in(cast.mina)

    assert (before, mina(cast, WEEK_1 + HOUR).next) == (Next(DUE_1, 1), Next(DUE_2, 2))


def test_a_live_session_comes_next_where_it_is_nearer_and_not_when_it_is_cancelled(cast):
    session = sittings.session(cast, 1)
    near, after = mina(cast, WEEK_1).next, mina(cast, FIRST).next
    sittings.cancelled(cast, 1, at=WEEK_1)

    assert near == Next(FIRST, 1, session.title)
    assert [after, mina(cast, WEEK_1).next] == [Next(DUE_1, 1), Next(DUE_1, 1)]


def test_nothing_comes_next_for_who_is_on_hold_or_through_or_in_a_cohort_that_stands_still(cast):
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1)
    held = mina(cast, WEEK_1 + HOUR)
    Enrolment.objects.filter(client=cast.noor).update(state="completed", left_at=WEEK_1)
    through = rows(cast.tomas, WEEK_1 + HOUR)["Noor"]
    roads.coach(cast.autumn, cast.tomas)
    pausing.pause(cast.autumn, by=cast.ada, at=WEEK_1)
    paused = rows(cast.tomas, WEEK_1 + HOUR)["Omar"]

    assert [one.next for one in (held, through, paused)] == [None, None, None]
    assert [(one.on_hold_since, one.is_through, one.cohort.is_paused) for one in (held, through, paused)] == [
        (WEEK_1, False, False),
        (None, True, False),
        (None, False, True),
    ]


# --- At the page --------------------------------------------------------------------------------------


@pytest.fixture
def ask(cast, monkeypatch):
    def get(who, at=WEEK_1 + 3 * HOUR):
        monkeypatch.setattr(clock, "now", lambda: at)
        browser = Client()
        browser.force_login(getattr(cast, who))
        return browser.get("/coach/clients/")

    return get


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_page_says_in_words_where_each_stands_and_what_comes_next(cast, ask):
    roads.answered(cast.mina, cast.tomas)
    piece = roads.handed_in(cast.noor).submission
    page = ask("tomas").content.decode()

    said = words(page)
    assert "2 clients walk with you" in said
    assert "Mina Spring Week 1: Reviewed, mean 3.0, translation open Next: week 2 is due" in said
    assert "Noor Spring Week 1: Review 69 h left, translation open Next: week 2 is due" in said
    assert f'<a href="/coach/review/{piece.pk}/">Review 69 h left, translation open</a>' in page
    for who in (cast.mina, cast.noor):
        pk = cast.enrolment(who).pk
        assert f'<a href="/coach/clients/{pk}/">{who}</a>' in page
        assert f'href="/coach/clients/{pk}/conversation/"' in page
        assert f"Write to {who}" in said


def test_a_reason_to_worry_leads_to_its_place_among_those_at_risk_until_somebody_has_seen_to_it(cast, ask):
    Enrolment.objects.filter(cohort=cast.spring).update(seen_at=WEEK_1)
    pk = cast.enrolment(cast.mina).pk
    heeding.flag(cast.enrolment(cast.mina), reason="CANARY", by=cast.tomas, at=WEEK_1)
    there = ask("tomas").content.decode()
    heeding.see_to(cast.enrolment(cast.mina), rule="flag", by=cast.tomas, at=WEEK_1 + HOUR)
    seen = ask("tomas").content.decode()

    links = [re.findall(r'<a class="risk-why" href="([^"]+)">', page) for page in (there, seen)]
    assert links == [[f"/coach/risk/#c-{pk}"], []]
    assert ("A coach’s own flag" in words(there), "CANARY" in there) == (True, False)


def test_a_name_in_the_list_is_never_markup(cast, ask):
    roads.client(cast.spring, roads.person("<b>Eve</b>"))

    page = ask("tomas").content.decode()

    assert ("<b>Eve</b>" in page, "&lt;b&gt;Eve&lt;/b&gt;" in page) == (False, True)


def test_the_list_is_a_place_of_coaches_and_says_when_it_is_empty(cast, ask):
    cast.sol = roads.person("Sol")
    roads.coach(roads.cohort("Empty"), cast.sol)
    empty = ask("sol")

    assert [ask(who).status_code for who in ("tomas", "mina", "ada", "omar", "lena")] == [200, 404, 404, 404, 404]
    assert "Nobody walks with you yet" in words(empty.content.decode())
    places = re.findall(r'<a href="([^"]+)"( aria-current="page")?', empty.content.decode().split('class="nav"')[1])
    assert places[:5] == [
        ("/coach/queue/", ""),
        ("/coach/board/", ""),
        ("/coach/clients/", ' aria-current="page"'),
        ("/coach/sessions/", ""),
        ("/coach/risk/", ""),
    ]


# --- At the other door --------------------------------------------------------------------------------


def test_a_program_finds_the_same_clients_and_where_they_stand(cast, ask):
    heeding.flag(cast.enrolment(cast.mina), reason="She is alone with it.", by=cast.tomas, at=WEEK_1)
    roads.handed_in(cast.noor)
    ask("tomas")  # sets the clock
    shown = clientele.of(cast.tomas, at=WEEK_1 + 3 * HOUR).rows

    told = Api(cast.tomas).get("clients/").json()

    assert [(one["enrolment"], one["name"], one["cohort"]["slug"]) for one in told] == [
        (row.enrolment, row.name, "spring") for row in shown
    ]
    assert [(one["week"], one["cell"]["state"], one["cell"]["submission"]) for one in told] == [
        (row.week, row.cell.state, row.cell.submission) for row in shown
    ]
    assert [(one["next"]["week"], one["next"]["at"]) for one in told] == [
        (row.next.week, row.next.at.strftime("%Y-%m-%dT%H:%M:%SZ")) for row in shown
    ]
    assert [[risk["rule"] for risk in one["risks"]] for one in told] == [
        [one.rule for one in row.risks] for row in shown
    ]


def test_a_program_without_clients_is_told_the_same_as_the_page(cast, ask):
    cast.sol = roads.person("Sol")
    roads.coach(roads.cohort("Empty"), cast.sol)
    everybody = ("tomas", "sol", "mina", "ada", "omar", "lena")
    pages = [ask(who).status_code for who in everybody]

    assert [Api(getattr(cast, who)).get("clients/").status_code for who in everybody] == pages
    assert Api(cast.sol).get("clients/").json() == []


@pytest.mark.parametrize(("at", "queries"), [(WEEK_0, 18), (WEEK_2, 16)])
@pytest.mark.parametrize(("people", "cohorts"), [(1, 1), (3, 1), (50, 1), (1, 3)])
def test_it_costs_the_same_for_one_client_and_for_fifty_and_for_three_cohorts(
    cast, ask, django_assert_num_queries, people, cohorts, at, queries
):
    cast.sol = roads.person("Sol")
    for number in range(cohorts):
        cohort = roads.cohort(f"Of {people}, {number}")
        roads.coach(cohort, cast.sol)
        for one in range(people):
            roads.client(cohort, roads.person(f"Client{number}x{one:02}"))
    ask("sol", at=at)  # sets the clock; what an edition asks for is looked up once in a process
    browser = Client()
    browser.force_login(cast.sol)

    with django_assert_num_queries(queries):
        page = browser.get("/coach/clients/").content.decode()

    assert len(re.findall(r'href="/coach/clients/\d+/conversation/"', page)) == people * cohorts
