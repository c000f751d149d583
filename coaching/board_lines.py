"""The board of a whole cohort as lines of words, for a file: what the board's page says, however many there are.

The database puts the pieces of each client into one row, so that a row is a client and not a piece. What was never
handed in is said once for all who have the same dates. Whoever is excused from something is looked at as on the page.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import connection

from clients import counted
from clients.deadlines import Schedule
from clients.models import Cohort

from . import asked, board
from .asked import AskedWeek
from .attendance import Attended, Past
from .ground import DONE, Cell, Clock, Ground, never_in
from .walkers import Own, Walker, walkers

STARTED = "+"  # of a piece that is begun and was never handed in
# Handed in: what it came to or where it stands. The mean is that of the last attempt, as on the page.
PIECES = """
WITH level AS (
    SELECT attempt.submission_id AS piece, avg(mark.level)::text AS mean
      FROM coaching_mark mark
      JOIN coaching_feedback feedback ON feedback.id = mark.feedback_id
      JOIN clients_attempt attempt ON attempt.id = feedback.attempt_id
      JOIN clients_submission piece ON piece.id = attempt.submission_id AND piece.attempts_made = attempt.number
      JOIN clients_enrolment enrolment ON enrolment.id = piece.enrolment_id
     WHERE enrolment.cohort_id = %(cohort)s AND piece.state = 'accepted' AND piece.exercise_id = ANY(%(scored)s)
     GROUP BY attempt.submission_id
)
SELECT piece.enrolment_id, json_object_agg(piece.exercise_id, CASE
           WHEN piece.attempts_made = 0 THEN %(started)s
           WHEN piece.state = 'accepted' THEN coalesce(level.mean, %(done)s)
           ELSE piece.state END)
  FROM clients_submission piece
  JOIN clients_enrolment enrolment ON enrolment.id = piece.enrolment_id
  LEFT JOIN level ON level.piece = piece.id
 WHERE enrolment.cohort_id = %(cohort)s AND piece.exercise_id = ANY(%(shown)s)
   AND (piece.attempts_made > 0 OR piece.draft_saved_at IS NOT NULL)
 GROUP BY piece.enrolment_id
"""

Pieces = dict[str, str]  # exercise → what is said of its piece


class Line(NamedTuple):
    """One client: a word or two for each week."""

    name: str
    seen_at: datetime | None
    words: list[str]
    sessions: Attended


def of(cohort: Cohort, *, at: datetime) -> tuple[list[AskedWeek], Iterator[Line]]:
    """The weeks, and everybody as their coaches see them, by name."""
    return asked.of(cohort.edition_id), _lines(cohort, walkers(cohort, None)[0], at)


def _lines(cohort: Cohort, people: list[Walker], at: datetime) -> Iterator[Line]:
    own, past = Own(people, {cohort.pk: cohort}), Past([cohort.pk], _everybody(cohort))
    looked_at = _looked_at(cohort, [one for one in people if one.enrolment in own.excused], at)
    words = _Words(cohort, own, at)
    for one in people:
        told = looked_at.get(one.enrolment) or words.of(one)
        yield Line(one.name, one.seen_at, told, past.attended(one.enrolment, one.cohort, one.joined_at))


def _everybody(cohort: Cohort) -> dict[str, list[int]]:
    return {"enrolment__cohort__in": [cohort.pk]}


def _looked_at(cohort: Cohort, people: list[Walker], at: datetime) -> dict[int, list[str]]:
    """What the page says of some of them, by enrolment."""
    if not people:
        return {}
    ground = Ground([cohort], people, at=at, levels=True, hours=False)
    return {row.enrolment: [in_words(cell) for cell in row.cells] for row in board.rows_on(ground, cohort)}


def in_words(cell: Cell) -> str:
    """A cell in a word or two."""
    if cell.mean is not None:
        return f"{cell.mean}"
    if cell.more_until:
        return f"{cell.state} until {cell.more_until}"
    return f"late {cell.late_days} d" if cell.late_days else str(cell.state)


class _Words:
    """What there is to say of people who are excused from nothing."""

    def __init__(self, cohort: Cohort, own: Own, at: datetime):
        self.weeks, self.own = asked.of(cohort.edition_id), own
        self.clock = Clock(own.calendars[cohort.pk], at)
        self.pieces = _pieces(cohort, self.weeks)
        days = None, self.clock.opens_on(1)
        counts = [one for week in self.weeks if week.main is None for one in week.counted]
        self.reached = [counted.reached_by(_everybody(cohort), one, days) for one in counts]
        self.never: dict[Hashable, dict[tuple[int, str], str]] = defaultdict(dict)

    def of(self, person: Walker) -> list[str]:
        """A word or two for each week."""
        pieces, schedule = self.pieces.get(person.enrolment, {}), self.own.schedules[person.enrolment]
        never = self.never[self.clock.alike(schedule)]
        found = []
        for week in self.weeks:
            word = pieces.get(str(week.main), "") if week.main else self._baseline(week, person.enrolment, pieces)
            if not word or word == STARTED:
                word = never.get((week.number, word)) or self._never_in(week, word, schedule, never)
            found.append(_said(word))
        return found

    def _baseline(self, week: AskedWeek, enrolment: int, pieces: Pieces) -> str:
        """Done when everything that is required was handed in, and everything counted is reached."""
        begun = [known.get(enrolment) for known in self.reached]
        words = [pieces[key] for key in map(str, week.baseline) if key in pieces]
        if len(words) == len(week.baseline) and STARTED not in words and all(begun):
            return DONE
        return STARTED if words or any(one is not None for one in begun) else ""

    def _never_in(self, week: AskedWeek, word: str, schedule: Schedule, never: dict[tuple[int, str], str]) -> str:
        cell = never_in(week, bool(word), schedule, self.clock)
        return never.setdefault((week.number, word), in_words(cell))


@cache
def _said(word: str) -> str:
    """A mean to one decimal place, as the page rounds it; anything else as it is."""
    return f"{round(float(word), 1)}" if word[0].isdecimal() else word


def _pieces(cohort: Cohort, weeks: list[AskedWeek]) -> dict[int, Pieces]:
    """What is said of the pieces of everybody, by enrolment. One query."""
    asked_for: dict[str, int | str | list[int]] = {
        "cohort": cohort.pk,
        "shown": [exercise for week in weeks for exercise in week.asked],
        "scored": [week.main for week in weeks if week.main and week.scored],
        "started": STARTED,
        "done": DONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(PIECES, asked_for)
        return dict(cursor.fetchall())
