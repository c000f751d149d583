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

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from clients.models import Enrolment
from curriculum import growth
from curriculum.figures import Figure

from . import methods, observed, people, practice, promotions, ratings, routine, words, work
from .crowds import Crowds, Here
from .methods import Method
from .observed import Observed
from .people import Who
from .practice import WeekOfPractice
from .promotions import Promotions
from .ratings import Rated
from .words import Told
from .work import Work


@dataclass(frozen=True)
class Report:
    """The rows of an outcomes report as they stand at `at`, and what they say in sentences.

    `about` names the people in words, as they were chosen. `goals` is the mean attainment of goals set beforehand.
    `least` is the fewest people any number in it comes from; 0 in a whole report. `failed` has the names of fields that
    could not be had, and are empty for that.
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


class Gathered:
    """Everything that is read of some enrolments, once: a report of all of them or of some of their cohorts, and how
    many people stand behind each number in every cohort."""

    def __init__(self, enrolments: QuerySet[Enrolment], *, at: datetime):
        self.some = Enrolment.objects.filter(pk__in=enrolments.order_by().values("pk")).order_by()
        self.at, dates = at, work.calendars(self.some)
        self.rated, self.seen = ratings.read(self.some), observed.read(self.some)
        self.done, self.logged = work.read(self.some, dates, at=at), practice.read(self.some, dates, at=at)
        self.done.course.update(routine.read(self.some, dates, at=at))

    def report(self, here: Here = None, *, about: str = "") -> Report:
        """Whole, of everybody in these cohorts."""
        some = self.some if here is None else self.some.filter(cohort__in=here)
        who, rated = people.of(some), ratings.of(self.rated, here)
        seen, done = observed.of(some, self.seen, here), work.of(some, self.done, here, at=self.at)
        moved = promotions.of(some, at=self.at)
        return Report(
            at=self.at,
            who=who,
            rated=rated,
            observed=seen,
            work=done,
            practice=practice.of(self.logged, here),
            told=words.of(who, rated, seen, done, moved),
            promotions=moved,
            goals=growth.goal_attainment(()),
            about=about,
            methods=methods.of(some),
        )

    def crowds(self) -> Crowds:
        """By the keys of `showing`."""
        parts = (ratings.crowds(self.rated), observed.crowds(self.seen), work.crowds(self.done))
        return {**parts[0], **parts[1], **parts[2], **practice.crowds(self.logged)}


def of(enrolments: QuerySet[Enrolment], *, at: datetime) -> Report:
    """Of everybody in `enrolments`, those who left among them."""
    return Gathered(enrolments, at=at).report()
