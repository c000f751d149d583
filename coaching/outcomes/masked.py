"""A report as a snapshot may show it: what `showing` leaves of it, and of that what is safe beside earlier ones."""

from collections.abc import Mapping
from dataclasses import replace

from curriculum.figures import Count, Figure, Why
from curriculum.growth import Reliable, Spread

from ..agreement import Agreement
from . import Report, parts, showing, words
from .behind import DONE, SPONSOR, STATES, piece_key, week_key
from .change import Change
from .few import FELL, ROSE, SAME
from .observed import Observed
from .parts import ASKED, BACK, COMPLETERS, DETAIL, ENROLLED, MEAN, MIDPOINT, PRE, WHOLE
from .people import There, Who
from .practice import WeekOfPractice
from .promotions import Promotions
from .ratings import Rated
from .released import Released
from .words import Told
from .work import HandedIn, TakenUp, Turnaround, Work

WAYS = ("up", "none", "down")
HIDDEN = (Why.TOO_FEW_TO_SHOW,)
NOT_TOLD = Turnaround(0, None, None, 0, None)


def of(whole: Report, found: Mapping[str, Released], *, least: int, audience: str) -> Report:
    """The report with what is not released left out, and its sentences written from what is left."""
    sponsor = audience == SPONSOR
    mask, shown = _Mask(found, sponsor), showing.shown(whole, least=least, coded=sponsor)
    left = replace(
        shown,
        who=mask.who(whole.who) if sponsor else shown.who,
        rated=tuple(map(mask.rated, whole.rated, shown.rated)),
        observed=mask.observed(whole.observed, shown.observed),
        work=mask.work(whole.work, shown.work),
        practice=tuple(map(mask.week, shown.practice)),
        promotions=mask.promotions(shown.promotions),
        pulse=tuple(
            mask.change(f"pulse.{one.key}", one, other) for one, other in zip(whole.pulse, shown.pulse, strict=True)
        ),
        goals=mask.figure(shown.goals, mask.has("goals", WHOLE)),
    )
    return replace(left, told=_told(left))


def _told(left: Report) -> Told:
    """The sentences. Where how many are in it is not told, no sentence says it."""
    who = left.who
    if None not in (who.enrolled, who.started, who.completed, who.withdrawn, *(one.n for one in who.data)):
        return words.of(who, left.rated, left.observed, left.work, left.promotions)
    none = Who(0, 0, 0, 0, 0, 0, 0, (), tuple(replace(one, n=0) for one in who.data))
    return replace(words.of(none, left.rated, left.observed, left.work, left.promotions), who="")


