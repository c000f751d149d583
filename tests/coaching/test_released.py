"""Snapshots one after the other, attacked by a linear programme that knows all of them and who was in which.

Clients come, leave and change what they said; after every change a snapshot is released beside the ones before. The
attacker adds and subtracts everything that was ever shown.
"""

from itertools import combinations
from random import Random

import pytest

from coaching.outcomes import change, parts
from coaching.outcomes.parts import Measure, Part
from coaching.outcomes.released import Earlier, Released, release
from tests.curriculum.test_small_groups import interval

LEAST = 5


def measure(people):
    """Of who → (before, after); None is no answer."""
    whole = change.of("upward", "Upward", list(people.values()))
    return parts.of_change(whole, {who: change.of("upward", "Upward", [pair]) for who, pair in people.items()})


def history(seed, dates=3):
    """Some people's answers at some dates."""
    chance = Random(f"snapshots {seed}")
    people = {who: (chance.randint(1, 3), chance.randint(2, 5)) for who in range(chance.randint(6, 22))}
    for _date in range(dates):
        yield dict(people)
        for _n in range(chance.choice((0, 1, 2, 6))):
            people[len(people) + 100 * _date + _n] = (chance.randint(1, 3), chance.randint(2, 5))
        for who in chance.sample(sorted(people), min(len(people), chance.choice((0, 0, 1, 6)))):
            people[who] = None, people[who][1] if chance.random() < 0.5 else None
        for who in chance.sample(sorted(people), min(len(people), chance.choice((0, 0, 1)))):
            people[who] = people[who][0], chance.randint(2, 5)


def one_after_the_other(dates, rule=release):
    earlier = []
    for people in dates:
        found = measure(people)
        earlier.append(Earlier(found, rule(found, earlier), len(found.parts)))
    return earlier


def alone(found, earlier, rule=release):
    """What would be shown if there were no other."""
    return rule(found, [], least=LEAST)


def beside(found, earlier):
    return release(found, earlier, least=LEAST)


# --- Counts -------------------------------------------------------------------------------------------


def narrowed(out):
    """Every number that has to stay hidden, and those that can be found out more closely than it may."""
    paths = sorted({who for one in out for who in one.measure.parts})
    group = {(who, place): one.measure.parts[who].group for place, one in enumerate(out) for who in one.measure.parts}
    atoms = {tuple(group.get((who, place)) for place in range(len(out))): 0 for who in paths}
    for who in paths:
        atoms[tuple(group.get((who, place)) for place in range(len(out)))] += 1
    atoms |= {way: 0 for way in ways(out) if way not in atoms}

    class Seen:
        def __init__(self, place, one):
            self.wanted = {name: {way for way in atoms if way[place] in of} for name, of in one.measure.wanted.items()}
            self.shown, self.coded = one.released.shown, one.released.coded

        def exact(self):
            return [self.wanted[name] for name in self.shown]

    seen = [Seen(place, one) for place, one in enumerate(out)]
    looked, found = 0, []
    for some in small(seen, atoms):
        looked += 1
        low, high = interval(atoms, seen, some)
        if low > 0 or high < LEAST:
            found.append((sorted(map(str, some)), low, high))
    return looked, found


def small(seen, atoms):
    """The few of every number that is hidden, and the few by whom two snapshots of one number differ."""
    few = [some for one in seen for name, some in one.wanted.items() if name not in one.shown]
    for one, other in combinations(seen, 2):
        few += [one.wanted[name] - other.wanted[name] for name in one.wanted.keys() & other.wanted.keys()]
        few += [other.wanted[name] - one.wanted[name] for name in one.wanted.keys() & other.wanted.keys()]
    return [some for some in few if 0 < sum(atoms[way] for way in some) < LEAST]


def ways(out):
    """Ways nobody took: through the same group all along, coming late and leaving."""
    for group in {group for one in out for group in one.measure.groups}:
        stay = [group if group in one.measure.groups else None for one in out]
        yield tuple(stay)
        for place in range(1, len(out)):
            yield (*[None] * place, *stay[place:])
            yield (*stay[:place], *[None] * (len(out) - place))


def test_no_count_of_a_few_is_narrowed_by_any_number_of_snapshots():
    looked = 0
    for seed in range(15):
        more, found = narrowed(one_after_the_other(history(seed), beside))
        assert found == [], seed
        looked += more

    assert looked > 100


