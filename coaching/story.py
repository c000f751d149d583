"""The story the demo tells, as data: who did what and when, seen from one instant.

Its files are in `demo/`: the frame, and a folder for each cohort with one file a person. How they say when is in
`almanac`, how their texts are written in `phrasing`. A piece with a `draft` beside its `handed_in` is a draft until
that has happened.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from curriculum import moments
from curriculum.moments import Calendar

from . import phrasing, told_after, told_of
from .almanac import AT_WORK, AWAKE, DAYS, Almanac, back_into, monday_now, next_month
from .told import Leeway, Note, Released, Reply, Turn, Word
from .told_of import Calibrated, Reading

FOLDER = Path(__file__).parent / "demo"
BEFORE_REPLY = timedelta(hours=20)  # a coach sleeps on what was handed in
AFTER_REPLY = timedelta(hours=4)  # and a client reads the answer the same day
SESSION = timedelta(minutes=60)
WEEKS_THAT_MEET = range(9)
AT_THE_DESK = timedelta(minutes=35)  # from the first words to the hand-in


@dataclass(frozen=True)
class Rating:
    """An assessment, all of it at once; `looking_back` is where week 0 was, seen from the end."""

    moment: str
    at: datetime
    answers: dict[str, int]
    readiness: dict[str, str]
    remark: str
    extra: dict[str, Any]
    looking_back: dict[str, int]


@dataclass(frozen=True)
class Person:
    """Somebody in the story. `invited_at` None came with the cohort's own invitation."""

    name: str
    email: str
    zone: str
    joined_at: datetime | None
    invited_at: datetime | None = None
    role: str = "client"
    left_at: datetime | None = None
    lessons: dict[str, datetime] = field(default_factory=dict)
    meetings: tuple[Note, ...] = ()
    ledger: tuple[Note, ...] = ()
    ratings: tuple[Rating, ...] = ()
    focus: Note | None = None
    turns: tuple[Turn, ...] = ()
    leeway: tuple[Leeway, ...] = ()
    talk: tuple[Word, ...] = ()
    released: tuple[Released, ...] = ()


@dataclass(frozen=True)
class Gatherings:
    """The live sessions of a cohort: their rule, what became of which week's, and who cannot come to which."""

    arranged_at: datetime
    weekday: int
    time: time
    minutes: int
    link: str
    moved: tuple[tuple[int, datetime, datetime], ...]  # week, new wall-clock time, when that was said
    cancelled: tuple[tuple[int, str, datetime], ...]  # week, why, when that was said
    held: tuple[tuple[int, datetime], ...]  # week, when it was marked
    declined: tuple[tuple[int, str, datetime], ...]  # week, whose address, when that was said
    attended: tuple[tuple[int, dict[str, str], datetime], ...] = ()  # week, address → mark, when it was over


@dataclass(frozen=True)
class Talks:
    """The midpoint calls of a cohort: the times its coach offers by their own clock, and who booked which of them."""

    offered_at: datetime
    minutes: int
    walls: tuple[datetime, ...]
    link: str
    booked: tuple[tuple[str, int, datetime], ...]  # whose address, which of the times, when


@dataclass(frozen=True)
class Absence:
    """The coach is away over these days, by their own clock, and somebody reads meanwhile."""

    set_at: datetime
    substitute: str  # by address
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Company:
    """A cohort and the people in it."""

    name: str
    calendar: Calendar
    opened_at: datetime
    people: tuple[Person, ...]
    gatherings: Gatherings | None = None
    talks: Talks | None = None
    absences: tuple[Absence, ...] = ()
    pairs_allowed_at: datetime | None = None
    readings: tuple[Reading, ...] = ()
    end: told_after.End | None = None


@dataclass(frozen=True)
class Story:
    """Everything that has happened by now: in a cohort that is through, in one that walks, in one that is to start."""

    admin: Person
    coach: Person
    calibrated: Calibrated
    finished: Company
    walking: Company
    coming: Company

    @property
    def cohorts(self) -> tuple[Company, ...]:
        return (self.finished, self.walking, self.coming)


