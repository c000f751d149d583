"""Many workers, one person: no reminder more than they allow, and one suppression an address."""

from datetime import UTC, datetime

import pytest

from clients import choosing, delivering, messaging, noticing, returning
from clients.models import JournalEntry, Message, Notice, Suppression
from clients.returning import Taken
from coaching.models import Milestone
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
WORKERS = 8
TUESDAY = datetime(2026, 3, 17, 18, tzinfo=UTC)  # two weeks of Mina's are overdue, and it is noon where she lives


def reminders(cast, number):
    """All of them make sense: nothing of week 1 is handed in."""
    milestone = Milestone.objects.get(enrolment__client=cast.mina, kind="overdue.2", week=1)
    about = {"milestone": milestone.pk}
    for n in range(number):
        messaging.post("overdue.2", key=f"r{n}", to=cast.mina, cohort=cast.spring, about=about, at=TUESDAY)


def test_eight_workers_send_no_more_reminders_than_the_person_allows(crowd, at_once):
    choosing.choose(crowd.mina, weekly_budget=3, at=WEEK_1)
    reminders(crowd, WORKERS)

    sent = at_once(WORKERS, lambda _n: delivering.deliver(at=TUESDAY, limit=1))

    states = sorted(Message.objects.filter(kind="overdue.2").values_list("state", flat=True))
    assert (sum(sent), states) == (3, ["cancelled"] * 5 + ["sent"] * 3)


def test_one_report_taken_by_eight_at_once_suppresses_once(crowd, at_once):
    taken = at_once(
        WORKERS,
        lambda _n: returning.suppress("mina@example.org", cause="bounce", detail="", message=None, at=WEEK_1),
    )

    assert sorted(taken) == sorted([Taken.SUPPRESSED, *[Taken.KNOWN] * 7])
    assert Suppression.objects.count() == JournalEntry.objects.filter(action="suppressed").count() == 1


def test_a_notice_read_and_withdrawn_at_once_is_one_of_the_two(crowd, at_once):
    reminders(crowd, 1)
    notice = Notice.objects.get()
    Milestone.objects.all().delete()  # so that its guard speaks against it

    def act(number):
        if number % 2:
            return noticing.read(notice, by=crowd.mina, at=TUESDAY)
        return noticing.settle(person=crowd.mina, at=TUESDAY)

    results = at_once(WORKERS, act)

    notice.refresh_from_db()
    assert [result for result in results if isinstance(result, Exception)] == []
    assert (notice.read_at is None) != (notice.withdrawn == "")
