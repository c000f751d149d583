"""What came of one client so far, for a coach of theirs: levels by week, what they were told, reasons, notes, dates.

Every part comes from where it is read elsewhere, so nobody finds more here than there. A fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, DateField, DateTimeField, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from clients.models import Enrolment, Excusal, Extension, Hold, User
from curriculum.models.rubric import LEVEL_NAMES

from . import caseload, growth, notes, risks
from .growth import Grown
from .models import Feedback, Mark, Note
from .worries import Risk

LATELY = 3  # feedbacks, and notes


class Said(NamedTuple):
    """One feedback as its client reads it. `used_at` is since when they say that it was of use."""

    piece: int
    attempt: int
    week: int
    title: str
    keep: str
    try_next: str
    coach: str
    shown_from: datetime
    used_at: datetime | None
    given: list[dict[str, Any]]


class Level(NamedTuple):
    """The level of one criterion, with its name."""

    criterion: str
    rank: int
    name: str


class Piece(NamedTuple):
    """A piece with the levels of the newest answer to it."""

    number: int
    title: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Week:
    """What was answered of one week, and the mean of all its levels, as in the agenda of a midpoint call."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def mean(self) -> float:
        return round(fmean(level.rank for piece in self.pieces for level in piece.levels), 1)


class Dated(NamedTuple):
    """Something agreed about one client's dates: on hold, more time (asked, granted, declined), excused."""

    kind: str
    number: int
    title: str
    reason: str
    until: date | None
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class SoFar:
    """`said` and `notes` are the last few, `reasons` those that hold now, with the ones somebody has seen to."""

    weeks: tuple[Week, ...]
    grown: Grown
    said: tuple[Said, ...]
    reasons: tuple[Risk, ...]
    notes: tuple[Note, ...]
    dates: tuple[Dated, ...]


def of(enrolment: Enrolment, reader: User, *, at: datetime) -> SoFar:
    """For a coach of the client, who comes with client and cohort."""
    said = [Said(*row) for row in _said(enrolment, reader, at)]
    worried = None if enrolment.cohort.is_closed else risks.of_one(enrolment, at=at)
    return SoFar(
        weeks=tuple(_weeks(said)),
        grown=growth.of(said),
        said=tuple(said[:LATELY]),
        reasons=tuple(sorted(worried.reasons, key=lambda one: one.since)) if worried else (),
        notes=tuple(notes.about(reader, enrolment, at=at)[:LATELY]),
        dates=tuple(Dated(*row) for row in _dates(enrolment)),
    )


# --- What they were told --------------------------------------------------------------------------


def _said(enrolment: Enrolment, reader: User, at: datetime) -> QuerySet:
    """All feedback that shows, the newest first, each with its levels in the order of the rubric. One query."""
    theirs = caseload.submissions_visible_to(reader, at=at).filter(enrolment=enrolment)
    rows = Feedback.objects.filter(attempt__submission__in=theirs.values("pk"), shown_from__lte=at)
    marks = Mark.objects.filter(feedback=OuterRef("pk")).order_by("criterion__position", "pk")
    given = ArraySubquery(marks.values(json=JSONObject(**_GIVEN)))
    return rows.order_by("-shown_from", "-pk").annotate(given=given).values_list(*_SAID)


_GIVEN = {
    "criterion": "criterion__title",
    "rank": "level",
    "competency": "criterion__competency__name",
    "place": "criterion__competency__rank",
}
_PIECE = "attempt__submission__exercise"
_SAID = (
    "attempt__submission_id",
    "attempt__number",
    f"{_PIECE}__week__number",
    f"{_PIECE}__title",
    "keep",
    "try_next",
    "coach__name",
    "shown_from",
    "used__at",
    "given",
)


def _weeks(said: Iterable[Said]) -> list[Week]:
    """By the newest answer that gave levels, the first week first."""
    pieces: dict[int, dict[int, Piece]] = defaultdict(dict)
    for one in said:
        if one.given:
            levels = tuple(Level(each["criterion"], each["rank"], LEVEL_NAMES[each["rank"]]) for each in one.given)
            pieces[one.week].setdefault(one.piece, Piece(one.piece, one.title, levels))
    return [Week(number, tuple(found.values())) for number, found in sorted(pieces.items())]


# --- What is agreed about their dates -------------------------------------------------------------


def _dates(enrolment: Enrolment) -> QuerySet:
    """Holds, more time and excusals as rows of one shape, the newest first. One query."""
    nothing, piece, decided = _text(""), F("exercise__title"), Coalesce("decided_at", "asked_at")
    no_day, no_instant = Cast(Value(None), DateField()), Cast(Value(None), DateTimeField())
    whose = {"enrolment": enrolment}
    each = [
        _dated(Hold.objects.filter(**whose), _text("hold"), nothing, F("reason"), no_day, F("began_at"), F("ended_at")),
        _dated(Extension.objects.filter(**whose), F("state"), piece, F("note"), F("until"), decided, no_instant),
        _dated(
            Excusal.objects.filter(**whose),
            _text("excused"),
            piece,
            F("reason"),
            no_day,
            F("excused_at"),
            F("ended_at"),
        ),
    ]
    return each[0].union(*each[1:], all=True).order_by("-a_since", "-a_number")


def _dated(rows: QuerySet, kind: Any, *columns: Any) -> QuerySet:
    # Named apart from the fields of the models, which a column may not be called.
    named = dict(zip((f"a_{name}" for name in Dated._fields), (kind, F("pk"), *columns), strict=True))
    return rows.order_by().annotate(**named).values_list(*named)


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())
