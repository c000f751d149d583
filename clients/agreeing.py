"""The coaching agreement: publishing another version, and accepting the one that is asked for.

Lock order: the first version, which stands for all of them; then cohorts, or the enrolment.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import agreements, endings, recording
from .models import Acceptance, CoachingAgreement, Cohort, Enrolment, User
from .models.agreement import LONGEST


class NotYourAgreement(PermissionDenied):
    """It is the client who accepts."""

    code = "agreement.not_yours"


class CannotAccept(ValidationError):
    """Not these words, or not any more."""


class CannotPublish(ValidationError):
    """No agreement can be made of this text."""

    field = "text"


# --- Refusals -------------------------------------------------------------------------------------


def accept_refusal(enrolment: Enrolment, *, sha256: str, by: User) -> Exception | None:
    if enrolment.client_id != by.pk:
        return NotYourAgreement(_("Only the client accepts their agreement."))
    if not enrolment.is_active:
        return CannotAccept(endings.own_sentence(enrolment, stays=_("what you accepted")), code="agreement.left")
    asked = agreements.asked_of(enrolment)
    if asked is None or asked.sha256 != sha256:
        return CannotAccept(
            _("The agreement has changed since you opened it. Read it below, then accept it."), code="agreement.changed"
        )
    return None


def publish_refusal(text: str) -> CannotPublish | None:
    if not text.strip():
        return CannotPublish(_("Write the agreement first."), code="agreement.empty")
    if len(text) > LONGEST:
        return CannotPublish(_("An agreement has at most %(n)s characters.") % {"n": LONGEST}, code="agreement.long")
    newest = agreements.newest()
    if newest and newest.text == text.strip():
        return CannotPublish(
            _("These are the words of version %(n)s, which everybody is asked to accept already.")
            % {"n": newest.number},
            code="agreement.same",
        )
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def accept(enrolment: Enrolment, *, sha256: str, by: User, at: datetime) -> Acceptance:
    """`sha256` is of the text that was shown. Doing it twice is doing it once."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort__agreement")
    enrolment = rows.get(pk=enrolment.pk)
    if refusal := accept_refusal(enrolment, sha256=sha256, by=by):
        raise refusal
    asked = agreements.asked_of(enrolment)
    if known := Acceptance.objects.filter(enrolment=enrolment, agreement=asked).first():
        return known
    accepted = Acceptance.objects.create(enrolment=enrolment, agreement=asked, sha256=sha256, accepted_at=at)
    enrolment.agreement = asked
    enrolment.save(update_fields=["agreement"])
    recording.record(
        "accepted the agreement", enrolment, by=by, at=at, cohort=enrolment.cohort, note=f"version {asked.number}"
    )
    return accepted


@transaction.atomic
def publish(text: str, *, by: User, at: datetime) -> CoachingAgreement:
    """The next version; everybody in a cohort that goes on is asked to accept it before they hand in again."""
    _hold()
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if refusal := publish_refusal(text):
        raise refusal
    newest = agreements.newest()
    made = CoachingAgreement.objects.create(
        number=newest.number + 1 if newest else 1,
        text=text,
        sha256=agreements.hash_of(text),
        published_at=at,
        published_by=str(by),
    )
    Cohort.objects.filter(closed_at=None).update(agreement=made)
    recording.record("published an agreement", made, by=by, at=at, note=f"version {made.number}")
    return made


@transaction.atomic(savepoint=False)
def for_a_new_cohort() -> CoachingAgreement | None:
    """What its clients are asked to accept. Nobody publishes another one meanwhile."""
    _hold()
    return agreements.newest()


def _hold() -> None:
    """The first version is held while one is published or a cohort begins with one: versions are one after another."""
    CoachingAgreement.objects.select_for_update(no_key=True).order_by("number").first()
