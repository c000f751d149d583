"""Who stands behind each number of a report: everybody's part in it, read from a report of them alone.

The same code that counts all of them counts each of them, so no number has people behind it who are not in here. A part
has a *group*, the finest the number of all is told by, and *sums*: what a mean adds up of this person, by column. A
column is one of their numbers and a mark of what it is, so that whoever changed an answer is seen to have changed it
and nobody reads the answer here. DETAIL stands for what is finer than any mean, such as the lines of a figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.crypto import salted_hmac

from curriculum import growth

from .change import Change
from .few import FELL, ROSE, SAME, N

MARK = 12  # characters that tell one answer from another
MEAN, PRE = "mean", "before"
COMPLETERS, MIDPOINT, BACK, WHOLE, DETAIL = "completers", "midpoint", "then", "whole", "detail"
ENROLLED, STARTED, NOT_STARTED, ASKED = "enrolled", "started", "not started", "asked"
Sums = Mapping[str, Mapping[str, int]]  # by name: column → how often it is added


@dataclass(frozen=True)
class Part:
    """One person's: the group they are in, None where they are in no count; and what is added up of them."""

    group: str | None = None
    sums: Sums = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """What is told of some people: `groups` the finest, `wanted` which of them each number counts, `among` of which
    number a share is told; `sums` the means, the most important first; `parts` by enrolment. `month_of` is the cohort
    of what sponsors are told each month."""

    groups: tuple[str, ...] = ()
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    among: Mapping[str, str] = field(default_factory=dict)
    sums: tuple[str, ...] = ()
    parts: Mapping[int, Part] = field(default_factory=dict)
    month_of: int | None = None


def mark(value: object) -> str:
    """Tells one answer from another, and not which it is."""
    return salted_hmac("coaching.outcomes.parts", repr(value)).hexdigest()[:MARK]


def column(name: str, value: object) -> str:
    return f"{name} {mark(value)}"


# --- Before and after ---------------------------------------------------------------------------------


def of_change(whole: Change, alone: Mapping[int, Change]) -> Measure:
    """Of one change: how many rose, stayed and fell, also beyond noise, and the means."""
    limits = [row.threshold for row in whole.reliable if row.threshold is not None]
    rose, fell = steps(ROSE, len(limits)), steps(FELL, len(limits))
    groups = (SAME, *rose, *fell)
    wanted: dict[str, tuple[str, ...]] = {N: groups, ROSE: rose, SAME: (SAME,), FELL: fell}
    for place, row in enumerate((row for row in whole.reliable if row.threshold is not None), start=1):
        beyond = (*rose[:place], *fell[:place])
        wanted |= {at(row.reliability, "up"): rose[:place], at(row.reliability, "down"): fell[:place]}
        wanted[at(row.reliability, "none")] = tuple(one for one in groups if one not in beyond)
    parts = {who: part for who, one in alone.items() if (part := _part(one, limits))}
    return Measure(groups, wanted, {name: N for name in wanted if name != N}, (MEAN, PRE, DETAIL), parts)


def steps(side: str, limits: int) -> tuple[str, ...]:
    """Beyond noise at the lowest reliability, only at the next, and at none."""
    return tuple(f"{side} {place}" for place in range(limits + 1))


def at(reliability: float, way: str) -> str:
    """The name of a number of reliable change."""
    return f"{way} at {reliability:.2f}"


def _part(alone: Change, limits: list[float]) -> Part | None:
    """Of somebody who has both; there is no part in it for whoever has one."""
    before, after = alone.before.mean, alone.after.mean
    if before is None or after is None:
        return None
    began, ended = column("before", before), column("after", after)
    sums = {MEAN: {began: -1, ended: 1}, PRE: {began: 1}, DETAIL: {began: 1, ended: 1}}
    return Part(_group(after - before, limits), sums)


def _group(apart: float, limits: list[float]) -> str:
    if abs(apart) <= growth.SAME:
        return SAME
    short_of = sum(abs(apart) < limit - growth.SAME for limit in limits)
    return f"{ROSE if apart > 0 else FELL} {short_of}"


# --- What is shown as a whole, or not at all -----------------------------------------------------------


def of_whole(alone: Mapping[int, object]) -> Measure:
    """Of numbers that are only shown together: `alone` is everybody's own, None where they have none."""
    marks = {who: {column(WHOLE, one): 1} for who, one in alone.items() if one is not None}
    parts = {who: Part(None, dict.fromkeys((WHOLE, DETAIL), one)) for who, one in marks.items()}
    return Measure(sums=(WHOLE, DETAIL), parts=parts)


def of_states(names: tuple[str, ...], whole: str, alone: Mapping[int, Mapping[str, int]]) -> Measure:
    """Of counts of people in some states at once; all of them, and whoever is not in one, are told of too."""
    groups = {who: " ".join(name for name in names if states[name]) or "none" for who, states in alone.items()}
    finest = tuple(dict.fromkeys((*groups.values(), *names, "none")))
    wanted = {name: tuple(one for one in finest if name in one.split()) for name in names}
    others = {f"not {name}": tuple(one for one in finest if name not in one.split()) for name in names}
    parts = {who: Part(group) for who, group in groups.items()}
    among = dict.fromkeys((*wanted, *others), whole)
    return Measure(finest, {whole: finest, **wanted, **others}, among, parts=parts)
