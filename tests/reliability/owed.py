"""Who has to hear of what and when, worked out from the programme's table and from what everybody did.

Nothing in here asks the product: dates come from a paper calendar and zoneinfo, what is required from the files of the
programme, what was done from the story. One row of the table is one small function below.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from coaching.story import Company, Person, Story, Turn
from tests.reliability import afterwards

CONTENT = Path(__file__).parent.parent.parent / "curriculum" / "content" / "across-8"
QUIET_FROM, QUIET_UNTIL = time(21), time(7, 30)
A_WEEK_AT_MOST = 4
BUDGETED = ("baseline.due", "nudge.midweek", "ledger.friday", "due.reminder", "overdue.1", "overdue.2")
GIVES_WAY = ("nudge.midweek", "ledger.friday")  # leave the last place of a week to what is due
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
FACTORS = {"stakeholder", "influence", "presence", "upward"}

Holds = Callable[[datetime], bool]


@dataclass(frozen=True, order=True)
class Owed:
    """One message that has to leave: when at the earliest, to the second."""

    at: datetime
    kind: str
    to: str
    cohort: str


@dataclass(frozen=True)
class Due:
    """A moment of the table: it comes to something if `holds` then, and when the reader is awake."""

    at: datetime
    kind: str
    to: Person
    cohort: str
    holds: Holds
    quiet: bool = True


def owed(told: Story, until: datetime) -> list[Owed]:
    """Everything both cohorts owe anybody up to an instant, in order."""
    found = [due for company in told.cohorts for due in _of_a_cohort(company, told)]
    found += _mornings(told, until)
    found.append(_coach_invited(told))
    return [one for one in _within_budget(sorted(_awake(found)), told) if one.at <= until]


def _awake(found: list[Due]) -> Iterator[Owed]:
    """What still makes sense when its reader may be disturbed."""
    for due in found:
        if due.holds(due.at):
            leaves = loud_from(due.at, due.to.zone) if due.quiet else due.at
            if due.holds(leaves):
                yield Owed(leaves, due.kind, due.to.email, due.cohort)


def _within_budget(found: list[Owed], told: Story) -> Iterator[Owed]:
    """Reminders beyond four in a week, from Monday to Sunday where their reader lives, do not leave."""
    zones = {person.email: person.zone for company in told.cohorts for person in company.people}
    left: dict[tuple[str, date], int] = {}
    for one in found:
        if one.kind in BUDGETED:
            today = wall(one.at, zones[one.to]).date()
            week = one.to, today - timedelta(days=today.weekday())
            if left.setdefault(week, A_WEEK_AT_MOST) <= (one.kind in GIVES_WAY):
                continue
            left[week] -= 1
        yield one


# --- Clocks -----------------------------------------------------------------------------------------


def instant(day: date, hour: time, zone: str) -> datetime:
    """When clocks there show this; no time of the table is ever skipped or shown twice."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def loud_from(at: datetime, zone: str) -> datetime:
    shown = wall(at, zone)
    if QUIET_UNTIL <= shown.time() < QUIET_FROM:
        return at
    day = shown.date() + (DAY if shown.time() >= QUIET_FROM else timedelta())
    return instant(day, QUIET_UNTIL, zone)


@dataclass(frozen=True)
class Weeks:
    """The calendar of one cohort."""

    starts_on: date
    zone: str

    def at(self, week: int, day: int, hour: time, zone: str | None = None) -> datetime:
        return instant(self.starts_on + timedelta(weeks=week - 1, days=day), hour, zone or self.zone)

    def days_of(self, week: int) -> tuple[date, date]:
        monday = self.starts_on + timedelta(weeks=week - 1)
        return monday, monday + timedelta(days=6)


# --- What the programme asks for, and what somebody did -------------------------------------------------


@cache
def exercises() -> tuple[dict[str, Any], ...]:
    """Everything the programme asks for, from its files."""
    files = sorted([*CONTENT.glob("weeks/w*/*.yaml"), *CONTENT.glob("practice/*.yaml")])
    told = (yaml.safe_load(file.read_text("utf-8")) for file in files)
    return tuple(one for one in told if isinstance(one, dict) and "required" in one)


