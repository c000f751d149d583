"""Who is proposed as an admin and waits for a second admin; and whether somebody is one."""

from datetime import datetime

from django.db.models import QuerySet

from .models import AdminProposal, User
from .models.proposal import CONFIRMED_WITHIN
from .models.user import ADMINS


def is_admin(person: User) -> bool:
    return person.groups.filter(name=ADMINS).exists()


def visible_to(user: User) -> QuerySet[AdminProposal]:
    """To admins all, to everybody else none."""
    rows = AdminProposal.objects.select_related("person", "proposed_by", "confirmed_by")
    return rows if is_admin(user) else rows.none()


def open_to(user: User, *, at: datetime) -> QuerySet[AdminProposal]:
    """Those that wait, the oldest first."""
    waiting = visible_to(user).filter(confirmed_at=None, ended_at=None, proposed_at__gte=at - CONFIRMED_WITHIN)
    return waiting.order_by("proposed_at", "pk")
