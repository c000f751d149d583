"""What came of some enrolments: who they are, how far they came, what was done for it, and what that does not show.

`of` is the one way in. It takes enrolments that whoever asks may see, and gives plain data that page, print, file and
API draw alike. How many queries that takes does not depend on how many people they are.

**A report has one shape, whole or as it may be shown.** What `of` gives is whole: it has numbers of one person, and
is for nobody's eyes. `showing.shown(report, least=…)` gives a `Report` again in which what is too few is left out. Only
that is drawn, sent or kept; its `least` is above 0. What a number looks like then:

- a `Figure` or `Spread` without a value has the sentence in `why`;
- a `Count` is a number, two ends, or None where it is too few to show;
- `Change.lines` are means of at least so many people, `Promotions.steps` moves of at least so many people, and what
  names single people (`Promotions.heard`) is empty;
- `told`, the sentences, are written from the numbers that are left.

**Where the numbers of a figure are.** Where they started: `rated`, each with `own`, `seen_from_now`, `coach`. Each
line: `rated[].own.lines`. What gets done: `work.handed_in`, by week and role. How long feedback takes:
`work.turnaround.bins`. In real meetings: `practice`. Moved into management: `promotions`.

Everything is a dataclass of numbers, strings, tuples and dates, so it can be written down and read again. Weeks are
those of the cohort, shares lie between 0 and 1, times are in hours or months as said.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from clients.models import Enrolment
from curriculum import growth
from curriculum.figures import Figure

from . import at_once, methods, missing, observed, people, practice, promotions, pulse, ratings, routine, words, work
from .at_once import Question, Rows
from .change import Change
from .crowds import Crowds, Here, within
from .methods import Method
from .observed import Observed
from .people import Who
from .practice import WeekOfPractice
from .promotions import Promotions
from .ratings import Rated
from .words import Told
from .work import Work

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """The rows of an outcomes report as they stand at `at`, and what they say in sentences.

    `about` names the people in words, as they were chosen. `goals` is the mean attainment of goals set beforehand.
    `least` is the fewest people any number in it comes from; 0 in a whole report. `failed` has the names of fields that
    could not be had, and are empty for that. `pulse` is what managers and peers said, before and after.
    """

    at: datetime
    who: Who
    rated: tuple[Rated, ...]
    observed: Observed
    work: Work
    practice: tuple[WeekOfPractice, ...]
    told: Told
    promotions: Promotions
    goals: Figure
    about: str = ""
    methods: tuple[Method, ...] = ()
    least: int = 0
    failed: tuple[str, ...] = ()
    pulse: tuple[Change, ...] = ()


def _answered(asked: list[list[Question]]) -> list[list[Rows]]:
    """What each asks, all in one query."""
    rows = iter(at_once.ask(*(one for those in asked for one in those)))
    return [[next(rows) for _one in those] for those in asked]


class Gathered:
    """Everything that is read of some enrolments, once: a report of all of them or of some of their cohorts, and how
    many people stand behind each number in every cohort.

    What cannot be read or worked out is missing alone: it is empty, and named in `failed`.
    """

    def __init__(self, enrolments: QuerySet[Enrolment], *, at: datetime):
        self.some = Enrolment.objects.filter(pk__in=enrolments.order_by().values("pk")).order_by()
        self.at, self.failed, self.cohorts = at, dict[str, None](), work.cohorts_of(self.some)
        dates, some = {one.pk: one.calendar() for one in self.cohorts}, self.some
        asked = [
            ratings.questions(some),
            work.questions(some, at=at),
            routine.questions(some),
            practice.questions(some),
        ]
        points, done, round_, days = _answered(asked)
        self.rated = self._had("rated", lambda: ratings.read(some, points), missing.RATED)
        self.seen = self._had("observed", lambda: observed.read(some), missing.SEEN)
        self.done = self._had("work", lambda: self._work(done, round_, dates), missing.DONE)
        self.logged = self._had("practice", lambda: practice.read(days, dates, at=at), missing.LOGGED)
        self.asked = self._had("pulse", lambda: pulse.read(some, at=at), pulse.NOTHING)

    def _work(self, done: list[Rows], round_: list[Rows], dates: work.Calendars) -> work.Read:
        found = work.read(self.some, done, dates, at=self.at)
        found.course.update(routine.read(round_, dates, at=self.at))
        return found

    def report(self, here: Here = None, *, about: str = "") -> Report:
        """Whole, of everybody in these cohorts."""
        some = self.some if here is None else self.some.filter(cohort__in=here)
        them, moves = _answered([people.questions(some), promotions.questions(some, at=self.at)])
        who = people.of(them)
        rated = self._had("rated", lambda: ratings.of(self.rated, here), missing.NO_RATED)
        seen = self._had("observed", lambda: observed.of(self.seen, here), missing.OBSERVED)
        done = self._had("work", lambda: work.of(self.done, here, at=self.at), missing.WORK)
        moved = self._had("promotions", lambda: promotions.of(moves), missing.PROMOTIONS)
        logged = self._had("practice", lambda: practice.of(self.logged, here), missing.NO_WEEKS)
        return Report(
            at=self.at,
            who=who,
            rated=rated,
            observed=seen,
            work=done,
            practice=logged,
            told=words.of(who, rated, seen, done, moved, failed=tuple(self.failed)),
            promotions=moved,
            goals=growth.goal_attainment(()),
            about=about,
            methods=methods.of(one for one in self.cohorts if within(one.pk, here)),
            failed=tuple(self.failed),
            pulse=pulse.of(self.asked, here),
        )

    def _had(self, name: str, have: Callable[[], T], empty: T) -> T:
        """What there is; what went wrong is in the log."""
        if name in self.failed:
            return empty
        try:
            return have()
        except Exception as error:
            if isinstance(error, DatabaseError) and connection.in_atomic_block:
                raise  # nothing more can be asked before that is undone
            log.exception("%s could not be had for a report", name)
            self.failed[name] = None
            return empty

    def crowds(self) -> Crowds:
        """By the keys of `showing`."""
        parts = (ratings.crowds(self.rated), observed.crowds(self.seen), work.crowds(self.done))
        return {**parts[0], **parts[1], **parts[2], **practice.crowds(self.logged), **pulse.crowds(self.asked)}


def of(enrolments: QuerySet[Enrolment], *, at: datetime) -> Report:
    """Of everybody in `enrolments`, those who left among them."""
    return Gathered(enrolments, at=at).report()
