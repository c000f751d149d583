"""What message health reads: counts, reasons, what comes and what failed, never a text."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients import delivering, joining, messaging, pausing, submitting
from clients.models import JournalEntry, Message
from coaching import firing, outbox, retrying, reviewing
from coaching.models import Heartbeat, Milestone
from tests import roads
from tests.roads import BEFORE, WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_1_BEGINS = datetime.fromisoformat("2026-03-02T06:00Z")  # two hours before, in Berlin
FAILING = "tests.postoffices.Closed"


def run(until: datetime, start: datetime = BEFORE):
    """The engine looks every six hours."""
    at = start
    while at <= until:
        while firing.tick(at=at, driver="celery").anything:
            pass
        at += 6 * HOUR


def row(health: outbox.Health, kind: str) -> outbox.KindRow:
    return next(row for row in health.kinds if row.name == kind)


@pytest.fixture
def dead(cast, settings):
    """A message nobody could deliver."""
    settings.EMAIL_BACKEND = FAILING
    roads.invitation(cast.spring, "dora@example.org")
    at = BEFORE
    while not Message.objects.filter(state="dead").exists():
        delivering.deliver(at=at)
        at += HOUR
    return Message.objects.get(state="dead")


def test_before_the_first_look_there_is_no_heartbeat(db):
    assert outbox.beat(at=BEFORE) == outbox.Beat(None, timedelta(0), "", is_stale=True)


@pytest.mark.parametrize(("seconds", "stale"), [(0, False), (90, False), (90.001, True), (-5, False)])
def test_a_heartbeat_is_stale_after_ninety_seconds(db, seconds, stale):
    firing.beat(at=BEFORE, driver="celery")

    found = outbox.beat(at=BEFORE + timedelta(seconds=seconds))

    assert (found.driver, found.is_stale, found.age) == ("celery", stale, timedelta(seconds=max(seconds, 0)))


def test_what_left_is_counted_by_kind(cast):
    run(WEEK_1, start=WEEK_1_BEGINS)

    health = outbox.health(at=WEEK_1)
    assert [(r.name, r.sent, r.due, r.failed) for r in health.kinds] == [
        ("week.unlock", 3, 0, 0),
        ("admin.weekly", 2, 0, 0),
    ]
    assert (health.total.sent, health.oldest_at, health.is_quiet) == (5, None, False)
    assert [(line.meaning, line.to, line.cohort) for line in health.sent] == [
        ("a week opens", "Mina", "Spring"), ("a week opens", "Omar", "Autumn"), ("a week opens", "Noor", "Spring"),
        ("an admin’s week", "Ada", "Autumn"), ("an admin’s week", "Ada", "Spring"),
    ]  # fmt: skip


def test_it_is_quiet_while_the_engine_looks_and_nothing_is_due(cast):
    run(WEEK_1)
    firing.beat(at=WEEK_1, driver="celery")

    assert outbox.health(at=WEEK_1).is_quiet


def test_what_is_due_and_what_waits_for_the_morning_are_told_apart(cast):
    at = datetime.fromisoformat("2026-03-02T07:00Z")
    firing.tick(at=at)  # 01:00 in Chicago, 12:30 in Kolkata, 08:00 in Berlin

    found = outbox.health(at=at)
    assert (row(found, "week.unlock").waiting, row(found, "week.unlock").sent) == (1, 2)
    assert outbox.Reason("waiting", "quiet hours", 1) in found.reasons
    later = outbox.health(at=at + DAY)
    assert (later.total.due, later.total.waiting) == (1, 0)
    assert later.oldest_at == datetime.fromisoformat("2026-03-02T13:30Z")


def test_what_a_pause_holds_says_so(cast):
    roads.answered(cast.mina, cast.tomas)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1 + 2 * HOUR)
    delivering.deliver(at=WEEK_1 + 3 * HOUR)

    health = outbox.health(at=WEEK_1 + 3 * HOUR)

    assert row(health, "feedback").held == 1
    assert outbox.Reason("held", "the cohort is paused", 1) in health.reasons


def test_what_was_not_needed_says_why(cast):
    roads.drafted(cast.mina)
    run(WEEK_1 + 2 * DAY)

    reasons = outbox.health(at=WEEK_1 + 2 * DAY, cohort=cast.spring).reasons

    assert reasons == [
        outbox.Reason("cancelled", "nobody invited has still to answer", 4),
        outbox.Reason("cancelled", "the main exercise is started", 1),
    ]


def test_what_failed_is_listed_with_its_error_and_can_be_tried_again(dead):
    health = outbox.health(at=BEFORE + 30 * DAY)

    assert health.failed == [
        outbox.Line(
            meaning="an invitation",
            to="dora@example.org",
            cohort="Spring",
            at=dead.available_at,
            reason="given up after twelve tries",
            error="ConnectionRefusedError: closed",
            tries=12,
            pk=dead.pk,
        )
    ]
    assert (health.total.failed, health.is_quiet) == (1, False)
    assert list(outbox.failed()) == [dead]


@pytest.fixture
def given_up(cast):
    """A moment that broke whoever handled it, five times."""
    milestone = Milestone.objects.filter(enrolment__client=cast.mina).first()
    columns = {"state": "dead", "reason": "given up after five tries", "last_error": "Oh: no", "attempts": 5}
    Milestone.objects.filter(pk=milestone.pk).update(**columns)
    milestone.refresh_from_db()
    return milestone


def test_a_milestone_that_was_given_up_is_listed_and_comes_due_again_or_is_let_go(cast, given_up):
    def listed():
        return [(line.to, line.reason, line.pk, line.is_moment) for line in outbox.health(at=BEFORE).failed]

    before = listed()
    again = retrying.retry(given_up, by=cast.ada, at=BEFORE)
    retried = Milestone.objects.get(pk=given_up.pk)
    twice = (retrying.retry(given_up, by=cast.ada, at=BEFORE), retrying.let_go(given_up, by=cast.ada, at=BEFORE))

    assert before == [("Mina", "given up after five tries", given_up.pk, True)]
    assert (again, retried.state, retried.attempts, retried.reason, retried.last_error) == (True, "pending", 0, "", "")
    assert (listed(), twice) == ([], (False, False))
    assert JournalEntry.objects.filter(action="tried a moment again", actor_id=cast.ada.pk).count() == 1


def test_a_milestone_that_is_let_go_says_so_and_fires_no_more(cast, given_up):
    assert retrying.let_go(given_up, by=cast.ada, at=BEFORE)

    given_up.refresh_from_db()
    assert (given_up.state, given_up.reason) == ("cancelled", "let go by an admin")
    assert given_up.pk not in set(firing.due(at=given_up.due_at).values_list("pk", flat=True))
    assert JournalEntry.objects.filter(action="let a moment go", actor_id=cast.ada.pk).count() == 1


def test_the_next_day_is_told_by_instant_and_kind(cast):
    at = datetime.fromisoformat("2026-03-01T08:00Z")

    health = outbox.health(at=at)

    assert health.coming == [
        outbox.Coming(datetime.fromisoformat("2026-03-01T09:00Z"), "before week 1", "Autumn", 1),
        outbox.Coming(datetime.fromisoformat("2026-03-01T16:00Z"), "before week 1", "Spring", 1),
        outbox.Coming(datetime.fromisoformat("2026-03-02T07:00Z"), "an admin’s week", "Autumn", 1),
        outbox.Coming(datetime.fromisoformat("2026-03-02T07:00Z"), "an admin’s week", "Spring", 1),
        outbox.Coming(datetime.fromisoformat("2026-03-02T07:00Z"), "a week opens", "Autumn", 1),
        outbox.Coming(datetime.fromisoformat("2026-03-02T07:00Z"), "a week opens", "Spring", 2),
    ]
    assert health.coming_count == 7


def test_nothing_comes_to_a_cohort_that_stands_still(cast):
    pausing.pause(cast.spring, by=cast.ada, at=BEFORE)

    coming = outbox.health(at=datetime.fromisoformat("2026-03-01T08:00Z")).coming

    assert {row.cohort for row in coming} == {"Autumn"}


def test_a_filter_leaves_the_other_cohort_out(cast):
    run(WEEK_1, start=WEEK_1_BEGINS)

    health = outbox.health(at=WEEK_1, cohort=cast.autumn)

    assert (health.total.sent, [line.to for line in health.sent]) == (2, ["Omar", "Ada"])


def test_pending_counts_what_a_pause_holds_back(cast):
    before = outbox.pending_count(cast.spring)

    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=BEFORE)

    assert (before, outbox.pending_count(cast.spring)) == (
        148,
        80,
    )  # 68 for each client, twelve for the cohort and its coach


def test_the_seeded_past_is_counted_apart(cast):
    with messaging.seeding():
        run(WEEK_1, start=WEEK_1_BEGINS)

    total = outbox.health(at=WEEK_1).total

    assert (total.sent, total.seeded, total.due) == (0, 5, 0)


def test_a_kind_nobody_knows_any_more_is_still_counted(cast):
    roads.invitation(cast.spring, "dora@example.org")
    Message.objects.update(kind="long.gone")

    assert [(r.name, r.meaning, r.due) for r in outbox.health(at=BEFORE).kinds] == [("long.gone", "long.gone", 1)]


def test_queries_do_not_grow_with_the_rows(cast):
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            outbox.health(at=WEEK_1 + 30 * DAY)
        return len(queries)

    one = counted()
    for number in range(3):
        roads.invitation(cast.spring, f"person{number}@example.org")
    submitting.hand_in(roads.drafted(cast.mina), by=cast.mina, at=WEEK_1)
    run(WEEK_1)

    assert (one, counted()) == (9, 9)


def test_no_text_is_in_what_is_read(cast):
    roads.answered(cast.mina, cast.tomas)
    run(WEEK_1 + DAY)

    told = repr(outbox.health(at=WEEK_1 + DAY))

    assert "card payment" not in told
    assert "finance can repeat" not in told
    assert reviewing.MAIL_AFTER < DAY  # so that the mail about the feedback is among what was read
    assert "feedback was sent" in told


def test_the_heartbeat_of_another_part_is_not_the_engines(db):
    Heartbeat.objects.create(name="elsewhere", at=BEFORE)

    assert outbox.beat(at=BEFORE).at is None
