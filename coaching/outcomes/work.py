"""What was done: handed in, answered, asked for and taken up, and what levels it was given."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from clients.deadlines import OF_A_COHORT, WEEKS
from clients.models import Cohort, Enrolment, Excusal, Submission
from curriculum import figures, moments, shares
from curriculum.figures import Figure
from curriculum.models import Exercise
from curriculum.moments import Calendar

from .. import promises
from ..caseload import WAITS
from ..models import Ask, Feedback, Mark, Uptake
from . import change, people
from .change import Change
from .crowds import Crowds, Here, counted, each_once, within

HOUR = timedelta(hours=1)
BIN, BINS = 6, 16  # hours, and how many of them before the last
LOG, SESSION = "log", "session"
Role = Exercise.Role
Calendars = dict[int, Calendar]


@dataclass(frozen=True)
class Turnaround:
    """Hours from hand-in to feedback by each client's clock; `oldest` is of what waits now. `bins` has how many took up
    to BIN hours, up to twice that and so on, and in the end all that took longer. `people` were answered."""

    reviews: int
    median: float | None
    over_promise: int | None
    waiting: int
    oldest: float | None
    bins: tuple[int, ...] = ()
    people: int = 0


@dataclass(frozen=True)
class HandedIn:
    """The required pieces of one sort and one week that is over, of those who started and were asked. The role is that
    of the exercise, LOG for what was logged as often as asked, or SESSION for having come to the live session."""

    week: int
    role: str
    share: Figure
    done: figures.Count


@dataclass(frozen=True)
class TakenUp:
    """Asks, how many of them a next attempt was answered for, and what it did. `share` is of the plain yes."""

    asked: int
    yes: int | None
    partly: int | None
    no: int | None
    share: Figure
    people: int = 0


@dataclass(frozen=True)
class Work:
    """`levels` compares each client's first and last first attempt by the same criterion, from two weeks at least."""

    turnaround: Turnaround
    handed_in: tuple[HandedIn, ...]
    taken_up: TakenUp
    levels: tuple[Change, ...]


def calendars(some: QuerySet[Enrolment]) -> Calendars:
    """Cohort → its dates. Four queries."""
    rows = Cohort.objects.filter(pk__in=some.values("cohort")).prefetch_related(*OF_A_COHORT)
    return {cohort.pk: cohort.calendar() for cohort in rows}


Course = dict[tuple[str, int, int], tuple[int, int]]  # role, week, cohort → done, asked
Levels = dict[tuple, list[tuple[int, float, float]]]  # criterion → of each client the cohort, first and last level


@dataclass(frozen=True)
class Read:
    """What was handed in, and the levels it was given; `answered` and `asked` are those who were."""

    course: Course
    levels: Levels
    answered: set[tuple[str, int, int]]
    asked: set[tuple[str, int, int]]


def read(some: QuerySet[Enrolment], dates: Calendars, *, at: datetime) -> Read:
    """Four queries."""
    return Read(_course(some, dates, at), _levels(some, at), _answered(some, at), _asked(some, at))


def of(some: QuerySet[Enrolment], found: Read, here: Here, *, at: datetime) -> Work:
    """Of some cohorts. Four queries more."""
    levels = tuple(_changes(found.levels, here))
    return Work(_turnaround(some, at), handed_in(found.course, here), _taken_up(some, at), levels)


def crowds(found: Read) -> Crowds:
    levels = counted(
        (f"levels:{rubric}.{key}", cohort)
        for (rubric, _position, key, _title), clients in found.levels.items()
        for cohort, _first, _last in clients
    )
    return asked_for(found.course) | levels | each_once(found.answered) | each_once(found.asked)


def asked_for(course: Course) -> Crowds:
    """How many were asked, by sort of work and week."""
    found: Crowds = defaultdict(Counter)
    for (role, week, cohort), (_done, whole) in course.items():
        found[f"{role}:{week}"][cohort] += whole
    return found


def _answered(some: QuerySet[Enrolment], at: datetime) -> set[tuple[str, int, int]]:
    rows = some.filter(submissions__attempts__feedback__sent_at__lte=at)
    return {("turnaround", cohort, pk) for cohort, pk in rows.values_list("cohort", "pk")}


def _asked(some: QuerySet[Enrolment], at: datetime) -> set[tuple[str, int, int]]:
    shown = Ask.objects.filter(feedback__attempt__submission__enrolment__in=some, feedback__shown_from__lte=at)
    whose = "feedback__attempt__submission__enrolment"
    return {("taken up", cohort, pk) for cohort, pk in shown.order_by().values_list(f"{whose}__cohort", whose)}


