"""Certificates: what one says, and looking one up by its number, which tells a name and a programme where allowed.

A number nobody was given and one whose owner does not allow it are the same answer.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Enrolment
from clients.papers import Award
from curriculum import moments
from curriculum.models import Competency

from . import check_ins
from .models import Certificate, Consent

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read as another
GROUPS, LENGTH = 3, 4


@dataclass(frozen=True)
class Confirmed:
    """What whoever has the number may know."""

    name: str
    programme: str


def fresh_number() -> str:
    """Nobody guesses it: one of 30 to the power of 12."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(LENGTH)) for _group in range(GROUPS))


def of(enrolment: Enrolment) -> Certificate | None:
    return Certificate.objects.filter(enrolment=enrolment).first()


def award(certificate: Certificate, enrolment: Enrolment) -> Award:
    """As it is printed, with the name its owner goes by now."""
    edition, client = enrolment.cohort.edition, enrolment.client
    names = Competency.objects.filter(edition=edition, scored=True).order_by("rank").values_list("name", flat=True)
    is_open = check_ins.consent_of(enrolment, Consent.Scope.CERTIFICATE) is not None
    return Award(
        name=client.name,
        programme=edition.title,
        on=moments.to_wall(certificate.given_at, client.zone).date(),
        number=certificate.number,
        lines=(_("Eight weeks of work on %(what)s.") % {"what": ", ".join(_small(name) for name in names)},),
        brand=settings.BRAND_NAME,
        address=address_of(certificate) if is_open else "",
    )


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def address_of(certificate: Certificate) -> str:
    return settings.BASE_URL + reverse("certificate", args=[certificate.number])


def find(number: str) -> Confirmed | None:
    """By its number, however it is typed; None where there is none, or its owner does not allow it."""
    plain = "".join(one for one in number.upper() if one in LETTERS)
    written = "-".join(plain[place : place + LENGTH] for place in range(0, len(plain), LENGTH))
    rows = Certificate.objects.select_related("enrolment__client", "enrolment__cohort__edition")
    found = rows.filter(code=written).first()
    if found is None or check_ins.consent_of(found.enrolment, Consent.Scope.CERTIFICATE) is None:
        return None
    return Confirmed(str(found.enrolment.client), found.enrolment.cohort.edition.title)
