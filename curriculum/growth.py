"""How far people moved between two times: in points, in spreads of where they began, and beyond what may be noise.

A pair is one person's number before and after, or None where there is none; only pairs with both count. Every figure
says how many those are, of how many.

**Standardised mean change** (B. J. Becker, British Journal of Mathematical and Statistical Psychology 41, 1988,
257-278; S. B. Morris, Organizational Research Methods 11, 2008, 364-386), in standard deviations of the beginning:

    g = c(n-1) · (M_post - M_pre) / SD_pre        c(m) = √(2/m) · Γ(m/2) / Γ((m-1)/2)

where c takes out the bias of few people, exactly and not by its usual approximation.

**Its interval** (J. Algina and H. J. Keselman, Educational and Psychological Measurement 63, 2003, 537-553): the paired
t = √n · (M_post - M_pre) / SD_diff has a noncentral t distribution whose noncentrality is δ · √n · SD_pre / SD_diff.
The two noncentralities under which a t at least as far up, or down, has 2.5 % are found, and turned back into δ by
SD_diff / (SD_pre · √n). So it holds zero exactly where the paired t test at 5 % finds nothing. It is for δ itself, and
not for g; what is neither normal nor a sample of anybody it cannot mend.

**Reliable change** (N. S. Jacobson and P. Truax, Journal of Consulting and Clinical Psychology 59, 1991, 12-19): a
person changed reliably where |after - before| ≥ 1.96 · S_diff, with S_diff = √2 · SD_pre · √(1 - r), r the reliability
of the measure. Variants are debated (G. H. Maassen, JINS 10, 2004, 888-893); this is the one of 1991.

**Goal attainment** (T. J. Kiresuk and R. E. Sherman, Community Mental Health Journal 4, 1968, 443-453):

    T = 50 + 10 · Σ w·x / √((1 - ρ) · Σ w² + ρ · (Σ w)²)        x from -2 to +2, ρ = 0.3

so that 50 is everything as expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, sqrt
from statistics import fmean, stdev

from .distributions import shift_under, t_quantile
from .figures import CONFIDENCE, Count, Figure, Why, Z

LEAST = 3  # complete pairs: with two the correction of the bias is 0
RELIABILITY = 0.80  # assumed of a self rating; shown beside the two others
RELIABILITIES = (0.70, RELIABILITY, 0.90)
GOALS_GO_TOGETHER = 0.3
SAME = 1e-9  # what is less apart is the same number, written by a computer

Pair = tuple[float | None, float | None]


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (with n - 1) of the numbers there are, in their own unit."""

    n: int
    of: int
    mean: float | None
    sd: float | None
    why: str = ""


@dataclass(frozen=True)
class Reliable:
    """How many rose, stayed and fell by `threshold` or more, the least that is beyond noise at this reliability."""

    n: int
    of: int
    reliability: float
    threshold: float | None = None
    up: Count = None
    none: Count = None
    down: Count = None
    why: str = ""


def spread(numbers: Sequence[float | None]) -> Spread:
    """Mean and SD. Of nobody there is neither, of one person no SD."""
    found = [one for one in numbers if one is not None]
    if not found:
        return Spread(0, len(numbers), None, None, Why.NOBODY)
    if len(found) == 1:
        return Spread(1, len(numbers), found[0], None, Why.ONE)
    apart = stdev(found)
    return Spread(len(found), len(numbers), fmean(found), 0.0 if apart < SAME else apart)


def complete(pairs: Sequence[Pair]) -> list[tuple[float, float]]:
    """The pairs with both numbers."""
    return [(before, after) for before, after in pairs if before is not None and after is not None]


def mean_change(pairs: Sequence[Pair]) -> Figure:
    """The mean of after - before, in points, between M ± t(n-1) · SD_diff / √n."""
    changes = [after - before for before, after in complete(pairs)]
    found = spread(changes)
    if found.mean is None or found.sd is None:
        return Figure(found.n, len(pairs), found.mean, why=found.why)
    if not found.sd:
        return Figure(found.n, len(pairs), found.mean, why=Why.SAME_CHANGE)
    half = t_quantile((1 + CONFIDENCE) / 2, found.n - 1) * found.sd / sqrt(found.n)
    return Figure(found.n, len(pairs), found.mean, found.mean - half, found.mean + half)


def correction(m: int) -> float:
    """c(m): what a standardised difference of m degrees of freedom is multiplied by. ValueError below 2."""
    if m < 2:
        raise ValueError("there is no correction for fewer than two degrees of freedom")
    return sqrt(2 / m) * exp(lgamma(m / 2) - lgamma((m - 1) / 2))


def standardised_change(pairs: Sequence[Pair]) -> Figure:
    """g, in standard deviations of the beginning, with its interval."""
    both = complete(pairs)
    n, of = len(both), len(pairs)
    if n < LEAST:
        return Figure(n, of, why=Why.TOO_FEW if n else Why.NOBODY)
    began, moved = spread([before for before, _after in both]), spread([after - before for before, after in both])
    if not began.sd:
        return Figure(n, of, why=Why.SAME_START)
    g = correction(n - 1) * moved.mean / began.sd
    if not moved.sd:
        return Figure(n, of, g, why=Why.SAME_CHANGE)
    one, beyond = moved.sd / (began.sd * sqrt(n)), (1 - CONFIDENCE) / 2
    t = sqrt(n) * moved.mean / moved.sd
    return Figure(n, of, g, one * shift_under(t, n - 1, 1 - beyond), one * shift_under(t, n - 1, beyond))


def threshold(sd: float, reliability: float = RELIABILITY) -> float:
    """The least change that is reliable, in points. ValueError where the reliability is no share."""
    if not 0 <= reliability <= 1:
        raise ValueError("a reliability lies between 0 and 1")
    return Z * sqrt(2) * sd * sqrt(1 - reliability)


def reliable(pairs: Sequence[Pair], reliability: float = RELIABILITY) -> Reliable:
    """How many changed reliably, by the spread this group began with."""
    both = complete(pairs)
    began = spread([before for before, _after in both])
    if not began.sd:
        why = began.why or Why.SAME_START
        return Reliable(began.n, len(pairs), reliability, why=why)
    least = threshold(began.sd, reliability)
    up = sum(after - before >= least - SAME for before, after in both)
    down = sum(before - after >= least - SAME for before, after in both)
    return Reliable(began.n, len(pairs), reliability, least, up, began.n - up - down, down)


def goal_attainment(levels: Sequence[int], weights: Sequence[float] | None = None) -> Figure:
    """T of one person's goals, each from -2 (much less than expected) to +2; alike where no weights are given."""
    if not levels:
        return Figure(0, 0, why=Why.NO_GOALS)
    given = list(weights or [1.0] * len(levels))
    if len(given) != len(levels) or min(given) <= 0 or not all(-2 <= one <= 2 for one in levels):
        raise ValueError("a goal has a level from -2 to 2, and a weight above 0")
    apart = (1 - GOALS_GO_TOGETHER) * sum(one**2 for one in given) + GOALS_GO_TOGETHER * sum(given) ** 2
    weighed = sum(weight * level for weight, level in zip(given, levels, strict=True))
    return Figure(len(levels), len(levels), 50 + 10 * weighed / sqrt(apart))
