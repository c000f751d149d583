"""Who needs their coach, and why: each reason with its evidence, since when, and something to write.

Everything is computed from rows, so a reason is gone when its cause is. Nobody but the coaches of the cohort reads it:
no score, no colour, nothing of it for admins. Whoever stands still or has left is not here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Greatest

from clients import deadlines
from clients.models import Assessment, Cohort, Enrolment, Submission, User
from curriculum import moments

from . import asked, attendance, board, caseload, promises, worries
from .caseload import Ref
from .models import Feedback, Flag, Reply, Rule, SeenTo, Word
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


def of_coach(coach: User, *, at: datetime) -> list[AtRisk]:
    """The clients of this coach with a reason that nobody has seen to, the longest first; then those that rest."""
    cohorts = caseload.coached_by(coach).filter(closed_at=None).prefetch_related(*deadlines.OF_A_COHORT)
    found = [one for cohort in cohorts for one in of_cohort(cohort, at=at, but=coach)]
    return sorted(found, key=lambda one: (not one.risks, min(risk.since for risk in one.risks or one.resting)))


def of_cohort(cohort: Cohort, *, at: datetime, but: User | None = None) -> list[AtRisk]:
    """Everybody in a cohort with a reason, but for whoever asks. A fixed number of queries."""
    people = _people(cohort, but)
    for enrolment, risk in _reasons(cohort, people, at):
        if enrolment in people:
            rests = people[enrolment].resting if risk.rests_until else people[enrolment].risks
            rests.append(risk)
    return [one for one in people.values() if one.risks or one.resting]


def of_one(enrolment: Enrolment, *, at: datetime) -> AtRisk | None:
    return next((one for one in of_cohort(enrolment.cohort, at=at) if one.enrolment == enrolment.pk), None)


def _people(cohort: Cohort, but: User | None) -> dict[int, AtRisk]:
    """Whoever walks, and when a coach last wrote to them."""
    wrote = Feedback.objects.filter(attempt__submission__enrolment=OuterRef("pk")).order_by("-sent_at")
    said = Reply.objects.filter(attempt__submission__enrolment=OuterRef("pk")).order_by("-written_at")
    said = said.exclude(author=OuterRef("client"))
    words = Word.objects.filter(conversation__enrolment=OuterRef("pk")).order_by("-written_at")
    words = words.exclude(author=OuterRef("client"))
    rows = Enrolment.objects.active().filter(cohort=cohort).exclude(holds__isnull=False, holds__ended_at=None)
    rows = rows.exclude(client=but) if but else rows
    rows = rows.annotate(
        wrote=Greatest(
            Subquery(wrote.values("sent_at")[:1]),
            Subquery(said.values("written_at")[:1]),
            Subquery(words.values("written_at")[:1]),
        )
    ).order_by("client__name", "pk")
    where = Ref(cohort.pk, cohort.name)
    return {
        pk: AtRisk(pk, name, where, cohort.slug, zone, wrote_at)
        for pk, name, zone, wrote_at in rows.values_list("pk", "client__name", "client__zone", "wrote")
    }


def _reasons(cohort: Cohort, people: dict[int, AtRisk], at: datetime) -> Iterator[tuple[int, Risk]]:
    resting = _resting(cohort, at)
    shown = board.board(cohort, at=at, levels=True, page=None)
    names = {pk: one.name for pk, one in people.items()}
    sources = (
        _overdue(cohort, shown, names, at),
        _quiet(cohort, names, at),
        _sessions(cohort, names),
        _confidence(cohort, names),
        _levels(shown, names),
        _flags(cohort, names),
    )
    for source in sources:
        for enrolment, risk in source:
            yield enrolment, risk.resting(resting.get((enrolment, risk.rule)))


def _resting(cohort: Cohort, at: datetime) -> dict[tuple[int, str], datetime]:
    rows = SeenTo.objects.filter(enrolment__cohort=cohort, at__lte=at, until__gt=at).order_by("at")
    return {(enrolment, rule): until for enrolment, rule, until in rows.values_list("enrolment_id", "rule", "until")}


# --- The rules ------------------------------------------------------------------------------------


def _overdue(cohort: Cohort, shown: board.Board, names: dict[int, str], at: datetime) -> Iterator[tuple[int, Risk]]:
    """The main pieces of two weeks that follow each other are late: since the second was due."""
    late: dict[int, tuple[int, int]] = {}
    for row in shown.rows:
        weeks = [column.number for column, cell in zip(shown.columns, row.cells, strict=True) if cell.state == "late"]
        pairs = [(week, week + 1) for week in weeks if week + 1 in weeks and week > 0]
        if pairs and row.enrolment in names:
            late[row.enrolment] = pairs[0]
    main = {week.number: week.main for week in asked.of(cohort.edition_id)} if late else {}
    for enrolment in deadlines.with_calendar(Enrolment.objects.filter(pk__in=late)):
        pair, schedule = late[enrolment.pk], deadlines.schedule_of(enrolment)
        since = schedule.exercise_due_at(main[pair[1]] or 0, pair[1], at=at)
        yield enrolment.pk, worries.overdue(names[enrolment.pk], since, pair)


def _quiet(cohort: Cohort, names: dict[int, str], at: datetime) -> Iterator[tuple[int, Risk]]:
    """Ten days by the clock of the promise, counted from week 0 on and not after the last week."""
    calendar = cohort.calendar()
    opened, ends = (moments.opens_at(calendar, week, at=at) for week in (0, LAST_WEEK))
    if not opened <= at < ends + 7 * DAY:
        return
    stops = promises.stops_by_enrolment(names.keys())
    for enrolment, sign, joined in _signs(cohort):
        last, stopped = max(one for one in (sign, joined, opened) if one), stops.get(enrolment, ())
        since = promises.counted_on(last, QUIET_FOR, stopped, at=at)
        if enrolment in names and since <= at:
            yield enrolment, worries.quiet(names[enrolment], since, last if sign else None)


def _signs(cohort: Cohort) -> Iterator[tuple[int, datetime | None, datetime]]:
    """The last sign of each client: a look that left a trace, something saved, handed in, read or answered."""
    pieces = Submission.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    read = Feedback.objects.filter(attempt__submission__enrolment=OuterRef("pk")).order_by()
    rated = Assessment.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    rows = Enrolment.objects.active().filter(cohort=cohort).order_by("pk")
    rows = rows.annotate(
        sign=Greatest(
            "seen_at",
            "client__last_login",
            Subquery(pieces.annotate(last=Max("draft_saved_at")).values("last")),
            Subquery(pieces.annotate(last=Max("handed_in_at")).values("last")),
            Subquery(rated.annotate(last=Max("saved_at")).values("last")),
            Subquery(read.values("attempt__submission__enrolment").annotate(last=Max("read_at")).values("last")),
        )
    )
    yield from rows.values_list("pk", "sign", "joined_at")


def _sessions(cohort: Cohort, names: dict[int, str]) -> Iterator[tuple[int, Risk]]:
    """The last two sessions that took place, and that they were not excused from, went by without them."""
    for enrolment, came in attendance.of_clients(cohort.pk, names).items():
        if missed := attendance.missed_last(came):
            first, second = missed
            yield enrolment, worries.sessions(names[enrolment], second.starts_at, (first.title, second.title))


def _confidence(cohort: Cohort, names: dict[int, str]) -> Iterator[tuple[int, Risk]]:
    """What they said at the midpoint, until they have said more at the end."""
    rows = Assessment.objects.filter(enrolment__cohort=cohort, moment__in=["a4", "a8"], finished_at__isnull=False)
    said: dict[int, tuple[int, datetime]] = {}
    for enrolment, moment, extra, finished_at in rows.order_by("moment").values_list(
        "enrolment_id", "moment", "extra", "finished_at"
    ):
        if moment == Assessment.Moment.FINAL:
            said.pop(enrolment, None)
        elif isinstance(extra.get("confidence"), int) and extra["confidence"] <= LITTLE:
            said[enrolment] = extra["confidence"], finished_at
    for enrolment, (level, finished_at) in said.items():
        if enrolment in names:
            yield enrolment, worries.confidence(names[enrolment], finished_at, level)


def _levels(shown: board.Board, names: dict[int, str]) -> Iterator[tuple[int, Risk]]:
    """The newest mean lies a level or more under one of the three weeks before it."""
    fell: dict[int, tuple[int, int, float, float]] = {}
    pieces: dict[int, int] = {}
    for row in shown.rows:
        means = [
            (column.number, cell.mean, cell.submission)
            for column, cell in zip(shown.columns, row.cells, strict=True)
            if cell.mean is not None and cell.submission
        ]
        if not means or row.enrolment not in names:
            continue
        week, mean, piece = means[-1]
        before = [(then, number) for number, then, _piece in means[:-1] if number >= week - OVER_WEEKS]
        if before and max(before)[0] - mean >= FELL:
            best, number = max(before)
            fell[row.enrolment], pieces[row.enrolment] = (number, week, best, mean), piece
    rows = Feedback.objects.filter(attempt__submission__in=pieces.values()).order_by("shown_from")
    shown_from = dict(rows.values_list("attempt__submission__enrolment_id", "shown_from"))
    for enrolment, told in fell.items():
        yield enrolment, worries.levels(names[enrolment], shown_from[enrolment], told)


def _flags(cohort: Cohort, names: dict[int, str]) -> Iterator[tuple[int, Risk]]:
    rows = Flag.objects.filter(enrolment__cohort=cohort, lowered_at=None)
    for enrolment, flag, coach, reason, raised_at in rows.values_list(
        "enrolment_id", "pk", "coach__name", "reason", "raised_at"
    ):
        if enrolment in names:
            yield enrolment, worries.flag(names[enrolment], raised_at, coach, reason, number=flag)


__all__ = ["AtRisk", "Risk", "Rule", "of_coach", "of_cohort", "of_one"]
