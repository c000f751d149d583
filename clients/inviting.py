"""Inviting many at once: a table of people, or whoever `joining` invites one by one. All of them, or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from . import invitations, messaging, newcomers, recording, tables
from .invitations import hash_of, token_of
from .messaging import Post
from .models import Cohort, Invitation, User
from .newcomers import CHANGED, NEW, Verdict, Verdicts
from .tables import CannotRead, Columns, Table

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
    named = newcomers.cohorts_in(table, columns, cohorts=cohorts, default=default)
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
        )
        for number, draft in zip(_numbers(len(drafts)), drafts, strict=True)
    ]
    for one in made:
        one.token_hash = hash_of(token_of(one))
    Invitation.objects.bulk_create(made)
    lines = [recording.Line("invited", one, one.cohort, f"{one.email} as {one.role}") for one in made]
    recording.record_all(lines, by=by, at=at)
    messaging.post_all([post for one in made if one.email for post in _letters(one, at)], at=at)
    return made


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
