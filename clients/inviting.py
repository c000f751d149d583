"""Inviting many at once: a table of people, or whoever `joining` invites one by one. All of them, or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from . import invitations, messaging, newcomers, recording, tables, tokens
from . import lines as lines_of
from .invitations import token_of
from .messaging import Post
from .models import Cohort, Invitation, User
from .newcomers import CHANGED, ERROR, NEW, Verdict, Verdicts
from .tables import CannotRead, Columns, Table

MOST_NAMED = 5  # lines to mend, in one sentence each
IDS = "SELECT nextval(pg_get_serial_sequence('clients_invitation', 'id')) FROM generate_series(1, %s)"


class NotNow(ValidationError):
    """Somebody else got there a moment before."""


@dataclass(frozen=True)
class Draft:
    """Whom to invite, as what, to which cohort."""

    email: str
    role: str
    cohort: Cohort | None
    name: str = ""
    zone: str = ""
    external_id: str = ""
    is_waiting: bool = False


# --- A table ----------------------------------------------------------------------------------------


def listed_refusal(table: Table, columns: Columns) -> CannotRead | None:
    return tables.columns_refusal(table, columns)


@transaction.atomic
def invite_listed(
    table: Table, columns: Columns, *, cohorts: QuerySet[Cohort], default: Cohort | None, by: User | None, at: datetime
) -> Verdicts:
    """Invite whom the table names and who is not there yet; the rest is skipped with its reason.

    The cohorts are locked first, one after the other by number, so of two who bring the same table at once the second
    finds everybody known. One transaction: whatever breaks, nobody was invited.
    """
    if refusal := listed_refusal(table, columns):
        raise refusal
    try:
        with transaction.atomic():
            return _invite_listed(table, columns, cohorts, default, by, at)
    except IntegrityError:
        raise NotNow(
            _("Somebody else changed one of these people a moment ago. Look at the table again; nobody was invited."),
            code="import.moved_on",
        ) from None


def _invite_listed(table, columns, cohorts, default, by, at) -> Verdicts:
    named = lines_of.cohorts_in(table, columns, cohorts=cohorts, default=default)
    locked = {row.pk: row for row in Cohort.objects.select_for_update().filter(pk__in=named).order_by("pk")}
    default = default and locked.get(default.pk, default)
    verdicts = newcomers.look(table, columns, cohorts=cohorts.all(), default=default, at=at)
    _give_way([one for one in verdicts.rows if _is_sent(one)], at)
    _change([one for one in verdicts.rows if one.kind == CHANGED and not _is_sent(one)])
    write([_draft(one) for one in verdicts.rows if _is_sent(one)], by=by, at=at)
    _tell(verdicts, by, at)
    return verdicts


def _tell(verdicts: Verdicts, by: User | None, at: datetime) -> None:
    """One line in the journal of every cohort somebody was invited to, beside those of the invitations."""
    cohorts = {one.person.cohort.pk: one.person.cohort for one in verdicts.rows if one.kind in (NEW, CHANGED)}
    counts = ", ".join(f"{n} {kind}" for kind, n in verdicts.counts.items())
    lines = [recording.Line("invited a table of people", cohort, cohort, counts) for cohort in cohorts.values()]
    recording.record_all(lines, by=by, at=at)


def _is_sent(verdict: Verdict) -> bool:
    """Whether a mail goes out for this line: to somebody new, or to a new address of somebody invited."""
    if verdict.kind == CHANGED and verdict.invitation:
        return verdict.invitation.email != verdict.email
    return verdict.kind == NEW


def _draft(verdict: Verdict) -> Draft:
    """What the line leaves empty is taken from the invitation that gives way."""
    person, before = verdict.person, verdict.invitation
    return Draft(
        email=person.email,
        role=Invitation.Role.CLIENT,
        cohort=person.cohort,
        name=person.name or (before.name if before else ""),
        zone=person.zone or (before.zone if before else ""),
        external_id=person.external_id or (before.external_id if before else ""),
    )


def _give_way(verdicts: list[Verdict], at: datetime) -> None:
    old = [one.invitation.pk for one in verdicts if one.invitation]
    if old:
        Invitation.objects.filter(pk__in=old, accepted_at=None, revoked_at=None).update(revoked_at=at)


def _change(verdicts: list[Verdict]) -> None:
    """What is said otherwise of whoever was invited, and the external ids of accounts, each in one statement."""
    asked = [one for one in verdicts if one.invitation]
    for one in asked:
        for name, value in newcomers.changes_of(one.invitation, one.person).items():
            setattr(one.invitation, name, value)
    Invitation.objects.bulk_update([one.invitation for one in asked], ["name", "zone", "external_id"])
    accounts = {one.account.pk: one for one in verdicts if one.account}
    for one in accounts.values():
        one.account.external_id = one.person.external_id
    User.objects.bulk_update([one.account for one in accounts.values()], ["external_id"])


# --- Put down first, sent when somebody says so -----------------------------------------------------


@transaction.atomic
def put_down(table: Table, columns: Columns, *, cohort: Cohort, by: User, at: datetime) -> list[Invitation]:
    """Everybody in the table, for a cohort that has just been opened; no letter goes. All of them, or nobody."""
    if refusal := listed_refusal(table, columns):
        raise refusal
    verdicts = newcomers.look(table, columns, cohorts=Cohort.objects.none(), default=cohort, at=at)
    if refusal := put_down_refusal(verdicts):
        raise refusal
    drafts = [_draft(one) for one in verdicts.rows if one.kind == NEW]
    return write([replace(draft, is_waiting=True) for draft in drafts], by=by, at=at)


def put_down_refusal(verdicts: Verdicts) -> CannotRead | None:
    """The lines to mend, each with its sentence."""
    told = [f"{_('Line %(n)s') % {'n': one.line}}: {one.sentence}" for one in verdicts.of(ERROR)[:MOST_NAMED]]
    return CannotRead(" ".join(told), code="table.to_mend") if told else None


def open_refusal(cohort: Cohort) -> NotNow | None:
    if cohort.is_closed:
        return NotNow(invitations.CLOSED, code="cohort.closed")
    if not invitations.waiting(cohort).exists():
        return NotNow(_("No invitation waits to be sent."), code="invitations.none")
    return None


@transaction.atomic
def open_invitations(cohort: Cohort, *, by: User, at: datetime) -> list[Invitation]:
    """Whoever was put down for the cohort is invited now, by a link with all its days."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if refusal := open_refusal(cohort):
        raise refusal
    waiting = list(invitations.waiting(cohort).select_for_update(of=("self",)).order_by("pk"))
    for one in waiting:
        one.cohort, one.is_waiting, one.invited_by = cohort, False, str(by)
        one.invited_at, one.expires_at = at, at + settings.INVITATION_LIFETIME
        one.token_hash = tokens.hash_of(token_of(one))
    changed = ["is_waiting", "invited_by", "invited_at", "expires_at", "token_hash"]
    Invitation.objects.bulk_update(waiting, changed)
    lines = [recording.Line("invited", one, cohort, f"{one.email} as {one.role}") for one in waiting]
    recording.record_all(lines, by=by, at=at)
    _send(waiting, at)
    return waiting


