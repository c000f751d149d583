"""Bringing and publishing editions at once: numbers are given out once, and a draft is published whole or replaced."""

import pytest

from clients import issuing
from clients.models import JournalEntry
from curriculum.models import Edition
from tests import roads
from tests.archives import packed
from tests.issuing import draft
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 16


def codes(results):
    return [one.code for one in results if isinstance(one, Exception)]


def test_a_draft_is_published_once_however_many_do(crowd, at_once):
    made = draft(crowd.spring.edition.programme)

    results = at_once(MANY, lambda _n: issuing.publish(made, signed_by="Ada", by=crowd.ada, at=WEEK_1))

    assert codes(results) == ["edition.published"] * (MANY - 1)
    assert JournalEntry.objects.filter(action="published an edition").count() == 1


def test_a_draft_is_published_or_gives_way_to_another(crowd, at_once, tmp_path):
    made = draft(crowd.spring.edition.programme)
    sent = packed(roads.copy_of_content(tmp_path / "next", version="next"))

    def act(number):
        if number % 2:
            return issuing.bring(sent, by=crowd.ada, at=WEEK_1)
        return issuing.publish(made, signed_by="Ada", by=crowd.ada, at=WEEK_1)

    results = at_once(4, act)

    assert len(set(results[1::2])) == 1
    assert set(codes(results)) <= {"edition.published", "edition.replaced"}
    assert Edition.objects.drafts().get().weeks.count() == 10
    assert [one.weeks.count() for one in Edition.objects.published().order_by("number")[1:]] in ([], [1])
