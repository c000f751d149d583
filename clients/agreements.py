"""The coaching agreement: which version is asked for now, what somebody has accepted, and where they stand."""

from hashlib import sha256
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from .models import Acceptance, CoachingAgreement, Cohort, Enrolment, User

FROM_WEEK = 1  # from here on nothing is handed in without it
ACCEPTED, EARLIER, NOT_YET = "accepted", "earlier", "not_yet"
STATES = {
    ACCEPTED: _("Agreement accepted"),
    EARLIER: _("Accepted an earlier agreement"),
    NOT_YET: _("Agreement not accepted yet"),
}


def newest() -> CoachingAgreement | None:
    return CoachingAgreement.objects.order_by("-number").first()


def versions() -> QuerySet[CoachingAgreement]:
    """All there have been, the newest first."""
    return CoachingAgreement.objects.order_by("-number")


def asked_of(enrolment: Enrolment) -> CoachingAgreement | None:
    """The version its cohort asks for; None where it asks for none."""
    return enrolment.cohort.agreement


def accepted_by(person: User) -> QuerySet[Acceptance]:
    """Everything this person has accepted, the latest first."""
    mine = Acceptance.objects.filter(enrolment__client=person).select_related("agreement", "enrolment__cohort")
    return mine.order_by("-accepted_at", "-pk")


def state_of(enrolment: Enrolment, cohort: Cohort) -> str:
    """Where a client of the cohort stands, for coach and admin; empty where nothing is asked. No query."""
    if cohort.agreement_id is None:
        return ""
    if cohort.agreement_id == enrolment.agreement_id:
        return ACCEPTED
    return EARLIER if enrolment.agreement_id else NOT_YET


class Standing(NamedTuple):
    """How many of how many clients who walk now have accepted what their cohort asks for."""

    accepted: int
    of: int


def standing() -> Standing:
    walk = Enrolment.objects.active().filter(cohort__closed_at=None, cohort__agreement__isnull=False)
    return Standing(walk.filter(agreement=F("cohort__agreement")).count(), walk.count())


def hash_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()
