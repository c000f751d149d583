"""Reading the bell, and taking out of it what no longer needs to be read."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from . import choices, notices
from .models import Notice, User

logger = logging.getLogger(__name__)


@transaction.atomic
def read(notice: Notice, *, by: User, at: datetime) -> Notice:
    """Its person has seen it. Once is enough, and nobody else's is touched."""
    Notice.objects.filter(pk=notice.pk, person=by, read_at=None, withdrawn="", at__lte=at).update(read_at=at)
    notice.refresh_from_db(fields=["read_at"])
    return notice


@transaction.atomic
def read_all(person: User, *, at: datetime, until: datetime | None = None) -> int:
    """Everything that stood in the bell at `until`, so that what came since is not overlooked. How many."""
    mine = notices.unread(at=at).filter(person=person, at__lte=min(until or at, at))
    return Notice.objects.filter(pk__in=list(mine.values_list("pk", flat=True)), read_at=None).update(read_at=at)


@transaction.atomic(savepoint=False)
def withdraw(reason: str, **which) -> int:
    """Notices nobody has read and nobody needs to any more. How many went."""
    return Notice.objects.filter(read_at=None, withdrawn="", **which).update(withdrawn=reason[:200])


@transaction.atomic(savepoint=False)
def restore(reason: str, **which) -> int:
    """What was withdrawn for this reason needs to be read after all. How many came back."""
    return Notice.objects.filter(read_at=None, withdrawn=reason[:200], **which).update(withdrawn="")


@transaction.atomic
def settle(*, at: datetime, **which) -> int:
    """Ask the guards of unread notices again: what speaks against a mail speaks against its notice. How many went.

    Only of kinds that lapse, and only as many as a page of the bell shows: it is asked while somebody waits.
    """
    useful = Q(until=None) | Q(until__gt=at)
    unread = Notice.objects.select_for_update(of=("self",)).filter(
        useful, read_at=None, withdrawn="", group__in=choices.LAPSING, **which
    )
    gone = 0
    for notice in unread.select_related("person", "cohort__edition").order_by("-at", "-pk")[: notices.PAGE]:
        if reason := _reason(notice, at):
            gone += withdraw(reason, pk=notice.pk)
    return gone


def _reason(notice: Notice, at: datetime) -> str | None:
    try:
        return notices.reason_against(notice, at=at)
    except Exception:
        logger.exception("the guard of a notice of the kind %s failed", notice.kind)
        return None
