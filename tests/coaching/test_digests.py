"""A coach's morning and an admin's week: when they come, to whom, what they count."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from clients import choosing, extending, messaging, pausing
from clients.models import Message
from coaching import assigning, conversing, deciding, digests, firing, plans
from coaching.models import Assignment, Milestone
from curriculum import moments
from tests import roads
from tests.roads import BEFORE, STARTS_ON, WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def mornings(coach):
    rows = Milestone.objects.filter(kind="coach.digest", person=coach).order_by("due_at")
    return [(f"{moments.to_wall(row.due_at, coach.zone):%a %d %b %H:%M}", row.state, row.reason) for row in rows]


def look(at):
    while any(firing.fire_due(at=at)):
        pass


def look_hourly(start, end):
    while start <= end:
        look(start)
        start += HOUR


def letter(kind, to, at):
    message = Message.objects.filter(kind=kind, person=to).latest("pk")
    assert messaging.kinds()[kind].guard(message, at) is None
    return messaging.kinds()[kind].letter(message, at)


# --- A coach's morning ------------------------------------------------------------------------------


def test_it_comes_on_weekdays_at_half_past_seven_by_the_coachs_clock_where_something_waits(cast):
    look_hourly(WEEK_1 - 2 * DAY, WEEK_1)
    roads.handed_in(cast.mina)  # on Wednesday
    look_hourly(WEEK_1 + HOUR, WEEK_1 + 6 * DAY)

    empty = "nothing waits for feedback or an answer"
    assert mornings(cast.tomas)[2:] == [
        ("Tue 03 Mar 07:30", "skipped", empty),
        ("Wed 04 Mar 07:30", "skipped", empty),
        ("Thu 05 Mar 07:30", "fired", ""),
        ("Fri 06 Mar 07:30", "fired", ""),
        ("Mon 09 Mar 07:30", "fired", ""),
        ("Tue 10 Mar 07:30", "fired", ""),
        ("Wed 11 Mar 07:30", "pending", ""),
    ]


def test_it_names_who_has_to_hear_today_and_what_waits_in_each_cohort(cast):
    roads.coach(cast.autumn, cast.tomas)
    for who in (cast.mina, cast.omar):
        roads.handed_in(who, at=WEEK_1)
    roads.handed_in(cast.noor, at=WEEK_1 + 2 * DAY)
    saturday = WEEK_1 + 2 * DAY + 21 * HOUR  # 08:00 in Berlin: Wednesday's promises end today at 11:00

    found = digests.morning(cast.tomas, at=saturday)

    assert found == digests.Morning(
        count=3, oldest_hours=69, today=("Mina", "Omar"), by="11:00", cohorts=(("Autumn", 1), ("Spring", 2))
    )


def test_its_letter_holds_names_and_hours_and_no_text(cast):
    roads.handed_in(cast.mina)
    thursday = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    look(thursday)

    told = letter("coach.digest", cast.tomas, thursday)
    assert told.subject == "1 to review, the oldest waits 20 h"
    assert "Open the queue: http://across.test/coach/queue/" in told.text
    assert "card payment" not in told.text


def test_whoever_asks_for_more_time_stands_in_it_until_there_is_an_answer(cast):
    question = extending.ask(
        roads.piece(cast.mina), until=date(2026, 3, 15), by=cast.mina, at=WEEK_1, note="Two releases"
    )
    thursday = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    look(thursday)

    alone = letter("coach.digest", cast.tomas, thursday)
    roads.handed_in(cast.noor, at=WEEK_1)
    both = letter("coach.digest", cast.tomas, thursday)
    deciding.decide(question, grant=True, by=cast.tomas, at=thursday)

    assert alone.subject == "1 to answer: more time"
    assert "Mina asks for more time and waits for your yes or no." in alone.text
    assert ("Two releases" in alone.text, "pieces" in alone.text) == (False, False)
    assert both.subject == "1 to review, the oldest waits 20 h"
    assert "Mina asks for more time" in both.text
    assert digests.morning(cast.tomas, at=thursday).asked == ()


def test_a_question_alone_is_a_reason_for_it_until_somebody_answers_and_no_word_of_it_is_in_it(cast):
    pair = cast.enrolment(cast.mina)
    conversing.write(pair, cast.tomas, text="CANARY", by=cast.mina, at=WEEK_1)
    thursday = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    look(thursday)

    alone = letter("coach.digest", cast.tomas, thursday)
    roads.handed_in(cast.noor, at=WEEK_1)
    both = letter("coach.digest", cast.tomas, thursday)
    with transaction.atomic():
        pausing.pause(cast.spring, by=cast.ada, at=thursday)
        paused = digests.morning(cast.tomas, at=thursday).wrote
        transaction.set_rollback(True)
    conversing.write(pair, cast.tomas, text="Yes.", by=cast.tomas, at=thursday)

    assert alone.subject == "1 to answer: your clients have written"
    assert "Mina has written and waits for your answer." in alone.text
    assert both.subject == "1 to review, the oldest waits 20 h"
    assert "Mina has written and waits for your answer." in both.text
    assert ("CANARY" in alone.text + both.text, paused) == (False, ())
    assert digests.morning(cast.tomas, at=thursday).wrote == ()
    assert Message.objects.filter(kind="coach.digest").exclude(person=cast.tomas).count() == 0


def test_nobody_is_pressed_while_a_cohort_stands_still(cast):
    roads.handed_in(cast.mina)
    thursday = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    look(thursday)
    message = Message.objects.get(kind="coach.digest")
    pausing.pause(cast.spring, by=cast.ada, at=thursday)

    assert messaging.kinds()["coach.digest"].guard(message, thursday) == "nothing waits for feedback or an answer"


def test_it_is_one_however_many_cohorts_somebody_coaches(cast):
    roads.coach(cast.autumn, cast.tomas)

    assert len(mornings(cast.tomas)) == 1


def test_after_days_without_a_look_this_mornings_is_sent_and_the_ones_before_are_not(cast):
    roads.handed_in(cast.mina)
    look(datetime(2026, 3, 5, 9, tzinfo=UTC))  # Thursday, 10:00 in Berlin

    stale = "stale: too late to be of use"
    assert mornings(cast.tomas) == [
        ("Mon 23 Feb 07:30", "skipped", stale),
        ("Thu 05 Mar 07:30", "fired", ""),
        ("Fri 06 Mar 07:30", "pending", ""),
    ]


def test_it_ends_with_the_last_cohort_and_begins_again_with_the_next(cast):
    assigning.release(Assignment.objects.get(coach=cast.tomas), by=cast.ada, at=BEFORE)
    look(BEFORE + 4 * DAY)
    ended = [state for _when, state, _reason in mornings(cast.tomas)]
    roads.coach(cast.autumn, cast.tomas, at=BEFORE + 4 * DAY)

    assert ended == ["skipped"]
    assert [state for _when, state, _reason in mornings(cast.tomas)] == ["skipped", "pending"]


def test_it_follows_its_coach_to_another_zone(cast):
    choosing.choose(cast.tomas, zone="Asia/Tokyo", at=BEFORE)
    cast.tomas.refresh_from_db()

    assert mornings(cast.tomas) == [("Mon 23 Feb 07:30", "pending", "")]


@pytest.mark.parametrize(
    ("zone", "after", "wall"),
    [
        ("Europe/Berlin", "2026-03-06T06:29:59Z", "Fri 06 Mar 07:30"),
        ("Europe/Berlin", "2026-03-06T06:30:00Z", "Mon 09 Mar 07:30"),
        ("Asia/Kolkata", "2026-03-08T23:00:00Z", "Mon 09 Mar 07:30"),
        ("America/Los_Angeles", "2026-03-06T20:00:00Z", "Mon 09 Mar 07:30"),
    ],
)
def test_the_next_morning_is_a_weekday_still_to_come(zone, after, wall):
    assert f"{plans.next_morning(zone, after=datetime.fromisoformat(after)):%a %d %b %H:%M}" == wall


# --- An admin's week --------------------------------------------------------------------------------


def test_it_comes_on_mondays_at_eight_by_the_cohorts_clock_for_each_week_that_runs(cast):
    rows = Milestone.objects.filter(kind="admin.weekly", cohort=cast.spring).order_by("week")

    walls = [moments.to_wall(row.due_at, "Europe/Berlin") for row in rows]
    assert [row.week for row in rows] == list(range(1, 10))
    assert {(wall.weekday(), wall.hour, wall.minute) for wall in walls} == {(0, 8, 0)}
    assert walls[0].date() == STARTS_ON


def test_it_counts_what_came_in_what_is_late_and_how_long_reviews_took(cast):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    roads.handed_in(cast.noor, at=WEEK_1 + 2 * DAY)
    monday = datetime(2026, 3, 9, 7, tzinfo=UTC)

    assert digests.week_of(cast.spring, at=monday) == digests.CohortWeek(
        clients=2, week=1, handed_in=2, late=2, late_clients=2, waiting=1, longest_hours=69, reviewed=1,
        review_hours=2, over_promise=0, failed=0,
    )  # fmt: skip


def test_its_letter_goes_to_every_admin_and_holds_no_name_of_a_client(cast):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    monday = datetime(2026, 3, 9, 7, tzinfo=UTC)
    Milestone.objects.filter(kind="admin.weekly", cohort=cast.autumn).delete()
    look(monday)

    told = letter("admin.weekly", cast.ada, monday)
    assert told.subject == "Spring: 2 of 2 have something overdue"
    assert "Week 1: 1 of 2 have handed in what it asks for." in told.text
    assert "Mina" not in told.text
    assert "Open the board: http://across.test/manage/cohorts/spring/board/" in told.text


def test_of_two_weeks_that_have_come_only_the_last_is_told(cast):
    look(WEEK_2)

    rows = Milestone.objects.filter(kind="admin.weekly", cohort=cast.spring, week__lte=2).order_by("week")
    assert [(row.state, row.reason) for row in rows] == [
        ("skipped", "stale: too late to be of use"),
        ("fired", ""),
    ]


def test_a_cohort_without_clients_has_nothing_to_tell(cast):
    empty = roads.cohort("Winter", by=cast.ada)
    look(datetime(2026, 3, 2, 7, tzinfo=UTC))

    assert Milestone.objects.get(kind="admin.weekly", cohort=empty, week=1).reason == "the cohort has no clients"


def test_mail_that_failed_is_counted(cast, settings):
    settings.EMAIL_BACKEND = "tests.postoffices.Closed"
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    Message.objects.filter(kind="invite").update(state="dead", reason="given up after twelve tries")

    assert digests.week_of(cast.spring, at=WEEK_1 + DAY).failed == 1
