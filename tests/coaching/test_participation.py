"""What sponsors are told each month and in snapshots, all of it beside each other, attacked by a linear programme.

Clients of two cohorts join and begin at their own times. Each month is told of either cohort, and now and then there is
a snapshot of one or of both. The attacker knows all of it, and that nobody who is enrolled or has started goes back.
"""

from itertools import combinations, combinations_with_replacement, product
from random import Random

from coaching.outcomes import parts
from coaching.outcomes.parts import Measure, Part
from coaching.outcomes.released import Earlier, release
from tests.curriculum.test_small_groups import interval

LEAST = 10
NAMES = ("enrolled", "started", "not started")
STANDINGS = (None, "none", "started")
SEEDS = range(6)


def history(seed):
    """Who is where from when on, and what is told when: a month of one cohort, or a snapshot of some."""
    chance = Random(f"sponsors {seed}")
    people = {}
    for cohort in (1, 2):
        for who in range(chance.randint(10, 24)):
            joined = chance.choice((0, 0, 0, 0, 1, 2))
            people[cohort, who] = joined, joined + chance.choice((0, 0, 1, 2, 9))
    told = [(month, (cohort,), True) for month in (1, 2, 3) for cohort in (1, 2)]
    told += [(chance.choice((0.5, 1.5, 2.5, 3.5)), chance.choice(((1,), (2,), (1, 2), (1, 2))), False) for _n in "ab"]
    return people, sorted(told)


def measure(people, when, cohorts, is_month):
    standing = {
        who: {"started": int(began < when)}
        for who, (joined, began) in people.items()
        if who[0] in cohorts and joined < when
    }
    found = parts.of_states(("started",), "enrolled", standing)
    if not is_month:
        return found
    groups = {"started": "started", "none": "not started"}
    wanted = {"enrolled": tuple(groups.values()), "started": ("started",), "not started": ("not started",)}
    there = {who: Part(groups[part.group]) for who, part in found.parts.items()}
    return Measure(("not started", "started"), wanted, found.among, parts=there, month_of=cohorts[0])


def told(seed, beside):
    """One after the other; `beside` picks what each is held beside."""
    people, events = history(seed)
    out = []
    for when, cohorts, is_month in events:
        found = measure(people, when, cohorts, is_month)
        if len(found.parts) >= LEAST:
            before = [one for one, *told in out if beside(told, (cohorts, is_month))]
            free = release(found, before, least=LEAST, coded=True)
            out += [(Earlier(found, free, len(found.parts)), cohorts, is_month)] if free.has_any else []
    return out


def everything(_one, _other):
    return True


def of_its_kind(one, other):
    """Months beside months of that cohort, snapshots beside snapshots."""
    return one[1] == other[1] and (not one[1] or one[0] == other[0])


def narrowed(out):
    """Few who can be found out more closely than they may, and how many few there were."""
    reports = [one for one, _cohorts, _is_month in out]
    atoms = ways(out)
    for who in {who for one in reports for who in one.measure.parts}:
        atoms[tuple(_standing(one.measure, who) for one in reports)] += 1
    wanted = [
        {name: {way for way in atoms if _counts(name, way[place])} for name in NAMES} for place in range(len(out))
    ]

    class Seen:
        def __init__(self, place):
            self.wanted, self.coded = wanted[place], reports[place].released.coded
            self.shown = reports[place].released.shown

        def exact(self):
            return [self.wanted[name] for name in self.shown]

    seen, looked, found = [Seen(place) for place in range(len(out))], 0, []
    for some in few(seen, [set(cohorts) for _one, cohorts, _is_month in out], atoms):
        looked += 1
        low, high = interval(atoms, seen, some)
        if low > 0 or high < LEAST:
            found.append((low, high))
    return looked, found


def _standing(measure, who):
    part = measure.parts.get(who)
    return part and ("started" if part.group == "started" else "none")


def _counts(name, standing):
    return standing is not None and (name == "enrolled" or (name == "started") == (standing == "started"))


def ways(out):
    """Everything that can be: forward through whatever tells of one's cohort."""
    atoms = {}
    for cohort in (1, 2):
        places = [place for place, (_one, cohorts, _is_month) in enumerate(out) if cohort in cohorts]
        for stood in combinations_with_replacement(STANDINGS, len(places)):
            way = [None] * len(out)
            for place, standing in zip(places, stood, strict=True):
                way[place] = standing
            if any(way):
                atoms[tuple(way)] = 0
    return atoms


def few(seen, cohorts, atoms):
    """The few of every number that is hidden, and the few by whom one differs from others, also added up."""
    found = [some for one in seen for name, some in one.wanted.items() if name not in one.shown | one.coded.keys()]
    added = [(place,) for place in range(len(seen))]
    added += [pair for pair in combinations(range(len(seen)), 2) if not cohorts[pair[0]] & cohorts[pair[1]]]
    for pair, other, name in product(added, range(len(seen)), NAMES):
        if other not in pair:
            both = set().union(*(seen[place].wanted[name] for place in pair))
            found += [both - seen[other].wanted[name], seen[other].wanted[name] - both]
    return {frozenset(some) for some in found if 0 < sum(atoms[way] for way in some) < LEAST}


def test_neither_months_nor_snapshots_nor_both_together_give_a_few_away():
    looked = 0
    for seed in SEEDS:
        more, found = narrowed(told(seed, everything))
        assert found == [], seed
        looked += more

    assert looked > 40


def test_the_same_attacker_breaks_months_and_snapshots_that_do_not_know_of_each_other():
    assert sum(bool(narrowed(told(seed, of_its_kind))[1]) for seed in SEEDS) > 4


def test_beside_each_other_there_still_is_something_to_tell():
    out = [one for seed in SEEDS for one in told(seed, everything)]

    assert sum("enrolled" in one.released.shown for one, *_told in out) > len(out) / 2
