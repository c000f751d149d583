"""Reminders know what is counted: they list it, stop once it is reached, and lead to where it goes on."""

from datetime import timedelta

import pytest

from clients.models import Enrolment
from coaching import firing, milestones, slots
from coaching.models import Milestone
from tests import keeping, roads
from tests.reliability import answers
from tests.roads import WEEK_1

DAY = timedelta(days=1)
WEEK_4 = WEEK_1 + 21 * DAY
TUESDAY = WEEK_1 + 27 * DAY  # of week 5


@pytest.fixture
def mina(cast):
    """Everything that is handed in in week 4 is in."""
    for key in ("w4-x1", "w4-t4"):
        roads.submitting.hand_in(
            roads.piece(cast.mina, key), answer=answers.answer(key, "own"), revision=0, by=cast.mina, at=WEEK_4
        )
    return cast.mina


def milestone(who, kind):
    rows = Milestone.objects.select_related(*milestones.LOADED).prefetch_related(*milestones.COUNTED)
    return rows.get(enrolment__client=who, kind=kind, week=4)


def reach(who):
    for _meeting in range(3):
        roads.logged(who, date="2026-03-24", at=WEEK_4)
    roads.assessed(who, "a4", at=WEEK_4)


def told(who, kind, at):
    """(what the letter lists, where it leads)."""
    enrolment = Enrolment.objects.select_related("client", "cohort__edition").get(client=who)
    values = slots.of_week(enrolment, 4, at)
    return values["list_text"], slots.client_link(kind, enrolment, 4, at)


def test_what_is_counted_is_something_missing_until_it_is_reached(mina):
    row = milestone(mina, "due.reminder")
    before = milestones.guard_reason(row, at=WEEK_4)
    reach(mina)

    assert (before, milestones.guard_reason(row, at=WEEK_4)) == (None, "everything required is handed in")


def test_a_reminder_lists_it_with_the_minutes_that_are_left(mina):
    roads.logged(mina, date="2026-03-24", at=WEEK_4)

    assert told(mina, "due.reminder", WEEK_4)[0] == "Three meetings in your log (4 min), Midpoint review (20 min)"


def test_once_overdue_the_letter_leads_to_where_it_goes_on(mina):
    first = told(mina, "overdue.1", TUESDAY)[1]
    for _meeting in range(3):
        roads.logged(mina, date="2026-03-24", at=TUESDAY)

    then = told(mina, "overdue.1", TUESDAY)[1]

    assert first == ("/log/new/?cohort=spring&week=4", "Go on with it")
    assert then == ("/assessment/a4/?cohort=spring", "Go on with it")


def test_homework_comes_before_what_is_counted(cast):
    assert told(cast.noor, "overdue.1", TUESDAY)[1] == ("/work/w4-x1/?cohort=spring", "Hand in what you have")


def test_the_engine_reminds_of_the_ledger_and_stops_once_there_is_a_line(cast):
    for key in ("w2-x1", "w2-t2"):
        for who in (cast.mina, cast.noor):
            roads.submitting.hand_in(
                roads.piece(who, key), answer=answers.answer(key, who.name), revision=0, by=who, at=roads.WEEK_2
            )
    keeping.line(cast.noor)

    while firing.tick(at=roads.WEEK_2 + 4 * DAY).anything:
        pass

    reminded = Milestone.objects.filter(kind="due.reminder", week=2, state="fired")
    assert list(reminded.values_list("enrolment__client__name", flat=True)) == ["Mina"]
