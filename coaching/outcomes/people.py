"""Who is in a report: every denominator, and why whoever left did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Assessment, Attempt, Enrolment, Hold, JournalEntry

from ..models import PairRating, Rating
from .at_once import Question, Rows

State = Enrolment.State


@dataclass(frozen=True)
class There:
    """How many have one kind of data."""

    key: str
    name: str
    n: int


@dataclass(frozen=True)
class Who:
    """Enrolled is everybody. Started: handed in something, or rated themselves. Whoever went on in another cohort of
    the programme is transferred, and not withdrawn; whoever is on hold is among those under way."""

    enrolled: int
    started: int
    completed: int
    under_way: int
    on_hold: int
    withdrawn: int
    transferred: int
    reasons: tuple[tuple[str, int], ...]
    data: tuple[There, ...]


HANDED_IN = Exists(Attempt.objects.filter(submission__enrolment=OuterRef("pk"), taken_back=None))
# What went along to another cohort was handed in here all the same.
WENT_ALONG = Q(state=State.TRANSFERRED) & Q(
    Exists(
        Attempt.objects.filter(
            submission__enrolment__client=OuterRef("client"),
            edition__programme=OuterRef("cohort__edition__programme"),
            handed_in_at__gte=OuterRef("joined_at"),
            handed_in_at__lte=OuterRef("left_at"),
            taken_back=None,
        )
    )
)
RATED = Exists(Assessment.objects.filter(enrolment=OuterRef("pk"), finished_at__isnull=False))


def started(some: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those who did something."""
    return some.filter(Q(HANDED_IN) | Q(RATED) | WENT_ALONG)


def questions(some: QuerySet[Enrolment]) -> list[Question]:
    """What `of` reads."""
    on_hold = Q(Exists(Hold.objects.filter(enrolment=OuterRef("pk"), ended_at=None)))
    began = Q(HANDED_IN) | Q(RATED) | WENT_ALONG
    states = some.values("state").annotate(
        n=Count("pk"),
        began=Count("pk", filter=began),
        held=Count("pk", filter=on_hold),
        went_on=Count("pk", filter=Q(_went_on())),
    )
    return [
        (states, ("state", "n", "began", "held", "went_on")),
        (_reasons(some.filter(state=State.WITHDRAWN).exclude(_went_on())), ("note", "n")),
        *_data(some),
    ]


def of(answers: Sequence[Rows]) -> Who:
    states, reasons, *data = answers
    found = {state: numbers for state, *numbers in states}
    n, began, held, went_on = ({state: one[place] for state, one in found.items()} for place in range(4))
    return Who(
        enrolled=sum(n.values()),
        started=sum(began.values()),
        completed=n.get(State.COMPLETED, 0),
        under_way=n.get(State.ACTIVE, 0),
        on_hold=held.get(State.ACTIVE, 0),
        withdrawn=n.get(State.WITHDRAWN, 0) - went_on.get(State.WITHDRAWN, 0),
        transferred=n.get(State.TRANSFERRED, 0) + went_on.get(State.WITHDRAWN, 0),
        reasons=_in_words(reasons),
        data=tuple(_there(data)),
    )


def _went_on() -> Exists:
    """In another cohort of the same programme, joined since."""
    later = Enrolment.objects.filter(client=OuterRef("client"), joined_at__gte=OuterRef("left_at"))
    return Exists(later.filter(cohort__edition__programme=OuterRef("cohort__edition__programme")))


def _reasons(left: QuerySet[Enrolment]) -> QuerySet[Any, Any]:
    number = Cast("pk", CharField())
    subjects = left.annotate(subject=Concat(Value("enrolment:"), number)).values("subject")
    noted = JournalEntry.objects.filter(action="withdrew", subject__in=subjects).order_by()
    return noted.values("note").annotate(n=Count("pk"))


def _in_words(rows: Rows) -> tuple[tuple[str, int], ...]:
    """In the words they were noted in, the most frequent first."""
    ordered = sorted(rows, key=lambda row: (-row[1], not row[0], row[0]))
    return tuple((note or _("no reason given"), n) for note, n in ordered)


RATED_THEMSELVES = {
    Assessment.Moment.BASELINE: gettext_lazy("own rating, week 0"),
    Assessment.Moment.MIDPOINT: gettext_lazy("own rating, week 4"),
    Assessment.Moment.FINAL: gettext_lazy("own rating, week 8"),
}
RATED_BY_COACHES = {
    Rating.Moment.BASELINE: gettext_lazy("coach’s rating, start"),
    Rating.Moment.MIDPOINT: gettext_lazy("coach’s rating, middle"),
    Rating.Moment.FINAL: gettext_lazy("coach’s rating, end"),
}
BOTH, BACK, PAIR = "a0+a8", "then", "pair"


def _data(some: QuerySet[Enrolment]) -> list[Question]:
    """What there is at each point in time: own ratings, coaches’ ratings, and pairs that were read."""
    finished = Assessment.objects.filter(enrolment__in=some, finished_at__isnull=False)
    began = finished.filter(moment=Assessment.Moment.BASELINE, enrolment=OuterRef("enrolment"))
    own = finished.order_by().values("moment")
    own = own.annotate(
        n=Count("pk"),
        both=Count("pk", filter=Q(Exists(began))),
        back=Count("pk", filter=~Q(looked_back_at=None)),
    )
    seen = Rating.objects.filter(enrolment__in=some).order_by().values("moment").annotate(n=Count("pk"))
    read = PairRating.objects.filter(pair__enrolment__in=some, rated_at__isnull=False).order_by()
    pairs = read.values("pair__enrolment").annotate(n=Count("pk"))
    return [(own, ("moment", "n", "both", "back")), (seen, ("moment", "n")), (pairs, ("pair__enrolment", "n"))]


def _there(data: Sequence[Rows]) -> Iterator[There]:
    """Nothing left out."""
    own: dict[str, list[int]] = {moment: numbers for moment, *numbers in data[0]}
    seen: dict[str, int] = {row[0]: row[1] for row in data[1]}
    _n, both, back = own.get(Assessment.Moment.FINAL, [0, 0, 0])
    yield from (There(key, str(name), own.get(key, [0])[0]) for key, name in RATED_THEMSELVES.items())
    yield There(BOTH, _("own rating, weeks 0 and 8"), both)
    yield There(BACK, _("week 0, looking back"), back)
    yield from (There(key, str(name), seen.get(key, 0)) for key, name in RATED_BY_COACHES.items())
    yield There(PAIR, _("early and late text read blind"), len(data[2]))
