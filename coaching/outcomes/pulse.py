"""What managers and peers said of clients at the beginning and at the end, statement by statement.

Of peers each client counts with the mean of three answers or more, of managers with theirs; the two are never put
together. Only rounds that are closed count. `of` are the clients who asked somebody of that group.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Enrolment
from curriculum import questionnaires
from curriculum.growth import Pair
from curriculum.models import Instrument

from .. import raters
from ..models import PulseAnswer, Rater
from . import change
from .change import Change
from .crowds import Crowds, Here, counted, within

LEAST = {raters.MANAGER: 1, raters.PEER: 3}
Said = dict[int, dict[str, float]]  # enrolment → moment → the mean of its group


@dataclass(frozen=True)
class Read:
    """Enrolment → cohort of whoever asked one of a group, and what was said, by group and statement."""

    names: dict[str, str]
    asked: dict[str, dict[int, int]]
    said: dict[tuple[str, str], Said]


NOTHING = Read({}, {}, {})  # where what was said could not be had


def read(some: QuerySet[Enrolment], *, at: datetime) -> Read:
    """One query, four where somebody was asked, and one an edition the first time a process reads it."""
    names: dict[str, str] = {}
    asked: dict[str, dict[int, int]] = defaultdict(dict)
    rows = Rater.objects.filter(enrolment__in=some).order_by("enrolment__cohort__edition", "pk")
    for edition, cohort, enrolment, group in rows.values_list(*COLUMNS, "group"):
        names.update(_names(edition))
        asked[group][enrolment] = cohort
    return Read(names, asked, _said(some, at) if names else {})


COLUMNS = ("enrolment__cohort__edition", "enrolment__cohort", "enrolment")


def _names(edition: int) -> dict[str, str]:
    """Statements by their short names."""
    try:
        return questionnaires.pulse(edition).short
    except Instrument.DoesNotExist:
        return {}


def _said(some: QuerySet[Enrolment], at: datetime) -> dict[tuple[str, str], Said]:
    """The means of groups that are large enough, of closed rounds."""
    closed = raters.closed(some, at=at)
    points: dict[tuple, list[int]] = defaultdict(list)
    rows = PulseAnswer.objects.filter(enrolment__in=some).order_by()
    for enrolment, moment, group, given in rows.values_list("enrolment", "moment", "group", "points"):
        if (enrolment, moment) in closed:
            for item, point in given.items():
                points[group, item, enrolment, moment].append(point)
    found: dict[tuple[str, str], Said] = defaultdict(lambda: defaultdict(dict))
    for (group, item, enrolment, moment), given in points.items():
        if len(given) >= LEAST[group]:
            found[group, item][enrolment][moment] = fmean(given)
    return found


def of(found: Read, here: Here) -> tuple[Change, ...]:
    """Of some cohorts: first what managers said, then peers."""
    return tuple(
        change.of(f"{group}.{item}", title(group, name), _pairs(found, group, item, here))
        for group in LEAST
        if group in found.asked
        for item, name in found.names.items()
    )


def title(group: str, name: str) -> str:
    said = _("Managers: %(what)s") if group == raters.MANAGER else _("Peers: %(what)s")
    return said % {"what": name}


def _pairs(found: Read, group: str, item: str, here: Here) -> list[Pair]:
    said = found.said.get((group, item), {})
    return [_pair(said.get(one, {})) for one, cohort in found.asked[group].items() if within(cohort, here)]


def _pair(said: dict[str, float]) -> Pair:
    return said.get(raters.START), said.get(raters.END)


def crowds(found: Read) -> Crowds:
    """Who has both."""
    return counted(_both(found))


def _both(found: Read) -> Iterable[tuple[str, int]]:
    for (group, item), said in found.said.items():
        for enrolment, one in said.items():
            if None not in _pair(one):
                yield f"pulse:{group}.{item}", found.asked[group][enrolment]
