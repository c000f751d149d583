"""How many take part in a cohort, as its sponsors are told, and nothing by which anybody is found.

The numbers stand still for a month: they are of the first of the month, 00:00 by the cohort's clock. Each month is
released beside everything sponsors were told of the same people by then: the months before it, snapshots that are for
sponsors, and the months of other cohorts in those. A snapshot in turn is held beside the months (`told`). Where nobody
came or began since the last month, its numbers are told on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.db.models import DateTimeField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Least

from clients.models import Assessment, Attempt, Cohort, Enrolment, User
from curriculum import moments
from curriculum.small_groups import LEAST_FOR_SPONSORS, Ends

from . import snapshots, sponsorships
from .models import Snapshot
from .outcomes import released
from .outcomes.parts import ASKED, ENROLLED, NOT_STARTED, STARTED, Measure, Part
from .outcomes.released import Earlier, Released

MONTHS = 6  # a programme is over by then
WHO = "who"  # the measure of a snapshot that counts the same people by the same names
IN = "in"
TOTALS = (ENROLLED, ASKED)  # names of how many there are, of whom a share is told
Number = int | Ends | None


@dataclass(frozen=True)
class Participation:
    """Of one cohort, at the first of a month: a number, the two ends it lies between, or None where few are meant."""

    cohort: Cohort
    as_of: datetime
    enrolled: Number
    started: Number


class Times(NamedTuple):
    """When a client joined, and when they first did something."""

    joined_at: datetime
    began_at: datetime | None


People = Mapping[int, Times]  # by enrolment


def of_sponsor(user: User, *, at: datetime) -> list[Participation]:
    """One for each cohort, the latest start first. Three queries without snapshots, however many cohorts."""
    cohorts = list(sponsorships.sponsored_by(user).order_by("-starts_on", "name"))
    line = _Line(cohorts, at=at)
    return [line.participation(cohort, at=at) for cohort in cohorts]


def of(cohort: Cohort, people: Iterable[Times], *, at: datetime) -> Participation:
    """At the last first of a month, where there is no other cohort and no snapshot."""
    line = _Line([cohort], at=at, people={cohort.pk: dict(enumerate(people))}, shown=())
    return line.participation(cohort, at=at)


def told(cohorts: Collection[Cohort], *, at: datetime) -> list[Earlier]:
    """The months sponsors were told of by then, of these cohorts and of those they stand in a snapshot with."""
    return [one for one in _Line(cohorts, at=at).out if one.measure.month_of is not None]


def begun(cohorts: Collection[Cohort], *, at: datetime) -> list[tuple[int, datetime]]:
    """The months that have begun by then."""
    return [(cohort.pk, month) for cohort in cohorts for month in _months(cohort, at)]


def beside(key: str, measure: Measure, earlier: Sequence[Earlier], months: Sequence[Earlier]) -> list[Earlier]:
    """What a measure of a snapshot is held beside: earlier ones, and of the months what tells of the same people."""
    if key == WHO:
        fitting = list(months)
    else:
        totals = [name for name in TOTALS if name in measure.wanted]
        fitting = [_as_total(month, name) for name in totals for month in months]
    return sorted([*earlier, *fitting], key=lambda one: one.at or datetime.min.replace(tzinfo=UTC))


def _as_total(month: Earlier, name: str) -> Earlier:
    """Of a month how many were enrolled, alone and by this name."""
    parts = dict.fromkeys(month.measure.parts, Part(IN))
    shown = frozenset([name]) if ENROLLED in month.released.shown else frozenset[str]()
    measure = Measure((IN,), {name: (IN,)}, parts=parts, month_of=month.measure.month_of)
    return replace(month, measure=measure, released=Released(shown))


# --- One after the other --------------------------------------------------------------------------


class _Line:
    """Everything told of how many take part in some cohorts, in the order in which it was told."""

    def __init__(
        self,
        cohorts: Collection[Cohort],
        *,
        at: datetime,
        people: Mapping[int, People] | None = None,
        shown: Sequence[Snapshot] | None = None,
    ):
        rows = _snapshots(cohorts) if shown is None else shown
        self.cohorts = {one.pk: one for one in [*cohorts, *(one for row in rows for one in row.cohorts.all())]}
        self.people = _times(self.cohorts.values()) if people is None else people
        self.out: list[Earlier] = []
        self.links: list[frozenset[int]] = []  # of each report in `out`, the cohorts it is of
        self.last: dict[int, Earlier] = {}
        months = [(month, cohort) for cohort in self.cohorts.values() for month in _months(cohort, at)]
        waiting = [one for one in _shown(rows) if one[0] <= at]
        for month, cohort in sorted(months, key=lambda one: (one[0], one[1].pk)):
            self._add_until(waiting, month)
            self._tell(cohort, month)
        self._add_until(waiting, at)

    def _add_until(self, waiting: list["Shown"], at: datetime) -> None:
        while waiting and waiting[0][0] < at:
            self._add(*waiting.pop(0)[1:])

    def _add(self, one: Earlier, of: frozenset[int]) -> None:
        self.out.append(one)
        self.links.append(of)

    def _tell(self, cohort: Cohort, month: datetime) -> None:
        """Of one cohort, at the first of a month."""
        measure = _measure(cohort, self.people.get(cohort.pk, {}), month)
        last = self.last.get(cohort.pk)
        if len(measure.parts) < LEAST_FOR_SPONSORS or (last and last.measure == measure):
            return  # of that month nothing was told, or what had been told already
        linked = self._linked(cohort.pk)
        beside = [one for one, of in zip(self.out, self.links, strict=True) if of & linked]
        found = released.release(measure, beside, least=LEAST_FOR_SPONSORS, coded=True)
        self.last[cohort.pk] = Earlier(measure, found, len(measure.parts), month)
        self._add(self.last[cohort.pk], frozenset([cohort.pk]))

    def _linked(self, cohort: int) -> frozenset[int]:
        """The cohorts that stand in a snapshot with this one, or with one of those."""
        found, more = frozenset[int](), frozenset([cohort])
        while more != found:
            found, more = more, more.union(*(of for of in self.links if of & more))
        return found

    def participation(self, cohort: Cohort, *, at: datetime) -> Participation:
        last = self.last.get(cohort.pk)
        as_of = [*_months(cohort, at)][-1]
        if last is None:
            return Participation(cohort, as_of, None, None)
        return Participation(cohort, as_of, _number(last, ENROLLED), _number(last, STARTED))


def _number(one: Earlier, name: str) -> Number:
    if name not in one.released.shown:
        return one.released.coded.get(name)
    return sum(part.group in one.measure.wanted[name] for part in one.measure.parts.values())


Shown = tuple[datetime, Earlier, frozenset[int]]  # when, what, and of which cohorts


def _shown(rows: Sequence[Snapshot]) -> list[Shown]:
    """What snapshots told of how many take part, the oldest first."""
    telling = [row for row in rows if WHO in row.shown]
    found = snapshots.earlier(rows)[WHO] if telling else []
    of = (frozenset(one.pk for one in row.cohorts.all()) for row in telling)
    return [(one.at, one, those) for one, those in zip(found, of, strict=True) if one.at]


def _snapshots(cohorts: Collection[Cohort]) -> list[Snapshot]:
    """Frozen ones for sponsors, of these cohorts and of those that stand in one with them."""
    found: list[Snapshot] = []
    known, more = set[int](), {one.pk for one in cohorts}
    frozen = Snapshot.objects.filter(state=Snapshot.State.FROZEN, audience=Snapshot.Audience.SPONSOR)
    while more - known:
        known = more
        rows = frozen.filter(cohorts__in=known).defer("data").distinct().order_by("frozen_at", "pk")
        found = list(rows.prefetch_related("cohorts"))
        more = known | {one.pk for row in found for one in row.cohorts.all()}
    return found


def _times(cohorts: Iterable[Cohort]) -> dict[int, dict[int, Times]]:
    handed = Attempt.objects.filter(submission__enrolment=OuterRef("pk")).order_by().values("submission__enrolment")
    rated = Assessment.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    began = Least(
        Subquery(handed.annotate(first=Min("handed_in_at")).values("first")),
        Subquery(rated.annotate(first=Min("finished_at")).values("first")),
        output_field=DateTimeField(),
    )
    rows: QuerySet = Enrolment.objects.filter(cohort__in=list(cohorts)).annotate(began=began).order_by()
    found: dict[int, dict[int, Times]] = defaultdict(dict)
    for cohort, who, *times in rows.values_list("cohort_id", "pk", "joined_at", "began"):
        found[cohort][who] = Times(*times)
    return found


def _measure(cohort: Cohort, people: People, month: datetime) -> Measure:
    """Who was enrolled at an instant, and who of them had started. Whoever did not is the other side of the share."""
    parts = {
        who: Part(STARTED if times.began_at and times.began_at <= month else NOT_STARTED)
        for who, times in people.items()
        if times.joined_at <= month
    }
    groups = (NOT_STARTED, STARTED)
    wanted = {ENROLLED: groups, STARTED: (STARTED,), NOT_STARTED: (NOT_STARTED,)}
    return Measure(groups, wanted, {STARTED: ENROLLED, NOT_STARTED: ENROLLED}, parts=parts, month_of=cohort.pk)


def _months(cohort: Cohort, at: datetime) -> Iterator[datetime]:
    """The first of each month from the one it was opened in until now; after MONTHS nothing is counted anew."""
    begun, today = (moments.to_wall(one, cohort.zone).date() for one in (cohort.created_at, at))
    first_month, this_month = (day.year * 12 + day.month - 1 for day in (begun, today))
    for number in range(first_month, min(this_month, first_month + MONTHS - 1) + 1):
        first = date(number // 12, number % 12 + 1, 1)
        yield moments.to_utc(datetime.combine(first, time()), cohort.zone)
