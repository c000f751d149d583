"""When things happen in the story: the times of its files, seen from one instant.

    w1 thu 20:10                           a wall-clock time in a week of the cohort, where that person lives
    {ago: 53}                              so many hours before now, moved back into that person's day
    {ago: 4, latest: w5 wed 11:30}         the earlier of the two
    {ago: 6, earliest: w5 tue 10:00}       not before this; until then it has not happened
    {ago: 30, since: w5 wed 11:30}         the later of the two, once that has passed

What lies in the future has not happened yet, so every weekday and hour has a story that could be so.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from curriculum import moments
from curriculum.moments import Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIXED = re.compile(r"w(?P<week>-?\d{1,2}) (?P<day>\w{3}) (?P<time>\d\d:\d\d)")

Time = str | dict[str, Any]


@dataclass(frozen=True)
class Day:
    """When somebody is at it: from, until, on which weekdays."""

    since: time
    until: time
    weekdays: frozenset[int] = frozenset(range(7))

    def holds(self, wall: datetime) -> bool:
        return wall.weekday() in self.weekdays and self.since <= wall.time() <= self.until

    def last_end(self, wall: datetime) -> datetime:
        """The end of the last such stretch before a wall-clock time outside of it."""
        day = wall.date() if wall.time() >= self.since else wall.date() - timedelta(days=1)
        while day.weekday() not in self.weekdays:
            day -= timedelta(days=1)
        return datetime.combine(day, self.until)


AWAKE = Day(time(7), time(22, 30))
AT_WORK = Day(time(8, 30), time(17, 30), frozenset(range(5)))


def back_into(day: Day, instant: datetime, zone: str, spread: int) -> datetime:
    """The instant, or the end of that person's last day before it; `spread` keeps two of them apart."""
    wall = moments.to_wall(instant, zone)
    if day.holds(wall):
        return instant.astimezone(UTC)
    return moments.to_utc(day.last_end(wall) - timedelta(minutes=spread * 7 % 50), zone)


def monday_now(at: datetime, zone: str) -> date:
    """The Monday of the week that has opened last."""
    opened = moments.to_wall(at, zone) - timedelta(hours=moments.WEEK_OPENS.hour)
    return opened.date() - timedelta(days=opened.weekday())


def next_month(at: datetime, zone: str) -> date:
    """The first Monday of the month after this one."""
    first = (moments.to_wall(at, zone).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=-first.weekday() % 7)


@lru_cache(maxsize=4096)
def _fixed(starts_on: date, spec: str, zone: str) -> datetime:
    match = FIXED.fullmatch(spec)
    assert match, f"{spec} is not a time of the story"
    day = starts_on + timedelta(weeks=int(match["week"]) - 1, days=DAYS.index(match["day"]))
    return moments.to_utc(datetime.combine(day, time.fromisoformat(match["time"])), zone)


@dataclass(frozen=True)
class Almanac:
    """Turns the files' times into instants, for one cohort and one present."""

    calendar: Calendar
    at: datetime

    def sure(self, spec: Time, zone: str) -> datetime:
        """An instant that has passed in every story."""
        instant = self.instant(spec, zone, AWAKE)
        assert instant is not None, f"{spec} has not happened by {self.at}"
        return instant

    def instant(self, spec: Time, zone: str, day: Day = AWAKE) -> datetime | None:
        """When it happened, or None when it has not."""
        if isinstance(spec, str):
            fixed = self.fixed(spec, zone)
            return fixed if fixed <= self.at else None
        instant = back_into(day, self.at - timedelta(hours=spec["ago"]), zone, spec["ago"])
        if "since" in spec:
            since = self.fixed(spec["since"], zone)
            return max(instant, since) if since <= self.at else None
        if "latest" in spec:
            instant = min(instant, self.fixed(spec["latest"], zone))
        if "earliest" in spec and instant < self.fixed(spec["earliest"], zone):
            return None
        return instant

    def hours_after(self, instant: datetime, hours: int | None) -> datetime | None:
        """So long after an instant, once that has passed."""
        at = instant + timedelta(hours=hours) if hours else None
        return at if at and at <= self.at else None

    def fixed(self, spec: str, zone: str) -> datetime:
        return _fixed(self.calendar.starts_on, spec, zone)

    def opens_at(self, key: str) -> datetime:
        """When the week of a lesson or an exercise opened; its number is in its key."""
        return moments.opens_at(self.calendar, int(key[1]), at=self.at)