@dataclass(frozen=True)
class Life:
    """What one client did in one cohort."""

    person: Person
    weeks: Weeks
    cohort: str

    def walks(self, at: datetime) -> bool:
        gone = self.person.left_at is not None and self.person.left_at <= at
        return self.person.joined_at <= at and not gone

    def turns(self, key: str) -> list[Turn]:
        return [turn for turn in self.person.turns if turn.key == key]

    def handed_in(self, key: str, at: datetime) -> bool:
        return any(turn.handed_in_at and turn.handed_in_at <= at for turn in self.turns(key))

    def started(self, key: str, at: datetime) -> bool:
        return any((turn.handed_in_at or turn.saved_at) <= at for turn in self.turns(key))

    def finished(self, moment: str, at: datetime) -> bool:
        return any(rating.moment == moment and rating.at <= at for rating in self.person.ratings)

    def reviewed(self, key: str, at: datetime) -> bool:
        return any(turn.reply and turn.reply.sent_at + timedelta(seconds=10) <= at for turn in self.turns(key))

    def done(self, exercise: dict[str, Any], at: datetime) -> bool:
        counts = exercise.get("counts")
        if not counts:
            return self.handed_in(exercise["key"], at)
        if counts["of"] == "assessment":
            return self.finished(counts["moment"], at)
        if counts["of"] == "meetings":
            return self._meetings(int(exercise["key"][1]), at) >= counts["min"]
        lines = [note for note in self.person.ledger if note.at <= at]
        shown = {note.content.get("factor") for note in lines}
        return len(lines) >= counts["min"] and (not counts.get("each_factor") or shown >= FACTORS)

    def _meetings(self, week: int, at: datetime) -> int:
        first, last = self.weeks.days_of(week)
        days = [date.fromisoformat(note.content["date"]) for note in self.person.meetings if note.at <= at]
        return sum(first <= day <= last for day in days)

    def missing(self, week: int, at: datetime) -> bool:
        """Whether something required of a week is not there."""
        asked = [one for one in exercises() if one["required"] and one["key"].startswith(f"w{week}-")]
        return any(not self.done(one, at) for one in asked)

    def line_in(self, week: int, at: datetime) -> bool:
        first, last = self.weeks.days_of(week)
        days = [date.fromisoformat(note.content["date"]) for note in self.person.ledger if note.at <= at]
        return any(first <= day <= last for day in days)

    def complete(self, at: datetime) -> bool:
        """Graduation: both assessments, six main exercises reviewed, among them 1, 5 and 8, five translations."""
        mains = {n for n in range(1, 9) if self.reviewed(f"w{n}-x1", at)}
        translations = sum(self.handed_in(f"w{n}-t{n}", at) for n in range(1, 9))
        both = self.finished("a0", at) and self.finished("a8", at)
        return both and len(mains) >= 6 and mains >= {1, 5, 8} and translations >= 5


# --- The table --------------------------------------------------------------------------------------


def _of_a_cohort(company: Company, told: Story) -> Iterator[Due]:
    weeks = Weeks(company.calendar.starts_on, company.calendar.zone)
    lives = [Life(person, weeks, company.name) for person in company.people]
    for life in lives:
        yield from _invitation(life)
        yield from _week_0(life)
        for week in range(1, 9):
            yield from _week(life, week)
            yield from _overdue(life, week, told.coach)
        yield from _assessments(life)
        yield from _end(life)
        yield from _afterwards(life)
        yield from _sessions(life)
        yield from _answers(life)
        for turn in life.person.turns:
            yield from _piece(life, turn, told)
    yield from _staff(lives, weeks, told)


def _invitation(life: Life) -> Iterator[Due]:
    """At once, and after three days and seven at nine by the cohort's clock, while nobody has come in."""
    person, at = life.person, life.person.invited_at
    yield Due(at, "invite", person, life.cohort, lambda _at: True, quiet=False)
    for days in (3, 7):
        again = instant(wall(at, life.weeks.zone).date() + days * DAY, time(9), life.weeks.zone)
        yield Due(again, "invite.remind", person, life.cohort, lambda now: now < person.joined_at, quiet=False)


