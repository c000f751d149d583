"""Wilson's interval and the base rate: the table of the literature, SciPy and statsmodels."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from curriculum import shares
from curriculum.figures import Figure, Why

NEAR = 1e-6


@pytest.mark.parametrize(
    ("part", "whole", "ends"),
    [(3, 12, (8.9, 53.2)), (1, 8, (2.2, 47.1)), (0, 12, (0.0, 24.2)), (5, 20, (11.2, 46.9)), (12, 12, (75.8, 100.0))],
)
def test_few_people_leave_much_open(part, whole, ends):
    found = shares.wilson(part, whole)

    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == ends
    assert (found.n, found.value) == (whole, part / whole)


@given(some.integers(1, 400).flatmap(lambda whole: some.tuples(some.integers(0, whole), some.just(whole))))
def test_it_is_scipys_and_statsmodels(counts):
    from scipy.stats import binomtest
    from statsmodels.stats.proportion import proportion_confint

    found, theirs = shares.wilson(*counts), binomtest(*counts).proportion_ci(method="wilson")

    assert (found.low, found.high) == (pytest.approx(theirs.low, abs=NEAR), pytest.approx(theirs.high, abs=NEAR))
    assert (found.low, found.high) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=NEAR)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_share_of_nobody_is_said_in_words_and_one_of_more_than_all_is_refused():
    assert shares.wilson(0, 0) == Figure(0, 0, why=Why.NOBODY)
    for wrong in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError):
            shares.wilson(*wrong)


@pytest.mark.parametrize(("weeks", "per_cent"), [(0, 0), (26, 4.6), (52, 8.9), (104, 17.0)])
def test_some_would_have_been_promoted_anyway(weeks, per_cent):
    assert round(100 * shares.base_rate(weeks), 1) == per_cent


@given(one=some.floats(0, 300), other=some.floats(0, 300))
def test_waiting_twice_is_waiting_once_for_as_long(one, other):
    assert 1 - shares.base_rate(one + other) == pytest.approx(
        (1 - shares.base_rate(one)) * (1 - shares.base_rate(other))
    )


@pytest.mark.parametrize("wrong", [(-1,), (52, 1.0), (52, -0.1)])
def test_a_base_rate_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError):
        shares.base_rate(*wrong)
