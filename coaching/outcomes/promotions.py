"""Who has moved into management since they finished, as graduates tell it themselves three, six and twelve months on.

Counted are those who finished, want to be asked, and have answered at least once that their answers may be used
without their name. Whoever has not moved is followed until their last answer: from then on nothing is known, which is
neither a yes nor a no. A month that was not told is that of the answer.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from clients.models import Enrolment
from curriculum import figures, moments, questionnaires, shares, survival
from curriculum.figures import Figure
from curriculum.models import Instrument
from curriculum.survival import Curve, Step

from .. import check_ins
from ..models import CheckIn, Consent, Milestone
from .at_once import Question, Rows

MONTHS = (0, 3, 6, 9, 12)
YEAR, WEEKS = 12, 52
MAY_COUNT = "yes"
OPEN = timedelta(days=21)  # how long a check-in can be answered


@dataclass(frozen=True)
class Proof:
    """How many of the moves somebody else could know of, by how."""

    key: str
    name: str
    n: figures.Count


@dataclass(frozen=True)
class Promotions:
    """`graduates` finished, `agreed` of them want to be asked, `followed` have answered, `moved` into management;
    `unanswered` have a check-in that is open and not answered.

    `steps` is the curve of Kaplan and Meier, in months since they finished; `followed_at` says how many are followed
    at a month, `year` what it comes to at twelve, and `base` what share is promoted in as many weeks anyway.
    `heard` is each person, as the month they moved, True, or were heard of last.
    """

    graduates: int
    agreed: int
    followed: int
    moved: figures.Count
    proofs: tuple[Proof, ...]
    steps: tuple[Step, ...]
    followed_at: tuple[tuple[int, int], ...]
    year: Figure
    base: float
    unanswered: int = 0
    heard: tuple[tuple[float, bool], ...] = ()


class _Told(NamedTuple):
    """One answer: how many months after, since when, what, in which month, how it can be known."""

    enrolment: int
    edition: int
    left_at: datetime
    zone: str
    months: int
    answers: dict
    proof: str


COUNTS = ("graduates", "agreed", "unanswered")
COLUMNS = (
    "enrolment", "enrolment__cohort__edition", "enrolment__left_at", "enrolment__client__zone", "months", "answers",
    "proof",
)  # fmt: skip


def questions(some: QuerySet[Enrolment], *, at: datetime) -> list[Question]:
    """What `of` reads."""
    finished = some.filter(state=Enrolment.State.COMPLETED).order_by()
    agreed = Q(consents__scope=Consent.Scope.CHECK_INS, consents__withdrawn_at=None)
    counts = finished.values("state").annotate(
        graduates=Count("pk", distinct=True),
        agreed=Count("pk", filter=agreed, distinct=True),
        unanswered=Count("pk", filter=agreed & _open(at), distinct=True),
    )
    return [(counts, COUNTS), (answered(some), COLUMNS)]


def of(answers: Sequence[Rows]) -> Promotions:
    """One query an edition the first time a process reads it."""
    counts, rows = answers
    people = _people([_told(row) for row in sorted(rows, key=lambda row: (row[0], row[4]))])
    heard = tuple((month, moved) for month, moved, _proof in people)
    return Promotions(
        **dict(zip(COUNTS, counts[0] if counts else (0, 0, 0), strict=True)),
        followed=len(people),
        moved=sum(moved for _month, moved in heard),
        proofs=_proofs(proof for _month, moved, proof in people if moved),
        **curve_of(heard),
        base=shares.base_rate(WEEKS),
        heard=heard,
    )


def _told(row: list) -> _Told:
    enrolment, edition, left_at, *rest = row
    return _Told(enrolment, edition, datetime.fromisoformat(left_at), *rest)


def _open(at: datetime) -> Q:
    """Asked by mail, and neither answered nor closed by now."""
    rows = CheckIn.objects.filter(enrolment=OuterRef("pk"), answered_at=None)
    sent = Milestone.objects.filter(object_id=OuterRef("pk"), rung=1, state=Milestone.State.FIRED)
    sent = sent.filter(due_at__lte=at, due_at__gt=at - OPEN)
    found = Q()
    for months in CheckIn.MONTHS:
        found |= Q(Exists(rows.filter(months=months))) & Q(Exists(sent.filter(kind=f"alumni.{months}")))
    return found


def curve_of(heard: Iterable[tuple[float, bool]]) -> dict:
    """What is drawn of them."""
    curve: Curve = survival.kaplan_meier(list(heard))
    return {
        "steps": curve.steps,
        "followed_at": followed_at(curve),
        "year": curve.at(YEAR),
    }


def followed_at(curve: Curve) -> tuple[tuple[int, int], ...]:
    return tuple((month, curve.followed(month)) for month in MONTHS)


def answered(some: QuerySet[Enrolment]) -> QuerySet[CheckIn]:
    """What may be counted: of whoever finished and still wants to be asked, where they allow it."""
    mine = CheckIn.objects.filter(enrolment__in=some, enrolment__state=Enrolment.State.COMPLETED)
    mine = mine.filter(answered_at__isnull=False, answers__consent_anonymous_use=MAY_COUNT)
    agreed = Consent.objects.filter(scope=Consent.Scope.CHECK_INS, withdrawn_at=None).values("enrolment")
    return mine.filter(enrolment__in=agreed)


def _people(rows: list[_Told]) -> list[tuple[float, bool, str]]:
    """Each person's month, whether they moved in it, and how that can be known: the best they ever said."""
    found: dict[int, list[_Told]] = {}
    for one in rows:
        found.setdefault(one.enrolment, []).append(one)
    return [_person(told) for told in found.values()]


def _person(told: list[_Told]) -> tuple[float, bool, str]:
    moves = [one for one in told if one.answers.get("outcome") in _events(one.edition)]
    if not moves:
        return float(told[-1].months), False, ""
    return min(map(_month, moves)), True, max((one.proof for one in moves), key=CheckIn.Proof.values.index)


def _events(edition: int) -> frozenset[str]:
    try:
        return questionnaires.check_in(edition).events
    except Instrument.DoesNotExist:
        return frozenset()


def _month(one: _Told) -> float:
    """Months from finishing to the move; what happened before counts as the day of it."""
    if not one.answers.get("month"):
        return float(one.months)
    began = moments.to_wall(one.left_at, one.zone)
    year, month = map(int, one.answers["month"].split("-"))
    return float(max((year - began.year) * 12 + month - began.month, 0))


def _proofs(found: Iterable[str]) -> tuple[Proof, ...]:
    counted = Counter(found)
    return tuple(Proof(key, str(name), counted[key]) for key, name in check_ins.PROOFS.items())
