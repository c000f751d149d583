"""How many people stand behind each number, cohort by cohort: what may be told of a part hangs on it.

A number has a key, such as `own:upward` or `main:3`; cohorts are known by their row.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable

Here = Collection[int] | None  # some cohorts; None: all that were read
Crowds = dict[str, Counter[int]]


def within(cohort: int, here: Here) -> bool:
    return here is None or cohort in here


def counted(people: Iterable[tuple[str, int]]) -> Crowds:
    """From one (key, cohort) a person."""
    found: Crowds = defaultdict(Counter)
    for key, cohort in people:
        found[key][cohort] += 1
    return found


def each_once(people: Iterable[tuple[str, int, Hashable]]) -> Crowds:
    """From (key, cohort, person), as often as they come."""
    return counted((key, cohort) for key, cohort, _person in set(people))
