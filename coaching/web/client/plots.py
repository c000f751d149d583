"""Where the points of a small plot lie, in percent of its width, and what it says in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients.assessments import Distance, Score

LOWEST, HIGHEST = 1, 5
NOISE = 0.5  # a change of less than half a point says nothing: domain notes on self-rating


@dataclass(frozen=True)
class Dumbbell:
    """One competency: where it began, where it is, where the beginning was as seen from now. Places in percent."""

    name: str
    begin: float | None
    end: float | None
    back: float | None
    shown: str
    words: str
    numbers: tuple[float | None, ...]


def dumbbells(scores: list[Score], distances: list[Distance]) -> list[Dumbbell]:
    """A row a competency. With one assessment it is one point; with two, then and now."""
    found = {one.competency: one for one in distances}
    return [_dumbbell(score, found.get(score.competency)) for score in scores]


def _dumbbell(score: Score, known: Distance | None) -> Dumbbell:
    then = known.baseline if known else None
    latest = next((one for one in (known.final, known.midpoint) if one is not None), None) if known else None
    alone = score.mean if known is None or then is None else then
    alone_numbers = (score.mean, None, None, None)
    numbers = (known.baseline, known.midpoint, known.final, known.seen_from_now) if known else alone_numbers
    return Dumbbell(
        name=score.name,
        begin=place(alone),
        end=place(latest),
        back=place(known.seen_from_now) if known else None,
        shown=_shown(alone, latest),
        words=_words(score.name, alone, latest),
        numbers=numbers,
    )


def place(point: float | None) -> float | None:
    """Where a point of the scale lies, in percent."""
    return None if point is None else round((point - LOWEST) / (HIGHEST - LOWEST) * 100, 1)


def _shown(then: float | None, now: float | None) -> str:
    if now is None:
        return "–" if then is None else f"{then:.1f}"
    return f"{now:.1f}" if then is None else f"{then:.1f} → {now:.1f}"


def _words(name: str, then: float | None, now: float | None) -> str:
    if then is None or now is None:
        point = now if then is None else then
        told = _("too few statements rated") if point is None else f"{point:.1f}"
        return _("%(name)s: %(told)s") % {"name": name, "told": told}
    return _("%(name)s: from %(then)s to %(now)s, %(change)s") % {
        "name": name,
        "then": f"{then:.1f}",
        "now": f"{now:.1f}",
        "change": _change(now - then),
    }


def _change(difference: float) -> str:
    if abs(difference) < NOISE:
        return _("a change too small to say anything")
    return _("up") if difference > 0 else _("down")
