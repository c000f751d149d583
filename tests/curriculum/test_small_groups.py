"""What may be shown of small groups, attacked with a linear programme that knows everything ever shown."""

from itertools import product
from math import ceil, floor
from random import Random

import pytest

from curriculum.small_groups import LEAST_FOR_ADMINS, LEAST_FOR_SPONSORS, Release, edge, release

LEAST = LEAST_FOR_ADMINS


# --- The attacker -------------------------------------------------------------------------------------


def interval(counts, releases, group):
    """What of a group's number can be found out from all reports, by SciPy."""
    import numpy
    from scipy.optimize import linprog

    atoms = list(counts)

    def row(some):
        return [float(atom in some) for atom in atoms]

    def number(some):
        return sum(counts[atom] for atom in some)

    exact = [some for one in releases for some in one.exact()]
    ranges = [(one.wanted[name], ends) for one in releases for name, ends in one.coded.items()]
    limits = {
        "A_eq": numpy.array([row(some) for some in exact]) if exact else None,
        "b_eq": [number(some) for some in exact] if exact else None,
        "A_ub": numpy.array(
            [row(some) for some, _ends in ranges] + [[-one for one in row(some)] for some, _ends in ranges]
        )
        if ranges
        else None,
        "b_ub": [high for _some, (_low, high) in ranges] + [-low for _some, (low, _high) in ranges] if ranges else None,
        "bounds": (0, 10_000),
        "method": "highs",
    }
    ends = [linprog([way * one for one in row(group)], **limits) for way in (1, -1)]
    return ceil(ends[0].fun - 1e-6), floor(-ends[1].fun + 1e-6)


def hidden(counts, one, least):
    """Every number that is not shown because it is small, with what has to stay possible."""
    for name, group in one.wanted.items():
        if name in one.coded:
            yield name, group, one.coded[name]
        elif group and sum(counts[atom] for atom in group) < least:
            yield name, group, (0, least)


def narrowed(counts, releases, least):
    """(how many hidden numbers there are, those the attacker narrows below their protection range)."""
    looked, found = 0, []
    for one in releases:
        for name, group, (few, many) in hidden(counts, one, least):
            low, high = interval(counts, releases, group)
            looked += 1
            if low > few or high < many:
                found.append((name, low, high))
    return looked, found


def primary_only(counts, wanted, least):
    """The naive rule: what is small is hidden, and nothing else."""
    groups = {name: frozenset(atoms) for name, atoms in wanted.items()}
    return Release(
        groups, frozenset(name for name, some in groups.items() if sum(counts[one] for one in some) >= least)
    )


# --- Tables -------------------------------------------------------------------------------------------


def people(chance):
    """How many, of few more often than of many."""
    return chance.choice([0, 1, 1, 2, 3, 4, 5, 6, 8, 12, 20])


def with_margins(chance):
    """Cohorts by levels, with both margins and the total."""
    rows, columns = range(chance.randint(2, 4)), range(chance.randint(2, 4))
    counts = {at: people(chance) for at in product(rows, columns)}
    wanted = {("cell", *at): [at] for at in counts}
    wanted |= {("row", row): [at for at in counts if at[0] == row] for row in rows}
    wanted |= {("column", column): [at for at in counts if at[1] == column] for column in columns}
    return counts, wanted | {"all": list(counts)}


def with_filters(chance):
    """Five cohorts by up, none and down, as any filter shows them: one cohort, its edition, each of two coaches, all."""
    cohorts, moves = range(5), ("up", "none", "down")
    counts = {at: people(chance) for at in product(cohorts, moves)}
    edition = {one: chance.randint(1, 2) for one in cohorts}
    coached = {coach: set(chance.sample(cohorts, 3)) for coach in ("Tomas", "Ines")}
    filters = {("cohort", one): {one} for one in cohorts}
    filters |= {("edition", one): {cohort for cohort in cohorts if edition[cohort] == one} for one in (1, 2)}
    filters |= {("coach", who): some for who, some in coached.items()} | {"all": set(cohorts)}
    wanted = {(name, move): [(one, move) for one in some] for name, some in filters.items() for move in moves}
    return counts, wanted | {(name, "n"): list(product(some, moves)) for name, some in filters.items()}


