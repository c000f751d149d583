"""The same instant wherever it is told: page, API, mail, calendar feed and board agree to the second.

In twelve zones, for the week in which the clocks go forward and the one in which they go back. What is right is worked
out by hand: a Sunday, 23:59:59 on that zone's clock.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from clients import deadlines, delivering, submitting
from clients.models import Attempt, Message
from coaching import board, feeds, firing, weekboard
from coaching.models import Milestone
from curriculum import clock, moments
from tests import ics, roads

# The Sundays on which clocks are turned, or the first after it, from each zone's rules.
NIGHTS = {
    "America/Los_Angeles": ("2026-03-08", "2026-11-01"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/St_Johns": ("2026-03-08", "2026-11-01"),
    "America/Havana": ("2026-03-08", "2026-11-01"),
    "America/Santiago": ("2026-09-06", "2026-04-05"),
    "Europe/Lisbon": ("2026-03-29", "2026-10-25"),
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "Africa/Cairo": ("2026-04-26", "2026-11-01"),
    "Asia/Jerusalem": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-10-04", "2026-04-05"),
    "Pacific/Auckland": ("2026-09-27", "2026-04-05"),
    "Pacific/Chatham": ("2026-09-27", "2026-04-05"),
}
CASES = [(zone, date.fromisoformat(night)) for zone, nights in NIGHTS.items() for night in nights]
SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
DAY = timedelta(days=1)
PLACE = "Europe/Berlin"  # where the cohort is


def by_hand(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def shown(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def hand(monkeypatch):
    """What every door reads as the present."""
    found = type("Clock", (), {"at": None})()
    monkeypatch.setattr(clock, "now", lambda: found.at)
    return found


@pytest.mark.parametrize(("zone", "sunday"), CASES, ids=[f"{zone} {day}" for zone, day in CASES])
def test_the_due_time_of_a_week_in_which_the_clocks_are_turned_is_one_everywhere(cast, hand, zone, sunday):
    monday, begun = sunday - 6 * DAY, by_hand(sunday - 20 * DAY, time(9), PLACE)
    cohort = roads.cohort("Night", starts_on=monday, at=begun)
    client = roads.person("Sleepless", zone)
    roads.coach(cohort, cast.tomas, at=begun)
    roads.client(cohort, client, at=begun)
    enrolment = weekboard.enrolment_of(client)
    opens, due = by_hand(monday, time(8), PLACE), by_hand(sunday, time(23, 59, 59), zone)
    reminded = by_hand(sunday - DAY, time(10), zone)
    hand.at = by_hand(monday + DAY, time(12), zone)
    browser = Client()
    browser.force_login(client)

    page = browser.get(reverse("week", args=[1])).content.decode()
    told = browser.get(reverse("api-week"), {"week": 1}).json()
    calendar = ics.read(feeds.text(client, at=hand.at))
    events = {event.text("SUMMARY"): ics.instant(calendar, event, "DTSTART") for event in calendar.all("VEVENT")}
    milestones = dict(Milestone.objects.filter(enrolment=enrolment, week=1).values_list("kind", "due_at"))

    chips = set(re.findall(r"Due</?[^>]*>\s*<time datetime=\"([^\"]+)\"|Due <time datetime=\"([^\"]+)\"", page))
    assert {first or second for first, second in chips} == {shown(due)}
    assert (told["opens_at"], told["due_at"]) == (shown(opens), shown(due))
    assert told["due_wall"] == f"{sunday}T23:59:59"
    assert [at for title, at in events.items() if "Week 1 is due" in title] == [due]
    assert [at for title, at in events.items() if "Week 1 opens" in title] == [opens]
    assert (milestones["week.unlock"], milestones["due.reminder"]) == (opens, reminded)

    letter = reminder(client, reminded)
    assert "Sunday 23:59 your time" in letter
    assert moments.to_wall(due, zone).replace(tzinfo=None) == datetime.combine(sunday, time(23, 59, 59))
    assert (cell(cohort, due), cell(cohort, due + MICROSECOND)) == ("open", "late")
    assert handed_in(enrolment, due).is_late is False
    assert deadlines.is_late(due + MICROSECOND, due)


def reminder(client, at: datetime) -> str:
    """What the day before says, sent at its moment."""
    while any(firing.fire_due(at=at)):
        pass
    Message.objects.exclude(person=client, kind="due.reminder").delete()
    mail.outbox.clear()
    delivering.deliver(at=at)
    assert [found.to for found in mail.outbox] == [[client.email]]
    return mail.outbox[0].body


def cell(cohort, at: datetime) -> str:
    """How the board shows week 1 of its one client."""
    found = board.board(cohort, at=at, levels=True)
    (row,) = found.rows
    return {column.number: cell.state for column, cell in zip(found.columns, row.cells, strict=True)}[1]


def handed_in(enrolment, at: datetime) -> Attempt:
    piece = enrolment.submissions.get(exercise__key="w1-x1")
    return submitting.hand_in(piece, answer=roads.ANSWERS["w1-x1"], by=enrolment.client, at=at)
