"""A cohort under way goes over to a newer edition of its programme, and back within two weeks.

Every piece finds its place by the key of its exercise. What was begun and fits no more goes on in the form it was begun
in; nothing that was written, handed in or answered is touched. Lock order: the cohort, its enrolments, their pieces.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext as _

from curriculum import successors
from curriculum.models import Edition

from . import crossings, deadlines, recording
from .crossings import Sorted
from .models import Cohort, Crossing, Excusal, Extension, LessonReading, Submission, User
from .signals import crossed

# Why something is not asked for, as its client and their coaches read it.
OWN_FORM = "Goes on in the form of the edition it was begun in."
WEEK_OVER = "Came with a newer edition, when its week was over."


class CannotCross(ValidationError):
    """Not this cohort, or not now."""


class NotThere(ValidationError):
    """Another edition, please."""

    field = "edition"


# --- Refusals -------------------------------------------------------------------------------------


def stay_refusal(cohort: Cohort) -> CannotCross | None:
    """Why this cohort goes nowhere now, whatever the edition."""
    if cohort.is_closed:
        return CannotCross(_("This cohort is closed."), code="cohort.closed")
    if cohort.is_paused:
        words = _("This cohort stands still. It goes over once it goes on.")
        return CannotCross(words, code="crossing.paused")
    return None


def cross_refusal(cohort: Cohort, edition: Edition) -> ValidationError | None:
    if refusal := stay_refusal(cohort):
        return refusal
    if not edition.is_published:
        return NotThere(_("This edition is a draft. Publish it first."), code="crossing.draft")
    if edition.programme_id != cohort.edition.programme_id:
        return NotThere(_("This is an edition of another programme."), code="crossing.other_programme")
    if edition.number <= cohort.edition.number:
        words = _("%(cohort)s walks edition %(number)s. Choose one that is newer.")
        told = {"cohort": cohort, "number": cohort.edition.number}
        return NotThere(words % told, code="crossing.not_newer")
    if crossings.asks_other_questions(cohort, edition):
        words = _(
            "People have rated themselves by the questions of their edition, and this one asks others: their beginning "
            "and their end could not be compared. Other questions begin with another cohort."
        )
        return CannotCross(words, code="crossing.questions")
    return None


def undo_refusal(crossing: Crossing, *, at: datetime) -> CannotCross | None:
    if refusal := stay_refusal(crossing.cohort):
        return refusal
    if crossing.undone_at or crossing.cohort.edition_id != crossing.entered_id:
        return CannotCross(_("This is undone already, or the cohort has gone on since."), code="crossing.undone")
    if at > crossings.undone_until(crossing):
        return CannotCross(_("This was more than two weeks ago, and it stands."), code="crossing.settled")
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def cross(cohort: Cohort, edition: Edition, *, by: User, at: datetime, seen: str = "") -> Crossing:
    """Everybody in it walks the newer edition from now on.

    `seen` is the seal of what whoever says yes has looked at; where something breaks it is asked for.
    """
    cohort = _locked(cohort)
    if refusal := cross_refusal(cohort, edition):
        raise refusal
    found, change = crossings.between(cohort, edition, locked=True), crossings.change_of(cohort, edition)
    if change == Edition.Change.BREAKING and not seen:
        words = _("This edition breaks with the one before. Look first at what that does to each client.")
        raise CannotCross(words, code="crossing.unseen")
    if seen and seen != found.seal:
        raise CannotCross(_("Something was written meanwhile. Look at it once more."), code="crossing.moved_on")
    made = Crossing.objects.create(cohort=cohort, left=cohort.edition, entered=edition, change=change, at=at, by=by)
    _settle(cohort, edition, found, by, at)
    recording.record("went over", cohort, by=by, at=at, cohort=cohort, note=f"to {edition}, {change}")
    crossed.send(sender=Crossing, crossing=made, at=at)
    return made


@transaction.atomic
def undo(crossing: Crossing, *, by: User, at: datetime) -> Crossing:
    """Everybody walks the edition from before; what was begun since stays, in the form it was begun in."""
    cohort = _locked(crossing.cohort)
    made = Crossing.objects.select_related("left__programme", "entered").get(pk=crossing.pk)
    made.cohort = cohort
    if refusal := undo_refusal(made, at=at):
        raise refusal
    made.undone_at, made.undone_by = at, by
    made.save(update_fields=["undone_at", "undone_by"])
    _excused_by(made).delete()
    _settle(cohort, made.left, crossings.between(cohort, made.left, locked=True, back_since=made.at), by, at)
    recording.record("took back going over", cohort, by=by, at=at, cohort=cohort, note=f"to {made.left}")
    crossed.send(sender=Crossing, crossing=made, at=at)
    return made


# --- Inside ---------------------------------------------------------------------------------------


def _locked(cohort: Cohort) -> Cohort:
    """Waits for whoever sends, enrols or moves dates; then nobody in it hands in until it is over."""
    list(Cohort.objects.select_for_update().filter(pk=cohort.pk))
    list(cohort.enrolments.select_for_update(no_key=True).order_by("pk"))
    rows = Cohort.objects.select_related("edition__programme").prefetch_related(*deadlines.OF_A_COHORT)
    return rows.get(pk=cohort.pk)


def _settle(cohort: Cohort, edition: Edition, found: Sorted, by: User, at: datetime) -> None:
    """The one place where rows follow from one edition to the other."""
    stay = [piece.pk for piece in found.stays]
    whose = {"enrolment__cohort": cohort}
    Submission.objects.filter(pk__in=[piece.pk for piece in found.gone]).delete()  # untouched: see `between`
    _follow(Submission.objects.filter(**whose).exclude(pk__in=stay), "exercise", found.into)
    Submission.objects.bulk_create([Submission(enrolment_id=one, exercise=exercise) for one, exercise in found.fresh])
    staying = Submission.objects.filter(
        pk__in=stay, enrolment=OuterRef("enrolment"), exercise=OuterRef("exercise")
    )  # fmt: skip
    for rows in (Extension.objects, Excusal.objects):  # what was agreed about an exercise follows it
        agreed = rows.filter(~Exists(staying), **whose)
        _follow(agreed, "exercise", found.into | successors.of_counted(cohort.edition, edition))
    _follow(LessonReading.objects.filter(**whose), "lesson", successors.of_lessons(cohort.edition, edition))
    _excuse(OWN_FORM, found.in_own_form, by, at)
    _excuse(WEEK_OVER, crossings.too_late(cohort, found, at=at), by, at)
    cohort.edition = edition
    Cohort.objects.filter(pk=cohort.pk).update(edition=edition, plan_version=F("plan_version") + 1)


def _follow(rows: QuerySet, name: str, into: dict[int, int]) -> None:
    """One statement, however many."""
    if into:
        steps = (When(**{name: old, "then": Value(new)}) for old, new in into.items())
        rows.filter(**{f"{name}__in": list(into)}).update(**{f"{name}_id": Case(*steps)})


def _excuse(reason: str, wanted: list[tuple[int, int]], by: User, at: datetime) -> None:
    """These exercises are not asked of these clients, where that is not so already."""
    there = Excusal.objects.filter(enrolment__in=[whose for whose, _exercise in wanted], ended_at=None)
    known = set(there.values_list("enrolment", "exercise"))
    told = {"reason": reason, "excused_at": at, "excused_by": by}
    Excusal.objects.bulk_create(
        Excusal(enrolment_id=whose, exercise_id=exercise, **told)
        for whose, exercise in wanted
        if (whose, exercise) not in known
    )


def _excused_by(made: Crossing) -> QuerySet[Excusal]:
    """What going over itself has excused."""
    rows = Excusal.objects.filter(enrolment__cohort=made.cohort_id, excused_at=made.at, excused_by=made.by_id)
    return rows.filter(reason__in=[OWN_FORM, WEEK_OVER])
