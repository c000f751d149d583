"""A coach's yes or no to a client who asks for more time."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients import extending, messaging
from clients.models import Extension, User

from . import caseload


class NotAskedOfYou(PermissionDenied):
    """Asked of another coach."""

    code = "extension.not_yours"


def decide_refusal(extension: Extension, *, by: User, at: datetime) -> Exception | None:
    """Whether this person may answer, and whether there is still a question."""
    if not caseload.reads(by, extension.enrolment.cohort, at=at) or extension.enrolment.client_id == by.pk:
        return NotAskedOfYou(_("You do not coach this client."))
    return extending.answer_refusal(extension)


@transaction.atomic
def decide(extension: Extension, *, grant: bool, by: User, at: datetime) -> Extension:
    """Granted, it is due then and what reminds of it comes later; declined, everything stays as it is."""
    if refusal := decide_refusal(extension, by=by, at=at):
        raise refusal
    decided = extending.answer(extension, grant=grant, by=by, at=at)
    messaging.cancel("the question was answered", kind="extension", about__extension=extension.pk)
    return decided


def ask_the_coaches(extension: Extension, *, at: datetime) -> None:
    """Every coach of the cohort hears of it, and who stands in for one; whoever answers first has answered."""
    cohort = extension.enrolment.cohort
    for coach in caseload.readers_of(cohort, at=at):
        messaging.post(
            "extension",
            key=f"extension:{extension.pk}:{coach.pk}",
            to=coach,
            cohort=cohort,
            about={"extension": extension.pk},
            at=at,
        )
