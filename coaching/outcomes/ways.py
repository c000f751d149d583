"""The ways people may have gone through reports: in which group of each they were, or in none.

They are the finest groups of people that all reports together tell of. Ways that somebody took are there, and of those
nobody took the plain ones; fewer ways hide more, and never less. A report may be *a month*: how many of one cohort were
enrolled, and of them had started, on the first of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement

from curriculum.small_groups import Group

from .parts import ENROLLED, NOT_STARTED, STARTED, Measure

Way = tuple[str | None, ...]
FAMILIES = 2000  # of reports about different people, taken together; where there are more, nothing is shown


def taken(reports: Sequence[Measure]) -> dict[Way, int]:
    """How many took each way; the plain ones are there with nobody."""
    people = {who for one in reports for who in one.parts}
    counts = Counter(tuple(_group(one, who) for one in reports) for who in people)
    groups = dict.fromkeys(group for one in reports if one.month_of is None for group in one.groups)
    plain = dict.fromkeys(way for group in groups for way in _plain(group, reports))
    ways = dict.fromkeys([*plain, *_through_months([*plain, (None,) * len(reports)], reports)])
    forward = _Forward(counts, reports)
    return {way: counts[way] for way in dict.fromkeys([*counts, *filter(forward.is_taken, ways)]) if any(way)}


def _group(measure: Measure, who: int) -> str | None:
    part = measure.parts.get(who)
    return part.group if part else None


def _plain(group: str, reports: Sequence[Measure]) -> Iterator[Way]:
    """In this group all along, from one report on, and up to one; in no month."""
    stay = tuple(group if group in one.groups and one.month_of is None else None for one in reports)
    yield stay
    for place in range(1, len(stay)):
        yield (*[None] * place, *stay[place:])
        yield (*stay[:place], *[None] * (len(stay) - place))


def _through_months(plain: Sequence[Way], reports: Sequence[Measure]) -> Iterator[Way]:
    """The plain ways of people of one cohort: each through its months, in every order that goes forward."""
    for cohort in dict.fromkeys(one.month_of for one in reports if one.month_of is not None):
        places = [place for place, one in enumerate(reports) if one.month_of == cohort]
        months = [reports[place] for place in places]
        about = [any(who in one.parts for month in months for who in month.parts) for one in reports]
        here = (tuple(group if at else None for group, at in zip(way, about, strict=True)) for way in plain)
        for way in dict.fromkeys(here):
            for stood in combinations_with_replacement((None, *months[0].groups), len(places)):
                yield _filled(way, places, stood)


def _filled(way: Way, places: Sequence[int], stood: Sequence[str | None]) -> Way:
    found = list(way)
    for place, group in zip(places, stood, strict=True):
        found[place] = group
    return tuple(found)


class _Forward:
    """What whoever reads reports of who is enrolled knows: people come and do not leave, and start and have started.

    A report may be of other cohorts than the one before, so whoever is missing in a later one is in none of its
    cohorts. Somebody real shows where that is so.
    """

    def __init__(self, counts: Iterable[Way], reports: Sequence[Measure]):
        self.there = [place for place, one in enumerate(reports) if ENROLLED in one.wanted]
        self.started = [place for place, one in enumerate(reports) if STARTED in one.wanted]
        real = {self._presence(way) for way in counts}
        self.real = {(*[False] * place, *one[place:]) for one in real for place in range(len(one) + 1)}

    def _presence(self, way: Way) -> tuple[bool, ...]:
        return tuple(way[place] is not None for place in self.there)

    def is_taken(self, way: Way) -> bool:
        """Whether somebody may have gone like this."""
        stood = [_has_started(group) for place in self.started if (group := way[place]) is not None]
        return self._presence(way) in self.real and stood == sorted(stood)


def _has_started(group: str) -> bool:
    return group != NOT_STARTED and STARTED in group.split()


# --- Few who make a difference ------------------------------------------------------------------------


def few_apart(wanted: Sequence[Mapping[str, Group]], reports: Sequence[Measure]) -> set[Group] | None:
    """Whoever makes the difference between any report and another one, or some that are about different people and so
    can be added up. None where there are too many to look at."""
    families = _families([frozenset(one.parts) for one in reports])
    if families is None:
        return None
    found: set[Group] = set()
    for family in families:
        for other in (place for place in range(len(reports)) if place not in family):
            for name in set(wanted[other]).intersection(*(wanted[place] for place in family)):
                added = Group().union(*(wanted[place][name] for place in family))
                found |= {added - wanted[other][name], wanted[other][name] - added}
    return found


def _families(people: Sequence[frozenset[int]]) -> list[tuple[int, ...]] | None:
    """Sets of reports that have nobody in common."""
    found: list[tuple[int, ...]] = []
    open_ones: list[tuple[tuple[int, ...], frozenset[int]]] = [((), frozenset())]
    for place, those in enumerate(people):
        grown = [((*family, place), seen | those) for family, seen in open_ones if those and not seen & those]
        found += [family for family, _seen in grown]
        open_ones += grown
        if len(open_ones) > FAMILIES:
            return None
    return found
