"""The letters about a midpoint call besides its reminder: times are offered, it was booked, moved or cancelled."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Message, User
from clients.notices import Told

from . import calls, caseload
from .models import Call
from .session_letters import spelled

OFFERED, BOOKED = "midpoint.call.offered", "midpoint.call.booked"
MOVED, CANCELLED = "midpoint.call.moved", "midpoint.call.cancelled"


# --- Guards -----------------------------------------------------------------------------------------


def changed_guard(message: Message, at: datetime) -> str | None:
    """Nobody is told what is no longer so, nor what is not theirs any more."""
    call = _calls().filter(pk=message.about["call"]).first()
    if call is None or call.version != message.about["version"]:
        return "the call was changed again"
    if call.slot.starts_at <= at:
        return "the call has begun"
    return _not_theirs(call, message.person)


def _not_theirs(call: Call, person: User) -> str | None:
    if person.pk == call.enrolment.client_id:
        return None if call.enrolment.is_active else "the client has left the cohort"
    if person.pk == call.slot.coach_id and caseload.coaches(person, call.slot.cohort):
        return None
    return "this person looks after the cohort no longer"


def offered_guard(message: Message, at: datetime) -> str | None:
    if not calls.without(message.cohort).filter(client=message.person).exists():
        return "the client has a call, or has left the cohort"
    return None if calls.free(message.cohort, at=at).exists() else "no time is offered any more"


# --- Words ------------------------------------------------------------------------------------------


def changed(message: Message, at: datetime) -> Letter:
    call = _calls().get(pk=message.about["call"])
    link, button = _page(call, message.person)
    return letters.from_template(message.kind, _said(call, message.person), link=link, button=button)


def offered(message: Message, at: datetime) -> Letter:
    said = {"cohort": message.cohort, "person": message.person, "coach": message.about["coach"]}
    link = f"{reverse('my-call')}?cohort={message.cohort.slug}"
    return letters.from_template(message.kind, said, link=link, button=_("Choose a time"))


def _said(call: Call, reader: User) -> dict[str, object]:
    """The other one by name, the time by the reader's clock."""
    other = call.slot.coach if reader.pk == call.enrolment.client_id else call.enrolment.client
    said = {"other": other, "reason": call.reason, "minutes": call.slot.minutes, "cohort": call.slot.cohort}
    return said | {"when": spelled(call.slot.starts_at, reader), "person": reader}


def _page(call: Call, reader: User) -> tuple[str, str]:
    if reader.pk == call.enrolment.client_id:
        return f"{reverse('my-call')}?cohort={call.slot.cohort.slug}", _("Open your call")
    return reverse("coach-call", args=[call.slot.cohort.slug, call.pk]), _("Open the call")


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once, in one query: the subject of each letter and where it leads."""
    rows = _calls().in_bulk([message.about["call"] for message in messages])
    told = {}
    for message in messages:
        if call := rows.get(message.about["call"]):
            subject = letters.subject_of(message.kind, _said(call, message.person))
            told[message.key] = Told(subject, _page(call, message.person)[0])
    return told


def offer_headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """The same of times that are offered. Without a query: the cohort came with the message."""
    found = {}
    for message in messages:
        said = {"coach": message.about["coach"]}
        subject = letters.subject_of(OFFERED, said)
        found[message.key] = Told(subject, f"{reverse('my-call')}?cohort={message.cohort.slug}")
    return found


def _calls():
    return Call.objects.select_related("slot__coach", "slot__cohort", "enrolment__client", "enrolment__cohort")


KINDS = (
    Kind(OFFERED, "times for midpoint calls are offered", offered_guard, offered),
    Kind(BOOKED, "a midpoint call was booked", changed_guard, changed, quiet=False),
    Kind(MOVED, "a midpoint call was moved", changed_guard, changed, quiet=False),
    Kind(CANCELLED, "a midpoint call was cancelled", changed_guard, changed, quiet=False),
)