# --- Writing them -----------------------------------------------------------------------------------


@transaction.atomic
def write(drafts: Sequence[Draft], *, by: User | None, at: datetime) -> list[Invitation]:
    """Their rows, their lines in the journal and their letters, in the caller's transaction and a fixed number of
    statements. Their tokens are made of their numbers, so those are drawn first."""
    made = [
        Invitation(
            pk=number,
            email=draft.email,
            name=draft.name,
            zone=draft.zone,
            external_id=draft.external_id,
            role=draft.role,
            cohort=draft.cohort,
            invited_by=str(by) if by else settings.BRAND_NAME,
            invited_at=at,
            expires_at=at + settings.INVITATION_LIFETIME,
            is_waiting=draft.is_waiting,
        )
        for number, draft in zip(_numbers(len(drafts)), drafts, strict=True)
    ]
    for one in made:
        one.token_hash = tokens.hash_of(token_of(one))
    Invitation.objects.bulk_create(made)
    lines = [recording.Line(_deed(one), one, one.cohort, f"{one.email} as {one.role}") for one in made]
    recording.record_all(lines, by=by, at=at)
    _send(made, at)
    return made


def _deed(invitation: Invitation) -> str:
    return "put down" if invitation.is_waiting else "invited"


def _send(made: Sequence[Invitation], at: datetime) -> None:
    sent = [one for one in made if one.email and not one.is_waiting]
    messaging.post_all([post for one in sent for post in _letters(one, at)], at=at)


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(IDS, [count])
        return [number for (number,) in cursor.fetchall()]


def _letters(invitation: Invitation, at: datetime) -> list[Post]:
    """The letter at once, and twice more while nobody has answered: their guard asks when the time has come.

    Of two reminders that are late only the second is of use.
    """
    about: dict[str, Any] = {
        "address": invitation.email,
        "cohort": invitation.cohort,
        "about": {"invitation": invitation.pk},
    }
    moments = [invitations.reminder_at(invitation, days) for days in invitations.REMINDED_AFTER]
    return [
        Post("invite", f"invite:{invitation.pk}", not_after=invitation.expires_at, **about),
        *(
            Post(
                "invite.remind",
                f"invite:{invitation.pk}:{when:%Y%m%d}",
                available_at=when,
                not_after=until,
                **about,
            )
            for when, until in zip(moments, [*moments[1:], invitation.expires_at], strict=True)
        ),
    ]
