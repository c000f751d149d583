"""Where a piece of work stands, as one frozen object for pages, boards, feeds and the API alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects

from curriculum.models import Exercise
from curriculum.prepared import Asked, Question

from . import deadlines
from .models import Enrolment, Excusal, Submission

# locked, open, draft and excused share the stored state `draft`; the rest are stored states.
LOCKED, OPEN, EXCUSED = "locked", "open", "excused"


@dataclass(frozen=True)
class Standing:
    """One submission at one instant.

    `state` is locked, open, draft, excused, handed_in, in_review, returned or accepted. What is excused can be
    written and handed in all the same; nobody asks for it. Of whoever has finished or left nothing is late.
    """

    submission: Submission
    exercise: Exercise
    state: str
    opens_at: datetime
    due_at: datetime
    is_late: bool

    @property
    def attempt(self) -> int:
        """The number of the attempt in hand, or of the last one handed in."""
        return self.submission.attempts_made + (self.state in (LOCKED, OPEN, EXCUSED, "draft"))

    @property
    def is_with_client(self) -> bool:
        return self.state in (OPEN, "draft", "returned")

    @property
    def minutes_left(self) -> int:
        """What it takes as long as it is with its client."""
        return self.exercise.minutes

    @property
    def is_missing(self) -> bool:
        """Required, never handed in and not excused."""
        return self.exercise.required and not self.submission.attempts_made and self.state != EXCUSED


def standing(submission: Submission, *, at: datetime, coach: bool = False) -> Standing:
    """The client's view; with `coach` what was decided shows at once."""
    enrolment, exercise = submission.enrolment, submission.exercise
    due = deadlines.due_at(submission, at=at)
    state = submission.state if coach else submission.state_at(at)
    opens = deadlines.opens_at(enrolment, exercise.week.number, at=at)
    if state == Submission.State.DRAFT and not submission.is_started:
        state = OPEN if opens <= at else LOCKED
    if state != LOCKED and not submission.attempts_made and deadlines.is_excused(enrolment, exercise):
        state = EXCUSED
    waiting = enrolment.is_active and state in (OPEN, Submission.State.DRAFT, Submission.State.RETURNED)
    late_at = at if waiting else submission.handed_in_at
    return Standing(
        submission=submission,
        exercise=exercise,
        state=str(state),
        opens_at=opens,
        due_at=due,
        is_late=bool(late_at) and state != LOCKED and waiting and deadlines.is_late(late_at, due),
    )


def submissions_of(enrolment: Enrolment):
    """The enrolment's pieces that can be handed in, with what `standing` reads."""
    return (
        Submission.objects.filter(enrolment=enrolment, exercise__kind__in=Exercise.OFFERED, exercise__counted=False)
        .select_related("exercise__week")
        .order_by("exercise__week__number", "exercise__position")
    )


def standings(enrolment: Enrolment, *, at: datetime) -> list[Standing]:
    """Every piece of one enrolment, in the order of the programme."""
    return _standings(enrolment, asks_pieces(enrolment).all(), at)


def asks_pieces(enrolment: Enrolment) -> Asked:
    """What `standings` asks, for a page that asks more at once."""
    return _pieces.of(whose=enrolment.pk)


def piece_of(enrolment: Enrolment, key: str) -> Submission | None:
    """The piece for one exercise, by its key."""
    return _piece.first(whose=enrolment.pk, key=key)


@Question
def _pieces(*, whose: int) -> QuerySet[Submission]:
    return submissions_of(Enrolment(pk=whose))


@Question
def _piece(*, whose: int, key: str) -> QuerySet[Submission]:
    return submissions_of(Enrolment(pk=whose)).filter(exercise__key=key)[:1]


def missing(enrolment: Enrolment, week: int, *, at: datetime) -> list[Standing]:
    """What of a week is required, was never handed in and is not excused."""
    return _standings(enrolment, _missing(enrolment, week), at)


def is_anything_missing(enrolment: Enrolment, week: int) -> bool:
    found = _missing(enrolment, week)
    return found.exists() if isinstance(found, QuerySet) else bool(found)


def main_piece(enrolment: Enrolment, week: int) -> Submission | None:
    """The client's piece for the main exercise of a week."""
    known = _read_ahead(enrolment, week)
    if known is not None:
        return next((piece for piece in known if piece.exercise.role == "main"), None)
    rows = Submission.objects.filter(enrolment=enrolment, exercise__week__number=week, exercise__role="main")
    return rows.select_related("exercise__week").first()


def read_ahead(enrolments: Collection[Enrolment], weeks: Collection[int]) -> None:
    """Read the pieces of some weeks for many clients together, for who asks about each of them next.

    They are kept on the enrolments, so they are known as long as those are held, and no longer.
    """
    rows = Submission.objects.filter(enrolment__in=enrolments, exercise__week__number__in=weeks)
    found = list(rows.defer("draft", "meant").order_by("exercise__week__number", "exercise__position"))
    exercises = Exercise.objects.select_related("week").in_bulk({piece.exercise_id for piece in found})
    for enrolment in enrolments:
        vars(enrolment).setdefault("pieces_of_weeks", {}).update({week: [] for week in weeks})
    by_pk = {enrolment.pk: enrolment for enrolment in enrolments}
    for piece in found:
        piece.exercise = exercises[piece.exercise_id]
        vars(by_pk[piece.enrolment_id])["pieces_of_weeks"][piece.exercise.week.number].append(piece)


def is_read_ahead(enrolment: Enrolment, week: int) -> bool:
    return _read_ahead(enrolment, week) is not None


def _read_ahead(enrolment: Enrolment, week: int) -> list[Submission] | None:
    return vars(enrolment).get("pieces_of_weeks", {}).get(week)


def _missing(enrolment: Enrolment, week: int) -> Sequence[Submission] | QuerySet[Submission]:
    known = _read_ahead(enrolment, week)
    if known is not None:
        return [piece for piece in known if _is_missing(piece, enrolment)]
    asked = submissions_of(enrolment).filter(exercise__week__number=week, exercise__required=True, attempts_made=0)
    return asked.exclude(exercise__in=Excusal.objects.filter(enrolment=enrolment, ended_at=None).values("exercise"))


def _is_missing(piece: Submission, enrolment: Enrolment) -> bool:
    exercise = piece.exercise
    is_asked = exercise.kind in Exercise.OFFERED and not exercise.counted and exercise.required
    return is_asked and not piece.attempts_made and not deadlines.is_excused(enrolment, exercise)


def _standings(enrolment: Enrolment, submissions, at: datetime) -> list[Standing]:
    """What the dates hang on is read once, however many pieces there are."""
    prefetch_related_objects([enrolment], *deadlines.OF_AN_ENROLMENT)
    found = []
    for submission in submissions:
        submission.enrolment = enrolment
        found.append(standing(submission, at=at))
    return found
