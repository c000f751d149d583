"""The midpoint call: offered, booked, moved and cancelled, in both calendars under one name."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from clients import delivering, joining, notices
from clients.models import JournalEntry
from coaching import assigning, calling, calls, convening, feeds, firing
from coaching.models import Assignment, Call, CallSlot, Milestone
from curriculum import clock, moments
from tests import ics, roads, sittings
from tests.callings import FRIDAY, FRIDAY_AT, MONDAY, MONDAY_AT, WHY, booked, offered, slots
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_4, WEEK_6

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def refused(act):
    try:
        with transaction.atomic():
            act()
    except Exception as refusal:
        return refusal.code
    return None


# --- Offers ---------------------------------------------------------------------------------------


def test_times_are_offered_by_the_coachs_own_clock_on_either_side_of_a_change_of_the_clocks(cast):
    made = offered(cast, minutes=25)

    assert [(slot.starts_at, slot.minutes) for slot in made] == [(FRIDAY_AT, 25), (MONDAY_AT, 25)]
    seen = calls.offers(cast.spring, zone=cast.mina.zone, at=WEEK_4)
    assert [f"{one.wall:%a %H:%M} {one.coach_wall:%H:%M}" for one in seen] == ["Fri 09:00 15:00", "Mon 02:00 09:00"]
    assert JournalEntry.objects.get(action="offered calls").note == "2 times, 25 min"


@pytest.mark.parametrize(
    ("walls", "minutes", "said"),
    [
        ([FRIDAY], 20, "Offer between 2 and 10 times, so that there is a choice."),
        ([FRIDAY + n * HOUR for n in range(11)], 20, "Offer between 2 and 10 times, so that there is a choice."),
        ([FRIDAY, MONDAY], 5, "A call lasts between 10 and 60 minutes."),
        ([FRIDAY, MONDAY], 90, "A call lasts between 10 and 60 minutes."),
        ([FRIDAY, FRIDAY - 3 * DAY], 20, "Tuesday 24 March, 15:00 is past. Offer times to come."),
        ([FRIDAY, FRIDAY + 10 * MINUTE], 20, "Friday 27 March, 15:10 overlaps another time that you offer."),
        ([FRIDAY, FRIDAY], 20, "Friday 27 March, 15:00 overlaps another time that you offer."),
        (
            [FRIDAY, FRIDAY + 28 * DAY],
            20,
            "Friday 24 April, 15:00 is outside the weeks of the calls: they lie between Monday 23 March, 08:00 and "
            "Monday 13 April, 08:00.",
        ),
    ],
)
def test_what_cannot_be_offered_is_said_and_nothing_is_offered(cast, walls, minutes, said):
    with pytest.raises(calling.NotLikeThis) as refusal, transaction.atomic():
        offered(cast, *walls, minutes=minutes)

    assert (refusal.value.messages, CallSlot.objects.count()) == ([said], 0)


def test_a_time_overlaps_one_that_is_offered_or_booked_in_another_cohort_and_none_that_was_taken_back(cast):
    roads.coach(cast.autumn, cast.tomas)
    first, _second = offered(cast)
    elsewhere = lambda *walls: calling.offer(cast.autumn, walls=walls, minutes=20, by=cast.tomas, at=WEEK_4)  # noqa: E731

    assert refused(lambda: elsewhere(FRIDAY + 10 * MINUTE, MONDAY + HOUR)) == "call.overlaps"
    calling.withdraw(first, by=cast.tomas, at=WEEK_4)
    assert refused(lambda: elsewhere(FRIDAY + 10 * MINUTE, MONDAY + HOUR)) is None
    assert refused(lambda: elsewhere(FRIDAY + 2 * HOUR, MONDAY + 15 * MINUTE)) == "call.overlaps"


def test_a_time_overlaps_no_live_session_of_any_cohort_one_coaches(cast):
    sittings.arranged(cast)
    roads.coach(cast.autumn, cast.tomas)
    session = sittings.session(cast, 5)
    starts = moments.to_wall(session.starts_at, cast.tomas.zone)
    elsewhere = lambda *walls: calling.offer(cast.autumn, walls=walls, minutes=20, by=cast.tomas, at=WEEK_4)  # noqa: E731

    with pytest.raises(calling.NotLikeThis) as refusal, transaction.atomic():
        elsewhere(FRIDAY, starts - 10 * MINUTE)
    said = f"{starts - 10 * MINUTE:%A %-d %B, %H:%M} overlaps “{session.title}”, the live session of Spring."
    assert refusal.value.messages == [f"{said} Offer another time."]
    assert refused(lambda: elsewhere(FRIDAY, starts + session.minutes * MINUTE - 10 * MINUTE)) == "call.session"
    assert refused(lambda: offered(cast, FRIDAY, starts + 10 * MINUTE)) == "call.session"
    assert refused(lambda: elsewhere(FRIDAY, starts - 20 * MINUTE)) is None
    convening.cancel(session, reason="Ill", by=cast.tomas, at=WEEK_4)
    assert refused(lambda: elsewhere(FRIDAY + HOUR, starts)) is None


def test_before_its_weeks_nothing_lies_within_reach_but_the_weeks_themselves(cast):
    assert refused(lambda: offered(cast, FRIDAY - 7 * DAY, MONDAY, at=WEEK_1)) == "call.outside"
    assert refused(lambda: offered(cast, FRIDAY, MONDAY, at=WEEK_1)) is None


def test_nobody_offers_but_a_coach_of_the_cohort(cast):
    for who in (cast.mina, cast.ines, cast.ada, cast.lena):
        assert refused(lambda who=who: offered(cast, by=who)) == "call.not_yours"


# --- The call -------------------------------------------------------------------------------------


def test_a_client_books_one_and_that_one_is_nobody_elses(cast):
    first, second = offered(cast)
    call = booked(cast)

    assert (call.slot, call.state, call.version, call.booked_at) == (first, "booked", 1, WEEK_4)
    assert [one.slot for one in calls.offers(cast.spring, zone="UTC", at=WEEK_4)] == [second.pk]
    assert refused(lambda: booked(cast, "noor")) == "call.taken"
    assert refused(lambda: booked(cast, place=1)) == "call.there"
    assert refused(lambda: calling.withdraw(first, by=cast.tomas, at=WEEK_4)) == "call.taken"


def test_a_time_that_is_past_taken_back_or_of_another_cohort_is_not_booked(cast):
    first, second = offered(cast)
    calling.withdraw(second, by=cast.tomas, at=WEEK_4)
    omar = cast.enrolment(cast.omar)

    assert refused(lambda: booked(cast, at=FRIDAY_AT)) == "call.past"
    assert refused(lambda: booked(cast, place=1)) == "call.gone"
    assert refused(lambda: calling.book(omar, first, by=cast.omar, at=WEEK_4)) == "call.gone"
    assert refused(lambda: calling.book(omar, first, by=cast.mina, at=WEEK_4)) == "call.not_yours"


@pytest.mark.parametrize("who", ["mina", "tomas"])
def test_either_moves_it_with_a_reason_and_the_old_time_is_free_again(cast, who):
    first, second = offered(cast)
    call = calling.move(booked(cast), second, reason=WHY, by=getattr(cast, who), at=WEEK_4 + HOUR)

    assert (call.slot, call.version, call.reason, call.changed_at) == (second, 2, WHY, WEEK_4 + HOUR)
    assert [one.slot for one in calls.offers(cast.spring, zone="UTC", at=WEEK_4)] == [first.pk]


@pytest.mark.parametrize("who", ["mina", "tomas"])
def test_either_cancels_it_with_a_reason_and_it_is_the_same_call_when_it_is_booked_again(cast, who):
    call = booked(cast)
    calling.cancel(call, reason=WHY, by=getattr(cast, who), at=WEEK_4)
    off = Call.objects.get()
    again = booked(cast, place=1)

    assert (off.state, off.reason, off.version) == ("cancelled", WHY, 2)
    assert (again.pk, again.state, again.reason, again.version) == (call.pk, "booked", "", 3)


def test_what_cannot_be_changed_says_why(cast):
    first, second = offered(cast)
    call = booked(cast)
    roads.coach(cast.spring, cast.ines)
    move = lambda **terms: calling.move(call, second, **{"reason": WHY, "by": cast.mina, "at": WEEK_4} | terms)  # noqa: E731

    assert refused(lambda: move(reason=" ")) == "call.no_reason"
    assert refused(lambda: move(by=cast.noor)) == "call.not_yours"
    assert refused(lambda: move(by=cast.ines)) == "call.not_yours"
    assert refused(lambda: move(at=FRIDAY_AT)) == "call.begun"
    assert refused(lambda: calling.move(call, first, reason=WHY, by=cast.mina, at=WEEK_4)) == "call.same"
    assert refused(lambda: calling.cancel(call, reason="", by=cast.tomas, at=WEEK_4)) == "call.no_reason"
    calling.cancel(call, reason=WHY, by=cast.tomas, at=WEEK_4)
    assert refused(move) == "call.cancelled"


def test_who_leaves_has_no_call_any_more_and_its_time_is_free(cast):
    first, _second = offered(cast)
    booked(cast)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_4)

    assert (Call.objects.get().state, Call.objects.get().reason) == ("cancelled", "The client has left the cohort")
    assert booked(cast, "noor").slot == first


def test_when_a_coach_goes_their_times_go_and_who_had_one_is_told(cast):
    booked(cast)
    assigning.release(Assignment.objects.get(coach=cast.tomas), by=cast.ada, at=WEEK_4)

    assert (Call.objects.get().state, calls.offers(cast.spring, zone="UTC", at=WEEK_4)) == ("cancelled", [])
    assert ("mina", "Your call with Tomas on Friday 27 March at 09:00 your time is off") in sent(WEEK_4 + 10 * MINUTE)


def test_the_database_keeps_the_rules_of_calls_by_itself(cast):
    first, second = offered(cast)
    call = booked(cast)
    noor = {"enrolment": cast.enrolment(cast.noor), "booked_at": WEEK_4, "changed_at": WEEK_4}
    times = {"cohort": cast.spring, "coach": cast.tomas, "offered_at": WEEK_4}
    breaks = {
        "a_time_is_booked_by_one_client": lambda: Call.objects.create(slot=first, **noor),
        "coaching_call_enrolment_id_key": lambda: Call.objects.create(
            slot=second, **noor | {"enrolment": call.enrolment}
        ),
        "a_call_has_a_known_state": lambda: Call.objects.create(slot=second, state="held", reason="x", **noor),
        "a_cancelled_call_says_why": lambda: Call.objects.create(slot=second, state="cancelled", **noor),
        "a_coach_has_one_call_at_a_time": lambda: CallSlot.objects.create(
            starts_at=FRIDAY_AT + MINUTE, ends_at=FRIDAY_AT + HOUR, **times
        ),
        "a_call_ends_after_it_starts": lambda: CallSlot.objects.create(starts_at=WEEK_6, ends_at=WEEK_6, **times),
        "a_call_is_offered_ahead": lambda: CallSlot.objects.create(starts_at=WEEK_4 - HOUR, ends_at=WEEK_4, **times),
    }

    for rule, act in breaks.items():
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            act()


# --- Both calendars -------------------------------------------------------------------------------


def event(person, at=WEEK_4):
    """(UID, SEQUENCE, start, STATUS, SUMMARY) of the call in somebody's feed; None where there is none."""
    calendar = ics.read(feeds.text(person, at=at))
    for one in calendar.all("VEVENT"):
        if one.text("UID").startswith("call-"):
            start = ics.instant(calendar, one, "DTSTART")
            return one.text("UID"), int(one.text("SEQUENCE")), start, one.text("STATUS"), one.text("SUMMARY")
    return None


