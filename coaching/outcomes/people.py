"""Who is in a report: every denominator, and why whoever left did."""

from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Assessment, Attempt, Enrolment, Hold, JournalEntry

from ..models import PairRating, Rating

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


def of(some: QuerySet[Enrolment]) -> Who:
    """Five queries."""
    here, gone_on = Q(state=State.ACTIVE), Q(state=State.TRANSFERRED) | Q(state=State.WITHDRAWN) & Q(_went_on())
    left = Q(state=State.WITHDRAWN) & ~Q(_went_on())
    on_hold = Q(Exists(Hold.objects.filter(enrolment=OuterRef("pk"), ended_at=None)))
    found = some.aggregate(
        enrolled=Count("pk"),
        started=Count("pk", filter=Q(HANDED_IN) | Q(RATED) | WENT_ALONG),
        completed=Count("pk", filter=Q(state=State.COMPLETED)),
        under_way=Count("pk", filter=here),
        on_hold=Count("pk", filter=here & on_hold),
        withdrawn=Count("pk", filter=left),
        transferred=Count("pk", filter=gone_on),
    )
    return Who(**found, reasons=_reasons(some.filter(left)), data=tuple(_data(some)))


def _went_on() -> Exists:
    """In another cohort of the same programme, joined since."""
    later = Enrolment.objects.filter(client=OuterRef("client"), joined_at__gte=OuterRef("left_at"))
    return Exists(later.filter(cohort__edition__programme=OuterRef("cohort__edition__programme")))


def _reasons(left: QuerySet[Enrolment]) -> tuple[tuple[str, int], ...]:
    """In the words they were noted in, the most frequent first."""
    number = Cast("pk", CharField())
    subjects = left.annotate(subject=Concat(Value("enrolment:"), number)).values("subject")
    noted = JournalEntry.objects.filter(action="withdrew", subject__in=subjects).order_by()
    rows = sorted(noted.values_list("note").annotate(n=Count("pk")), key=lambda row: (-row[1], not row[0], row[0]))
    return tuple((note or _("no reason given"), n) for note, n in rows)


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


def _data(some: QuerySet[Enrolment]):
    """What there is at each point in time, nothing left out."""
    finished = Assessment.objects.filter(enrolment__in=some, finished_at__isnull=False)
    began = finished.filter(moment=Assessment.Moment.BASELINE, enrolment=OuterRef("enrolment"))
    ended = Q(moment=Assessment.Moment.FINAL)
    own = finished.order_by().aggregate(
        **{key: Count("pk", filter=Q(moment=key)) for key in RATED_THEMSELVES},
        both=Count("pk", filter=ended & Q(Exists(began))),
        back=Count("pk", filter=ended & ~Q(looked_back_at=None)),
    )
    seen = dict(Rating.objects.filter(enrolment__in=some).order_by().values_list("moment").annotate(n=Count("pk")))
    read = PairRating.objects.filter(pair__enrolment__in=some, rated_at__isnull=False)
    pairs = read.aggregate(n=Count(F("pair__enrolment"), distinct=True))["n"]
    yield from (There(key, str(name), own[key]) for key, name in RATED_THEMSELVES.items())
    yield There(BOTH, _("own rating, weeks 0 and 8"), own["both"])
    yield There(BACK, _("week 0, looking back"), own["back"])
    yield from (There(key, str(name), seen.get(key, 0)) for key, name in RATED_BY_COACHES.items())
    yield There(PAIR, _("early and late text read blind"), pairs)
