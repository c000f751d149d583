"""What people hear of a live session besides its reminders: that it moved, is off, or that somebody cannot come."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from clients import delivering, holding, joining, notices
from clients.models import Message, Notice
from coaching import announcing, convening, firing, session_letters
from coaching.models import Milestone
from tests import roads, sittings
from tests.roads import BEFORE, WEEK_1
from tests.sittings import FIRST

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTES = timedelta(minutes=10)
TELLING = 3
NEW_WALL = datetime(2026, 3, 6, 11)  # Friday of week 1, in Berlin
NEW = datetime.fromisoformat("2026-03-06T10:00+00:00")


def reminders(session):
    """(rung, occurrence, state, due) of what is planned for it."""
    rows = Milestone.objects.filter(object_id=session.pk, kind__in=["kickoff", "session.remind"])
    return list(rows.order_by("rung", "occurrence").values_list("rung", "occurrence", "state", "due_at"))


def sent(at):
    """(to, subject) of what leaves the house at an instant about a session."""
    mail.outbox.clear()
    firing.fire_due(at=at)
    delivering.deliver(at=at)
    mail.outbox[:] = [
        one for one in mail.outbox if one.extra_headers["X-Across-Kind"].startswith(("kickoff", "session."))
    ]
    return sorted((one.to[0].split("@")[0], one.subject) for one in mail.outbox)


def test_a_cancelled_session_is_not_reminded_of_and_one_planned_again_is(cast):
    session = sittings.cancelled(cast)
    cancelled = [state for _rung, _occurrence, state, _due in reminders(session)]
    convening.move(session, wall=NEW_WALL, by=cast.tomas, at=BEFORE)

    assert cancelled == ["cancelled", "cancelled"]
    assert [(occurrence, state) for _rung, occurrence, state, _due in reminders(session)] == [
        (1, "cancelled"), (2, "pending"), (1, "cancelled"), (2, "pending"),
    ]  # fmt: skip


# --- Word of what became of it --------------------------------------------------------------------


def test_a_new_time_is_told_to_everybody_but_whoever_set_it(cast):
    session = sittings.session(cast)
    convening.move(session, wall=NEW_WALL, by=cast.tomas, at=BEFORE)

    assert sent(BEFORE + MINUTES - timedelta(seconds=1)) == []
    assert sent(BEFORE + MINUTES) == [
        ("mina", "Spring: Live session 1: Four answers, said aloud is now on Friday 6 March at 04:00 your time"),
        ("noor", "Spring: Live session 1: Four answers, said aloud is now on Friday 6 March at 15:30 your time"),
    ]


def test_of_second_thoughts_only_the_last_is_told(cast):
    session = sittings.session(cast)
    convening.move(session, wall=NEW_WALL, by=cast.tomas, at=BEFORE)
    convening.move(session, wall=NEW_WALL + HOUR, by=cast.ada, at=BEFORE + MINUTES / 2)

    subjects = [subject.rsplit(" at ", 1)[1] for _to, subject in sent(BEFORE + 2 * MINUTES)]

    assert sorted(subjects) == ["05:00 your time", "12:00 your time", "16:30 your time"]


def test_another_link_alone_is_no_new_time(cast):
    session = sittings.session(cast)
    convening.move(session, wall=datetime(2026, 3, 5, 17), link="", by=cast.tomas, at=BEFORE)

    assert Message.objects.filter(kind__startswith="session.").count() == 0


def test_a_cancelled_session_says_why_and_whoever_left_hears_nothing(cast):
    sittings.cancelled(cast)
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=BEFORE)

    assert [to for to, _subject in sent(BEFORE + MINUTES)] == ["mina"]
    assert "The coach is ill" in mail.outbox[0].body
    assert "/week/1/?cohort=spring" in mail.outbox[0].body


def test_a_coach_hears_who_cannot_come_unless_they_can_after_all(cast):
    session = sittings.session(cast)
    convening.decline(session, by=cast.mina, at=BEFORE)
    convening.decline(session, by=cast.noor, at=BEFORE)
    convening.come(session, by=cast.noor, at=BEFORE + timedelta(minutes=2))

    assert sent(BEFORE + MINUTES) == [("tomas", "Mina cannot come to Live session 1: Four answers, said aloud")]
    assert "on Thursday 5 March at 17:00 your time" in mail.outbox[0].body


@pytest.mark.parametrize("kind", ["session.moved", "session.cancelled"])
def test_what_is_told_of_a_session_that_begins_soon_is_not_told_afterwards(cast, kind):
    session = sittings.session(cast)
    at = FIRST - timedelta(minutes=5)
    if kind == "session.moved":
        convening.move(session, wall=datetime(2026, 3, 5, 17, 2), by=cast.tomas, at=at)
    else:
        convening.cancel(session, reason="Ill", by=cast.tomas, at=at)
    sent(at + MINUTES)

    assert set(Message.objects.filter(kind=kind).values_list("state", flat=True)) == {"cancelled"}
    assert Message.objects.filter(kind=kind).count() == 2


def test_no_letter_has_a_homework_text_in_it(cast):
    sittings.arranged(cast)
    sent(WEEK_1 + DAY + 5 * HOUR)

    assert [one.subject for one in mail.outbox if "One good customer" in one.body] == []


def test_another_weekday_is_told_once_however_many_sessions_move(cast):
    sittings.arranged(cast)
    sittings.arranged(cast, weekday=1, at=BEFORE)
    sittings.arranged(cast, weekday=2, at=BEFORE + MINUTES / 2)

    words = "Spring meets at another time from now on: Wednesday, 17:00 Berlin time"
    assert sent(BEFORE + 2 * MINUTES) == [("noor", words), ("tomas", words)]
    bodies = {one.to[0].split("@")[0]: one.body for one in mail.outbox}
    assert sent(BEFORE + 5 * HOUR) == [("mina", words)]  # it is news for the morning
    bodies["mina"] = mail.outbox[0].body
    assert "“Kick-off”: Wednesday 25 February at 10:00 your time." in bodies["mina"]
    assert "/calendar/?cohort=spring" in bodies["mina"]
    assert "/coach/sessions/spring/" in bodies["tomas"]


def test_a_first_rule_the_same_rule_and_another_room_are_no_news(cast):
    sittings.arranged(cast)
    sittings.arranged(cast)
    sittings.arranged(cast, link="https://other.example.org/")

    assert Message.objects.filter(kind="session.rearranged").count() == 0


def test_a_client_on_hold_is_left_alone(cast):
    session = sittings.session(cast)
    convening.move(session, wall=NEW_WALL, by=cast.tomas, at=BEFORE)
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=BEFORE)

    told = [to for to, _subject in sent(BEFORE + MINUTES)]
    reminded = [to for to, _subject in sent(NEW - DAY)]

    assert (told, reminded) == (["noor"], ["noor", "tomas"])


def test_a_hold_between_planning_and_sending_is_seen(cast):
    sittings.arranged(cast)
    firing.fire_due(at=FIRST - HOUR)
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=FIRST - HOUR)

    assert [to for to, subject in sent(FIRST - HOUR) if "Four answers" in subject] == ["noor", "tomas"]


# --- In the bell ----------------------------------------------------------------------------------


def bell(who, at):
    return [(line.text, line.link) for line in notices.lines_of(who, at=at).lines]


def test_the_bell_says_it_too_once_second_thoughts_are_over_and_leads_everybody_to_their_own_page(cast):
    session = sittings.cancelled(cast)
    convening.decline(sittings.session(cast, 2), by=cast.mina, at=BEFORE)
    words = "Spring: Live session 1: Four answers, said aloud does not take place"

    assert bell(cast.mina, BEFORE) == []
    assert bell(cast.mina, BEFORE + MINUTES) == [(words, "/week/1/?cohort=spring")]
    assert [link for _text, link in bell(cast.tomas, BEFORE + MINUTES)] == ["/coach/sessions/spring/"]
    assert session.state == "cancelled"


@pytest.mark.parametrize("more", [0, 2])
def test_telling_a_cohort_takes_the_same_statements_however_many_are_in_it(cast, more, django_assert_num_queries):
    session = sittings.session(cast)
    for n in range(more):
        roads.client(cast.spring, roads.person(f"Extra{n}"), at=BEFORE)

    with django_assert_num_queries(TELLING):
        announcing.tell(session, kind="session.moved", by=cast.tomas, at=BEFORE)

    told = Message.objects.filter(kind="session.moved")
    assert (told.count(), Notice.objects.filter(kind="session.moved").count()) == (2 + more, 2 + more)


@pytest.mark.parametrize("declined", [1, 3])
def test_the_bell_costs_the_same_however_many_cannot_come(cast, declined, django_assert_num_queries):
    for week in range(1, 1 + declined):
        convening.decline(sittings.session(cast, week), by=cast.mina, at=BEFORE)
    messages = [notices.as_message(notice, cast.tomas) for notice in notices.of(cast.tomas, at=BEFORE + MINUTES)]

    with django_assert_num_queries(3):
        told = session_letters.headlines(messages, BEFORE + MINUTES)
    assert len(told) == declined
