"""Weighted kappa: by hand, by its other formula, and what has to hold of it whatever was given."""

from statistics import fmean, pvariance

import pytest
from hypothesis import given as each
from hypothesis import strategies as some

from coaching import agreement
from coaching.agreement import weighted_kappa

LEVELS = some.lists(some.tuples(some.integers(1, 4), some.integers(1, 4)), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("given", "kappa"),
    [
        ([(1, 1), (2, 2), (3, 3), (4, 4)], 1),
        # Σ w·o = 1; by chance 2·3·1 + 2·1·1 = 8; 1 − 4·1/8. With two levels it is Cohen's own: (0.75 − 0.5) / 0.5.
        ([(1, 1), (1, 2), (2, 2), (2, 2)], 0.5),
        # Turned round: 9 + 1 + 1 + 9 = 20; by chance 40 of 16; 1 − 4·20/40.
        ([(1, 4), (2, 3), (3, 2), (4, 1)], -1),
        # One apart three times: 3; by chance (1+4+9+9) + (0+1+4+4) + (1+0+1+1) + (4+1+0+0) = 40; 1 − 4·3/40.
        ([(1, 2), (2, 3), (3, 4), (4, 4)], 0.7),
        # Nothing to do with one another: 10; by chance 4·10; 1 − 4·10/40.
        ([(1, 2), (2, 4), (3, 1), (4, 3)], 0),
        ([], None),
        ([(3, 3), (3, 3)], None),
        ([(2, 3), (2, 3)], 0),
    ],
)
def test_it_is_what_one_gets_by_hand(given, kappa):
    assert weighted_kappa(given) == (kappa if kappa is None else pytest.approx(kappa))


@each(LEVELS)
def test_it_is_the_concordance_of_the_two_lists(given):
    """With quadratic weights kappa is 2·cov / (var + var + (difference of means)²): Fleiss and Cohen, 1973."""
    ones, others = [one for one, _other in given], [other for _one, other in given]
    apart = fmean(ones) - fmean(others)
    below = pvariance(ones) + pvariance(others) + apart**2
    shared = fmean(one * other for one, other in given) - fmean(ones) * fmean(others)

    found = weighted_kappa(given)

    assert found is None if below < 1e-12 else found == pytest.approx(2 * shared / below, abs=1e-9)


@each(LEVELS)
def test_it_does_not_matter_who_is_named_first_nor_which_end_is_the_good_one(given):
    found = weighted_kappa(given)

    assert weighted_kappa([(other, one) for one, other in given]) == pytest.approx(found)
    assert weighted_kappa([(5 - one, 5 - other) for one, other in given]) == pytest.approx(found)


@each(LEVELS)
def test_it_is_never_above_one_and_one_only_where_all_is_the_same(given):
    found = weighted_kappa(given)

    if found is not None:
        assert found <= 1
        assert (found == 1) == all(one == other for one, other in given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "No pair has been read by two coaches yet."),
        ([(3, 3)] * 40, "Both gave the same one level to everything, so agreement cannot be told from chance."),
        (
            [(1, 1), (2, 2), (3, 3), (4, 4)] * 10,
            "Two coaches who know neither client nor week read the same: their levels can be compared.",
        ),
        (
            [(1, 1), (1, 2), (2, 2), (2, 2)],
            "Two coaches agree more than by chance, and too little to rest on one of them: read twice. "
            "These are few levels: the next pair can change it.",
        ),
        (
            [(1, 4), (2, 3), (3, 2), (4, 1)] * 10,
            "Two coaches agree hardly more than by chance: talk about the anchors before these levels mean anything.",
        ),
    ],
)
def test_it_is_said_in_plain_words(given, words):
    assert agreement.of(given, pairs=1).words == words


@each(LEVELS)
def test_it_is_statsmodels_with_quadratic_weights(given):
    import numpy
    from statsmodels.stats.inter_rater import cohens_kappa

    table = numpy.zeros((4, 4))
    for one, other in given:
        table[one - 1, other - 1] += 1

    found = weighted_kappa(given)
    if found is not None:
        assert found == pytest.approx(cohens_kappa(table, wt="quadratic", return_results=False), abs=1e-6)
