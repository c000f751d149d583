"""The rules of time: zones, weeks, pauses, changes of zone and quiet hours."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from curriculum import moments
from curriculum.moments import (
    MINUS,
    Calendar,
    Pause,
    UnknownZone,
    ZoneFrom,
    due_at,
    is_late,
    is_quiet,
    loud_from,
    moment,
    monday_of,
    opens_at,
    to_utc,
    to_wall,
    zone_exists,
    zone_label,
    zone_names,
)
from tests.curriculum.moments_by_hand import CASES, LATER, SPRING, Case, lived_in, paused, utc

EVENING, MORNING = time(21), time(7, 30)


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.asks}" for n, case in enumerate(CASES, 1)])
def test_the_instant_is_the_one_worked_out_by_hand(case: Case) -> None:
    instant = getattr(moments, case.asks)(**case.given)

    assert (instant, instant.tzinfo) == (utc(case.utc), UTC), case.because


def test_forty_different_cases_were_worked_out_by_hand() -> None:
    asked = {repr((case.asks, case.given)) for case in CASES}

    assert len(asked) == 40


# Zones


def test_a_wall_clock_time_comes_back_from_its_instant() -> None:
    wall = datetime(2026, 7, 1, 9, 30)

    shown = to_wall(to_utc(wall, "Asia/Kathmandu"), "Asia/Kathmandu")

    assert (shown, shown.tzinfo) == (wall, None)


def test_both_passes_of_a_repeated_hour_show_the_same_time() -> None:
    first = to_wall(utc("2026-10-25 00:30"), "Europe/Berlin")
    second = to_wall(utc("2026-10-25 01:30"), "Europe/Berlin")

    assert (first, second, second.fold) == (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 2, 30), 0)


def test_the_second_reading_of_a_repeated_hour_is_taken_for_the_first() -> None:
    wall = datetime(2026, 10, 25, 2, 30, fold=1)

    assert to_utc(wall, "Europe/Berlin") == utc("2026-10-25 00:30")


def test_fractions_of_a_second_in_a_gap_do_not_matter() -> None:
    wall = datetime(2026, 3, 29, 2, 0, 0, 1)

    assert to_utc(wall, "Europe/Berlin") == utc("2026-03-29 01:00")


def test_a_wall_clock_time_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone of its own"):
        to_utc(utc("2026-07-01 09:30"), "Europe/Berlin")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="An instant needs its zone"):
        to_wall(datetime(2026, 7, 1, 9, 30), "Europe/Berlin")


@pytest.mark.parametrize(
    "name",
    [
        "Mars/Base",
        "",
        "Europe",
        "europe/berlin",
        "../../etc/passwd",
        "/etc/localtime",
        "right/UTC",
        "a\0b",
        "localtime",
        "Factory",
        "UTC+1",
    ],
)
def test_a_name_that_is_no_zone_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(UnknownZone) as refusal:
        to_utc(datetime(2026, 7, 1), name)

    expected = f"There is no time zone called “{name}”. Choose one such as Europe/Berlin."
    assert (zone_exists(name), str(refusal.value)) == (False, expected)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC", "Asia/Kolkata"])
def test_a_zone_that_exists_is_in_the_list_of_names(name: str) -> None:
    assert (zone_exists(name), name in zone_names()) == (True, True)


@pytest.mark.parametrize(
    ("zone", "instant", "label"),
    [
        ("America/Chicago", "2026-01-15 12:00", f"Chicago time (UTC{MINUS}6)"),
        ("America/Chicago", "2026-07-15 12:00", f"Chicago time (UTC{MINUS}5)"),
        ("America/Sao_Paulo", "2026-07-15 12:00", f"Sao Paulo time (UTC{MINUS}3)"),
        ("America/Argentina/Buenos_Aires", "2026-07-15 12:00", f"Buenos Aires time (UTC{MINUS}3)"),
        ("America/St_Johns", "2026-01-15 12:00", f"St Johns time (UTC{MINUS}3:30)"),
        ("Asia/Kathmandu", "2026-01-15 12:00", "Kathmandu time (UTC+5:45)"),
        ("Europe/London", "2026-01-15 12:00", "London time (UTC+0)"),
        ("Japan", "2026-01-15 12:00", "Japan time (UTC+9)"),
        ("UTC", "2026-01-15 12:00", "UTC"),
        ("Etc/UTC", "2026-01-15 12:00", "UTC"),
        ("Etc/GMT+5", "2026-01-15 12:00", f"UTC{MINUS}5"),
    ],
)
def test_a_zone_is_named_by_its_place_and_its_difference(zone: str, instant: str, label: str) -> None:
    assert zone_label(utc(instant), zone) == label


# Weeks


def test_weeks_are_counted_from_the_monday_of_week_one() -> None:
    mondays = [monday_of(SPRING, week) for week in (0, 1, 9)]

    assert mondays == [date(2026, 2, 23), date(2026, 3, 2), date(2026, 4, 27)]


def test_a_calendar_that_starts_on_another_day_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Week 1 starts on a Monday, and 2026-03-03 is a Tuesday\."):
        Calendar(date(2026, 3, 3), "Europe/Berlin")


def test_a_moment_without_any_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one time zone"):
        due_at(SPRING, 1, (), at=LATER)


def test_only_the_first_zone_of_a_history_may_lack_its_instant() -> None:
    zones = (ZoneFrom(None, "Europe/Berlin"), ZoneFrom(None, "Asia/Kolkata"))

    with pytest.raises(ValueError, match="Asia/Kolkata has none"):
        due_at(SPRING, 1, zones, at=LATER)


def test_a_moment_in_one_zone_is_the_same_as_in_a_history_of_that_zone_alone() -> None:
    zone = "Africa/Lagos"

    named = moment(SPRING, week=3, day=3, time=time(9), zone=zone, at=LATER)
    lived = moment(SPRING, week=3, day=3, time=time(9), zone=lived_in(zone), at=LATER)

    assert (named, lived) == (utc("2026-03-19 08:00"), utc("2026-03-19 08:00"))


def test_late_begins_after_the_due_instant() -> None:
    due = utc("2026-03-08 22:59:59")

    late = [is_late(due + timedelta(microseconds=n), due) for n in (-1, 0, 1)]

    assert late == [False, False, True]


def test_lateness_compares_instants_and_not_clocks() -> None:
    first = utc("2026-10-25 00:45").astimezone(ZoneInfo("Europe/Berlin"))
    second = utc("2026-10-25 01:15").astimezone(ZoneInfo("Europe/Berlin"))

    assert (is_late(second, first), is_late(first, second)) == (True, False)


# Pauses


def test_an_opening_at_the_instant_a_pause_begins_stays_and_one_a_second_later_moves() -> None:
    ended = "2026-03-20 12:00"

    at_it = opens_at(paused(("2026-03-16 07:00:00", ended)), 3, at=LATER)
    after_it = opens_at(paused(("2026-03-16 06:59:59", ended)), 3, at=LATER)

    assert (at_it, after_it) == (utc("2026-03-16 07:00"), utc("2026-03-20 07:00"))


def test_a_pause_keeps_the_clock_time_when_the_clocks_change_in_it() -> None:
    calendar = paused(("2026-03-27 12:00", "2026-04-03 12:00"))

    opens = opens_at(calendar, 5, at=LATER)

    assert (opens, to_wall(opens, "Europe/Berlin").time()) == (utc("2026-04-06 06:00"), time(8))


def test_a_skipped_time_moved_by_a_pause_is_itself_again() -> None:
    calendar = paused(("2026-03-27 12:00", "2026-03-30 12:00"))

    moved = moment(calendar, week=4, day=6, time=time(2, 30), zone="Europe/Berlin", at=LATER)

    assert to_wall(moved, "Europe/Berlin") == datetime(2026, 4, 1, 2, 30)


def test_a_pause_that_lasts_counts_day_by_day_and_never_backwards() -> None:
    calendar = paused(("2026-03-18 10:00", None))
    days = ("2026-03-10 10:00", "2026-03-18 12:00", "2026-03-18 23:00", "2026-03-20 12:00")

    openings = [opens_at(calendar, 4, at=utc(day)) for day in days]

    expected = ("2026-03-23 07:00", "2026-03-23 07:00", "2026-03-24 07:00", "2026-03-25 07:00")
    assert openings == [utc(text) for text in expected]


def test_the_order_in_which_pauses_are_listed_does_not_matter() -> None:
    first, second = ("2026-03-12 10:00", "2026-03-17 10:00"), ("2026-03-18 10:00", "2026-03-21 10:00")

    due = due_at(paused(second, first), 2, lived_in("Europe/Berlin"), at=LATER)

    assert due == utc("2026-03-23 22:59:59")


def test_a_day_that_two_pauses_share_counts_once() -> None:
    calendar = paused(("2026-03-09 10:00", "2026-03-16 10:00"), ("2026-03-11 10:00", "2026-03-18 10:00"))

    opens = opens_at(calendar, 4, at=LATER)

    assert opens == utc("2026-04-01 06:00")


# A change of zone


def test_a_due_time_nearer_than_two_days_stays_when_the_new_zone_would_bring_it_nearer() -> None:
    zones = lived_in("America/Los_Angeles", ("2026-03-07 20:00", "Pacific/Auckland"))

    assert due_at(SPRING, 1, zones, at=LATER) == utc("2026-03-09 06:59:59")


def test_a_due_time_at_the_very_instant_of_the_change_is_past_and_stays() -> None:
    zones = lived_in("Europe/Berlin", ("2026-03-08 22:59:59", "America/New_York"))

    assert due_at(SPRING, 1, zones, at=LATER) == utc("2026-03-08 22:59:59")


def test_the_week_after_a_change_follows_the_new_zone_alone() -> None:
    zones = lived_in("America/Los_Angeles", ("2026-03-07 20:00", "Pacific/Auckland"))

    assert due_at(SPRING, 2, zones, at=LATER) == utc("2026-03-15 10:59:59")


def test_a_due_time_kept_by_notice_still_moves_with_a_later_pause() -> None:
    zones = lived_in("America/Los_Angeles", ("2026-03-07 20:00", "Pacific/Auckland"))
    calendar = paused(("2026-03-08 18:00", "2026-03-15 18:00"))

    assert due_at(calendar, 1, zones, at=LATER) == utc("2026-03-16 06:59:59")


def test_a_pause_of_no_days_leaves_notice_in_a_repeated_hour_where_it_was() -> None:
    zones = lived_in("Pacific/Honolulu", ("2026-10-23 01:30", "Europe/Berlin"))
    calendar = Calendar(date(2026, 10, 19), "UTC", (Pause(utc("2026-10-24 08:00"), utc("2026-10-24 09:00")),))

    moved = moment(calendar, week=1, day=5, time=time(16), zone=zones, at=LATER)

    assert moved == utc("2026-10-25 01:30")


def test_a_client_who_moves_west_in_a_pause_gets_both_the_days_and_the_zone() -> None:
    zones = lived_in("Europe/Berlin", ("2026-03-05 12:00", "America/Chicago"))
    calendar = paused(("2026-03-04 12:00", "2026-03-11 12:00"))

    assert due_at(calendar, 1, zones, at=LATER) == utc("2026-03-16 04:59:59")


# Quiet hours


@pytest.mark.parametrize(
    ("shown", "quiet"),
    [
        ("20:59:59", False),
        ("21:00:00", True),
        ("00:00:00", True),
        ("07:29:59", True),
        ("07:30:00", False),
    ],
)
def test_quiet_hours_cross_midnight(shown: str, quiet: bool) -> None:
    instant = to_utc(datetime.fromisoformat(f"2026-07-01 {shown}"), "Asia/Kolkata")

    assert is_quiet(instant, "Asia/Kolkata", EVENING, MORNING) is quiet


def test_quiet_hours_within_one_day_end_on_that_day() -> None:
    noon = utc("2026-07-01 12:15")

    quiet = [is_quiet(noon + timedelta(hours=n), "UTC", time(12), time(14)) for n in (-1, 0, 1, 2)]

    assert (quiet, loud_from(noon, "UTC", time(12), time(14))) == (
        [False, True, True, False],
        utc("2026-07-01 14:00"),
    )


@pytest.mark.parametrize("hour", range(24))
def test_equal_times_are_never_quiet(hour: int) -> None:
    instant = datetime(2026, 7, 1, hour, tzinfo=UTC)

    assert (is_quiet(instant, "UTC", EVENING, EVENING), loud_from(instant, "UTC", EVENING, EVENING)) == (
        False,
        instant,
    )


def test_a_loud_instant_is_given_back_in_utc() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))

    loud = loud_from(noon, "Europe/Berlin", EVENING, MORNING)

    assert (loud, loud.tzinfo) == (utc("2026-07-01 10:00"), UTC)


def test_quiet_hours_that_end_at_a_skipped_time_end_when_the_clocks_jump() -> None:
    loud = loud_from(utc("2026-03-29 00:00"), "Europe/Berlin", time(22), time(2, 30))

    assert loud == utc("2026-03-29 01:00")


def test_quiet_hours_that_end_in_the_second_pass_of_a_repeated_hour_end_there() -> None:
    loud = loud_from(utc("2026-10-25 00:01"), "Europe/London", time(1, 1), time(1))

    assert loud == utc("2026-10-25 01:00")


def test_quiet_hours_whose_whole_gap_is_skipped_last_into_the_next_day() -> None:
    loud = loud_from(utc("2026-03-29 00:00"), "Europe/Berlin", time(2, 50), time(2, 10))

    assert loud == utc("2026-03-30 00:10")


def test_quiet_hours_last_over_a_day_that_the_calendar_skips() -> None:
    loud = loud_from(utc("2011-12-30 09:00"), "Pacific/Apia", EVENING, MORNING)

    assert to_wall(loud, "Pacific/Apia") == datetime(2011, 12, 31, 7, 30)


def test_nothing_opens_and_nothing_comes_due_while_a_pause_lasts():
    began = datetime(2026, 3, 2, 6, tzinfo=UTC)  # Monday 07:00 in Berlin, an hour before week 1 opens
    calendar = Calendar(date(2026, 3, 2), "Europe/Berlin", (Pause(began, None),))
    zones = (ZoneFrom(None, "America/Los_Angeles"),)

    hours = [began + timedelta(hours=hour) for hour in range(1, 24 * 9)]

    assert [at for at in hours if opens_at(calendar, 1, at=at) <= at] == []
    assert [at for at in hours if due_at(calendar, 1, zones, at=at) <= at] == []