def with_time(chance):
    """Two cohorts by level at two or three dates; people come, go and move. (counts, the reports' numbers in order)."""
    dates, levels, cohorts = range(chance.randint(2, 3)), (1, 2), range(2)
    paths = [path for path in product((None, *levels), repeat=len(dates)) if any(path)]
    counts = dict.fromkeys(product(cohorts, paths), 0)
    for cohort in cohorts:
        for _person in range(chance.randint(4, 24)):
            path = [chance.choice(levels)] * len(dates)
            while chance.random() < 0.15:
                path[chance.choice(dates)] = chance.choice((None, *levels))
            if any(path):
                counts[cohort, tuple(path)] += 1
    reports = []
    for date in dates:
        cells = {
            (one, level): [at for at in counts if at[0] == one and at[1][date] == level]
            for one in cohorts
            for level in levels
        }
        rows = {(one, "n"): cells[one, 1] + cells[one, 2] for one in cohorts}
        sums = {("all", level): cells[0, level] + cells[1, level] for level in levels}
        reports.append(cells | rows | sums | {"all": rows[0, "n"] + rows[1, "n"]})
    return counts, reports


def in_order(counts, reports, least):
    out = []
    for wanted in reports:
        out.append(release(counts, wanted, least=least, before=out))
    return out


# --- What holds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "seeds"), [(with_margins, 180), (with_filters, 60)])
def test_adding_and_subtracting_everything_narrows_no_hidden_number(kind, seeds):
    looked = 0
    for seed in range(seeds):
        counts, wanted = kind(Random(f"{kind.__name__} {seed}"))
        more, found = narrowed(counts, [release(counts, wanted, least=LEAST)], LEAST)
        assert found == [], f"{kind.__name__} {seed}"
        looked += more

    assert looked > 4 * seeds


def test_no_sequence_of_dated_reports_narrows_one_either():
    looked = 0
    for seed in range(60):
        counts, reports = with_time(Random(f"time {seed}"))
        more, found = narrowed(counts, in_order(counts, reports, LEAST), LEAST)
        assert found == [], seed
        looked += more

    assert looked > 60


def test_the_same_attacker_breaks_the_naive_rule():
    looked, broken = 0, 0
    for seed in range(40):
        counts, wanted = with_margins(Random(f"with_margins {seed}"))
        more, found = narrowed(counts, [primary_only(counts, wanted, LEAST)], LEAST)
        looked, broken = looked + more, broken + len(found)

    assert broken > looked / 2


def test_reports_that_are_each_safe_alone_are_broken_together():
    """Two came between two dates. Each report hides what is small in it; the difference gives the two away."""
    counts = {"were there": 20, "came": 2}
    first, second = {"n": ["were there"]}, {"n": ["were there", "came"]}
    alone = [release(counts, one, least=LEAST) for one in (first, second)]
    together = in_order(counts, [first, second], LEAST)

    came = frozenset({"came"})
    assert interval(counts, alone, came) == (2, 2)
    assert [one.shown for one in together] == [{"n"}, frozenset()]
    assert interval(counts, together, came)[1] >= LEAST


# --- What it looks like -------------------------------------------------------------------------------


def table(rows):
    counts = {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}
    wanted = {at: [at] for at in counts} | {("row", i): [at for at in counts if at[0] == i] for i in range(len(rows))}
    columns = range(len(rows[0]))
    return counts, wanted | {("column", j): [at for at in counts if at[1] == j] for j in columns} | {
        "all": list(counts)
    }


def shown(rows, least=LEAST):
    counts, wanted = table(rows)
    found = release(counts, wanted, least=least)
    return [[value if (i, j) in found.shown else None for j, value in enumerate(row)] for i, row in enumerate(rows)], [
        name for name in wanted if name not in found.shown and not isinstance(name[0], int)
    ]


def test_beside_a_hidden_cell_a_second_is_hidden_in_both_directions_and_every_total_stays():
    assert shown([[2, 10, 12], [8, 9, 7], [11, 6, 20]]) == ([[None, 10, None], [None, 9, None], [11, 6, 20]], [])


def test_where_nothing_is_small_all_of_it_is_shown():
    assert shown([[5, 10], [8, 9]]) == ([[5, 10], [8, 9]], [])


