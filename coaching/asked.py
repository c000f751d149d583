"""What each week of an edition asks for, as the cohort board looks at it."""

from collections.abc import Collection
from dataclasses import dataclass, field

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
    baseline: list[int] = field(default_factory=list)
    counted: list[Exercise] = field(default_factory=list)

    @property
    def asked(self) -> list[int]:
        return [self.main] if self.main else self.baseline


def of(edition: int) -> list[AskedWeek]:
    """The weeks of an edition in which there is something to hand in. One query."""
    return of_each([edition])[edition]


def of_each(editions: Collection[int]) -> dict[int, list[AskedWeek]]:
    """The same of several editions, still one query."""
    weeks: dict[int, dict[int, AskedWeek]] = {edition: {} for edition in editions}
    rows = Week.objects.filter(edition__in=weeks, exercises__kind__in=Exercise.OFFERED, exercises__counted=False)
    for edition, number, title, *exercise in rows.order_by("number", "exercises__position").values_list(*_COLUMNS):
        _note(weeks[edition].setdefault(number, AskedWeek(number, title)), *exercise)
    return {edition: _with_counted(edition, found) for edition, found in weeks.items()}


_EXERCISE = tuple(f"exercises__{name}" for name in ("id", "role", "required", "rubric_id"))
_COLUMNS = ("edition_id", "number", "short", *_EXERCISE)


def _note(week: AskedWeek, exercise: int, role: str, required: bool, rubric: int | None) -> None:
    if role == Role.MAIN and week.main is None:
        week.main, week.scored = exercise, rubric is not None
    elif role == Role.TRANSLATION:
        week.translation = exercise
    elif role == Role.BASELINE and required:
        week.baseline.append(exercise)


def _with_counted(edition: int, weeks: dict[int, AskedWeek]) -> list[AskedWeek]:
    for exercise in counted.exercises_of(edition):
        if exercise.role == Role.BASELINE and exercise.required and exercise.week.number in weeks:
            weeks[exercise.week.number].counted.append(exercise)
    return [week for week in weeks.values() if week.asked]
