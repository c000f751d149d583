"""The dry run says what the engine would do if nobody did anything, and does nothing."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients import joining, pausing
from clients.models import JournalEntry, Message
from coaching import assigning, caseload, firing, milestones, rehearsing, substituting, unchanged
from coaching.models import Assignment, Heartbeat, Milestone
from coaching.rehearsing import Cast
from coaching.web.office import ahead
from tests import roads
from tests.roads import BEFORE, WEEK_1

HOUR = timedelta(hours=1)
QUERIES = 20  # a message, instants at which nothing is said included
UNTIL = datetime(2026, 3, 16, tzinfo=UTC)
TABLES = (Milestone, Message, JournalEntry, Heartbeat)


def everything():
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def of(planned, person):
    return [(row.at, row.kind) for row in planned if row.to == person.email]


def test_it_sends_nothing_and_writes_nothing(cast):
    before = everything()

    planned = rehearsing.rehearse(until=UNTIL, at=BEFORE)

    assert len(planned) > 20
    assert everything() == before
    assert mail.outbox == []


def test_it_wakes_nobody_up(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        rehearsing.rehearse(until=UNTIL, at=BEFORE)

    assert callbacks == []


def test_what_it_says_is_what_the_engine_then_does(cast):
    roads.handed_in(cast.noor, at=WEEK_1)
    planned = rehearsing.rehearse(until=UNTIL, at=WEEK_1)

    instants = [*Milestone.objects.values_list("due_at", flat=True), *(row.at for row in planned)]
    for at in sorted({instant for instant in instants if WEEK_1 <= instant <= UNTIL} | {WEEK_1}):
        while firing.tick(at=at).anything:
            pass

    sent = Message.objects.filter(state="sent").values_list("sent_at", "kind", "person__email")
    assert sorted(sent) == sorted((row.at, row.kind, row.to) for row in planned)
    assert sorted(letter.subject for letter in mail.outbox) == sorted(row.subject for row in planned)


def test_it_is_in_order_and_knows_who_is_asleep(cast):
    planned = rehearsing.rehearse(until=UNTIL, at=BEFORE)

    assert planned == sorted(planned)
    first = next(row for row in planned if row.to == cast.mina.email and row.kind == "week.unlock")
    assert (first.at, first.kind, first.zone) == (
        datetime(2026, 3, 2, 13, 30, tzinfo=UTC),  # the week opens at one in the night; this is 07:30 in Chicago
        "week.unlock",
        "America/Chicago",
    )
    assert first.subject == "Week 1: The game changed"


def test_it_stops_at_the_instant_it_is_asked_for(cast):
    opens = Milestone.objects.get(enrolment__client=cast.omar, kind="week.unlock", week=1).due_at

    up_to = rehearsing.rehearse(until=opens, at=BEFORE)
    before = rehearsing.rehearse(until=opens - timedelta(microseconds=1), at=BEFORE)

    earlier = [kind for _at, kind in of(before, cast.omar)]
    assert earlier == ["welcome", "baseline.due", "baseline.due"]
    assert of(up_to, cast.omar) == [*of(before, cast.omar), (opens, "week.unlock")]


def test_a_cohort_of_twelve_for_a_week_and_one_of_them_for_five_are_answered(cast):
    people = [roads.person(f"Person {number}") for number in range(10)]  # besides Mina and Noor
    for person in people:
        roads.client(cast.spring, person, at=BEFORE)
    attempt = roads.handed_in(cast.mina, at=WEEK_1)

    week = len(rehearsing.moments_until(WEEK_1 + timedelta(days=7), Cast(cohort=cast.spring)))
    five = len(rehearsing.moments_until(WEEK_1 + timedelta(days=35), Cast(person=cast.mina)))
    watched = len(rehearsing.moments_until(WEEK_1 + timedelta(days=7), Cast(person=cast.tomas)))

    with CaptureQueriesContext(connection) as seen:
        planned = rehearsing.rehearse(until=UNTIL, at=WEEK_1, cast=Cast(cohort=cast.spring))

    assert len(seen) < QUERIES * len(planned)
    assert 12 < week <= ahead.MOMENTS_AT_MOST
    assert 12 < five <= ahead.MOMENTS_AT_MOST
    breach = Milestone.objects.get(kind="review.breach", object_id=attempt.pk)
    breach.delete()
    days = (WEEK_1 + timedelta(days=7) - breach.due_at).days + 1
    assert len(rehearsing.moments_until(WEEK_1 + timedelta(days=7), Cast(person=cast.tomas))) == watched - days


def test_a_paused_cohort_is_not_in_it(cast):
    pausing.pause(cast.spring, by=cast.ada, at=BEFORE + HOUR)

    planned = rehearsing.rehearse(until=UNTIL, at=BEFORE + 2 * HOUR)

    assert {row.cohort for row in planned} == {"Autumn"}


def test_whoever_leaves_is_not_in_it(cast):
    joining.withdraw(cast.enrolment(cast.mina), by=cast.mina, at=BEFORE + HOUR)

    planned = rehearsing.rehearse(until=UNTIL, at=BEFORE + 2 * HOUR)

    assert of(planned, cast.mina) == []


def test_what_is_on_its_way_already_is_in_it(cast):
    feedback = roads.answered(cast.noor, cast.tomas, at=WEEK_1)

    planned = rehearsing.rehearse(until=WEEK_1 + timedelta(days=1), at=feedback.sent_at)

    told = next(row for row in planned if row.kind == "feedback")
    assert told.to == cast.noor.email
    assert told.at >= feedback.sent_at + timedelta(minutes=10)


def test_a_review_nobody_writes_is_asked_for_every_day(cast):
    attempt = roads.handed_in(cast.mina, at=WEEK_1)

    planned = rehearsing.rehearse(until=WEEK_1 + timedelta(days=5), at=WEEK_1)

    reviews = [row.kind for row in planned if row.kind.startswith("review.")]
    assert attempt.number == 1
    breach = ["review.breach", "review.breach.admin"]
    assert reviews == ["review.warn", *breach, "review.breach.client", *breach, *breach]


# --- manage.py engine --dry-run ---------------------------------------------------------------------


@pytest.fixture
def dry_run(cast, monkeypatch):
    """The command, on the eve of everything."""
    monkeypatch.setattr("curriculum.clock.now", lambda: BEFORE)

    def run(*arguments):
        out = StringIO()
        call_command("engine", "--dry-run", *arguments, stdout=out)
        return out.getvalue().splitlines()

    return run


def test_the_command_lists_a_line_a_message_and_how_many_there_are(dry_run):
    lines = dry_run("--until", "2026-03-03T00:00Z")

    assert len(lines) == 15
    assert lines[0].split()[:6] == ["2026-02-23T03:30:00Z", "Mon", "23", "Feb", "09:00", "Asia/Kolkata"]
    assert lines[0].split()[6:8] == ["welcome", "noor@example.org"]
    assert lines[-1] == "14 messages until 2026-03-03T00:00Z. Nothing was sent."


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--dry-run needs --until with an instant such as 2027-03-01T00:00Z"),
        (("--until", "soon"), "--dry-run needs --until with an instant such as 2027-03-01T00:00Z"),
        (("--until", "2026-03-03T00:00"), "--until needs its zone: put Z at the end for UTC."),
    ],
)
def test_the_command_says_what_it_needs(dry_run, arguments, told):
    with pytest.raises(CommandError) as refused:
        dry_run(*arguments)

    assert str(refused.value) == told


def test_a_row_that_cannot_be_fired_keeps_no_other_from_being_told(cast, monkeypatch):
    others = rehearsing.rehearse(until=UNTIL, at=BEFORE, cast=Cast(person=cast.omar))
    unlock = Milestone.objects.get(enrolment__client=cast.mina, kind="week.unlock", week=1)
    usual = milestones.reason_against

    def poisoned(milestone, *, at):
        if milestone.pk == unlock.pk:
            raise ValueError("poison")
        return usual(milestone, at=at)

    monkeypatch.setattr(milestones, "reason_against", poisoned)
    planned = rehearsing.rehearse(until=UNTIL, at=BEFORE)

    assert of(planned, cast.omar) == [(row.at, row.kind) for row in others]
    assert (unlock.due_at, "week.unlock") not in of(planned, cast.mina)


def test_what_was_answered_in_a_rehearsal_is_asked_anew_after_it(cast):
    with unchanged.while_nobody_acts():
        assert caseload.coaches(cast.tomas, cast.spring)
        assigning.release(Assignment.objects.get(coach=cast.tomas, cohort=cast.spring), by=cast.ada, at=BEFORE)
        assert caseload.coaches(cast.tomas, cast.spring)

    assert not caseload.coaches(cast.tomas, cast.spring)


def test_whoever_stands_in_is_told_what_the_coach_would_be_and_whoever_coaches_no_more_is_not(cast):
    roads.handed_in(cast.mina, at=WEEK_1)
    substitute = roads.person("Pia")
    roads.coach(roads.cohort("Reserve", by=cast.ada), substitute)
    week = WEEK_1 + timedelta(days=7)

    def told(person):
        found = rehearsing.rehearse(until=week, at=WEEK_1, cast=Cast(person=person, at=WEEK_1))
        return {row.kind for row in found if row.to == person.email} & {"review.warn", "review.breach"}

    before = told(substitute)
    substituting.set_window(
        cast.spring, away=cast.tomas, substitute=substitute, first_day=date(2026, 3, 4), last_day=date(2026, 3, 31),
        by=cast.tomas, at=WEEK_1,
    )  # fmt: skip
    during = told(substitute)
    assigning.release(Assignment.objects.get(coach=cast.tomas, cohort=cast.spring), by=cast.ada, at=WEEK_1)

    assert (before, during) == (set(), {"review.warn", "review.breach"})
    assert Cast(person=cast.tomas, at=WEEK_1)._answered_by(cast.tomas) == []
