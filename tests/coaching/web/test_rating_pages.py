"""Ratings on the pages: the grid, one client, the client file, and what the client reads."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from coaching import attending, rating
from coaching.models import Rating
from tests import keeping, roads, sittings
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import BEFORE, WEEK_1, WEEK_4

HOUR = timedelta(hours=1)
SAW = "Her update of Thursday says what finance has to decide."
GIVEN = {"upward": {"point": 4, "evidence": SAW}}
FORM = {"point-upward": "4", "evidence-upward": SAW, "point-influence": "", "evidence-influence": ""}


@pytest.fixture
def tomas(cast, now):
    now.at = WEEK_4
    return browser(cast.tomas)


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def address(cast, who="mina", moment="c4"):
    return reverse("rate", args=["spring", moment, cast.enrolment(getattr(cast, who)).pk])


def test_the_grid_says_who_is_left_and_begins_with_the_first(cast, tomas):
    rating.rate(cast.enrolment(cast.mina), "c4", given=GIVEN, by=cast.tomas, at=WEEK_4)

    page = tomas.get(reverse("ratings", args=["spring"]))

    assert "1 client to rate" in words(page)
    assert f'<a class="btn primary" href="{address(cast, "noor")}">Rate Noor' in page.content.decode()
    assert "Mina Rated – not seen – not seen – not seen 4" in words(page)


def test_a_time_that_is_over_or_to_come_is_looked_at_and_asks_nothing(cast, tomas):
    over, ahead = (tomas.get(reverse("ratings", args=["spring"]), {"time": time}) for time in ("c2", "c9"))

    assert "This time is over. What was not rated stays empty." in words(over)
    assert "Opens" in words(ahead)
    assert [page.content.decode().count("Rate <span") for page in (over, ahead)] == [0, 0]
    assert tomas.get(reverse("ratings", args=["spring"]), {"time": "c7"}).status_code == 404


def test_a_client_is_rated_without_scripts_and_the_next_one_follows(cast, tomas):
    answer = tomas.post(address(cast), FORM, follow=True)
    last = tomas.post(address(cast, "noor"), FORM, follow=True)

    assert answer.redirect_chain == [(address(cast, "noor"), 302)]
    assert "Mina is rated. What they said themselves is on their page now." in words(answer)
    assert last.redirect_chain == [(reverse("ratings", args=["spring"]), 302)]
    assert "Everybody is rated" in words(last)


def test_what_is_missing_stands_beside_its_competency_and_what_was_typed_stays(cast, tomas):
    answer = tomas.post(address(cast), FORM | {"evidence-upward": "", "evidence-influence": "She wrote to payments."})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Write one sentence of evidence: what you saw, and where." in page[page.index('id="s-upward"') :]
    assert "She wrote to payments.</textarea>" in page
    assert re.search(r'name="point-upward" value="4" checked', page)


def test_what_was_typed_for_somebody_who_was_rated_meanwhile_can_still_be_read(cast, tomas):
    roads.coach(cast.spring, cast.ines)
    rating.rate(cast.enrolment(cast.mina), "c4", given=GIVEN, by=cast.ines, at=WEEK_4)

    answer = tomas.post(address(cast), FORM | {"evidence-upward": "Something else I saw."})

    assert answer.status_code == 409
    assert "This client is rated already." in words(answer)
    assert "Something else I saw.</textarea>" in answer.content.decode()
    assert Rating.objects.get().coach == cast.ines


def test_the_rating_page_has_nothing_of_what_the_client_said(cast, tomas):
    roads.assessed(cast.mina, "a4", at=WEEK_4, point=5)

    assert "5.0" not in words(tomas.get(address(cast)))


def test_the_client_file_hides_their_own_until_yours_is_saved_and_has_the_sessions_they_came_to(cast, tomas):
    roads.assessed(cast.mina, "a4", at=WEEK_4, point=5)
    session = sittings.session(cast, 0)
    attending.take(session, {cast.enrolment(cast.mina).pk: "late"}, by=cast.tomas, at=session.starts_at)
    file = reverse("client", args=[cast.enrolment(cast.mina).pk])
    before = tomas.get(file)
    rating.rate(cast.enrolment(cast.mina), "c4", given=GIVEN, by=cast.tomas, at=WEEK_4)
    after = tomas.get(file)

    assert "their own is finished, and shows once you have saved yours" in words(before)
    assert "5.0" not in words(before)
    assert f"“{SAW}” coach 4 own 5.0" in words(after)
    assert "26 Feb Kick-off Late" in words(after)


def test_a_client_reads_what_their_coach_saw_beside_their_own(cast, tomas):
    rating.rate(cast.enrolment(cast.mina), "c4", given=GIVEN, by=cast.tomas, at=WEEK_4)
    mina, page = browser(cast.mina), reverse("assessment", args=["a4"])
    roads.rated(cast.mina, "a4", at=WEEK_4)
    before = words(mina.get(page))
    roads.assessed(cast.mina, "a4", at=WEEK_4)
    after = words(mina.get(page))

    assert SAW not in before
    assert "What your coach saw" in after
    assert f"“{SAW}” coach 4 you 3.0" in after


@pytest.mark.parametrize("clients", [1, 3, 50])
def test_the_grid_costs_the_same_however_many_are_in_it(cast, tomas, clients, django_assert_num_queries):
    for number in range(clients):
        enrolment = roads.client(cast.spring, roads.person(f"Client{number}"), at=BEFORE)
        rating.rate(enrolment, "c4", given=GIVEN, by=cast.tomas, at=WEEK_4)
    tomas.get(reverse("ratings", args=["spring"]))

    with django_assert_num_queries(11):
        tomas.get(reverse("ratings", args=["spring"]))


@pytest.mark.parametrize("held", [1, 3])
def test_a_client_file_costs_the_same_however_many_sessions_took_place(cast, tomas, held, django_assert_num_queries):
    for week in range(held):
        session = sittings.session(cast, week)
        attending.rest(session, by=cast.tomas, at=session.starts_at)
    rating.rate(cast.enrolment(cast.mina), "c4", given=GIVEN, by=cast.tomas, at=WEEK_4)
    file = reverse("client", args=[cast.enrolment(cast.mina).pk])
    tomas.get(file)

    with django_assert_num_queries(20):
        tomas.get(file)


def test_a_coach_reads_the_log_the_ledger_and_the_1_1s_a_client_keeps_for_both_and_nothing_private(cast, tomas):
    roads.logged(cast.mina, outcome="My proposal was taken.", at=WEEK_1)
    keeping.line(cast.mina, what="The pilot began on the day we had named.")
    keeping.line(cast.mina, what="Nobody but me knows why I stayed silent there.", visibility="private")
    keeping.held(cast.mina)
    enrolment = cast.enrolment(cast.mina)

    said = words(tomas.get(reverse("client", args=[enrolment.pk])))
    told = Api(cast.tomas).get(f"enrolments/{enrolment.pk}/kept/").json()
    others = [Api(who).get(f"enrolments/{enrolment.pk}/kept/").status_code for who in (cast.ines, cast.ada, cast.noor)]

    assert (
        "My proposal was taken." in said,
        "The pilot began on the day we had named." in said,
        "Nobody but me knows why I stayed silent there." in said,
    ) == (
        True,
        True,
        False,
    )
    assert "1 line for you to read" in said
    assert [one["outcome"] for one in told["meetings"]] == ["My proposal was taken."]
    assert [one["what"] for one in told["lines"]] == ["The pilot began on the day we had named."]
    assert [one["state"] for one in told["one_on_ones"]] == ["held"]
    assert others == [404, 404, 404]


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_client_file_costs_the_same_however_much_is_kept(cast, tomas, django_assert_num_queries, rows):
    for number in range(rows):
        roads.logged(cast.mina, key=f"entry {number}")
        keeping.line(cast.mina, what=f"Line {number} moved the date of the pilot.")
    file = reverse("client", args=[cast.enrolment(cast.mina).pk])
    tomas.get(file)

    with django_assert_num_queries(18):
        tomas.get(file)
