"""What of a report may be shown where people are few: nothing of a small group, and no small part of a larger one.

Means need as many as may be shown. How many rose, stayed and fell, also beyond noise at each assumed reliability, are
parts of one group that lie within one another, and so are looked at together.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise

from curriculum import small_groups
from curriculum.figures import Count
from curriculum.small_groups import Ends, Release

from .change import Change

N, ROSE, SAME, FELL = "n", "rose", "same", "fell"
SIDES = (ROSE, SAME, FELL)


@dataclass(frozen=True)
class Few:
    """`open`: there are enough, so means and intervals may be shown. `counts` has a number, two ends, or None."""

    open: bool
    counts: dict[Hashable, int | Ends | None]


def of(one: Change, *, least: int, coded: bool = False) -> Few:
    """Of one change; `coded` tells shares near none and all as ranges, as sponsors get them."""
    counts, wanted = _atoms(one)
    among: dict[Hashable, Hashable] = dict.fromkeys((name for name in wanted if name != N), N) if coded else {}
    found = small_groups.release(counts, wanted, least=least, among=among)
    shown = {name: _told(found, name, sum(counts[atom] for atom in atoms)) for name, atoms in wanted.items()}
    return Few(one.mean.n >= least, shown)


def _told(found: Release, name: Hashable, number: int) -> int | Ends | None:
    return number if name in found.shown else found.coded.get(name)


def _atoms(one: Change) -> tuple[dict[Hashable, int], dict[Hashable, list[Hashable]]]:
    """The finest groups and what is counted of them: beyond noise at a lower reliability is so at any higher one."""
    rows = [row for row in one.reliable if row.up is not None]
    rose = _steps(ROSE, [_exact(row.up) for row in rows], _exact(one.rose))
    fell = _steps(FELL, [_exact(row.down) for row in rows], _exact(one.fell))
    counts: dict[Hashable, int] = {SAME: _exact(one.same)}
    counts |= rose | fell
    wanted: dict[Hashable, list[Hashable]] = {N: list(counts), SAME: [SAME], ROSE: list(rose), FELL: list(fell)}
    for place, row in enumerate(rows, start=1):
        up, down = list(rose)[:place], list(fell)[:place]
        wanted["up", row.reliability], wanted["down", row.reliability] = [*up], [*down]
        wanted["none", row.reliability] = [atom for atom in counts if atom not in (*up, *down)]
    return counts, wanted


def _exact(count: Count) -> int:
    """Of a whole report. ValueError for one that has lost its numbers already."""
    if not isinstance(count, int):
        raise ValueError("what may be shown of a report is asked of the whole report")
    return count


def _steps(side: str, reached: list[int], whole: int) -> dict[Hashable, int]:
    """Those beyond noise at the lowest reliability, those only at the next, and those at none."""
    return {(side, place): more - less for place, (less, more) in enumerate(pairwise([0, *reached, whole]))}
