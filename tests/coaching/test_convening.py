"""Live sessions: planned from the cohort's rule, moved, held, cancelled and declined; always by the wall."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import joining, pausing
from clients.models import Cohort, JournalEntry
from coaching import calendars, convening, sessions, weekboard
from coaching.models import Decline, LiveSession, SessionRule
from curriculum import moments
from tests import roads, sittings
from tests.roads import BEFORE, WEEK_1, WEEK_2
from tests.sittings import FIRST, KICK_OFF, ROOM

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def starts(cohort):
    return {row.week: row.starts_at for row in LiveSession.objects.filter(cohort=cohort)}


def moved(cast, wall, *, week=1, at=BEFORE, **terms):
    return convening.move(sittings.session(cast, week), wall=wall, by=cast.tomas, at=at, **terms)


# --- From the rule --------------------------------------------------------------------------------


def test_every_week_that_has_a_session_gets_one_on_the_same_wall_time_in_winter_and_in_summer(cast):
    sittings.arranged(cast)

    winter = {week: KICK_OFF + week * 7 * DAY for week in range(5)}
    summer = {week: KICK_OFF + week * 7 * DAY - HOUR for week in range(5, 9)}
    assert starts(cast.spring) == winter | summer
    assert starts(cast.autumn) == {}


def test_a_session_is_called_what_the_edition_calls_it(cast):
    sittings.arranged(cast)

    named = [found.name for found in sessions.of_cohort(cast.spring, zone="UTC", at=BEFORE)[:2]]
    assert named == ["Kick-off", "Live session 1: Four answers, said aloud"]


def test_a_rule_made_on_the_way_plans_what_still_lies_ahead(cast):
    sittings.arranged(cast, at=FIRST)

    assert sorted(starts(cast.spring)) == list(range(2, 9))


def test_a_new_rule_moves_what_stood_as_the_old_one_said_and_nothing_else(cast):
    sittings.held(cast)
    moved(cast, datetime(2026, 3, 6, 11), at=WEEK_1)
    moved(cast, datetime(2026, 3, 12, 17), week=2, at=WEEK_1, link="https://other.example.org/", minutes=90)

    sittings.arranged(cast, at=WEEK_1, weekday=1, time=time(9, 30), minutes=45, link="")

    rows = {row.week: (row.starts_at, row.minutes, row.link) for row in LiveSession.objects.filter(week__lte=3)}
    assert rows == {
        0: (KICK_OFF, 60, ROOM),
        1: (datetime(2026, 3, 6, 10, tzinfo=UTC), 45, ""),
        2: (datetime(2026, 3, 10, 8, 30, tzinfo=UTC), 90, "https://other.example.org/"),
        3: (datetime(2026, 3, 17, 8, 30, tzinfo=UTC), 45, ""),
    }


def test_a_rule_said_twice_changes_nothing(cast):
    sittings.arranged(cast)
    before = list(LiveSession.objects.values())

    sittings.arranged(cast, at=WEEK_1)

    assert list(LiveSession.objects.values()) == before


# --- Moving with the cohort -----------------------------------------------------------------------


def test_a_pause_moves_what_is_to_come_by_its_days_and_leaves_what_is_past(cast):
    sittings.held(cast)
    before = starts(cast.spring)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)

    after = starts(cast.spring)

    walls = {week: moments.to_wall(instant, "Europe/Berlin") for week, instant in after.items()}
    was = {week: moments.to_wall(instant, "Europe/Berlin") for week, instant in before.items()}
    assert walls == was | {week: was[week] + 7 * DAY for week in range(1, 9)}


def test_what_has_a_time_of_its_own_moves_with_its_cohort_as_well(cast):
    moved(cast, datetime(2026, 3, 6, 11))
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)

    assert starts(cast.spring)[1] == datetime(2026, 3, 13, 10, tzinfo=UTC)


def test_after_a_pause_a_session_can_be_given_any_time_again(cast):
    sittings.arranged(cast)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)

    moved(cast, datetime(2026, 3, 16, 9), at=WEEK_1 + 7 * DAY)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1 + 8 * DAY)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 9 * DAY)

    assert starts(cast.spring)[1] == datetime(2026, 3, 17, 8, tzinfo=UTC)


def test_while_a_cohort_stands_still_what_is_to_come_stays_ahead(cast):
    sittings.arranged(cast)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    shown = [
        sessions.of_cohort(Cohort.objects.get(pk=cast.spring.pk), zone="Europe/Berlin", at=WEEK_1 + days * DAY)[1].wall
        for days in (0, 1, 2, 9)
    ]

    assert shown == [datetime(2026, 3, 5 + days, 17) for days in (0, 1, 2, 9)]


def test_every_change_of_a_session_raises_its_version_and_only_that_of_the_session_that_changed(cast):
    versions = [sittings.session(cast).version]
    versions.append(moved(cast, datetime(2026, 3, 6, 11)).version)
    versions.append(convening.cancel(sittings.session(cast), reason="Ill", by=cast.tomas, at=WEEK_1).version)
    versions.append(moved(cast, datetime(2026, 3, 7, 11), at=WEEK_1).version)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + DAY)
    versions.append(sittings.session(cast).version)

    assert versions == [1, 2, 3, 4, 5]
    assert sittings.session(cast, 0).version == 1


# --- Moving, holding, cancelling ------------------------------------------------------------------


def test_a_cancelled_session_that_gets_a_new_time_is_planned_again(cast):
    sittings.cancelled(cast)

    session = moved(cast, datetime(2026, 3, 6, 11), at=WEEK_1)

    assert (session.state, session.reason, session.settled_at) == ("planned", "", None)


def test_the_time_a_spring_night_skips_becomes_the_next_there_is(cast):
    session = moved(cast, datetime(2026, 3, 29, 2, 30), week=4)

    assert session.starts_at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert starts(cast.spring)[4] == session.starts_at


def test_two_sessions_may_touch_and_may_not_overlap(cast):
    moved(cast, datetime(2026, 3, 12, 16))

    with pytest.raises(convening.NotLikeThis, match="is at that time already"):
        moved(cast, datetime(2026, 3, 12, 16, 30))


def test_a_held_session_is_not_changed_by_anything_that_happens_to_its_cohort(cast):
    held = sittings.held(cast)
    pausing.pause(cast.spring, by=cast.ada, at=KICK_OFF + HOUR)
    pausing.resume(cast.spring, by=cast.ada, at=KICK_OFF + 8 * DAY)

    assert sittings.session(cast, 0).version == held.version


def test_the_journal_says_who_moved_what_from_when_to_when(cast):
    moved(cast, datetime(2026, 3, 6, 11))

    line = JournalEntry.objects.get(action="moved session")
    assert (line.actor, line.note) == ("Tomas", "2026-03-05 17:00 to 2026-03-06 11:00")


# --- Whoever cannot come --------------------------------------------------------------------------


def test_saying_it_twice_is_saying_it_once_and_it_can_be_taken_back(cast):
    session = sittings.session(cast)
    for _again in range(2):
        convening.decline(session, by=cast.mina, at=BEFORE)
    absent = sessions.of_cohort(cast.spring, zone="UTC", at=BEFORE)[1].absent
    convening.come(session, by=cast.mina, at=BEFORE)
    convening.come(session, by=cast.mina, at=BEFORE)

    assert absent == ("Mina",)
    assert Decline.objects.count() == 0
    assert list(
        JournalEntry.objects.filter(action__endswith="session").order_by("pk").values_list("action", flat=True)
    ) == [
        "declined session",
        "comes to session",
    ]


def test_each_client_sees_their_own_answer_and_nobody_elses(cast):
    convening.decline(sittings.session(cast), by=cast.mina, at=BEFORE)

    shown = {
        who.name: [(found.declined, found.absent) for found in of(who)[:2]]
        for who in (cast.mina, cast.noor)
    }  # fmt: skip

    assert shown == {"Mina": [(False, ()), (True, ())], "Noor": [(False, ()), (False, ())]}


def of(who, at=BEFORE):
    return sessions.of_enrolment(weekboard.enrolment_of(who), at=at)


def test_whoever_has_left_is_counted_absent_no_more_and_told_no_way_into_the_room(cast):
    convening.decline(sittings.session(cast), by=cast.mina, at=BEFORE)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_1)

    assert sessions.of_cohort(cast.spring, zone="UTC", at=WEEK_1)[1].absent == ()
    assert {found.row.link for found in of(cast.mina)} == {""}
    assert {found.row.link for found in of(cast.noor)} == {ROOM}


# --- On everybody's clock -------------------------------------------------------------------------


def test_a_session_is_in_the_calendar_by_ones_own_clock_with_the_cohorts_beside_it(cast):
    sittings.arranged(cast)
    found = [date for date in calendars.of(weekboard.enrolment_of(cast.noor), at=BEFORE) if date.kind == "session"]

    assert [(date.wall, date.cohort_wall) for date in found[4:6]] == [
        (datetime(2026, 3, 26, 21, 30), datetime(2026, 3, 26, 17)),
        (datetime(2026, 4, 2, 20, 30), datetime(2026, 4, 2, 17)),
    ]
    assert [date.week for date in found] == list(range(9))


def test_the_next_one_is_told_on_everybodys_clock(cast):
    sittings.arranged(cast)

    told = [(clock.name, clock.wall, clock.label) for clock in sessions.clocks(cast.spring, FIRST)]

    assert told == [
        ("Mina", datetime(2026, 3, 5, 10), "Chicago time (UTC−6)"),
        ("Noor", datetime(2026, 3, 5, 21, 30), "Kolkata time (UTC+5:30)"),
    ]


ZONES = (
    "Europe/Berlin",
    "America/Sao_Paulo",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
WALLS = st.datetimes(datetime(2026, 3, 12), datetime(2026, 12, 31), timezones=st.none()).map(
    lambda wall: wall.replace(second=0, microsecond=0)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wall=WALLS, zone=st.sampled_from(ZONES), week=st.integers(0, 8), paused=st.booleans())
def test_a_plan_is_found_for_every_time_and_comes_to_it(cast, wall, zone, week, paused):
    with transaction.atomic():
        Cohort.objects.filter(pk=cast.spring.pk).update(zone=zone)
        if paused:
            pausing.pause(cast.spring, by=cast.ada, at=BEFORE + 4 * DAY)
            pausing.resume(cast.spring, by=cast.ada, at=BEFORE + 9 * DAY)
        cohort = Cohort.objects.get(pk=cast.spring.pk)

        day = sessions.day_for(cohort, week, wall, at=WEEK_2)
        comes_to = sessions.comes_to(cohort, week, day, wall.time(), at=WEEK_2)
        transaction.set_rollback(True)

    assert comes_to == moments.to_utc(wall, zone)


# --- What the database holds ----------------------------------------------------------------------

BROKEN = {
    "one_session_a_week_of_a_cohort": {"week": 0},
    "a_session_lasts_15_to_240_minutes": {"minutes": 14},
    "a_cancelled_session_says_why": {"state": "cancelled", "settled_at": WEEK_1},
    "settled_at_says_when_a_session_was_held_or_cancelled": {"settled_at": WEEK_1},
    "a_session_is_held_once_it_has_begun": {"state": "held", "settled_at": WEEK_1},
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_keeps_a_session_whole(cast, name):
    session = sittings.session(cast)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LiveSession.objects.filter(pk=session.pk).update(**BROKEN[name])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a_weekday_is_between_0_and_6", {"weekday": 7}),
        ("a_rule_plans_15_to_240_minutes", {"minutes": 241}),
        ("coaching_sessionrule_cohort_id_key", {"cohort": 2}),
    ],
)
def test_the_database_keeps_a_rule_whole(cast, name, content):
    sittings.arranged(cast)
    sittings.arranged(cast, cast.autumn)
    content = {"cohort": cast.spring} if "cohort" in content else content

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SessionRule.objects.filter(cohort=cast.autumn).update(**content)


def test_the_database_keeps_one_answer_a_client_and_session(cast):
    session, enrolment = sittings.session(cast), cast.enrolment(cast.mina)
    Decline.objects.create(session=session, enrolment=enrolment, at=BEFORE)

    with pytest.raises(IntegrityError, match="a_session_is_declined_once_a_client"), transaction.atomic():
        Decline.objects.create(session=session, enrolment=enrolment, at=WEEK_1)


def test_every_state_of_a_session_has_its_moves(cast):
    assert set(LiveSession.MOVES) == set(LiveSession.State)
    assert roads.edition().weeks.exclude(session={}).count() == 9
