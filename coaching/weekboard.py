"""Everything a client sees this week, read once into frozen objects for the page and the API alike.

A fixed number of queries, whatever the size of the cohort: nothing here looks at anybody else's work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, QuerySet, Value, When

from clients import counted, dates, deadlines, evidence, progress
from clients.counted import Count
from clients.models import Enrolment, LedgerLine, LessonReading, Submission, User
from clients.progress import Standing
from curriculum import answers, draft_notes
from curriculum.at_once import at_once
from curriculum.firstread import Reading, Unreadable
from curriculum.models import Exercise, Lesson, Week
from curriculum.prepared import Asked, Question

from . import feedbacks, sessions
from .models import Assignment, Feedback
from .sessions import Session

CROSSING = range(1, 9)  # the weeks that are taught
CHARTER = "w0-charter"
NO_RANK, COUNTED = 9, 10  # what is counted comes after homework, unless it is a step before week 1

Row = Standing | Count
AnyRow = TypeVar("AnyRow", Standing, Count)


@dataclass(frozen=True)
class Knot:
    """One week on the line. `state` is done, open, now, locked, or to_come where the edition has no such week yet."""

    number: int
    title: str
    short: str
    state: str
    opens_at: datetime


@dataclass(frozen=True)
class LessonRow:
    """A lesson of the week and whether its client has marked it as read."""

    lesson: Lesson
    is_read: bool


@dataclass(frozen=True)
class Next:
    """The one thing to do next: a piece of homework, something that is counted, or a lesson when neither is left."""

    piece: Standing | None = None
    count: Count | None = None
    lesson: Lesson | None = None
    excerpt: str = ""
    words: int = 0
    first_read: Reading | None = None

    @property
    def row(self) -> Row | None:
        return self.piece or self.count


@dataclass(frozen=True)
class Weekboard:
    """One week of one enrolment at one instant.

    `phase` is locked (not open yet), open, done, or over (the programme is, for this person). `carried` and
    `counted_before` are what is open of earlier weeks; they stand on the current week only. `minutes_left` is the sum
    of what is still open, lessons included. `line` is the last one of this week in the ledger, and `session` the week's
    live one, where there is one.
    """

    enrolment: Enrolment
    week: Week
    current: int
    phase: str
    opens_at: datetime
    due_at: datetime
    crossing: tuple[Knot, ...]
    next: Next | None
    lessons: tuple[LessonRow, ...]
    pieces: tuple[Standing, ...]
    carried: tuple[Standing, ...]
    counted: tuple[Count, ...]
    counted_before: tuple[Count, ...]
    minutes_left: int
    following: Knot | None
    feedback: Feedback | None
    charter: str
    keeps_ledger: bool
    line: LedgerLine | None
    session: Session | None

    @property
    def is_current(self) -> bool:
        return self.week.number == self.current

    @property
    def rows(self) -> list[Row]:
        """What the week asks for besides its lessons, in the order of the programme."""
        return sorted([*self.pieces, *self.counted], key=_position)

    @property
    def rows_before(self) -> list[Row]:
        """The same of earlier weeks."""
        return sorted([*self.carried, *self.counted_before], key=_position)


# --- Whose week -----------------------------------------------------------------------------------


def enrolment_of(client: User, cohort: str | None = None, *, dated: bool = True) -> Enrolment | None:
    """The person's enrolment in the cohort of this slug; without one the latest active enrolment.

    Comes with `coach_names`, the coaches' names in order, and, where it is `dated`, with all that `deadlines` reads.
    """
    coaches = Assignment.objects.filter(cohort=OuterRef("cohort"), ended_at=None).order_by("since", "pk")
    mine = Enrolment.objects.filter(client=client).annotate(coach_names=ArraySubquery(coaches.values("coach__name")))
    mine = mine.select_related("client", "cohort__edition") if dated else mine.select_related("client", "cohort")
    if cohort:
        mine = mine.filter(cohort__slug=cohort)
    active_first = Case(When(state=Enrolment.State.ACTIVE, then=Value(0)), default=Value(1))
    found = mine.order_by(active_first, "-joined_at", "-pk").first()
    if found and dated:
        dates.read(found)
    return found


def coach_of(enrolment: Enrolment) -> str:
    """Whom the client hands in to, by first name; empty where no one or a whole team coaches the cohort."""
    names: list[str] = enrolment.coach_names  # type: ignore[attr-defined]
    firsts = [name.split()[0] for name in names if name]
    return firsts[0] if len(firsts) == 1 else ""


# --- The board ------------------------------------------------------------------------------------


def of(enrolment: Enrolment, number: int | None = None, *, at: datetime) -> Weekboard | None:
    """The board of a week, by default of the current one; None where the edition has no such week."""
    weeks = {week.number: week for week in weeks_of(enrolment.cohort.edition_id)}
    current = _shown_now(weeks, deadlines.current_week(enrolment, at=at))
    week = weeks.get(current if number is None else number)
    if week is None:
        return None
    with at_once(*_asks(enrolment, week, at)):
        standings, counts = progress.standings(enrolment, at=at), counted.of(enrolment, at=at)
        crossing = _crossing(enrolment, weeks, current, [*standings, *counts], at)
        return _board(enrolment, week, current, standings, counts, crossing, at)


def _asks(enrolment: Enrolment, week: Week, at: datetime) -> tuple[Asked, ...]:
    """What of the board is asked at once."""
    is_open = deadlines.opens_at(enrolment, week.number, at=at) <= at
    read = (_read.of(whose=enrolment.pk, week=week.pk),) if is_open else ()
    session = (sessions.asks_enrolment(enrolment),) if week.session else ()
    feedback = _shown.of(client=enrolment.client_id, whose=enrolment.pk, at=at)
    return progress.asks_pieces(enrolment), *counted.asks_kept(enrolment), feedback, *read, *session


def _board(
    enrolment: Enrolment,
    week: Week,
    current: int,
    standings: list[Standing],
    counts: list[Count],
    crossing: tuple[Knot, ...],
    at: datetime,
) -> Weekboard:
    opens = deadlines.opens_at(enrolment, week.number, at=at)
    is_open, is_now = opens <= at, week.number == current
    lessons = tuple(_lessons(enrolment, week)) if is_open else ()
    pieces = _of_week(standings, week) if is_open else ()
    kept = _of_week(counts, week) if is_open else ()
    carried, before = (_carried(standings, week.number), _carried(counts, week.number)) if is_now else ((), ())
    left: list[Row] = [*carried, *before, *pieces, *kept] if is_walked(enrolment) else []
    upcoming = next_of(left, lessons) if is_open and is_walked(enrolment) else None
    return Weekboard(
        enrolment=enrolment,
        week=week,
        current=current,
        phase=_phase(enrolment, is_open, upcoming),
        opens_at=opens,
        due_at=deadlines.week_due_at(enrolment, week.number, at=at),
        crossing=crossing,
        next=upcoming,
        lessons=lessons,
        pieces=pieces,
        carried=carried,
        counted=kept,
        counted_before=before,
        minutes_left=_minutes(left, lessons) if is_walked(enrolment) else 0,
        following=next((knot for knot in crossing if knot.number == week.number + 1), None),
        feedback=_last_feedback(enrolment, at),
        charter=charter_of(standings),
        keeps_ledger=is_now and is_open and week.number >= evidence.FIRST_WEEK,
        line=_line(enrolment, week, at) if is_now and week.number >= evidence.FIRST_WEEK else None,
        session=sessions.of_week(enrolment, week.number, at=at) if week.session else None,
    )


def is_walked(enrolment: Enrolment) -> bool:
    """Whether there is still something to do in it: neither left nor finished nor closed."""
    return enrolment.is_active and not enrolment.cohort.is_closed


def _phase(enrolment: Enrolment, is_open: bool, upcoming: Next | None) -> str:
    if not is_walked(enrolment):
        return "over"
    return "locked" if not is_open else "open" if upcoming else "done"


def next_of(rows: Iterable[Row], lessons: Iterable[LessonRow]) -> Next | None:
    """What to do next: returned, overdue main, draft main, main, translation, other exercises, counted, lesson."""
    waiting = sorted((row for row in rows if row.is_with_client), key=_order)
    if not waiting:
        unread = next((row.lesson for row in lessons if not row.is_read), None)
        return Next(lesson=unread) if unread else None
    first = waiting[0]
    if isinstance(first, Count):
        return Next(count=first)
    exercise, draft = first.exercise, first.submission.draft
    excerpt, words = answers.summary(exercise, draft), answers.words_in(exercise, draft)
    return Next(piece=first, excerpt=excerpt, words=words, first_read=_first_read(first))


def _order(row: Row) -> tuple[int, int, int]:
    return _rank(row), *_position(row)


def _position(row: Row) -> tuple[int, int]:
    return row.exercise.week.number, row.exercise.position


def _rank(row: Row) -> int:
    if isinstance(row, Count):
        return NO_RANK if row.exercise.role == Exercise.Role.BASELINE else COUNTED
    is_main = row.exercise.role == Exercise.Role.MAIN
    rules = (
        row.state == Submission.State.RETURNED,
        is_main and row.is_late,
        is_main and row.state == Submission.State.DRAFT,
        is_main,
        row.exercise.role == Exercise.Role.TRANSLATION,
    )
    return next((rank for rank, holds in enumerate(rules) if holds), NO_RANK)


def _of_week(rows: Iterable[AnyRow], week: Week) -> tuple[AnyRow, ...]:
    return tuple(row for row in rows if row.exercise.week_id == week.pk)


def _carried(rows: Iterable[AnyRow], number: int) -> tuple[AnyRow, ...]:
    """What is open of earlier weeks and asked for."""
    return tuple(
        row
        for row in rows
        if row.exercise.week.number < number
        and row.is_with_client
        and (row.exercise.required or row.state != progress.OPEN)
    )


def _minutes(rows: Iterable[Row], lessons: tuple[LessonRow, ...]) -> int:
    asked = sum(row.minutes_left for row in rows if row.is_with_client)
    return asked + sum(row.lesson.minutes for row in lessons if not row.is_read)


# --- Rows -----------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def weeks_of(edition_id: int) -> tuple[Week, ...]:
    """The weeks of a published edition, with their modules; frozen, so read once a process."""
    weeks = Week.objects.filter(edition=edition_id).select_related("module")
    return tuple(weeks.order_by("number"))


@lru_cache(maxsize=64)
def lessons_of(week_id: int) -> tuple[Lesson, ...]:
    """The lessons of a week of a published edition, without their texts; frozen, so read once a process."""
    return tuple(Lesson.objects.filter(week=week_id).defer("body").order_by("position"))


def _shown_now(weeks: dict[int, Week], current: int) -> int:
    """The week to show by default: the current one, or the nearest that the edition has."""
    if not weeks:
        return current
    return max((number for number in weeks if number <= current), default=min(weeks))


def _lessons(enrolment: Enrolment, week: Week) -> list[LessonRow]:
    read = set(_read.all(whose=enrolment.pk, week=week.pk))
    return [LessonRow(lesson, lesson.pk in read) for lesson in lessons_of(week.pk)]


@Question
def _read(*, whose: int, week: int) -> QuerySet:
    return LessonReading.objects.filter(enrolment=whose, lesson__week=week).values_list("lesson_id", flat=True)


def _crossing(
    enrolment: Enrolment, weeks: dict[int, Week], current: int, rows: list[Row], at: datetime
) -> tuple[Knot, ...]:
    missing = {row.exercise.week.number for row in rows if row.is_missing}
    return tuple(
        Knot(
            number=number,
            title=weeks[number].title if number in weeks else "",
            short=weeks[number].short if number in weeks else "",
            state=_knot_state(number, weeks, current, missing, deadlines.is_open(enrolment, number, at=at)),
            opens_at=deadlines.opens_at(enrolment, number, at=at),
        )
        for number in CROSSING
    )


def _knot_state(number: int, weeks: dict[int, Week], current: int, missing: set[int], is_open: bool) -> str:
    if number not in weeks:
        return "to_come"
    if not is_open:
        return "locked"
    if number == current:
        return "now"
    return "open" if number in missing else "done"


def _last_feedback(enrolment: Enrolment, at: datetime) -> Feedback | None:
    found: Feedback | None = _shown.first(client=enrolment.client_id, whose=enrolment.pk, at=at)
    return found


@Question
def _shown(*, client: int, whose: int, at: datetime) -> QuerySet:
    return feedbacks.shown_to(User(pk=client), at=at).filter(attempt__submission__enrolment=whose)[:1]


def _line(enrolment: Enrolment, week: Week, at: datetime) -> LedgerLine | None:
    """What the ledger got this week."""
    first = deadlines.mondays(enrolment, at=at)[week.number]
    return evidence.last_of(enrolment, first, first + timedelta(days=6))


def charter_of(standings: list[Standing]) -> str:
    """What the client wanted to keep, once it is handed in."""
    handed_in = (p.submission for p in standings if p.exercise.key == CHARTER and p.submission.attempts_made)
    return next((str(submission.draft.get("value") or "") for submission in handed_in), "")


def _first_read(piece: Standing) -> Reading | None:
    if not piece.submission.is_started:
        return None
    try:
        known = piece.submission.enrolment.client.known_words
        return draft_notes.first_read(piece.exercise, piece.submission.draft, known=known)
    except Unreadable:
        return None
