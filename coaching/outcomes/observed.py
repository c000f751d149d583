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


@dataclass(frozen=True)
class Observed:
    """A change a criterion, of each client the mean of their readers; `agreement` is of all levels given twice."""

    criteria: tuple[Change, ...]
    agreement: Agreement


def of(some: QuerySet[Enrolment]) -> Observed:
    """Of those whose consent stands. Three queries."""
    read = BlindPair.objects.filter(
        enrolment__in=some, enrolment__pair_consents__isnull=False, enrolment__pair_consents__withdrawn_at=None
    )
    return Observed(tuple(_changes(read)), pairs.agreed(read))


COLUMNS = (
    "criterion__rubric__key", "criterion__key", "criterion__title", "rating__pair__enrolment", "rating__late_first",
    "place", "level",
)  # fmt: skip


def _changes(read: QuerySet[BlindPair]):
    """In the order of the rubric."""
    marks = PairMark.objects.filter(rating__pair__in=read.values("pk"), rating__rated_at__isnull=False)
    levels: dict[tuple, dict[int, dict[bool, list[int]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    ordered = marks.order_by("criterion__rubric__key", "criterion__position", "pk")
    for rubric, key, title, enrolment, late_first, place, level in ordered.values_list(*COLUMNS):
        levels[rubric, key, title][enrolment][(place == 1) == late_first].append(level)
    for (rubric, key, title), clients in levels.items():
        both = [(fmean(one[False]), fmean(one[True])) for one in clients.values() if one[False] and one[True]]
        yield change.of(f"{rubric}.{key}", title, both)
