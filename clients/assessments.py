"""A person's own ratings: when each is asked for, how far it is, what it comes to."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, time
from statistics import mean

from django.db.models import QuerySet

from curriculum import moments, questionnaires
from curriculum.fields import Field
from curriculum.questionnaires import DID_NOT_COME_UP, Questionnaire

from . import deadlines
from .models import Assessment, Enrolment, Submission

Moment = Assessment.Moment
WEEKS = {Moment.BASELINE: 0, Moment.MIDPOINT: 4, Moment.FINAL: 8}
# Baseline and midpoint open with their week, the final one on the Thursday of week 8.
DAYS = {Moment.BASELINE: 0, Moment.MIDPOINT: 0, Moment.FINAL: 3}
OPENS = time(8, 0)
CLOSING_WEEK = 9  # the final one closes with this week, in the client's own zone


@dataclass(frozen=True)
class Score:
    """The mean of one competency's ratings to one decimal; None while fewer than needed are rated."""

    competency: str
    name: str
    mean: float | None
    rated: int
    of: int


@dataclass(frozen=True)
class Distance:
    """One competency then and now. `seen_from_now` is where week 0 was, looking back from the end."""

    competency: str
    name: str
    baseline: float | None
    midpoint: float | None
    final: float | None
    seen_from_now: int | None


def of(enrolment: Enrolment, moment: str) -> Assessment | None:
    return Assessment.objects.filter(enrolment=enrolment, moment=moment).first()


def all_of(enrolment: Enrolment) -> dict[str, Assessment]:
    """Moment → the assessment begun at it."""
    return {row.moment: row for row in Assessment.objects.filter(enrolment=enrolment)}


def finished(enrolments: Collection[Enrolment]) -> QuerySet:
    """(enrolment, moment) of every assessment these clients have finished."""
    rows = Assessment.objects.filter(enrolment__in=enrolments, finished_at__isnull=False)
    return rows.order_by().values_list("enrolment", "moment")


def opens_at(enrolment: Enrolment, moment: str, *, at: datetime) -> datetime:
    """08:00 in the cohort's zone, on the day the programme names."""
    calendar = enrolment.cohort.calendar()
    week, day = WEEKS[Moment(moment)], DAYS[Moment(moment)]
    return moments.moment(calendar, week=week, day=day, time=OPENS, zone=calendar.zone, at=at)


def closes_at(enrolment: Enrolment, moment: str, *, at: datetime) -> datetime | None:
    """Only the final one closes; a baseline may be late, and says so by its date."""
    return deadlines.week_due_at(enrolment, CLOSING_WEEK, at=at) if moment == Moment.FINAL else None


def due_at(enrolment: Enrolment, moment: str, *, at: datetime) -> datetime:
    return closes_at(enrolment, moment, at=at) or deadlines.week_due_at(enrolment, WEEKS[Moment(moment)], at=at)


def questionnaire_of(enrolment: Enrolment) -> Questionnaire:
    return questionnaires.self_assessment(enrolment.cohort.edition_id)


def sections_of(enrolment: Enrolment) -> tuple[questionnaires.Section, ...]:
    """The competencies that are rated; none where the edition has no questionnaire."""
    try:
        return questionnaire_of(enrolment).sections
    except questionnaires.Instrument.DoesNotExist:
        return ()


def further(enrolment: Enrolment, moment: str, *, at: datetime) -> tuple[Field, ...]:
    """What is asked beside the statements, at the midpoint only, with the options of this client."""
    asked = questionnaire_of(enrolment).midpoint if moment == Moment.MIDPOINT else ()
    return tuple(_with_options(one, enrolment, at) for one in asked)


def _with_options(field: Field, enrolment: Enrolment, at: datetime) -> Field:
    """`options_from: feedback` offers the pieces that were answered, by key and title."""
    if field.extra.get("options_from") != "feedback":
        return field
    answered = Submission.objects.filter(enrolment=enrolment, shown_from__lte=at).order_by(
        "exercise__week__number", "exercise__position"
    )
    return replace(field, options=tuple(answered.values_list("exercise__key", "exercise__title")))


def answered(assessment: Assessment | None, asked: Questionnaire) -> int:
    """How many of the statements have an answer, *did not come up* included."""
    return sum(item.key in assessment.answers for item in asked.items) if assessment else 0


def open_sections(assessment: Assessment | None, asked: Questionnaire) -> list[str]:
    """The competencies with a statement that has no answer yet."""
    given = assessment.answers if assessment else {}
    return [section.key for section in asked.sections if any(item.key not in given for item in section.items)]


def scores(assessment: Assessment | None, asked: Questionnaire) -> list[Score]:
    """One score a competency, in the programme's order, and no total: the programme gives none."""
    given = assessment.answers if assessment else {}
    return [_score(section, given, asked.needed) for section in asked.sections]


def means_of(answers: dict[str, int], asked: Questionnaire) -> dict[str, float | None]:
    """The mean of each competency, from answers alone."""
    return {section.key: _score(section, answers, asked.needed).mean for section in asked.sections}


def _score(section: questionnaires.Section, given: dict[str, int], needed: int) -> Score:
    rated = [given[item.key] for item in section.items if given.get(item.key, DID_NOT_COME_UP) != DID_NOT_COME_UP]
    found = round(mean(rated), 1) if len(rated) >= needed else None
    return Score(section.key, section.name, found, len(rated), len(section.items))


def distances(enrolment: Enrolment) -> list[Distance]:
    """Then and now, from what is finished. While one is under way the earlier ones stay hidden: an empty list."""
    asked, rows = questionnaire_of(enrolment), all_of(enrolment)
    if any(row.finished_at is None for row in rows.values()):
        return []
    by_moment = {moment: _means(rows.get(moment), asked) for moment in Moment}
    back = {item.competency: item.key for item in asked.looking_back}
    final = rows.get(Moment.FINAL)
    return [
        Distance(
            competency=section.key,
            name=section.name,
            baseline=by_moment[Moment.BASELINE].get(section.key),
            midpoint=by_moment[Moment.MIDPOINT].get(section.key),
            final=by_moment[Moment.FINAL].get(section.key),
            seen_from_now=final.looking_back.get(back.get(section.key, "")) if final else None,
        )
        for section in asked.sections
    ]


def _means(assessment: Assessment | None, asked: Questionnaire) -> dict[str, float | None]:
    return {score.competency: score.mean for score in scores(assessment, asked)} if assessment else {}
