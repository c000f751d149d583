"""Making somebody an admin takes two admins: one proposes it with a reason, another confirms it within seven days.

Only the first admin of an install comes in by a link alone: see `joining.make_admin`.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import joining, proposals, recording
from .models import AdminProposal, User
from .signals import admin_confirmed, admin_proposed


class NotAnAdmin(PermissionDenied):
    """Only admins decide who is one."""

    code = "admin.not_yours"


class CannotEntrust(ValidationError):
    """Not this person, not by you, or not now."""


class NoReason(ValidationError):
    """Says why not beside the field."""

    field = "reason"


class NotThem(ValidationError):
    """Somebody else, please: says why beside the address."""

    field = "email"


# --- Refusals -------------------------------------------------------------------------------------


def propose_refusal(person: User, *, reason: str, by: User, at: datetime) -> Exception | None:
    if not proposals.is_admin(by):
        return NotAnAdmin(_("Only admins decide who is one."))
    if proposals.is_admin(person):
        return NotThem(_("%(name)s is an admin already.") % {"name": person}, code="admin.there")
    if proposals.open_to(by, at=at).filter(person=person).exists():
        words = _("%(name)s is proposed already and waits for a second admin.")
        return NotThem(words % {"name": person}, code="admin.proposed")
    if not reason.strip():
        return NoReason(_("Say why, in a few words. The other admins read it."), code="admin.reason")
    return None


def confirm_refusal(proposal: AdminProposal, *, by: User, at: datetime) -> Exception | None:
    if refusal := withdraw_refusal(proposal, by=by):
        return refusal
    if proposal.proposed_by_id == by.pk:
        return CannotEntrust(_("Another admin confirms what you have proposed."), code="admin.same")
    if at > proposal.ends_at:
        return CannotEntrust(_("This is older than seven days. Propose it anew."), code="admin.expired")
    return None


def withdraw_refusal(proposal: AdminProposal, *, by: User) -> Exception | None:
    if not proposals.is_admin(by):
        return NotAnAdmin(_("Only admins decide who is one."))
    if proposal.confirmed_at or proposal.ended_at:
        return CannotEntrust(_("This is decided already."), code="admin.decided")
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def propose(person: User, *, reason: str, by: User, at: datetime) -> AdminProposal:
    """Nothing changes for this person until another admin confirms it."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if refusal := propose_refusal(person, reason=reason, by=by, at=at):
        raise refusal
    AdminProposal.objects.filter(person=person, confirmed_at=None, ended_at=None).update(ended_at=at)  # too old
    made = AdminProposal.objects.create(person=person, reason=reason.strip(), proposed_by=by, proposed_at=at)
    recording.record("proposed as an admin", person, by=by, at=at, note=made.reason)
    admin_proposed.send(sender=AdminProposal, proposal=made, at=at)
    return made


@transaction.atomic
def confirm(proposal: AdminProposal, *, by: User, at: datetime) -> AdminProposal:
    """From now on they are an admin."""
    proposal = _locked(proposal)
    if refusal := confirm_refusal(proposal, by=by, at=at):
        raise refusal
    proposal.confirmed_by, proposal.confirmed_at = by, at
    proposal.save(update_fields=["confirmed_by", "confirmed_at"])
    joining.make_admin(proposal.person, by=by, at=at)
    admin_confirmed.send(sender=AdminProposal, proposal=proposal, at=at)
    return proposal


@transaction.atomic
def withdraw(proposal: AdminProposal, *, by: User, at: datetime) -> AdminProposal:
    """It comes to nothing; whoever proposed it or any other admin says so."""
    proposal = _locked(proposal)
    if refusal := withdraw_refusal(proposal, by=by):
        raise refusal
    proposal.ended_at = at
    proposal.save(update_fields=["ended_at"])
    recording.record("took back a proposal", proposal.person, by=by, at=at)
    return proposal


def _locked(proposal: AdminProposal) -> AdminProposal:
    rows = AdminProposal.objects.select_for_update(of=("self",))
    return rows.select_related("person", "proposed_by").get(pk=proposal.pk)
