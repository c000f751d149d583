"""One measure before and after, said in every way a report needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from curriculum import growth
from curriculum.figures import Count, Figure
from curriculum.growth import Pair, Reliable, Spread


@dataclass(frozen=True)
class Line:
    """From where to where, as the mean of so many people."""

    before: float
    after: float
    people: int = 1


@dataclass(frozen=True)
class Change:
    """Of those who have both: `mean` in points, `standardised` in spreads of the beginning, `reliable` at each assumed
    reliability, `lines` from the one that fell most to the one that rose most. `before` and `after` are of whoever has
    one of the two."""

    key: str
    name: str
    before: Spread
    after: Spread
    mean: Figure
    standardised: Figure
    reliable: tuple[Reliable, ...]
    rose: Count
    same: Count
    fell: Count
    lines: tuple[Line, ...] = ()


def of(key: str, name: str, pairs: Sequence[Pair]) -> Change:
    """From one pair a person; None where one of the two is missing."""
    apart = [after - before for before, after in growth.complete(pairs)]
    rose, fell = sum(one > growth.SAME for one in apart), sum(one < -growth.SAME for one in apart)
    return Change(
        key=key,
        name=name,
        before=growth.spread([before for before, _after in pairs]),
        after=growth.spread([after for _before, after in pairs]),
        mean=growth.mean_change(pairs),
        standardised=growth.standardised_change(pairs),
        reliable=tuple(growth.reliable(pairs, one) for one in growth.RELIABILITIES),
        rose=rose,
        same=len(apart) - rose - fell,
        fell=fell,
        lines=tuple(Line(*pair) for pair in sorted(growth.complete(pairs), key=lambda pair: (pair[1] - pair[0], pair))),
    )
