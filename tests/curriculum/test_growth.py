"""Change before and after: by hand, beside SciPy, and in words where there is no number."""

from math import isnan, sqrt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from curriculum import growth
from curriculum.figures import Figure, Why
from curriculum.growth import Reliable, Spread

NEAR = 1e-6
RATING = some.integers(10, 50).map(lambda tenths: tenths / 10)
PAIRS = some.lists(some.tuples(RATING, RATING), min_size=3, max_size=40)
# Five people on a scale of 1 to 5. Before: mean 2.3, Σ of squares 0.88. Changes 1.0 0.6 0.0 1.8 1.2: mean 0.92.
FIVE = [(2.0, 3.0), (2.5, 3.1), (3.0, 3.0), (2.2, 4.0), (1.8, 3.0)]


def numbers(figure):
    return [one for one in vars(figure).values() if isinstance(one, float)]


# --- Means ------------------------------------------------------------------------------------------


def test_mean_and_spread_are_of_those_who_answered():
    assert growth.spread([2.0, None, 4.0]) == Spread(2, 3, 3.0, pytest.approx(sqrt(2)))


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ([], Spread(0, 0, None, None, Why.NOBODY)),
        ([None, None], Spread(0, 2, None, None, Why.NOBODY)),
        ([3.5], Spread(1, 1, 3.5, None, Why.ONE)),
        ([0.1, 0.1, 0.1], Spread(3, 3, pytest.approx(0.1), 0.0)),
    ],
)
def test_without_people_or_without_spread_it_is_said(given_, found):
    assert growth.spread(given_) == found


@settings(max_examples=60)
@given(pairs=PAIRS)
def test_the_mean_change_and_its_interval_are_scipys(pairs):
    import numpy
    from scipy import stats

    found = growth.mean_change(pairs)
    changes = numpy.array([after for _before, after in pairs]) - numpy.array([before for before, _after in pairs])

    assert found.value == pytest.approx(changes.mean(), abs=NEAR)
    if changes.std() < 1e-9:
        assert (found.low, found.high, found.why) == (None, None, Why.SAME_CHANGE)
    else:
        low, high = stats.t.interval(0.95, len(pairs) - 1, loc=changes.mean(), scale=stats.sem(changes))
        assert (found.low, found.high) == (pytest.approx(low, abs=NEAR), pytest.approx(high, abs=NEAR))


# --- In spreads of the beginning ----------------------------------------------------------------------


@pytest.mark.parametrize(("n", "c"), [(5, 0.798), (8, 0.888), (10, 0.914), (12, 0.930), (20, 0.960)])
def test_the_correction_is_the_table_of_the_literature(n, c):
    assert round(growth.correction(n - 1), 3) == c


def test_it_is_what_one_gets_by_hand():
    """c(4) = √(2/4) · Γ(2) / Γ(1.5) = 0.797885; SD_pre = √(0.88/4) = 0.469042; g = 0.797885 · 0.92 / 0.469042."""
    found = growth.standardised_change(FIVE)

    assert (found.n, found.of, found.value) == (5, 5, pytest.approx(1.565008, abs=NEAR))


@settings(max_examples=60)
@given(pairs=PAIRS)
def test_its_interval_is_the_one_scipy_finds_from_the_noncentral_t(pairs):
    import numpy
    from scipy import optimize, special, stats

    before, after = (numpy.array(side) for side in zip(*pairs, strict=True))
    found, changes, n = growth.standardised_change(pairs), after - before, len(pairs)
    if before.std() < 1e-9:
        assert found == Figure(n, n, why=Why.SAME_START)
        return
    exact = sqrt(2 / (n - 1)) * special.gamma((n - 1) / 2) / special.gamma((n - 2) / 2)
    assert found.value == pytest.approx(exact * changes.mean() / before.std(ddof=1), abs=NEAR)
    if changes.std() < 1e-9:
        assert (found.low, found.high, found.why) == (None, None, Why.SAME_CHANGE)
        return
    t, one = stats.ttest_rel(after, before).statistic, changes.std(ddof=1) / before.std(ddof=1) / sqrt(n)
    assume(abs(t) < 15)  # SciPy's own gives up far out
    for end, below in ((found.low, 0.975), (found.high, 0.025)):
        near = end / one
        shift = optimize.brentq(lambda at, below=below: stats.nct.cdf(t, n - 1, at) - below, near - 0.5, near + 0.5)
        assert end == pytest.approx(one * shift, rel=NEAR, abs=NEAR)


@settings(max_examples=100)
@given(pairs=PAIRS)
def test_it_holds_zero_exactly_where_the_paired_t_test_finds_nothing(pairs):
    from scipy import stats

    found = growth.standardised_change(pairs)
    if found.low is None:
        return
    p = stats.ttest_rel([after for _before, after in pairs], [before for before, _after in pairs]).pvalue
    if abs(p - 0.05) > 1e-6:
        assert (found.low <= 0 <= found.high) == (p > 0.05)


