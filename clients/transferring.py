"""Moving a client to another cohort of their programme, and undoing it within two weeks.

What was begun goes along by the keys of its exercises; what comes is dated by the other cohort, with the seven days
of whoever joins late. What has no place there stays where it was, readable. Lock order: the cohorts, the enrolments,
then their pieces. A piece that a coach has in hand goes along and stays with that coach: see `coaching.accompanying`.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import successors

from . import deadlines, endings, joining, messaging, recording, transfers
from .models import Acceptance, Cohort, Enrolment, Excusal, Hold, LessonReading, Submission, Transfer, User
from .signals import enrolled, left, returned, transfer_undone, transferred

State = Enrolment.State


class CannotTransfer(ValidationError):
    """Not this client, or not now."""


class NotThere(ValidationError):
    """Another cohort, please."""

    field = "cohort"


# --- Refusals -------------------------------------------------------------------------------------


def leave_refusal(enrolment: Enrolment) -> CannotTransfer | None:
    """Why this client goes nowhere now, whatever the cohort."""
    if not enrolment.is_active:
        return CannotTransfer(endings.sentence(enrolment), code="enrolment.ended")
    if enrolment.cohort.is_closed:
        return CannotTransfer(_("This cohort is closed."), code="cohort.closed")
    return None


def transfer_refusal(enrolment: Enrolment, cohort: Cohort) -> ValidationError | None:
    if refusal := leave_refusal(enrolment):
        return refusal
    told = {"name": enrolment.client, "cohort": cohort}
    if cohort.pk == enrolment.cohort_id:
        return NotThere(_("%(name)s is in %(cohort)s already.") % told, code="transfer.same")
    if cohort.is_closed:
        return NotThere(_("%(cohort)s is closed. Choose one that is open.") % told, code="transfer.closed")
    if cohort.edition.programme_id != enrolment.cohort.edition.programme_id:
        words = _("%(cohort)s walks another programme, so nothing would go along. Invite %(name)s there instead.")
        return NotThere(words % told, code="transfer.other_programme")
    before = Enrolment.objects.filter(client=enrolment.client_id, cohort=cohort).first()
    if before and before.state != State.TRANSFERRED:
        words = _("%(name)s has been in %(cohort)s before, and that record stands.")
        return NotThere(words % told, code="transfer.there")
    return None


def undo_refusal(transfer: Transfer, *, at: datetime) -> CannotTransfer | None:
    told = {"name": transfer.left.client, "cohort": transfer.entered.cohort}
    if transfer.undone_at or transfer.left.went_on_in_id != transfer.entered_id:
        return CannotTransfer(_("This is undone already."), code="transfer.undone")
    if not transfer.entered.is_active:
        return CannotTransfer(endings.sentence(transfer.entered), code="enrolment.ended")
    if transfer.left.cohort.is_closed:
        return CannotTransfer(_("This cohort is closed."), code="cohort.closed")
    if at > transfers.undone_until(transfer):
        words = _("%(name)s changed to %(cohort)s more than two weeks ago, and that stands.")
        return CannotTransfer(words % told, code="transfer.settled")
    if transfers.handed_in_since(transfer):
        words = _("%(name)s has handed in something in %(cohort)s since, so they stay there.")
        return CannotTransfer(words % told, code="transfer.handed_in")
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def transfer(enrolment: Enrolment, cohort: Cohort, *, by: User, at: datetime, reason: str = "") -> Transfer:
    """This client goes on in another cohort from now on."""
    here, cohort = _locked(enrolment, cohort)
    if refusal := transfer_refusal(here, cohort):
        raise refusal
    there = _enter(here.client, cohort, by, at)
    _leave(here, there, at)
    _carry(here, there, by, at)
    made = Transfer.objects.create(left=here, entered=there, at=at, by=by, reason=reason)
    recording.record("transferred", here, by=by, at=at, cohort=here.cohort, note=f"to {cohort}. {reason}".strip(". "))
    transferred.send(sender=Transfer, transfer=made, at=at)
    return made


@transaction.atomic
def undo(made: Transfer, *, by: User, at: datetime) -> Transfer:
    """This client is back where they were, with what went along and what was begun since."""
    here, _there = _locked(made.left, made.entered.cohort)
    made = Transfer.objects.select_related("left", "entered__client", "entered__cohort__edition").get(pk=made.pk)
    made.left = here
    if refusal := undo_refusal(made, at=at):
        raise refusal
    made.undone_at, made.undone_by = at, by
    made.save(update_fields=["undone_at", "undone_by"])
    _return(here, at)
    Hold.objects.filter(enrolment=here, ended_at=made.at).update(ended_at=None)
    _leave(made.entered, here, at)
    _carry(made.entered, here, by, at)
    recording.record("took back a transfer", here, by=by, at=at, cohort=here.cohort, note=f"from {made.entered.cohort}")
    transfer_undone.send(sender=Transfer, transfer=made, at=at)
    return made


# --- Leaving and coming in --------------------------------------------------------------------------


def _locked(enrolment: Enrolment, cohort: Cohort) -> tuple[Enrolment, Cohort]:
    """Both cohorts, the client's enrolments in them and what hangs on those: whoever hands in or sends comes first.

    Keys stay free: whoever has a piece in hand writes rows that name its enrolment and its cohort.
    """
    list(Cohort.objects.select_for_update(no_key=True).filter(pk__in=[enrolment.cohort_id, cohort.pk]).order_by("pk"))
    both = Enrolment.objects.filter(client=enrolment.client_id, cohort__in=[enrolment.cohort_id, cohort.pk])
    list(both.select_for_update(no_key=True).order_by("pk"))
    list(Submission.objects.select_for_update().filter(enrolment__in=both.values("pk")).order_by("pk"))
    whole = deadlines.with_calendar(Enrolment.objects.all()).get(pk=enrolment.pk)
    return whole, Cohort.objects.select_related("edition").get(pk=cohort.pk)


def _enter(client: User, cohort: Cohort, by: User, at: datetime) -> Enrolment:
    """As whoever joins late; or once more, where they had gone on from."""
    before = Enrolment.objects.filter(client=client, cohort=cohort).select_related("client", "cohort__edition").first()
    if before is None:
        return joining.enrol(cohort, client=client, by=by, at=at)
    before.joined_at = at
    before.save(update_fields=["joined_at"])
    _return(before, at)
    enrolled.send(sender=Enrolment, enrolment=before, at=at)
    return before


def _return(enrolment: Enrolment, at: datetime) -> None:
    enrolment.state, enrolment.left_at, enrolment.went_on_in = State.ACTIVE, None, None
    enrolment.save(update_fields=["state", "left_at", "went_on_in"])
    returned.send(sender=Enrolment, enrolment=enrolment, at=at)


def _leave(here: Enrolment, there: Enrolment, at: datetime) -> None:
    """A hold ends with it: where they go on nobody has put them on hold."""
    here.holds.filter(ended_at=None).update(ended_at=at)
    here.state, here.left_at, here.went_on_in = State.TRANSFERRED, at, there
    here.save(update_fields=["state", "left_at", "went_on_in"])
    messaging.release_held(here.cohort, at=at, person=here.client, reason=messaging.ON_HOLD)
    left.send(sender=Enrolment, enrolment=here, at=at)


# --- What goes along --------------------------------------------------------------------------------


def _carry(here: Enrolment, there: Enrolment, by: User, at: datetime) -> None:
    found = transfers.between(here, there)
    there.submissions.filter(exercise__in=[one.exercise for one in found.along]).delete()  # untouched: see `begun`
    for piece, exercise in found.along:
        piece.enrolment, piece.exercise = there, exercise
    Submission.objects.bulk_update([one.piece for one in found.along], ["enrolment", "exercise"])
    _carry_agreement(here, there)
    _carry_records(here, there, ratings=found.ratings)
    _carry_excusals(here, there)
    reason = _("Done in %(cohort)s, before the change of cohort.") % {"cohort": here.cohort}
    known = set(there.excusals.filter(ended_at=None).values_list("exercise", flat=True))
    fresh = [one for one in found.excused if one.pk not in known]
    Excusal.objects.bulk_create(
        Excusal(enrolment=there, exercise=one, reason=reason[:200], excused_at=at, excused_by=by) for one in fresh
    )


def _carry_agreement(here: Enrolment, there: Enrolment) -> None:
    """Whoever has accepted a version has accepted it there as well; where another one is asked for, it is asked."""
    known = ("agreement_id", "sha256", "accepted_at")
    rows = here.acceptances.values(*known)
    Acceptance.objects.bulk_create([Acceptance(enrolment=there, **row) for row in rows], ignore_conflicts=True)
    if here.agreement_id and not there.agreement_id:
        there.agreement_id = here.agreement_id
        there.save(update_fields=["agreement"])


def _carry_records(here: Enrolment, there: Enrolment, *, ratings: bool) -> None:
    """What they keep: meetings, the ledger, 1:1s, what they have read, how they rated themselves, their focus."""
    for rows in (here.meetings, here.ledger, here.one_on_ones):
        rows.update(enrolment=there)
    if ratings:
        here.assessments.exclude(moment__in=there.assessments.values("moment")).update(enrolment=there)
    lessons, read = successors.of_lessons(here.cohort.edition, there.cohort.edition), []
    known = set(there.lesson_readings.values_list("lesson", flat=True))
    for row in here.lesson_readings.all():
        if lessons.get(row.lesson_id, row.lesson_id) not in known and row.lesson_id in lessons:
            row.enrolment, row.lesson_id = there, lessons[row.lesson_id]
            read.append(row)
    LessonReading.objects.bulk_update(read, ["enrolment", "lesson"])
    if here.focus:
        there.focus, there.focus_competency, there.focus_at = here.focus, here.focus_competency, here.focus_at
        there.save(update_fields=["focus", "focus_competency", "focus_at"])


def _carry_excusals(here: Enrolment, there: Enrolment) -> None:
    """What is not asked of them is not asked of them there either, unless it is in."""
    into = successors.of_exercises(here.cohort.edition, there.cohort.edition)
    done = set(there.submissions.filter(attempts_made__gte=1).values_list("exercise", flat=True))
    done |= set(there.excusals.filter(ended_at=None).values_list("exercise", flat=True))
    for one in Excusal.objects.filter(enrolment=here, ended_at=None):
        if one.exercise_id in into and into[one.exercise_id].pk not in done:
            Excusal.objects.filter(pk=one.pk).update(enrolment=there, exercise=into[one.exercise_id])
