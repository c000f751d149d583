"""Which snapshots are in whose hands, and who could be handed one."""

from typing import Any

from django.db.models import Count, QuerySet

from clients.models import User
from clients.models.user import SPONSORS

from . import caseload, sponsorships
from .models import Handout, Snapshot, Sponsorship


def visible_to(user: User) -> QuerySet[Handout]:
    """For an admin every one, with those taken back; for a sponsor what they hold, while they are a sponsor of every
    cohort in it."""
    rows = Handout.objects.select_related("snapshot", "sponsor", "handed_by").prefetch_related("snapshot__cohorts")
    rows = rows.defer("snapshot__data", "snapshot__shown")
    return rows if caseload.is_admin(user) else _held(rows, user)


def to_sponsor(user: User) -> QuerySet[Handout]:
    """What a sponsor reads, the latest first; of an admin what was handed to them."""
    return _held(visible_to(user), user)


def _held(rows: QuerySet[Handout], user: User) -> QuerySet[Handout]:
    others = Snapshot.cohorts.through.objects.exclude(cohort__in=sponsorships.sponsored_by(user).order_by())
    held = rows.filter(sponsor=user, taken_back_at=None)
    return held.exclude(snapshot__in=others.values("snapshot"))


def of(snapshot: Snapshot) -> QuerySet[Handout]:
    """Everybody it was handed to, the latest first."""
    return Handout.objects.filter(snapshot=snapshot).select_related("sponsor", "handed_by")


def could_get(snapshot: Snapshot) -> QuerySet[User]:
    """The sponsors of every cohort in it, by name."""
    cohorts = [one.pk for one in snapshot.cohorts.all()]
    here = Sponsorship.objects.filter(cohort__in=cohorts, ended_at=None).order_by().values("sponsor")
    of_all: QuerySet[Any] = here.annotate(n=Count("cohort", distinct=True)).filter(n=len(cohorts)).values("sponsor")
    return sponsors().filter(pk__in=of_all)


def sponsors() -> QuerySet[User]:
    """Everybody who is a sponsor of anything, by name."""
    return User.objects.filter(is_active=True, groups__name=SPONSORS).order_by("name", "pk")


def waiting(snapshot: Snapshot) -> QuerySet[User]:
    """Whoever of them does not have it."""
    return could_get(snapshot).exclude(pk__in=of(snapshot).filter(taken_back_at=None).values("sponsor"))
