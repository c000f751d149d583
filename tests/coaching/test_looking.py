"""The clock that is not to be believed, hours without a look, and what is said afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from clients import delivering, joining
from clients.models import Engine, Invitation, JournalEntry, Message
from coaching import drivers, firing, gathering, looking
from coaching.models import Heartbeat, Milestone
from tests import roads
from tests.roads import BEFORE, WEEK_1

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY_1 = datetime(2026, 3, 2, 7, tzinfo=UTC)  # 08:00 in Berlin


def look_until_quiet(at, driver="loop"):
    while looking.look(at=at, driver=driver).anything:
        pass


def letters_to(address):
    return [letter.subject for letter in mail.outbox if letter.to == [address]]


# --- The clock --------------------------------------------------------------------------------------


def test_a_clock_five_minutes_behind_fires_nothing_and_says_so(cast):
    looking.look(at=MONDAY_1 + DAY, driver="loop")
    Milestone.objects.filter(state="pending").update(due_at=BEFORE)

    done = looking.look(at=MONDAY_1 + DAY - 5 * MINUTE - timedelta(microseconds=1), driver="loop")

    assert (done.fired, done.skipped) == (0, 0)
    assert drivers.standing(at=MONDAY_1).behind_since == MONDAY_1 + DAY


def test_five_minutes_exactly_are_no_reason_for_suspicion(cast):
    looking.look(at=BEFORE, driver="loop")
    looking.look(at=BEFORE - 5 * MINUTE, driver="loop")

    assert Engine.objects.get().behind_since is None


def test_a_clock_that_has_caught_up_is_believed_again(cast):
    looking.look(at=WEEK_1, driver="loop")
    looking.look(at=WEEK_1 - HOUR, driver="loop")
    looking.look(at=WEEK_1, driver="loop")

    state = Engine.objects.get()
    assert (state.behind_since, state.latest_at) == (None, WEEK_1)


def test_what_has_fired_does_not_fire_again_when_the_clock_goes_back_two_hours(cast):
    look_until_quiet(MONDAY_1)
    fired = Milestone.objects.filter(state="fired").count()

    for minutes in range(0, 130, 10):
        look_until_quiet(MONDAY_1 - 2 * HOUR + minutes * MINUTE)

    assert fired > 0
    assert Milestone.objects.filter(state="fired").count() == fired


def test_what_people_wait_for_leaves_although_the_clock_is_behind(cast):
    looking.look(at=WEEK_1, driver="loop")
    joining.invite(cast.spring, email="new@example.org", role="client", by=cast.ada, at=WEEK_1 - HOUR)

    looking.look(at=WEEK_1 - HOUR, driver="loop")

    assert letters_to("new@example.org") != []


def test_a_person_may_say_that_the_clock_is_right(cast):
    looking.look(at=WEEK_1 + 365 * DAY, driver="loop")
    looking.look(at=WEEK_1, driver="loop")

    assert looking.trust_the_clock(by=cast.ada, at=WEEK_1)
    assert not looking.trust_the_clock(by=cast.ada, at=WEEK_1)
    state = Engine.objects.get()
    assert (state.behind_since, state.latest_at) == (None, WEEK_1)
    assert JournalEntry.objects.filter(action="trusted the clock", actor="Ada").count() == 1


# --- Hours without a look ---------------------------------------------------------------------------


@pytest.mark.parametrize(("away", "gathers"), [(6 * HOUR, False), (6 * HOUR + MINUTE, True), (3 * DAY, True)])
def test_after_more_than_six_hours_without_a_look_there_is_something_to_make_up_for(cast, away, gathers):
    looking.look(at=BEFORE, driver="loop")

    state = looking.note(at=BEFORE + away)

    assert (state.catching_up_from, state.catching_up_since) == ((BEFORE, BEFORE + away) if gathers else (None, None))


def test_the_very_first_look_has_nothing_to_make_up_for(cast):
    assert looking.note(at=WEEK_1).catching_up_since is None


def test_after_three_days_nobody_gets_more_than_one_mail_of_the_engine(cast):
    roads.handed_in(cast.mina)
    looking.look(at=WEEK_1 + HOUR, driver="loop")
    mail.outbox.clear()
    tuesday = WEEK_1 + 6 * DAY + 5 * HOUR  # week 2 has opened, week 1 is overdue everywhere, a review waits

    for hours in range(30):
        look_until_quiet(tuesday + hours * HOUR)

    counted = {address: len(letters_to(address)) for address in ("mina@example.org", "noor@example.org")}
    assert counted == {"mina@example.org": 1, "noor@example.org": 1}
    assert Message.objects.filter(kind="catch-up", state="sent", person=cast.tomas).count() == 1


def test_one_mail_names_everything_that_still_holds_and_nothing_that_is_stale(cast):
    look_until_quiet(WEEK_1)
    mail.outbox.clear()
    at = WEEK_1 + 6 * DAY
    look_until_quiet(at)
    look_until_quiet(at + gathering.WAIT)
    look_until_quiet(at + 12 * HOUR)

    letter = next(letter for letter in mail.outbox if letter.to == ["noor@example.org"])
    assert letter.subject == "2 things from the days we could not write"
    assert "Week 2" in letter.body
    stale = Milestone.objects.filter(enrolment__client=cast.noor, state="skipped")
    assert {(row.kind, row.week, row.reason) for row in stale} >= {
        ("nudge.midweek", 1, firing.STALE), ("due.reminder", 1, firing.STALE),
    }  # fmt: skip


def test_a_single_thing_is_told_in_its_own_words(cast):
    look_until_quiet(MONDAY_1 - 6 * HOUR)
    mail.outbox.clear()
    at = MONDAY_1 + 8 * HOUR
    look_until_quiet(at)
    look_until_quiet(at + gathering.WAIT)

    assert letters_to("mina@example.org") == ["Week 1: The game changed"]


def test_who_has_done_it_meanwhile_is_not_told(cast):
    look_until_quiet(MONDAY_1 - 6 * HOUR)
    mail.outbox.clear()
    at = MONDAY_1 + 8 * HOUR
    look_until_quiet(at)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.mina, at=at)
    look_until_quiet(at + gathering.WAIT)

    assert letters_to("mina@example.org") == []


def test_what_waited_since_before_goes_into_the_one_mail_as_well(cast):
    firing.fire_due(at=MONDAY_1)  # and nobody delivers it
    looking.note(at=MONDAY_1)
    at = MONDAY_1 + 4 * DAY + 8 * HOUR
    look_until_quiet(at)

    alone = Message.objects.filter(person=cast.mina, kind="week.unlock")
    assert [(row.state, row.reason) for row in alone] == [("cancelled", gathering.TOLD)]
    gathered = Message.objects.get(person=cast.mina, kind="catch-up")
    assert [kind for _pk, kind in gathered.about["milestones"]] == ["week.unlock"]


def test_what_comes_due_after_the_mail_has_left_is_its_own_message_again(cast):
    looking.look(at=MONDAY_1 - 12 * HOUR, driver="loop")
    at = MONDAY_1 + 8 * HOUR
    for minutes in (0, 2, 3):
        look_until_quiet(at + minutes * MINUTE)
    assert Engine.objects.get().catching_up_since is None

    nudge = Milestone.objects.get(enrolment__client=cast.mina, kind="nudge.midweek", week=1)
    for hours in range(8):
        look_until_quiet(nudge.due_at - 8 * HOUR + (hours + 1) * HOUR)

    assert Message.objects.filter(person=cast.mina, kind="nudge.midweek").count() == 1


def test_while_catching_up_sixty_leave_a_minute_and_first_what_people_wait_for(cast):
    looking.look(at=BEFORE, driver="loop")
    for number in range(70):
        joining.invite(cast.spring, email=f"new{number}@example.org", role="client", by=cast.ada, at=BEFORE)
    about = {"invitation": Invitation.objects.first().pk, "milestones": []}  # as the engine's own are
    Message.objects.filter(address__in=[f"new{n}@example.org" for n in range(30)]).update(about=about)
    looking.note(at=BEFORE + DAY)

    sent = [delivering.deliver(at=BEFORE + DAY), delivering.deliver(at=BEFORE + DAY)]

    assert (sum(sent), delivering.deliver(at=BEFORE + DAY + 59 * timedelta(seconds=1))) == (60, 0)
    left = [row.address for row in Message.objects.filter(kind="invite", state__in=["queued", "sending"])]
    assert len(left) == 10 and all(int(address[3:].partition("@")[0]) < 30 for address in left)
    assert delivering.deliver(at=BEFORE + DAY + 61 * timedelta(seconds=1)) == 10


# --- Heartbeats -------------------------------------------------------------------------------------


def test_every_driver_has_a_heartbeat_and_a_deaf_one_is_told_after_ninety_seconds(cast):
    looking.look(at=WEEK_1, driver="celery")
    for seconds in range(0, 91, 15):
        looking.look(at=WEEK_1 + timedelta(seconds=seconds), driver="loop")

    by_then = drivers.standing(at=WEEK_1 + timedelta(seconds=90))
    later = drivers.standing(at=WEEK_1 + timedelta(seconds=91))
    assert [driver.name for driver in by_then.drivers] == ["celery", "loop"]
    assert (by_then.deaf, [driver.name for driver in later.deaf]) == ([], ["celery"])
    assert Heartbeat.objects.get(name="engine").at == WEEK_1 + timedelta(seconds=90)


def test_a_driver_that_was_taken_out_of_service_is_forgotten_after_a_day(cast):
    looking.look(at=WEEK_1, driver="loop")

    assert drivers.standing(at=WEEK_1 + DAY).drivers == []


# --- What the database holds ------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"pk": 2}, {"pk": 1, "catching_up_since": BEFORE}, {"pk": 1, "restored_to": BEFORE}])
def test_the_memory_of_the_engine_is_one_row_that_makes_sense(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Engine.objects.create(**wrong)


def test_a_daily_message_whose_days_were_missed_goes_on_with_the_next_one(cast):
    attempt = roads.handed_in(cast.mina)

    while any(firing.fire_due(at=attempt.handed_in_at + 10 * DAY + HOUR)):
        pass

    rows = Milestone.objects.filter(kind="review.breach", object_id=attempt.pk).order_by("occurrence")
    assert [(row.occurrence, row.state) for row in rows] == [(1, "fired"), (9, "pending")]
    assert rows.last().due_at == attempt.handed_in_at + 11 * DAY
