"""Which editions there are, who walks them, and what changed between two."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Cohort
from coaching import taught
from curriculum import editions, importing
from tests import roads
from tests.coaching.web.visiting import browser


@pytest.fixture
def before(cast, tmp_path):
    """An edition of before, with the first three weeks, and a cohort that walks it."""
    found = roads.edition_of_before(tmp_path, at=roads.WEEK_1)
    Cohort.objects.filter(pk=cast.autumn.pk).update(edition=found)
    return found


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_every_edition_is_there_with_who_walks_it_and_the_one_before_it(cast, before):
    now = cast.spring.edition

    rows = taught.rows(cast.ada)

    assert [(one.edition, one.before, [str(each) for each in one.cohorts]) for one in rows] == [
        (before, now, ["Autumn"]),
        (now, None, ["Spring"]),
    ]


def test_what_changed_is_what_comparing_says_by_its_class(cast, before):
    found = taught.difference(before, cast.spring.edition)

    every = [*found.breaking, *found.additive, *found.cosmetic]
    assert sorted(map(str, every)) == sorted(map(str, editions.compare(before, cast.spring.edition)))
    assert {one.kind for one in found.breaking} == {"breaking"}
    assert taught.difference(before, before).is_none


def test_a_draft_is_read_anew_each_time(cast, tmp_path):
    draft = importing.import_edition(roads.copy_of_content(tmp_path / "draft", version="9"))
    draft.exercises.filter(key="w1-x1").update(title="The five answers")

    found = taught.difference(cast.spring.edition, draft)

    assert [one.place for one in found.cosmetic if "reworded" in one.what] == ["exercise w1-x1"]
    draft.exercises.filter(key="w1-x1").update(title="The four answers")
    assert not [one for one in taught.difference(cast.spring.edition, draft).cosmetic if one.place == "exercise w1-x1"]


def test_the_pages_say_so_to_admins_and_to_nobody_else(cast, before):
    pages = [reverse("editions"), reverse("editions-compared", args=[before.pk, cast.spring.edition_id])]

    assert "Autumn" in words(browser(cast.ada).get(pages[0]))
    shown = words(browser(cast.ada).get(pages[1]))
    assert "On the older one: Autumn" in shown
    assert "Additive" in shown
    for who in (cast.tomas, cast.mina, cast.lena):
        assert [browser(who).get(page).status_code for page in pages] == [404, 404]
    assert list(taught.visible_to(cast.tomas)) == []


@pytest.mark.parametrize("cohorts", [1, 3])
def test_the_list_takes_as_many_queries_for_one_cohort_as_for_three(cast, cohorts):
    for number in range(cohorts):
        roads.cohort(f"More {number}", by=cast.ada)
    ada = browser(cast.ada)
    ada.get(reverse("editions"))

    with CaptureQueriesContext(connection) as queries:
        ada.get(reverse("editions"))

    assert len(queries) == 9
