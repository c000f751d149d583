"""Reading what of an enrolment would go along to another one, and what has no place there.

The same is asked of the way back, so undoing brings back whatever has come along or was begun since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from curriculum import successors
from curriculum.models import Exercise

from .models import Attempt, Enrolment, OneOnOne, Receipt, Recording, Submission, Transfer
from .models.transfer import UNDONE_WITHIN


class Along(NamedTuple):
    """A piece that goes along, and the exercise it is for there."""

    piece: Submission
    exercise: Exercise


@dataclass(frozen=True)
class Sorted:
    """What was begun in one enrolment, sorted by whether the other one has a place for it.

    `excused` are exercises there whose piece was handed in here and has no place: nobody is asked for them twice.
    `fresh` are exercises there that are not in the programme here.
    """

    along: tuple[Along, ...]
    stays: tuple[Submission, ...]
    excused: tuple[Exercise, ...]
    fresh: tuple[Exercise, ...]
    ratings: bool


def begun(enrolment: Enrolment) -> QuerySet[Submission]:
    """The pieces something was written, recorded or handed in for."""
    there = {"submission": OuterRef("pk")}
    hangs_on = (Exists(model.objects.filter(**there)) for model in (Attempt, Recording, Receipt, OneOnOne))
    found = Q(draft_saved_at__isnull=False)
    for one in hangs_on:
        found |= Q(one)
    rows = Submission.objects.filter(found, enrolment_id=enrolment.pk).select_related("exercise__week")
    return rows.order_by("exercise__week__number", "exercise__position")


def between(here: Enrolment, there: Enrolment) -> Sorted:
    """What goes along from one to the other, as both stand."""
    old, new = here.cohort.edition, there.cohort.edition
    successor, taken = successors.of_exercises(old, new), set(begun(there).values_list("exercise", flat=True))
    along, stays = [], []
    for piece in begun(here):
        into = successor.get(piece.exercise_id)
        fits = into and into.pk not in taken and successors.holds(into, piece.exercise)
        if into and fits:
            along.append(Along(piece, into))
        else:
            stays.append(piece)
    done = {piece.exercise_id for piece in stays if piece.attempts_made}
    return Sorted(
        along=tuple(along),
        stays=tuple(stays),
        excused=tuple(into for pk, into in successor.items() if pk in done and into.pk not in taken),
        fresh=_fresh(successor.values(), new.pk),
        ratings=successors.same_questions(old, new),
    )


def _fresh(known, edition: int) -> tuple[Exercise, ...]:
    rows = Exercise.objects.offered().filter(edition=edition).exclude(pk__in=[one.pk for one in known])
    return tuple(rows.select_related("week").order_by("week__number", "position"))


# --- One that was made ----------------------------------------------------------------------------


def standing(enrolment: Enrolment) -> Transfer | None:
    """How somebody came to go on elsewhere; None where they did not."""
    if enrolment.state != Enrolment.State.TRANSFERRED:
        return None
    rows = enrolment.transfers.filter(undone_at=None, entered=enrolment.went_on_in_id)
    whole = ("left__cohort__edition", "left__client", "entered__cohort__edition", "entered__client", "by")
    return rows.select_related(*whole).last()


def undone_until(transfer: Transfer) -> datetime:
    """Until when it can be undone."""
    return transfer.at + UNDONE_WITHIN


def handed_in_since(transfer: Transfer) -> Sequence[Attempt]:
    """What was handed in where they go on, and not taken back."""
    rows = Attempt.objects.filter(submission__enrolment=transfer.entered_id, taken_back=None)
    return list(rows.filter(handed_in_at__gt=transfer.at).select_related("submission__exercise")[:1])
