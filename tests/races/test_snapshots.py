"""Snapshots asked for, computed and frozen by many at once, while people leave and their records go."""

import pytest

from clients import joining
from clients.models import Enrolment, JournalEntry
from coaching import snapshots, snapshotting
from coaching.models import Snapshot, SnapshotPart
from tests import reporting, roads
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 16
State = Snapshot.State


@pytest.fixture
def full(crowd):
    """Spring, with six people in it."""
    for number in range(4):
        roads.client(crowd.spring, roads.person(f"Kim {number}"))
    return crowd


def ask(cast, audience="admin"):
    return snapshotting.ask([cast.spring], audience=audience, by=cast.ada, at=WEEK_1)


def succeeded(results):
    return [result for result in results if not isinstance(result, Exception)]


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def times(action):
    return JournalEntry.objects.filter(action=action).count()


def test_one_snapshot_is_asked_for_once(full, at_once):
    results = at_once(MANY, lambda _n: ask(full))

    assert (len(succeeded(results)), codes(results)) == (1, {"snapshot.on_the_way"})
    assert (Snapshot.objects.count(), times("asked for a snapshot")) == (1, 1)


def test_what_failed_is_asked_for_again_once(full, at_once):
    draft = ask(full)
    snapshotting.fail(snapshotting.claim(at=WEEK_1), "moving")

    results = at_once(MANY, lambda _n: snapshotting.ask_again(draft, by=full.ada, at=WEEK_1))

    assert (len(succeeded(results)), codes(results)) == (1, {"snapshot.not_failed"})
    assert times("asked for a snapshot") == 2


def test_many_workers_freeze_each_snapshot_once(full, at_once):
    ask(full)
    snapshotting.ask([full.spring, full.autumn], audience="admin", by=full.ada, at=WEEK_1)

    results = at_once(8, lambda _n: snapshotting.compute_one(at=WEEK_1))

    assert sorted(results) == [False] * 6 + [True] * 2
    assert set(Snapshot.objects.values_list("state", flat=True)) == {State.FROZEN}
    assert times("froze a snapshot") == 2


def test_of_two_over_the_same_people_the_later_one_has_seen_the_earlier(crowd, at_once):
    """Means of five and of these and one more, each read beside nothing, would tell what that one said."""
    five = reporting.cohort(crowd, 5, name="Five")
    one = reporting.cohort(crowd, 1, name="One", moved=[(1, 5)])
    for cohorts in ([five], [five, one]):
        reporting.asked(crowd, *cohorts)

    at_once(2, lambda _n: snapshotting.compute_one(at=reporting.AFTER))

    told = [row for row in Snapshot.objects.all() if "mean" in row.shown.get("rated.upward.own", {}).get("sums", ())]
    assert (len(told), times("froze a snapshot")) == (1, Snapshot.objects.filter(state=State.FROZEN).count())


def test_who_leaves_while_it_is_frozen_has_left_in_it_or_after_it(full, at_once):
    mina = full.enrolment(full.mina)
    ask(full)

    def act(number):
        if number:
            return snapshotting.compute_one(at=WEEK_1)
        return joining.withdraw(mina, by=full.ada, at=WEEK_1, reason="New employer")

    results = at_once(2, act)
    found = Snapshot.objects.get()
    who = snapshots.content(found).report.who

    assert [one for one in results if isinstance(one, Exception)] == []
    assert (who.enrolled, who.under_way + who.withdrawn) == (6, 6)
    left = JournalEntry.objects.get(action="withdrew").pk
    froze = JournalEntry.objects.get(action="froze a snapshot").pk
    assert who.withdrawn == int(left < froze)


def test_whose_records_go_while_it_is_frozen_is_counted_whole_or_not_at_all(full, at_once):
    gone = Enrolment.objects.get(client__name="Kim 3")
    ask(full)

    def act(number):
        if number:
            return snapshotting.compute_one(at=WEEK_1)
        return _erase(gone)

    results = at_once(2, act)
    found = Snapshot.objects.get()

    assert [one for one in results if isinstance(one, Exception)] == []
    assert found.state == State.FROZEN
    assert snapshots.content(found).report.who.enrolled in (5, 6)
    assert SnapshotPart.objects.filter(snapshot=found).count() == 5


def _erase(gone):
    """Everything of one enrolment, as taking the demo out does it of a cohort."""
    from django.db import transaction

    from clients import leaving
    from clients.models import Acceptance, Message, Notice, Submission
    from coaching.models import Milestone

    with transaction.atomic():
        Enrolment.objects.select_for_update().get(pk=gone.pk)
        Milestone.objects.filter(enrolment=gone).delete()
        Message.objects.filter(person=gone.client).delete()
        Notice.objects.filter(person=gone.client).delete()
        Submission.objects.filter(enrolment=gone).delete()
        leaving.remove_records(Acceptance.objects.filter(enrolment=gone))
        leaving.remove_records(Enrolment.objects.filter(pk=gone.pk))
