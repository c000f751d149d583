"""What coaches who know neither client nor week saw: early and late texts by criterion, and how far readers agree."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

from django.db.models import QuerySet

from clients.models import Enrolment

from .. import pairs
from ..agreement import Agreement
from ..models import BlindPair, PairMark
from . import change
from .change import Change
from .crowds import Crowds, Here, counted, within


@dataclass(frozen=True)
class Observed:
    """A change a criterion, of each client the mean of their readers; `agreement` is of all levels given twice."""

    criteria: tuple[Change, ...]
    agreement: Agreement


Both = tuple[int, float, float]  # a client’s cohort, and their two texts as their readers saw them
Criteria = dict[tuple[str, str, str], dict[int, Both]]


@dataclass(frozen=True)
class Read:
    """By criterion, in the order of the rubric, of each client the mean of their readers; and every level given, with
    the client’s cohort."""

    criteria: Criteria
    levels: tuple[tuple[int, pairs.Level], ...]


def of(found: Read, here: Here) -> Observed:
    """Of some cohorts, of those whose consent stands."""
    levels = [level for cohort, level in found.levels if within(cohort, here)]
    return Observed(tuple(_changes(found.criteria, here)), pairs.agreement_of(levels))


def _agreed(some: QuerySet[Enrolment]) -> QuerySet[BlindPair]:
    return BlindPair.objects.filter(
        enrolment__in=some, enrolment__pair_consents__isnull=False, enrolment__pair_consents__withdrawn_at=None
    )


COLUMNS = (
    "criterion__rubric__key", "criterion__key", "criterion__title", "rating__pair__enrolment",
    "rating__pair__enrolment__cohort", *pairs.LEVEL,
)  # fmt: skip


def read(some: QuerySet[Enrolment]) -> Read:
    """One query."""
    marks = PairMark.objects.filter(rating__pair__in=_agreed(some).values("pk"), rating__rated_at__isnull=False)
    levels: dict[tuple, dict[tuple, dict[bool, list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    given = []
    ordered = marks.order_by("criterion__rubric__key", "criterion__position", "pk")
    for rubric, key, title, enrolment, cohort, *level in ordered.values_list(*COLUMNS):
        one = pairs.Level(*level)
        levels[rubric, key, title][enrolment, cohort][one.is_late].append(one.level)
        given.append((cohort, one))
    criteria = {
        criterion: {
            enrolment: (cohort, fmean(one[False]), fmean(one[True]))
            for (enrolment, cohort), one in clients.items()
            if one[False] and one[True]
        }
        for criterion, clients in levels.items()
    }
    return Read(criteria, tuple(given))


def _changes(found: Criteria, here: Here):
    for (rubric, key, title), clients in found.items():
        both = [(early, late) for cohort, early, late in clients.values() if within(cohort, here)]
        if both or here is None:
            yield change.of(f"{rubric}.{key}", title, both)


def crowds(found: Read) -> Crowds:
    return counted(
        (f"observed:{rubric}.{key}", cohort)
        for (rubric, key, _title), clients in found.criteria.items()
        for cohort, _early, _late in clients.values()
    )
