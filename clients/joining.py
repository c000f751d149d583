"""Coming in and going: invite, accept, enrol, withdraw."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from curriculum import editions

from . import endings, invitations, inviting, messaging, recording
from .inviting import Draft
from .models import Cohort, Enrolment, Invitation, Submission, User
from .models.user import ADMINS, SPONSORS
from .signals import enrolled, invitation_accepted, left


class CannotJoin(ValidationError):
    """The invitation, the person or the cohort does not allow it now."""


# --- Refusals -----------------------------------------------------------------------------------


def invite_refusal(cohort: Cohort | None, *, email: str, role: str) -> CannotJoin | None:
    if cohort is not None and cohort.is_closed:
        return CannotJoin(invitations.CLOSED, code="cohort.closed")
    if role == Invitation.Role.CLIENT and Enrolment.objects.filter(cohort=cohort, client__email__iexact=email).exists():
        return CannotJoin(_("%(email)s is in this cohort already.") % {"email": email}, code="invitation.enrolled")
    return None


def open_refusal(invitation: Invitation) -> CannotJoin | None:
    """Of whoever wants to send it again or withdraw it."""
    if invitation.accepted_at or invitation.revoked_at:
        return CannotJoin(_("This invitation is no longer open."), code="invitation.closed")
    return None


def accept_refusal(invitation: Invitation, *, at: datetime) -> CannotJoin | None:
    if invitation.accepted_at:
        return CannotJoin(_("This invitation was used already. Sign in instead."), code="invitation.used")
    if invitation.revoked_at:
        return CannotJoin(_("This invitation was withdrawn. Ask whoever invited you."), code="invitation.revoked")
    if invitation.expires_at <= at:
        return CannotJoin(
            _("This invitation ended on %(day)s. Ask %(who)s for a new one.")
            % {"day": f"{invitation.expires_at:%-d %B}", "who": invitation.invited_by},
            code="invitation.expired",
        )
    return None


# --- Operations ---------------------------------------------------------------------------------


@transaction.atomic
def invite(
    cohort: Cohort | None,
    *,
    email: str,
    role: str,
    by: User | None,
    at: datetime,
    name: str = "",
    zone: str = "",
    external_id: str = "",
) -> Invitation:
    """Invite an address. An open invitation of the same person to the same cohort gives way to the new one."""
    email = email.strip().lower()
    if cohort is not None:
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if refusal := invite_refusal(cohort, email=email, role=role):
        raise refusal
    _revoke_open(cohort, email, role, at)
    return inviting.write([Draft(email, role, cohort, name, zone, external_id)], by=by, at=at)[0]


def _revoke_open(cohort: Cohort | None, email: str, role: str, at: datetime) -> None:
    open_ones = Invitation.objects.filter(cohort=cohort, email=email, role=role, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=at)


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, at: datetime) -> None:
    invitation = _locked(invitation)
    if refusal := open_refusal(invitation):
        raise refusal
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    recording.record("withdrew invitation", invitation, by=by, at=at, cohort=invitation.cohort)


@transaction.atomic
def send_again(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """A new link and a new letter, with all its days; the old link opens nothing. Twice pressed is once sent."""
    invitation = _locked(invitation)
    if refusal := open_refusal(invitation):
        raise refusal
    said = {name: getattr(invitation, name) for name in ("email", "role", "name", "zone", "external_id")}
    return invite(invitation.cohort, **said, by=by, at=at)


def _hold(invitation: Invitation) -> None:
    """Its cohort comes first, as always."""
    if invitation.cohort_id:
        Cohort.objects.select_for_update().get(pk=invitation.cohort_id)


def _locked(invitation: Invitation) -> Invitation:
    _hold(invitation)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("cohort")
    return rows.get(pk=invitation.pk)


@transaction.atomic
def accept(invitation: Invitation, *, person: User, at: datetime) -> User:
    """Use the invitation, once, for an account with the invited address. One conditional UPDATE decides a race."""
    if refusal := accept_refusal(invitation, at=at):
        raise refusal
    if invitation.email and person.email.lower() != invitation.email:
        raise CannotJoin(
            _("This invitation is for %(email)s. Sign in with that address.") % {"email": invitation.email},
            code="invitation.other_person",
        )
    _hold(invitation)
    open_ones = Invitation.objects.filter(accepted_at=None, revoked_at=None, is_waiting=False, expires_at__gt=at)
    taken = open_ones.filter(pk=invitation.pk).update(accepted_at=at, accepted_by=person)
    if not taken:
        raise CannotJoin(_("This invitation was used already. Sign in instead."), code="invitation.used")
    if invitation.role == Invitation.Role.CLIENT:
        enrol(invitation.cohort, client=person, by=person, at=at)
    elif invitation.role == Invitation.Role.ADMIN:
        make_admin(person, by=person, at=at)
    elif invitation.role == Invitation.Role.SPONSOR:
        make_sponsor(person, at=at)
    if invitation.external_id and not person.external_id:
        _know_as(person, invitation.external_id)
    recording.record("accepted invitation", invitation, by=person, at=at, cohort=invitation.cohort)
    invitation_accepted.send(sender=Invitation, invitation=invitation, person=person, at=at)
    return person


def _know_as(person: User, external_id: str) -> None:
    """Nobody is kept from joining because somebody else has this external id by now."""
    try:
        with transaction.atomic():
            User.objects.filter(pk=person.pk, external_id="").update(external_id=external_id)
    except IntegrityError:
        return


@transaction.atomic
def accept_as_newcomer(
    invitation: Invitation, *, email: str, name: str, zone: str, password: str, at: datetime
) -> User:
    """Make the account the invitation is for and accept in the same transaction."""
    if refusal := accept_refusal(invitation, at=at):
        raise refusal
    address = invitation.email or email.strip().lower()
    if User.objects.filter(email__iexact=address).exists():
        raise CannotJoin(_("There is an account with this address. Sign in to join."), code="invitation.sign_in")
    person = User.objects.create_user(address, password, name=name, zone=zone)
    return accept(invitation, person=person, at=at)


@transaction.atomic
def enrol(cohort: Cohort, *, client: User, by: User | None, at: datetime) -> Enrolment:
    """Put a person into a cohort, with a submission for every exercise of its edition."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if cohort.is_closed:
        raise CannotJoin(_("This cohort is closed."), code="cohort.closed")
    enrolment, fresh = Enrolment.objects.get_or_create(cohort=cohort, client=client, defaults={"joined_at": at})
    if not fresh:
        raise CannotJoin(_("%(name)s is in this cohort already.") % {"name": client}, code="invitation.enrolled")
    Submission.objects.bulk_create(
        Submission(enrolment=enrolment, exercise=exercise) for exercise in editions.exercises_of(cohort.edition)
    )
    recording.record("enrolled", enrolment, by=by, at=at, cohort=cohort, note=str(client))
    enrolled.send(sender=Enrolment, enrolment=enrolment, at=at)
    return enrolment


