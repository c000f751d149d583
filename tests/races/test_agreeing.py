"""The coaching agreement, by many at once."""

import pytest
from django.db import transaction

from clients import agreeing, agreements, joining
from clients.models import Acceptance, CoachingAgreement, Cohort, JournalEntry
from tests import roads
from tests.roads import BEFORE, WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 32


def failed(results):
    return [result for result in results if isinstance(result, Exception)]


def test_thirty_two_clicks_accept_once(crowd, at_once):
    lena = joining.enrol(crowd.spring, client=crowd.lena, by=crowd.ada, at=BEFORE)
    words = agreements.newest().sha256

    results = at_once(MANY, lambda _n: agreeing.accept(lena, sha256=words, by=crowd.lena, at=WEEK_1))

    assert failed(results) == []
    assert {result.pk for result in results} == {Acceptance.objects.get(enrolment=lena).pk}
    assert JournalEntry.objects.filter(action="accepted the agreement", actor="Lena").count() == 1


def test_versions_published_at_once_are_one_after_another(crowd, at_once):
    results = at_once(8, lambda n: agreeing.publish(f"Words of {n}.", by=crowd.ada, at=WEEK_1))

    assert failed(results) == []
    assert list(CoachingAgreement.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 10))
    assert set(Cohort.objects.values_list("agreement__number", flat=True)) == {9}


def test_a_cohort_opened_while_a_version_is_published_asks_for_the_newest(crowd, at_once):
    def act(n):
        if n % 2:
            return agreeing.publish(f"Words of {n}.", by=crowd.ada, at=WEEK_1)
        with transaction.atomic():
            return roads.cohort(f"Cohort {n}")

    results = at_once(8, act)

    assert failed(results) == []
    assert set(Cohort.objects.values_list("agreement__number", flat=True)) == {5}


def test_accepting_while_a_version_is_published_leaves_one_that_was_accepted(crowd, at_once):
    lena = joining.enrol(crowd.spring, client=crowd.lena, by=crowd.ada, at=BEFORE)
    words = agreements.newest().sha256

    def act(n):
        if n == 0:
            return agreeing.publish("Other words.", by=crowd.ada, at=WEEK_1)
        return agreeing.accept(lena, sha256=words, by=crowd.lena, at=WEEK_1)

    results = at_once(8, act)

    assert {type(one) for one in failed(results)} <= {agreeing.CannotAccept}
    lena.refresh_from_db()
    accepted = Acceptance.objects.filter(enrolment=lena)
    assert [one.agreement for one in accepted] == ([lena.agreement] if lena.agreement_id else [])
    assert agreements.state_of(lena, Cohort.objects.get(pk=lena.cohort_id)) != agreements.ACCEPTED
