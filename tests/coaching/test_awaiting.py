"""What waits for a part of the programme is neither planned nor sent, until the part is there."""

from datetime import UTC, datetime, timedelta

import pytest

from clients import messaging
from clients.models import Message
from coaching import firing, instruments, milestones, plans, scheduling
from coaching.models import Milestone
from curriculum import moments
from tests import keeping, roads
from tests.roads import WEEK_4

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WAITING = {"retention.audio"}


@pytest.fixture
def install(monkeypatch):
    """Bring a part of the programme, for the length of a test."""
    monkeypatch.setattr(instruments, "_there", dict(instruments._there))
    return instruments.install


def come(row):
    while any(firing.fire_due(at=row.due_at)):
        pass
    row.refresh_from_db()
    return row.state, row.reason


def letters(row):
    """To whom → the letter, of everything this milestone has posted."""
    found = {}
    for message in Message.objects.filter(about={"milestone": row.pk}):
        assert messaging.kinds()[message.kind].guard(message, row.due_at) is None
        letter = messaging.kinds()[message.kind].letter(message, row.due_at)
        found[message.person.name if message.person else message.address] = letter
    return found


def walls(zone, **which):
    rows = Milestone.objects.filter(**which).order_by("due_at")
    return [f"{moments.to_wall(row.due_at, zone):%a %d %b %Y %H:%M}" for row in rows]


def test_what_waits_is_known(db):
    assert {kind.name for kind in milestones.KINDS.values() if not kind.is_switched_on} == WAITING


def test_nothing_of_it_is_planned_by_anything_that_happens(cast):
    roads.assessed(cast.mina, "a4", at=WEEK_4)
    scheduling.plan_alumnus(keeping.finished(cast.mina, at=WEEK_4), at=WEEK_4)

    assert not Milestone.objects.filter(kind__in=WAITING).exists()


def test_a_row_that_is_there_all_the_same_is_skipped_with_its_reason(cast, install):
    row = Milestone.objects.get(kind="pulse.invite", enrolment__client=cast.mina, week=8, rung=1)
    del instruments._there[instruments.PULSE]

    assert come(row) == ("skipped", "waits for the pulse")


def test_an_instrument_has_to_answer_what_its_guards_ask(install):
    with pytest.raises(AssertionError, match="the pulse answers by Pulse"):
        install(instruments.PULSE, instruments.Occasions(lambda number: None))


# --- Ratings ----------------------------------------------------------------------------------------


def test_coaches_are_asked_to_rate_by_their_own_monday_morning_while_somebody_is_unrated(cast, install):
    left = {4: 2, 8: 0}
    ratings = instruments.Ratings(lambda cohort, coach, moment: left[moment], "/coach/ratings/")
    install(instruments.RATINGS, ratings)
    rows = Milestone.objects.filter(kind__in=["midpoint.rate", "final.rate"], person=cast.tomas)
    first, last = rows.order_by("due_at")

    assert walls("Europe/Berlin", person=cast.tomas, cohort=cast.spring) == [
        "Mon 30 Mar 2026 07:30", "Mon 27 Apr 2026 07:30",
    ]  # fmt: skip
    assert (come(first), come(last)) == (("fired", ""), ("skipped", "everybody is rated"))
    told = letters(first)["Tomas"]
    assert told.subject == "Rate 2 clients of Spring"
    assert "Rate: http://across.test/coach/ratings/" in told.text


# --- Calls ------------------------------------------------------------------------------------------


def test_both_are_reminded_of_a_midpoint_call_a_day_before_wherever_it_goes(cast, install):
    calls = {7: instruments.Occasion("Midpoint call", WEEK_4 + 5 * DAY, 20)}
    install(instruments.CALLS, instruments.Occasions(calls.get))
    enrolment = cast.enrolment(cast.mina)
    scheduling.plan_call(enrolment, number=7, week=4, at=WEEK_4)
    calls[7] = instruments.Occasion("Midpoint call", WEEK_4 + 6 * DAY, 20)
    scheduling.plan_call(enrolment, number=7, week=4, at=WEEK_4)
    row = Milestone.objects.get(kind="midpoint.call")

    assert (row.due_at, come(row)) == (WEEK_4 + 5 * DAY, ("fired", ""))
    told = letters(row)
    assert told["Mina"].subject == "Your call with Tomas is tomorrow at 05:00 your time"
    assert told["Tomas"].subject == "Your call with Mina is tomorrow at 12:00 your time"


