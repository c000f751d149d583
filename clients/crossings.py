"""Reading what another edition would mean for a cohort under way: piece by piece what has its place there by its key,
what stays in the form it was begun in, and what comes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from curriculum import editions, moments, successors
from curriculum.models import Edition, Exercise

from .models import Assessment, Attempt, Cohort, Crossing, OneOnOne, Receipt, Recording, Submission
from .models.crossing import UNDONE_WITHIN


@dataclass(frozen=True)
class Sorted:
    """Every piece of a cohort, sorted. `along` have a place in the other edition; `stays` were begun and have none, so
    they go on in their own form; `gone` are untouched and not asked for any more; `fresh` come, by enrolment."""

    along: tuple[tuple[Submission, Exercise], ...]
    stays: tuple[Submission, ...]
    gone: tuple[Submission, ...]
    fresh: tuple[tuple[int, Exercise], ...]
    begun: frozenset[int]
    offered: dict[str, Exercise]

    @property
    def into(self) -> dict[int, int]:
        """Exercise → the one in its place, of every piece that follows."""
        return {piece.exercise_id: into.pk for piece, into in self.along if piece.exercise_id != into.pk}

    @property
    def in_own_form(self) -> list[tuple[int, int]]:
        """Of whom what is not asked: the other form of what they go on with, a draft of what is taught no more."""
        return [
            (piece.enrolment_id, into.pk if into else piece.exercise_id)
            for piece in self.stays
            if (into := self.offered.get(piece.exercise.key)) or not piece.attempts_made
        ]

    @cached_property
    def seal(self) -> str:
        """The same as long as nothing of it changes: whoever says yes has seen this."""
        lines = [f"{piece.pk}>{into.pk}{piece.pk in self.begun}" for piece, into in self.along]
        lines += [f"{piece.pk}={piece.attempts_made}" for piece in self.stays] + [f"{one.pk}-" for one in self.gone]
        lines += [f"{whose}+{one.pk}" for whose, one in self.fresh]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def between(
    cohort: Cohort, edition: Edition, *, locked: bool = False, back_since: datetime | None = None
) -> Sorted:  # fmt: skip
    """Everybody who is or was in the cohort. Four queries.

    On the way back, what was not written in since then has its place where it came from.
    """
    offered = {one.key: one for one in editions.exercises_of(edition)}
    along, stays, gone = [], [], []
    known: dict[int, set[str]] = defaultdict(set)
    pieces = list(_pieces(cohort, locked))
    begun = frozenset(_begun(cohort))  # once they are held, so that nobody begins one meanwhile
    for piece in pieces:
        into = offered.get(piece.exercise.key)
        if into and (piece.pk not in begun or _fits(into, piece, back_since)):
            along.append((piece, into))
        elif piece.pk in begun:
            stays.append(piece)
        else:
            gone.append(piece)
            continue
        known[piece.enrolment_id].add(piece.exercise.key)
    everybody = cohort.enrolments.order_by("pk").values_list("pk", flat=True)
    fresh = [(whose, one) for whose in everybody for key, one in offered.items() if key not in known[whose]]
    return Sorted(tuple(along), tuple(stays), tuple(gone), tuple(fresh), begun, offered)


def too_late(cohort: Cohort, found: Sorted, *, at: datetime) -> list[tuple[int, int]]:
    """What comes for whom in a week that is over; nobody is late with what was not there in time."""
    calendar, over = cohort.calendar(), {}
    for week in {one.week.number for one in found.offered.values()}:
        over[week] = moments.opens_at(calendar, week + 1, at=at) <= at
    moved = [
        (piece.enrolment_id, into)
        for piece, into in found.along
        if not piece.attempts_made and piece.exercise.week.number != into.week.number
    ]
    return [(whose, one.pk) for whose, one in (*found.fresh, *moved) if one.required and over[one.week.number]]


def _fits(new: Exercise, piece: Submission, back_since: datetime | None) -> bool:
    if back_since and all(one is None or one <= back_since for one in (piece.draft_saved_at, piece.handed_in_at)):
        return True
    return new.pk == piece.exercise_id or successors.holds(new, piece.exercise)


def _pieces(cohort: Cohort, locked: bool) -> QuerySet[Submission]:
    rows = Submission.objects.select_for_update(of=("self",)) if locked else Submission.objects.all()
    return rows.filter(enrolment__cohort=cohort).select_related("exercise__week").defer("draft", "meant").order_by("pk")


def _begun(cohort: Cohort) -> Iterable[int]:
    """The pieces something was written, recorded or handed in for."""
    found = Q(draft_saved_at__isnull=False)
    for model in (Attempt, Recording, Receipt, OneOnOne):
        found |= Q(Exists(model.objects.filter(submission=OuterRef("pk"))))
    return Submission.objects.filter(found, enrolment__cohort=cohort).order_by("pk").values_list("pk", flat=True)


def asks_other_questions(cohort: Cohort, edition: Edition) -> bool:
    """Whether somebody has rated themselves by statements that are others in the other edition."""
    rated = Assessment.objects.filter(enrolment__cohort=cohort).exists()
    return rated and not successors.same_questions(cohort.edition, edition)


def change_of(cohort: Cohort, edition: Edition) -> str:
    """The class of an edition against the one the cohort walks."""
    return editions.class_between(cohort.edition, edition)


def newer(cohort: Cohort) -> QuerySet[Edition]:
    """What a cohort can go over to."""
    later = Edition.objects.published().filter(programme=cohort.edition.programme_id)
    return later.filter(number__gt=cohort.edition.number).select_related("programme").order_by("-number")


# --- One that was made ----------------------------------------------------------------------------


def last(cohort: Cohort) -> Crossing | None:
    """The last step of a cohort that stands."""
    rows = cohort.crossings.filter(undone_at=None, entered=cohort.edition_id)
    return rows.select_related("left__programme", "entered__programme", "by").order_by("-at", "-pk").first()


def undone_until(crossing: Crossing) -> datetime:
    """Until when it can be undone."""
    return crossing.at + UNDONE_WITHIN
