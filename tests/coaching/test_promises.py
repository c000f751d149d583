"""When feedback is due, by a clock that stands while things stand still, and who hears when it is late."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from clients import holding, moving, pausing, submitting
from clients.models import Message, User
from coaching import board, caseload, digests, firing, promises, reconciling
from coaching.models import Milestone
from curriculum.moments import Pause
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 3, 9)


def promise(person, *, at):
    """The promise as the queue of its coach has it."""
    rows = caseload.queue(User.objects.get(name="Tomas"), at=at)
    (row,) = [row for row in rows if row.client == person.name]
    return row.promise


def lived(until, *, since, step=6 * HOUR):
    """The engine looks every six hours."""
    at = since
    while at < until:
        at = min(at + step, until)
        while firing.tick(at=at).anything:
            pass


def sent(kind):
    return [
        (message.person.name, message.sent_at)
        for message in Message.objects.filter(kind=kind, state="sent").select_related("person").order_by("sent_at")
    ]


def offered_in_mail():
    """Who is told of somebody that could stand in, and in which words."""
    offers = [(one.to[0], re.findall(r"Could stand in: [^.]*\.", one.body)) for one in mail.outbox]
    return {(to, *words) for to, words in offers if words}


# --- The arithmetic -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stops", "due", "waited", "stands"),
    [
        ((), 72, 30, False),
        (((10, 20),), 82, 20, False),
        (((-20, -10),), 72, 30, False),
        (((-5, 5), (10, 20)), 87, 15, False),
        (((25, 40),), 87, 25, True),
        (((30, 40),), 82, 30, True),
        (((10, 30),), 92, 10, False),
        (((72, 80),), 72, 30, False),
        (((71, 80),), 81, 30, False),
        (((20, None),), 82, 20, True),
    ],
)
def test_a_promise_counts_the_hours_that_run(stops, due, waited, stands):
    at = WEEK_1 + 30 * HOUR
    spans = tuple(Pause(WEEK_1 + began * HOUR, ended and WEEK_1 + ended * HOUR) for began, ended in stops)

    found = promises.of(WEEK_1, spans, at=at)

    assert (found.due_at, found.waited, found.stands) == (WEEK_1 + due * HOUR, waited * HOUR, stands)
    assert (found.left, found.until) == ((72 - waited) * HOUR, at + (72 - waited) * HOUR)


def test_a_pause_within_a_week_off_and_a_hold_across_both_count_once(cast):
    week_off, after = datetime(2026, 3, 8, 23, tzinfo=UTC), datetime(2026, 3, 15, 23, tzinfo=UTC)  # midnight in Berlin
    moving.set_break(cast.spring, first_day=MONDAY, by=cast.ada, at=WEEK_1)
    pausing.pause(cast.spring, by=cast.ada, at=week_off + DAY)
    pausing.resume(cast.spring, by=cast.ada, at=week_off + 2 * DAY)
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=after - DAY)
    holding.go_on(cast.enrolment(cast.mina), by=cast.tomas, at=after + DAY)
    mina, noor = cast.enrolment(cast.mina), cast.enrolment(cast.noor)

    by_query = promises.stops_by_enrolment([mina.pk, noor.pk, cast.enrolment(cast.omar).pk])

    assert by_query == {mina.pk: (Pause(week_off, after + DAY),), noor.pk: (Pause(week_off, after),)}
    assert [promises.stops_for(one) for one in (mina, noor)] == [by_query[mina.pk], by_query[noor.pk]]


# --- One answer everywhere ------------------------------------------------------------------------------


def test_the_queue_the_board_the_page_and_the_api_name_one_time(cast, client, monkeypatch):
    piece = roads.handed_in(cast.mina, at=WEEK_1).submission
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1 + 10 * HOUR)
    holding.go_on(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1 + 34 * HOUR)
    at, due = WEEK_1 + 40 * HOUR, WEEK_1 + 96 * HOUR
    monkeypatch.setattr("curriculum.clock.now", lambda: at)
    (row,) = caseload.queue(cast.tomas, at=at)
    found = board.board(cast.spring, at=at, levels=True)

    client.force_login(cast.mina)
    page = client.get("/work/w1-x1/").content.decode()

    assert (row.promised_at, row.left) == (due, 56 * HOUR)
    assert (found.facts.first_promised_at, found.facts.longest_wait) == (due, 16 * HOUR)
    assert found.rows[0].cells[1].minutes == 56 * 60
    assert Api(cast.mina).get(f"submissions/{piece.pk}/").json()["promised_at"] == "2026-03-08T10:00:00Z"
    assert Api(cast.tomas).get("reviews/queue/").json()["results"][0]["promised_at"] == "2026-03-08T10:00:00Z"
    assert 'datetime="2026-03-08T10:00:00Z"' in page
    assert "Chicago time" in page


def test_while_the_clock_stands_nobody_is_told_a_time(cast, client, monkeypatch):
    roads.handed_in(cast.mina, at=WEEK_1)
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1 + 10 * HOUR)
    monkeypatch.setattr("curriculum.clock.now", lambda: WEEK_1 + 200 * HOUR)

    client.force_login(cast.mina)
    page = client.get("/work/w1-x1/").content.decode()
    client.force_login(cast.tomas)
    queue = client.get("/coach/queue/").content.decode()

    assert "The clock of the answer stands: 62 h left of the 72 hours once things go on." in page
    assert "The clock stands" in queue
    assert "Their clocks stand; nobody is pressed." in queue


def test_each_hand_in_is_promised_an_answer_of_its_own(cast):
    roads.answered(cast.mina, cast.tomas, another=True)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    assert caseload.queue(cast.tomas, at=WEEK_2) == []

    roads.handed_in(cast.mina, at=WEEK_2)

    assert promise(cast.mina, at=WEEK_2 + HOUR).due_at == WEEK_2 + 72 * HOUR


# --- Who hears ------------------------------------------------------------------------------------------


def test_a_breach_tells_the_coach_the_admin_and_at_last_the_client_by_the_clock_that_stood(cast):
    roads.handed_in(cast.mina, at=WEEK_1)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1 + 10 * HOUR)
    lived(WEEK_1 + 58 * HOUR, since=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 58 * HOUR)  # 62 of the 72 hours are left

    lived(WEEK_1 + 160 * HOUR, since=WEEK_1 + 58 * HOUR)

    assert sent("review.warn") == [("Tomas", WEEK_1 + 100 * HOUR)]  # 48 and 48 are 96; the engine looks at 100
    assert sent("review.breach") + sent("review.breach.admin") == [
        ("Tomas", WEEK_1 + 124 * HOUR),
        ("Tomas", WEEK_1 + 148 * HOUR),
        ("Ada", WEEK_1 + 124 * HOUR),
        ("Ada", WEEK_1 + 148 * HOUR),
    ]
    assert [name for name, _at in sent("review.breach.client")] == ["Mina"]
    assert offered_in_mail() == {
        ("tomas@example.org", "Could stand in: Ines."),
        ("ada@example.org", "Could stand in: Ines."),
    }


def test_a_promise_is_moved_by_a_hold_once_and_the_engine_has_nothing_to_put_right(cast):
    roads.handed_in(cast.mina, at=WEEK_1)
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1 + 10 * HOUR)
    lived(WEEK_1 + 100 * HOUR, since=WEEK_1, step=12 * HOUR)
    holding.go_on(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1 + 100 * HOUR)

    due = Milestone.objects.filter(kind__startswith="review.", state="pending").order_by("due_at")

    assert sent("review.warn") == []
    assert list(due.values_list("kind", "due_at")) == [
        ("review.warn", WEEK_1 + 138 * HOUR),
        ("review.breach", WEEK_1 + 162 * HOUR),
        ("review.breach.client", WEEK_1 + 170 * HOUR),
    ]
    assert reconciling.reconcile(at=WEEK_1 + 101 * HOUR) == 0


def test_a_week_off_that_is_set_later_moves_what_is_promised(cast):
    roads.handed_in(cast.mina, at=WEEK_1 + 3 * DAY)  # Saturday 10:00; by the plan due on Tuesday
    moving.set_break(cast.spring, first_day=MONDAY, by=cast.ada, at=WEEK_1 + 3 * DAY + HOUR)

    due = Milestone.objects.get(kind="review.breach").due_at

    assert due == promise(cast.mina, at=WEEK_1 + 4 * DAY).due_at == WEEK_1 + 13 * DAY


# --- A coach's own figures --------------------------------------------------------------------------------


def test_a_coach_sees_how_fast_they_answer_and_nobody_else_s_pace(cast):
    roads.coach(cast.spring, cast.ines)
    roads.answered(cast.mina, cast.tomas)
    roads.answered(cast.noor, cast.ines)
    roads.translation_answered(cast.noor, cast.tomas, at=WEEK_1 + HOUR)

    found = digests.pace(cast.tomas, at=WEEK_2)

    assert found == digests.Pace(answered=2, median_hours=2)
    assert digests.pace(cast.tomas, at=WEEK_1 + 40 * DAY) == digests.Pace(answered=0, median_hours=None)


def test_the_hours_of_a_digest_are_those_of_the_promise(cast):
    roads.handed_in(cast.mina, at=WEEK_1)
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1 + 10 * HOUR)

    found = digests.morning(cast.tomas, at=WEEK_1 + 100 * HOUR)

    assert (found.count, found.oldest_hours, found.today) == (1, 10, ())
