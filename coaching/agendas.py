"""The agenda of a midpoint call, for either of the two: the curve since week 0, what is asked and not in, one focus.

Each side of the curve shows to the other as everywhere: see `ratings`. A client under way with an assessment does not
see their earlier answers either, so the whole curve waits until it is finished.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

from clients import assessments
from clients.models import Assessment, Enrolment, Submission, User

from . import ratings
from .models import Ask, Feedback, Mark
from .ratings import Beside, Moment

HALVES = (Moment.BASELINE, Moment.MIDPOINT)  # then, and now


@dataclass(frozen=True)
class Curve:
    """One competency, then and now, from both sides; None is what is not there or does not show."""

    competency: str
    name: str
    own_then: float | None
    own_now: float | None
    coach_then: int | None
    coach_now: int | None


@dataclass(frozen=True)
class WeekMean:
    """The mean level of what was answered of one week's pieces, by the newest answer to each."""

    week: int
    mean: float
    pieces: int


@dataclass(frozen=True)
class OpenAsk:
    """Another attempt that is not in: what to try in it, and what was asked of it by number."""

    title: str
    key: str
    week: int
    try_next: str
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """A competency, as the focus names one."""

    key: str
    name: str


@dataclass(frozen=True)
class Agenda:
    """`is_under_way`: an assessment its reader has not finished, which hides the curve until then."""

    enrolment: Enrolment
    curve: tuple[Curve, ...]
    halves: tuple[Beside, ...]
    is_under_way: bool
    weeks: tuple[WeekMean, ...]
    asked: tuple[OpenAsk, ...]
    choices: tuple[Choice, ...]

    @property
    def focus(self) -> str:
        return str(self.enrolment.focus)

    @property
    def focus_competency(self) -> str:
        return str(self.enrolment.focus_competency)

    @property
    def focus_at(self) -> datetime | None:
        return self.enrolment.focus_at

    @property
    def focus_name(self) -> str:
        """The competency of the focus, in words."""
        return next((one.name for one in self.choices if one.key == self.focus_competency), "")


def of(enrolment: Enrolment, reader: User, *, at: datetime) -> Agenda:
    """A fixed number of queries."""
    begun = assessments.all_of(enrolment)
    under_way = reader.pk == enrolment.client_id and any(row.finished_at is None for row in begun.values())
    halves = () if under_way else _halves(enrolment, reader, begun)
    return Agenda(
        enrolment=enrolment,
        curve=tuple(_curve(halves)),
        halves=halves,
        is_under_way=under_way,
        weeks=tuple(_weeks(enrolment, at)),
        asked=tuple(_asked(enrolment, at)),
        choices=choices(enrolment),
    )


def choices(enrolment: Enrolment) -> tuple[Choice, ...]:
    """The competencies a focus can be about; none where the edition has no questionnaire."""
    return tuple(Choice(one.key, one.name) for one in assessments.sections_of(enrolment))


# --- The curve ------------------------------------------------------------------------------------


def _halves(enrolment: Enrolment, reader: User, begun: dict[str, Assessment]) -> tuple[Beside, ...]:
    found = {one.key: one for one in ratings.beside(enrolment, reader, begun=begun)}
    return tuple(found[moment] for moment in HALVES if moment in found)


def _curve(halves: tuple[Beside, ...]) -> list[Curve]:
    if len(halves) < len(HALVES):
        return []
    then, now = halves
    return [
        Curve(
            competency=before.competency,
            name=before.name,
            own_then=before.own,
            own_now=after.own,
            coach_then=before.seen.point if before.seen else None,
            coach_now=after.seen.point if after.seen else None,
        )
        for before, after in zip(then.rows, now.rows, strict=True)
    ]


# --- Levels and asks ------------------------------------------------------------------------------


def _weeks(enrolment: Enrolment, at: datetime) -> list[WeekMean]:
    """One query."""
    piece = "feedback__attempt__submission"
    rows = Mark.objects.filter(feedback__shown_from__lte=at, **{f"{piece}__enrolment": enrolment})
    names = (f"{piece}__exercise__week__number", f"{piece}_id", "feedback__attempt__number", "level")
    levels: dict[tuple[int, int], tuple[int, list[int]]] = {}
    for week, submission, number, level in rows.order_by("feedback__attempt__number", "pk").values_list(*names):
        newest, given = levels.get((week, submission), (0, []))
        levels[week, submission] = (number, [*given, level] if number == newest else [level])
    weeks = defaultdict(list)
    for (week, _submission), (_number, given) in levels.items():
        weeks[week].append(given)
    return [
        WeekMean(week, round(mean([level for given in pieces for level in given]), 1), len(pieces))
        for week, pieces in sorted(weeks.items())
    ]


def _asked(enrolment: Enrolment, at: datetime) -> list[OpenAsk]:
    """The last answer to what is with its client again. Two queries."""
    rows = Feedback.objects.filter(
        verdict=Feedback.Verdict.ANOTHER,
        shown_from__lte=at,
        attempt__submission__enrolment=enrolment,
        attempt__submission__state__in=[Submission.State.RETURNED, Submission.State.DRAFT],
    )
    found = [
        one
        for one in rows.select_related("attempt__submission__exercise__week").order_by("shown_from", "pk")
        if one.attempt.number == one.attempt.submission.attempts_made
    ]
    asks = defaultdict(list)
    for feedback, text in Ask.objects.filter(feedback__in=found).order_by("number").values_list("feedback_id", "text"):
        asks[feedback].append(text)
    return [_open(one, asks[one.pk]) for one in found]


def _open(feedback: Feedback, asks: list[str]) -> OpenAsk:
    exercise = feedback.attempt.submission.exercise
    return OpenAsk(exercise.title, exercise.key, exercise.week.number, feedback.try_next, tuple(asks))