class _Mask:
    """What was released; a sponsor is told no denominator of what is hidden either."""

    def __init__(self, found: Mapping[str, Released], sponsor: bool):
        self.found, self.sponsor = found, sponsor

    def has(self, key: str, name: str) -> bool:
        return key in self.found and name in self.found[key].sums

    # --- Numbers ---

    def figure(self, one: Figure, is_shown: bool) -> Figure:
        """Without its value where it is not shown; what has none says why by itself."""
        if is_shown and one.why not in HIDDEN:
            return replace(one, of=one.n) if self.sponsor else one
        n, of = (0, 0) if self.sponsor else (one.n, one.of)
        return Figure(n, of, why=Why.TOO_FEW_TO_SHOW if one.n else one.why)

    def spread(self, one: Spread, is_shown: bool) -> Spread:
        if is_shown and one.why not in HIDDEN:
            return replace(one, of=one.n) if self.sponsor else one
        n, of = (0, 0) if self.sponsor else (one.n, one.of)
        return Spread(n, of, None, None, Why.TOO_FEW_TO_SHOW if one.n else one.why)

    def count(self, whole: Count, name: str, got: Released) -> Count:
        """Exactly, between two ends, or not told."""
        return whole if name in got.shown else got.coded.get(name)

    def reliable(self, whole: Reliable, got: Released, is_shown: bool) -> Reliable:
        if whole.threshold is None:
            n, of = (0, 0) if self.sponsor and not is_shown else (whole.n, whole.n if self.sponsor else whole.of)
            return replace(whole, n=n, of=of, why=whole.why if is_shown or not whole.n else Why.TOO_FEW_TO_SHOW)
        up, none, down = (self.count(getattr(whole, way), parts.at(whole.reliability, way), got) for way in WAYS)
        n, of = (0, 0) if self.sponsor and not is_shown else (whole.n, whole.n if self.sponsor else whole.of)
        why = Why.TOO_FEW_TO_SHOW if up is none is down is None else ""
        return Reliable(n, of, whole.reliability, whole.threshold if is_shown else None, up, none, down, why)

    # --- What they stand in ---

    def change(self, key: str, whole: Change, shown: Change) -> Change:
        got = self.found.get(key, Released())
        means, spreads = MEAN in got.sums, {MEAN, PRE} <= got.sums
        return replace(
            shown,
            before=self.spread(shown.before, spreads),
            after=self.spread(shown.after, spreads),
            mean=self.figure(shown.mean, means),
            standardised=self.figure(shown.standardised, spreads),
            reliable=tuple(self.reliable(row, got, spreads) for row in whole.reliable),
            rose=self.count(whole.rose, ROSE, got),
            same=self.count(whole.same, SAME, got),
            fell=self.count(whole.fell, FELL, got),
            lines=shown.lines if DETAIL in got.sums else (),
        )

    def rated(self, whole: Rated, shown: Rated) -> Rated:
        key = f"rated.{whole.own.key}.own"
        completers = self.has(key, COMPLETERS) and (not self.has(key, DETAIL) or whole.completers.n == whole.own.mean.n)
        everybody = self.has(key, MEAN) and not (self.sponsor and whole.carried)
        return replace(
            shown,
            own=self.change(key, whole.own, shown.own),
            coach=self.change(f"rated.{whole.coach.key}.coach", whole.coach, shown.coach),
            midpoint=self.spread(shown.midpoint, self.has(key, MIDPOINT)),
            seen_from_now=self.spread(shown.seen_from_now, self.has(key, BACK)),
            everybody=self.figure(shown.everybody, everybody),
            carried=0 if self.sponsor else whole.carried,
            completers=self.figure(shown.completers, completers),
        )

    def observed(self, whole: Observed, shown: Observed) -> Observed:
        criteria = tuple(
            self.change(f"observed.{one.key}", one, other)
            for one, other in zip(whole.criteria, shown.criteria, strict=True)
        )
        return Observed(criteria, shown.agreement if self.has("agreement", WHOLE) else Agreement(0, 0, None))

    def work(self, whole: Work, shown: Work) -> Work:
        pairs = zip(whole.levels, shown.levels, strict=True)
        return Work(
            turnaround=shown.turnaround if not self.sponsor or self.has("turnaround", DETAIL) else NOT_TOLD,
            handed_in=tuple(piece for piece in shown.handed_in if not self.sponsor or self._is_open(piece)),
            taken_up=shown.taken_up if self.has("taken_up", DETAIL) else self._taken_up(whole.taken_up),
            levels=tuple(self.change(f"levels.{one.key}", one, other) for one, other in pairs),
        )

    def _is_open(self, piece: HandedIn) -> bool:
        """Exactly, or as the range `showing` tells it by itself."""
        got, both = self.found.get(piece_key(piece), Released()), {DONE, f"not {DONE}"}
        if ASKED not in got.shown:
            return False
        return both <= got.shown or (piece.share.value is None and both <= {*got.shown, *got.coded})

    def _taken_up(self, whole: TakenUp) -> TakenUp:
        share = self.figure(whole.share, is_shown=False)
        asked, people = (0, 0) if self.sponsor else (whole.asked, whole.people)
        return TakenUp(asked, None, None, None, share, people)

    def week(self, shown: WeekOfPractice) -> WeekOfPractice:
        if self.has(week_key(shown), DETAIL):
            return shown
        led, corrected = (self.figure(one, is_shown=False) for one in (shown.led, shown.corrected))
        meetings, people = (0, 0) if self.sponsor else (shown.meetings, shown.people)
        return WeekOfPractice(shown.week, meetings, people, None, None, None, led, corrected)

    def who(self, one: Who) -> Who:
        got = self.found["who"]
        told = {name: getattr(one, name) if name in got.shown else None for name in (ENROLLED, *STATES)}
        data = tuple(replace(there, n=there.n if self._has(there) else None) for there in one.data)
        return replace(one, **told, reasons=(), data=data)

    def _has(self, there: There) -> bool:
        return DONE in self.found[f"data.{there.key}"].shown

    def promotions(self, shown: Promotions) -> Promotions:
        """Without the moves where they are not shown; a sponsor is told how many only beside them."""
        if self.has("promotions", DETAIL) and isinstance(shown.moved, int):
            return shown
        year = self.figure(shown.year, is_shown=False)
        left = replace(shown, moved=None, proofs=(), steps=(), followed_at=(), year=year, heard=())
        return replace(left, graduates=0, agreed=0, followed=0, unanswered=0) if self.sponsor else left
