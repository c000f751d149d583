"""How many meetings each client on a board logged, week by week. One query.

Meetings count in the week their day lies in, as everywhere; where a week asks for some, the cell says how many.
"""

from collections import Counter

from django.db.models import Count

from clients import counted, deadlines
from clients.models import Cohort, Meeting
from curriculum.models import Exercise

from .ground import DONE, EXCUSED, LOCKED, OPEN, Cell, Ground, State


def cells(ground: Ground, cohort: Cohort) -> dict[int, tuple[Cell, ...]]:
    """Enrolment → a cell for every week of the board, `parts` being (logged, asked for); of whoever is looked at."""
    clock, weeks = ground.clocks[cohort.pk], ground.weeks[cohort.pk]
    asked = {one.week.number: one for one in counted.exercises_of(cohort.edition_id) if _counts_meetings(one)}
    found, is_open = _found(ground, cohort), {week.number: clock.is_open(week.number) for week in weeks}
    return {
        person.enrolment: tuple(
            _cell(found[person.enrolment, week.number], asked.get(week.number), ground.own.excused[person.enrolment])
            if is_open[week.number]
            else Cell(LOCKED)
            for week in weeks
        )
        for person in ground.people
    }


def _counts_meetings(exercise: Exercise) -> bool:
    return bool(exercise.counts["of"] == counted.MEETINGS)


def _found(ground: Ground, cohort: Cohort) -> Counter[tuple[int, int]]:
    starts = tuple(ground.clocks[cohort.pk].opens_on(week) for week in deadlines.WEEKS)
    rows = Meeting.objects.filter(**ground.whose).order_by().values_list("enrolment_id", "date")
    found: Counter[tuple[int, int]] = Counter()
    for enrolment, day, n in rows.annotate(n=Count("pk")):
        found[enrolment, deadlines.week_of(day, starts)] += n
    return found


def _cell(have: int, asked: Exercise | None, excused: set[int]) -> Cell:
    need = counted.need_of(asked) if asked else 0
    if not have and asked and asked.pk in excused:
        return Cell(EXCUSED)
    state = OPEN if not have else DONE if have >= need else State.DRAFT
    return Cell(state, parts=(have, need))
