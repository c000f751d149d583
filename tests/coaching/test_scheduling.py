"""The milestone engine: what fires, when, once, and what does not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from clients import choosing, delivering, joining, messaging, pausing, submitting
from clients.models import Message
from coaching import firing, reviewing
from coaching.models import Heartbeat, Milestone
from tests import roads
from tests.roads import BEFORE, WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY_1 = datetime(2026, 3, 2, 7, tzinfo=UTC)  # 08:00 in Berlin


def kinds(client, state="fired"):
    rows = Milestone.objects.filter(enrolment__client=client, state=state).order_by("due_at", "kind")
    return [(row.kind, row.week) for row in rows]


def run(until, start=BEFORE, step=6 * HOUR):
    """The engine looks every few hours."""
    at = start
    while at <= until:
        while firing.tick(at=at).anything:
            pass
        at += step


def test_a_week_of_nobody_doing_anything(cast):
    run(datetime(2026, 3, 16, tzinfo=UTC))

    assert kinds(cast.mina) == [
        ("welcome", 0),
        ("baseline.due", 0),
        ("baseline.due", 0),
        ("week.unlock", 1),
        ("nudge.midweek", 1),
        ("due.reminder", 1),
        ("week.unlock", 2),
        ("overdue.1", 1),
        ("nudge.midweek", 2),
        ("overdue.2", 1),
        ("ledger.friday", 2),
        ("due.reminder", 2),
    ]


def test_nothing_fires_early(cast):
    firing.tick(at=MONDAY_1 - timedelta(microseconds=1))

    assert kinds(cast.mina) == []


def test_a_week_opens_at_eight_in_the_cohorts_zone_and_the_mail_waits_for_the_morning(cast):
    firing.tick(at=MONDAY_1)

    queued = Message.objects.get(person=cast.mina)
    assert (queued.kind, queued.state, queued.reason) == ("week.unlock", "queued", "quiet hours")
    assert queued.available_at == datetime(2026, 3, 2, 13, 30, tzinfo=UTC)  # 07:30 in Chicago
    firing.tick(at=queued.available_at)
    sent = [m for m in mail.outbox if m.to == ["mina@example.org"]]
    assert [m.subject for m in sent] == ["Week 1: The game changed"]
    assert "http://across.test/week/1/?cohort=spring" in sent[0].body


def test_a_second_tick_sends_nothing_again(cast):
    run(WEEK_1, start=MONDAY_1)
    count = len(mail.outbox)

    run(WEEK_1, start=MONDAY_1)

    assert len(mail.outbox) == count


def test_handing_in_stops_the_reminders(cast):
    roads.handed_in(cast.mina)
    for key in ("w1-x2", "w1-t1"):
        piece = roads.piece(cast.mina, key)
        piece.exercise.required = False
    run(datetime(2026, 3, 6, tzinfo=UTC), start=MONDAY_1)

    assert ("nudge.midweek", 1) in kinds(cast.mina, "skipped")
    assert ("nudge.midweek", 1) in kinds(cast.noor, "fired")


def test_a_nudge_that_is_half_a_day_old_is_skipped(cast):
    nudge = Milestone.objects.get(enrolment__client=cast.mina, kind="nudge.midweek", week=1)

    firing.fire_due(at=nudge.due_at + 12 * HOUR + timedelta(seconds=1))

    nudge.refresh_from_db()
    assert (nudge.state, nudge.reason) == ("skipped", "stale: too late to be of use")


def test_after_a_weekend_down_only_the_highest_overdue_rung_is_sent(cast):
    second = Milestone.objects.get(enrolment__client=cast.mina, kind="overdue.2", week=1)

    while any(firing.fire_due(at=second.due_at)):
        pass

    first = Milestone.objects.get(enrolment__client=cast.mina, kind="overdue.1", week=1)
    second.refresh_from_db()
    assert (first.state, second.state) == ("skipped", "fired")
    told = Message.objects.filter(kind__startswith="overdue.2").values_list("kind", "person__name")
    assert set(told) == {
        ("overdue.2", "Mina"),
        ("overdue.2", "Noor"),
        ("overdue.2", "Omar"),
        ("overdue.2.coach", "Tomas"),
        ("overdue.2.coach", "Ines"),
    }


def test_a_paused_cohort_gets_nothing_and_moves_by_the_days_it_stood_still(cast):
    before = Milestone.objects.get(enrolment__client=cast.mina, kind="due.reminder", week=1).due_at
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    run(WEEK_1 + 5 * DAY, start=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 5 * DAY)

    assert [m for m in mail.outbox if m.to[0] in ("mina@example.org", "noor@example.org")] == []
    after = Milestone.objects.get(enrolment__client=cast.mina, kind="due.reminder", week=1).due_at
    assert after - before == 5 * DAY - HOUR  # the clocks in Chicago went forward in between


def test_what_waits_in_the_outbox_is_held_by_a_pause_and_asked_again_after_it(cast):
    firing.fire_due(at=MONDAY_1)
    pausing.pause(cast.spring, by=cast.ada, at=MONDAY_1 + timedelta(minutes=1))

    delivering.deliver(at=MONDAY_1 + 12 * HOUR)

    states = Message.objects.filter(cohort=cast.spring, kind="week.unlock").values_list("state", "reason")
    assert set(states) == {("held", "the cohort is paused")}
    pausing.resume(cast.spring, by=cast.ada, at=MONDAY_1 + 12 * HOUR)
    delivering.deliver(at=MONDAY_1 + 12 * HOUR)
    told = {m.to[0] for m in mail.outbox} - {"omar@example.org", "ada@example.org"}
    assert told == {"mina@example.org"}  # in Kolkata it is night again


def test_leaving_stops_everything_in_the_same_transaction(cast):
    firing.fire_due(at=MONDAY_1)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.mina, at=MONDAY_1 + HOUR)

    delivering.deliver(at=MONDAY_1 + 12 * HOUR)

    assert [m.to for m in mail.outbox if m.to == ["mina@example.org"]] == []
    assert Milestone.objects.filter(enrolment__client=cast.mina, state="pending").count() == 0


def test_somebody_who_moves_gets_their_reminders_by_their_new_clock(cast):
    choosing.choose(cast.mina, zone="Asia/Tokyo", at=WEEK_1)

    nudge = Milestone.objects.get(enrolment__client=cast.mina, kind="due.reminder", week=2)

    assert (nudge.due_at, nudge.zone) == (datetime(2026, 3, 14, 1, tzinfo=UTC), "Asia/Tokyo")


def test_a_late_review_warns_the_coach_and_then_tells_the_admins_daily(cast):
    attempt = roads.handed_in(cast.mina)

    run(WEEK_1 + 100 * HOUR, start=WEEK_1, step=HOUR)

    told = Message.objects.filter(kind__startswith="review.").order_by("posted_at", "kind")
    hours = [(m.kind, str(m.person), (m.posted_at - attempt.handed_in_at) // HOUR) for m in told]
    assert hours == [
        ("review.warn", "Tomas", 48),
        ("review.breach", "Tomas", 72),
        ("review.breach.admin", "Ada", 72),
        ("review.breach.client", "Mina", 80),
        ("review.breach", "Tomas", 96),
        ("review.breach.admin", "Ada", 96),
    ]


def test_feedback_ends_the_watch_and_is_told_ten_minutes_later(cast):
    feedback = roads.answered(cast.mina, cast.tomas)

    run(feedback.sent_at + 9 * timedelta(minutes=1), start=feedback.sent_at)
    early = [m.subject for m in mail.outbox if m.to == ["mina@example.org"] and "four answers" in m.subject + m.body]
    delivering.deliver(at=feedback.sent_at + 10 * timedelta(minutes=1))
    delivering.deliver(at=datetime(2026, 3, 4, 13, 30, tzinfo=UTC))  # morning in Chicago

    assert early == []
    letters = [m for m in mail.outbox if m.to == ["mina@example.org"] and "four answers" in m.subject + m.body]
    assert len(letters) == 1
    assert feedback.keep not in letters[0].body
    assert Milestone.objects.filter(object_id=feedback.attempt_id, state="pending").count() == 0


def test_feedback_undone_in_time_is_never_told(cast):
    feedback = roads.answered(cast.mina, cast.tomas)
    reviewing.undo_feedback(feedback, by=cast.tomas, at=feedback.sent_at + timedelta(seconds=9))

    run(feedback.sent_at + DAY, start=feedback.sent_at)

    assert [m for m in mail.outbox if m.to == ["mina@example.org"] and "read" in m.subject] == []
    assert Milestone.objects.filter(object_id=feedback.attempt_id, state="pending").count() >= 1


def test_whoever_asked_for_texts_in_mail_gets_them(cast):
    choosing.choose(cast.mina, texts_in_mail=True, at=BEFORE)
    feedback = roads.answered(cast.mina, cast.tomas)

    delivering.deliver(at=feedback.sent_at + DAY + 2 * HOUR)

    letter = [m for m in mail.outbox if m.to == ["mina@example.org"]][-1]
    assert feedback.try_next in letter.body


def test_the_engine_leaves_a_heartbeat(cast):
    firing.tick(at=WEEK_1, driver="loop")

    heartbeat = Heartbeat.objects.get(name="engine")
    assert (heartbeat.at, heartbeat.detail) == (WEEK_1, {"driver": "loop"})


def test_a_poisonous_milestone_is_set_aside_after_five_tries_and_the_others_go_on(cast):
    Milestone.objects.filter(enrolment__client=cast.mina, kind="week.unlock", week=1).update(kind="no.such.kind")

    for minute in range(6):
        firing.fire_due(at=MONDAY_1 + minute * firing.LEASE)

    poisoned = Milestone.objects.get(kind="no.such.kind")
    assert (poisoned.state, poisoned.attempts) == ("dead", 5)
    assert kinds(cast.noor) == [("week.unlock", 1)]


def test_a_mail_server_that_is_away_costs_a_retry_and_no_mail(cast, settings):
    settings.EMAIL_BACKEND = "tests.postoffices.Closed"
    joining.invite(cast.spring, email="new@example.org", role="client", by=cast.ada, at=WEEK_1)
    delivering.deliver(at=WEEK_1)
    waiting = Message.objects.get(kind="invite")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivering.deliver(at=WEEK_1 + HOUR)

    assert (waiting.state, waiting.attempts, waiting.last_error) == ("queued", 1, "ConnectionRefusedError: closed")
    assert [m.to for m in mail.outbox] == [["new@example.org"]]


@pytest.mark.parametrize("tries", [12])
def test_after_twelve_tries_a_message_is_dead_and_can_be_replayed(cast, settings, tries):
    settings.EMAIL_BACKEND = "tests.postoffices.Closed"
    joining.invite(cast.spring, email="new@example.org", role="client", by=cast.ada, at=WEEK_1)
    for hour in range(tries):
        delivering.deliver(at=WEEK_1 + hour * HOUR)
    dead = Message.objects.get(kind="invite")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    messaging.replay(dead, at=WEEK_1 + DAY)
    delivering.deliver(at=WEEK_1 + DAY)

    assert (dead.state, dead.attempts) == ("dead", 12)
    assert len(mail.outbox) == 1


def test_a_withdrawn_client_may_not_go_on_writing(cast):
    joining.withdraw(cast.enrolment(cast.mina), by=cast.mina, at=WEEK_1)

    with pytest.raises(submitting.NotNow) as refused:
        submitting.save_draft(roads.piece(cast.mina), answer={}, revision=0, by=cast.mina, at=WEEK_1)

    assert refused.value.code == "homework.left"
