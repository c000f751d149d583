"""Who stands behind what: for each measure of a report that is shown to some and not to others, everybody’s part.

Denominators, what was handed in and how long feedback took are numbers admins see of every client anyway; a sponsor is
told them only where they are of enough people, and so is everything else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from . import Report, parts
from .change import Change
from .parts import ASKED, BACK, COMPLETERS, ENROLLED, MEAN, MIDPOINT, STARTED, Measure, Part
from .people import Who
from .ratings import Rated

SPONSOR = "sponsor"
STATES = (STARTED, "completed", "under_way", "on_hold", "withdrawn", "transferred")
DONE = "done"
Alone = Mapping[int, Report]


def measures(whole: Report, alone: Alone, *, audience: str) -> dict[str, Measure]:
    """Every measure of a report that is shown to some and not to others, by its key, with everybody's part in it."""
    found = dict(_changes(whole, alone))
    for one in whole.practice:
        found[week_key(one)] = parts.of_whole({who: _by_key(theirs.practice, one) for who, theirs in alone.items()})
    for key, of in (("taken_up", _taken_up), ("agreement", _agreement), ("goals", _goals), ("promotions", _moved)):
        found[key] = parts.of_whole({who: of(theirs) for who, theirs in alone.items()})
    return found | (_for_sponsors(whole, alone) if audience == SPONSOR else {})


def _changes(whole: Report, alone: Alone) -> Iterator[tuple[str, Measure]]:
    theirs = {who: changes_of(one) for who, one in alone.items()}
    for key, one in changes_of(whole).items():
        yield key, parts.of_change(one, {who: mine[key] for who, mine in theirs.items() if key in mine})
    for rated in whole.rated:
        key = f"rated.{rated.own.key}.own"
        own = {who: mine for who, one in alone.items() for mine in one.rated if mine.own.key == rated.own.key}
        yield key, _with_lines(parts.of_change(rated.own, {who: one.own for who, one in own.items()}), own)


def _with_lines(measure: Measure, own: Mapping[int, Rated]) -> Measure:
    """With what else is said of a competency: of those who completed, in the middle, and looking back."""
    found = {who: replace(part, sums={**part.sums, **_further(part, own[who])}) for who, part in measure.parts.items()}
    late = {who: Part(None, sums) for who, one in own.items() if who not in found and (sums := _further(Part(), one))}
    return replace(measure, sums=(*measure.sums, COMPLETERS, MIDPOINT, BACK), parts=found | late)


def _further(part: Part, one: Rated) -> dict[str, Mapping[str, int]]:
    sums: dict[str, Mapping[str, int]] = {}
    if one.completers.n:
        sums[COMPLETERS] = part.sums[MEAN]
    for name, spread in ((MIDPOINT, one.midpoint), (BACK, one.seen_from_now)):
        if spread.mean is not None:
            sums[name] = {parts.column(name, spread.mean): 1}
    return sums


def changes_of(report: Report) -> dict[str, Change]:
    """Every change of a report, by the key of its measure."""
    found = {f"rated.{one.own.key}.own": one.own for one in report.rated}
    found |= {f"rated.{one.own.key}.coach": one.coach for one in report.rated}
    found |= {f"observed.{one.key}": one for one in report.observed.criteria}
    found |= {f"pulse.{one.key}": one for one in report.pulse}
    return found | {f"levels.{one.key}": one for one in report.work.levels}


def week_key(one: Any) -> str:
    return f"practice.{one.week}"


def _by_key(rows: Any, one: Any) -> Any:
    return next((row for row in rows if row.week == one.week), None)


def _taken_up(one: Report) -> Any:
    return one.work.taken_up if one.work.taken_up.asked else None


def _agreement(one: Report) -> Any:
    return one.observed.agreement if one.observed.agreement.n else None


def _goals(one: Report) -> Any:
    return one.goals if one.goals.n else None


def _moved(one: Report) -> Any:
    return one.promotions if one.promotions.followed else None


def _for_sponsors(whole: Report, alone: Alone) -> dict[str, Measure]:
    states = {who: {name: getattr(one.who, name) for name in STATES} for who, one in alone.items()}
    found = {"who": parts.of_states(STATES, ENROLLED, states)}
    for there in whole.who.data:
        has = {who: {DONE: _data(one.who, there.key)} for who, one in alone.items()}
        found[f"data.{there.key}"] = parts.of_states((DONE,), ENROLLED, has)
    for piece in whole.work.handed_in:
        asked = {who: {DONE: int(mine.done == mine.share.n)} for who, mine in _pieces(alone, piece)}
        found[piece_key(piece)] = parts.of_states((DONE,), ASKED, asked)
    waits = {who: one.work.turnaround if one.work.turnaround.reviews else None for who, one in alone.items()}
    return found | {"turnaround": parts.of_whole(waits)}


def piece_key(one: Any) -> str:
    return f"handed_in.{one.week}.{one.role}"


def _pieces(alone: Alone, piece: Any) -> Iterator[tuple[int, Any]]:
    for who, one in alone.items():
        yield from ((who, mine) for mine in one.work.handed_in if piece_key(mine) == piece_key(piece))


def _data(who: Who, key: str) -> int:
    return next(one.n for one in who.data if one.key == key)
