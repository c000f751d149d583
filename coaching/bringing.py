"""Bringing a table of people: a short one at once, a long one in the background.

All of it is invited by one transaction, which also says that it is done. In parts a table could end between two of
them: cross-checks between its lines would see only some, and whoever brought it would not know who has a letter. As
`inviting` takes a fixed number of statements, five thousand lines are a matter of seconds, and cohorts are locked no
longer than that. So what shows how far it is are its steps: it waits, it is looked at, it is written.

Whoever does it holds the row by a lease, as `leasing` has it. Lock order: the table, then the cohorts.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients import inviting, newcomers, recording, tables
from clients.models import Cohort, User
from clients.newcomers import Verdicts
from clients.tables import Columns, Table
from curriculum.leasing import Work, going_on_from

from . import brought, roster
from .models import BroughtTable
from .signals import table_brought

AT_ONCE = 200  # lines, which nobody has to wait for
State = BroughtTable.State
WORK = Work(BroughtTable, State.WAITING, State.RUNNING, State.FAILED)


class CannotBring(ValidationError):
    """Not now."""


# --- Refusals -----------------------------------------------------------------------------------


def bring_refusal(table: Table, columns: Columns, *, by: User) -> ValidationError | None:
    if refusal := inviting.listed_refusal(table, columns):
        return refusal
    if len(table.rows) > AT_ONCE and brought.is_open_for(by):
        return _one_is_open()
    return None


def _one_is_open() -> CannotBring:
    return CannotBring(
        _("A table of yours is still being read. Bring the next one once it is done."), code="table.open"
    )


# --- Operations of an admin ---------------------------------------------------------------------


@transaction.atomic
def bring(
    table: Table, columns: Columns, *, default: Cohort | None, by: User, at: datetime
) -> Verdicts | BroughtTable:  # fmt: skip
    """Invite whom it names: at once, with the verdicts, or as soon as a worker has read it."""
    if refusal := bring_refusal(table, columns, by=by):
        raise refusal
    if len(table.rows) <= AT_ONCE:
        cohorts = roster.cohorts_set_up_by(by)
        return inviting.invite_listed(table, columns, cohorts=cohorts, default=default, by=by, at=at)
    return _put_by(table, columns, default, by, at)


def _put_by(table: Table, columns: Columns, default: Cohort | None, by: User, at: datetime) -> BroughtTable:
    text = table.only(row.line for row in table.rows).removesuffix("\n")  # not longer than it came
    told = {"text": text, "columns": columns, "lines": len(table.rows), "cohort": default}
    try:
        with transaction.atomic():
            made = BroughtTable.objects.create(brought_by=by, brought_at=at, **told)
    except IntegrityError:  # brought twice at the same moment
        raise _one_is_open() from None
    recording.record("brought a table of people", made, by=by, at=at, cohort=default, note=f"{made.lines} lines")
    table_brought.send(sender=BroughtTable, table=made)
    return made


# --- Reading it ---------------------------------------------------------------------------------


def read_one(*, at: datetime) -> bool:
    """Take one that waits and invite whom it names. Whether there was one."""
    found = claim(at=at)
    if found is None:
        return False
    by_now = going_on_from(at)
    try:
        table = tables.read(found.text)
        if look(found, table, at=by_now()):
            invite(found, table, at=by_now())
    except ValidationError:  # somebody else changed one of these people meanwhile
        WORK.give_back(found, counts={})
    return True


@transaction.atomic
def claim(*, at: datetime) -> BroughtTable | None:
    """The one that waits longest, for as long as the lease is renewed. Any number of workers may ask at once."""
    waiting = BroughtTable.objects.select_related("brought_by").order_by("brought_at", "pk")
    return WORK.take(waiting, at=at, counts={})


def look(found: BroughtTable, table: Table, *, at: datetime) -> bool:
    """Say what is to be expected and hold on to it; no lock is held. False where somebody else has it by now."""
    verdicts = newcomers.look(table, found.columns, **_where(found), at=at)
    return WORK.renew(found, at=at, counts=verdicts.counts)


@transaction.atomic
def invite(found: BroughtTable, table: Table, *, at: datetime) -> None:
    """All of them, and that it is done. Whoever lost their lease invites nobody."""
    row = WORK.held(found).select_for_update(of=("self",)).select_related("brought_by").first()
    if row is None:
        return
    done = inviting.invite_listed(table, row.columns, **_where(row), by=row.brought_by, at=at)
    left = [one.line for one in done.of(newcomers.ERROR)]
    WORK.end(row, State.DONE, ended_at=at, counts=done.counts, text=table.only(left) if left else "")


def _where(table: BroughtTable) -> dict[str, Any]:
    """The cohorts its admin sets up by now: of somebody who is no admin any more nobody is invited."""
    cohorts = roster.cohorts_set_up_by(table.brought_by)
    return {"cohorts": cohorts, "default": cohorts.filter(pk=table.cohort_id).first() if table.cohort_id else None}


def sweep(*, at: datetime) -> int:
    """Nobody's address stands in a table any longer than a day. Safe to run twice and at once."""
    return brought.over(at=at).update(text="")