def test_the_call_is_one_event_in_both_feeds_that_moves_and_rises_and_is_cancelled(cast):
    _first, second = offered(cast)
    call = booked(cast)
    uid = f"call-{call.pk}@across.test"
    at_first = event(cast.mina), event(cast.tomas)
    calling.move(call, second, reason=WHY, by=cast.tomas, at=WEEK_4)
    moved = event(cast.mina), event(cast.tomas)
    calling.cancel(call, reason=WHY, by=cast.mina, at=WEEK_4)
    off = event(cast.mina), event(cast.tomas)
    booked(cast)
    again = event(cast.mina), event(cast.tomas)

    titles = "Midpoint call with Tomas", "Midpoint call with Mina"
    assert at_first == tuple((uid, 1, FRIDAY_AT, "CONFIRMED", title) for title in titles)
    assert moved == tuple((uid, 2, MONDAY_AT, "CONFIRMED", title) for title in titles)
    assert off == tuple((uid, 3, MONDAY_AT, "CANCELLED", title) for title in titles)
    assert again == tuple((uid, 4, FRIDAY_AT, "CONFIRMED", title) for title in titles)
    assert [event(who) for who in (cast.noor, cast.ines)] == [None, None]


# --- What is said ---------------------------------------------------------------------------------


def sent(at):
    """(to, subject) of what leaves the house at an instant about a call."""
    mail.outbox.clear()
    firing.fire_due(at=at)
    delivering.deliver(at=at)
    about = [one for one in mail.outbox if one.extra_headers["X-Across-Kind"].startswith("midpoint.call")]
    return sorted((one.to[0].split("@")[0], one.subject) for one in about)


