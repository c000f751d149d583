"""The lessons of a programme as its client may read them: those of open weeks, in order, and which are read."""

from dataclasses import dataclass
from datetime import datetime

from clients import deadlines
from clients.models import Enrolment, LessonReading
from curriculum.models import Lesson, Week

from .weekboard import LessonRow, lessons_of, weeks_of


@dataclass(frozen=True)
class Turn:
    """A lesson to turn to, with its week's number, which is part of its address."""

    week: int
    lesson: Lesson


@dataclass(frozen=True)
class Place:
    """Where a lesson stands: the how manieth of its week, and what is read before and after it."""

    number: int
    of: int
    before: Turn | None
    after: Turn | None


def _open_weeks(enrolment: Enrolment, at: datetime) -> list[Week]:
    weeks = weeks_of(enrolment.cohort.edition_id)
    return [week for week in weeks if deadlines.is_open(enrolment, week.number, at=at)]


def place_of(lesson: Lesson, enrolment: Enrolment, *, at: datetime) -> Place:
    """Neighbours are those of the programme's open weeks: a week's last lesson leads to the first of the next one."""
    turns = [Turn(week.number, each) for week in _open_weeks(enrolment, at) for each in lessons_of(week.pk)]
    keys = [turn.lesson.pk for turn in turns]
    here, own = keys.index(lesson.pk), [each.pk for each in lessons_of(lesson.week_id)]
    return Place(
        number=own.index(lesson.pk) + 1,
        of=len(own),
        before=turns[here - 1] if here else None,
        after=turns[here + 1] if here + 1 < len(turns) else None,
    )


def by_week(enrolment: Enrolment, *, at: datetime) -> list[tuple[Week, list[LessonRow]]]:
    """(week, its lessons) for every open week that has any. One query."""
    read = set(LessonReading.objects.filter(enrolment=enrolment).values_list("lesson_id", flat=True))
    rows = ((week, lessons_of(week.pk)) for week in _open_weeks(enrolment, at))
    return [(week, [LessonRow(each, each.pk in read) for each in found]) for week, found in rows if found]