def tell(at: datetime) -> Story:
    """The story as it stands at an instant: a cohort in its week 5, one behind it and one ahead of it."""
    frame = told_in("story.yaml")
    finished, walking, coming = (frame[name] for name in ("finished", "walking", "coming"))
    first = _past(finished, at)
    return Story(
        admin=first.person(frame["admin"]),
        coach=first.person(frame["coach"]),
        calibrated=first.calibrated(frame["coach"]),
        finished=_company(finished, first),
        walking=_company(walking, _past(walking, at)),
        coming=_company(coming, Teller(Calendar(starts_on=next_month(at, coming["zone"]), zone=coming["zone"]), at)),
    )


def addresses() -> set[str]:
    """Everybody who has an account or an invitation in the story."""
    frame = told_in("story.yaml")
    named = [frame["admin"], frame["coach"], *frame["coming"]["people"], *frame["finished"]["also"]]
    in_files = (told_in(path) for name in ("finished", "walking") for path in _files(frame[name]["folder"]))
    return {person["email"] for person in [*named, *in_files]}


def forget() -> None:
    """The files have changed: read them again."""
    told_in.cache_clear()
    person_in.cache_clear()


def _past(frame: dict[str, Any], at: datetime) -> "Teller":
    """Of a cohort that started so many weeks before this one."""
    starts_on = monday_now(at, frame["zone"]) - timedelta(weeks=frame["weeks_ago"])
    return Teller(Calendar(starts_on=starts_on, zone=frame["zone"]), at)


def _company(frame: dict[str, Any], teller: "Teller") -> Company:
    pairs, zone = frame.get("pairs"), frame["zone"]
    people = tuple(teller.person(data) for data in _people(frame, teller.calendar.starts_on))
    return Company(
        name=frame["name"],
        calendar=teller.calendar,
        opened_at=teller.sure(frame["opened"], frame["zone"]),
        people=people,
        gatherings=teller.gatherings(frame["sessions"]) if "sessions" in frame else None,
        talks=teller.talks(frame["calls"]) if "calls" in frame else None,
        absences=tuple(teller.absence(one) for one in frame.get("away", [])),
        pairs_allowed_at=teller.sure(pairs["allowed"], zone) if pairs else None,
        readings=tuple(told_of.readings(teller, pairs, zone)) if pairs else (),
        end=teller.end(told_in(frame["after"]), people, zone) if "after" in frame else None,
    )


def _people(frame: dict[str, Any], starts_on: date) -> list[dict[str, Any]]:
    """Those in the cohort's folder, who were invited together, with whoever else is named, or those in the frame."""
    if "folder" not in frame:
        return frame["people"]
    together = [person_in(path, starts_on) | {"invited": frame["invited"]} for path in _files(frame["folder"])]
    return together + frame.get("also", [])


@lru_cache(maxsize=64)
def person_in(name: str, starts_on: date) -> dict[str, Any]:
    """What a person's file tells, its texts written for a cohort that starts on this day."""
    return phrasing.person(told_in(name), starts_on)


