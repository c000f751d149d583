"""Parts of everybody side by side: what comparing all of them tells about fewer than five people is nothing."""

from collections import Counter
from itertools import chain, combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.outcomes.choice import Part, opened

LEAST = 5
SPRING, SUMMER, AUTUMN, WINTER = range(4)


def parts(*sets):
    return [Part(one) for one in sets]


def test_a_cohort_of_six_stays_shut_where_the_rest_are_three():
    """All 9 less Summer 6 are Winter 3."""
    found, blocks = opened(parts([SUMMER, WINTER], [SUMMER], [WINTER]), Counter({SUMMER: 6, WINTER: 3}), least=LEAST)

    assert found == set(parts([SUMMER, WINTER]))
    assert blocks == parts([SUMMER, WINTER])


def test_two_cohorts_of_five_are_both_open():
    found, blocks = opened(parts([SUMMER, WINTER], [SUMMER], [WINTER]), Counter({SUMMER: 5, WINTER: 5}), least=LEAST)

    assert found == set(parts([SUMMER, WINTER], [SUMMER], [WINTER]))
    assert set(blocks) == set(parts([SUMMER], [WINTER]))


def test_a_cohort_with_nobody_behind_the_number_shuts_nothing():
    found, _blocks = opened(parts([SUMMER, WINTER], [SUMMER]), Counter({SUMMER: 6}), least=LEAST)

    assert found == set(parts([SUMMER, WINTER], [SUMMER]))


def test_a_coach_whose_cohorts_cut_across_an_edition_is_not_open_beside_it():
    """The edition has Spring 8 and Summer 3, the coach Summer 3 and Autumn 8: what both have in common are three."""
    everybody, edition, coach = [SPRING, SUMMER, AUTUMN], [SPRING, SUMMER], [SUMMER, AUTUMN]
    crowd = Counter({SPRING: 8, SUMMER: 3, AUTUMN: 8})
    found, _blocks = opened(parts(everybody, edition, coach), crowd, least=LEAST)

    assert found == set(parts(everybody, edition))


def test_of_four_people_altogether_nothing_is_open():
    found, _blocks = opened(parts([SUMMER, WINTER], [SUMMER]), Counter({SUMMER: 4}), least=LEAST)

    assert found == set()


COHORTS = range(6)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 12), min_size=6, max_size=6),
    st.lists(st.frozensets(st.sampled_from(COHORTS), min_size=1), max_size=8),
)
def test_no_sum_or_difference_of_open_parts_is_about_fewer_than_five(people, chosen):
    """Whatever whoever looks at all of them adds, subtracts and multiplies: no set of one to four people comes of it.

    A set of cohorts can be had where its indicator lies in the span of those of the open parts, over the cohorts that
    have anybody.
    """
    crowd = Counter(dict(enumerate(people)))
    open_ones, _blocks = opened([Part(COHORTS), *chosen], crowd, least=LEAST)
    there = [cohort for cohort in COHORTS if people[cohort]]
    rows = [[float(cohort in part) for cohort in there] for part in open_ones]
    for few in chain.from_iterable(combinations(there, n) for n in range(1, len(there) + 1)):
        if 0 < sum(people[cohort] for cohort in few) < LEAST:
            asked = [float(cohort in few) for cohort in there]
            assert rank([*rows, asked]) == rank(rows) + 1


def rank(rows):
    return int(np.linalg.matrix_rank(np.array(rows))) if len(rows) else 0
