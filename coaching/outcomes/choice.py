"""Choosing a part of everybody: an edition, a cohort, a coach; and which parts may be told apart.

Every part is a set of cohorts, so whoever looks at many of them can add and subtract. What they can find out that way
are the *blocks*: the sets of cohorts that no part they may see divides. A part is open for a number where every block
has enough people behind that number, or none; parts are asked in an order that never changes, everybody first, so that
what is open does not hang on who looks at what. Sums and means over blocks of enough people are all that anybody can
work out (the atoms of the algebra of sets that the open parts generate; every difference is a sum of them).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients.models import User

from .. import roster
from ..models import Assignment

Part = frozenset


@dataclass(frozen=True)
class Wanted:
    """As it was typed: the row of an edition, the slug of a cohort, the row of a coach; empty for all."""

    edition: str = ""
    cohort: str = ""
    coach: str = ""

    @property
    def is_everybody(self) -> bool:
        return not (self.edition or self.cohort or self.coach)


@dataclass(frozen=True)
class Option:
    """What can be chosen: its value, its name, and the cohorts it stands for."""

    value: str
    name: str
    part: Part


class Ground:
    """What there is to choose for one person. Two queries."""

    def __init__(self, user: User):
        rows = roster.cohorts_set_up_by(user).prefetch_related(None).order_by("starts_on", "name", "pk")
        self.cohorts = [Option(row.slug, row.name, Part([row.pk])) for row in rows]
        self.editions = _gathered((str(row.edition_id), str(row.edition), row.pk) for row in rows)
        coaching = Assignment.objects.filter(cohort__in=[row.pk for row in rows]).order_by("coach__name", "coach")
        found = coaching.values_list("coach", "coach__name", "coach__email", "cohort")
        self.coaches = _gathered((str(pk), name or email, cohort) for pk, name, email, cohort in found)
        self.everybody = Part(row.pk for row in rows)

    def chosen(self, wanted: Wanted) -> Part:
        """The cohorts that are all of what was typed; none where one is not known."""
        found = self.everybody
        for typed, options in self._asked(wanted):
            if typed:
                found &= next((one.part for one in options if one.value == typed), Part())
        return found

    def about(self, wanted: Wanted) -> str:
        """What was chosen, in words."""
        names = [one.name for typed, options in self._asked(wanted) for one in options if typed == one.value]
        return " · ".join(names) or _("all cohorts")

    def _asked(self, wanted: Wanted) -> tuple[tuple[str, list[Option]], ...]:
        return (wanted.edition, self.editions), (wanted.cohort, self.cohorts), (wanted.coach, self.coaches)

    def parts(self) -> list[Part]:
        """Whatever can be chosen, in the order in which it is asked: by rows, which never change."""
        editions, cohorts, coaches = (_in_order(one) for one in (self.editions, self.cohorts, self.coaches))
        both = [edition & coach for edition in editions for coach in coaches]
        return list(dict.fromkeys(one for one in (self.everybody, *editions, *cohorts, *coaches, *both) if one))


def _gathered(rows: Iterable[tuple[str, str, int]]) -> list[Option]:
    names: dict[str, str] = {}
    cohorts: dict[str, set[int]] = defaultdict(set)
    for value, name, cohort in rows:
        names.setdefault(value, name)
        cohorts[value].add(cohort)
    return [Option(value, name, Part(cohorts[value])) for value, name in names.items()]


def _in_order(options: list[Option]) -> list[Part]:
    return [one.part for one in sorted(options, key=lambda one: (min(one.part), one.value))]


# --- Which parts may be told apart --------------------------------------------------------------------


def opened(parts: Sequence[Part], crowd: Counter[int], *, least: int) -> tuple[set[Part], list[Part]]:
    """The parts that are open for a number with so many people behind it in each cohort, and their blocks.

    `parts` begins with everybody.
    """
    open_ones: set[Part] = set()
    blocks = list(parts[:1])
    for part in parts:
        divided = [found for block in blocks for found in (block & part, block - part) if found]
        if all(_is_enough(sum(crowd[cohort] for cohort in block), least) for block in divided):
            open_ones.add(part)
            blocks = divided
    return open_ones, blocks


def _is_enough(people: int, least: int) -> bool:
    return people == 0 or people >= least