def test_of_a_small_cohort_only_its_size_is_left():
    assert shown([[10, 2, 0]]) == ([[None, None, None]], [("column", 0), ("column", 1), ("column", 2)])


def test_of_fewer_than_five_nothing_is_left():
    counts, wanted = table([[3, 1]])

    assert release(counts, wanted, least=LEAST).shown == frozenset()


def test_a_total_is_hidden_where_hiding_cells_is_not_enough():
    """One cell, its total and the whole: 3 beside 9 in a group of two."""
    counts = {"few": 3, "many": 9}
    found = release(counts, {"few": ["few"], "many": ["many"], "all": ["few", "many"]}, least=LEAST)

    assert found.shown == {"all"}
    assert release(counts, {"few": ["few"], "many": ["many"]}, least=LEAST).shown == {"many"}


# --- Shares for sponsors ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "ends"),
    [
        (0, 12, (0, 1)),
        (1, 12, (0, 1)),
        (2, 12, None),
        (10, 12, None),
        (11, 12, (11, 12)),
        (12, 12, (11, 12)),
        (3, 30, (0, 3)),
    ],
)
def test_none_and_all_are_told_as_a_tenth_or_less_and_nine_tenths_or_more(part, whole, ends):
    assert edge(part, whole) == ends


def test_a_share_near_none_is_a_range_for_sponsors_and_cannot_be_made_narrower():
    looked = 0
    for seed in range(30):
        chance = Random(f"shares {seed}")
        cohorts = range(chance.randint(1, 3))
        counts = {}
        for one in cohorts:
            no = chance.choice([0, 0, 1, 2, 12, 15])
            counts |= {(one, "yes"): chance.choice([0, 9, 14, 30]), (one, "no"): no}
        wanted = {at: [at] for at in counts} | {(one, "n"): [(one, "yes"), (one, "no")] for one in cohorts}
        wanted |= {("all", side): [(one, side) for one in cohorts] for side in ("yes", "no")} | {"all": list(counts)}
        among = {(one, side): (one, "n") for one in cohorts for side in ("yes", "no")}
        among |= {("all", side): "all" for side in ("yes", "no")}
        found = release(counts, wanted, least=LEAST_FOR_SPONSORS, among=among)
        more, broken = narrowed(counts, [found], LEAST_FOR_SPONSORS)
        assert broken == [], seed
        assert not any(sum(counts[one] for one in found.wanted[name]) < LEAST_FOR_SPONSORS for name in found.shown)
        assert all(edge(*sizes) is None for sizes in shares_shown(counts, found, among))
        looked += more

    assert looked > 60


def shares_shown(counts, found, among):
    """(part, whole) of every share that can be read exactly."""
    size = {name: sum(counts[atom] for atom in group) for name, group in found.wanted.items()}
    return [(size[name], size[base]) for name, base in among.items() if name in found.shown and size[base]]


def test_everybody_said_yes_is_told_as_nine_tenths_or_more_beside_how_many_they_are():
    counts = {"yes": 24, "no": 0}
    found = release(
        counts,
        {"yes": ["yes"], "no": ["no"], "n": ["yes", "no"]},
        least=LEAST_FOR_SPONSORS,
        among={"yes": "n", "no": "n"},
    )

    assert (found.shown, found.coded) == ({"n"}, {"yes": (22, 24), "no": (0, 2)})


def test_where_ranges_alone_tell_too_much_there_are_none():
    """Seven cohorts of 15 with one at most each leave seven of 105 at most, and a tenth of 105 is ten."""
    counts = {(one, side): 15 * (side == "yes") for one in range(7) for side in ("yes", "no")}
    wanted = {(one, "no"): [(one, "no")] for one in range(7)} | {
        (one, "n"): [(one, "yes"), (one, "no")] for one in range(7)
    }
    wanted |= {("all", "no"): [(one, "no") for one in range(7)], "all": list(counts)}
    among = {(one, "no"): (one, "n") for one in range(7)} | {("all", "no"): "all"}

    found = release(counts, wanted, least=LEAST_FOR_SPONSORS, among=among)

    assert found.coded == {}
    assert "all" in found.shown
    assert narrowed(counts, [found], LEAST_FOR_SPONSORS)[1] == []
