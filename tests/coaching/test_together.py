"""A batch costs the same however many are in it, and says of each what it would say alone."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from clients import delivering, extending, submitting
from clients.models import Message, Suppression
from coaching import firing, milestones, together
from coaching.models import Milestone
from tests import roads
from tests.reliability.answers import answer
from tests.roads import BEFORE, WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = ("week.unlock", "nudge.midweek", "ledger.friday", "due.reminder", "overdue.1", "overdue.2")
EACH = 7  # queries of one mail
NOON = datetime(2026, 3, 9, 11, tzinfo=UTC)  # of Monday of week 2


class Refusing(BaseEmailBackend):
    """Knows nobody."""

    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({email_messages[0].to[0]: (550, b"5.1.1 mailbox unknown")})


@pytest.fixture
def crowd(cast):
    """Six more clients of Spring, all on one clock."""
    people = [roads.person(f"Person {number}") for number in range(6)]
    for person in people:
        roads.client(cast.spring, person, at=BEFORE)
    return people


def queries(work):
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def due(kind, people):
    return Milestone.objects.filter(kind=kind, enrolment__client__in=people, state="pending").order_by("due_at")


def fire(kind, people):
    """The first that comes due of these people, at its own instant."""
    first = due(kind, people).first()
    with firing.among(Q(kind=kind, week=first.week, enrolment__client__in=people)):
        return firing.fire_due(at=first.due_at, limit=100)


@pytest.mark.parametrize("kind", KINDS)
def test_firing_costs_the_same_for_one_client_and_for_five(crowd, kind):
    fire(kind, crowd[:1])  # what is read once a process is read

    one = queries(lambda: fire(kind, crowd[1:2]))
    five = queries(lambda: fire(kind, crowd[2:]))

    assert five == one
    assert Milestone.objects.filter(kind=kind, state="fired").count() == 6


def test_each_mail_costs_a_fixed_number_of_queries(crowd):
    fire("due.reminder", crowd)
    at = Message.objects.first().available_at
    delivering.deliver(at=at, limit=1)

    one = queries(lambda: delivering.deliver(at=at, limit=1))
    four = queries(lambda: delivering.deliver(at=at, limit=4))

    assert len(mail.outbox) == 6
    assert (four - one) / 3 == EACH


def test_what_is_read_together_says_what_is_read_alone(cast, crowd):
    """Of people who stand in different places the guards and the letters say the same, one by one or all at once."""
    done, begun, granted, *_idle = crowd
    for key in ("w1-x1", "w1-x2", "w1-t1"):
        submitting.hand_in(roads.piece(done, key), answer=answer(key, "once"), by=done, at=WEEK_1)
    roads.drafted(begun)
    extending.ask(roads.piece(granted), until=datetime(2026, 3, 10).date(), by=granted, at=WEEK_1)
    rows = Milestone.objects.filter(enrolment__client__in=crowd, week=1, kind__in=KINDS).order_by("pk")
    alone = {row.pk: milestones.guard_reason(row, at=NOON) for row in rows}

    found = together.with_whom(rows)
    together.read_ahead(found, at=NOON)

    assert {row.pk: milestones.guard_reason(row, at=NOON) for row in found} == alone
    assert len(set(alone.values())) == 4


def test_an_address_that_is_refused_gets_nothing_more_in_the_same_round(crowd, settings):
    """What the first mail changes counts for the second, though both were read together."""
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    fire("week.unlock", crowd[:1])
    fire("due.reminder", crowd[:1])
    at = NOON - 2 * DAY
    Message.objects.update(available_at=at)
    delivering.deliver(at=at)

    assert Suppression.objects.count() == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == ["cancelled", "dead"]
