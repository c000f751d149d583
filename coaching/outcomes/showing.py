"""A whole report as somebody may read it: what is too few taken out, and the sentences written anew from the rest.

`Guard` says what of one part of everybody may be told beside all the other parts there are to choose; without one, the
report is the only one there is of its people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import Report, few, promotions, words
from .change import Change, Line
from .observed import Observed
from .people import Who
from .practice import WeekOfPractice
from .promotions import Promotions
from .ratings import Rated
from .work import HandedIn, TakenUp, Turnaround, Work

MEETINGS = 15  # of a week, to be read as a trend
FOLLOWED = 10  # people, for a curve


@dataclass(frozen=True)
class Guard:
    """`closed` are the keys of numbers that stay shut here. `counts` says whether people are counted by what they did
    or said: such counts are of everybody alone, as two of them could differ by one person. `lines` are those of the
    finest parts that may be told apart, by key; None: of everybody here together."""

    closed: frozenset[str] = frozenset()
    counts: bool = True
    lines: Mapping[str, Sequence[Sequence[Line]]] | None = field(default=None)


NOBODY_ELSE = Guard()


def shown(report: Report, *, least: int, coded: bool = False, guard: Guard = NOBODY_ELSE) -> Report:
    """The same report with what may be shown. ValueError for one that was shown already."""
    if report.least:
        raise ValueError("what may be shown of a report is asked of the whole report")
    sieve = _Sieve(least, coded, guard)
    found = replace(
        report,
        least=least,
        who=sieve.who(report.who),
        rated=tuple(map(sieve.rated, report.rated)),
        observed=sieve.observed(report.observed),
        work=sieve.work(report.work),
        practice=tuple(map(sieve.week, report.practice)),
        promotions=sieve.promotions(report.promotions),
        pulse=tuple(sieve.change("pulse", one) for one in report.pulse),
    )
    told = words.of(found.who, found.rated, found.observed, found.work, found.promotions, failed=found.failed)
    return replace(found, told=told)


@dataclass(frozen=True)
class _Sieve:
    least: int
    coded: bool
    guard: Guard

    def is_closed(self, key: str) -> bool:
        return key in self.guard.closed

    def who(self, who: Who) -> Who:
        """Denominators stay. A reason is told where as many gave it."""
        reasons = who.reasons if self.guard.counts else ()
        return replace(who, reasons=tuple((reason, n) for reason, n in reasons if n >= self.least))

    def change(self, kind: str, one: Change) -> Change:
        key = f"{kind}:{one.key}"
        found = few.changed(
            one, least=self.least, coded=self.coded, closed=self.is_closed(key), counts=self.guard.counts
        )
        if found.lines and self.guard.lines is not None:
            groups = self.guard.lines.get(key, ())
            return replace(found, lines=tuple(line for group in groups for line in few.merged(group, least=self.least)))
        return found

    def rated(self, one: Rated) -> Rated:
        own = self.change("own", one.own)
        is_shut = own.mean.value is None
        return replace(
            one,
            own=own,
            midpoint=few.spread(one.midpoint, least=self.least, closed=self.is_closed(f"mid:{own.key}")),
            seen_from_now=few.spread(one.seen_from_now, least=self.least, closed=self.is_closed(f"then:{own.key}")),
            everybody=few.figure(one.everybody, least=self.least, closed=is_shut),
            completers=few.figure(one.completers, least=self.least, closed=is_shut or self._tells_apart(one)),
            coach=self.change("coach", one.coach),
        )

    def _tells_apart(self, one: Rated) -> bool:
        """Whether those who have both and did not complete are few, or could be by looking at another part."""
        apart = one.own.mean.n - one.completers.n
        return apart != 0 and (apart < self.least or not self.guard.counts)

    def observed(self, seen: Observed) -> Observed:
        criteria = tuple(self.change("observed", one) for one in seen.criteria)
        is_open = any(one.mean.value is not None for one in criteria)
        return Observed(criteria, seen.agreement if is_open else replace(seen.agreement, kappa=None))

    def work(self, work: Work) -> Work:
        return replace(
            work,
            turnaround=self.turnaround(work.turnaround),
            handed_in=tuple(map(self.handed_in, work.handed_in)),
            taken_up=self.taken_up(work.taken_up),
            levels=tuple(self.change("levels", one) for one in work.levels),
        )

    def turnaround(self, one: Turnaround) -> Turnaround:
        if one.people >= self.least and not self.is_closed("turnaround"):
            return one
        return replace(one, median=None, over_promise=None, oldest=None, bins=())

    def handed_in(self, one: HandedIn) -> HandedIn:
        closed = self.is_closed(f"{one.role}:{one.week}")
        done, share = few.share(one.done, one.share, least=self.least, coded=self.coded, closed=closed)
        return replace(one, done=done, share=share)

    def taken_up(self, one: TakenUp) -> TakenUp:
        if one.people >= self.least and not self.is_closed("taken up"):
            return one
        return replace(one, yes=None, partly=None, no=None, share=few.figure(one.share, least=one.share.n + 1))

    def week(self, one: WeekOfPractice) -> WeekOfPractice:
        closed = one.people < self.least or one.meetings < MEETINGS or self.is_closed(f"practice:{one.week}")
        if not closed:
            return replace(one, corrected=few.figure(one.corrected, least=self.least))
        led, corrected = (few.figure(share, least=0, closed=True) for share in (one.led, one.corrected))
        return replace(one, spoke=None, low=None, high=None, led=led, corrected=corrected)

    def promotions(self, one: Promotions) -> Promotions:
        """Nothing of fewer than ten, and no curve where those who moved, or did not, are few."""
        stayed = one.followed - sum(moved for _month, moved in one.heard)
        told = few.parts({"moved": one.followed - stayed, "stayed": stayed}, least=self.least, coded=self.coded)
        is_open = one.followed >= max(FOLLOWED, self.least) and self.guard.counts
        moved = told.get("moved") if is_open else None
        known = few.parts({row.key: few.exact(row.n) for row in one.proofs}, least=self.least) if moved else {}
        proofs = tuple(replace(row, n=known.get(row.key)) for row in one.proofs)
        kept = replace(one, moved=moved, heard=(), proofs=proofs)
        if isinstance(moved, int):
            return replace(kept, **self.curve(one))
        return replace(kept, steps=(), followed_at=(), year=few.figure(one.year, least=0, closed=True))

    def curve(self, one: Promotions) -> dict[str, Any]:
        """The steps that may be shown, and what it comes to at twelve months."""
        steps, later = few.stairs(one.heard, least=self.least)
        by_then = [step.moved for step in steps if step.time <= promotions.YEAR]
        year = later.at(promotions.YEAR)
        is_known = year.value is not None and by_then
        return {
            "steps": steps,
            "followed_at": promotions.followed_at(later),
            "year": replace(by_then[-1], n=year.n) if is_known else year,
        }
