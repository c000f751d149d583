"""Who needs their coach, and why: each reason with its evidence, since when, and something to write.

Everything is computed from rows, so a reason is gone when its cause is. Nobody but the coaches of the cohort reads it:
no score, no colour, nothing of it for admins. Whoever stands still or has left is not here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from clients.models import Cohort, Enrolment, User
from curriculum import moments

from . import attendance, caseload, promises, signs, walkers, worries
from .asked import AskedWeek
from .ground import LATE, Cell, Ground
from .models import Rule
from .queued import Ref
from .walkers import Walker
from .worries import Risk

QUIET_FOR = timedelta(days=10)
LITTLE = 2  # of five, at the midpoint
FELL = 1.0  # of the mean of a rubric, over as many weeks:
OVER_WEEKS = 3
LAST_WEEK = 9
DAY = timedelta(days=1)


@dataclass
class AtRisk:
    """One client with everything there is to know. `resting` are reasons that somebody has seen to lately."""

    enrolment: int
    name: str
    cohort: Ref
    slug: str
    zone: str
    last_contact: datetime | None = None
    risks: list[Risk] = field(default_factory=list)
    resting: list[Risk] = field(default_factory=list)

    @property
    def reasons(self) -> list[Risk]:
        return [*self.risks, *self.resting]

    def take(self, risk: Risk) -> None:
        (self.resting if risk.rests_until else self.risks).append(risk)


def of_coach(coach: User, *, at: datetime) -> list[AtRisk]:
    """The clients of this coach with a reason that nobody has seen to, the longest first; then those that rest."""
    return at_desk(coach, at=at).people


@dataclass(frozen=True)
class Desk:
    """Whom a coach worries about, and whom they could raise a flag for: who walks, and has none."""

    people: list[AtRisk]
    unflagged: list[AtRisk]


def at_desk(coach: User, *, at: datetime) -> Desk:
    """Of every open cohort of theirs. A fixed number of queries, however many cohorts and clients there are."""
    found = in_cohorts(list(caseload.coached_by(coach).filter(closed_at=None)), at=at, but=coach)
    people = [one for one in found if one.reasons]
    people.sort(key=lambda one: (not one.risks, min(risk.since for risk in one.risks or one.resting)))
    flagged = {one.enrolment for one in people if any(risk.flag for risk in one.reasons)}
    return Desk(people, [one for one in found if one.enrolment not in flagged])


def of_cohort(cohort: Cohort, *, at: datetime, but: User | None = None) -> list[AtRisk]:
    """Everybody in a cohort with a reason, but for whoever asks."""
    return [one for one in in_cohorts([cohort], at=at, but=but) if one.reasons]


def of_one(enrolment: Enrolment, *, at: datetime) -> AtRisk | None:
    """One client with a reason, without looking at anybody beside them."""
    ground = Ground([enrolment.cohort], [walkers.of(enrolment)], at=at, levels=True)
    return next((one for one in on(ground, but=None) if one.reasons), None)


def of_some(coach: User, enrolments: Collection[int], *, at: datetime) -> list[AtRisk]:
    """Those of these clients whom this coach has and who need one, without looking at anybody beside them."""
    mine = caseload.coached_by(coach).filter(closed_at=None)
    theirs = Enrolment.objects.filter(pk__in=enrolments, cohort__in=mine).exclude(state__in=Enrolment.LEFT)
    people = [walkers.of(one) for one in theirs.exclude(client=coach).select_related("client")]
    if not people:
        return []
    cohorts = list(Cohort.objects.filter(pk__in={one.cohort for one in people}))
    ground = Ground(cohorts, people, at=at, levels=True)
    return [one for one in on(ground, but=coach) if one.risks]


def at_a_glance(people: Mapping[int, Ref], *, at: datetime) -> dict[int, list[Risk]]:
    """What one query tells of these clients, by enrolment: a flag that is up, and little confidence.

    The other reasons take a whole cohort to see; they stand on the page of who is at risk, with these.
    """
    known = signs.told_of(people)
    found: dict[int, list[Risk]] = defaultdict(list)
    for enrolment, risk in (*_confidence(people, known), *_flags(people, known)):
        if enrolment not in known.held and known.rests(enrolment, risk.rule, at) is None:
            found[enrolment].append(risk)
    return found


def in_cohorts(cohorts: list[Cohort], *, at: datetime, but: User | None) -> list[AtRisk]:
    """Everybody who walks with one of these, with whatever reasons there are."""
    if not cohorts:
        return []
    return on(Ground(cohorts, walkers.everybody(cohorts), at=at, levels=True), but=but)


def on(ground: Ground, *, but: User | None) -> list[AtRisk]:
    """Whoever is looked at and walks, with every reason there is, by name."""
    walking = {one.enrolment: one for one in ground.people if _walks(one, ground) and not _is(one, but)}
    known = signs.of(walking.keys())
    people = {pk: _at_risk(one, ground, known) for pk, one in walking.items()}
    for enrolment, risk in _reasons(ground, walking, known):
        people[enrolment].take(risk.resting(known.rests(enrolment, risk.rule, ground.at)))
    return list(people.values())


def _walks(person: Walker, ground: Ground) -> bool:
    """Neither through, nor standing still."""
    return person.state == Enrolment.State.ACTIVE and ground.own.on_hold_since(person.enrolment) is None


def _is(person: Walker, somebody: User | None) -> bool:
    return somebody is not None and person.client == somebody.pk


def _at_risk(person: Walker, ground: Ground, known: signs.Signs) -> AtRisk:
    cohort = ground.cohorts[person.cohort]
    where, wrote_at = Ref(cohort.pk, cohort.name), known.wrote_at.get(person.enrolment)
    return AtRisk(person.enrolment, person.name, where, cohort.slug, person.zone, wrote_at)


Found = Iterator[tuple[int, Risk]]
Walking = dict[int, Walker]
Named = Mapping[int, Walker | Ref]


def _reasons(ground: Ground, walking: Walking, known: signs.Signs) -> Found:
    mains = {pk: ground.main_cells(one) for pk, one in walking.items()}
    yield from _overdue(ground, walking, mains)
    yield from _quiet(ground, walking, known)
    yield from _sessions(ground, walking)
    yield from _confidence(walking, known)
    yield from _levels(ground, walking, mains)
    yield from _flags(walking, known)


# --- The rules ------------------------------------------------------------------------------------

Mains = dict[int, list[tuple[AskedWeek, Cell]]]


def _overdue(ground: Ground, walking: Walking, mains: Mains) -> Found:
    """The main pieces of two weeks that follow each other are late: since the second was due."""
    for pk, weeks in mains.items():
        late = {week.number: week for week, cell in weeks if cell.state == LATE and week.number > 0}
        first = next((number for number in late if number + 1 in late), None)
        if first is not None:
            second, person = late[first + 1], walking[pk]
            clock, schedule = ground.clocks[person.cohort], ground.own.schedules[pk]
            since = clock.due_at(second.main, second.number, schedule)
            yield pk, worries.overdue(person.name, since, (first, second.number))


def _quiet(ground: Ground, walking: Walking, known: signs.Signs) -> Found:
    """Ten days by the clock of the promise, counted from week 0 on and not after the last week."""
    opened = {pk: _opened(clock.calendar, ground.at) for pk, clock in ground.clocks.items()}
    for pk, person in walking.items():
        began, sign = opened[person.cohort], known.last.get(pk)
        if began is None:
            continue
        last = max(one for one in (sign, person.joined_at, began) if one)
        stops = promises.stops_of(ground.own.schedules[pk].calendar)
        since = promises.counted_on(last, QUIET_FOR, stops, at=ground.at)
        if since <= ground.at:
            yield pk, worries.quiet(person.name, since, last if sign else None)


def _opened(calendar: moments.Calendar, at: datetime) -> datetime | None:
    """When week 0 of a cohort opened, while its programme runs."""
    opened, ends = (moments.opens_at(calendar, week, at=at) for week in (0, LAST_WEEK))
    return opened if opened <= at < ends + 7 * DAY else None


def _sessions(ground: Ground, walking: Walking) -> Found:
    """The last two sessions that took place, and that they were not excused from, went by without them."""
    for pk, person in walking.items():
        if missed := attendance.missed_last(ground.past.of(pk, person.cohort)):
            first, second = missed
            yield pk, worries.sessions(person.name, second.starts_at, (first.title, second.title))


def _confidence(walking: Named, known: signs.Signs) -> Found:
    """What they said at the midpoint, until they have said more at the end."""
    for pk, (level, said_at) in known.confidence.items():
        if level <= LITTLE:
            yield pk, worries.confidence(walking[pk].name, said_at, level)


def _levels(ground: Ground, walking: Walking, mains: Mains) -> Found:
    """The newest mean lies a level or more under one of the three weeks before it."""
    for pk, weeks in mains.items():
        means = [(week.number, cell) for week, cell in weeks if cell.mean is not None and cell.submission]
        if not means:
            continue
        week, newest = means[-1]
        before = [(cell.mean, number) for number, cell in means[:-1] if number >= week - OVER_WEEKS]
        if before and max(before)[0] - newest.mean >= FELL:
            best, number = max(before)
            since = ground.means[newest.submission].shown_from
            yield pk, worries.levels(walking[pk].name, since, (number, week, best, newest.mean))


def _flags(walking: Named, known: signs.Signs) -> Found:
    for pk, flag in known.flags.items():
        yield pk, worries.flag(walking[pk].name, flag.raised_at, flag.coach, flag.reason, number=flag.number)


__all__ = [
    "AtRisk",
    "Desk",
    "Risk",
    "Rule",
    "at_a_glance",
    "at_desk",
    "in_cohorts",
    "of_coach",
    "of_cohort",
    "of_one",
    "of_some",
    "on",
]
