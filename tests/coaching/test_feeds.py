"""The calendar feed, read by an independent reader and by a second library: the same instants as the page's."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import choosing, deadlines, excusing, extending, holding, joining, moving, opening, pausing, tokens
from clients.models import BreakWeek, Enrolment, JournalEntry, User
from coaching import assigning, calendars, convening, feeds, subscribing, timezones, weekboard
from coaching.feeds import Entry
from coaching.models import Assignment, CalendarAddress
from curriculum import clock, moments
from curriculum.models import Exercise
from tests import ics, roads, sittings
from tests.doors.asking import Api
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ZONES = (
    "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo", "America/Los_Angeles", "Africa/Lagos", "America/New_York",
    "Europe/Lisbon", "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Casablanca", "America/St_Johns", "Asia/Kathmandu",
)  # fmt: skip
SEASONS = {"spring": datetime(2026, 1, 15, tzinfo=UTC), "autumn": datetime(2026, 7, 15, tzinfo=UTC)}


def night(zone, season):
    """The instant at which the clocks of a zone are turned in half a year, found minute by minute; or a Sunday."""
    place, start = ZoneInfo(zone), SEASONS[season]
    for day in range(180):
        here, there = start + day * DAY, start + (day + 1) * DAY
        if here.astimezone(place).utcoffset() != there.astimezone(place).utcoffset():
            minutes = (here + minute * timedelta(minutes=1) for minute in range(1441))
            return next(at for at in minutes if at.astimezone(place).utcoffset() != here.astimezone(place).utcoffset())
    return {"spring": datetime(2026, 3, 29, 1, tzinfo=UTC), "autumn": datetime(2026, 10, 25, 1, tzinfo=UTC)}[season]


def feed_of(who, at=BEFORE):
    return ics.read(feeds.text(who, at=at))


def events(who, at=BEFORE):
    return {event.text("UID"): event for event in feed_of(who, at).all("VEVENT")}


def sequences(who, at=BEFORE):
    return {uid: int(event.text("SEQUENCE")) for uid, event in events(who, at).items()}


# --- The same instant everywhere ------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("zone", ZONES)
def test_over_both_nights_of_twelve_zones_every_reader_comes_to_the_pages_instant(cast, zone, season):
    """The cohort and its client live by the clock that is turned; sessions lie in the very hour."""
    turned = night(zone, season)
    wall = moments.to_wall(turned - timedelta(minutes=30), zone)
    monday = wall.date() - timedelta(days=wall.weekday())
    at = turned - 40 * DAY
    cohort = opening.open_cohort(
        name=f"Night {zone}", edition=roads.edition(), starts_on=monday - 3 * 7 * DAY, zone=zone, by=cast.ada, at=at
    )
    who = roads.person("Sleepless", zone)
    roads.client(cohort, who, at=at)
    terms = {"minutes": 90, "by": cast.ada, "at": at}
    convening.arrange(cohort, weekday=wall.weekday(), time=wall.time().replace(second=0, microsecond=0), **terms)

    text = feeds.text(who, at=at)
    page = {
        (found.at.replace(microsecond=0), found.title if found.kind != "session" else f"{cohort}: {found.title}")
        for found in calendars.of(weekboard.enrolment_of(who), at=at)
    }
    calendar = ics.read(text)
    by_the_letter = {
        (ics.instant(calendar, event, "DTSTART"), event.text("SUMMARY")) for event in calendar.all("VEVENT")
    }
    second = {
        (event.dtstart.value.astimezone(UTC), event.summary.value)
        for event in vobject.readOne(text.decode()).vevent_list
    }

    at_the_api = {
        (
            datetime.fromisoformat(found["at"]),
            found["title"] if found["kind"] != "session" else f"{cohort}: {found['title']}",
        )
        for found in asked_at_the_api(who, at)
    }

    assert by_the_letter == page
    assert at_the_api == page
    assert second == page


def asked_at_the_api(who, at):
    """What a program is told of the same dates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: at)
        return Api(who).get("calendar/").json()["dates"]


TURNS = {zone: [night(zone, season) for season in SEASONS] for zone in ZONES}