def test_clients_without_a_call_hear_of_times_once_a_day_and_nobody_else(cast):
    offered(cast)
    booked(cast)
    offered(cast, FRIDAY + HOUR, MONDAY + HOUR)

    told = [one for one in sent(WEEK_4 + 10 * MINUTE) if "offers" in one[1]]
    assert told == [("noor", "Tomas offers times for your midpoint call")]


def test_nobody_hears_of_times_that_are_all_taken_back(cast):
    for slot in offered(cast):
        calling.withdraw(slot, by=cast.tomas, at=WEEK_4)

    assert sent(WEEK_4 + 10 * MINUTE) == []


def test_the_other_one_hears_of_what_is_so_by_then_and_both_are_reminded_a_day_before(cast):
    _first, second = offered(cast)
    sent(WEEK_4 + 10 * MINUTE)
    call = booked(cast, at=WEEK_4 + HOUR)
    told = sent(WEEK_4 + HOUR + 10 * MINUTE)
    calling.move(call, second, reason=WHY, by=cast.tomas, at=WEEK_4 + 2 * HOUR)
    moved = sent(WEEK_4 + 2 * HOUR + 10 * MINUTE)
    reminded = sent(MONDAY_AT - DAY)

    assert told == [("tomas", "Mina has booked a midpoint call: Friday 27 March at 15:00 your time")]
    assert moved == [("mina", "Your call with Tomas is now on Monday 30 March at 02:00 your time")]
    assert reminded == [
        ("mina", "Your call with Tomas is tomorrow at 02:00 your time"),
        ("tomas", "Your call with Mina is tomorrow at 09:00 your time"),
    ]


