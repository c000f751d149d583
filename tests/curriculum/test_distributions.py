"""Student's t beside SciPy's, central and not."""

from math import isnan

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from curriculum import distributions

NEAR = 1e-6
DEGREES = some.integers(1, 300)


@given(t=some.floats(-60, 60), df=DEGREES)
def test_the_central_one_is_scipys(t, df):
    from scipy import stats

    assert distributions.t_below(t, df) == pytest.approx(stats.t.cdf(t, df), abs=NEAR)


@given(t=some.floats(-20, 20), df=some.integers(1, 100), shift=some.floats(-20, 20))
def test_the_shifted_one_is_scipys(t, df, shift):
    from scipy import stats

    theirs = stats.nct.cdf(t, df, shift)
    assume(not isnan(theirs))  # SciPy's own gives up far out

    assert distributions.t_below(t, df, shift) == pytest.approx(theirs, abs=NEAR)


@pytest.mark.parametrize(("df", "t"), [(1, 12.7062047362), (7, 2.3646242516), (11, 2.2009851601), (25, 2.0595385528)])
def test_the_table_every_book_has(df, t):
    assert distributions.t_quantile(0.975, df) == pytest.approx(t, abs=NEAR)


@settings(max_examples=50)
@given(below=some.floats(0.001, 0.999), df=DEGREES)
def test_a_quantile_is_scipys(below, df):
    from scipy import stats

    assert distributions.t_quantile(below, df) == pytest.approx(stats.t.ppf(below, df), rel=NEAR, abs=NEAR)


@settings(max_examples=50)
@given(t=some.floats(-15, 15), df=some.integers(2, 60), below=some.sampled_from([0.025, 0.5, 0.975]))
def test_the_shift_under_which_a_t_is_so_likely_is_found(t, df, below):
    shift = distributions.shift_under(t, df, below)

    assert distributions.t_below(t, df, shift) == pytest.approx(below, abs=NEAR)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: distributions.t_below(1, 0),
        lambda: distributions.t_quantile(0, 5),
        lambda: distributions.t_quantile(1, 5),
    ],
)
def test_what_has_no_answer_is_refused(asked):
    with pytest.raises(ValueError):
        asked()
