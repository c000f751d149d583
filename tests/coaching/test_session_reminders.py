"""Reminders of live sessions: the day before and an hour before, wherever the session goes."""

from datetime import timedelta

import pytest

from clients import messaging, pausing
from clients.models import Message
from coaching import convening, firing
from coaching.models import Milestone
from curriculum import moments
from tests import roads, sittings
from tests.roads import BEFORE, WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def session(cast):
    """The session of week 2 of the spring cohort."""
    sittings.arranged(cast)
    return sittings.session(cast, 2)


def rows(session, **which):
    found = Milestone.objects.filter(kind="session.remind", object_id=session.pk, **which)
    return list(found.order_by("rung", "occurrence"))


def look(at):
    while any(firing.fire_due(at=at)):
        pass


def told(kind="session.remind"):
    return sorted(Message.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_every_session_is_reminded_of_twice_and_the_kick_off_in_its_own_words(cast, session):
    kick_off = sittings.session(cast, 0)

    assert [session.starts_at - row.due_at for row in rows(session)] == [DAY, HOUR]
    assert [(row.cohort, row.week) for row in rows(session)] == [(cast.spring, 2)] * 2
    mine = Milestone.objects.filter(kind="kickoff").order_by("rung").values_list("object_id", "due_at")
    assert list(mine) == [(kick_off.pk, kick_off.starts_at - DAY), (kick_off.pk, kick_off.starts_at - HOUR)]


def test_clients_and_coaches_hear_when_it_is_by_their_own_clock_and_what_to_bring(cast, session):
    first = rows(session)[0]
    look(first.due_at)

    letters = {}
    for message in Message.objects.filter(about={"milestone": first.pk}):
        assert messaging.kinds()[message.kind].guard(message, first.due_at) is None
        letters[message.person.name] = messaging.kinds()[message.kind].letter(message, first.due_at)
    wall = moments.to_wall(session.starts_at, "Asia/Kolkata")
    day = "tomorrow" if wall.date() - moments.to_wall(first.due_at, "Asia/Kolkata").date() == DAY else "today"
    name = "Live session 2: Same topic, two listeners"
    assert letters["Noor"].subject == f"{name} is {day} at {wall:%H:%M} your time"
    assert "Bring: three terms from your work that somebody outside it would not know." in letters["Noor"].text
    assert "Open the session: http://across.test/week/2/?cohort=spring" in letters["Noor"].text
    assert letters["Tomas"].subject.startswith(f"Spring: “{name}” is tomorrow at ")
    assert sorted(letters) == ["Mina", "Noor", "Tomas"]


def test_they_do_not_wait_for_the_morning(cast, session):
    assert not messaging.kinds()["session.remind"].quiet
    assert not messaging.kinds()["kickoff.coach"].quiet


def test_who_cannot_come_is_not_reminded_even_if_they_say_so_late(cast, session):
    first, _last = rows(session)
    convening.decline(session, by=cast.mina, at=BEFORE)
    look(first.due_at)
    convening.decline(session, by=cast.noor, at=first.due_at + HOUR)

    message = Message.objects.get(kind="session.remind", person=cast.noor)
    assert messaging.kinds()["session.remind"].guard(message, first.due_at + HOUR) == "the client has declined"
    assert told() == ["Noor"]


def test_reminders_go_where_the_session_goes(cast, session):
    wall = moments.to_wall(session.starts_at, "Europe/Berlin") + 2 * DAY
    moved = convening.move(session, wall=wall, by=cast.tomas, at=BEFORE, minutes=session.minutes, link=session.link)

    assert [moved.starts_at - row.due_at for row in rows(session)] == [DAY, HOUR]
    assert {row.state for row in rows(session)} == {"pending"}


def test_one_that_moves_after_its_reminder_is_reminded_of_again(cast, session):
    first = rows(session)[0]
    look(first.due_at)
    wall = moments.to_wall(session.starts_at, "Europe/Berlin") + 2 * DAY
    moved = convening.move(
        session, wall=wall, by=cast.tomas, at=first.due_at + HOUR, minutes=session.minutes, link=session.link
    )

    found = [(row.rung, row.occurrence, row.state, moved.starts_at - row.due_at) for row in rows(session)]
    assert found == [(1, 1, "fired", 3 * DAY), (1, 2, "pending", DAY), (2, 1, "pending", HOUR)]


def test_one_that_is_cancelled_is_reminded_of_no_more(cast, session):
    convening.cancel(session, reason="The coach is ill", by=cast.tomas, at=WEEK_1)

    assert [(row.state, row.reason) for row in rows(session)] == [("cancelled", "it was cancelled")] * 2


def test_one_that_has_begun_is_not_reminded_of(cast, session):
    look(session.starts_at)

    assert [row.reason for row in rows(session)] == ["it has begun", "it has begun"]
    assert told() == []


def test_of_two_that_have_come_only_the_last_is_sent(cast, session):
    _first, last = rows(session)
    look(last.due_at)

    assert [(row.state, row.reason) for row in rows(session)] == [
        ("skipped", "the later reminder is due as well"),
        ("fired", ""),
    ]


def test_a_pause_takes_them_along(cast, session):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 3 * DAY)

    session.refresh_from_db()
    assert [session.starts_at - row.due_at for row in rows(session)] == [DAY, HOUR]


def test_whoever_left_hears_nothing_any_more(cast, session):
    first = rows(session)[0]
    look(first.due_at)
    roads.joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=first.due_at)

    message = Message.objects.get(kind="session.remind", person=cast.noor)
    assert messaging.kinds()["session.remind"].guard(message, first.due_at) == "the client has left the cohort"
