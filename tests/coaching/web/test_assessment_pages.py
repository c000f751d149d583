"""The self-assessment as a browser without scripts uses it, and what scripts are told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients.models import Assessment
from tests import roads
from tests.roads import LOOKING_BACK, WEEK_1

WEEK_4 = WEEK_1 + timedelta(weeks=3)
WEEK_8 = WEEK_1 + timedelta(weeks=7, days=2)
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def words(response):
    return " ".join(response.content.decode().split())


def test_it_begins_with_the_first_competency_and_goes_on_to_the_next(mina):
    first = mina.get(reverse("assessment", args=["a0"]))

    assert (first.context["section"].key, words(first).count('class="statement"')) == ("stakeholder", 5)
    going_on = mina.post(reverse("assessment-save", args=["a0"]), {"step": "stakeholder", "s1": "4"})
    assert going_on.headers["Location"] == "/assessment/a0/?step=influence"


def test_a_script_sends_one_answer_and_hears_how_many_there_are(mina):
    told = mina.post(reverse("assessment-save", args=["a0"]), {"i2": "0"}, headers=SCRIPT)

    assert (told.status_code, told.json()) == (200, {"answered": 1, "of": 20})


def test_finishing_too_early_keeps_what_was_typed_and_names_what_is_missing(mina):
    answer = mina.post(reverse("assessment-finish", args=["a0"]), {"r1": "yes", "easier_harder": "Asking."})

    assert answer.status_code == 422
    assert "23 statements still need an answer" in words(answer)
    assert Assessment.objects.get().remark == "Asking."


def test_a_finished_one_shows_its_means_and_no_form(mina, cast):
    roads.assessed(cast.mina, at=WEEK_1)

    page = mina.get(reverse("assessment", args=["a0"]))

    assert "This is today." in words(page)
    assert [row.shown for row in page.context["rows"]] == ["3.0"] * 4
    assert 'class="statement"' not in words(page)


def test_the_midpoint_says_that_scores_may_dip_and_asks_for_a_focus(mina, cast, now):
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=4)
    roads.assessed(cast.mina, "a4", at=WEEK_4, point=3)
    now.at = WEEK_4

    page = mina.get(reverse("assessment", args=["a4"]))

    assert "Scores may dip now" in words(page)
    assert page.context["rows"][0].words == "Stakeholder communication: from 4.0 to 3.0, down"
    kept = mina.post(reverse("focus"), {"sentence": "I speak first on Thursday.", "competency": "presence"})
    assert kept.headers["Location"] == "/week/"


def test_looking_back_is_a_page_of_its_own_after_the_final_one(mina, cast, now):
    now.at = WEEK_8
    early = mina.get(reverse("looking-back"))
    assert "Looking back comes after the final assessment." in words(early)
    roads.assessed(cast.mina, "a8", at=WEEK_8)

    missing = mina.post(reverse("look-back"), LOOKING_BACK | {"then_u": ""})
    done = mina.post(reverse("look-back"), LOOKING_BACK)

    assert (missing.status_code, done.status_code) == (422, 302)
    assert Assessment.objects.get().looking_back == LOOKING_BACK


def test_it_takes_a_fixed_number_of_queries(mina, cast, django_assert_num_queries):
    mina.get(reverse("assessment", args=["a0"]))
    with django_assert_num_queries(7):
        mina.get(reverse("assessment", args=["a0"]))
    roads.rated(cast.mina, at=WEEK_1)
    with django_assert_num_queries(7):
        mina.get(reverse("assessment", args=["a0"]))


@pytest.mark.parametrize("name", ["noor", "omar", "tomas", "ada", "lena"])
def test_nobody_else_sees_what_was_answered(cast, now, name):
    roads.assessed(cast.mina, at=WEEK_1, point=5)
    client = Client()
    client.force_login(getattr(cast, name))

    page = client.get(reverse("assessment", args=["a0"]))

    assert "5.0" not in words(page)