@cache
def told_in(name: str) -> dict[str, Any]:
    """What a file of the story says, as it stands there."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders


def _files(folder: str) -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / folder).glob("*.yaml"))


@dataclass(frozen=True)
class Teller(Almanac):
    """Turns a file into a person, for one cohort and one present."""

    def person(self, data: dict[str, Any]) -> Person:
        zone, work = data["zone"], data.get("work", {})
        lessons = {key: self.instant(spec, zone) for key, spec in data.get("lessons", {}).items()}
        ratings = (self.rating(name, told, zone) for name, told in data.get("ratings", {}).items())
        return Person(
            name=data["name"],
            email=data["email"],
            zone=zone,
            joined_at=self.sure(data["joined"], zone) if "joined" in data else None,
            invited_at=self.sure(data["invited"], zone) if "invited" in data else None,
            role=data.get("role", "client"),
            left_at=self.sure(data["left"], zone) if "left" in data else None,
            lessons={key: instant for key, instant in lessons.items() if instant and instant >= self.opens_at(key)},
            meetings=self.notes(data.get("meetings", {}), zone),
            ledger=self.notes(data.get("ledger", {}), zone),
            ratings=tuple(rating for rating in ratings if rating),
            focus=next(iter(self.notes({"focus": data["focus"]}, zone)), None) if "focus" in data else None,
            turns=tuple(turn for key, entries in work.items() for turn in self.turns(key, entries, zone)),
            leeway=tuple(self.leeway(data.get("leeway", []), zone)),
            talk=tuple(self.words(data.get("talk", []), zone=zone)),
            released=tuple(Released(**one | {"at": self.sure(one["at"], zone)}) for one in data.get("released", [])),
        )

    def words(self, told: list[dict[str, Any]], *, zone: str = "", sent_at: datetime | None = None) -> Iterator[Word]:
        """Each at its own time, or so many hours after an answer was sent; as far as it has come."""
        coachs = told_in("story.yaml")["coach"]["zone"], AT_WORK
        for entry in told:
            by_coach = entry.get("by") == "coach"
            where = coachs if by_coach else (zone, AWAKE)
            if at := self.hours_after(sent_at, entry["after"]) if sent_at else self.instant(entry["at"], *where):
                yield Word(at, by_coach, *(entry.get(name, "") for name in ("text", "quick", "about")))

    def leeway(self, told: list[dict[str, Any]], zone: str) -> Iterator[Leeway]:
        """A client asks for more time; the rest is said by the coach, at work."""
        coachs = told_in("story.yaml")["coach"]["zone"]
        for entry in told:
            where, day = (zone, AWAKE) if entry["kind"] == "more_time" else (coachs, AT_WORK)
            if at := self.instant(entry["at"], where, day):
                yield Leeway(**(entry | {"at": at}))

    def calibrated(self, coach: dict[str, Any]) -> Calibrated:
        told = coach["calibrated"]
        return Calibrated(self.sure(told["at"], coach["zone"]), told["apart"])

    def end(self, told: dict[str, Any], people: tuple[Person, ...], zone: str) -> told_after.End | None:
        """Of those who came to the end; None where nobody did anything."""
        there = {one.email: one.zone for one in people if one.turns and not one.left_at}
        dated, coachs = phrasing.dated(told, self.calendar.starts_on), told_in("story.yaml")["coach"]["zone"]
        return told_after.end(self, dated, zone, coachs, there.get) if there else None

    # --- Live sessions ---

    def gatherings(self, told: dict[str, Any]) -> Gatherings:
        """One a week from week 0 to week 8, marked as held when its hour is over."""
        zone, weekday, clock = self.calendar.zone, DAYS.index(told["weekday"]), time.fromisoformat(told["time"])
        moved = tuple(
            (entry["week"], moments.to_wall(self.sure(entry["to"], zone), zone), self.sure(entry["at"], zone))
            for entry in told.get("moved", [])
        )
        cancelled = tuple(
            (entry["week"], entry["why"], self.sure(entry["at"], zone)) for entry in told.get("cancelled", [])
        )
        walls = {
            week: datetime.combine(moments.monday_of(self.calendar, week) + timedelta(days=weekday), clock)
            for week in WEEKS_THAT_MEET
        } | {week: wall for week, wall, _at in moved}
        starts = {week: moments.to_utc(wall, zone) for week, wall in walls.items()}
        off = {week for week, _why, _at in cancelled}
        ends = {week: instant + SESSION for week, instant in starts.items() if week not in off}
        return Gatherings(
            arranged_at=self.sure(told["arranged"], zone),
            weekday=weekday,
            time=clock,
            minutes=SESSION // timedelta(minutes=1),
            link=told["link"],
            moved=moved,
            cancelled=cancelled,
            held=tuple((week, instant) for week, instant in ends.items() if instant <= self.at),
            attended=tuple(
                (entry["week"], entry["marks"], ends[entry["week"]])
                for entry in told.get("attended", [])
                if ends[entry["week"]] <= self.at
            ),
            declined=tuple(self.declined(told.get("declined", []), starts, zone)),
        )

    def declined(
        self, told: list[dict[str, Any]], starts: dict[int, datetime], zone: str
    ) -> Iterator[tuple[int, str, datetime]]:
        """The next one there is, by whoever cannot come to it."""
        week = next((week for week, instant in sorted(starts.items()) if instant > self.at), None)
        for entry in told:
            at = self.instant(entry["at"], zone)
            if week is not None and at:
                yield week, entry["who"], at

    def talks(self, told: dict[str, Any]) -> Talks:
        """By the clock of the coach; who books does so by their own."""
        zone = told_in("story.yaml")["coach"]["zone"]
        booked = [(entry["who"], entry["time"], self.sure(entry["at"], zone)) for entry in told["booked"]]
        return Talks(
            offered_at=self.sure(told["offered"], zone),
            minutes=told["minutes"],
            walls=tuple(moments.to_wall(self.fixed(one, zone), zone) for one in told["times"]),
            link=told["link"],
            booked=tuple(booked),
        )

    def absence(self, told: dict[str, Any]) -> Absence:
        zone = told_in("story.yaml")["coach"]["zone"]
        first, last = (moments.to_wall(self.fixed(told[name], zone), zone).date() for name in ("first", "last"))
        return Absence(self.sure(told["at"], zone), told["who"], first, last)

    # --- What somebody keeps along the way ---

    def notes(self, told: dict[str, dict[str, Any]], zone: str) -> tuple[Note, ...]:
        noted = ((key, self.instant(entry["at"], zone), entry) for key, entry in told.items())
        return tuple(Note(key, at, self.note(entry, at, zone)) for key, at, entry in noted if at)

    def note(self, entry: dict[str, Any], at: datetime, zone: str) -> dict[str, Any]:
        """Without its instant, with its day: the one it was written on, unless it names another of that week."""
        content = {key: part for key, part in entry.items() if key not in ("at", "day")}
        day = moments.to_wall(at, zone).date()
        if "day" in entry:
            day += timedelta(days=DAYS.index(entry["day"]) - day.weekday())
        return content | {"date": day.isoformat()}

    def rating(self, moment: str, told: dict[str, Any], zone: str) -> Rating | None:
        at = self.instant(told["at"], zone)
        return Rating(moment, **(told | {"at": at})) if at else None

    # --- Homework ---

    def turns(self, key: str, entries: list[dict[str, Any]], zone: str) -> Iterator[Turn]:
        for number, entry in enumerate(entries, start=1):
            turn = self.turn(key, number, entry, zone)
            if turn is None:
                return
            yield turn

    def turn(self, key: str, number: int, entry: dict[str, Any], zone: str) -> Turn | None:
        answer = entry["answer"]
        handed_in_at = self.instant(entry["handed_in"], zone) if "handed_in" in entry else None
        if handed_in_at is None:
            saved_at = self.instant(entry["draft"], zone) if "draft" in entry else None
            return Turn(key, number, answer, max(saved_at, self.opens_at(key))) if saved_at else None
        reply = self.reply(entry.get("feedback"))
        if reply:
            handed_in_at = min(handed_in_at, back_into(AWAKE, reply.sent_at - BEFORE_REPLY, zone, 0))
        return Turn(key, number, answer, handed_in_at - AT_THE_DESK, handed_in_at, reply)

    def reply(self, data: dict[str, Any] | None) -> Reply | None:
        sent_at = self.instant(data["sent"], told_in("story.yaml")["coach"]["zone"], AT_WORK) if data else None
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
            live=data.get("live", False),
            asks=tuple(data.get("asks", ())),
            addressed=tuple(data.get("addressed", ())),
            notes=tuple(data.get("notes", ())),
            used_at=self.hours_after(sent_at, data.get("used")),
            talked_at=self.hours_after(sent_at, data.get("talked", {}).get("after")),
            talked_of=data.get("talked", {}).get("line", ""),
            said=tuple(self.words(data.get("said", ()), sent_at=sent_at)),
        )
