"""Student's t, central and not, by the standard library alone.

T = (Z + shift) / S, with Z standard normal and S² an independent chi-square divided by its `df` degrees of freedom, so

    P(T ≤ t) = E[Φ(t·S - shift)]

(N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 2, 2nd edition, 1995, chapter 31).
The expectation is an integral over u = log S by the trapezoidal rule. What is integrated is smooth and dies away at
both ends, where that rule gains digits faster than by any power of the step (L. N. Trefethen and J. A. C. Weideman,
SIAM Review 56, 2014, 385-458): the error is below 1e-10.
"""

from collections.abc import Callable
from functools import lru_cache
from math import erfc, exp, lgamma, log, sqrt

NEGLIGIBLE = 40  # e^-40 of the largest value
HALVINGS = 200  # at most; it ends as soon as nothing lies between


def t_below(t: float, df: int, shift: float = 0.0) -> float:
    """How likely a value of t or less is. `shift` is the noncentrality; ValueError for less than one `df`."""
    if df < 1:
        raise ValueError("Student's t has at least one degree of freedom")
    step = 1 / (4 * sqrt(df) + 3 * abs(shift) + 8)
    return sum(weight * erfc((shift - t * spread) / sqrt(2)) / 2 for spread, weight in _spreads(df, step))


@lru_cache(maxsize=64)
def _spreads(df: int, step: float) -> tuple[tuple[float, float], ...]:
    """Values of S and how much each weighs."""
    begin, end = -(NEGLIGIBLE / df + sqrt(NEGLIGIBLE / df)), log(1 + 10 / sqrt(df))
    height = log(2) + df / 2 * log(df / 2) - lgamma(df / 2) + log(step)
    places = (begin + number * step for number in range(int((end - begin) / step) + 1))
    return tuple((exp(u), exp(height + df * u - df * exp(2 * u) / 2)) for u in places)


def t_quantile(below: float, df: int) -> float:
    """The t that a share `below` of all values lies under; ValueError unless that is strictly between 0 and 1."""
    if not 0 < below < 1:
        raise ValueError("a quantile is asked for a share between 0 and 1")
    return _crossing(lambda t: t_below(t, df) - below, 0.0)


def shift_under(t: float, df: int, below: float) -> float:
    """The noncentrality under which t or less is just so likely: the end of an interval for it."""
    return _crossing(lambda shift: below - t_below(t, df, shift), t)


def _crossing(rising: Callable[[float], float], near: float) -> float:
    """Where a rising function is zero, looked for from a place near it."""
    low, high = near - 1.0, near + 1.0
    while rising(low) > 0:
        low = near - 2 * (near - low)
    while rising(high) < 0:
        high = near + 2 * (high - near)
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
