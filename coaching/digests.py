"""What a morning, a week or an end comes to, for the letters to coaches and admins: counts, names and times only.

An admin's letter holds states and times, never a level, a text or a reason.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import QuerySet

from clients.models import Cohort, Enrolment, Message, User
from curriculum import moments
from curriculum.prepared import Asked, Question

from . import board, caseload, conversations, graduation, promises
from .models import Feedback

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
Answer = tuple[int, datetime, datetime]  # whose, handed in when, sent when


@dataclass(frozen=True)
class Morning:
    """A coach's queue as the day begins: how much waits, how long the oldest has, whose turn it is today."""

    count: int
    oldest_hours: int
    today: tuple[str, ...]  # who has to hear by the end of the day
    by: str  # the time at which the first of those promises ends
    cohorts: tuple[tuple[str, int], ...]  # each cohort and what waits there
    asked: tuple[str, ...] = ()  # who asks for more time and has no answer yet
    wrote: tuple[str, ...] = ()  # who has written and waits for an answer


def morning(coach: User, *, at: datetime) -> Morning:
    """The queue of every cohort of theirs that goes on, who asks for more time and who has written, in four queries."""
    rows = list(
        caseload.waiting_now(coach, at=at)
        .order_by("handed_in_at", "pk")
        .values_list("enrolment_id", "handed_in_at", "enrolment__client__name", "enrolment__cohort__name")
    )
    stops = promises.stops_by_enrolment({row[0] for row in rows})
    told = [(promises.of(since, stops.get(whose, ()), at=at), client) for whose, since, client, _cohort in rows]
    ends = moments.to_wall(at, coach.zone).date()
    by_due = sorted((promise.due_at, client) for promise, client in told if not promise.stands)
    today = [one for one in by_due if moments.to_wall(one[0], coach.zone).date() <= ends]
    return Morning(
        count=len(rows),
        oldest_hours=int(max(promise.waited for promise, _client in told) / HOUR) if rows else 0,
        today=tuple(dict.fromkeys(client for _by, client in today)),
        by=f"{moments.to_wall(max(at, today[0][0]), coach.zone):%H:%M}" if today else "",
        cohorts=tuple(sorted(Counter(row[3] for row in rows).items())),
        asked=tuple(dict.fromkeys(str(one.enrolment.client) for one in caseload.asked_now(coach, at=at))),
        wrote=tuple(dict.fromkeys(str(one.enrolment.client) for one in conversations.waiting_now(coach, at=at))),
    )


@dataclass(frozen=True)
class Pace:
    """How fast a coach answers, for their eyes only: pieces answered in four weeks, and the median wait in hours."""

    answered: int
    median_hours: int | None


def pace(coach: User, *, at: datetime) -> Pace:
    """From hand-in to feedback by each client's clock, in two queries."""
    return pace_of(asks_answers(coach, at=at).all())


def pace_of(answers: list[Answer]) -> Pace:
    """The same where it is known what was answered. One query."""
    hours = [wait / HOUR for wait in promises.waits(answers)]
    return Pace(answered=len(hours), median_hours=round(median(hours)) if hours else None)


def asks_answers(coach: User, *, at: datetime) -> Asked:
    """What a coach answered in four weeks: whose, handed in when, sent when."""
    return _spans.of(coach=coach.pk, since=at - 4 * WEEK, at=at)


def asks_about(answers: list[Answer]) -> tuple[Asked, ...]:
    """What `pace_of` asks."""
    return promises.asks_about({whose for whose, _since, _until in answers})


@Question
def _spans(*, coach: int, since: datetime, at: datetime) -> QuerySet:
    sent = Feedback.objects.filter(coach=coach, sent_at__gt=since, sent_at__lte=at).order_by()
    return sent.values_list("attempt__submission__enrolment_id", "attempt__handed_in_at", "sent_at")


@dataclass(frozen=True)
class CohortWeek:
    """One week of a cohort as its admins read it. `review_hours` is the median from hand-in to feedback, None where
    there was none."""

    clients: int
    week: int | None
    handed_in: int
    late: int
    late_clients: int
    waiting: int
    longest_hours: int
    reviewed: int
    review_hours: int | None
    over_promise: int
    failed: int


def week_of(cohort: Cohort, *, at: datetime) -> CohortWeek:
    """What the last seven days came to: completion of the last week that was due, what is overdue, review times."""
    shown = board.board(cohort, at=at, levels=False, page=None)
    last = [column for column in shown.columns if column.is_open and not column.is_now]
    hours = _review_hours(cohort, at)
    return CohortWeek(
        clients=shown.facts.clients,
        week=last[-1].number if last else None,
        handed_in=last[-1].handed_in if last else 0,
        late=shown.facts.late,
        late_clients=shown.facts.late_clients,
        waiting=shown.facts.to_review,
        longest_hours=int((shown.facts.longest_wait or timedelta()) / HOUR),
        reviewed=len(hours),
        review_hours=round(median(hours)) if hours else None,
        over_promise=sum(one > promises.PROMISE / HOUR for one in hours),
        failed=_failed(cohort, at),
    )


def _review_hours(cohort: Cohort, at: datetime) -> list[float]:
    sent = Feedback.objects.filter(
        attempt__submission__enrolment__cohort=cohort, sent_at__gt=at - WEEK, sent_at__lte=at
    ).values_list("attempt__submission__enrolment_id", "attempt__handed_in_at", "sent_at")
    return [wait / HOUR for wait in promises.waits(list(sent))]


def _failed(cohort: Cohort, at: datetime) -> int:
    """Mails that were given up within the week."""
    failed = Message.objects.filter(cohort=cohort, state__in=[Message.State.DEAD, Message.State.UNKNOWN])
    return failed.filter(posted_at__gt=at - WEEK).count()


@dataclass(frozen=True)
class End:
    """Who has finished a cohort, and who has what still open."""

    finished: tuple[str, ...]
    open: tuple[tuple[str, tuple[str, ...]], ...]


def end_of(cohort: Cohort, *, at: datetime) -> End:
    """By the edition's rule, for every client who has not left. Five queries."""
    here = Enrolment.objects.filter(cohort=cohort).exclude(state__in=Enrolment.LEFT)
    rows = list(here.select_related("client", "cohort__edition").order_by("client__name", "pk"))
    standings = graduation.of_all(rows, at=at)
    done = {row.pk for row in rows if row.state == Enrolment.State.COMPLETED or standings[row.pk].is_complete}
    return End(
        finished=tuple(str(row.client) for row in rows if row.pk in done),
        open=tuple((str(row.client), standings[row.pk].missing) for row in rows if row.pk not in done),
    )
