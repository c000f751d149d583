"""Lessons in their order, and the calendar."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import pausing, practising
from curriculum.models import Lesson
from tests import roads
from tests.doors.asking import Api, no
from tests.roads import BEFORE, WEEK_1, WEEK_2

DAY = timedelta(days=1)


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def turns(response):
    """The addresses of the lessons before and after."""
    html = response.content.decode()
    found = {name: re.search(rf'rel="{name}"[^>]*href="([^"]+)"', html) for name in ("prev", "next")}
    return {name: match and match[1] for name, match in found.items()}


def slugs(number):
    return list(
        Lesson.objects.filter(week__number=number).order_by("week__edition", "position").values_list("slug", flat=True)
    )


# --- Lessons --------------------------------------------------------------------------------------------


def test_a_lesson_says_where_it_stands(mina):
    response = page(mina, "lesson", 1, slugs(1)[1])

    assert "Week 1 · Lesson 2 of 4 · 8 min" in words(response)


def test_lessons_follow_one_another_across_the_weeks_that_are_open(mina, now):
    now.at = WEEK_2
    first, last = slugs(1)[0], slugs(1)[3]

    at_the_start, in_between = page(mina, "lesson", 1, first), page(mina, "lesson", 1, last)

    assert turns(at_the_start) == {"prev": None, "next": f"/week/1/lesson/{slugs(1)[1]}/"}
    assert turns(in_between) == {
        "prev": f"/week/1/lesson/{slugs(1)[2]}/",
        "next": f"/week/2/lesson/{slugs(2)[0]}/",
    }
    assert "Week 2: Precision lives in the claim" in words(in_between)


def test_the_last_open_lesson_leads_back_to_its_week(mina):
    response = page(mina, "lesson", 1, slugs(1)[3])

    assert turns(response)["next"] is None
    assert "Back to week 1" in words(response)


def test_the_arrows_turn_the_pages(mina):
    html = page(mina, "lesson", 1, slugs(1)[1]).content.decode()

    assert re.search(r'data-key="ArrowLeft" href="/week/1/lesson/[^"]+"', html)
    assert re.search(r'data-key="ArrowRight" href="/week/1/lesson/[^"]+"', html)


def test_a_lesson_that_is_not_there_shows_those_that_are(cast, mina):
    lesson = Lesson.objects.select_related("week").get(edition=cast.spring.edition, slug=slugs(1)[0])
    practising.mark_read(cast.enrolment(cast.mina), lesson, read=True, by=cast.mina, at=WEEK_1)

    response = page(mina, "lesson", 1, "nothing-of-the-kind")

    assert response.status_code == 404
    assert "This lesson is not in your programme" in words(response)
    assert [week.number for week, _rows in response.context["weeks"]] == [1]
    assert f"{lesson.title} Read" in words(response)


def test_before_any_week_is_open_there_is_no_lesson_to_show(mina, now):
    now.at = BEFORE

    assert "None of its weeks is open yet." in words(page(mina, "lesson", 1, "nothing"))


@pytest.mark.parametrize("week", [1, 8])
def test_a_lesson_costs_the_same_however_many_are_open(mina, now, week, django_assert_num_queries):
    now.at = WEEK_1 + (week - 1) * 7 * DAY
    page(mina, "lesson", 1, slugs(1)[0])
    slug = slugs(1)[0]

    with django_assert_num_queries(8):
        page(mina, "lesson", 1, slug)


# --- The calendar ---------------------------------------------------------------------------------------


def test_the_calendar_names_both_clocks_and_leads_to_what_its_dates_are_about(mina):
    response = page(mina, "calendar")

    assert "All times are Chicago time (UTC−6), your own. The cohort walks by Berlin time" in words(response)
    assert "Week 2 opens: Translated, not dumbed down Monday 02:00 (Monday 08:00 Berlin time)" in words(response)
    assert 'class="t" href="/week/2/">Week 2 opens' in response.content.decode()
    assert 'class="t" href="/assessment/a4/">Midpoint review opens' in response.content.decode()


def test_with_one_clock_no_other_is_named(cast, now):
    omar = Client()
    omar.force_login(cast.omar)

    response = words(page(omar, "calendar"))

    assert "All times are Berlin time (UTC+1)." in response
    assert "Week 2 opens: Translated, not dumbed down Monday 08:00 " in response
    assert "(Monday" not in response


def test_what_is_past_is_folded_away(mina):
    response = page(mina, "calendar")

    earlier = [line.date.title for day in response.context["earlier"] for line in day.lines]
    assert earlier == ["Week 0 opens: Before we start", "Week 0 is due", "Week 1 opens: The game changed"]
    assert "3 earlier days" in words(response)


def test_once_everything_is_past_the_calendar_says_so(mina, now):
    now.at = WEEK_1 + 90 * DAY

    assert "Every date of your programme is past." in words(page(mina, "calendar"))


def test_today_is_marked(mina, now):
    now.at = WEEK_1 + 5 * DAY  # Monday of week 2

    html = page(mina, "calendar").content.decode()

    assert html.count('aria-current="date"') == 1
    assert re.search(r'aria-current="date">.*?Week 2 opens', html, re.S)


def test_a_pause_stands_in_the_calendar(cast, mina, now):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    now.at = WEEK_1 + DAY

    response = words(page(mina, "calendar")).replace(" .", ".")

    assert "Your cohort is paused." in response
    assert (
        "The cohort stands still Wednesday 04:00 (Wednesday 11:00 Berlin time). Every date after it moves" in response
    )


def test_the_calendar_of_a_named_cohort_stays_in_it(cast, mina):
    roads.client(cast.autumn, cast.mina, at=WEEK_1)

    assert 'href="/week/2/?cohort=spring"' in page(mina, "calendar", cohort="spring").content.decode()
    assert page(mina, "calendar", cohort="nowhere").status_code == 404


# --- The same over the API --------------------------------------------------------------------------------


def test_the_api_has_the_same_dates_with_both_clocks(cast, now):
    found = Api(cast.mina).get("calendar/").json()

    assert (found["cohort"]["slug"], found["zone"], found["cohort_zone"]) == (
        "spring", "America/Chicago", "Europe/Berlin",
    )  # fmt: skip
    assert found["dates"][3] == {
        "kind": "due",
        "at": "2026-03-09T04:59:59Z",
        "wall": "2026-03-08T23:59:59",
        "cohort_wall": "2026-03-09T05:59:59",
        "week": 1,
        "title": "Week 1 is due",
        "until": None,
        "state": None,
    }


@pytest.mark.parametrize("who", ["tomas", "ada", "lena"])
def test_who_is_in_no_cohort_has_no_calendar(cast, now, who):
    assert no(Api(getattr(cast, who)).get("calendar/")) == (404, "not_found")


def test_nobody_has_the_calendar_of_a_cohort_of_others(cast, now):
    assert no(Api(cast.mina).get("calendar/", cohort=cast.autumn.pk)) == (404, "not_found")
