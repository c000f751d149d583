"""The dates of many are read at once, and say what each row says of itself."""

from datetime import date, timedelta
from operator import attrgetter

import pytest
from django.forms.models import model_to_dict

from clients import choosing, dates, deadlines, excusing, extending, holding, moving, pausing
from clients.models import Cohort, Enrolment
from coaching import walkers
from curriculum.models import Exercise
from tests import roads
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)


def of(who) -> Enrolment:
    return deadlines.with_calendar(Enrolment.objects.all()).get(client=who)


@pytest.fixture
def moved(cast):
    """Whatever can move a date has moved one, of Mina or of the cohort of Mina and Noor; and some of another's."""
    excused = Exercise.objects.filter(edition=cast.spring.edition, key__in=("w1-t1", "w2-x1")).order_by("key")
    for enrolment in (of(cast.mina), of(cast.omar)):
        for one in excused:
            excusing.excuse(enrolment, one, reason="On leave", by=cast.ada, at=BEFORE)
    excusing.ask_again(of(cast.mina), excused[1], by=cast.ada, at=WEEK_1)
    holding.hold(of(cast.mina), by=cast.ada, at=BEFORE)
    holding.go_on(of(cast.mina), by=cast.ada, at=BEFORE + DAY)
    holding.hold(of(cast.omar), by=cast.ada, at=WEEK_1)
    moving.set_break(cast.spring, first_day=date(2026, 3, 16), by=cast.ada, at=BEFORE)
    moving.shift(cast.spring, days=2, by=cast.ada, at=BEFORE + DAY)
    pausing.pause(Cohort.objects.get(pk=cast.spring.pk), by=cast.ada, at=WEEK_1)
    pausing.resume(Cohort.objects.get(pk=cast.spring.pk), by=cast.ada, at=WEEK_1 + DAY)
    choosing.choose(cast.mina, zone="Pacific/Honolulu", at=WEEK_1)
    choosing.choose(cast.mina, zone="Asia/Tokyo", at=WEEK_1 + DAY)
    piece, at = roads.piece(cast.mina, "w1-x1"), WEEK_1 + 2 * DAY
    asked = extending.ask(piece, until=extending.days_on_offer(piece, at=at)[1], by=cast.mina, at=at)
    if asked.state == asked.State.ASKED:
        extending.answer(asked, grant=True, by=cast.tomas, at=at)
    return [of(cast.mina), of(cast.noor), of(cast.omar)]


@pytest.mark.parametrize("limit", [0, walkers.WINDOW])
def test_read_together_dates_are_what_each_row_says(moved, monkeypatch, django_assert_num_queries, limit):
    monkeypatch.setattr(walkers, "WINDOW", limit)  # so that they are named, or their cohorts are
    told = [(deadlines.schedule_of(one), one.cohort.calendar()) for one in moved]
    bare = [Enrolment.objects.select_related("client", "cohort").get(pk=one.pk) for one in moved]

    with django_assert_num_queries(1):
        walkers.read_dates(bare)
        found = [(deadlines.schedule_of(one), one.cohort.calendar()) for one in bare]

    assert found == told
    assert [len(told[0][0].named), len(told[0][0].zones), len(told[0][1].shifts)] == [2, 3, 1]


def test_what_nobody_is_asked_for_is_known_with_the_dates(moved):
    exercises = list(Exercise.objects.filter(edition=moved[0].cohort.edition))
    told = [[one.key for one in exercises if deadlines.is_excused(each, one)] for each in moved]
    bare = [Enrolment.objects.select_related("client", "cohort").get(pk=one.pk) for one in moved]

    walkers.read_dates(bare)

    assert [[one.key for one in exercises if deadlines.is_excused(each, one)] for each in bare] == told
    assert sorted(told[0]) == ["w1-t1"]
    assert told[1] == []


def test_read_in_one_statement_each_list_of_a_client_is_what_a_prefetch_gives(moved, django_assert_num_queries):
    def told(one):
        rows = [attrgetter(name.replace("__", "."))(one).all() for name in deadlines.OF_AN_ENROLMENT]
        return [[(row, model_to_dict(row), row.pk) for row in each] for each in rows]

    expected = [told(one) for one in moved]
    bare = [Enrolment.objects.select_related("client", "cohort").get(pk=one.pk) for one in moved]

    with django_assert_num_queries(len(bare)):
        for one in bare:
            dates.read(one)
        found = [told(one) for one in bare]

    assert found == expected
    assert [len(each) for each in expected[0]] == [1, 1, 1, 2, 1, 1, 2]
    with django_assert_num_queries(0):
        assert bare[0].holds.all()[0].enrolment == bare[0]
    assert bare[0].holds.filter(ended_at=None).count() == 0
