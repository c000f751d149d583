"""Shares of people with their interval, and what share would have moved anyway.

**Wilson's interval** (E. B. Wilson, Journal of the American Statistical Association 22, 1927, 209-212), for `part` of
`whole`, with p = part/whole and z = 1.96:

    (p + z²/2n ± z · √(p(1-p)/n + z²/4n²)) / (1 + z²/n)

It never leaves 0 to 1 and still says something where nobody, or everybody, did.

**The base rate** is 8.9 % a year: the share of workers promoted in 2018 among 13 million in the United States (ADP
Research Institute, 2019). They are not engineers, and not yours: say so beside the number. Over t weeks it comes to

    1 - (1 - 0.089)^(t/52)
"""

from math import sqrt

from .figures import Figure, Why, Z

PROMOTED_A_YEAR = 0.089
WEEKS_A_YEAR = 52


def wilson(part: int, whole: int) -> Figure:
    """A share between 0 and 1. ValueError where there are more than all, or fewer than none."""
    if not 0 <= part <= whole:
        raise ValueError("a share is of none to all")
    if not whole:
        return Figure(0, 0, why=Why.NOBODY)
    p, more = part / whole, Z**2 / whole
    middle, half = p + more / 2, Z * sqrt(p * (1 - p) / whole + more / (4 * whole))
    low = (middle - half) / (1 + more) if part else 0.0
    high = (middle + half) / (1 + more) if part < whole else 1.0
    return Figure(whole, whole, p, low, high)


def base_rate(weeks: float, a_year: float = PROMOTED_A_YEAR) -> float:
    """The share promoted over so many weeks without any programme. ValueError for a time before now."""
    if weeks < 0 or not 0 <= a_year < 1:
        raise ValueError("a base rate is a share a year, over a time that is not negative")
    return 1 - (1 - a_year) ** (weeks / WEEKS_A_YEAR)
