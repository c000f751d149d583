"""Exports that were asked for: whose they are, where their files lie, how long they are there."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from clients.models import Cohort, Enrolment, User

from .. import caseload
from ..models import Export

KEPT = timedelta(hours=24)
TYPE = "application/zip"
State = Export.State


def visible_to(user: User) -> QuerySet[Export]:
    """One's own, for admins; nobody else has any."""
    if not caseload.is_admin(user):
        return Export.objects.none()
    return Export.objects.filter(asked_by=user).select_related("cohort", "joins")


def joinable(user: User) -> QuerySet[Export]:
    """Whose codes another one may have: those without names."""
    return visible_to(user).filter(names=False).exclude(state=State.FAILED)


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def path_of(export: Export) -> Path:
    return folder() / f"{export.key}.zip"


def staged(export: Export) -> Path:
    """Where the one who makes it writes; each try has a place of its own."""
    return folder() / f"{export.key}.{export.tries}.part"


def name_of(export: Export) -> str:
    """What the file is called by whoever fetches it."""
    return f"across-{export.cohort.slug if export.cohort else 'all'}-{export.asked_at:%Y-%m-%d}.zip"


def ends_at(export: Export) -> datetime | None:
    """Until when its file is there."""
    return export.ready_at + KEPT if export.ready_at else None


def is_there(export: Export, *, at: datetime) -> bool:
    """Whether its file can be fetched."""
    ends = ends_at(export)
    return export.state == State.READY and ends is not None and at < ends


def cohorts_of(export: Export) -> QuerySet[Cohort]:
    """What it is about."""
    return Cohort.objects.filter(pk=export.cohort_id) if export.cohort_id else Cohort.objects.all()


def people_in(cohort: Cohort | None) -> int:
    """How many people are or were clients there, each counted once."""
    rows = Enrolment.objects.filter(cohort=cohort) if cohort else Enrolment.objects.all()
    return rows.values("client").distinct().count()
