"""The coach's ratings beside the client's own: when each is asked for, and who reads which of the two.

Both look for themselves: a coach reads what a client said of a time once that time, or a later one, is rated; a client
reads what their coach saw once their own assessment of that time is finished. Nobody else reads either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients import assessments
from clients.assessments import Score
from clients.models import Assessment, Cohort, Enrolment, User
from curriculum import moments, questionnaires
from curriculum.models import Instrument
from curriculum.questionnaires import CoachRating, RatingTime

from . import caseload, sessions
from .models import RatedPoint, Rating

Moment = Rating.Moment
# The client's own assessment of the same time.
OWN = {
    Moment.BASELINE: Assessment.Moment.BASELINE,
    Moment.MIDPOINT: Assessment.Moment.MIDPOINT,
    Moment.FINAL: Assessment.Moment.FINAL,
}
ASKED_AT = {4: Moment.MIDPOINT, 8: Moment.FINAL}  # as the milestones count


def questionnaire_of(cohort: Cohort) -> CoachRating | None:
    """What its coaches rate by; None where its edition has nothing."""
    try:
        return questionnaires.coach_rating(cohort.edition_id)
    except Instrument.DoesNotExist:
        return None


def opens_at(cohort: Cohort, time: RatingTime, *, at: datetime) -> datetime:
    """With its week."""
    return moments.opens_at(cohort.calendar(), time.week, at=at)


def is_open(cohort: Cohort, asked: CoachRating, moment: str, *, at: datetime) -> bool:
    """From its own week on until the next one opens, so that nobody rates a beginning from its end."""
    following = asked.after(moment)
    has_ended = following is not None and opens_at(cohort, following, at=at) <= at
    return opens_at(cohort, asked.time(moment), at=at) <= at and not has_ended


def current(cohort: Cohort, *, at: datetime) -> RatingTime | None:
    """The time that is open now."""
    asked = questionnaire_of(cohort)
    return next((one for one in asked.times if is_open(cohort, asked, one.key, at=at)), None) if asked else None


# --- Who ------------------------------------------------------------------------------------------


def rated_by(coach: User) -> QuerySet[Enrolment]:
    """Whom somebody rates: the clients of the cohorts they coach, and not themselves."""
    here = Enrolment.objects.exclude(state__in=Enrolment.LEFT).exclude(client=coach)
    return here.filter(cohort__in=caseload.coached_by(coach).values("pk")).select_related("client", "cohort__edition")


def visible_to(user: User) -> QuerySet[Rating]:
    """Those of one's clients, and one's own once the own assessment of that time is finished."""
    finished = Q(pk=None)
    for moment, own in OWN.items():
        done = Assessment.objects.filter(enrolment=OuterRef("enrolment"), moment=own, finished_at__isnull=False)
        finished |= Q(moment=moment) & Q(Exists(done))
    mine = Q(enrolment__client=user) & finished
    theirs = Q(enrolment__cohort__in=caseload.coached_by(user).values("pk")) & ~Q(enrolment__client=user)
    return Rating.objects.filter(mine | theirs).select_related("coach")


def shown_to_coaches(enrolment: Enrolment) -> set[str]:
    """Of which times a client's own assessment shows to their coaches: those rated, and those before one that is."""
    rated = set(Rating.objects.filter(enrolment=enrolment).values_list("moment", flat=True))
    return {own for moment, own in OWN.items() if any(moment <= one for one in rated)}


def unrated(cohort: Cohort, coach: User, week: int) -> int:
    """How many who walk with a cohort, and are not on hold, this coach has still to rate."""
    if questionnaire_of(cohort) is None:
        return 0
    there = Rating.objects.filter(enrolment=OuterRef("pk"), moment=ASKED_AT[week])
    return sessions.expected(cohort).exclude(client=coach).exclude(Exists(there)).count()


# --- As they are read -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """One competency as a coach rated it."""

    competency: str
    name: str
    point: int
    anchor: str
    evidence: str


@dataclass(frozen=True)
class Both:
    """One competency of one time, from both sides; None is what is not there or does not show."""

    competency: str
    name: str
    seen: Seen | None
    own: float | None


@dataclass(frozen=True)
class Beside:
    """One time: the coach's rating beside the client's own. `own_hidden`: there is one, and it does not show yet."""

    key: str
    title: str
    week: int
    rating: Rating | None
    rows: tuple[Both, ...]
    own_finished: bool
    own_hidden: bool


def beside(enrolment: Enrolment, reader: User, *, begun: dict[str, Assessment] | None = None) -> list[Beside]:
    """Every time of a client, as this reader may see it. Four queries; three where what is `begun` was read."""
    asked = questionnaire_of(enrolment.cohort)
    if asked is None:
        return []
    is_client = reader.pk == enrolment.client_id
    found = {row.moment: row for row in visible_to(reader).filter(enrolment=enrolment).prefetch_related("points")}
    begun = assessments.all_of(enrolment) if begun is None else begun
    own = {key: row for key, row in begun.items() if row.finished_at}
    shown = set(own) if is_client else shown_to_coaches(enrolment)
    return [_beside(enrolment, asked, time, found.get(time.key), own, shown) for time in asked.times]


def _beside(
    enrolment: Enrolment,
    asked: CoachRating,
    time: RatingTime,
    rating: Rating | None,
    own: dict[str, Assessment],
    shown: set[str],
) -> Beside:
    moment = OWN[Moment(time.key)]
    finished = own.get(moment)
    means = _means(enrolment, finished) if finished and moment in shown else {}
    seen = {one.competency: one for one in points(asked, rating)}
    names = _names(enrolment)
    rows = tuple(
        Both(item.competency, names.get(item.competency, item.text), seen.get(item.competency), _mean(means, item))
        for item in asked.items
    )
    return Beside(time.key, time.title, time.week, rating, rows, finished is not None, bool(finished and not means))


def points(asked: CoachRating, rating: Rating | None) -> list[Seen]:
    """A rating with the sentence each of its points stands for."""
    items = {item.competency: item for item in asked.items}
    rows: Iterable[RatedPoint] = rating.points.all() if rating else ()
    return [
        Seen(row.competency, item.text, row.point, item.anchors.get(row.point, ""), row.evidence)
        for row in rows
        if (item := items.get(row.competency))
    ]


def _means(enrolment: Enrolment, found: Assessment) -> dict[str, Score]:
    return {one.competency: one for one in assessments.scores(found, assessments.questionnaire_of(enrolment))}


def _mean(means: dict[str, Score], item: questionnaires.Item) -> float | None:
    return means[item.competency].mean if item.competency in means else None


def _names(enrolment: Enrolment) -> dict[str, str]:
    return {one.key: one.name for one in assessments.questionnaire_of(enrolment).sections}


@dataclass(frozen=True)
class Row:
    """One client in the grid of a cohort: their points by competency, in the order of the programme."""

    enrolment: int
    name: str
    is_rated: bool
    points: tuple[int | None, ...]


def grid(cohort: Cohort, coach: User, moment: str) -> list[Row]:
    """Everybody this coach rates in a cohort at one time, by name. Two queries."""
    asked = questionnaire_of(cohort)
    people = rated_by(coach).filter(cohort=cohort).order_by("client__name", "pk").values_list("pk", "client__name")
    rated = Rating.objects.filter(enrolment__cohort=cohort, moment=moment).prefetch_related("points")
    given = {row.enrolment_id: {one.competency: one.point for one in row.points.all()} for row in rated}
    keys = [item.competency for item in asked.items] if asked else []
    return [Row(pk, name, pk in given, tuple(given.get(pk, {}).get(key) for key in keys)) for pk, name in people]
