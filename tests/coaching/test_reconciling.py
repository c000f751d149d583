"""What is planned beside what the rules say: nothing differs, and what does is mended and counted."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from clients import choosing, extending, joining, pausing, practising, submitting
from clients.models import Engine
from coaching import firing, looking, reconciling
from coaching.models import Milestone
from tests import roads
from tests.reliability.answers import answer
from tests.roads import BEFORE, WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_4 = WEEK_1 + 21 * DAY


def test_in_steady_state_nothing_differs(cast):
    roads.handed_in(cast.mina)
    choosing.choose(cast.noor, zone="Asia/Tokyo", at=WEEK_1)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 3 * DAY)
    joining.enrol(cast.spring, client=cast.lena, by=cast.ada, at=WEEK_1 + 4 * DAY)
    firing.fire_due(at=WEEK_1 + 4 * DAY)

    assert [reconciling.reconcile(at=WEEK_1 + days * DAY) for days in (4, 11, 40)] == [0, 0, 0]


def test_what_is_counted_moves_what_reminds_of_the_rest_at_once(cast):
    """More time for one piece counts for the reminder as soon as nothing else is missing, and no longer than that."""
    reminder = Milestone.objects.filter(enrolment__client=cast.mina, kind="due.reminder", week=4, rung=1)
    seen = [reminder.get().due_at]
    translation = roads.piece(cast.mina, "w4-t4")
    submitting.hand_in(translation, answer=answer("w4-t4", "own"), revision=0, by=cast.mina, at=WEEK_4)
    extending.ask(roads.piece(cast.mina, "w4-x1"), until=date(2026, 3, 31), by=cast.mina, at=WEEK_4)
    meetings = [roads.logged(cast.mina, date="2026-03-24", at=WEEK_4) for _each in range(3)]
    seen.append(reminder.get().due_at)
    drift = [reconciling.reconcile(at=WEEK_4)]

    roads.assessed(cast.mina, "a4", at=WEEK_4)
    seen.append(reminder.get().due_at)
    drift.append(reconciling.reconcile(at=WEEK_4))
    practising.remove_meeting(meetings[0], by=cast.mina, at=WEEK_4)
    seen.append(reminder.get().due_at)
    drift.append(reconciling.reconcile(at=WEEK_4))

    assert [(due - seen[0]).days for due in seen] == [0, 0, 2, 0]
    assert drift == [0, 0, 0]


def test_what_is_missing_is_planned_and_what_is_elsewhere_is_moved(cast):
    mine = Milestone.objects.filter(enrolment__client=cast.mina)
    before = set(mine.values_list("kind", "week", "due_at"))
    mine.filter(week=3).delete()
    missing = len(before) - mine.count()
    moved = mine.filter(week=4).update(due_at=WEEK_1 + 400 * DAY)

    drift = reconciling.reconcile(at=BEFORE)

    assert drift == missing + moved
    assert set(mine.values_list("kind", "week", "due_at")) == before
    assert Engine.objects.get().drift == drift
    assert reconciling.reconcile(at=BEFORE) == 0


def test_a_promise_nobody_watches_is_watched_again(cast):
    attempt = roads.handed_in(cast.mina)
    watched = Milestone.objects.filter(object_id=attempt.pk)
    kinds = set(watched.values_list("kind", "due_at"))
    watched.delete()

    assert reconciling.reconcile(at=WEEK_1 + HOUR) == len(kinds)
    assert set(watched.values_list("kind", "due_at")) == kinds


def test_what_has_fired_or_was_cancelled_is_left_alone(cast):
    unlock = Milestone.objects.filter(kind="week.unlock", week=1, enrolment__client=cast.mina).get()
    looking.look(at=unlock.due_at, driver="loop")
    unlock.refresh_from_db()
    joining.withdraw(cast.enrolment(cast.noor), by=cast.noor, at=WEEK_1)
    before = list(Milestone.objects.order_by("pk").values_list("pk", "state", "due_at"))

    assert reconciling.reconcile(at=WEEK_1) == 0
    assert list(Milestone.objects.order_by("pk").values_list("pk", "state", "due_at")) == before


def test_a_cohort_that_stands_still_is_left_until_it_goes_on(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    assert reconciling.reconcile(at=WEEK_1 + 5 * DAY) == 0


@pytest.mark.parametrize("broken", [False, True])
def test_the_command_says_the_figure(cast, capsys, broken):
    if broken:
        Milestone.objects.filter(week=3).delete()

    call_command("reconcile")

    assert capsys.readouterr().out.startswith("Drift: 0." if not broken else "Drift: ")
