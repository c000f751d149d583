"""How one client's levels went, competency by competency, over all that was answered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import Any, NamedTuple


class Answered(NamedTuple):
    """One answer with levels: of which piece and attempt, in which week, and where it lies among that week's."""

    week: int
    place: int
    of: int
    piece: int
    title: str
    attempt: int


class Step(NamedTuple):
    """The mean of what one answer says of a competency."""

    answered: Answered
    mean: float


@dataclass(frozen=True)
class Growth:
    """One competency, from the first answer that says something of it to the last."""

    competency: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Grown:
    """All competencies there is a level of, in the programme's order, and the answers they come from."""

    competencies: tuple[Growth, ...]
    answers: tuple[Answered, ...]

    def rows(self) -> list[tuple[Answered, list[float | None]]]:
        """A row an answer: its mean of each competency, None where it says nothing of one."""
        means = [{step.answered: step.mean for step in one.steps} for one in self.competencies]
        return [(one, [each.get(one) for each in means]) for one in self.answers]


def of(told: Iterable[Any]) -> Grown:
    """By what was told, the newest first, each with the levels it gave."""
    answers = [one for one in reversed(list(told)) if one.given]
    weeks: dict[int, list[Any]] = defaultdict(list)
    for one in answers:
        weeks[one.week].append(one)
    steps: dict[tuple[int, str], list[Step]] = defaultdict(list)
    in_order = []
    for week, those in sorted(weeks.items()):
        for place, one in enumerate(those):
            in_order.append(Answered(week, place, len(those), one.piece, one.title, one.attempt))
            for competency, mean in _means(one.given):
                steps[competency].append(Step(in_order[-1], mean))
    found = tuple(Growth(name, tuple(steps[rank, name])) for rank, name in sorted(steps))
    return Grown(found, tuple(in_order))


def _means(given: Iterable[dict[str, Any]]) -> Iterable[tuple[tuple[int, str], float]]:
    """A criterion may be about no competency at all."""
    levels: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in given:
        if one["competency"]:
            levels[one["place"], one["competency"]].append(one["rank"])
    return [(competency, round(fmean(ranks), 1)) for competency, ranks in levels.items()]
