"""A whole report of outcomes of made-up people, for what draws and hides: no row stands behind it."""

from datetime import UTC, datetime
from random import Random

from coaching import agreement, outcomes
from coaching.outcomes import change, methods, promotions, words
from coaching.outcomes.observed import Observed
from coaching.outcomes.people import BOTH, There, Who
from coaching.outcomes.practice import WeekOfPractice
from coaching.outcomes.promotions import Promotions, Proof
from coaching.outcomes.ratings import Rated
from coaching.outcomes.work import HandedIn, TakenUp, Turnaround, Work
from curriculum import growth, shares

AT = datetime(2026, 12, 18, 10, tzinfo=UTC)
SCALE = {
    "stakeholder": ("Stakeholder communication", 2.7, 2.2, 3.8, 2.1, 3.6),
    "influence": ("Cross-functional influence", 2.4, 2.1, 3.1, 2.0, 2.8),
    "presence": ("Meeting leadership presence", 2.3, 2.0, 3.5, 1.9, 3.3),
    "upward": ("Upward communication", 2.6, 2.0, 3.9, 2.0, 3.7),
}
BINS = (18, 41, 57, 49, 38, 31, 24, 21, 17, 13, 9, 6, 4, 2, 1, 1, 0)
HEARD = ((4.0, True), (6.0, True), (6.0, True), (9.0, True), (9.0, True), (11.0, True)) + ((3.0, False),) * 4 + ((6.0, False),) * 6 + ((12.0, False),) * 10  # fmt: skip
COURSE = {
    "main": (31, 30, 30, 29, 27, 28, 26, 26, 25),
    "translation": (29, 28, 27, 28, 25, 24, 24, 23, 25),
    "log": (30, None, None, None, None, 24, 22, 22, 20),
    "session": (31, 29, 30, 26, 28, 27, 22, 25, 27),
}


def pairs(random, n, before, after):
    """So many people around two means, on the scale."""
    began = [min(4.6, max(1.2, random.gauss(before, 0.55))) for _person in range(n)]
    ended = [min(5.0, max(1.2, one + random.gauss(after - before, 0.75))) for one in began]
    return [(round(one * 5) / 5, round(other * 5) / 5) for one, other in zip(began, ended, strict=True)]


def rated(n=26):
    random = Random(11)
    return tuple(_rated(random, n, key, *row) for key, row in SCALE.items())


def _rated(random, n, key, name, before, then, after, start, end):
    own = pairs(random, n, before, after)
    return Rated(
        own=change.of(key, name, own),
        midpoint=growth.spread([one for one, _other in own]),
        seen_from_now=growth.spread([then + 0.2 * (place % 3 - 1) for place in range(n)]),
        everybody=growth.mean_change([*own, *[(2.0, 2.0)] * 2]),
        carried=2,
        completers=growth.mean_change(own),
        coach=change.of(key, name, pairs(random, n, start, end)),
    )


def work(people=31):
    handed_in = [
        HandedIn(week, role, shares.wilson(done, people), done)
        for role, course in COURSE.items()
        for week, done in enumerate(min(one, people) if one is not None else None for one in course)
        if done is not None
    ]
    took = Turnaround(sum(BINS), 23.6, 8, 3, 40.0, BINS, people)
    return Work(took, tuple(handed_in), TakenUp(100, 60, 25, 15, shares.wilson(60, 100), people), ())


def practice(people=26):
    rows = zip((0, 3, 4, 5, 6, 7, 8), (24, 38, 46, 53, 57, 61, 64), ((1, 0.5, 2), (2, 1, 3), (2, 1, 3), (2.5, 2, 4), (3, 2, 4), (3, 2, 4), (3, 2, 5)), (12, 18, 37, 41, 44, 47, 52), strict=True)  # fmt: skip
    return tuple(
        WeekOfPractice(week, 100, people, *spoke, shares.wilson(led, 100), shares.wilson(corrected, 100))
        for week, led, spoke, corrected in rows
    )


def moves(heard=HEARD):
    moved = sum(one for _month, one in heard)
    proofs = tuple(Proof(key, key, moved if key == "seen" else 0) for key in ("told", "seen", "confirmed"))
    return Promotions(28, 27, len(heard), moved, proofs, **promotions.curve_of(heard), base=shares.base_rate(52), unanswered=6, heard=heard)  # fmt: skip


def report(n=26, **changes):
    """Whole: nothing is hidden."""
    data = (There("a0", "own rating, week 0", n + 2), There(BOTH, "own rating, weeks 0 and 8", n))
    who = Who(31, 31, 28, 0, 0, 3, 0, (("New employer", 2), ("no reason given", 1)), data)
    found = {
        "at": AT,
        "who": who,
        "rated": rated(n),
        "observed": Observed((), agreement.of([], pairs=0)),
        "work": work(),
        "practice": practice(),
        "promotions": moves(),
        "goals": growth.goal_attainment(()),
        "methods": methods._formulas(),
    } | changes
    told = words.of(*(found[name] for name in ("who", "rated", "observed", "work", "promotions")))
    return outcomes.Report(told=told, **found)
