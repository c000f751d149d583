"""What of a report may be shown where people are few: nothing of a small group, and no small part of a larger one.

Means need as many as may be shown. How many rose, stayed and fell, also beyond noise at each assumed reliability, are
parts of one group that lie within one another, and so are looked at together. A mean of those who have a beginning
beside one of those who have both would give away whoever left, so both are told of those who have both.

Lines of single people become lines of groups: sorted by how far they moved and taken together by as many as may be
shown (microaggregation: J. Domingo-Ferrer and J. M. Mateo-Sanz, IEEE Transactions on Knowledge and Data Engineering
14, 2002, 189-201). Moves are put off until as many have moved, so that no step of the curve is one person's.

What admins read by name anyway, on the board, is not hidden behind counts: a share of homework needs as many who were
asked. With `coded`, for sponsors, both its sides are looked at.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean

from curriculum import small_groups, survival
from curriculum.figures import Count, Figure, Why
from curriculum.growth import Reliable, Spread
from curriculum.small_groups import Ends, Release
from curriculum.survival import Curve, Step

from . import change
from .change import Change, Line

N, ROSE, SAME, FELL = "n", "rose", "same", "fell"
SIDES = (ROSE, SAME, FELL)
DONE, NOT_DONE = "done", "not done"


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


def parts(counts: Mapping[Hashable, int], *, least: int, coded: bool = False) -> dict[Hashable, Count]:
    """What may be told of the parts of one whole whose number is known."""
    among: dict[Hashable, Hashable] = dict.fromkeys(counts, N) if coded else {}
    found = small_groups.release(counts, {N: [*counts], **{name: [name] for name in counts}}, least=least, among=among)
    return {name: _told(found, name, number) for name, number in counts.items()} if N in found.shown else {}


def _told(found: Release, name: Hashable, number: int) -> int | Ends | None:
    return number if name in found.shown else found.coded.get(name)


def _atoms(one: Change) -> tuple[dict[Hashable, int], dict[Hashable, list[Hashable]]]:
    """The finest groups and what is counted of them: beyond noise at a lower reliability is so at any higher one."""
    rows = [row for row in one.reliable if row.up is not None]
    rose = _steps(ROSE, [exact(row.up) for row in rows], exact(one.rose))
    fell = _steps(FELL, [exact(row.down) for row in rows], exact(one.fell))
    counts: dict[Hashable, int] = {SAME: exact(one.same)}
    counts |= rose | fell
    wanted: dict[Hashable, list[Hashable]] = {N: list(counts), SAME: [SAME], ROSE: list(rose), FELL: list(fell)}
    for place, row in enumerate(rows, start=1):
        up, down = list(rose)[:place], list(fell)[:place]
        wanted["up", row.reliability], wanted["down", row.reliability] = [*up], [*down]
        wanted["none", row.reliability] = [atom for atom in counts if atom not in (*up, *down)]
    return counts, wanted


def exact(count: Count) -> int:
    """Of a whole report. ValueError for one that has lost its numbers already."""
    if not isinstance(count, int):
        raise ValueError("what may be shown of a report is asked of the whole report")
    return count


def _steps(side: str, reached: list[int], whole: int) -> dict[Hashable, int]:
    """Those beyond noise at the lowest reliability, those only at the next, and those at none."""
    return {(side, place): more - less for place, (less, more) in enumerate(pairwise([0, *reached, whole]))}


# --- What is left of a number -----------------------------------------------------------------------


def figure(one: Figure, *, least: int, closed: bool = False) -> Figure:
    """Itself where enough people are behind it; else how many there are, and that they are too few."""
    if one.value is None and not one.n:
        return one
    return Figure(one.n, one.of, why=Why.TOO_FEW_TO_SHOW) if closed or one.n < least else one


def spread(one: Spread, *, least: int, closed: bool = False) -> Spread:
    if not one.n:
        return one
    return Spread(one.n, one.of, None, None, Why.TOO_FEW_TO_SHOW) if closed or one.n < least else one


def share(done: Count, one: Figure, *, least: int, coded: bool, closed: bool) -> tuple[Count, Figure]:
    """How many of those asked did it, and the share."""
    if closed or one.n < least:
        return None, figure(one, least=least, closed=closed)
    if not coded:
        return done, one
    told = parts({DONE: exact(done), NOT_DONE: one.n - exact(done)}, least=least, coded=True).get(DONE)
    if isinstance(told, tuple):
        why = Why.NEARLY_ALL if told[1] == one.n else Why.FEW_OF_ALL
        return told, Figure(one.n, one.of, None, told[0] / one.n, told[1] / one.n, why)
    return told, one if told is not None else Figure(one.n, one.of, why=Why.TOO_FEW_TO_SHOW)


def changed(one: Change, *, least: int, coded: bool = False, closed: bool = False, counts: bool = True) -> Change:
    """One change as it may be shown. Without `counts` nothing is told of how many moved which way."""
    if not one.mean.n:
        return replace(one, before=_emptied(one.before), after=_emptied(one.after))
    if closed or one.mean.n < least:
        return _shut(one)
    told = of(one, least=least, coded=coded).counts if counts else {}
    of_both = change.of(one.key, one.name, [(line.before, line.after) for line in one.lines])
    return replace(
        one,
        before=replace(of_both.before, of=one.mean.of),
        after=replace(of_both.after, of=one.mean.of),
        reliable=tuple(_reliable(row, told) for row in one.reliable),
        lines=merged(one.lines, least=least),
        rose=told.get(ROSE),
        same=told.get(SAME),
        fell=told.get(FELL),
    )


def _emptied(one: Spread) -> Spread:
    """Of one side of what nobody has both of."""
    return Spread(0, one.of, None, None, Why.NOBODY)


def _shut(one: Change) -> Change:
    hidden = Figure(one.mean.n, one.mean.of, why=Why.TOO_FEW_TO_SHOW)
    empty = Spread(one.mean.n, one.mean.of, None, None, Why.TOO_FEW_TO_SHOW)
    rows = tuple(Reliable(row.n, row.of, row.reliability, why=Why.TOO_FEW_TO_SHOW) for row in one.reliable)
    return Change(one.key, one.name, empty, empty, hidden, hidden, rows, None, None, None)


def _reliable(row: Reliable, told: Mapping[Hashable, Count]) -> Reliable:
    if row.threshold is None:
        return row
    up, none, down = (told.get((name, row.reliability)) for name in ("up", "none", "down"))
    why = Why.TOO_FEW_TO_SHOW if up is none is down is None else ""
    return replace(row, why=why, up=up, none=none, down=down)


def merged(lines: Sequence[Line], *, least: int) -> tuple[Line, ...]:
    """Lines that lie next to each other as one, each the mean of so many people or some more."""
    people = sorted(lines, key=lambda one: (one.after - one.before, one.before))
    groups = [people[first : first + least] for first in range(0, len(people), least)]
    if groups and len(groups[-1]) < least:
        groups[-2:] = [[*groups[-2], *groups[-1]]] if len(groups) > 1 else []
    return tuple(
        Line(fmean(one.before for one in group), fmean(one.after for one in group), len(group)) for group in groups
    )


Heard = Sequence[tuple[float, bool]]


def stairs(heard: Heard, *, least: int) -> tuple[tuple[Step, ...], Curve]:
    """The steps of the curve, each of so many moves or some more, and the curve of moves put off like that.

    Where a step is shown, it is as high as the estimate is by then, to whole per cent; who is followed is told as if
    nobody had moved before.
    """
    curve, later = survival.kaplan_meier(heard), survival.kaplan_meier(_put_off(heard, least))
    steps, high = [], Figure(len(heard), len(heard), 0.0, why=Why.NO_MOVE_YET)
    for step in later.steps:
        if step.events:
            high = _whole([one.moved for one in curve.steps if one.time <= step.time][-1])
        steps.append(replace(step, moved=replace(high, n=step.followed)))
    return tuple(steps), later


def _put_off(heard: Heard, least: int) -> list[tuple[float, bool]]:
    """Moves in the month by which so many more had moved; whoever is left at the end counts with the last of them."""
    moves = sorted(month for month, moved in heard if moved)
    groups = [moves[first : first + least] for first in range(0, len(moves), least)]
    if len(groups) > 1 and len(groups[-1]) < least:
        groups[-2:] = [[*groups[-2], *groups[-1]]]
    later = [(group[-1], True) for group in groups for _month in group]
    return [*later, *((month, False) for month, moved in heard if not moved)]


def _whole(one: Figure) -> Figure:
    low, high = (None if end is None else round(end, 2) for end in (one.low, one.high))
    return replace(one, value=round(one.value or 0.0, 2), low=low, high=high)