def test_the_same_attacker_breaks_snapshots_that_are_each_safe_alone():
    broken = sum(bool(narrowed(one_after_the_other(history(seed), alone))[1]) for seed in range(15))

    assert broken > 8


# --- Means --------------------------------------------------------------------------------------------


def told_of_few(out):
    """Whether some combination of all means that were shown is about one to four people; person by person."""
    import numpy

    rows = [
        {(who, column): times for who, part in one.measure.parts.items() for column, times in part.sums[name].items()}
        for one in out
        for name in one.released.sums
        if name != parts.DETAIL
    ]
    columns = sorted({column for row in rows for column in row})
    people = sorted({who for who, _column in columns})
    table = numpy.array([[row.get(column, 0) for column in columns] for row in rows], dtype=float).reshape(
        len(rows), -1
    )
    rank = numpy.linalg.matrix_rank(table) if rows else 0
    for size in (1, 2):
        for few in combinations(people, size):
            kept = [place for place, (who, _column) in enumerate(columns) if who not in few]
            if numpy.linalg.matrix_rank(table[:, kept]) < rank:
                return True
    return False


def test_no_combination_of_means_is_about_one_or_two():
    shown = 0
    for seed in range(15):
        out = one_after_the_other(history(seed), beside)
        assert not told_of_few(out), seed
        shown += sum(parts.MEAN in one.released.sums for one in out)

    assert shown > 15


def test_means_that_are_each_of_enough_people_tell_of_one_together():
    assert sum(told_of_few(one_after_the_other(history(seed), alone)) for seed in range(15)) > 3


# --- By example ---------------------------------------------------------------------------------------

TWELVE = dict.fromkeys(range(7), (2, 3)) | dict.fromkeys(range(7, 12), (2, 2))


def after(first, second, *, gone=0):
    one = measure(first)
    kept = Measure(one.groups, one.wanted, one.among, one.sums, dict(list(one.parts.items())[gone:]))
    return release(measure(second), [Earlier(kept, beside(one, []), len(one.parts))], least=LEAST)


def test_alone_a_snapshot_of_twelve_shows_its_means_and_its_large_counts():
    found = beside(measure(TWELVE), [])

    assert found.shown == {"n", "rose"}  # with those who stayed, nobody would be known to have fallen
    assert found.sums == {parts.MEAN, parts.PRE, parts.DETAIL}


@pytest.mark.parametrize("change", [{12: (2, 5)}, {0: (2, 5)}, {0: (None, 3)}, {}])
def test_one_who_came_changed_or_left_takes_the_mean_along_and_the_same_people_leave_it(change):
    found = after(TWELVE, TWELVE | change)

    assert (parts.MEAN in found.sums, parts.DETAIL in found.sums) == ((False, False) if change else (True, True))


def test_five_who_came_alike_may_be_told_of():
    found = after(TWELVE, TWELVE | dict.fromkeys(range(12, 17), (2, 3)))

    assert found.shown == {"n", "rose"}
    assert found.sums == {parts.MEAN, parts.PRE}


def test_where_somebody_is_gone_without_a_trace_nothing_more_is_told():
    left = {who: pair for who, pair in TWELVE.items() if who}

    assert not after(TWELVE, left, gone=1).has_any


def test_a_whole_is_shown_with_enough_people_and_not_again_with_one_more():
    week = parts.of_whole({who: f"meetings {who}" for who in range(6)} | {9: None})
    more = parts.of_whole({who: f"meetings {who}" for who in range(7)})
    first = release(week, [], least=LEAST)

    assert (len(week.parts), first.sums) == (6, {parts.WHOLE, parts.DETAIL})
    assert release(parts.of_whole({1: "few"}), [], least=LEAST) == Released()
    assert release(more, [Earlier(week, first, 6)], least=LEAST) == Released()


def test_states_are_told_where_both_sides_are_enough():
    found = parts.of_states(("done",), "asked", {who: {"done": who < 11} for who in range(22)})

    assert release(found, [], least=10, coded=True).shown == {"asked", "done", "not done"}
    few = parts.of_states(("done",), "asked", {who: {"done": who < 16} for who in range(22)})
    assert release(few, [], least=10, coded=True).shown == {"asked"}


def test_a_part_has_no_answer_in_it():
    part = measure(TWELVE).parts[0]

    assert isinstance(part, Part)
    assert part.group.startswith("rose")
    assert all(len(column.split()[1]) == 12 for columns in part.sums.values() for column in columns)
