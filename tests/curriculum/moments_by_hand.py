"""Forty moments worked out by hand, from the clock rules of each place and a paper calendar.

Every case says what is asked, with which wall-clock inputs, the UTC instant it comes to, and why. Nothing
in this file was taken from the code it checks. The rules used:

- United States: forward on the second Sunday of March (8 March 2026, 14 March 2027) at 02:00, back on the
  first Sunday of November (1 November 2026, 7 November 2027) at 02:00.
- Europe: forward on the last Sunday of March (29 March 2026, 28 March 2027), back on the last Sunday of
  October (25 October 2026, 31 October 2027), everywhere at 01:00 UTC.
- New Zealand and Chatham: forward on the last Sunday of September (27 September 2026), back on the first
  Sunday of April (5 April 2026). Lord Howe: forward by 30 minutes on the first Sunday of October
  (4 October 2026), back on the first Sunday of April (5 April 2026), both at 02:00.
- Havana forward on 8 March 2026, Santiago forward on 6 September 2026, Cairo forward on 24 April 2026, all
  at midnight; Santiago back at the end of 4 April 2026.
"""

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from curriculum.moments import Calendar, Pause, ZoneFrom


class Case(NamedTuple):
    """One question to a function of `curriculum.moments`, and the answer found without it."""

    asks: str
    given: dict[str, object]
    utc: str
    because: str


def utc(text: str) -> datetime:
    """An aware instant from "2026-03-08 10:59:59", read as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def lived_in(first: str, *moves: tuple[str, str]) -> tuple[ZoneFrom, ...]:
    """A person's zones: the first one, then pairs of the instant of a change and the new zone."""
    return (ZoneFrom(None, first), *(ZoneFrom(utc(at), zone) for at, zone in moves))


def paused(*pauses: tuple[str, str | None]) -> Calendar:
    """The spring calendar with pauses, each from one UTC instant to another."""
    taken = tuple(Pause(utc(began), utc(ended) if ended else None) for began, ended in pauses)
    return Calendar(SPRING.starts_on, SPRING.zone, taken)


# 1 March 2026 is a Sunday. The weeks of spring begin on 2, 9, 16, 23 and 30 March; week 0 on 23 February.
SPRING = Calendar(date(2026, 3, 2), "Europe/Berlin")
# 4 October 2026 is a Sunday. The weeks of autumn begin on 5, 12, 19 and 26 October and 2 November.
AUTUMN = Calendar(date(2026, 10, 5), "America/New_York")
LATER = utc("2027-12-31 00:00")


def wall(text: str, zone: str, utc: str, because: str) -> Case:
    """A wall-clock time and its zone, to be turned into an instant."""
    return Case("to_utc", {"wall": datetime.fromisoformat(text), "zone": zone}, utc, because)


def opens(calendar: Calendar, week: int, utc: str, because: str) -> Case:
    """The opening of a week."""
    return Case("opens_at", {"calendar": calendar, "week": week, "at": LATER}, utc, because)


def due(
    calendar: Calendar, week: int, zones: tuple[ZoneFrom, ...], utc: str, because: str, at: datetime = LATER
) -> Case:
    """The due instant of a week for a person with this history of zones."""
    return Case("due_at", {"calendar": calendar, "week": week, "zones": zones, "at": at}, utc, because)


def planned(week: int, later: int, day: int, shown: time, zone: str, utc: str, because: str) -> Case:
    """A moment of the spring plan in one zone."""
    given = {"week": week, "weeks_later": later, "day": day, "time": shown, "zone": zone}
    return Case("moment", {"calendar": SPRING, **given, "at": LATER}, utc, because)


def loud(instant: datetime, zone: str, quiet: tuple[time, time], utc: str, because: str) -> Case:
    """The first instant at which a message may arrive."""
    given = {"instant": instant, "zone": zone, "quiet_from": quiet[0], "quiet_until": quiet[1]}
    return Case("loud_from", given, utc, because)