def _due(life: Life, kind: str, at: datetime, holds: Holds, to: Person | None = None) -> Iterator[Due]:
    """Only what lay ahead when its client came in was ever planned."""
    if life.person.joined_at < at:
        yield Due(at, kind, to or life.person, life.cohort, lambda now: life.walks(now) and holds(now))


def _week_0(life: Life) -> Iterator[Due]:
    at, zone = life.weeks.at, life.person.zone
    begins = at(1, MON, time(8))
    yield from _due(life, "welcome", at(0, MON, time(9), zone), lambda now: now < begins)
    if life.person.joined_at >= at(0, MON, time(9), zone):
        yield Due(life.person.joined_at, "welcome.late", life.person, life.cohort, life.walks)
    for day, hour in ((FRI, time(9)), (SUN, time(10))):
        yield from _due(life, "baseline.due", at(0, day, hour, zone), lambda now: life.missing(0, now))


def _week(life: Life, week: int) -> Iterator[Due]:
    at, zone = life.weeks.at, life.person.zone
    ends = at(week, SUN, time(23, 59, 59), zone)
    yield from _due(life, "week.unlock", at(week, MON, time(8)), lambda _now: True)
    not_begun: Holds = lambda now: not life.started(f"w{week}-x1", now)  # noqa: E731
    yield from _due(life, "nudge.midweek", at(week, THU, time(9), zone), not_begun)
    if week > 1:
        yield from _due(life, "ledger.friday", at(week, FRI, time(15), zone), lambda now: not life.line_in(week, now))
    open_: Holds = lambda now: life.missing(week, now) and now < ends  # noqa: E731
    yield from _due(life, "due.reminder", at(week, SAT, time(10), zone), open_)


def _overdue(life: Life, week: int, coach: Person) -> Iterator[Due]:
    at, zone = life.weeks.at, life.person.zone
    missing: Holds = lambda now: life.missing(week, now)  # noqa: E731
    yield from _due(life, "overdue.1", at(week + 1, TUE, time(9), zone), missing)
    last = at(week + 1, FRI, time(9), zone)
    yield from _due(life, "overdue.2", last, missing)
    yield from _due(life, "overdue.2.coach", last, missing, to=coach)


def _assessments(life: Life) -> Iterator[Due]:
    at, zone = life.weeks.at, life.person.zone
    for kind, moment, when in (
        ("midpoint.open", "a4", at(4, MON, time(8))),
        ("midpoint.remind", "a4", at(4, FRI, time(9), zone)),
        ("final.open", "a8", at(8, THU, time(8))),
        ("final.remind", "a8", at(8, SAT, time(10), zone)),
    ):
        yield from _due(life, kind, when, lambda now, moment=moment: not life.finished(moment, now))


def _sessions(life: Life) -> Iterator[Due]:
    for kind, at in _reminders(life.weeks):
        yield Due(at, kind, life.person, life.cohort, life.walks, quiet=False)


def _reminders(weeks: Weeks) -> Iterator[tuple[str, datetime]]:
    """A day and an hour before each session, also in the reader's night."""
    for week in range(9):
        for before in (24 * HOUR, HOUR):
            yield "session.remind" if week else "kickoff", weeks.at(week, TUE, time(17)) - before


def _end(life: Life) -> Iterator[Due]:
    noon = life.weeks.at(9, FRI, time(12))
    yield from _due(life, "graduation", noon, life.complete)
    yield from _due(life, "graduation.gap", noon, lambda now: not life.complete(now))


def _afterwards(life: Life) -> Iterator[Due]:
    """Who has finished, and agreed, is asked after 3, 6 and 12 months."""
    confirmed = afterwards.confirmed_at(life.weeks.starts_on, life.weeks.zone)
    if life.walks(confirmed) and life.complete(confirmed):
        whose = afterwards.WHO[life.person.email]
        for months, at in afterwards.letters(whose, confirmed, life.person.zone):
            yield Due(at, f"alumni.{months}", life.person, life.cohort, lambda _now: True)


