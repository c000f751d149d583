"""What is planned beside what the rules say: nothing differs, and what does is mended and counted."""

from datetime import date, time, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients import choosing, extending, joining, pausing, practising, submitting
from clients.models import Engine, Message
from coaching import convening, firing, instruments, looking, reconciling, scheduling
from coaching.models import LiveSession, Milestone
from tests import callings, keeping, roads
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


# --- What is counted from something that happens ----------------------------------------------------

COUNTED = ("kickoff", "session.remind", "midpoint.call", "revise.remind")
FACTS = ("kind", "rung", "week", "object_id", "occurrence", "state", "due_at")


@pytest.fixture
def happenings(cast):
    """A session a week, a call, and another attempt that is asked for."""
    convening.arrange(cast.spring, weekday=1, time=time(17), minutes=60, by=cast.ada, at=BEFORE)
    callings.offered(cast, at=WEEK_1)
    callings.booked(cast, at=WEEK_1)
    roads.answered(cast.mina, cast.tomas, another=True, at=WEEK_1)
    rows = Milestone.objects.filter(kind__in=COUNTED, state="pending", due_at__gt=WEEK_1 + 3 * HOUR)
    assert set(rows.values_list("kind", flat=True)) == set(COUNTED) - {"kickoff"}
    return rows


def test_reminders_of_sessions_calls_and_another_attempt_are_mended(happenings):
    at = WEEK_1 + 3 * HOUR
    before = set(happenings.values_list(*FACTS))
    in_steady_state = reconciling.reconcile(at=at)
    first = list(happenings.filter(rung=1).values_list("pk", flat=True))
    missing, moved = len(first[1::2]), happenings.count() - len(first[1::2])
    Milestone.objects.filter(pk__in=first[1::2]).delete()
    Milestone.objects.filter(pk__in=happenings).update(due_at=WEEK_1 + 400 * DAY)

    drift = reconciling.reconcile(at=at)

    assert (in_steady_state, drift) == (0, missing + moved)
    assert set(happenings.values_list(*FACTS)) == before
    assert reconciling.reconcile(at=at) == 0


def test_once_the_rules_of_a_zone_have_changed_sessions_follow_and_nobody_is_told(cast, happenings):
    """What stands there is what the old rules came to; the clock of the wall has not moved."""
    at = WEEK_1 + 3 * HOUR
    sessions = LiveSession.objects.filter(cohort=cast.spring, starts_at__gt=at)
    said, posted = dict(sessions.values_list("pk", "starts_at")), Message.objects.count()
    right = set(happenings.values_list(*FACTS))
    for session in sessions:
        session.starts_at -= HOUR
        session.save(update_fields=["starts_at"])
    for row in happenings.filter(kind="session.remind"):
        row.due_at -= HOUR
        row.save(update_fields=["due_at"])

    drift = reconciling.reconcile(at=at)

    assert (drift, dict(sessions.values_list("pk", "starts_at"))) == (len(said), said)
    assert set(happenings.values_list(*FACTS)) == right
    assert (Message.objects.count(), reconciling.reconcile(at=at)) == (posted, 0)


def test_what_was_told_is_not_told_again(cast, happenings):
    told = happenings.filter(kind="session.remind").order_by("due_at").first()
    looking.look(at=told.due_at, driver="loop")
    posted = Message.objects.filter(kind="session.remind").count()
    Milestone.objects.filter(kind="session.remind", state="pending").delete()

    reconciling.reconcile(at=told.due_at)
    looking.look(at=told.due_at, driver="loop")

    told.refresh_from_db()
    assert (told.state, posted > 0) == ("fired", True)
    assert Message.objects.filter(kind="session.remind").count() == posted


@pytest.mark.parametrize("clients", [2, 5])
def test_a_look_at_what_is_planned_costs_the_same_however_many_walk(cast, happenings, clients):
    for number in range(clients - 2):
        roads.client(cast.spring, roads.person(f"Client{number}"))

    with CaptureQueriesContext(connection) as queries:
        assert reconciling.reconcile(at=WEEK_1 + 3 * HOUR) == 0

    assert len(queries) == 114


# --- Whoever has finished ---------------------------------------------------------------------------


@pytest.fixture
def check_ins(monkeypatch):
    """Brings the check-ins when it is called."""
    without = {name: one for name, one in instruments._there.items() if name != instruments.CHECK_INS}
    monkeypatch.setattr(instruments, "_there", without)
    way = "/check-in/{}/".format
    asked = instruments.CheckIns(lambda enrolment, months: True, lambda _one, n: way(n), lambda _one, n: way(n))
    return lambda: instruments.install(instruments.CHECK_INS, asked)


@pytest.mark.parametrize("is_closed", [False, True])
def test_who_finished_before_the_check_ins_came_is_asked_once_they_are_there(cast, check_ins, is_closed):
    finished = keeping.finished(cast.noor, at=WEEK_1 + 60 * DAY)
    if is_closed:
        type(cast.spring).objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_1 + 61 * DAY)
    at = WEEK_1 + 70 * DAY
    before = reconciling.reconcile(at=at), Milestone.objects.filter(person=cast.noor).count()

    check_ins()
    drift = [reconciling.reconcile(at=at + n * HOUR) for n in range(2)]

    rows = Milestone.objects.filter(kind__startswith="alumni.").order_by("due_at")
    planned = list(rows.values_list("person", "object_id", "kind", "rung"))
    months = [(f"alumni.{n}", rung) for n in (3, 6, 12) for rung in (1, 2)]
    assert planned == [(cast.noor.pk, finished.pk, *one) for one in months]
    assert (before, drift) == ((0, 0), [6, 0])


def test_of_what_is_past_for_somebody_who_finished_nothing_is_planned(cast, check_ins):
    keeping.finished(cast.noor, at=WEEK_1)
    check_ins()

    assert [reconciling.reconcile(at=WEEK_1 + days * DAY) for days in (120, 500)] == [4, 0]


@pytest.mark.parametrize("people", [1, 3])
def test_those_who_have_finished_cost_the_same_however_many_they_are(cast, check_ins, people):
    for who in (cast.noor, cast.mina, cast.omar)[:people]:
        keeping.finished(who, at=WEEK_1)
    check_ins()

    with CaptureQueriesContext(connection) as queries:
        assert scheduling.plan_alumni(at=WEEK_1) == 6 * people

    assert len(queries) == 6


# --- When ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "minutes", "is_run"),
    [
        ({}, 10, False),
        ({}, 60, True),
        ({"reconciled_by": "0.1.0, zones 2020.1"}, 10, True),
        ({"reconciled_at": None}, 10, True),
    ],
)
def test_it_is_run_hourly_and_at_once_by_another_version_or_with_other_rules_of_zones(cast, changed, minutes, is_run):
    reconciling.reconcile(at=WEEK_1)
    Engine.objects.update(**changed)
    at = WEEK_1 + minutes * timedelta(minutes=1)

    reconciling.reconcile_hourly(at=at)

    found = Engine.objects.get()
    assert (found.reconciled_at == at) is is_run
    reconciling.reconcile_hourly(at=at + timedelta(minutes=1))
    assert Engine.objects.get().reconciled_at == found.reconciled_at


# --- What is left alone -------------------------------------------------------------------------------


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
