"""What there is to know of clients besides their pieces: when there was a last sign of them, what was said of them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import CharField, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Greatest

from clients.models import Assessment, Enrolment, Hold, Submission
from curriculum.prepared import Asked, Question

from .models import Feedback, Flag, Reply, SeenTo, Word


class Raised(NamedTuple):
    """A flag that is up."""

    number: int
    coach: str
    reason: str
    raised_at: datetime


class Signs:
    """Of some clients, by enrolment: the last sign of them, when a coach last wrote to them, flags, what was seen to,
    how confident they said they are, as long as they have not said more at the end, and who is on hold."""

    def __init__(self) -> None:
        self.last: dict[int, datetime | None] = {}
        self.wrote_at: dict[int, datetime | None] = {}
        self.flags: dict[int, Raised] = {}
        self.confidence: dict[int, tuple[int, datetime]] = {}
        self.held: set[int] = set()
        self._seen: dict[tuple[int, str], tuple[datetime, datetime]] = {}

    def rests(self, enrolment: int, rule: str, at: datetime) -> datetime | None:
        """Until when a reason rests that somebody has seen to; None while nobody has."""
        seen_at, until = self._seen.get((enrolment, rule), (None, None))
        return until if seen_at and until and seen_at <= at < until else None

    def note_flag(self, whose: int, raised: Raised) -> None:
        self.flags[whose] = raised

    def note_seen(self, whose: int, rule: str, seen: tuple[datetime, datetime]) -> None:
        self._seen[whose, rule] = seen

    def note_said(self, whose: int, moment: str, level: str, said_at: datetime) -> None:
        if moment == Assessment.Moment.FINAL:
            self.confidence.pop(whose, None)
        elif level.isdecimal():
            self.confidence[whose] = int(level), said_at


def of(enrolments: Collection[int]) -> Signs:
    """Two queries."""
    found = told_of(enrolments)
    for enrolment, sign, wrote_at in _looks.all(whose=list(enrolments)) if enrolments else ():
        found.last[enrolment], found.wrote_at[enrolment] = sign, wrote_at
    return found


def told_of(enrolments: Collection[int]) -> Signs:
    """Only what was said of them and by them, in one query."""
    found = Signs()
    for kind, whose, number, word, text, since, until in _told.all(whose=sorted(enrolments)) if enrolments else ():
        if kind == "hold":
            found.held.add(whose)
        elif kind == "flag":
            found.note_flag(whose, Raised(number, word, text, since))
        elif kind == "seen":
            found.note_seen(whose, word, (since, until))
        else:
            found.note_said(whose, word, text or "", since)
    return found


def asks_about(enrolments: Collection[int]) -> tuple[Asked, ...]:
    """What `told_of` asks, for a page that asks more at once."""
    return (_told.of(whose=sorted(enrolments)),) if enrolments else ()


@Question
def _looks(*, whose: list[int]) -> QuerySet:
    """The last sign of each: a look that left a trace, something saved, handed in, read or answered; and when a coach
    last answered."""
    pieces = Submission.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    about_pieces, about_words = "attempt__submission__enrolment", "conversation__enrolment"
    told = Feedback.objects.filter(**{about_pieces: OuterRef("pk")}).order_by().values(about_pieces)
    rated = Assessment.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    of_coaches = ~Q(author=OuterRef("client"))
    said = Reply.objects.filter(of_coaches, **{about_pieces: OuterRef("pk")}).order_by().values(about_pieces)
    words = Word.objects.filter(of_coaches, **{about_words: OuterRef("pk")}).order_by().values(about_words)
    sign = Greatest(
        "seen_at",
        "client__last_login",
        _last(pieces, "draft_saved_at"),
        _last(pieces, "handed_in_at"),
        _last(rated, "saved_at"),
        _last(told, "read_at"),
    )
    wrote = Greatest(_last(told, "sent_at"), _last(said, "written_at"), _last(words, "written_at"))
    rows = Enrolment.objects.filter(pk__in=whose).order_by("pk").annotate(sign=sign, wrote=wrote)
    return rows.values_list("pk", "sign", "wrote")


def _last(rows: QuerySet, instant: str) -> Subquery:
    return Subquery(rows.annotate(latest=Max(instant)).values("latest"))


@Question
def _told(*, whose: list[int]) -> QuerySet:
    """Flags, what was seen to, what was said at the midpoint and at the end, holds: rows of one shape, newest last."""
    flags = Flag.objects.filter(enrolment__in=whose, lowered_at=None)
    seen = SeenTo.objects.filter(enrolment__in=whose)
    ends = [Assessment.Moment.MIDPOINT, Assessment.Moment.FINAL]
    said = Assessment.objects.filter(enrolment__in=whose, moment__in=ends, finished_at__isnull=False)
    holds = Hold.objects.filter(enrolment__in=whose, ended_at=None)
    none, confident = Cast(Value(None), DateTimeField()), KeyTextTransform("confidence", "extra")
    each = [
        _shaped("flag", flags, F("coach__name"), F("reason"), F("raised_at"), none),
        _shaped("seen", seen, F("rule"), _text(""), F("at"), F("until")),
        _shaped("said", said, F("moment"), confident, F("finished_at"), none),
        _shaped("hold", holds, _text(""), _text(""), F("began_at"), none),
    ]
    return each[0].union(*each[1:], all=True).order_by("about", "since_when")


def _shaped(kind: str, rows: QuerySet, *columns: object) -> QuerySet:
    names = ("about", "content", "since_when", "until_when")
    shaped = rows.order_by().annotate(sort=_text(kind), **dict(zip(names, columns, strict=True)))
    return shaped.values_list("sort", "enrolment_id", "pk", *names)


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())
