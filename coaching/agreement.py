"""How far two raters agree, as one number and in words. Plain arithmetic; knows no row.

Weighted kappa with quadratic weights: J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled
disagreement or partial credit", Psychological Bulletin 70 (1968), 213-220, with the weights of J. L. Fleiss and
J. Cohen, Educational and Psychological Measurement 33 (1973), 613-619:

    kappa = 1 - sum(w_ij * o_ij) / sum(w_ij * e_ij),    w_ij = (i - j)^2

where o_ij is the share of things one rater gave level i and the other level j, and e_ij that share if both kept how
often they give each level and gave them without looking.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

GOOD = 0.6  # from here on a measure may be published; below it is still being developed
SOME = 0.2
FEW = 30  # levels; with fewer the number jumps with every pair


@dataclass(frozen=True)
class Agreement:
    """`n` levels were given twice, in `pairs` pairs. `kappa` None: it cannot be told from these."""

    n: int
    pairs: int
    kappa: float | None

    @property
    def words(self) -> str:
        """What the number means, in plain words."""
        if not self.n:
            return _("No pair has been read by two coaches yet.")
        if self.kappa is None:
            return _("Both gave the same one level to everything, so agreement cannot be told from chance.")
        few = _("These are few levels: the next pair can change it.") if self.n < FEW else ""
        return f"{_meaning(self.kappa)} {few}".strip()


def _meaning(kappa: float) -> str:
    if kappa >= GOOD:
        return _("Two coaches who know neither client nor week read the same: their levels can be compared.")
    if kappa >= SOME:
        return _("Two coaches agree more than by chance, and too little to rest on one of them: read twice.")
    return _("Two coaches agree hardly more than by chance: talk about the anchors before these levels mean anything.")


def of(given: Sequence[tuple[int, int]], *, pairs: int) -> Agreement:
    """`given` has for each thing the level of one rater and the level of the other."""
    return Agreement(len(given), pairs, weighted_kappa(given))


def weighted_kappa(given: Sequence[tuple[int, int]]) -> float | None:
    """1 where both always say the same, 0 where they agree as by chance, below it where less; None where it has no
    meaning: nothing was rated, or one level was given by both throughout."""
    n = len(given)
    ones, others = Counter(one for one, _other in given), Counter(other for _one, other in given)
    by_chance = sum((i - j) ** 2 * ones[i] * others[j] for i in ones for j in others)
    if not by_chance:
        return None
    return 1 - n * sum((one - other) ** 2 for one, other in given) / by_chance
