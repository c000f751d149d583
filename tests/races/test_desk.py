"""Windows, flags and reasons seen to, thirty-two at once: exactly one effect."""

from datetime import date

import pytest

from clients.models import JournalEntry
from coaching import heeding, substituting
from coaching.models import Flag, SeenTo, Substitution
from tests import roads
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 32


def succeeded(results):
    return [result for result in results if not isinstance(result, Exception)]


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def test_a_window_is_set_once_and_called_off_once(crowd, at_once):
    days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 13)}
    people = {"away": crowd.tomas, "substitute": crowd.ines}

    made = at_once(MANY, lambda _n: substituting.set_window(crowd.spring, **people, **days, by=crowd.tomas, at=WEEK_1))
    (window,) = succeeded(made)
    over = at_once(MANY, lambda _n: substituting.call_off(window, by=crowd.tomas, at=WEEK_1))

    assert (codes(made), Substitution.objects.count()) == ({"window.there"}, 1)
    assert (len(succeeded(over)), codes(over)) == (1, {"window.over"})
    assert JournalEntry.objects.filter(action__contains="window").count() == 2


def test_a_client_is_flagged_once_seen_to_once_and_lowered_once(crowd, at_once):
    mina = crowd.enrolment(crowd.mina)
    roads.coach(crowd.spring, crowd.ines)
    coaches = [crowd.tomas, crowd.ines]

    raised = at_once(MANY, lambda n: heeding.flag(mina, reason="Quiet", by=coaches[n % 2], at=WEEK_1))
    (flag,) = succeeded(raised)
    seen = at_once(MANY, lambda n: heeding.see_to(mina, rule="flag", by=coaches[n % 2], at=WEEK_1))
    lowered = at_once(MANY, lambda n: heeding.lower(flag, by=coaches[n % 2], at=WEEK_1))

    assert (codes(raised), Flag.objects.count()) == ({"flag.there"}, 1)
    assert (len(succeeded(seen)), codes(seen), SeenTo.objects.count()) == (1, {"risk.seen_to"}, 1)
    assert (len(succeeded(lowered)), codes(lowered)) == (1, {"flag.lowered"})
