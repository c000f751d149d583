"""Taking things out for good. The only module that may lift the triggers on frozen rows.

Attempts, the journal and published editions refuse UPDATE and DELETE. Erasing what belongs to a cohort
of the demo is one of the few reasons to do it all the same, and a test looks for any other place.
"""

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from .models import (
    Acceptance,
    Assessment,
    Attempt,
    BreakWeek,
    Cohort,
    CohortPause,
    CohortShift,
    Enrolment,
    Excusal,
    Extension,
    Hold,
    Invitation,
    JournalEntry,
    LedgerLine,
    LessonReading,
    Meeting,
    Message,
    Notice,
    OneOnOne,
    Receipt,
    Recording,
    Submission,
    TakenBack,
    Transfer,
    User,
)


@transaction.atomic
def remove_cohort_records(cohort: Cohort) -> None:
    """Everything of this floor that hangs on the cohort, and the cohort. Higher floors go first."""
    _lift()
    attempts = Attempt.objects.filter(submission__enrolment__cohort=cohort)
    TakenBack.objects.filter(attempt__in=attempts).delete()
    attempts.delete()
    _remove_what_they_keep(cohort)
    for of_one in (Hold, Extension, Excusal):
        of_one.objects.filter(enrolment__cohort=cohort).delete()
    Submission.objects.filter(enrolment__cohort=cohort).delete()
    LessonReading.objects.filter(enrolment__cohort=cohort).delete()
    Acceptance.objects.filter(enrolment__cohort=cohort).delete()
    _remove_changes_of_cohort(cohort)
    Enrolment.objects.filter(cohort=cohort).delete()
    Invitation.objects.filter(cohort=cohort).delete()
    Notice.objects.filter(cohort=cohort).delete()
    Message.objects.filter(cohort=cohort).delete()
    for of_all in (CohortPause, BreakWeek, CohortShift):
        of_all.objects.filter(cohort=cohort).delete()
    JournalEntry.objects.filter(cohort_id=cohort.pk).delete()
    cohort.delete()
    _lower()


def _remove_changes_of_cohort(cohort: Cohort) -> None:
    """Whoever had gone on here from elsewhere has left there."""
    here = Enrolment.objects.filter(cohort=cohort)
    Transfer.objects.filter(Q(left__in=here) | Q(entered__in=here)).delete()
    came = Enrolment.objects.filter(Q(went_on_in__in=here) | Q(pk__in=here), went_on_in__isnull=False)
    came.update(state=Enrolment.State.WITHDRAWN, went_on_in=None)


def _remove_what_they_keep(cohort: Cohort) -> None:
    """Rows only; the files they named are collected once no row names them."""
    OneOnOne.objects.filter(enrolment__cohort=cohort).delete()
    LedgerLine.objects.filter(enrolment__cohort=cohort).delete()
    Meeting.objects.filter(enrolment__cohort=cohort).delete()
    Assessment.objects.filter(enrolment__cohort=cohort).delete()
    Receipt.objects.filter(submission__enrolment__cohort=cohort).delete()
    Recording.objects.filter(submission__enrolment__cohort=cohort).delete()


@transaction.atomic
def remove_people(people) -> int:
    """Accounts that nothing hangs on any more."""
    _lift()
    ids = list(people.values_list("pk", flat=True))
    JournalEntry.objects.filter(actor_id__in=ids).delete()
    User.objects.filter(pk__in=ids).delete()
    _lower()
    return len(ids)


@transaction.atomic
def remove_records(rows: QuerySet) -> None:
    """Frozen rows of a higher floor, which goes on to take out their cohort."""
    _lift()
    rows.delete()
    _lower()


def _lift() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL across.lift_freeze = 'on'")


def _lower() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL across.lift_freeze = 'off'")