def test_in_the_long_run_it_holds_the_truth_in_95_of_100():
    """Eight people, δ = 0.8, and an end more spread than the beginning: what few people and life look like."""
    import numpy

    chance = numpy.random.default_rng(7)
    covariance = [[1, 0.6], [0.6, 1.44]]
    found = [
        growth.standardised_change([tuple(row) for row in chance.multivariate_normal([0, 0.8], covariance, 8)])
        for _ in range(200)
    ]

    assert 0.92 <= sum(one.low <= 0.8 <= one.high for one in found) / 200 <= 0.98


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([], Figure(0, 0, why=Why.NOBODY)),
        ([(2.0, None), (None, 3.0)], Figure(0, 2, why=Why.NOBODY)),
        ([(2.0, 3.0)], Figure(1, 1, why=Why.TOO_FEW)),
        ([(2.0, 3.0), (2.5, 3.0), (2.0, None)], Figure(2, 3, why=Why.TOO_FEW)),
        ([(2.0, 3.0), (2.0, 3.5), (2.0, 2.0)], Figure(3, 3, why=Why.SAME_START)),
        ([(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)], Figure(3, 3, pytest.approx(0.5641895835), why=Why.SAME_CHANGE)),
    ],
)
def test_where_there_is_no_number_it_says_why(pairs, found):
    assert growth.standardised_change(pairs) == found


@given(pairs=some.lists(some.tuples(some.none() | RATING, some.none() | RATING), max_size=12))
def test_nothing_is_ever_not_a_number(pairs):
    figures = [
        growth.standardised_change(pairs),
        growth.mean_change(pairs),
        growth.spread([one for one, _other in pairs]),
    ]

    for found in figures:
        assert not any(isnan(one) for one in numbers(found))
    for found in figures[:2]:
        assert bool(found.why) == (found.low is None)
        assert found.n <= found.of == len(pairs)


# --- Reliable change ----------------------------------------------------------------------------------


def test_on_a_scale_of_five_only_about_a_full_level_counts():
    assert round(growth.threshold(0.8, 0.8), 2) == 0.99


def test_up_none_and_down_are_counted_at_every_assumed_reliability():
    """SD of 1, 2, 3 is 1: thresholds 1.96 · √2 · √(1 - r) = 1.518, 1.240, 0.877."""
    pairs = [(1.0, 3.0), (2.0, 3.3), (3.0, 2.0), (2.0, None)]

    found = [growth.reliable(pairs, one) for one in growth.RELIABILITIES]

    assert found == [
        Reliable(3, 4, 0.7, pytest.approx(1.518182, abs=NEAR), 1, 2, 0),
        Reliable(3, 4, 0.8, pytest.approx(1.239590, abs=NEAR), 2, 1, 0),
        Reliable(3, 4, 0.9, pytest.approx(0.876523, abs=NEAR), 2, 0, 1),
    ]


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([], Why.NOBODY),
        ([(None, 3.0)], Why.NOBODY),
        ([(2.0, 3.0)], Why.ONE),
        ([(2.0, 3.0), (2.0, 1.0)], Why.SAME_START),
    ],
)
def test_without_a_spread_no_change_is_called_reliable(pairs, why):
    found = growth.reliable(pairs)

    assert (found.threshold, found.up, found.none, found.down, found.why) == (None, None, None, None, why)


@given(pairs=PAIRS)
def test_everybody_is_counted_once_and_turning_time_round_turns_the_counts(pairs):
    found = growth.reliable(pairs)
    if found.up is None:
        return
    shifted = growth.reliable([(before, 2 * before - after) for before, after in pairs])

    assert found.up + found.none + found.down == found.n == len(pairs)
    assert (shifted.up, shifted.none, shifted.down) == (found.down, found.none, found.up)


# --- Goals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "weights", "t"),
    [
        ([0, 0, 0], None, 50),
        ([1, 1, 1, 1], None, 64.509525),
        ([-2], None, 30),
        ([1, -1], [2, 1], 50 + 10 / sqrt(0.7 * 5 + 0.3 * 9)),
    ],
)
def test_goal_attainment_is_50_where_all_is_as_expected(levels, weights, t):

    assert growth.goal_attainment(levels, weights).value == pytest.approx(t, abs=NEAR)


def test_goals_that_are_none_or_not_levels_have_no_t():
    assert growth.goal_attainment([]) == Figure(0, 0, why=Why.NO_GOALS)
    for wrong in (([3], None), ([1], [0]), ([1, 1], [1])):
        with pytest.raises(ValueError):
            growth.goal_attainment(*wrong)


@pytest.mark.parametrize("asked", [lambda: growth.correction(1), lambda: growth.threshold(1, 1.1)])
def test_what_has_no_answer_is_refused(asked):
    with pytest.raises(ValueError):
        asked()