@given(st.sampled_from(ZONES), st.sampled_from([0, 1]), st.integers(-3 * 86400, 3 * 86400), st.integers(1, 14400))
def test_any_second_of_three_days_around_a_night_is_read_as_it_was_meant(zone, which, seconds, lasts):
    starts = TURNS[zone][which] + seconds * SECOND
    entry = Entry("one@example.org", 1, BEFORE, starts, zone, "One", "/", until=starts + lasts * SECOND)

    calendar = ics.read(feeds.written([entry]))
    (event,) = calendar.all("VEVENT")

    assert ics.instant(calendar, event, "DTSTART") == starts
    assert ics.instant(calendar, event, "DTEND") == starts + lasts * SECOND


@given(st.sampled_from(ZONES), st.integers(2026, 2030))
def test_a_zone_comes_with_every_turn_of_its_clocks_to_the_second(zone, year):
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    place = ZoneInfo(zone)

    for turn in timezones.turns(zone, first, last)[1:]:
        assert (turn.at - SECOND).astimezone(place).utcoffset() == turn.before
        assert turn.at.astimezone(place).utcoffset() == turn.after
    hours = (first + hour * HOUR for hour in range(0, 366 * 24, 5))
    known = timezones.turns(zone, first, last)
    for at in hours:
        in_force = [turn.after for turn in known if turn.at <= at][-1]
        assert at.astimezone(place).utcoffset() == in_force


# --- What is in it --------------------------------------------------------------------------------


def test_a_client_has_their_weeks_windows_and_sessions_and_nothing_else(cast):
    sittings.arranged(cast)

    kinds = [uid.split("-")[0] for uid in events(cast.mina)]

    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"opens": 12, "due": 12, "session": 9}


def test_a_coach_has_the_weeks_and_sessions_of_their_cohorts_and_no_due_time(cast):
    sittings.arranged(cast)
    sittings.arranged(cast, cast.autumn)

    titles = [event.text("SUMMARY") for event in events(cast.tomas).values()]

    assert len(titles) == 19
    assert {title.split(":")[0] for title in titles} == {"Spring"}
    assert [title for title in titles if "due" in title] == []


def test_whoever_walks_with_one_cohort_and_coaches_another_has_both(cast):
    roads.client(cast.autumn, cast.tomas)

    names = {uid.split("-")[0] for uid in events(cast.tomas)}

    assert names == {"opens", "due", "cohort"}


def test_a_client_of_two_cohorts_has_both_and_loses_one_with_it(cast):
    enrolment = roads.client(cast.autumn, cast.mina)
    both = len(events(cast.mina))
    joining.withdraw(enrolment, by=cast.ada, at=WEEK_1)

    assert (both, len(events(cast.mina))) == (48, 24)


def test_another_attempt_comes_in_with_its_own_due_time_and_rises_with_the_next_one(cast):
    feedback = roads.answered(cast.mina, cast.tomas, another=True, at=WEEK_1)
    uid = f"attempt-{cast.enrolment(cast.mina).pk}-w1-x1@"
    first = {found: event for found, event in events(cast.mina, feedback.shown_from).items() if found.startswith(uid)}
    roads.submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + DAY)
    again = roads.answered(cast.mina, cast.tomas, another=True, at=WEEK_1 + DAY)
    second = {found: event for found, event in events(cast.mina, again.shown_from).items() if found.startswith(uid)}

    assert list(first) == list(second)
    (before,), (after,) = first.values(), second.values()
    assert int(after.text("SEQUENCE")) > int(before.text("SEQUENCE"))


def test_titles_with_commas_semicolons_and_long_lines_come_through(cast):
    awkward = "A; b, c\\d\n" + "Größe “ünd” " * 20
    entry = Entry("one@example.org", 1, BEFORE, WEEK_1, "Europe/Berlin", awkward.replace("\n", " "), "/", told=awkward)

    (event,) = ics.read(feeds.written([entry])).all("VEVENT")

    assert event.text("SUMMARY") == entry.title
    assert event.text("DESCRIPTION").startswith(awkward)


def test_nothing_of_anybodys_work_is_in_it(cast):
    roads.answered(cast.mina, cast.tomas, another=True, at=WEEK_1)

    text = feeds.text(cast.mina, at=WEEK_1 + DAY).replace(b"\r\n ", b"").decode()

    for written in (roads.ANSWERS["w1-x1"]["what"], "One good customer", "Carla"):
        assert written not in text


# --- What moves, and what it says of it ------------------------------------------------------------


def test_asking_twice_gives_the_same_bytes_and_changes_nothing(cast):
    sittings.arranged(cast)
    before = JournalEntry.objects.count()

    assert feeds.text(cast.mina, at=WEEK_1) == feeds.text(cast.mina, at=WEEK_1 + HOUR)
    assert JournalEntry.objects.count() == before


