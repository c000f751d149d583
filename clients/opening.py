"""Opening a cohort on a published edition."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from curriculum import moments
from curriculum.models import Edition

from . import agreeing, recording
from .models import Cohort, User
from .signals import cohort_opened

TAKEN = ("new",)  # an address of its own
FIRST_YEAR, LAST_YEAR = 2000, 2100  # beyond these some zone's arithmetic leaves the calendar


class CannotOpen(ValidationError):
    """The cohort cannot be opened like this. Carries the field it is about in `field`."""

    def __init__(self, field: str, message: str, code: str):
        super().__init__(message, code=code)
        self.field = field


def open_refusal(*, name: str, edition: Edition, starts_on: date, zone: str) -> CannotOpen | None:
    if not edition.is_published:
        return CannotOpen("edition", _("Publish this edition first; cohorts run on published ones."), "edition.draft")
    if starts_on.weekday() != 0:
        return CannotOpen("starts_on", _("Week 1 starts on a Monday; this is another day."), "cohort.not_monday")
    if not moments.zone_exists(zone):
        return CannotOpen("zone", _("Choose a time zone from the list."), "cohort.zone")
    if slugify(name) in ("", *TAKEN):
        return CannotOpen("name", _("Give the cohort a name of its own, with letters in it."), "cohort.name")
    if not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        return CannotOpen("starts_on", _("Choose a date in this century."), "cohort.far_away")
    if Cohort.objects.filter(slug=slugify(name)).exists():
        return CannotOpen("name", _("There is a cohort of this name already."), "cohort.name_taken")
    return None


@transaction.atomic
def open_cohort(
    *, name: str, edition: Edition, starts_on: date, zone: str, by: User | None, at: datetime, demo: bool = False
) -> Cohort:
    """A new cohort, on a published edition. Nobody is in it and nothing is sent yet."""
    if refusal := open_refusal(name=name, edition=edition, starts_on=starts_on, zone=zone):
        raise refusal
    cohort = Cohort.objects.create(
        name=name,
        slug=slugify(name),
        edition=edition,
        starts_on=starts_on,
        zone=zone,
        created_at=at,
        demo=demo,
        agreement=agreeing.for_a_new_cohort(),
    )
    recording.record("opened cohort", cohort, by=by, at=at, cohort=cohort, note=name)
    cohort_opened.send(sender=Cohort, cohort=cohort, at=at)
    return cohort