@transaction.atomic
def withdraw(enrolment: Enrolment, *, by: User, at: datetime, reason: str = "") -> Enrolment:
    """End an enrolment. Messages stop in the same transaction; the work stays in the denominators.

    Waits for whoever is sending to the cohort right now, as a pause does: nothing leaves for somebody who has left.
    """
    list(Cohort.objects.select_for_update().filter(enrolments=enrolment.pk))
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related("cohort", "client").get(pk=enrolment.pk)
    )
    if not enrolment.is_active:
        raise CannotJoin(endings.sentence(enrolment), code="enrolment.ended")
    enrolment.state, enrolment.left_at = Enrolment.State.WITHDRAWN, at
    enrolment.save(update_fields=["state", "left_at"])
    messaging.release_held(enrolment.cohort, at=at, person=enrolment.client, reason=messaging.ON_HOLD)
    recording.record("withdrew", enrolment, by=by, at=at, cohort=enrolment.cohort, note=reason)
    left.send(sender=Enrolment, enrolment=enrolment, at=at)
    return enrolment


@transaction.atomic
def make_admin(person: User, *, by: User | None, at: datetime) -> None:
    Group.objects.get_or_create(name=ADMINS)[0].user_set.add(person)
    recording.record("became admin", person, by=by, at=at)


@transaction.atomic
def make_sponsor(person: User, *, at: datetime) -> None:
    """Of which cohorts is decided where sponsorships are known."""
    Group.objects.get_or_create(name=SPONSORS)[0].user_set.add(person)