def _turnaround(some: QuerySet[Enrolment], at: datetime) -> Turnaround:
    sent = Feedback.objects.filter(attempt__submission__enrolment__in=some, sent_at__lte=at).order_by()
    answered = sent.values_list("attempt__submission__enrolment", "attempt__handed_in_at", "sent_at")
    open_ones = Submission.objects.filter(enrolment__in=some, state__in=WAITS).order_by()
    waiting = [(enrolment, since, at) for enrolment, since in open_ones.values_list("enrolment", "handed_in_at")]
    spans = list(answered)
    waits = promises.waits([*spans, *waiting])
    took, so_far = waits[: len(spans)], waits[len(spans) :]
    return Turnaround(
        bins=_bins([one / HOUR for one in took]),
        people=len({enrolment for enrolment, _since, _sent in spans}),
        reviews=len(took),
        median=median(one / HOUR for one in took) if took else None,
        over_promise=sum(one > promises.PROMISE for one in took),
        waiting=len(so_far),
        oldest=max(so_far) / HOUR if so_far else None,
    )


def _bins(hours: list[float]) -> tuple[int, ...]:
    """A wait of exactly so many hours lies in the bin that ends there: the promise is kept on its last second."""
    counted = Counter(min(max(ceil(one / BIN) - 1, 0), BINS) for one in hours)
    return tuple(counted[place] for place in range(BINS + 1)) if hours else ()


def _course(some: QuerySet[Enrolment], dates: Calendars, at: datetime) -> Course:
    """A week counts for a cohort once the next has opened."""
    over = {pk: {week for week in WEEKS if is_over(calendar, week, at)} for pk, calendar in dates.items()}
    excused = Excusal.objects.filter(enrolment=OuterRef("enrolment"), exercise=OuterRef("exercise"), ended_at=None)
    asked = Submission.objects.filter(enrolment__in=people.started(some), exercise__required=True)
    asked = asked.filter(Q(attempts_made__gte=1) | ~Exists(excused), exercise__counted=False).order_by()
    rows = asked.values_list("enrolment__cohort", "exercise__week__number", "exercise__role").annotate(
        of=Count("pk"), done=Count("pk", filter=Q(attempts_made__gte=1))
    )
    return {(role, week, cohort): (done, whole) for cohort, week, role, whole, done in rows if week in over[cohort]}


def handed_in(course: Course, here: Here) -> tuple[HandedIn, ...]:
    """By week, the main exercise first."""
    found: dict[tuple[int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (role, week, cohort), (done, whole) in course.items():
        if within(cohort, here):
            found[week, role] = found[week, role][0] + done, found[week, role][1] + whole
    return tuple(
        HandedIn(week, role, shares.wilson(done, whole), done) for (week, role), (done, whole) in sorted(found.items())
    )


def is_over(calendar: Calendar, week: int, at: datetime) -> bool:
    return moments.opens_at(calendar, week + 1, at=at) <= at


def _taken_up(some: QuerySet[Enrolment], at: datetime) -> TakenUp:
    asks = Ask.objects.filter(feedback__attempt__submission__enrolment__in=some, feedback__shown_from__lte=at)
    shown = Q(uptake__feedback__shown_from__lte=at)
    given = {str(one): Count("pk", filter=shown & Q(uptake__answer=one)) for one in Uptake.Answer}
    whose = Count("feedback__attempt__submission__enrolment", distinct=True)
    found = asks.order_by().aggregate(asked=Count("pk"), people=whose, **given)
    answered = sum(found[name] for name in given)
    return TakenUp(**found, share=shares.wilson(found[Uptake.Answer.YES], answered))


def _levels(some: QuerySet[Enrolment], at: datetime) -> Levels:
    """By rubric, in its own order; only what its client can read by now."""
    shown = {"feedback__attempt__submission__enrolment__in": some, "feedback__shown_from__lte": at}
    marks = Mark.objects.filter(**shown, feedback__attempt__number=1).order_by()
    week = "feedback__attempt__submission__exercise__week__number"
    columns = ("criterion__rubric__key", "criterion__position", "criterion__key", "criterion__title")
    whose = "feedback__attempt__submission__enrolment"
    rows = marks.values_list(*columns, f"{whose}__cohort", whose).annotate(
        levels=ArrayAgg("level", order_by=week), weeks=ArrayAgg(week, order_by=week)
    )
    found: Levels = defaultdict(list)
    for *criterion, cohort, _enrolment, levels, weeks in rows:
        if weeks[0] != weeks[-1]:
            found[tuple(criterion)].append((cohort, levels[0], levels[-1]))
    return found


def _changes(found: Levels, here: Here):
    for criterion in sorted(found):
        rubric, _position, key, title = criterion
        both = [(first, last) for cohort, first, last in found[criterion] if within(cohort, here)]
        if both:
            yield change.of(f"{rubric}.{key}", title, both)
