"""An export from being asked for to the day its file goes.

Whoever makes one holds its row by a lease that is renewed while it is written, as `leasing` has it. No transaction is
open meanwhile: each file is read by a cursor of its own. Lock order: whoever asks.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import Cohort, User
from curriculum import leasing
from curriculum.leasing import Work
from curriculum.small_groups import LEAST_FOR_ADMINS

from .exports import shelf, zipped
from .exports.columns import Frame
from .models import Export
from .models.export import OPEN
from .signals import export_asked

TRIES_AT_MOST = leasing.TRIES_AT_MOST
EVERY = 2000  # rows, and it is said how far it is
LONGEST_REASON = 300
State = Export.State
WORK = Work(Export, State.WAITING, State.RUNNING, State.FAILED)


class CannotExport(ValidationError):
    """Not now, or not any more."""


class NotLikeThis(ValidationError):
    """Something about what is asked for. Carries the field it is about in `field`."""

    def __init__(self, field: str, message: str, code: str):
        super().__init__(message, code=code)
        self.field = field


class _LetGo(Exception):
    """Somebody else makes this one by now, or it is gone."""


# --- Refusals -----------------------------------------------------------------------------------


def ask_refusal(
    *, by: User, cohort: Cohort | None, names: bool, reason: str, joins: Export | None
) -> ValidationError | None:
    """Names with the codes of an export that has none would say whose every point in it is."""
    if Export.objects.filter(asked_by=by, state__in=OPEN).exists():
        return CannotExport(_("One export of yours is being made. Wait until it is there."), code="export.open")
    if names and not reason.strip():
        return NotLikeThis("reason", _("Say in a few words what the names are for. It is journalled."), "export.reason")
    if len(reason) > LONGEST_REASON:
        words = _("At most %(most)s characters here; this has %(n)s.")
        return NotLikeThis("reason", words % {"most": LONGEST_REASON, "n": len(reason)}, "export.reason_long")
    if joins and (names or joins.names):
        return NotLikeThis("joins", _("Only exports without names have the same codes as another."), "export.joins")
    if not names and shelf.people_in(cohort) < LEAST_FOR_ADMINS:
        words = _("These are fewer than %(n)s people, so codes would say who they are. Ask for it with names.")
        return NotLikeThis("cohort", words % {"n": LEAST_FOR_ADMINS}, "export.few")
    return None


def fetch_refusal(export: Export, *, at: datetime) -> CannotExport | None:
    if export.is_open:
        return CannotExport(_("This export is still being made."), code="export.not_ready")
    if export.state == State.FAILED:
        return CannotExport(_("This export did not come about. Ask for it anew."), code="export.failed")
    if not shelf.is_there(export, at=at) or not shelf.path_of(export).exists():
        return CannotExport(_("This file was kept for a day and is gone. Ask for it anew."), code="export.gone")
    return None


# --- Operations of an admin ---------------------------------------------------------------------


@transaction.atomic
def ask(
    *,
    by: User,
    at: datetime,
    cohort: Cohort | None = None,
    names: bool = False,
    reason: str = "",
    joins: Export | None = None,
) -> Export:
    """Have the tables of a cohort, or of all, put into one file. With `joins` people have the codes they have there."""
    User.objects.select_for_update().get(pk=by.pk)
    if refusal := ask_refusal(by=by, cohort=cohort, names=names, reason=reason, joins=joins):
        raise refusal
    told = {"cohort": cohort, "names": names, "reason": " ".join(reason.split()) if names else "", "joins": joins}
    shared = {"secret": joins.secret} if joins else {}
    export = Export.objects.create(asked_by=by, asked_at=at, **told, **shared)
    note = f"with names: {told['reason']}" if names else "with codes"
    recording.record("asked for an export", export, by=by, at=at, cohort=cohort, note=note)
    export_asked.send(sender=Export, export=export)
    return export


@transaction.atomic
def fetch(export: Export, *, by: User, at: datetime) -> Path:
    """Where its file lies. That it was fetched is journalled."""
    if refusal := fetch_refusal(export, at=at):
        raise refusal
    recording.record("fetched an export", export, by=by, at=at, cohort=export.cohort)
    return shelf.path_of(export)


# --- Making it ----------------------------------------------------------------------------------


def make_one(*, at: datetime) -> bool:
    """Take one that waits and write it to its end. Whether there was one."""
    found = claim(at=at)
    if found is None:
        return False
    by_now = leasing.going_on_from(at)

    def tell(number: int) -> None:
        if number % EVERY == 0 and not hold(found, number, at=by_now()):
            raise _LetGo

    place = shelf.staged(found)
    try:
        size = zipped.write(place, shelf.cohorts_of(found), _frame(found), _about(found), at=at, tell=tell)
        if hold(found, found.total, at=by_now()):
            place.replace(shelf.path_of(found))
            keep(found, size, at=by_now())
    except _LetGo:
        pass
    finally:
        place.unlink(missing_ok=True)
    return True


@transaction.atomic
def claim(*, at: datetime) -> Export | None:
    """The one that waits longest, for as long as the lease is renewed. Any number of workers may ask at once."""
    waiting = Export.objects.select_related("asked_by", "cohort").order_by("asked_at", "pk")
    found = WORK.take(waiting, at=at, done=0)
    if found is not None:
        shelf.folder().mkdir(parents=True, exist_ok=True)
        found.total = zipped.count(shelf.cohorts_of(found), names=found.names)
        found.save(update_fields=["total"])
    return found


def hold(found: Export, number: int, *, at: datetime) -> bool:
    """Say how far it is and hold on to it. False where somebody else has it by now, or it is gone."""
    return WORK.renew(found, at=at, done=number)


def keep(found: Export, size: int, *, at: datetime) -> bool:
    """It is there. What comes from somebody who lost their lease is let go."""
    return WORK.end(found, State.READY, ready_at=at, size=size)


def sweep(*, at: datetime) -> int:
    """Files older than a day go, and whatever no row names. How many exports went. Safe to run twice and at once."""
    over = Export.objects.filter(state=State.READY, ready_at__lte=at - shelf.KEPT)
    gone = list(over)
    Export.objects.filter(pk__in=[one.pk for one in gone]).update(state=State.GONE)
    for one in gone:
        shelf.path_of(one).unlink(missing_ok=True)
    named = Export.objects.filter(state__in=(State.READY, State.RUNNING)).values_list("key", flat=True)
    kept, before = {str(key) for key in named}, (at - shelf.KEPT).timestamp()
    for path in shelf.folder().glob("*"):
        with suppress(FileNotFoundError):  # somebody else sweeps as well
            if path.name.partition(".")[0] not in kept and path.stat().st_mtime < before:
                path.unlink()
    return len(gone)


# --- Inside ---------------------------------------------------------------------------------------


def _frame(found: Export) -> Frame:
    starts = {one.pk: (one.starts_on, one.zone) for one in shelf.cohorts_of(found)}
    return Frame(found.secret, found.names, starts)


def _about(found: Export) -> dict:
    """What it was made of, for whoever finds the file a year later."""
    return {
        "asked_at": found.asked_at.isoformat(timespec="seconds"),
        "asked_by": str(found.asked_by),
        "cohort": found.cohort.slug if found.cohort else None,
        "names": found.names,
        "reason": found.reason,
        "codes": "the same as in an earlier export" if found.joins_id else "of this export alone",
        "remember": "Codes are no anonymity: together with what is known from elsewhere they can say who somebody is.",
    }
