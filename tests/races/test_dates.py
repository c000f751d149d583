"""More time asked for and answered, holds and excusals, thirty-two at once: exactly one effect."""

from datetime import date, timedelta

import pytest

from clients import excusing, extending, holding, moving
from clients.models import BreakWeek, Excusal, Extension, Hold, JournalEntry, Message
from coaching import deciding
from tests import roads
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 32


def succeeded(results):
    return [result for result in results if not isinstance(result, Exception)]


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def test_time_that_comes_by_itself_is_taken_once(crowd, at_once):
    piece = roads.piece(crowd.mina)

    results = at_once(MANY, lambda _n: extending.ask(piece, until=date(2026, 3, 11), by=crowd.mina, at=WEEK_1))

    assert (len(succeeded(results)), codes(results)) == (1, {"extension.there"})
    assert list(Extension.objects.values_list("state", "by_itself")) == [("granted", 1)]
    assert JournalEntry.objects.filter(action="took more time").count() == 1


def test_two_pieces_at_once_never_take_more_than_two_turns(crowd, at_once):
    pieces = [roads.piece(crowd.mina, key) for key in ("w1-x1", "w1-x2", "w1-t1")]

    at_once(MANY, lambda n: extending.ask(pieces[n % 3], until=date(2026, 3, 10), by=crowd.mina, at=WEEK_1))

    assert sorted(Extension.objects.values_list("state", "by_itself"), key=str) == [
        ("asked", None),
        ("granted", 1),
        ("granted", 2),
    ]


def test_more_time_is_asked_of_the_coach_once(crowd, at_once):
    piece = roads.piece(crowd.mina)

    results = at_once(MANY, lambda _n: extending.ask(piece, until=date(2026, 3, 15), by=crowd.mina, at=WEEK_1))

    assert (len(succeeded(results)), codes(results)) == (1, {"extension.asked"})
    assert (Extension.objects.count(), Message.objects.filter(kind="extension").count()) == (1, 1)


def test_yes_and_no_at_once_are_one_answer(crowd, at_once):
    asked = extending.ask(roads.piece(crowd.mina), until=date(2026, 3, 15), by=crowd.mina, at=WEEK_1)

    results = at_once(MANY, lambda n: deciding.decide(asked, grant=bool(n % 2), by=crowd.tomas, at=WEEK_1))

    (decided,) = succeeded(results)
    assert codes(results) == {"extension.answered"}
    assert Extension.objects.get().state == decided.state
    assert JournalEntry.objects.filter(action__in=["granted more time", "declined more time"]).count() == 1


def test_a_client_is_put_on_hold_once_and_goes_on_once(crowd, at_once):
    mine = crowd.enrolment(crowd.mina)

    held = at_once(MANY, lambda _n: holding.hold(mine, by=crowd.tomas, at=WEEK_1))
    gone_on = at_once(MANY, lambda _n: holding.go_on(mine, by=crowd.tomas, at=WEEK_1 + timedelta(days=1)))

    assert (len(succeeded(held)), codes(held)) == (1, {"hold.there"})
    assert (len(succeeded(gone_on)), codes(gone_on)) == (1, {"hold.not_there"})
    assert Hold.objects.count() == 1


def test_one_exercise_is_excused_once(crowd, at_once):
    mine, exercise = crowd.enrolment(crowd.mina), roads.piece(crowd.mina).exercise

    results = at_once(MANY, lambda _n: excusing.excuse(mine, exercise, reason="On leave", by=crowd.tomas, at=WEEK_1))

    assert (len(succeeded(results)), codes(results)) == (1, {"excusal.there"})
    assert Excusal.objects.count() == 1


def test_a_week_off_is_set_once_and_taken_back_once(crowd, at_once):
    off = date(2026, 3, 16)

    made = at_once(8, lambda _n: moving.set_break(crowd.spring, first_day=off, by=crowd.ada, at=WEEK_1))
    (week_off,) = succeeded(made)
    dropped = at_once(8, lambda _n: moving.drop_break(week_off, by=crowd.ada, at=WEEK_1))

    assert (codes(made), codes(dropped)) == ({"break.there"}, {"break.gone"})
    assert (len(succeeded(dropped)), BreakWeek.objects.count()) == (1, 0)
