"""Which numbers of a report can be shown without giving away a group of fewer than `least` people.

A report is a set of named numbers, each the count of a set of *atoms*: the finest groups of people anything is told of,
such as (cohort, level), or over time (cohort, level then, level now). Totals, filters and earlier reports are numbers
over the same atoms, so all of it is one question: what does whoever adds and subtracts everything that was ever shown
find out about what was not?

**What is promised.** A number under `least` is hidden, 0 as well. Whatever is shown, now and before, its
hidden value could be 0 and could be `least` or more: both ends of its protection range lie in what can be found out
(M. Fischetti and J. J. Salazar, Management Science 47, 2001, 1008-1027; A. Hundepool et al., Statistical Disclosure
Control, 2012, chapter 4: the feasibility interval of a cell holds its lower and its upper protection level). The same
goes for the few who make the difference between a number and the same number in an earlier report.

**How it is kept.** By two witnesses a hidden number: other counts, whole and not negative, that agree with everything
shown, one with nobody there and one with `least` or more. Where there is none, one number more is hidden, the cells
before the totals, and one asks again; with nothing shown any more there always is. A search proposes a witness and
whole numbers check it, so what the search overlooks hides too much and never too little.

**Shares for sponsors.** With `among`, a share of a tenth or less, or of nine tenths or more, is told as that range and
never more exactly; what is promised of it is the whole range. List both sides of a share: few who did not are few.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

LEAST_FOR_ADMINS, LEAST_FOR_SPONSORS = 5, 10
EDGE = 10  # a share of one in so many, or less, is told as a range; so is all but that
PIVOTS = 400  # of one search
TINY = 1e-9

Atom = Hashable
Name = Hashable
Group = frozenset
Ends = tuple[int, int]
Limit = tuple[list[float], float]
Goal = tuple[Group, int, int]  # what has to be possible of a group: so few, and so many


@dataclass(frozen=True)
class Release:
    """What one report has, and what of it may be seen: `shown` exactly, `coded` between two ends, else not."""

    wanted: Mapping[Name, Group]
    shown: frozenset[Name]
    coded: Mapping[Name, Ends] = field(default_factory=dict)

    def exact(self) -> list[Group]:
        return [self.wanted[name] for name in self.shown]


def edge(part: int, whole: int) -> Ends | None:
    """The range a share near none or all is told as, in people; None where it may be told as it is."""
    if part * EDGE <= whole:
        return 0, whole // EDGE
    return (whole - whole // EDGE, whole) if (whole - part) * EDGE <= whole else None


def release(
    counts: Mapping[Atom, int],
    wanted: Mapping[Name, Iterable[Atom]],
    *,
    least: int,
    among: Mapping[Name, Name] | None = None,
    before: Sequence[Release] = (),
    apart: Iterable[Group] = (),
) -> Release:
    """What may be shown of `wanted`. `among` names of what a number is a share; `before` is what is out already;
    `apart` are more groups that must not be found out where they are small, such as a sum less another one."""
    groups = {name: Group(atoms) for name, atoms in wanted.items()}
    size = {name: _size(counts, group) for name, group in groups.items()}
    coded = _coded(size, among or {}, least)
    could_be = {name for name in groups if size[name] >= least and name not in coded}
    few: list[Goal] = [(one, 0, least) for one in apart if 0 < _size(counts, one) < least]
    for ends in (coded, {}):
        if found := _narrowed(counts, Release(groups, frozenset(could_be), ends), before, least, few):
            return found
    return Release(groups, frozenset())


def _narrowed(
    counts: Mapping[Atom, int], most: Release, before: Sequence[Release], least: int, few: Sequence[Goal]
) -> Release | None:
    """As much of the most that could be shown as is safe; None where its ranges alone already tell too much."""
    groups, shown = most.wanted, set(most.shown)
    size = {name: _size(counts, group) for name, group in groups.items()}
    audit, goals = _Audit(counts, (*before, most), before), [*_to_protect(counts, most, before, least), *few]
    for goal in goals:
        while not audit.holds(goal, [groups[name] for name in shown]):
            if not shown:
                return None
            shown.remove(_next(groups, size, shown))
    for name in sorted(most.shown - shown, key=lambda one: (size[one], str(one)), reverse=True):
        tried = [groups[one] for one in {*shown, name}]
        if all(audit.holds(goal, tried) for goal in goals):
            shown.add(name)
    return replace(most, shown=frozenset(shown))


def _coded(size: Mapping[Name, int], among: Mapping[Name, Name], least: int) -> dict[Name, Ends]:
    """The shares near none or all, of groups that are large enough."""
    ends = {name: edge(size[name], size[base]) for name, base in among.items() if size[base] >= least}
    return {name: found for name, found in ends.items() if found}


def _to_protect(counts: Mapping[Atom, int], now: Release, before: Sequence[Release], least: int) -> Iterable[Goal]:
    """Everything small, in this report and the ones before; and the few who came or went between two of them."""
    for one in (*before, now):
        small = (name for name, group in one.wanted.items() if group and _size(counts, group) < least)
        ends = dict.fromkeys(small, (0, least)) | dict(one.coded)
        yield from ((one.wanted[name], *found) for name, found in ends.items())
    for one in before:
        for name in one.wanted.keys() & now.wanted.keys():
            apart = (now.wanted[name] - one.wanted[name], one.wanted[name] - now.wanted[name])
            yield from ((few, 0, least) for few in apart if 0 < _size(counts, few) < least)


def _size(counts: Mapping[Atom, int], group: Group) -> int:
    return sum(counts[atom] for atom in group)


def _next(groups: Mapping[Name, Group], size: Mapping[Name, int], shown: set[Name]) -> Name:
    """What to hide next: a cell before a total, where most lines already have something hidden, the smallest."""
    hidden = groups.keys() - shown

    def place(name: Name) -> tuple:
        group = groups[name]
        lines = [groups[one] for one in shown if group < groups[one]]
        gaps = sum(any(groups[one] <= line and not groups[one] & group for one in hidden) for line in lines)
        return any(other < group for other in groups.values()), -gaps, size[name], str(name)

    return min(shown, key=place)


# --- What can be found out ----------------------------------------------------------------------------


class _Audit:
    """Asks whether a group could be so small and so large, given what is shown."""

    def __init__(self, counts: Mapping[Atom, int], coded: Sequence[Release], before: Sequence[Release]):
        self.places = {atom: place for place, atom in enumerate(counts)}
        self.truth = list(counts.values())
        self.out = [self._row(group) for one in before for group in one.exact()]
        ranges = [(one.wanted[name], *ends) for one in coded for name, ends in one.coded.items()]
        self.ranges = [(self._row(group), low, high) for group, low, high in ranges]
        self.witnesses = [self.truth]

    def holds(self, goal: Goal, shown: list[Group]) -> bool:
        """Whether there is a witness for either end."""
        group, few, many = goal
        rows = [*self.out, *map(self._row, shown)]
        row = self._row(group)
        return self._attained(row, few, -1, rows) and self._attained(row, many, 1, rows)

    def _row(self, group: Group) -> tuple[int, ...]:
        return tuple(sorted(self.places[atom] for atom in group))

    def _attained(self, row: tuple[int, ...], end: int, way: int, rows: list[tuple[int, ...]]) -> bool:
        """Known already, or found now; `way` 1 asks for `end` or more, -1 for `end` or fewer."""
        if any(way * (_sum(one, row) - end) >= 0 and self._agrees(one, rows) for one in self.witnesses):
            return True
        found = self._look(row, end, way, rows)
        if found is None or way * (_sum(found, row) - end) < 0 or not self._agrees(found, rows):
            return False
        self.witnesses.append(found)
        return True

    def _agrees(self, counts: list[int], rows: list[tuple[int, ...]]) -> bool:
        """In whole numbers: nobody is fewer than nobody, and everything shown is as it is shown."""
        return (
            min(counts, default=0) >= 0
            and all(_sum(counts, row) == _sum(self.truth, row) for row in rows)
            and all(low <= _sum(counts, row) <= high for row, low, high in self.ranges)
        )

    def _look(self, row: tuple[int, ...], end: int, way: int, rows: list[tuple[int, ...]]) -> list[int] | None:
        """Counts as far that way as `end`, by a linear programme over what keeps every shown sum as it is."""
        moves = _moves(rows, len(self.truth))
        if not moves:
            return None
        wide = [[move[place] for move in moves] for place in range(len(self.truth))]
        limits: list[Limit] = [
            ([-one for one in line], have) for line, have in zip(wide, self.truth, strict=True) if any(line)
        ]
        for places, low, high in self.ranges:
            line, have = _added(wide, places), _sum(self.truth, places)
            limits += [(line, high - have), ([-one for one in line], have - low)]
        goal = [way * one for one in _added(wide, row)]
        limits.append((goal, way * (end - _sum(self.truth, row))))
        steps = _furthest(limits, goal)
        if steps is None:
            return None
        return [
            have + round(sum(one * step for one, step in zip(line, steps, strict=True)))
            for have, line in zip(self.truth, wide, strict=True)
        ]


def _sum(counts: Sequence[int], places: Iterable[int]) -> int:
    return sum(counts[place] for place in places)


def _added(lines: list[list[float]], places: Iterable[int]) -> list[float]:
    return [sum(column) for column in zip(*(lines[place] for place in places), strict=True)] or [0.0] * len(lines[0])


def _moves(rows: list[tuple[int, ...]], width: int) -> list[list[float]]:
    """Changes of the counts that leave every sum in `rows` alone: a basis of them, by elimination."""
    left = [[float(place in set(row)) for place in range(width)] for row in set(rows)]
    solved: dict[int, list[float]] = {}
    for column in range(width):
        place = max(range(len(left)), key=[abs(row[column]) for row in left].__getitem__, default=None)
        if place is None or abs(left[place][column]) < TINY:
            continue
        row = left.pop(place)
        row = [one / row[column] for one in row]
        left = [_less(one, row, one[column]) for one in left]
        solved = {place: _less(one, row, one[column]) for place, one in solved.items()} | {column: row}
    free = [column for column in range(width) if column not in solved]
    return [
        [-solved[place][column] if place in solved else float(place == column) for place in range(width)]
        for column in free
    ]


def _less(one: list[float], other: list[float], times: float) -> list[float]:
    return [a - times * b for a, b in zip(one, other, strict=True)] if times else one


def _furthest(limits: list[Limit], goal: list[float]) -> list[float] | None:
    """The steps, of either sign, that go furthest towards `goal` within limits that standing still keeps.

    The simplex method of G. B. Dantzig on a condensed table; each limit is loosened by a hair of its own, so that it
    never goes round in circles. None where it takes too long.
    """
    width = 2 * len(goal)
    table = [[*line, *(-one for one in line), bound + 1e-6 * (1 + place * 7919 % 1009 / 1009)]
             for place, (line, bound) in enumerate(limits)]  # fmt: skip
    table.append([*(-one for one in goal), *goal, 0.0])
    basis, outside = [width + place for place in range(len(limits))], list(range(width))
    for _pivot in range(PIVOTS):
        column = min(range(width), key=table[-1].__getitem__)
        tight = [(row[-1] / row[column], place) for place, row in enumerate(table[:-1]) if row[column] > 1e-7]
        if table[-1][column] > -1e-7 or not tight:
            values = dict(zip(basis, (row[-1] for row in table), strict=False))
            return [values.get(one, 0.0) - values.get(one + len(goal), 0.0) for one in range(len(goal))]
        place = min(tight)[1]
        _pivot_at(table, place, column)
        basis[place], outside[column] = outside[column], basis[place]
    return None


def _pivot_at(table: list[list[float]], place: int, column: int) -> None:
    """Exchange a row with a column."""
    pivot = table[place]
    inverse = 1 / pivot[column]
    pivot = [one * inverse for one in pivot]
    for other, row in enumerate(table):
        if other != place and (times := row[column]):
            row = [a - times * b for a, b in zip(row, pivot, strict=True)]
            row[column] = -times * inverse
            table[other] = row
    pivot[column] = inverse
    table[place] = pivot
