"""The story the demo tells, as data: who did what and when, seen from one instant.

Its files are in `demo/`: the frame, and one file a person. A time in them is one of

    w1 thu 20:10                           a wall-clock time in a week of the cohort, where that person lives
    {ago: 53}                              so many hours before now, moved back into that person's day
    {ago: 4, latest: w2 wed 11:30}         the earlier of the two
    {ago: 6, earliest: w2 tue 10:00}       not before this; until then it has not happened

What lies in the future has not happened yet, so every weekday and hour has a story that could be so.
`{+17d}` in a text is the date so many days after the first Monday, `{-40d month}` only its month.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from curriculum import moments
from curriculum.moments import Calendar

FOLDER = Path(__file__).parent / "demo"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIXED = re.compile(r"w(?P<week>-?\d) (?P<day>\w{3}) (?P<time>\d\d:\d\d)")
RELATIVE_DATE = re.compile(r"\{([+-]\d+)d( month)?\}")
BEFORE_REPLY = timedelta(hours=20)  # a coach sleeps on what was handed in
AFTER_REPLY = timedelta(hours=4)  # and a client reads the answer the same day
AT_THE_DESK = timedelta(minutes=35)  # from the first words to the hand-in

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


@dataclass(frozen=True)
class Reply:
    """What the coach answered to one attempt. `read_at` None: the client has not opened it."""

    sent_at: datetime
    keep: str
    try_next: str
    levels: dict[str, int]
    another: bool
    read_at: datetime | None


@dataclass(frozen=True)
class Turn:
    """One attempt at one exercise, as far as it has come. Without `handed_in_at` it is a draft."""

    key: str
    number: int
    answer: dict[str, Any]
    saved_at: datetime
    handed_in_at: datetime | None = None
    reply: Reply | None = None


@dataclass(frozen=True)
class Person:
    """Somebody in the story. `invited_at` None came with the cohort's own invitation."""

    name: str
    email: str
    zone: str
    joined_at: datetime | None
    invited_at: datetime | None = None
    role: str = "client"
    lessons: dict[str, datetime] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Story:
    """Everything that has happened by now."""

    calendar: Calendar
    name: str
    opened_at: datetime
    admin: Person
    coach: Person
    clients: tuple[Person, ...]
    next_name: str
    next_calendar: Calendar
    next_opened_at: datetime
    next_people: tuple[Person, ...]


def tell(at: datetime) -> Story:
    """The story as it stands at an instant: a cohort in its week 2, and one that starts next month."""
    frame = _read("story.yaml")
    zone = frame["cohort"]["zone"]
    calendar = Calendar(starts_on=_monday_now(at, zone) - timedelta(weeks=1), zone=zone)
    teller = _Teller(calendar, at, frame["coach"]["zone"])
    following = frame["next"]
    return Story(
        calendar=calendar,
        name=frame["cohort"]["name"],
        opened_at=teller.sure(frame["cohort"]["opened"], zone),
        admin=teller.person(frame["admin"]),
        coach=teller.person(frame["coach"]),
        clients=tuple(teller.person(_read(path) | {"invited": frame["cohort"]["invited"]}) for path in _files("tagus")),
        next_name=following["name"],
        next_calendar=Calendar(starts_on=_next_month(at, following["zone"]), zone=following["zone"]),
        next_opened_at=teller.sure(following["opened"], following["zone"]),
        next_people=tuple(teller.person(data) for data in (*following["clients"], *following["invitations"])),
    )


def addresses() -> set[str]:
    """Everybody who has an account or an invitation in the story."""
    frame = _read("story.yaml")
    outside = [frame["admin"], frame["coach"], *frame["next"]["clients"], *frame["next"]["invitations"]]
    return {person["email"] for person in [*outside, *map(_read, _files("tagus"))]}


@cache
def _read(name: str) -> dict[str, Any]:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders


def _files(folder: str) -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / folder).glob("*.yaml"))


def _monday_now(at: datetime, zone: str) -> date:
    """The Monday of the week that has opened last."""
    opened = moments.to_wall(at, zone) - timedelta(hours=moments.WEEK_OPENS.hour)
    return opened.date() - timedelta(days=opened.weekday())


def _next_month(at: datetime, zone: str) -> date:
    """The first Monday of the month after this one."""
    first = (moments.to_wall(at, zone).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=-first.weekday() % 7)


