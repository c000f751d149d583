"""What stands under a coach's queue: sessions of today, new reasons to worry, ratings due."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from clients import holding, pausing
from clients.models import Enrolment
from coaching import heeding, substituting, today
from curriculum import clock
from tests import roads, sittings
from tests.roads import WEEK_1, WEEK_2, WEEK_4
from tests.sittings import FIRST

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def lively(cast, at):
    Enrolment.objects.filter(cohort=cast.spring).update(seen_at=at)


def names(people):
    return [one.name for one in people]


def test_a_session_of_today_is_there_by_the_coachs_own_day_and_not_where_the_cohort_stands_still(cast):
    session = sittings.session(cast, 1)
    morning, evening = FIRST - 8 * HOUR, FIRST + 8 * HOUR  # in Berlin the next day has begun by then

    assert [today.of(cast.tomas, at=at).sessions for at in (morning, FIRST, evening)] == [(session,), (session,), ()]
    assert today.of(cast.lena, at=morning).sessions == ()
    sittings.cancelled(cast, 2)
    assert today.of(cast.tomas, at=FIRST + 7 * DAY).sessions == ()
    pausing.pause(cast.spring, by=cast.ada, at=morning)
    assert today.of(cast.tomas, at=morning).sessions == ()


def test_a_reason_is_new_for_a_week_and_gone_when_somebody_has_seen_to_it(cast):
    lively(cast, WEEK_1)
    heeding.flag(cast.enrolment(cast.mina), reason="CANARY", by=cast.tomas, at=WEEK_1)
    days = {}
    for at in (WEEK_1 + HOUR, WEEK_1 + 7 * DAY):
        lively(cast, at)
        found = today.of(cast.tomas, at=at)
        days[at] = names(found.fresh), names(found.people)
    heeding.see_to(cast.enrolment(cast.mina), rule="flag", by=cast.tomas, at=WEEK_1 + 7 * DAY)

    assert days == {WEEK_1 + HOUR: (["Mina"], ["Mina"]), WEEK_1 + 7 * DAY: ([], ["Mina"])}
    assert today.of(cast.tomas, at=WEEK_1 + 7 * DAY).people == ()


def test_ratings_are_due_for_everybody_who_walks_and_is_not_rated(cast):
    holding.hold(cast.enrolment(cast.noor), by=cast.tomas, at=WEEK_1)

    before, open_now = today.of(cast.tomas, at=WEEK_1).due, today.of(cast.tomas, at=WEEK_2).due

    assert [(one.cohort, one.time.week, one.count) for one in open_now] == [(cast.spring, 2, 1)]
    assert before == ()


# --- At the page --------------------------------------------------------------------------------------


@pytest.fixture
def ask(cast, monkeypatch):
    def get(who, path="/coach/today/", at=WEEK_2, **headers):
        monkeypatch.setattr(clock, "now", lambda: at)
        browser = Client()
        browser.force_login(getattr(cast, who))
        return browser.get(path, headers=headers)

    return get


def test_the_queue_links_to_it_and_asks_for_it_once_it_is_there_itself(cast, ask):
    lively(cast, WEEK_2)
    heeding.flag(cast.enrolment(cast.mina), reason="CANARY", by=cast.tomas, at=WEEK_1 + DAY)
    queue = ask("tomas", "/coach/queue/").content.decode()
    alone, part = ask("tomas").content.decode(), ask("tomas", **{"HX-Request": "true"}).content.decode()

    assert 'hx-get="/coach/today/" hx-trigger="load"' in queue
    assert '<a href="/coach/today/">Sessions today, who needs you, ratings due</a>' in queue
    link = f'href="/coach/risk/#c-{cast.enrolment(cast.mina).pk}">Mina</a>'
    assert [link in page for page in (alone, part, queue)] == [True, True, False]
    assert ["<html" in page for page in (alone, part)] == [True, False]
    assert "CANARY" not in alone + part
    assert part.strip().startswith("<section") and 'id="today"' in part


def test_whoever_coaches_nobody_finds_nothing_there(ask):
    assert [ask(who).status_code for who in ("tomas", "mina", "ada", "omar")] == [200, 404, 404, 404]


@pytest.mark.parametrize(("people", "cohorts"), [(1, 1), (3, 1), (50, 1), (1, 3)])
def test_it_costs_the_same_for_one_client_and_for_fifty_and_for_three_cohorts(
    cast, ask, django_assert_num_queries, people, cohorts
):
    cast.sol = roads.person("Sol")
    for number in range(cohorts):
        cohort = roads.cohort(f"Of {people}, {number}")
        roads.coach(cohort, cast.sol)
        for one in range(people):
            roads.client(cohort, roads.person(f"Client{number}x{one:02}"))
    browser, inside = Client(), {"HX-Request": "true"}
    ask("sol", **inside)  # sets the clock; what an edition asks for is looked up once in a process
    browser.force_login(cast.sol)

    with django_assert_num_queries(16):
        browser.get("/coach/today/", headers=inside)


# --- Beside the rows of the queue -----------------------------------------------------------------------


def told(page):
    """Enrolment → what is put into its rows."""
    found = re.findall(r'hx-swap-oob="innerHTML:\.why-(\d+)">(.*?)</a></span>', page.content.decode(), re.S)
    return {int(number): re.sub(r"<[^>]+>", " ", words).split(None) for number, words in found}


def test_every_reason_stands_in_the_rows_of_the_queue_once_it_is_there(cast, ask):
    roads.handed_in(cast.mina)
    roads.handed_in(cast.noor)
    mina, noor = cast.enrolment(cast.mina), cast.enrolment(cast.noor)
    heeding.flag(mina, reason="CANARY", by=cast.tomas, at=WEEK_2)
    late = WEEK_4
    queue = ask("tomas", "/coach/queue/", at=late).content.decode()
    (place,) = re.findall(r'hx-get="(/coach/queue/reasons/[^"]+)" hx-trigger="load" hx-swap="none"', queue)

    assert sorted(place.partition("?of=")[2].split(",")) == sorted([str(mina.pk), str(noor.pk)])
    assert all(f'<div class="why-{one.pk}">' in queue for one in (mina, noor))
    page = ask("tomas", place, at=late)
    assert {number: " ".join(said) for number, said in told(page).items()} == {
        mina.pk: "Two weeks overdue in a row, Nothing opened for ten days, A coach’s own flag",
        noor.pk: "Two weeks overdue in a row, Nothing opened for ten days",
    }
    assert "CANARY" not in page.content.decode()


def test_nobody_is_told_why_of_somebody_elses_client_or_of_one_they_stand_in_for(cast, ask):
    mina, omar = cast.enrolment(cast.mina), cast.enrolment(cast.omar)
    heeding.flag(mina, reason="CANARY", by=cast.tomas, at=WEEK_1)
    place = f"/coach/queue/reasons/?of={mina.pk},{omar.pk}"
    days = {"first_day": WEEK_2.date(), "last_day": WEEK_2.date() + DAY}
    substituting.set_window(cast.spring, away=cast.tomas, substitute=cast.ines, **days, by=cast.tomas, at=WEEK_1)

    assert mina.pk in told(ask("tomas", place)) and omar.pk not in told(ask("tomas", place))
    assert mina.pk not in told(ask("ines", place))
    assert [ask(who, place).status_code for who in ("mina", "ada", "omar")] == [404, 404, 404]
    assert [ask("tomas", f"/coach/queue/reasons/?of={said}").status_code for said in ("x", "1,", "-1")] == [404] * 3


@pytest.mark.parametrize(("people", "cohorts"), [(1, 1), (3, 1), (50, 1), (1, 3)])
def test_the_reasons_cost_the_same_for_one_client_and_for_fifty(cast, ask, django_assert_num_queries, people, cohorts):
    cast.sol = roads.person("Sol")
    numbers = []
    for number in range(cohorts):
        cohort = roads.cohort(f"Of {people}, {number}")
        roads.coach(cohort, cast.sol)
        numbers += [roads.client(cohort, roads.person(f"Client{number}x{one:02}")).pk for one in range(people)]
    place = f"/coach/queue/reasons/?of={','.join(map(str, numbers))}"
    ask("sol", place)
    browser = Client()
    browser.force_login(cast.sol)

    with django_assert_num_queries(11):
        browser.get(place)
