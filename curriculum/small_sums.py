"""Whether adding and subtracting everything shown tells something about fewer than `least` people.

`small_groups` is about how many people there are. This is about what they said: a mean with how many it is of gives
away a sum, and two sums over nearly the same people give away the few who make the difference, as when one report has
a mean of twelve people, and the next one of the same twelve and one more.

A sum is written as what it adds: coefficients by column, and a column is one number of one person, as (person, which
number, its version). Whoever changed their number has another column in the next report. What can be found out by
adding and subtracting are the combinations of all sums; a combination is about the people whose columns stay in it.
There is one about few exactly where leaving the columns of those few out takes something from the rank. People in the
same sums are alike, so sets of such atoms are gone through, the largest that are still few.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction

Column = tuple[Hashable, ...]  # the person first
Sum = Mapping[Column, int]
MOST = 3000  # sets gone through; where there are more, few are taken to be given away

Vectors = tuple[tuple[int, ...], ...]


def about_few(sums: Sequence[Sum], *, least: int) -> bool:
    """True where some combination is about somebody, and about fewer than `least` people."""
    atoms = _atoms(sums)
    sizes = list(atoms.values())
    whole = list(atoms)
    full = _rank([vector for vectors in whole for vector in vectors])
    for number, few in enumerate(_largest([place for place, size in enumerate(sizes) if size < least], sizes, least)):
        others = [vector for place, vectors in enumerate(whole) if place not in few for vector in vectors]
        if number > MOST or _rank(others) < full:
            return True
    return False


def _atoms(sums: Sequence[Sum]) -> dict[Vectors, int]:
    """How many people have the same columns: each column as what it is in every sum."""
    people: dict[Hashable, dict[Column, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * len(sums)))
    for place, one in enumerate(sums):
        for column, times in one.items():
            people[column[0]][column][place] = times
    found: dict[Vectors, int] = defaultdict(int)
    for columns in people.values():
        found[tuple(sorted(tuple(vector) for vector in columns.values()))] += 1
    return found


def _largest(small: list[int], sizes: list[int], least: int) -> Iterator[frozenset[int]]:
    """The sets of these atoms that have fewer than `least` people and cannot take in another one."""

    def grow(chosen: tuple[int, ...], rest: list[int], left: int) -> Iterator[frozenset[int]]:
        if not rest:
            if all(sizes[one] > left for one in small if one not in chosen) and chosen:
                yield frozenset(chosen)
            return
        first, *others = rest
        if sizes[first] <= left:
            yield from grow((*chosen, first), others, left - sizes[first])
        yield from grow(chosen, others, left)

    return grow((), small, least - 1)


def _rank(columns: list[tuple[int, ...]]) -> int:
    """In whole numbers and their fractions, so that nothing is nearly nothing."""
    left = [[Fraction(one) for one in column] for column in set(columns)]
    rank = 0
    while left:
        pivot = left.pop()
        place = next((place for place, one in enumerate(pivot) if one), None)
        if place is not None:
            rank += 1
            left = [
                [a - b * row[place] / pivot[place] for a, b in zip(row, pivot, strict=True)] if row[place] else row
                for row in left
            ]
    return rank
