"""Stopping all mail of a cohort at once, and letting it go again. No date moves and nothing is lost: mails are held.
Also: which reminders a cohort does without, from the beginning or from some day on.

Pausing is for people: a cohort stands still and its dates move. This is for when mail itself has gone wrong.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import messaging, recording
from .models import Cohort, User
from .models.cohort import CAN_BE_LEFT_OUT


class CannotStop(ValidationError):
    """Mail is not in a state for this."""


class NotTheseMessages(ValidationError):
    """Something that cannot be left out."""

    field = "left_out"


def stop_refusal(cohort: Cohort) -> CannotStop | None:
    if cohort.mail_stopped_at:
        return CannotStop(_("Mail to this cohort is stopped already."), code="mail.stopped")
    return None


def release_refusal(cohort: Cohort) -> CannotStop | None:
    if not cohort.mail_stopped_at:
        return CannotStop(_("Mail to this cohort is not stopped."), code="mail.not_stopped")
    return None


def leave_out_refusal(cohort: Cohort, groups: Iterable[str]) -> ValidationError | None:
    if not set(groups) <= set(CAN_BE_LEFT_OUT):
        return NotTheseMessages(_("Only reminders can be left out. Choose among those."), code="messages.no_reminder")
    if cohort.is_closed:
        return CannotStop(_("This cohort is closed."), code="cohort.closed")
    return None


@transaction.atomic
def leave_out(cohort: Cohort, groups: Iterable[str], *, by: User, at: datetime) -> Cohort:
    """The cohort does without these groups of reminders from now on, and without no others. Nothing is lost of what
    was planned: it is asked again at its time, so what is left out no more comes again."""
    cohort, chosen = locked(cohort), sorted(set(groups))
    if refusal := leave_out_refusal(cohort, chosen):
        raise refusal
    if cohort.left_out != chosen:
        cohort.left_out = chosen
        cohort.save(update_fields=["left_out"])
        note = ", ".join(chosen) or "nothing"
        recording.record("chose reminders to leave out", cohort, by=by, at=at, cohort=cohort, note=note)
    return cohort


@transaction.atomic
def stop_mail(cohort: Cohort, *, by: User, at: datetime, reason: str = "") -> Cohort:
    """From this instant on nothing is sent to anybody in it, not even an invitation."""
    cohort = locked(cohort)
    if refusal := stop_refusal(cohort):
        raise refusal
    return _changed(cohort, at, "stopped mail", by=by, at=at, note=reason)


@transaction.atomic
def release_mail(cohort: Cohort, *, by: User, at: datetime) -> Cohort:
    """What was held is asked again: what no longer makes sense stays at home."""
    cohort = locked(cohort)
    if refusal := release_refusal(cohort):
        raise refusal
    messaging.release_held(cohort, at=at, reason=messaging.MAIL_STOPPED)
    return _changed(cohort, None, "released mail", by=by, at=at, note="")


def locked(cohort: Cohort) -> Cohort:
    """Waits for whoever is sending to this cohort right now: they hold its row while a mail server answers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
    return Cohort.objects.select_for_update().get(pk=cohort.pk)


def _changed(cohort: Cohort, stopped_at: datetime | None, action: str, *, by: User, at: datetime, note: str) -> Cohort:
    cohort.mail_stopped_at = stopped_at
    cohort.save(update_fields=["mail_stopped_at"])
    recording.record(action, cohort, by=by, at=at, cohort=cohort, note=note)
    return cohort
