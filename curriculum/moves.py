"""The four moves of a 1:1 as an edition asks for them, as plain data.

They are the fields of the exercise whose instrument is the planner, so that a 1:1 planned as homework and one planned
without it ask the same. Published editions are frozen, so each is read once a process.
"""

from dataclasses import dataclass
from functools import lru_cache

from . import answers
from .fields import Field
from .models import Exercise

PLANNER = "planner"


@dataclass(frozen=True)
class Move:
    """One move. `stem` is what to say first; it counts as planned once the field `words` is filled."""

    key: str
    title: str
    lead: str
    stem: str
    words: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Planner:
    """The moves in the programme's order, and what else the exercise asks, by key."""

    week: int
    moves: tuple[Move, ...]
    further: dict[str, Field]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every field of every move."""
        return tuple(field.key for move in self.moves for field in move.fields)


@lru_cache(maxsize=8)
def of_edition(edition: int) -> Planner | None:
    """The planner of a published edition; None where it has none."""
    planned = Exercise.objects.filter(edition=edition, settings__instrument=PLANNER).select_related("week")
    found = planned.order_by("week__number", "position").first()
    return of(found) if found else None


def of(exercise: Exercise) -> Planner:
    """The planner of an exercise. Its first rule over several fields names what makes each move count."""
    asked = answers.fields_of(exercise)
    groups = {one.key: one.extra.get("group", "") for one in asked}
    rules = exercise.settings.get("at_least") or [{"of": []}]
    words = {groups[key]: key for key in rules[0]["of"]}
    said = exercise.settings.get("moves", {})
    moves = tuple(
        Move(
            key=group,
            title=said.get(group, {}).get("title", group.capitalize()),
            lead=said.get(group, {}).get("lead", ""),
            stem=said.get(group, {}).get("stem", ""),
            words=key,
            fields=tuple(one for one in asked if groups[one.key] == group),
        )
        for group, key in words.items()
    )
    return Planner(exercise.week.number, moves, {one.key: one for one in asked if groups[one.key] not in words})
