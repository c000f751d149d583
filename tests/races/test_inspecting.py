"""Opening a record at once is opening it once; what is read while it is closed is read before, or not at all."""

from datetime import timedelta

import pytest

from clients.models import JournalEntry, Notice
from coaching import inspecting
from coaching.models import Inspection, InspectionRead
from tests import roads
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY, MINUTE = 16, timedelta(minutes=1)
WHY = "She asked us to look at what was said of her rewrite."


def codes(results):
    return [one.code for one in results if isinstance(one, Exception)]


def begun(crowd):
    return inspecting.begin(crowd.enrolment(crowd.mina), about="work", reason=WHY, by=crowd.ada, at=WEEK_1)


def test_a_record_is_opened_once_and_its_client_told_once(crowd, at_once):
    results = at_once(MANY, lambda _n: begun(crowd))

    assert codes(results) == ["inspection.there"] * (MANY - 1)
    assert Inspection.objects.count() == 1
    assert Notice.objects.filter(person=crowd.mina, kind="inspection").count() == 1


def test_whatever_is_read_while_it_is_closed_stands_on_record(crowd, at_once):
    roads.handed_in(crowd.mina)
    found, number = begun(crowd), roads.piece(crowd.mina).pk

    def act(turn):
        if turn == 0:
            return inspecting.end(found, by=crowd.ada, at=WEEK_1 + MINUTE)
        return inspecting.read(found, number, by=crowd.ada, at=WEEK_1 + MINUTE - timedelta(seconds=1))

    results = at_once(MANY, act)

    read = [one for one in results[1:] if not isinstance(one, Exception)]
    assert set(codes(results)) <= {"inspection.over"}
    assert InspectionRead.objects.count() == len(read)
    assert JournalEntry.objects.filter(action="read for a reason").count() == len(read)