BERLIN, CHICAGO, LOS_ANGELES = "Europe/Berlin", "America/Chicago", "America/Los_Angeles"
NEW_YORK, AUCKLAND, KOLKATA = "America/New_York", "Pacific/Auckland", "Asia/Kolkata"
LORD_HOWE, CHATHAM, SANTIAGO = "Australia/Lord_Howe", "Pacific/Chatham", "America/Santiago"

CASES = (
    # The nights on which clocks go forward or back, and the odd offsets.
    wall("2026-03-29 02:30", BERLIN, "2026-03-29 01:00", "02:00 CET = 01:00Z is 03:00 CEST: next minute"),
    wall("2026-10-25 02:30", BERLIN, "2026-10-25 00:30", "shown twice; the first is CEST, +2"),
    wall("2026-10-25 03:00", BERLIN, "2026-10-25 02:00", "shown once, after the hour was repeated: CET, +1"),
    wall("2027-03-28 01:15", "Europe/London", "2027-03-28 01:00", "01:00 GMT is 02:00 BST: next minute"),
    wall("2026-03-08 02:30", NEW_YORK, "2026-03-08 07:00", "02:00 EST (-5) is 03:00 EDT: next minute"),
    wall("2026-11-01 01:30", CHICAGO, "2026-11-01 06:30", "shown twice; the first is CDT, -5"),
    wall("2027-03-14 02:59:59", LOS_ANGELES, "2027-03-14 10:00", "02:00 PST (-8) is 03:00 PDT"),
    wall("2026-10-04 02:15", LORD_HOWE, "2026-10-03 15:30", "02:00 at +10:30 is 02:30 at +11: 30 min gone"),
    wall("2026-04-05 01:45", LORD_HOWE, "2026-04-04 14:45", "01:30 to 02:00 shown twice; the first is +11"),
    wall("2026-09-27 03:00", CHATHAM, "2026-09-26 14:00", "02:45 at +12:45 is 03:45 at +13:45"),
    wall("2026-04-05 03:00", CHATHAM, "2026-04-04 13:15", "02:45 to 03:45 shown twice; the first is +13:45"),
    wall("2026-03-08 00:30", "America/Havana", "2026-03-08 05:00", "00:00 CST (-5) is 01:00 CDT: no 00:30"),
    wall("2026-09-06 00:00", SANTIAGO, "2026-09-06 04:00", "00:00 at -4 is 01:00 at -3: no 00:00"),
    wall("2026-04-04 23:59:59", SANTIAGO, "2026-04-05 02:59:59", "24:00 becomes 23:00; the first pass is -3"),
    wall("2026-04-24 00:30", "Africa/Cairo", "2026-04-23 22:00", "00:00 at +2 is 01:00 at +3: no 00:30"),
    wall("2011-12-30 12:00", "Pacific/Apia", "2011-12-30 10:00", "no 30th: the 29th ends at -10"),
    wall("2026-06-01 08:00", "Asia/Kathmandu", "2026-06-01 02:15", "+5:45 all year"),
    wall("2026-07-01 08:00", "Asia/Tehran", "2026-07-01 04:30", "+3:30 all year since 2022"),
    # Openings: Monday 08:00 in the cohort's zone.
    opens(SPRING, 5, "2026-03-30 06:00", "30 March, the day after the clocks went forward: CEST, +2"),
    opens(SPRING, 0, "2026-02-23 07:00", "seven days before 2 March: 23 February, CET, +1"),
    opens(AUTUMN, 5, "2026-11-02 13:00", "2 November, the day after the clocks went back: EST, -5"),
    # Due: Sunday 23:59:59 in the client's own zone.
    due(SPRING, 4, lived_in(BERLIN), "2026-03-29 21:59:59", "29 March, clocks already forward: CEST, +2"),
    due(SPRING, 1, lived_in(CHICAGO), "2026-03-09 04:59:59", "8 March, clocks already forward: CDT, -5"),
    due(SPRING, 0, lived_in(KOLKATA), "2026-03-01 18:29:59", "the Sunday before week 1: 1 March, +5:30"),
    due(AUTUMN, 4, lived_in(NEW_YORK), "2026-11-02 04:59:59", "1 November, clocks already back: EST, -5"),
    # Moments of the plan.
    planned(3, 0, 4, time(18), LOS_ANGELES, "2026-03-21 01:00", "Friday 20 March 18:00 PDT, -7"),
    planned(4, 1, 1, time(9), AUCKLAND, "2026-03-30 20:00", "Tuesday after week 4: 31 March 09:00 NZDT, +13"),
    # Pauses: whole days in the cohort's zone, and the clock shows the same time.
    due(
        paused(("2026-03-18 09:00", "2026-03-25 09:00")),
        4,
        lived_in(BERLIN),
        "2026-04-05 21:59:59",
        "18 to 25 March are 7 days: 29 March becomes 5 April, still 23:59:59 CEST",
    ),
    opens(
        paused(("2026-03-18 09:00", "2026-03-25 09:00")),
        3,
        "2026-03-16 07:00",
        "16 March lies before the pause: 08:00 CET as planned",
    ),
    due(
        paused(("2026-03-18 08:00", "2026-03-18 17:00")),
        3,
        lived_in(BERLIN),
        "2026-03-22 22:59:59",
        "begun and ended on 18 March: no days, 22 March CET as planned",
    ),
    due(
        paused(("2026-03-18 22:30", "2026-03-19 23:30")),
        3,
        lived_in(BERLIN),
        "2026-03-24 22:59:59",
        "in Berlin 23:30 on the 18th to 00:30 on the 20th: 2 days, though one date on in UTC",
    ),
    due(
        paused(("2026-03-18 10:00", None)),
        3,
        lived_in(BERLIN),
        "2026-03-25 22:59:59",
        "still paused on the 21st: 3 days so far, 22 March becomes 25 March CET",
        at=utc("2026-03-21 06:00"),
    ),
    due(
        paused(("2026-03-12 10:00", "2026-03-17 10:00"), ("2026-03-18 10:00", "2026-03-21 10:00")),
        2,
        lived_in(BERLIN),
        "2026-03-23 22:59:59",
        "15 March + 5 days = 20 March, now after the second pause began: + 3 days = 23 March CET",
    ),
    # A client who changes zone.
    due(
        SPRING,
        1,
        lived_in(LOS_ANGELES, ("2026-03-09 12:00", AUCKLAND)),
        "2026-03-09 06:59:59",
        "8 March 23:59:59 PDT was five hours past at the change: stays",
    ),
    due(
        SPRING,
        1,
        lived_in(BERLIN, ("2026-03-04 12:00", NEW_YORK)),
        "2026-03-09 03:59:59",
        "moved west, so later: 8 March 23:59:59 EDT, -4",
    ),
    due(
        SPRING,
        1,
        lived_in(LOS_ANGELES, ("2026-03-04 12:00", AUCKLAND)),
        "2026-03-08 10:59:59",
        "moved east, so earlier: 8 March 23:59:59 NZDT, +13; four days after the change",
    ),
    due(
        SPRING,
        1,
        lived_in(LOS_ANGELES, ("2026-03-06 18:00", AUCKLAND)),
        "2026-03-08 18:00",
        "new 8 March 10:59:59Z, old 9 March 06:59:59Z, the change + 48 h lies between: that",
    ),
    due(
        SPRING,
        1,
        lived_in(BERLIN, ("2026-03-03 12:00", LOS_ANGELES), ("2026-03-08 12:00", BERLIN)),
        "2026-03-09 06:59:59",
        "west, then back on the last day: the instant held in Los Angeles is nearer than 48 h, so it stays",
    ),
    # Quiet hours.
    loud(
        utc("2026-03-08 06:00"),
        CHICAGO,
        (time(21), time(7, 30)),
        "2026-03-08 12:30",
        "00:00 CST; the night is an hour short, 07:30 is CDT, -5",
    ),
    loud(
        utc("2026-11-01 06:10"),
        NEW_YORK,
        (time(21), time(1, 30)),
        "2026-11-01 06:30",
        "01:10 EST, the second time; the first 01:30 is over, the second is EST, -5",
    ),
)
