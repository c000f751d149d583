"""The rest of a report in tables, in the order in which one is read: who, how far, how sure, what for, what not."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..outcomes import Report
from ..outcomes.change import Change
from .plots import NONE, Table, count, mean, number, percent, points, share, spreads, why


@dataclass(frozen=True)
class Section:
    """A title, sentences, and tables with their captions."""

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()


def of(report: Report) -> tuple[Section, ...]:
    """All ten, those with nothing to tell as well: that is told."""
    return (
        _who(report),
        Section("useful", _("What people thought of it"), (_("They are not asked; nothing stands here."),)),
        _growth(report),
        _behaviour(report),
        _moves(report),
        _process(report),
        Section("compared", _("Compared with whom"), (_("With nobody: there is no group that waited."),)),
        Section("goals", _("Goals"), (_goals(report),)),
        Section("limits", _("What this does not show"), report.told.limits),
        _methods(report),
    )


# --- Who ----------------------------------------------------------------------------------------------


def _who(report: Report) -> Section:
    who = report.who
    people = (
        (_("enrolled"), who.enrolled),
        (_("started"), who.started),
        (_("completed"), who.completed),
        (_("under way"), who.under_way),
        (_("of them on hold"), who.on_hold),
        (_("withdrawn"), who.withdrawn),
        (_("went on in another cohort"), who.transferred),
    )
    reasons = tuple((reason, str(n)) for reason, n in who.reasons)
    told = _("Reasons for leaving that fewer than %(n)s gave are not told.") % {"n": report.least}
    tables = [
        (_("How many people"), Table((_("People"), _("n")), tuple((name, str(n)) for name, n in people))),
        (_("Data at each point in time"), Table((_("What there is"), _("n")), _data(report))),
    ]
    if reasons:
        tables.append((_("Why people left"), Table((_("Reason"), _("n")), reasons)))
    return Section("who", _("Who"), (report.told.who, told) if who.withdrawn else (report.told.who,), tuple(tables))


def _data(report: Report) -> tuple[tuple[str, ...], ...]:
    return tuple((one.name, str(one.n)) for one in report.who.data)


# --- How far ------------------------------------------------------------------------------------------


def _growth(report: Report) -> Section:
    tables = [(_("Own ratings"), _changes([one.own for one in report.rated], _("Competency")))]
    tables.append((_("Own ratings, everybody who began and those who completed"), _lines(report)))
    tables.append((_("Own ratings, reliable change"), _reliable(report)))
    tables.append((_("Coaches’ ratings"), _changes([one.coach for one in report.rated], _("Competency"))))
    blind = list(report.observed.criteria)
    if blind:
        tables.append((_("Early and late texts, read blind"), _changes(blind, _("Criterion"))))
    found = [one for one in tables if one[1].rows]
    return Section("growth", _("How far they came"), (_blind(report),), tuple(found))


def _blind(report: Report) -> str:
    agreement = report.observed.agreement
    if agreement.kappa is None:
        return _("How far two blind readers agree is not known yet.")
    told = {"kappa": number(agreement.kappa, 2), "n": agreement.n, "pairs": agreement.pairs}
    return _("Two blind readers agree to %(kappa)s (weighted kappa, %(n)s levels of %(pairs)s pairs).") % told


def _changes(changes: list[Change], name: str) -> Table:
    columns = (
        name,
        _("n"),
        _("Before, mean (SD)"),
        _("After, mean (SD)"),
        _("Change (95 % interval)"),
        _("In SDs of the beginning"),
        _("Rose"),
        _("Same"),
        _("Fell"),
    )
    return Table(columns, tuple(_change(one) for one in changes))


def _change(one: Change) -> tuple[str, ...]:
    sides = (one.rose, one.same, one.fell)
    moved = tuple(map(count, sides)) if one.mean.n else (NONE,) * 3
    return (
        one.name,
        f"{one.mean.n}",
        mean(one.before),
        mean(one.after),
        points(one.mean),
        spreads(one.standardised),
        *moved,
    )


def _lines(report: Report) -> Table:
    columns = (
        _("Competency"),
        _("Everybody who began, n"),
        _("of them without an end"),
        _("Change (95 % interval)"),
        _("Completed, n"),
        _("Change (95 % interval)"),
    )
    rows = (
        (
            one.own.name,
            str(one.everybody.n),
            str(one.carried),
            points(one.everybody),
            str(one.completers.n),
            points(one.completers),
        )
        for one in report.rated
    )
    return Table(columns, tuple(rows))


def _reliable(report: Report) -> Table:
    columns = (
        _("Competency"),
        _("Assumed reliability"),
        _("Beyond noise from"),
        _("Up"),
        _("None"),
        _("Down"),
    )
    rows = (
        (
            one.own.name,
            number(row.reliability, 2),
            why(row.why) if row.threshold is None else number(row.threshold, 2),
            count(row.up),
            count(row.none),
            count(row.down),
        )
        for one in report.rated
        for row in one.own.reliable
    )
    return Table(columns, tuple(rows))


# --- What for -----------------------------------------------------------------------------------------


def _behaviour(report: Report) -> Section:
    told = [_("Meetings are in the figure above: clients log and choose them themselves.")]
    told += (
        [_("Clients choose whom to ask, and nobody has to answer: whoever does is not a sample.")]
        if report.pulse
        else [_("Nobody else at work was asked.")]
    )
    asked = [(_("What managers and peers said, start and end"), _pulse(report))]
    levels = [(_("Levels coaches gave, first and last week"), _changes(list(report.work.levels), _("Criterion")))]
    return Section("behaviour", _("At work"), tuple(told), tuple(one for one in asked + levels if one[1].rows))


def _pulse(report: Report) -> Table:
    """Out of how many clients who asked somebody of that group, and what changed."""
    columns = (
        _("Statement"),
        _("n, of those who asked"),
        _("Start, mean (SD)"),
        _("End, mean (SD)"),
        _("Change (95 % interval)"),
    )
    rows = (
        (
            one.name,
            _("%(n)s of %(of)s") % {"n": one.mean.n, "of": one.mean.of},
            mean(one.before),
            mean(one.after),
            points(one.mean),
        )
        for one in report.pulse
    )
    return Table(columns, tuple(rows))


def _moves(report: Report) -> Section:
    one = report.promotions
    counts = (
        (_("finished"), str(one.graduates)),
        (_("want to be asked"), str(one.agreed)),
        (_("have answered, and may be counted"), str(one.followed)),
        (_("moved into management"), count(one.moved) if one.followed else NONE),
        (_("share at 12 months (95 % interval)"), share(one.year)),
        (_("promoted in a year anyway"), percent(one.base)),
    )
    proofs = tuple((row.name, count(row.n)) for row in one.proofs if row.n is not None)
    tables = [(_("How many graduates"), Table((_("Graduates"), _("n")), counts))]
    if proofs:
        tables.append((_("How it can be known"), Table((_("Level of proof"), _("n")), proofs)))
    told = _("The base rate is of workers in the United States, who are not engineers and not these people.")
    return Section("moves", _("Moves into management"), (told,), tuple(tables))


def _process(report: Report) -> Section:
    took, taken = report.work.turnaround, report.work.taken_up
    rows = (
        (_("reviews sent"), str(took.reviews)),
        (_("median hours from hand-in to feedback"), number(took.median)),
        (_("later than promised"), count(took.over_promise)),
        (_("waiting now"), str(took.waiting)),
        (_("asked for in feedback"), str(taken.asked)),
        (_("taken up: yes"), count(taken.yes)),
        (_("taken up: partly"), count(taken.partly)),
        (_("taken up: no"), count(taken.no)),
        (_("share of a plain yes (95 % interval)"), share(taken.share)),
    )
    told = _("How many handed in is in the figure above.")
    return Section("process", _("What was done for it"), (told,), ((_("Feedback"), Table((_("What"), _("n")), rows)),))


def _goals(report: Report) -> str:
    if report.goals.value is None:
        return why(report.goals.why) + "."
    return _("Mean attainment %(t)s; 50 is as expected.") % {"t": number(report.goals.value)}


def _methods(report: Report) -> Section:
    rows = tuple((one.name, one.text) for one in report.methods)
    table = Table((_("Number"), _("How it comes about")), rows)
    return Section("methods", _("How the numbers come about"), (), ((_("Methods"), table),) if rows else ())
