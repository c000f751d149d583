"""Snapshots handed over and taken back, by many at once."""

import pytest

from coaching import handing, handouts, sponsoring
from coaching.models import Handout
from tests import reporting, roads
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 16


@pytest.fixture
def held(crowd):
    sven, _sponsorship = roads.sponsor(crowd.spring)
    return reporting.handed(crowd, reporting.ten(crowd, sven), sven)


def done(results):
    return [result for result in results if not isinstance(result, Exception)]


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def test_it_is_handed_to_somebody_once_and_taken_back_once(crowd, held, at_once):
    back = at_once(MANY, lambda _n: handing.take_back(held, by=crowd.ada, at=WEEK_1))
    again = at_once(MANY, lambda _n: handing.hand_over(held.snapshot, sponsor=held.sponsor, by=crowd.ada, at=WEEK_1))

    assert (len(done(back)), codes(back)) == (1, {"handout.taken_back"})
    assert (len(done(again)), codes(again)) == (1, {"handout.there"})
    assert (Handout.objects.count(), Handout.objects.filter(taken_back_at=None).count()) == (2, 1)


def test_while_a_sponsorship_ends_it_is_handed_over_before_or_not_at_all(crowd, held, at_once):
    handing.take_back(held, by=crowd.ada, at=WEEK_1)
    sponsorship = held.sponsor.sponsorships.get(cohort__name="Ten")

    def act(number):
        if number:
            return handing.hand_over(held.snapshot, sponsor=held.sponsor, by=crowd.ada, at=WEEK_1)
        return sponsoring.end(sponsorship, by=crowd.ada, at=WEEK_1)

    results = at_once(2, act)

    assert codes(results) <= {"handout.not_theirs"}
    assert not handouts.to_sponsor(held.sponsor).exists()
