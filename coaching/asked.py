"""What each week of an edition asks for, as the cohort board looks at it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from clients import counted
from curriculum.models import Exercise, Week

Role = Exercise.Role


@dataclass
class AskedWeek:
    """The pieces of a week the board looks at: the main one, or else what the baseline requires, counted things too."""

    number: int
    title: str
    main: int | None = None
    scored: bool = False
    translation: int | None = None
    translation_scored: bool = False
    baseline: list[int] = field(default_factory=list)
    counted: list[Exercise] = field(default_factory=list)

    @property
    def asked(self) -> list[int]:
        return [self.main] if self.main else self.baseline


@lru_cache(maxsize=8)
def of(edition: int) -> list[AskedWeek]:
    """The weeks of a published edition in which there is something to hand in; frozen, so read once a process."""
    weeks: dict[int, AskedWeek] = {}
    rows = Week.objects.filter(edition=edition, exercises__kind__in=Exercise.OFFERED, exercises__counted=False)
    for number, title, *exercise in rows.order_by("number", "exercises__position").values_list(*_COLUMNS):
        _note(weeks.setdefault(number, AskedWeek(number, title)), *exercise)
    return _with_counted(edition, weeks)


def translations(weeks: Iterable[AskedWeek]) -> list[AskedWeek]:
    """The weeks as if their translation were all they ask for; those without one are left out."""
    asked = [week for week in weeks if week.translation]
    return [AskedWeek(one.number, one.title, one.translation, one.translation_scored) for one in asked]


_EXERCISE = tuple(f"exercises__{name}" for name in ("id", "role", "required", "rubric_id"))
_COLUMNS = ("number", "short", *_EXERCISE)


def _note(week: AskedWeek, exercise: int, role: str, required: bool, rubric: int | None) -> None:
    if role == Role.MAIN and week.main is None:
        week.main, week.scored = exercise, rubric is not None
    elif role == Role.TRANSLATION:
        week.translation, week.translation_scored = exercise, rubric is not None
    elif role == Role.BASELINE and required:
        week.baseline.append(exercise)


def _with_counted(edition: int, weeks: dict[int, AskedWeek]) -> list[AskedWeek]:
    for exercise in counted.exercises_of(edition):
        if exercise.role == Role.BASELINE and exercise.required and exercise.week.number in weeks:
            weeks[exercise.week.number].counted.append(exercise)
    return [week for week in weeks.values() if week.asked]
