"""The letters about a record that an admin has opened for a reason: to its client, and to the others in the office."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Message, User
from clients.notices import Told
from curriculum import moments

from .models import Inspection

TO_CLIENT, TO_OFFICE = "inspection", "inspection.office"


def guard(message: Message, at: datetime) -> str | None:
    """Whoever is concerned is told, also once it is over."""
    return None


def letter(message: Message, at: datetime) -> Letter:
    found = _rows().get(pk=message.about["inspection"])
    said = _said(found, message.person)
    if message.kind == TO_CLIENT:
        return letters.from_template(message.kind, said, link=reverse("who-read-mine"), button=_("See who read what"))
    return letters.from_template(message.kind, said, link=reverse("inspections"), button=_("See what was opened"))


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once: the subject of each letter and where it leads."""
    found = _rows().in_bulk([message.about["inspection"] for message in messages])
    told = {}
    for message in messages:
        if inspection := found.get(message.about["inspection"]):
            subject = letters.subject_of(message.kind, _said(inspection, message.person))
            place = reverse("who-read-mine" if message.kind == TO_CLIENT else "inspections")
            told[message.key] = Told(subject, place)
    return told


def _said(found: Inspection, reader: User) -> dict[str, object]:
    until = moments.to_wall(found.ends_at, reader.zone)
    return {
        "admin": found.admin,
        "client": found.enrolment.client,
        "cohort": found.enrolment.cohort,
        "about": found.get_about_display() if reader.pk != found.enrolment.client_id else found.about_own,
        "reason": found.reason,
        "until": f"{until:%H:%M} ({moments.zone_label(found.ends_at, reader.zone).partition(' (')[0]})",
    }


def _rows() -> QuerySet[Inspection]:
    return Inspection.objects.select_related("admin", "enrolment__client", "enrolment__cohort")


KINDS = (
    Kind(TO_CLIENT, "an admin opened part of their record", guard, letter, quiet=False, outlives_pause=True),
    Kind(TO_OFFICE, "another admin opened a client’s record", guard, letter),
)