@dataclass(frozen=True)
class _Teller:
    """Turns the files' times into instants, for one cohort and one present."""

    calendar: Calendar
    at: datetime
    coach_zone: str

    def person(self, data: dict[str, Any]) -> Person:
        zone = data["zone"]
        lessons = {key: self.instant(spec, zone, AWAKE) for key, spec in data.get("lessons", {}).items()}
        return Person(
            name=data["name"],
            email=data["email"],
            zone=zone,
            joined_at=self.sure(data["joined"], zone) if "joined" in data else None,
            invited_at=self.sure(data["invited"], zone) if "invited" in data else None,
            role=data.get("role", "client"),
            lessons={key: instant for key, instant in lessons.items() if instant and instant >= self.opens_at(key)},
            turns=tuple(turn for key, turns in data.get("work", {}).items() for turn in self.turns(key, turns, zone)),
        )

    def turns(self, key: str, entries: list[dict[str, Any]], zone: str) -> Iterator[Turn]:
        for number, entry in enumerate(entries, start=1):
            turn = self.turn(key, number, entry, zone)
            if turn is None:
                return
            yield turn

    def turn(self, key: str, number: int, entry: dict[str, Any], zone: str) -> Turn | None:
        answer = self.dated(entry["answer"])
        if "draft" in entry:
            saved_at = self.sure(entry["draft"], zone)
            return Turn(key, number, answer, max(saved_at, self.opens_at(key)))
        reply = self.reply(entry.get("feedback"))
        handed_in_at = self.instant(entry["handed_in"], zone, AWAKE)
        if handed_in_at is None:
            return None
        if reply:
            handed_in_at = min(handed_in_at, _back_into(AWAKE, reply.sent_at - BEFORE_REPLY, zone, 0))
        return Turn(key, number, answer, handed_in_at - AT_THE_DESK, handed_in_at, reply)

    def reply(self, data: dict[str, Any] | None) -> Reply | None:
        sent_at = self.instant(data["sent"], self.coach_zone, AT_WORK) if data else None
        if data is None or sent_at is None:
            return None
        read_at = sent_at + AFTER_REPLY if data.get("read", True) else None
        return Reply(
            sent_at=sent_at,
            keep=data["keep"],
            try_next=data["try"],
            levels=data.get("levels", {}),
            another=data.get("another", False),
            read_at=read_at if read_at and read_at <= self.at else None,
        )

    def opens_at(self, key: str) -> datetime:
        """When the week of a lesson or an exercise opened; its number is in its key."""
        return moments.opens_at(self.calendar, int(key[1]), at=self.at)

    def sure(self, spec: Time, zone: str) -> datetime:
        """An instant that has passed in every story."""
        instant = self.instant(spec, zone, AWAKE)
        assert instant is not None, f"{spec} has not happened by {self.at}"
        return instant

    def instant(self, spec: Time, zone: str, day: Day) -> datetime | None:
        """When it happened, or None when it has not."""
        if isinstance(spec, str):
            fixed = self.fixed(spec, zone)
            return fixed if fixed <= self.at else None
        instant = _back_into(day, self.at - timedelta(hours=spec["ago"]), zone, spec["ago"])
        if "latest" in spec:
            instant = min(instant, self.fixed(spec["latest"], zone))
        if "earliest" in spec and instant < self.fixed(spec["earliest"], zone):
            return None
        return instant

    def fixed(self, spec: str, zone: str) -> datetime:
        match = FIXED.fullmatch(spec)
        assert match, f"{spec} is not a time of the story"
        monday = moments.monday_of(self.calendar, int(match["week"]))
        day = monday + timedelta(days=DAYS.index(match["day"]))
        return moments.to_utc(datetime.combine(day, time.fromisoformat(match["time"])), zone)

    def dated(self, content: Any) -> Any:
        """The answer with its dates written out."""
        if isinstance(content, dict):
            return {key: self.dated(part) for key, part in content.items()}
        if isinstance(content, list):
            return [self.dated(part) for part in content]
        return RELATIVE_DATE.sub(self._date, content) if isinstance(content, str) else content

    def _date(self, match: re.Match) -> str:
        day = self.calendar.starts_on + timedelta(days=int(match[1]))
        return f"{day:%B}" if match[2] else f"{day:%-d %B}"


def _back_into(day: Day, instant: datetime, zone: str, spread: int) -> datetime:
    """The instant, or the end of that person's last day before it; `spread` keeps two of them apart."""
    wall = moments.to_wall(instant, zone)
    if day.holds(wall):
        return instant.astimezone(UTC)
    return moments.to_utc(day.last_end(wall) - timedelta(minutes=spread * 7 % 50), zone)
