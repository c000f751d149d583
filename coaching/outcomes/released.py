"""What of a measure may be shown beside everything that was shown of the same people before.

Counts go through `small_groups`, with the paths people took from report to report as its finest groups. Means are sums
of what people said, and go through `small_sums`: a mean is shown where no combination of all means ever shown is about
a few. Whoever was counted once and is gone without a trace cannot be looked at any more; where they are few, nothing is
shown that could be held beside a report they are in.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from curriculum import small_groups, small_sums
from curriculum.small_groups import Ends, Group, Release

from . import ways
from .parts import DETAIL, Measure
from .ways import Way


@dataclass(frozen=True)
class Released:
    """The names of what is shown: counts exactly, counts between two ends, and means."""

    shown: frozenset[str] = frozenset()
    coded: Mapping[str, Ends] = field(default_factory=dict)
    sums: frozenset[str] = frozenset()

    @property
    def has_any(self) -> bool:
        return bool(self.shown or self.coded or self.sums)


@dataclass(frozen=True)
class Earlier:
    """What an earlier report showed of the same measure. `people` had a part then; `measure` has those still here; `at`
    is when it was shown first."""

    measure: Measure
    released: Released
    people: int
    at: datetime | None = None

    @property
    def gone(self) -> int:
        return self.people - len(self.measure.parts)


def release(measure: Measure, earlier: Sequence[Earlier], *, least: int, coded: bool = False) -> Released:
    """What may be shown of a measure to whoever saw the earlier ones; `coded` tells shares near none and all as ranges.

    `earlier` are reports over some of the same people, the oldest first.
    """
    seen = [one for one in earlier if one.released.has_any]
    if any(0 < one.gone < least for one in seen):
        return Released()
    counts = _counts(measure, seen, least=least, coded=coded) if measure.wanted else Release({}, frozenset())
    return Released(frozenset(map(str, counts.shown)), dict(_by_text(counts)), _sums(measure, seen, least))


def _by_text(counts: Release) -> Mapping[str, Ends]:
    return {str(name): ends for name, ends in counts.coded.items()}


# --- Counts -------------------------------------------------------------------------------------------


def _counts(measure: Measure, earlier: Sequence[Earlier], *, least: int, coded: bool) -> Release:
    reports = [*(one.measure for one in earlier), measure]
    counts = ways.taken(reports)
    wanted = [_wanted(one, place, counts) for place, one in enumerate(reports)]
    apart = ways.few_apart(wanted, reports)
    if apart is None:
        return Release({}, frozenset())
    before = [
        Release(dict(those.items()), frozenset(one.released.shown), dict(one.released.coded.items()))
        for those, one in zip(wanted, earlier, strict=False)
    ]
    among: dict[Hashable, Hashable] = dict(measure.among.items()) if coded else {}
    atoms: dict[Hashable, int] = dict(counts.items())
    now: dict[Hashable, Group] = dict(wanted[-1].items())
    return small_groups.release(atoms, now, least=least, among=among, before=before, apart=apart)


def _wanted(measure: Measure, place: int, counts: Mapping[Way, int]) -> dict[str, Group]:
    return {name: Group(way for way in counts if way[place] in groups) for name, groups in measure.wanted.items()}


# --- Means --------------------------------------------------------------------------------------------


def _sums(measure: Measure, earlier: Sequence[Earlier], least: int) -> frozenset[str]:
    """One after the other, the most important first, each beside all that are shown by then."""
    out = [_sum(one.measure, name) for one in earlier for name in sorted(one.released.sums)]
    found = []
    for name in measure.sums:
        tried = _sum(measure, name)
        if tried and _is_apart(name, tried, earlier) and not small_sums.about_few([*out, tried], least=least):
            found.append(name)
            out.append(tried)
    return frozenset(found)


def _is_apart(name: str, tried: Mapping[small_sums.Column, int], earlier: Sequence[Earlier]) -> bool:
    """What is finer than a mean is shown again only as it was shown before, or of other people."""
    if name != DETAIL:
        return True
    before = [_sum(one.measure, name) for one in earlier if name in one.released.sums]
    people = {column[0] for column in tried}
    return all(one == tried or not people & {column[0] for column in one} for one in before)


def _sum(measure: Measure, name: str) -> dict[small_sums.Column, int]:
    return {
        (who, column): times for who, part in measure.parts.items() for column, times in part.sums.get(name, {}).items()
    }