def test_what_moved_says_so_under_the_same_uid_and_what_did_not_move_does_not(cast):
    session = sittings.session(cast)
    before, was = sequences(cast.mina), events(cast.mina)
    convening.move(session, wall=datetime(2026, 3, 6, 11), by=cast.tomas, at=BEFORE + HOUR)

    after, found = sequences(cast.mina), events(cast.mina)

    uid = f"session-{session.pk}@across.test"
    assert {name for name in before if after[name] != before[name]} == {uid}
    assert after[uid] == before[uid] + 1
    assert found[uid].text("LAST-MODIFIED") == f"{BEFORE + HOUR:%Y%m%dT%H%M%SZ}"
    assert was.keys() == found.keys()


def test_a_cancelled_session_stays_as_cancelled_without_its_room(cast):
    session = sittings.cancelled(cast)

    event = events(cast.noor)[f"session-{session.pk}@across.test"]

    assert event.text("STATUS") == "CANCELLED"
    assert "LOCATION" not in event.properties
    assert event.text("DESCRIPTION").startswith("Cancelled: The coach is ill\n")
    assert event.text("TRANSP") == "TRANSPARENT"


def test_sequence_never_falls_while_a_pause_comes_lasts_and_goes(cast):
    sittings.arranged(cast)
    seen = [(sequences(cast.mina, WEEK_1), ics.instants(feed_of(cast.mina, WEEK_1)))]
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    for days in (0, 1, 3, 7):
        at = WEEK_1 + days * DAY
        seen.append((sequences(cast.mina, at), ics.instants(feed_of(cast.mina, at))))
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)
    at = WEEK_1 + 7 * DAY
    seen.append((sequences(cast.mina, at), ics.instants(feed_of(cast.mina, at))))

    for (before, was), (after, is_now) in pairwise(seen):
        assert [uid for uid in before if after[uid] < before[uid]] == []
        assert [uid for uid in before if is_now[uid] != was[uid] and after[uid] <= before[uid]] == []


def test_a_week_off_that_is_taken_back_is_a_later_change_than_setting_it(cast):
    moving.set_break(cast.spring, first_day=date(2026, 4, 6), by=cast.ada, at=BEFORE + HOUR)
    moving.drop_break(cast.spring.breaks.get(), by=cast.ada, at=BEFORE + DAY)

    changed = {event.text("LAST-MODIFIED") for event in events(cast.mina, BEFORE + DAY).values()}

    assert changed == {f"{BEFORE + DAY:%Y%m%dT%H%M%SZ}"}


def test_a_new_zone_moves_what_is_due_and_says_so(cast):
    before, was = sequences(cast.mina, WEEK_1), ics.instants(feed_of(cast.mina, WEEK_1))
    choosing.choose(cast.mina, at=WEEK_1, zone="Asia/Tokyo")
    cast.mina.refresh_from_db()

    after, is_now = sequences(cast.mina, WEEK_1), ics.instants(feed_of(cast.mina, WEEK_1))

    moved = [uid for uid in was if is_now[uid] != was[uid]]
    assert len(moved) == 11
    assert [uid for uid in moved if after[uid] <= before[uid]] == []


# Whatever is done to the dates of a cohort and its client, each with the hours that pass before it.
DEEDS = {
    "pause": lambda cast, at: pausing.pause(cast.spring, by=cast.ada, at=at),
    "resume": lambda cast, at: pausing.resume(cast.spring, by=cast.ada, at=at),
    "hold": lambda cast, at: holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=at),
    "go on": lambda cast, at: holding.go_on(cast.enrolment(cast.mina), by=cast.tomas, at=at),
    "shift": lambda cast, at: moving.shift(cast.spring, days=7, by=cast.ada, at=at),
    "shift back": lambda cast, at: moving.shift(cast.spring, days=-7, by=cast.ada, at=at),
    "week off": lambda cast, at: moving.set_break(cast.spring, first_day=date(2026, 4, 6), by=cast.ada, at=at),
    "on after all": lambda cast, at: moving.drop_break(cast.spring.breaks.get(), by=cast.ada, at=at),
    "held": lambda cast, at: convening.hold(sittings.session(cast, 1), by=cast.tomas, at=at),
    "not held": lambda cast, at: convening.unmark(sittings.session(cast, 1), by=cast.tomas, at=at),
    "to Tokyo": lambda cast, at: choosing.choose(cast.mina, at=at, zone="Asia/Tokyo"),
    "home again": lambda cast, at: choosing.choose(cast.mina, at=at, zone="America/Chicago"),
    "another day": lambda cast, at: sittings.arranged(cast, at=at, weekday=1),
    "move": lambda cast, at: convening.move(
        sittings.session(cast, 5), wall=datetime(2026, 5, 1, 9), by=cast.tomas, at=at
    ),
    "cancel": lambda cast, at: convening.cancel(sittings.session(cast, 5), reason="Ill", by=cast.tomas, at=at),
    "more time": lambda cast, at: _more_time(cast, at),
    "nothing": lambda cast, at: None,
}


