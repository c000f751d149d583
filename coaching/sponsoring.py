"""Sponsors come to a cohort by an invitation, and go."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import Cohort, User

from . import caseload
from .models import Sponsorship


class CannotSponsor(ValidationError):
    """Not this person, or not this cohort."""


def grant_refusal(cohort: Cohort, sponsor: User) -> CannotSponsor | None:
    if cohort.is_closed:
        return CannotSponsor(_("This cohort is closed."), code="cohort.closed")
    if Sponsorship.objects.filter(cohort=cohort, sponsor=sponsor, ended_at=None).exists():
        return CannotSponsor(
            _("%(name)s is a sponsor of this cohort already.") % {"name": sponsor}, code="sponsor.there"
        )
    walks = cohort.enrolments.filter(client=sponsor).exists()
    if walks or caseload.coaches(sponsor, cohort):
        return CannotSponsor(
            _("%(name)s is a client or a coach of this cohort, and a sponsor is neither.") % {"name": sponsor},
            code="sponsor.inside",
        )
    return None


@transaction.atomic
def grant(cohort: Cohort, *, sponsor: User, by: User | None, at: datetime) -> Sponsorship:
    """They see what sponsors see of it, from the next request on."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if refusal := grant_refusal(cohort, sponsor):
        raise refusal
    made = Sponsorship.objects.create(cohort=cohort, sponsor=sponsor, since=at)
    recording.record("became a sponsor", made, by=by, at=at, cohort=cohort, note=str(sponsor))
    return made


@transaction.atomic
def end(sponsorship: Sponsorship, *, by: User, at: datetime) -> None:
    """They see nothing of the cohort any more, from the next request on; no copy comes back by itself."""
    changed = Sponsorship.objects.filter(pk=sponsorship.pk, ended_at=None).update(ended_at=at)
    if not changed:
        raise CannotSponsor(_("This has ended already."), code="sponsor.ended")
    note = str(sponsorship.sponsor)
    recording.record("is no longer a sponsor", sponsorship, by=by, at=at, cohort=sponsorship.cohort, note=note)
