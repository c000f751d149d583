"""What came of some enrolments: who they are, how far they came, what was done for it, and what that does not show.

`of` is the one way in. It takes enrolments that whoever asks may see, and gives plain data that page, print, file and
API draw alike. How many queries that takes does not depend on how many people they are. Nothing is hidden here: what
of it may be shown to whom is `few`'s.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from clients.models import Enrolment

from . import observed, people, practice, ratings, words, work
from .observed import Observed
from .people import Who
from .practice import WeekOfPractice
from .ratings import Rated
from .words import Told
from .work import Work


@dataclass(frozen=True)
class Report:
    """The rows of an outcomes report as they stand at `at`, and what they say in sentences."""

    at: datetime
    who: Who
    rated: tuple[Rated, ...]
    observed: Observed
    work: Work
    practice: tuple[WeekOfPractice, ...]
    told: Told


def of(enrolments: QuerySet[Enrolment], *, at: datetime) -> Report:
    """Of everybody in `enrolments`, those who left among them."""
    some = Enrolment.objects.filter(pk__in=enrolments.order_by().values("pk")).order_by()
    calendars = work.calendars(some)
    who, rated, seen = people.of(some), ratings.of(some), observed.of(some)
    done = work.of(some, calendars, at=at)
    return Report(at, who, rated, seen, done, practice.of(some, calendars, at=at), words.of(who, rated, seen))