def _more_time(cast, at):
    """The longest that is given by itself, for a piece of week 1."""
    piece = roads.piece(cast.mina, "w1-x2")
    extending.ask(piece, until=extending.first_day(piece, at=at) + 3 * DAY, by=cast.mina, at=at)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(1, 90)), min_size=2, max_size=7))
def test_whatever_happens_sequence_never_falls_and_rises_for_all_that_moves(cast, deeds):
    with transaction.atomic():
        sittings.arranged(cast)
        at = WEEK_1
        before = _standing(cast, at)
        for deed, hours in deeds:
            at += hours * HOUR
            after_the_wait = _standing(cast, at)
            _check(before, after_the_wait)
            with suppress(ValidationError, BreakWeek.DoesNotExist):
                DEEDS[deed](cast, at)
            before = _standing(cast, at)
            _check(after_the_wait, before)
        transaction.set_rollback(True)


def test_more_time_for_a_piece_is_an_event_of_its_own_and_an_excused_one_has_none(cast):
    def with_more_time():
        feed = feed_of(cast.mina, WEEK_1)
        found = [one for one in feed.all("VEVENT") if one.text("SUMMARY").startswith("Due with more")]
        return [(one.text("SUMMARY"), ics.instant(feed, one, "DTSTART")) for one in found]

    before = with_more_time()
    _more_time(cast, WEEK_1)
    piece = roads.piece(cast.mina, "w1-x2")
    granted = with_more_time()
    excusing.excuse(piece.enrolment, piece.exercise, reason="Ill", by=cast.tomas, at=WEEK_1)

    due = datetime(2026, 3, 12, 4, 59, 59, tzinfo=UTC)  # Wednesday's end in Chicago, three days after Sunday
    assert (before, with_more_time()) == ([], [])
    assert granted == [(f"Due with more time: {piece.exercise.title}", due)]
    assert deadlines.due_at(piece, at=WEEK_1) == due


def test_of_a_week_that_is_wholly_excused_nothing_is_due_in_any_reader(cast):
    first, *others = Exercise.objects.filter(week__number=4, required=True)
    mine = cast.enrolment(cast.mina)

    def excuse(*exercises):
        for one in exercises:
            excusing.excuse(mine, one, reason="On leave", by=cast.tomas, at=WEEK_1)

    before = _said_to_be_due(cast.mina)
    excuse(*others)
    all_but_one = _said_to_be_due(cast.mina)
    excuse(first)
    whole = _said_to_be_due(cast.mina)
    excusing.ask_again(mine, first, by=cast.tomas, at=WEEK_1)

    assert [title for title in before if title not in whole] == ["Midpoint review is due", "Week 4 is due"]
    assert ("Week 4 is due" in all_but_one, "Week 4 is due" in _said_to_be_due(cast.mina)) == (True, True)
    assert _said_to_be_due(cast.noor) == before


def test_the_week_says_when_it_is_due_to_programs_too_unless_all_of_it_is_excused(cast):
    def told():
        week = Api(cast.mina).get("me/week/?week=1").json()
        return week["due_at"], week["due_wall"]

    before = told()
    for one in Exercise.objects.filter(week__number=1, required=True):
        excusing.excuse(cast.enrolment(cast.mina), one, reason="On leave", by=cast.tomas, at=WEEK_1)

    assert before == ("2026-03-09T04:59:59Z", "2026-03-08T23:59:59")
    assert told() == (None, None)


