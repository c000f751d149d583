"""The page of outcomes: for admins alone, empty until somebody has come to an end, and with the numbers of the rows."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from coaching import outcomes
from coaching.outcomes import admins
from tests import harvests, roads
from tests.coaching.test_outcomes import ALL, END, points, rates
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1

DAY = timedelta(days=1)


@pytest.fixture
def ada(cast, now):
    now.at = END + DAY
    return browser(cast.ada)


def page(client, **query):
    return client.get(reverse("outcomes"), query)


def words(response):
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def cohort_of(cast, name, people, *, after=(3, 3, 3, 4)):
    """A cohort in which so many rated themselves before, 2 everywhere, and after."""
    cohort = roads.cohort(name, by=cast.ada)
    roads.coach(cohort, cast.tomas)
    for number in range(people):
        who = roads.person(f"{name}{number}")
        roads.client(cohort, who)
        rates(who, "a0", dict.fromkeys(ALL, 2), at=WEEK_1)
        rates(who, "a8", points(*after), at=END)
    return cohort


@pytest.mark.parametrize("who", ["mina", "tomas", "lena"])
def test_for_everybody_but_admins_there_is_no_such_page(cast, now, who):
    assert page(browser(getattr(cast, who))).status_code == 404


def test_before_anybody_has_finished_the_page_says_what_will_be_here_and_when(ada):
    told = words(page(ada))

    assert "No cohort has finished. Here is what will be here, and when: " in told
    assert "at the end of Autumn." in told or "at the end of Spring." in told
    assert "Where they started and where they are" in told


def test_without_any_cohort_it_promises_no_day(db, now):
    told = words(page(browser(roads.admin("Ada"))))

    assert "once one is planned and has come to its end:" in told


def test_the_page_has_the_numbers_of_the_rows(ada, cast):
    cohort_of(cast, "Summer", 5)
    found = admins.report(cast.ada, at=END + DAY)
    response = page(ada)
    told = words(response)

    assert response.context["drawn"].report == found
    assert (found.rated[3].own.mean.value, found.rated[0].own.mean.value) == (2.0, 1.0)
    assert "Upward communication moved most, stakeholder communication least" in told
    assert "Upward communication 5 2.0 (0.0)" in told
    assert "rate their upward communication 2.0 points higher" in told


def test_four_people_are_too_few_to_tell_of(ada, cast):
    cohort_of(cast, "Summer", 4)
    told = words(page(ada))

    assert "Too few to say how far they came" in told
    assert "+1.0" not in told
    assert "2.0" not in told


def test_what_cannot_be_drawn_leaves_the_rest_of_the_page(ada, monkeypatch):
    monkeypatch.setattr(admins, "report", lambda user, **how: outcomes.showing.shown(harvests.report(), least=5))
    monkeypatch.setattr("coaching.plots.hours._body", lambda took: 1 / 0)
    response = page(ada)

    assert response.status_code == 200
    assert words(response).count("This figure could not be drawn.") == 1


@pytest.mark.parametrize(
    ("broken", "figures", "name"),
    [
        ("ratings.read", 2, "ratings"),
        ("work.read", 2, "what was handed in, and feedback"),
        ("practice.of", 1, "meetings"),
        ("promotions.of", 1, "moves into management"),
        ("observed.of", 0, "texts read blind"),
    ],
)
def test_what_cannot_be_read_is_missing_alone_and_the_page_says_so(ada, cast, monkeypatch, broken, figures, name):
    cohort_of(cast, "Summer", 5)
    monkeypatch.setattr(f"coaching.outcomes.{broken}", lambda *those, **more: 1 / 0)
    response = page(ada)
    told = words(response)

    assert response.status_code == 200
    assert f"Some of this could not be read: {name}." in told
    assert told.count("The numbers of this figure could not be read.") == figures
    assert ("The ratings could not be read this time" in told) == (broken == "ratings.read")


# --- Parts ------------------------------------------------------------------------------------------------


def test_two_cohorts_of_five_can_be_looked_at_each(ada, cast):
    cohort_of(cast, "Summer", 5)
    cohort_of(cast, "Winter", 5, after=(2, 2, 2, 2))

    assert "Upward communication 5 2.0 (0.0) Nobody has answered yet Nobody has answered yet 4.0 (0.0) +2.0" in words(
        page(ada, cohort="summer")
    )
    assert "Little has moved yet" in words(page(ada, cohort="winter"))
    assert "10 rated themselves both times." in words(page(ada))


def test_a_cohort_is_shut_where_the_rest_would_be_found_by_subtraction(ada, cast):
    cohort_of(cast, "Summer", 6)
    cohort_of(cast, "Winter", 3, after=(5, 5, 5, 5))
    told = words(page(ada, cohort="summer"))

    assert "Too few to say how far they came" in told
    assert "6 enrolled, 6 started, 0 completed, 6 rated themselves both times." in told
    assert re.findall(r"[+−]\d\.\d", told) == []
    assert "Too few to say how far they came" in words(page(ada, cohort="winter"))
    assert re.findall(r"[+−]\d\.\d", words(page(ada))) != []


def test_a_coach_an_edition_and_both_are_parts_like_a_cohort(ada, cast):
    """Lena coaches Winter alone; without her cohort there are five left, and hers are five."""
    cohort_of(cast, "Summer", 5)
    winter = cohort_of(cast, "Winter", 5, after=(2, 2, 2, 2))
    roads.coach(winter, cast.lena)
    edition = str(winter.edition_id)

    for query in ({"coach": cast.lena.pk}, {"coach": cast.lena.pk, "edition": edition}, {"cohort": "winter"}):
        assert "Little has moved yet" in words(page(ada, **query))
    assert page(ada, edition=edition).context["drawn"].report.told == page(ada).context["drawn"].report.told


def test_how_many_moved_which_way_is_told_of_everybody_alone(ada, cast):
    cohort_of(cast, "Summer", 5)
    cohort_of(cast, "Winter", 5, after=(2, 2, 2, 2))
    everybody, summer = (
        page(ada, **query).context["drawn"].report.rated[3].own for query in ({}, {"cohort": "summer"})
    )

    assert (everybody.rose, everybody.same, everybody.fell) != (None, None, None)
    assert (summer.rose, summer.same, summer.fell) == (None, None, None)


@pytest.mark.parametrize("query", [{"cohort": "nowhere"}, {"coach": "x"}, {"edition": "0"}])
def test_what_there_is_not_is_nobody_and_the_way_back_is_there(ada, query):
    response = page(ada, **query)

    assert response.status_code == 200
    assert "Nobody here is like that" in words(response)
    assert "Show everybody" in words(response)


def test_a_cohort_and_a_coach_who_is_not_theirs_have_nobody_in_common(ada, cast):
    roads.coach(cohort_of(cast, "Summer", 5), cast.lena)
    told = words(page(ada, cohort="spring", coach=cast.lena.pk))

    assert "Nobody here is like that" in told
    assert "Show everybody" in told


@pytest.mark.parametrize("people", [1, 3, 8])
@pytest.mark.parametrize("query", [{}, {"cohort": "summer"}], ids=["everybody", "a part"])
def test_the_page_asks_as_often_however_many_there_are(ada, cast, people, query, django_assert_num_queries):
    cohort_of(cast, "Summer", people)
    cohort_of(cast, "Winter", 1)
    page(ada, **query)

    with django_assert_num_queries(QUERIES):
        page(ada, **query)


QUERIES = 20
