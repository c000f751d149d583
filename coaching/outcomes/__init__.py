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

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from clients.models import Enrolment
from curriculum import growth
from curriculum.figures import Figure

from . import methods, observed, people, practice, promotions, ratings, routine, words, work
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


def of(enrolments: QuerySet[Enrolment], *, at: datetime) -> Report:
    """Of everybody in `enrolments`, those who left among them."""
    some = Enrolment.objects.filter(pk__in=enrolments.order_by().values("pk")).order_by()
    calendars = work.calendars(some)
    who, rated, seen = people.of(some), ratings.of(some), observed.of(some)
    done, moved = work.of(some, calendars, at=at), promotions.of(some, at=at)
    done = replace(done, handed_in=(*done.handed_in, *routine.of(some, calendars, at=at)))
    return Report(
        at=at,
        who=who,
        rated=rated,
        observed=seen,
        work=done,
        practice=practice.of(some, calendars, at=at),
        told=words.of(who, rated, seen, done, moved),
        promotions=moved,
        goals=growth.goal_attainment(()),
        methods=methods.of(some),
    )