def _said_to_be_due(person):
    """What the feed says is due, as both readers and the page have it."""
    summaries = sorted(one.text("SUMMARY") for one in feed_of(person, WEEK_1).all("VEVENT"))
    (again,) = vobject.readComponents(feeds.text(person, at=WEEK_1).decode())
    assert sorted(one.summary.value for one in again.vevent_list) == summaries
    dates = calendars.of(deadlines.with_calendar(Enrolment.objects.all()).get(client=person), at=WEEK_1)
    said = [one for one in summaries if "is due" in one]
    assert sorted(date.title for date in dates if "is due" in date.title) == said
    return said


def _standing(cast, at):
    """UID → (sequence, instant, last modified), as Mina's calendar has them."""
    found = feeds.entries(User.objects.get(pk=cast.mina.pk), at=at)
    return {entry.uid: (entry.sequence, entry.at.replace(microsecond=0), entry.changed_at) for entry in found}


def _check(before, after):
    both = before.keys() & after.keys()
    assert before.keys() == both
    assert [uid for uid in both if after[uid][0] < before[uid][0] or after[uid][2] < before[uid][2]] == []
    assert [uid for uid in both if after[uid][1] != before[uid][1] and after[uid][0] <= before[uid][0]] == []


# --- The address ----------------------------------------------------------------------------------


def test_an_address_opens_until_it_is_renewed_or_switched_off(cast):
    first = subscribing.subscribe(by=cast.mina, at=WEEK_1)
    opened = feeds.find(first, at=WEEK_1)
    second = subscribing.subscribe(by=cast.mina, at=WEEK_1 + HOUR)
    after_renewal = (feeds.find(first, at=WEEK_1), feeds.find(second, at=WEEK_1))
    subscribing.switch_off(by=cast.mina, at=WEEK_1 + 2 * HOUR)

    assert (opened, after_renewal, feeds.find(second, at=WEEK_1)) == (cast.mina, (None, cast.mina), None)
    assert list(JournalEntry.objects.filter(action__contains="calendar address").order_by("pk").values_list("action", flat=True)) == [
        "made a calendar address", "renewed the calendar address", "switched off the calendar address",
    ]  # fmt: skip


def test_only_the_hash_is_kept_and_it_has_256_bits(cast):
    token = subscribing.subscribe(by=cast.mina, at=WEEK_1)

    kept = CalendarAddress.objects.get()
    assert (len(token), kept.token_hash) == (43, tokens.hash_of(token))
    assert token not in str(list(JournalEntry.objects.values()))


def test_it_is_dead_at_once_when_its_person_leaves_stops_coaching_or_is_switched_off(cast):
    mina, tomas, omar = (subscribing.subscribe(by=who, at=BEFORE) for who in (cast.mina, cast.tomas, cast.omar))
    alive = [feeds.find(token, at=WEEK_1) for token in (mina, tomas, omar)]
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_1)
    assigning.release(Assignment.objects.get(coach=cast.tomas), by=cast.ada, at=WEEK_1)
    cast.omar.is_active = False
    cast.omar.save()

    assert alive == [cast.mina, cast.tomas, cast.omar]
    assert [feeds.find(token, at=WEEK_1) for token in (mina, tomas, omar)] == [None, None, None]


def test_the_database_keeps_a_hash_and_one_address_a_person(cast):
    address = CalendarAddress.objects.create(person=cast.mina, token_hash="0" * 64, made_at=WEEK_1)

    with pytest.raises(IntegrityError, match="of_a_calendar_address_the_hash_is_kept"), transaction.atomic():
        CalendarAddress.objects.filter(pk=address.pk).update(token_hash="as-it-was-told")
    with pytest.raises(IntegrityError, match="person_id"), transaction.atomic():
        CalendarAddress.objects.create(person=cast.mina, token_hash="1" * 64, made_at=WEEK_1)
    with pytest.raises(IntegrityError, match="token_hash"), transaction.atomic():
        CalendarAddress.objects.create(person=cast.noor, token_hash="0" * 64, made_at=WEEK_1)


@pytest.mark.parametrize("cohorts", [1, 3])
def test_a_feed_costs_the_same_a_cohort(cast, cohorts, django_assert_num_queries):
    for number in range(cohorts):
        cohort = roads.cohort(f"Cohort {number}", by=cast.ada)
        roads.client(cohort, cast.lena)
        sittings.arranged(cast, cohort)
    feeds.text(cast.lena, at=WEEK_1)

    with django_assert_num_queries(10 + 3 * cohorts):
        feeds.text(cast.lena, at=WEEK_1)