def _piece(life: Life, turn: Turn, told: Story) -> Iterator[Due]:
    if not turn.handed_in_at:
        return
    since, reply = turn.handed_in_at, turn.reply
    waits: Holds = lambda now: reply is None or now < reply.sent_at  # noqa: E731
    yield from _due(life, "review.warn", since + 48 * HOUR, waits, to=told.coach)
    breach = since + 72 * HOUR
    while waits(breach) and life.walks(breach):
        yield from _due(life, "review.breach", breach, waits, to=told.coach)
        yield from _due(life, "review.breach.admin", breach, waits, to=told.admin)
        breach += DAY
    yield from _due(life, "review.breach.client", since + 80 * HOUR, waits)
    if reply and reply.another:
        later = [one for one in life.turns(turn.key) if one.number > turn.number and one.handed_in_at]
        open_: Holds = lambda now: not any(one.handed_in_at <= now for one in later)  # noqa: E731
        yield from _due(life, "revise.remind", reply.sent_at + timedelta(seconds=10) + 120 * HOUR, open_)


def _answers(life: Life) -> Iterator[Due]:
    """Ten minutes after an answer one mail, about it and about whatever else was answered before it leaves."""
    replies = sorted(turn.reply.sent_at for turn in life.person.turns if turn.reply)
    told_until = None
    for sent_at in replies:
        if told_until is None or sent_at > told_until:
            told_until = loud_from(sent_at + timedelta(minutes=10), life.person.zone)
            yield Due(sent_at + timedelta(minutes=10), "feedback", life.person, life.cohort, lambda _now: True)


def _staff(lives: list[Life], weeks: Weeks, told: Story) -> Iterator[Due]:
    cohort = lives[0].cohort
    somebody: Holds = lambda now: any(life.walks(now) for life in lives)  # noqa: E731
    for week in range(1, 10):
        yield Due(weeks.at(week, MON, time(8)), "admin.weekly", told.admin, cohort, somebody)
    for kind, at in _reminders(weeks):
        yield Due(at, f"{kind}.coach", told.coach, cohort, lambda _now: True, quiet=False)
    for kind, week in (("midpoint.rate", 5), ("final.rate", 9)):  # nobody is rated in this story
        yield Due(weeks.at(week, MON, time(7, 30), told.coach.zone), kind, told.coach, cohort, somebody)
    noon = weeks.at(9, FRI, time(12))
    yield Due(noon, "graduation.note.coach", told.coach, cohort, somebody)
    yield Due(noon, "graduation.note.admin", told.admin, cohort, somebody)


def _coach_invited(told: Story) -> Due:
    first = min(told.admin.joined_at, told.finished.opened_at)
    return Due(first, "invite", told.coach, told.finished.name, lambda _at: True, quiet=False)


def _has_asked(person: Person, now: datetime) -> bool:
    """Whether a client who walks wrote the last word."""
    said = sorted((word.at, word.by_coach) for word in person.talk if word.at <= now)
    walks = person.left_at is None or now < person.left_at
    return walks and bool(said) and not said[-1][1]


def _mornings(told: Story, until: datetime) -> Iterator[Due]:
    """Mondays to Fridays at 07:30, if anything waits for an answer: a piece, or what a client wrote last."""
    people = [person for company in told.cohorts for person in company.people]
    everything = [turn for person in people for turn in person.turns]
    handed_in = [turn for turn in everything if turn.handed_in_at]

    def waits(now: datetime) -> bool:
        pieces = (one.handed_in_at <= now and (not one.reply or now < one.reply.sent_at) for one in handed_in)
        return any(pieces) or any(_has_asked(person, now) for person in people)

    day = told.coach.joined_at.date()
    while (morning := instant(day, time(7, 30), told.coach.zone)) <= until:
        if day.weekday() <= FRI and morning > told.coach.joined_at:
            yield Due(morning, "coach.digest", told.coach, "", waits)
        day += DAY