def test_of_second_thoughts_only_the_last_is_told_and_a_call_that_is_off_is_reminded_of_no_more(cast):
    call = booked(cast)
    calling.cancel(call, reason=WHY, by=cast.mina, at=WEEK_4 + MINUTE)

    told = [one for one in sent(WEEK_4 + 20 * MINUTE) if one[0] == "tomas"]
    assert told == [("tomas", "Your call with Mina on Friday 27 March at 15:00 your time is off")]
    assert [row.state for row in Milestone.objects.filter(kind="midpoint.call")] == ["cancelled"]


def test_a_colleague_is_reminded_of_no_call_of_another_coach(cast):
    roads.coach(cast.spring, cast.ines)
    booked(cast)

    assert [who for who, subject in sent(FRIDAY_AT - DAY) if "Your call" in subject] == ["mina", "tomas"]


def test_the_bell_says_what_the_mail_does_and_leads_to_the_call(cast):
    booked(cast)
    later = WEEK_4 + 20 * MINUTE
    line = next(one for one in notices.lines_of(cast.tomas, at=later).lines if one.kind == "midpoint.call.booked")
    offer = next(one for one in notices.lines_of(cast.noor, at=later).lines if one.kind == "midpoint.call.offered")

    assert (line.text, line.link) == (
        "Mina has booked a midpoint call: Friday 27 March at 15:00 your time", f"/coach/calls/spring/{Call.objects.get().pk}/",
    )  # fmt: skip
    assert (offer.text, offer.link) == ("Tomas offers times for your midpoint call", "/call/?cohort=spring")


# --- Over the API ---------------------------------------------------------------------------------


def test_the_api_offers_books_and_moves_and_a_stranger_finds_nothing(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_4)
    cohort, mine = f"cohorts/{cast.spring.pk}/calls/", f"enrolments/{cast.enrolment(cast.mina).pk}/call/"
    sent_walls = [wall.isoformat() for wall in (FRIDAY, MONDAY)]
    offer = Api(cast.tomas).post(cohort, walls=sent_walls, minutes=20).json()
    first, second = (one["slot"] for one in offer["offered"])
    call = Api(cast.mina).post(mine, slot=first).json()["call"]
    moved = Api(cast.tomas).post(f"calls/{call['id']}/move/", slot=second, reason=WHY).json()

    assert (call["version"], call["time"]["wall"]) == (1, "2026-03-27T09:00:00")
    assert (moved["version"], moved["reason"], moved["time"]["starts_at"]) == (2, WHY, "2026-03-30T07:00:00Z")
    assert Api(cast.tomas).get(cohort).json()["calls"][0]["client"] == "Mina"
    for who in (cast.noor, cast.omar, cast.ines, cast.ada, cast.lena):
        assert Api(who).get(mine).status_code == 404
        assert Api(who).post(f"calls/{call['id']}/cancel/", reason=WHY).status_code == 404
        assert Api(who).get(cohort).status_code == 404


def test_a_week_is_the_one_the_call_lies_in(cast):
    weeks = [calls.week_of(cast.spring, FRIDAY_AT + days * DAY, at=WEEK_4) for days in (0, 7, 14)]

    assert weeks == [4, 5, 6]
    assert datetime(2026, 3, 27, 14, tzinfo=UTC) == FRIDAY_AT
    assert slots(cast)[0].starts_at == FRIDAY_AT