def test_a_call_that_is_off_is_reminded_of_no_more(cast, install):
    calls = {7: instruments.Occasion("Midpoint call", WEEK_4 + 5 * DAY, 20)}
    install(instruments.CALLS, instruments.Occasions(calls.get))
    scheduling.plan_call(cast.enrolment(cast.mina), number=7, week=4, at=WEEK_4)
    calls.clear()
    scheduling.plan_call(cast.enrolment(cast.mina), number=7, week=4, at=WEEK_4)

    row = Milestone.objects.get(kind="midpoint.call")
    assert (row.state, row.reason) == ("cancelled", "it was cancelled")


# --- The pulse --------------------------------------------------------------------------------------


def test_raters_are_asked_by_address_who_have_not_answered(cast, install):
    ana = instruments.Rater("ana@example.org", "/pulse/a/", "Mina sees your answers with others’.", WEEK_4)
    waiting = {cast.mina.pk: [ana]}
    raters = instruments.Pulse(lambda enrolment, week: waiting.get(enrolment.client_id, []))
    install(instruments.PULSE, raters)
    mina, noor = (
        Milestone.objects.get(kind="pulse.invite", enrolment__client=w, week=0, rung=1) for w in (cast.mina, cast.noor)
    )

    assert walls("Europe/Berlin", kind="pulse.invite", enrolment__client=cast.mina) == [
        "Mon 23 Feb 2026 09:00", "Fri 27 Feb 2026 09:00", "Mon 20 Apr 2026 09:00", "Fri 24 Apr 2026 09:00",
    ]  # fmt: skip
    assert (come(mina), come(noor)) == (("fired", ""), ("skipped", "nobody invited has still to answer"))
    told = letters(mina)["ana@example.org"]
    assert told.subject == "Three questions about working with Mina"
    assert "Mina sees your answers with others’." in told.text
    assert "Answer three questions: http://across.test/pulse/a/" in told.text


# --- After the programme ----------------------------------------------------------------------------


def test_an_alumnus_is_asked_after_three_six_and_twelve_months_on_a_tuesday_and_once_more(cast, install):
    asked, way = {3, 12}, lambda enrolment, months: f"/check-in/{months}/"
    install(instruments.CHECK_INS, instruments.CheckIns(lambda enrolment, months: months in asked, way, way))
    friday = datetime(2026, 5, 1, 10, tzinfo=UTC)
    scheduling.plan_alumnus(keeping.finished(cast.noor, at=friday), at=friday)
    type(cast.spring).objects.filter(pk=cast.spring.pk).update(closed_at=friday + DAY)

    assert walls("Asia/Kolkata", person=cast.noor, kind__startswith="alumni.") == [
        "Tue 04 Aug 2026 09:00", "Tue 11 Aug 2026 09:00", "Tue 03 Nov 2026 09:00", "Tue 10 Nov 2026 09:00",
        "Tue 04 May 2027 09:00", "Tue 11 May 2027 09:00",
    ]  # fmt: skip
    first, again, half, *_rest = Milestone.objects.filter(kind__startswith="alumni.").order_by("due_at")
    assert come(first) == ("fired", "")
    told = letters(first)["Noor"]
    assert told.subject == "Three minutes: what changed since May?"
    assert "It takes three minutes and closes on Tuesday 25 August." in told.text
    asked.clear()
    assert come(again) == ("skipped", "no consent, or answered already")
    assert come(half) == ("skipped", "no consent, or answered already")


def test_recordings_are_announced_seven_days_before_they_go(cast, install):
    install(instruments.KEEPING, instruments.Keeping(lambda enrolment: True, "/account/recordings/"))
    friday = datetime(2026, 5, 1, 10, tzinfo=UTC)
    scheduling.plan_alumnus(keeping.finished(cast.noor, at=friday), at=friday)
    row = Milestone.objects.get(kind="retention.audio")

    assert (row.due_at - friday, come(row)) == (83 * DAY, ("fired", ""))
    assert "will be deleted on Thursday 30 July, in seven days" in letters(row)["Noor"].text


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2026-01-31", 1, "2026-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2026-12-31", 12, "2027-12-31")],
)
def test_months_later_is_the_same_day_or_the_last_there_is(day, months, later):
    found = plans.months_later(datetime.fromisoformat(day).date(), months)

    assert found.isoformat() == later
