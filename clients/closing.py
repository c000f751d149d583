"""Closing a cohort: everybody in it has finished or left, and nothing of it goes on.

What was handed in stays readable. What comes months later is a graduate's own and still comes.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import recording, stopping
from .models import Cohort, Invitation, User
from .signals import cohort_closed

NAMED = 5  # of those who keep it open


class CannotClose(ValidationError):
    """Not this cohort, or not now."""


def close_refusal(cohort: Cohort) -> CannotClose | None:
    """Why it cannot be closed now; of people, who keeps it open."""
    if cohort.is_closed:
        return CannotClose(_("This cohort is closed."), code="cohort.closed")
    if cohort.is_paused:
        return CannotClose(_("This cohort is paused. Let it go on first."), code="cohort.paused")
    if walking := list(
        cohort.enrolments.active().order_by("client__name", "pk").values_list("client__name", flat=True)
    ):
        words = ngettext(
            "%(names)s has neither finished nor left.", "%(names)s have neither finished nor left.", len(walking)
        )
        return CannotClose(words % {"names": _named(walking)}, code="cohort.walks")
    return None


def _named(names: list[str]) -> str:
    """The first of them, and how many more."""
    told, more = names[:NAMED], len(names) - NAMED
    if more > 0:
        told.append(ngettext("one more", "%(n)s more", more) % {"n": more})
    return (
        told[0] if len(told) == 1 else _("%(first)s and %(last)s") % {"first": ", ".join(told[:-1]), "last": told[-1]}
    )


@transaction.atomic
def close(cohort: Cohort, *, by: User, at: datetime) -> Cohort:
    """Nobody comes in, nothing is handed in or reviewed, nothing is planned. Open invitations open nothing."""
    cohort = stopping.locked(cohort)
    if refusal := close_refusal(cohort):
        raise refusal
    cohort.closed_at = at
    cohort.save(update_fields=["closed_at"])
    Invitation.objects.filter(cohort=cohort, accepted_at=None, revoked_at=None).update(revoked_at=at)
    recording.record("closed", cohort, by=by, at=at, cohort=cohort)
    cohort_closed.send(sender=Cohort, cohort=cohort, at=at)
    return cohort
