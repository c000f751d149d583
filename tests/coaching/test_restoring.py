"""After a restore nothing leaves until a person has decided."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from clients import joining
from clients.models import Engine, JournalEntry, Message
from coaching import gathering, looking, restoring
from coaching.models import Milestone
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)


def look_until_quiet(at):
    while looking.look(at=at, driver="loop").anything:
        pass


@pytest.fixture
def restored(cast):
    """A copy of Wednesday 10:00 with an invitation in its outbox, restored five days later."""
    look_until_quiet(WEEK_1)
    mail.outbox.clear()
    joining.invite(cast.spring, email="new@example.org", role="client", by=cast.ada, at=WEEK_1)
    kept = restoring.after_restore(at=WEEK_1 + 5 * DAY, copied_at=WEEK_1)
    return cast, kept


def test_what_may_have_reached_people_is_kept_back_and_nothing_leaves(restored):
    cast, kept = restored

    for hours in range(12):
        look_until_quiet(WEEK_1 + 5 * DAY + timedelta(hours=hours / 2))

    assert mail.outbox == []
    assert kept.messages == Message.objects.filter(state="held").count() == 3  # one waited for the morning in Chicago
    skipped = Milestone.objects.filter(reason="from before the database was restored")
    assert (kept.milestones, skipped.count()) == (skipped.count(), skipped.count())
    assert {row.kind for row in skipped.filter(enrolment__client=cast.mina)} == {
        "nudge.midweek",
        "due.reminder",
        "due.last",
        "week.unlock",
    }


def test_what_comes_due_later_fires_as_ever(restored):
    cast, _kept = restored
    second = Milestone.objects.get(enrolment__client=cast.mina, kind="overdue.1", week=1)

    look_until_quiet(second.due_at)

    second.refresh_from_db()
    assert second.state == "fired"


def test_released_it_goes_in_one_mail_a_person(restored):
    cast, _kept = restored
    at = WEEK_1 + 5 * DAY + timedelta(hours=8)  # the middle of the day in Chicago
    restoring.release(by=cast.ada, at=at)
    look_until_quiet(at)
    look_until_quiet(at + gathering.WAIT)

    assert [letter.to[0] for letter in mail.outbox].count("mina@example.org") == 1
    assert [letter.to[0] for letter in mail.outbox].count("new@example.org") == 1
    assert Engine.objects.get().restored_to is None
    assert JournalEntry.objects.filter(action="released what a restore kept back").count() == 1


def test_let_go_it_stays_at_home(restored):
    cast, _kept = restored
    restoring.let_go(by=cast.ada, at=WEEK_1 + 5 * DAY)
    look_until_quiet(WEEK_1 + 5 * DAY + timedelta(hours=8))

    assert [letter.to for letter in mail.outbox] == []
    assert Message.objects.get(kind="invite").state == "cancelled"


def test_without_a_restore_there_is_nothing_to_decide(cast):
    with pytest.raises(restoring.CannotDecide):
        restoring.release(by=cast.ada, at=BEFORE)
    with pytest.raises(restoring.CannotDecide):
        restoring.let_go(by=cast.ada, at=BEFORE)


def test_the_command_says_what_it_kept_back(cast, capsys):
    joining.invite(cast.spring, email="new@example.org", role="client", by=cast.ada, at=BEFORE)

    call_command("after_restore", "--copied", "2026-02-21T00:00Z")

    assert capsys.readouterr().out.startswith("Kept back: 3 messages and ")


@pytest.mark.parametrize("said", ["yesterday", "2026-02-21T00:00"])
def test_the_command_wants_an_instant_with_its_zone(db, said):
    with pytest.raises(CommandError):
        call_command("after_restore", "--copied", said)
