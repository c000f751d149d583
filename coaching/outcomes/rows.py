"""Every number of a report as one row: what page, print, PDF, table, spreadsheet and API list, in the same order.

A row is known by its key, and in one report by its place. A number that is not shown has no value and says why; a count
that is told between two ends has those ends and no value.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.figures import Count, Figure, Why
from curriculum.growth import Spread

from . import Report
from .change import Change
from .practice import WeekOfPractice
from .promotions import Promotions
from .ratings import Rated
from .work import BIN, HandedIn, TakenUp, Turnaround

PEOPLE, TIMES, POINTS, SPREADS, SHARE, HOURS, MONTHS, PLAIN = (
    "people", "times", "points", "spreads", "share", "hours", "months", "",
)  # fmt: skip
UNITS = {
    PEOPLE: gettext_lazy("people"),
    TIMES: gettext_lazy("times"),
    POINTS: gettext_lazy("points"),
    SPREADS: gettext_lazy("SD"),
    SHARE: gettext_lazy("share"),
    HOURS: gettext_lazy("hours"),
    MONTHS: gettext_lazy("months"),
    PLAIN: "",
}


@dataclass(frozen=True)
class Row:
    """One number: of what, in which unit, from `n` people of `of`, between which ends, or why there is none."""

    key: str
    section: str
    about: str
    what: str
    unit: str
    value: float | int | None = None
    low: float | int | None = None
    high: float | int | None = None
    n: int | None = None
    of: int | None = None
    why: str = ""


def of(report: Report) -> tuple[Row, ...]:
    """All of them, from who is in it to how it went on."""
    return (
        *_who(report),
        *(row for one in report.rated for row in _rated(one)),
        *(row for one in report.rated for row in _change("coach", _("Coaches’ ratings"), one.coach)),
        *(row for one in report.observed.criteria for row in _change("observed", _("Read blind"), one)),
        *_agreement(report),
        *(row for one in report.pulse for row in _change("pulse", _("What others said"), one)),
        *(row for one in report.work.levels for row in _change("levels", _("Levels coaches gave"), one)),
        *_work(report),
        *(row for one in report.practice for row in _week(one)),
        *_promotions(report.promotions),
        _figure("goals", _("Goals"), "", _("mean attainment, T"), PLAIN, report.goals),
    )


# --- One number ---------------------------------------------------------------------------------------


def _figure(key: str, section: str, about: str, what: str, unit: str, one: Figure) -> Row:
    return Row(key, section, about, what, unit, one.value, one.low, one.high, one.n, one.of, _why(one.why))


def _spread(key: str, section: str, about: str, what: str, one: Spread) -> Iterator[Row]:
    yield Row(key, section, about, what, POINTS, one.mean, n=one.n, of=one.of, why=_why(one.why))
    yield Row(f"{key}.sd", section, about, _("%(what)s, spread") % {"what": what}, POINTS, one.sd, n=one.n, of=one.of,
              why=_why(one.why))  # fmt: skip


def _count(key: str, section: str, about: str, what: str, one: Count, unit: str = PEOPLE) -> Row:
    if isinstance(one, tuple):
        return Row(key, section, about, what, unit, None, *one)
    return Row(key, section, about, what, unit, one, why="" if one is not None else _why(Why.TOO_FEW_TO_SHOW))


def _number(key: str, section: str, about: str, what: str, one: float | None, unit: str) -> Row:
    return Row(key, section, about, what, unit, one, why="" if one is not None else _why(Why.TOO_FEW_TO_SHOW))


def _why(sentence: str) -> str:
    return _(sentence) if sentence else ""


# --- Sections -----------------------------------------------------------------------------------------


def _who(report: Report) -> Iterator[Row]:
    who, section = report.who, _("Who")
    told = {
        "enrolled": _("enrolled"),
        "started": _("started"),
        "completed": _("completed"),
        "under_way": _("under way"),
        "on_hold": _("on hold, of those under way"),
        "withdrawn": _("withdrawn"),
        "transferred": _("went on in another cohort"),
    }
    for key, what in told.items():
        yield _count(f"who.{key}", section, "", what, getattr(who, key))
    for number, (reason, n) in enumerate(who.reasons, start=1):
        yield _count(f"who.reason.{number}", section, _("Reasons to leave"), reason, n)
    for there in who.data:
        yield _count(f"who.data.{there.key}", section, _("There is data of"), there.name, there.n)


def _change(kind: str, section: str, one: Change) -> Iterator[Row]:
    key, about = f"{kind}.{one.key}", one.name
    yield _figure(f"{key}.mean", section, about, _("change"), POINTS, one.mean)
    yield _figure(f"{key}.standardised", section, about, _("change, standardised"), SPREADS, one.standardised)
    yield from _spread(f"{key}.before", section, about, _("before"), one.before)
    yield from _spread(f"{key}.after", section, about, _("after"), one.after)
    if not one.mean.n and one.mean.why != Why.TOO_FEW_TO_SHOW:
        return
    for name, what in (("rose", _("rose")), ("same", _("stayed")), ("fell", _("fell"))):
        yield _count(f"{key}.{name}", section, about, what, getattr(one, name))
    for row in one.reliable:
        yield from _reliable(f"{key}.{row.reliability:.2f}", section, about, row)
    for number, line in enumerate(one.lines, start=1):
        told = {"n": number}
        for name, what in (("before", _("line %(n)s, before")), ("after", _("line %(n)s, after"))):
            yield Row(f"{key}.line.{number}.{name}", section, about, what % told, POINTS, getattr(line, name),
                      n=line.people)  # fmt: skip


def _reliable(key: str, section: str, about: str, row) -> Iterator[Row]:
    told = {"r": f"{row.reliability:.2f}"}
    yield Row(f"{key}.threshold", section, about, _("beyond noise from, r = %(r)s") % told, POINTS, row.threshold,
              n=row.n, of=row.of, why=_why(row.why))  # fmt: skip
    if row.threshold is None and row.why != Why.TOO_FEW_TO_SHOW:
        return
    ways = (
        ("up", _("up beyond noise, r = %(r)s")),
        ("none", _("not beyond noise, r = %(r)s")),
        ("down", _("down beyond noise, r = %(r)s")),
    )
    for name, what in ways:
        yield _count(f"{key}.{name}", section, about, what % told, getattr(row, name))


def _rated(one: Rated) -> Iterator[Row]:
    section, key, about = _("Own ratings"), f"own.{one.own.key}", one.own.name
    yield from _change("own", section, one.own)
    yield from _spread(f"{key}.midpoint", section, about, _("in the middle"), one.midpoint)
    yield from _spread(f"{key}.then", section, about, _("week 0, looking back"), one.seen_from_now)
    yield _figure(f"{key}.everybody", section, about, _("change, of everybody who began"), POINTS, one.everybody)
    yield _figure(f"{key}.completers", section, about, _("change, of those who completed"), POINTS, one.completers)


def _agreement(report: Report) -> Iterator[Row]:
    one, section, about = report.observed.agreement, _("Read blind"), _("Agreement of two readers")
    yield Row("agreement.kappa", section, about, _("weighted kappa"), PLAIN, one.kappa)
    yield _number("agreement.levels", section, about, _("levels given twice"), one.n, TIMES)
    yield _number("agreement.pairs", section, about, _("pairs"), one.pairs, TIMES)


def _work(report: Report) -> Iterator[Row]:
    for piece in report.work.handed_in:
        yield from _piece(piece)
    yield from _turnaround(report.work.turnaround)
    yield from _taken_up(report.work.taken_up)


def _piece(one: HandedIn) -> Iterator[Row]:
    key, section = f"handed_in.{one.week}.{one.role}", _("What gets done")
    about = _("Week %(week)s, %(role)s") % {"week": one.week, "role": one.role}
    yield _figure(f"{key}.share", section, about, _("share done"), SHARE, one.share)
    yield _count(f"{key}.done", section, about, _("done"), one.done, TIMES)


def _turnaround(one: Turnaround) -> Iterator[Row]:
    section = _("How long feedback takes")
    yield _number("turnaround.reviews", section, "", _("pieces answered"), one.reviews, TIMES)
    yield _number("turnaround.median", section, "", _("half were answered within"), one.median, HOURS)
    yield _count("turnaround.over_promise", section, "", _("later than promised"), one.over_promise, TIMES)
    yield _number("turnaround.waiting", section, "", _("waiting now"), one.waiting, TIMES)
    yield _number("turnaround.oldest", section, "", _("the oldest waits for"), one.oldest, HOURS)
    for place, n in enumerate(one.bins):
        what = _("within %(hours)s hours") if place < len(one.bins) - 1 else _("longer than %(hours)s hours")
        hours = BIN * (place + 1 if place < len(one.bins) - 1 else place)
        yield _number(f"turnaround.bin.{place + 1}", section, "", what % {"hours": hours}, n, TIMES)


def _taken_up(one: TakenUp) -> Iterator[Row]:
    section = _("What was asked for and taken up")
    yield _number("taken_up.asked", section, "", _("asked for"), one.asked, TIMES)
    for key, what in (("yes", _("taken up")), ("partly", _("partly")), ("no", _("not"))):
        yield _count(f"taken_up.{key}", section, "", what, getattr(one, key), TIMES)
    yield _figure("taken_up.share", section, "", _("share taken up"), SHARE, one.share)


def _week(one: WeekOfPractice) -> Iterator[Row]:
    key, section = f"practice.{one.week}", _("In real meetings")
    about = _("Week %(week)s") % {"week": one.week}
    yield _number(f"{key}.meetings", section, about, _("meetings logged"), one.meetings, TIMES)
    yield _number(f"{key}.people", section, about, _("by"), one.people, PEOPLE)
    spoke = Row(f"{key}.spoke", section, about, _("spoke in the middle meeting"), TIMES, one.spoke, one.low, one.high)
    yield spoke if one.spoke is not None else _number(spoke.key, section, about, spoke.what, None, TIMES)
    yield _figure(f"{key}.led", section, about, _("said the conclusion first"), SHARE, one.led)
    yield _figure(f"{key}.corrected", section, about, _("put an error right"), SHARE, one.corrected)


def _promotions(one: Promotions) -> Iterator[Row]:
    section = _("Moved into management")
    told = {"graduates": _("completed"), "agreed": _("want to be asked"), "followed": _("have answered")}
    for key, what in told.items():
        yield _number(f"promotions.{key}", section, "", what, getattr(one, key), PEOPLE)
    yield _count("promotions.moved", section, "", _("moved"), one.moved)
    for proof in one.proofs:
        yield _count(f"promotions.proof.{proof.key}", section, _("Known by"), proof.name, proof.n)
    for number, step in enumerate(one.steps, start=1):
        what = _("moved by month %(month)s") % {"month": f"{step.time:g}"}
        yield _figure(f"promotions.step.{number}", section, "", what, SHARE, step.moved)
    for month, n in one.followed_at:
        yield _number(
            f"promotions.followed.{month}", section, "", _("followed at month %(n)s") % {"n": month}, n, PEOPLE
        )
    yield _figure("promotions.year", section, "", _("moved within a year"), SHARE, one.year)
    yield _number("promotions.base", section, "", _("promoted in a year anyway"), one.base, SHARE)


# --- In words -----------------------------------------------------------------------------------------


def text(number: float | int | None, unit: str) -> str:
    """As a person reads it: people and times whole where they are whole, shares in per cent, the rest to two places."""
    if number is None:
        return ""
    if unit == SHARE:
        return f"{100 * number:.1f} %"
    if unit in (PEOPLE, TIMES) and number == int(number):
        return str(int(number))
    return f"{number:.2f}".replace("-", "−")


def unit_name(unit: str) -> str:
    return str(UNITS[unit])
