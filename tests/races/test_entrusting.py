"""Proposing and confirming at once: one proposal, one new admin."""

import pytest

from clients import entrusting
from clients.models import AdminProposal, JournalEntry
from tests import roads
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 16


def codes(results):
    return [one.code for one in results if isinstance(one, Exception)]


def test_somebody_is_proposed_once_however_many_do(crowd, at_once):
    admins = [crowd.ada, roads.admin("Bea")]

    results = at_once(MANY, lambda n: entrusting.propose(crowd.lena, reason="Runs it", by=admins[n % 2], at=WEEK_1))

    assert codes(results) == ["admin.proposed"] * (MANY - 1)
    assert AdminProposal.objects.count() == 1


def test_it_is_confirmed_or_taken_back_once(crowd, at_once):
    bea = roads.admin("Bea")
    made = entrusting.propose(crowd.lena, reason="Runs it", by=crowd.ada, at=WEEK_1)

    def act(number):
        return (entrusting.confirm if number % 2 else entrusting.withdraw)(made, by=bea, at=WEEK_1)

    assert codes(at_once(MANY, act)) == ["admin.decided"] * (MANY - 1)
    said = JournalEntry.objects.filter(subject=f"user:{crowd.lena.pk}")
    assert said.filter(action__in=["became admin", "took back a proposal"]).count() == 1
