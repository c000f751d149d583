"""What was done: handed in, answered, asked for and taken up, and what levels it was given."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

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
from .at_once import Question, Rows
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


def cohorts_of(some: QuerySet[Enrolment]) -> list[Cohort]:
    """With what their dates hang on, and their edition. Four queries."""
    rows = Cohort.objects.filter(pk__in=some.values("cohort")).select_related("edition")
    return list(rows.prefetch_related(*OF_A_COHORT))


Course = dict[tuple[str, int, int], tuple[int, int]]  # role, week, cohort → done, asked
Levels = dict[tuple, list[tuple[int, float, float]]]  # criterion → of each client the cohort, first and last level


Span = tuple[int, int, datetime, datetime | None]  # enrolment, cohort, handed in, and answered or not


@dataclass(frozen=True)
class Read:
    """What was handed in, and the levels it was given; what was answered or waits, and what was asked of each client:
    enrolment, cohort, how often, and by what the next attempt did."""

    course: Course
    levels: Levels
    spans: list[Span]
    asks: Rows


def questions(some: QuerySet[Enrolment], *, at: datetime) -> list[Question]:
    """Of what `read` needs, what is small."""
    return [_course(some), _asks(some, at)]


def read(some: QuerySet[Enrolment], answers: Sequence[Rows], dates: Calendars, *, at: datetime) -> Read:
    """Two queries."""
    course, asks = answers
    return Read(_over(course, dates, at), _levels(some, at), list(_spans(some, at)), asks)


def of(found: Read, here: Here, *, at: datetime) -> Work:
    """Of some cohorts. One query more."""
    spans = [(who, since, until) for who, cohort, since, until in found.spans if within(cohort, here)]
    asks = [one for one in found.asks if within(one[1], here)]
    return Work(
        _turnaround(spans, at), handed_in(found.course, here), _taken_up(asks), tuple(_changes(found.levels, here))
    )


def crowds(found: Read) -> Crowds:
    levels = counted(
        (f"levels:{rubric}.{key}", cohort)
        for (rubric, _position, key, _title), clients in found.levels.items()
        for cohort, _first, _last in clients
    )
    answered = each_once(("turnaround", cohort, who) for who, cohort, _since, until in found.spans if until)
    asked = each_once(("taken up", cohort, who) for who, cohort, *_numbers in found.asks)
    return asked_for(found.course) | levels | answered | asked


def asked_for(course: Course) -> Crowds:
    """How many were asked, by sort of work and week."""
    found: Crowds = defaultdict(Counter)
    for (role, week, cohort), (_done, whole) in course.items():
        found[f"{role}:{week}"][cohort] += whole
    return found


def _spans(some: QuerySet[Enrolment], at: datetime) -> QuerySet[Any, Any]:
    """What was answered by now, and what waits."""
    sent = Feedback.objects.filter(attempt__submission__enrolment__in=some, sent_at__lte=at).order_by()
    whose = "attempt__submission__enrolment"
    answered = sent.annotate(until=F("sent_at")).values_list(
        whose, f"{whose}__cohort", "attempt__handed_in_at", "until"
    )
    open_ones = Submission.objects.filter(enrolment__in=some, state__in=WAITS).order_by()
    never = Cast(Value(None), DateTimeField())
    waiting = open_ones.annotate(until=never).values_list("enrolment", "enrolment__cohort", "handed_in_at", "until")
    return answered.union(waiting, all=True)


def _turnaround(spans: Sequence[tuple[int, datetime, datetime | None]], at: datetime) -> Turnaround:
    answered = [one for one in spans if one[2]]
    waiting = [one for one in spans if not one[2]]
    waits = promises.waits([(who, since, until or at) for who, since, until in [*answered, *waiting]])
    took, so_far = waits[: len(answered)], waits[len(answered) :]
    return Turnaround(
        bins=_bins([one / HOUR for one in took]),
        people=len({enrolment for enrolment, _since, _sent in answered}),
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


def _course(some: QuerySet[Enrolment]) -> Question:
    excused = Excusal.objects.filter(enrolment=OuterRef("enrolment"), exercise=OuterRef("exercise"), ended_at=None)
    asked = Submission.objects.filter(enrolment__in=people.started(some), exercise__required=True)
    asked = asked.filter(Q(attempts_made__gte=1) | ~Exists(excused), exercise__counted=False).order_by()
    rows = asked.values("enrolment__cohort", "exercise__week__number", "exercise__role").annotate(
        of=Count("pk"), done=Count("pk", filter=Q(attempts_made__gte=1))
    )
    return rows, ("enrolment__cohort", "exercise__week__number", "exercise__role", "of", "done")


def _over(rows: Rows, dates: Calendars, at: datetime) -> Course:
    """A week counts for a cohort once the next has opened."""
    over = {pk: {week for week in WEEKS if is_over(calendar, week, at)} for pk, calendar in dates.items()}
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


def _asks(some: QuerySet[Enrolment], at: datetime) -> Question:
    asks = Ask.objects.filter(feedback__attempt__submission__enrolment__in=some, feedback__shown_from__lte=at)
    shown, whose = Q(uptake__feedback__shown_from__lte=at), "feedback__attempt__submission__enrolment"
    given = {str(one): Count("pk", filter=shown & Q(uptake__answer=one)) for one in Uptake.Answer}
    rows = asks.order_by().values(whose, f"{whose}__cohort").annotate(asked=Count("pk"), **given)
    return rows, (whose, f"{whose}__cohort", "asked", *given)


def _taken_up(asks: Rows) -> TakenUp:
    """Of some clients."""
    asked, *given = (sum(one[place] for one in asks) for place in range(2, 3 + len(Uptake.Answer)))
    found = dict(zip(map(str, Uptake.Answer), given, strict=True))
    yes = shares.wilson(found[Uptake.Answer.YES], sum(given))
    return TakenUp(asked=asked, people=len({one[0] for one in asks}), **found, share=yes)


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
