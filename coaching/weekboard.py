"""Everything a client sees this week, read once into frozen objects for the page and the API alike.

A fixed number of queries, whatever the size of the cohort: nothing here looks at anybody else's work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Value, When

from clients import deadlines, progress
from clients.models import Enrolment, LessonReading, Submission, User
from clients.progress import Standing
from curriculum import answers, draft_notes
from curriculum.firstread import Reading, Unreadable
from curriculum.models import Exercise, Lesson, Week

from . import feedbacks
from .models import Assignment, Feedback

CROSSING = range(1, 9)  # the weeks that are taught
CHARTER = "w0-charter"
NO_RANK = 9


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
    """The one thing to do next: a piece of homework, or a lesson when no homework is left."""

    piece: Standing | None
    lesson: Lesson | None
    excerpt: str
    words: int
    first_read: Reading | None


@dataclass(frozen=True)
class Weekboard:
    """One week of one enrolment at one instant.

    `phase` is locked (not open yet), open or done. `carried` are open pieces of earlier weeks; they stand
    on the current week only. `minutes_left` is the sum of what is still open, lessons included.
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
    minutes_left: int
    following: Knot | None
    feedback: Feedback | None
    charter: str

    @property
    def is_current(self) -> bool:
        return self.week.number == self.current


# --- Whose week -----------------------------------------------------------------------------------


def enrolment_of(client: User, cohort: str | None = None) -> Enrolment | None:
    """The person's enrolment in the cohort of this slug; without one the latest active enrolment.

    Comes with all that `deadlines` reads and with `coach_names`, the coaches' names in order.
    """
    coaches = Assignment.objects.filter(cohort=OuterRef("cohort"), ended_at=None).order_by("since", "pk")
    found = deadlines.with_calendar(Enrolment.objects.filter(client=client)).annotate(
        coach_names=ArraySubquery(coaches.values("coach__name"))
    )
    if cohort:
        found = found.filter(cohort__slug=cohort)
    active_first = Case(When(state=Enrolment.State.ACTIVE, then=Value(0)), default=Value(1))
    return found.order_by(active_first, "-joined_at", "-pk").first()


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
    standings = progress.standings(enrolment, at=at)
    opens = deadlines.opens_at(enrolment, week.number, at=at)
    return _board(enrolment, week, current, standings, _crossing(enrolment, weeks, current, standings, at), opens, at)


def _board(
    enrolment: Enrolment,
    week: Week,
    current: int,
    standings: list[Standing],
    crossing: tuple[Knot, ...],
    opens: datetime,
    at: datetime,
) -> Weekboard:
    is_open = opens <= at
    lessons = tuple(_lessons(enrolment, week)) if is_open else ()
    pieces = tuple(piece for piece in standings if piece.exercise.week_id == week.pk) if is_open else ()
    carried = tuple(_carried(standings, week.number)) if week.number == current else ()
    upcoming = next_of([*carried, *pieces], lessons) if is_open else None
    return Weekboard(
        enrolment=enrolment,
        week=week,
        current=current,
        phase="locked" if not is_open else "open" if upcoming else "done",
        opens_at=opens,
        due_at=deadlines.week_due_at(enrolment, week.number, at=at),
        crossing=crossing,
        next=upcoming,
        lessons=lessons,
        pieces=pieces,
        carried=carried,
        minutes_left=_minutes([*carried, *pieces], lessons),
        following=next((knot for knot in crossing if knot.number == week.number + 1), None),
        feedback=_last_feedback(enrolment, at),
        charter=_charter(standings),
    )


def next_of(pieces: Iterable[Standing], lessons: Iterable[LessonRow]) -> Next | None:
    """What to do next: returned, overdue main, draft main, main, translation, other exercises, lesson."""
    waiting = sorted((piece for piece in pieces if piece.is_with_client), key=_order)
    if waiting:
        piece = waiting[0]
        exercise, draft = piece.exercise, piece.submission.draft
        excerpt, words = answers.summary(exercise, draft), answers.words_in(exercise, draft)
        return Next(piece, None, excerpt, words, _first_read(piece))
    unread = next((row.lesson for row in lessons if not row.is_read), None)
    return Next(None, unread, "", 0, None) if unread else None


def _order(piece: Standing) -> tuple[int, int, int]:
    return _rank(piece), piece.exercise.week.number, piece.exercise.position


def _rank(piece: Standing) -> int:
    is_main = piece.exercise.role == Exercise.Role.MAIN
    rules = (
        piece.state == Submission.State.RETURNED,
        is_main and piece.is_late,
        is_main and piece.state == Submission.State.DRAFT,
        is_main,
        piece.exercise.role == Exercise.Role.TRANSLATION,
    )
    return next((rank for rank, holds in enumerate(rules) if holds), NO_RANK)


def _carried(standings: list[Standing], number: int) -> Iterable[Standing]:
    """Open pieces of earlier weeks that are asked for."""
    for piece in standings:
        is_asked = piece.exercise.required or piece.state != progress.OPEN
        if piece.exercise.week.number < number and piece.is_with_client and is_asked:
            yield piece


def _minutes(pieces: list[Standing], lessons: tuple[LessonRow, ...]) -> int:
    homework = sum(piece.exercise.minutes for piece in pieces if piece.is_with_client)
    return homework + sum(row.lesson.minutes for row in lessons if not row.is_read)


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
    marked = LessonReading.objects.filter(enrolment=enrolment, lesson__week=week)
    read = set(marked.values_list("lesson_id", flat=True))
    return [LessonRow(lesson, lesson.pk in read) for lesson in lessons_of(week.pk)]


def _crossing(
    enrolment: Enrolment, weeks: dict[int, Week], current: int, standings: list[Standing], at: datetime
) -> tuple[Knot, ...]:
    missing = {piece.exercise.week.number for piece in standings if piece.is_missing}
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
    shown = feedbacks.shown_to(enrolment.client, at=at)
    return shown.filter(attempt__submission__enrolment=enrolment).first()


def _charter(standings: list[Standing]) -> str:
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
