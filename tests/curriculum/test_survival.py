"""Kaplan and Meier's estimate: by hand, beside SciPy and statsmodels, and where it has no interval."""

from warnings import catch_warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from curriculum.figures import Figure, Why
from curriculum.survival import kaplan_meier

NEAR = 1e-6
MONTHS = (0, 3, 6, 9, 12)
# 26 alumni: four last heard of at 3 months, moves at 4, 6, 9.5 and 11, six more last heard of at 6, twelve at 12.
ALUMNI = [(3, False)] * 4 + [(4, True), (6, True)] + [(6, False)] * 6 + [(9.5, True), (11, True)] + [(12, False)] * 12
PEOPLE = some.lists(
    some.tuples(some.integers(0, 24).map(lambda half: half / 2), some.booleans()), min_size=1, max_size=40
)


def test_four_of_26_are_22_per_cent_and_anything_from_9_to_50_fits():
    """21/22 · 20/21 · 13/14 · 12/13 = 0.779 have not moved."""
    curve = kaplan_meier(ALUMNI)
    found = curve.at(12)

    assert (curve.n, curve.events, found.n) == (26, 4, 12)
    assert found.value == pytest.approx(1 - 20 / 22 * 12 / 14, abs=NEAR)
    assert [round(100 * one) for one in (found.value, found.low, found.high)] == [22, 9, 50]


def test_who_is_still_followed_is_counted_month_by_month():
    assert [kaplan_meier(ALUMNI).followed(month) for month in MONTHS] == [26, 26, 21, 14, 12]


def test_who_moved_on_the_day_another_was_last_heard_of_moved_before_them():
    step = kaplan_meier([(6, False), (6, True), (8, False)]).steps[0]

    assert (step.followed, step.events, step.left, step.moved.value) == (3, 1, 1, pytest.approx(1 / 3))


@given(people=PEOPLE)
def test_it_is_scipys_with_its_log_log_interval(people):
    from scipy import stats

    assume(any(moved for _time, moved in people))
    sample = stats.CensoredData(
        uncensored=[time for time, moved in people if moved], right=[time for time, moved in people if not moved]
    )
    theirs = stats.ecdf(sample).sf
    steps = {step.time: step.moved for step in kaplan_meier(people).steps}

    for time, stayed in zip(theirs.quantiles, theirs.probabilities, strict=True):
        assert steps[time].value == pytest.approx(1 - stayed, abs=NEAR)
    if not any(one.value == 1 for one in steps.values()):
        with catch_warnings(action="ignore"):  # that there is none before the first move
            ends = theirs.confidence_interval(0.95, method="log-log")
        for time, low, high in zip(theirs.quantiles, ends.low.probabilities, ends.high.probabilities, strict=True):
            if steps[time].low is not None:
                assert steps[time].low == pytest.approx(1 - high, abs=NEAR)
                assert steps[time].high == pytest.approx(1 - low, abs=NEAR)


@given(people=PEOPLE)
def test_it_is_statsmodels_with_who_is_followed(people):
    from statsmodels.duration.survfunc import SurvfuncRight

    assume(any(moved for _time, moved in people))
    theirs = SurvfuncRight([time for time, _moved in people], [int(moved) for _time, moved in people])
    steps = {step.time: step for step in kaplan_meier(people).steps if step.events}

    assert sorted(steps) == list(theirs.surv_times)
    for time, stayed, followed, events in zip(
        theirs.surv_times, theirs.surv_prob, theirs.n_risk, theirs.n_events, strict=True
    ):
        found = steps[time]
        assert (found.moved.value, found.followed, found.events) == (
            pytest.approx(1 - stayed, abs=NEAR),
            followed,
            events,
        )


@given(people=PEOPLE)
def test_it_only_rises_stays_within_its_interval_and_is_never_not_a_number(people):
    curve = kaplan_meier(people)
    shares = [step.moved for step in curve.steps]

    assert [one.value for one in shares] == sorted(one.value for one in shares)
    for one in shares:
        assert (one.low is None) == bool(one.why)
        assert one.why or 0 <= one.low <= one.value <= one.high <= 1
    assert sum(step.events + step.left for step in curve.steps) == curve.n == len(people)


@pytest.mark.parametrize(
    ("people", "month", "found"),
    [
        ([], 12, Figure(0, 0, why=Why.NOBODY)),
        ([(3, False)], 2, Figure(1, 1, 0.0, why=Why.NO_MOVE_YET)),
        ([(3, False)], 4, Figure(0, 1, why=Why.NOBODY_FOLLOWED)),
        ([(3, True), (3, True)], 12, Figure(0, 2, 1.0, why=Why.ALL_MOVED)),
        ([(3, True), (5, False)], 6, Figure(0, 2, why=Why.NOBODY_FOLLOWED)),
    ],
)
def test_where_there_is_no_number_or_no_interval_it_says_why(people, month, found):
    assert kaplan_meier(people).at(month) == found


def test_nobody_is_followed_for_less_than_no_time():
    with pytest.raises(ValueError):
        kaplan_meier([(-1, True)])
