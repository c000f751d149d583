"""The share of people to whom something happened by a time, where not everybody is followed as long.

**Kaplan and Meier** (Journal of the American Statistical Association 53, 1958, 457-481): with d_i of n_i still followed
moving at time t_i, the share not moved by t is S(t) = Π (1 - d_i/n_i) over t_i ≤ t. Whoever was last heard of at t_i is
followed up to and including it, so counts in n_i.

**The interval** is log-log (J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data, 1980)
with the variance of M. Greenwood (1926), V = Σ d_i / (n_i (n_i - d_i)):

    S(t) ^ exp(± z · √V / ln S(t))

which stays between 0 and 1 however few there are. Everything is told as what has moved, 1 - S. Times are in any unit,
as long as it is one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt

from .figures import Figure, Why, Z


@dataclass(frozen=True)
class Step:
    """One time at which somebody moved, or was heard of last: `left` of them. `moved` is the share by then."""

    time: float
    followed: int
    events: int
    left: int
    moved: Figure


@dataclass(frozen=True)
class Curve:
    """The whole estimate: `n` people, `events` of whom moved."""

    n: int
    events: int
    steps: tuple[Step, ...]
    times: tuple[float, ...]

    def at(self, time: float) -> Figure:
        """The share moved by a time, of those still followed then; none where nobody is, unless all have moved."""
        reached = [step.moved for step in self.steps if step.time <= time] or [_share_moved(1.0, 0.0, self.n, self.n)]
        followed = self.followed(time)
        if followed or (self.n and reached[-1].value == 1):
            return replace(reached[-1], n=followed)
        return Figure(0, self.n, why=Why.NOBODY_FOLLOWED if self.n else Why.NOBODY)

    def followed(self, time: float) -> int:
        """How many are still followed then: have not moved before, and were heard of then or later."""
        return sum(one >= time for one in self.times)


def kaplan_meier(people: Sequence[tuple[float, bool]]) -> Curve:
    """Each person as the time they moved, True, or were heard of last, False. ValueError for a time before 0."""
    if any(time < 0 for time, _moved in people):
        raise ValueError("nobody is followed for less than no time")
    events, left = (Counter(time for time, moved in people if moved is which) for which in (True, False))
    stayed, variance, followed, steps = 1.0, 0.0, len(people), []
    for time in sorted({*events, *left}):
        still = followed - events[time]
        stayed *= still / followed
        variance += events[time] / (followed * still) if still else 0.0
        moved = _share_moved(stayed, variance, followed, len(people))
        steps.append(Step(time, followed, events[time], left[time], moved))
        followed = still - left[time]
    return Curve(len(people), events.total(), tuple(steps), tuple(time for time, _moved in people))


def _share_moved(stayed: float, variance: float, followed: int, of: int) -> Figure:
    if stayed in (0, 1):
        return Figure(followed, of, 1 - stayed, why=Why.NO_MOVE_YET if stayed else Why.ALL_MOVED)
    apart = exp(Z * sqrt(variance) / log(stayed))
    return Figure(followed, of, 1 - stayed, 1 - stayed**apart, 1 - stayed ** (1 / apart))
