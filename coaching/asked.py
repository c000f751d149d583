"""What each week of an edition asks for, as the cohort board looks at it."""

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
    weeks: dict[int, AskedWeek] = {}
    rows = Week.objects.filter(edition=edition, exercises__kind__in=Exercise.OFFERED, exercises__counted=False)
    columns = ("number", "short", "exercises__id", "exercises__role", "exercises__required", "exercises__rubric_id")
    for number, title, exercise, role, required, rubric in rows.order_by("number", "exercises__position").values_list(
        *columns
    ):
        week = weeks.setdefault(number, AskedWeek(number, title))
        if role == Role.MAIN and week.main is None:
            week.main, week.scored = exercise, rubric is not None
        elif role == Role.TRANSLATION:
            week.translation = exercise
        elif role == Role.BASELINE and required:
            week.baseline.append(exercise)
    for exercise in counted.exercises_of(edition):
        if exercise.role == Role.BASELINE and exercise.required and exercise.week.number in weeks:
            weeks[exercise.week.number].counted.append(exercise)
    return [week for week in weeks.values() if week.asked]
