"""A report in sentences, by rule: the finding as a title, what to know, how to hold it, what is to be decided, and
what none of it shows.

Numbers are told with how many people they come from. Denominators are numbers for admins; what a few people said is
never told by how many they are. No sentence says that the programme is why: there is no one to compare with, so nobody
can know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from curriculum import growth
from curriculum.shares import PROMOTED_A_YEAR

from .. import agreement
from .change import Change
from .observed import Observed
from .people import BOTH, Who
from .promotions import Promotions
from .ratings import Rated
from .work import Work

FEW = 30  # people; fewer are a small group
ALIKE = 0.3  # points, as they are told: changes less apart are alike, and a smaller one is little
NUMBERS = {3: gettext_lazy("three"), 4: gettext_lazy("four"), 5: gettext_lazy("five"), 6: gettext_lazy("six")}
NOISE = 0.5  # points on a scale of five, of a mean
THINNER = 0.1  # of those who were asked, from one week to the next
LATE = 0.05  # of all reviews


@dataclass(frozen=True)
class Told:
    """`title` is the finding; `know`, `feel` and `decide` are its block, `limits` the paragraph at the end."""

    title: str
    who: str
    know: tuple[str, ...]
    feel: tuple[str, ...]
    decide: tuple[str, ...]
    limits: tuple[str, ...]


def of(
    who: Who,
    rated: tuple[Rated, ...],
    seen: Observed,
    work: Work,
    promotions: Promotions,
    *,
    failed: Sequence[str] = (),
) -> Told:
    """Everything that is said in words. Of what failed nothing is said but that."""
    if "rated" in failed:
        told = of(who, rated, seen, work, promotions)
        return replace(told, title=_("The ratings could not be read this time"), know=(), feel=())
    ranked = sorted((one for one in rated if one.own.mean.value is not None), key=_moved)
    return Told(
        title=_too_few(rated) if rated and not ranked else title(ranked),
        who=_who(who),
        know=tuple(_know(ranked)) if ranked or not rated else (_too_few(rated) + ".",),
        feel=tuple(_feel(ranked, seen)),
        decide=(*_decide(who, ranked), *_to_look_at(work, promotions))
        or (_("No decision needed from these numbers."),),
        limits=tuple(_limits(who, rated, seen)),
    )


def _too_few(rated: tuple[Rated, ...]) -> str:
    """The title where some have both ratings, and too few to tell of them."""
    has_both = any(one.own.mean.n for one in rated)
    return _("Too few to say how far they came") if has_both else title([])


def _moved(one: Rated) -> float:
    """To one decimal, as it is told: what looks the same is the same."""
    return round(one.own.mean.value or 0.0, 1)


def title(ranked: list[Rated]) -> str:
    """The finding: the largest and the smallest change, by name, where they are apart and anything has moved; `ranked`
    has the smallest first."""
    if not ranked:
        return _("Nobody has rated themselves before and after yet")
    least, most = ranked[0], max(ranked, key=_moved)
    high, low = _moved(most), _moved(least)
    if max(abs(high), abs(low)) < ALIKE:
        return _("Little has moved yet")
    if least is most:
        return _("%(name)s moved by %(points)s") % {"name": most.own.name, "points": signed(high)}
    if round(high - low, 1) < ALIKE:
        return _alike(len(ranked), fell=high <= 0)
    return _apart(high, low) % {"most": most.own.name, "least": _inside(least.own.name)}


def _alike(n: int, *, fell: bool) -> str:
    if n == 2:
        return _("Both fell about alike") if fell else _("Both moved about alike")
    told = {"n": NUMBERS.get(n, n)}
    return _("All %(n)s fell about alike") % told if fell else _("All %(n)s moved about alike") % told


def _apart(high: float, low: float) -> str:
    if high <= 0:
        return _("Nothing rose; %(least)s fell most")
    if high < ALIKE:
        return _("Little rose, and %(least)s fell")
    return _("%(most)s moved most, %(least)s fell") if low < 0 else _("%(most)s moved most, %(least)s least")


def signed(points: float) -> str:
    """A change as it is written: +1.1, 0.0, −0.3."""
    return f"{points:+.1f}".replace("-", "−") if round(points, 1) else "0.0"


def _inside(name: str) -> str:
    """A name within a sentence."""
    return name[:1].lower() + name[1:]


def _who(who: Who) -> str:
    said = _(
        "%(enrolled)s enrolled, %(started)s started, %(completed)s completed, %(both)s rated themselves both times."
    )
    return said % {"enrolled": who.enrolled, "started": who.started, "completed": who.completed, "both": _both(who)}


def _both(who: Who) -> int:
    return next(one.n for one in who.data if one.key == BOTH)


# --- Know, feel, decide -------------------------------------------------------------------------------


def _know(ranked: list[Rated]):
    if not ranked:
        yield _("There is no change to tell of yet.")
        return
    most, least = max(ranked, key=_moved), ranked[0]
    yield _way(_moved(most)) % {"name": _inside(most.own.name), "points": f"{abs(_moved(most)):.1f}"}
    if least is not most and _moved(least) != _moved(most):
        yield _("%(name)s changed by %(points)s.") % {"name": least.own.name, "points": signed(_moved(least))}
    coach = [one for one in ranked if one.coach.mean.value is not None]
    if len(coach) == len(ranked) > 1:
        same = _ends(coach, lambda one: one.own) == _ends(coach, lambda one: one.coach)
        yield _("Coaches see the same two at the ends.") if same else _("Coaches see others at the ends.")


def _way(points: float) -> str:
    if points > 0:
        return _("On a five-point scale, clients rate their %(name)s %(points)s points higher than in week 0.")
    if points < 0:
        return _("On a five-point scale, clients rate their %(name)s %(points)s points lower than in week 0.")
    return _("On a five-point scale, clients rate their %(name)s as in week 0.")


def _ends(rated: list[Rated], side) -> tuple[str, str]:
    """Which moved most and least, as one side sees it."""

    def moved(one: Rated) -> float:
        found: Change = side(one)
        return round(found.mean.value or 0.0, 1)

    return max(rated, key=moved).own.key, min(rated, key=moved).own.key


def _feel(ranked: list[Rated], seen: Observed):
    n = max((one.own.mean.n for one in ranked), default=0)
    if not n:
        yield _("It is too early to feel one way or the other.")
        return
    small = ngettext("%(n)s person", "%(n)s people", n) % {"n": n}
    kind = _("a small group: %(people)s") if n < FEW else _("%(people)s")
    yield _("A result from %(group)s, own ratings, no comparison group.") % {"group": kind % {"people": small}}
    yield _("Treat differences under half a point as noise.")
    if any(one.own.fell for one in ranked if isinstance(one.own.fell, int)):
        yield _("Some ratings fell: conversations to have, not failures.")
    if not seen.criteria:
        yield _("Nobody has read early and late texts blind yet, so none of this was observed from outside.")


def _decide(who: Who, ranked: list[Rated]):
    if len(ranked) > 1 and _moved(max(ranked, key=_moved)) - _moved(ranked[0]) >= NOISE:
        yield _("To decide before the next edition: does %(name)s get more room?") % {
            "name": _inside(ranked[0].own.name)
        }
    if who.completed > _both(who):
        yield _("To ask for: both ratings of those who completed without them.")


def _to_look_at(work: Work, promotions: Promotions):
    """A week in which less comes in than in the one before, feedback that comes late, graduates who do not answer."""
    mains = [
        (one.week, one.share.value) for one in work.handed_in if one.role == "main" and one.share.value is not None
    ]
    drops = [(before - now, week) for (_week, before), (week, now) in pairwise(mains) if before - now > THINNER]
    if drops:
        yield _("To look at: week %(week)s, where fewer handed in than the week before.") % {"week": max(drops)[1]}
    took = work.turnaround
    if took.over_promise and took.over_promise > LATE * took.reviews:
        yield _("To talk about with coaches: %(late)s of %(all)s reviews came after the promise.") % {
            "late": took.over_promise,
            "all": took.reviews,
        }
    if promotions.unanswered:
        yield ngettext(
            "To ask once more: %(n)s graduate whose last check-in is unanswered.",
            "To ask once more: %(n)s graduates whose last check-in is unanswered.",
            promotions.unanswered,
        ) % {"n": promotions.unanswered}


# --- Limits -------------------------------------------------------------------------------------------


def _limits(who: Who, rated: tuple[Rated, ...], seen: Observed):
    yield _("Nobody was left out by chance to compare with, so what would have come anyway cannot be told apart.")
    yield _("People rate themselves, and whoever learns what good looks like rates the same behaviour lower.")
    yield from _of_missing(who, rated)
    yield _of_readers(seen)
    low, mid, high = growth.RELIABILITIES
    yield _(
        "A change is called reliable by an assumed reliability of %(mid).2f; beside it stand %(low).2f and %(high).2f."
    ) % {"low": low, "mid": mid, "high": high}
    yield _(
        "Any promotion has a base rate of %(rate).1f %% a year among workers in the United States, who are not "
        "engineers and not these people."
    ) % {"rate": 100 * PROMOTED_A_YEAR}


def _of_missing(who: Who, rated: tuple[Rated, ...]):
    both = _both(who)
    if who.started > both:
        yield _(
            "%(both)s of the %(started)s who started rated themselves both times; of the others nothing is known."
        ) % {
            "started": who.started,
            "both": both,
        }
    if any(one.carried for one in rated):
        yield _("Counting everybody who began, whoever has no end counts as unchanged.")
    if who.withdrawn or who.transferred:
        yield _("Whoever left on the way stays in every denominator.")


def _of_readers(seen: Observed) -> str:
    kappa = seen.agreement.kappa
    if kappa is None:
        return _("How far two blind readers agree is not known yet.")
    if kappa < agreement.GOOD:
        return _("Two blind readers agree to %(kappa).2f, below 0.60: a developing instrument.") % {"kappa": kappa}
    return _("Two blind readers agree to %(kappa).2f, over %(n)s levels.") % {"kappa": kappa, "n": seen.agreement.n}
