"""The letters about a live session besides its reminders: it was moved, it was cancelled, somebody cannot come."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Message, User
from clients.notices import Told
from curriculum import moments

from . import caseload
from .models import Decline, LiveSession, SessionRule
from .sessions import expected, name_of, path_of

MOVED, CANCELLED, DECLINED = "session.moved", "session.cancelled", "session.declined"
REARRANGED = "session.rearranged"
State = LiveSession.State


# --- Guards -----------------------------------------------------------------------------------------


def changed_guard(message: Message, at: datetime) -> str | None:
    """Nobody is told what is no longer so, nor what is not theirs any more."""
    session = _session(message)
    if session is None or session.version != message.about["version"]:
        return "the session was changed again"
    if not caseload.coaches(message.person, session.cohort) and not _walks(message.person, session):
        return "this person walks with the cohort no longer, or is on hold"
    return "the session has begun" if session.starts_at <= at else None


def declined_guard(message: Message, at: datetime) -> str | None:
    session = _session(message)
    if not Decline.objects.filter(pk=message.about["decline"]).exists():
        return "the client can come after all"
    if session.state != State.PLANNED:
        return "the session does not take place then"
    return None if caseload.coaches(message.person, session.cohort) else "this person coaches the cohort no longer"


def rearranged_guard(message: Message, at: datetime) -> str | None:
    rule = SessionRule.objects.filter(cohort=message.cohort).first()
    if rule is None or (rule.weekday, f"{rule.time:%H:%M}") != (message.about["weekday"], message.about["time"]):
        return "the sessions were arranged again"
    following = _following(message, at)
    if following is None:
        return "no session is to come"
    is_theirs = caseload.coaches(message.person, message.cohort) or _walks(message.person, following)
    return None if is_theirs else "this person walks with the cohort no longer, or is on hold"


def _following(message: Message, at: datetime) -> LiveSession | None:
    coming = LiveSession.objects.filter(cohort=message.cohort, state=State.PLANNED, starts_at__gt=at)
    return coming.select_related("cohort").order_by("starts_at").first()


def _walks(person: User, session: LiveSession) -> bool:
    return expected(session.cohort).filter(client=person).exists()


# --- Words ------------------------------------------------------------------------------------------


def changed(message: Message, at: datetime) -> Letter:
    session = _session(message)
    said = {"session": name_of(session), "cohort": session.cohort, "reason": session.reason}
    said |= {"when": spelled(session.starts_at, message.person), "minutes": session.minutes, "person": message.person}
    link, button = _page(session, is_led=caseload.coaches(message.person, session.cohort))
    return letters.from_template(message.kind, said, link=link, button=button)


def rearranged(message: Message, at: datetime) -> Letter:
    """The day and the time by the cohort's clock, and the next one by the reader's."""
    session = _following(message, at)
    said = {"day": WEEKDAYS[message.about["weekday"]], "time": message.about["time"], "cohort": message.cohort}
    said |= {"zone": moments.zone_label(session.starts_at, message.cohort.zone).partition(" (")[0]}
    said |= {"session": name_of(session), "when": spelled(session.starts_at, message.person), "person": message.person}
    if caseload.coaches(message.person, message.cohort):
        link, button = reverse("sessions", args=[message.cohort.slug]), _("Open the sessions")
    else:
        link, button = f"{reverse('calendar')}?cohort={message.cohort.slug}", _("Open your calendar")
    return letters.from_template(message.kind, said, link=link, button=button)


def declined(message: Message, at: datetime) -> Letter:
    decline = Decline.objects.select_related("enrolment__client", "session__cohort").get(pk=message.about["decline"])
    session = decline.session
    said = {"client": decline.enrolment.client, "session": name_of(session), "cohort": session.cohort}
    said |= {"when": spelled(session.starts_at, message.person), "person": message.person}
    link = reverse("sessions", args=[session.cohort.slug])
    return letters.from_template(message.kind, said, link=link, button=_("Open the sessions"))


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once, in three queries: the subject of each letter and where it leads."""
    rows = LiveSession.objects.select_related("cohort").in_bulk([message.about["session"] for message in messages])
    declines = Decline.objects.select_related("enrolment__client").in_bulk(
        [message.about["decline"] for message in messages if "decline" in message.about]
    )
    led = set(caseload.coached_by(messages[0].person).values_list("pk", flat=True)) if messages else set()
    told = {}
    for message in messages:
        session, decline = rows.get(message.about["session"]), declines.get(message.about.get("decline"))
        if session is not None and ("decline" not in message.about or decline):
            said = {
                "session": name_of(session),
                "cohort": session.cohort,
                "client": decline and decline.enrolment.client,
            }
            said["when"] = spelled(session.starts_at, message.person)
            subject = letters.subject_of(message.kind, said)
            told[message.key] = Told(subject, _page(session, is_led=session.cohort_id in led)[0])
    return told


def spelled(instant: datetime, reader: User) -> str:
    """“Thursday 12 March at 18:00 your time”: it may be weeks away, so the day has its date."""
    wall = moments.to_wall(instant, reader.zone)
    return _("%(day)s at %(time)s your time") % {"day": f"{wall:%A %-d %B}", "time": f"{wall:%H:%M}"}


def _page(session: LiveSession, *, is_led: bool) -> tuple[str, str]:
    if is_led:
        return reverse("sessions", args=[session.cohort.slug]), _("Open the sessions")
    return path_of(session), _("Open week %(n)s") % {"n": session.week}


def _session(message: Message) -> LiveSession | None:
    return LiveSession.objects.select_related("cohort").filter(pk=message.about["session"]).first()


KINDS = (
    Kind(MOVED, "a live session was moved", changed_guard, changed, quiet=False),
    Kind(CANCELLED, "a live session was cancelled", changed_guard, changed, quiet=False),
    Kind(REARRANGED, "live sessions are on another day", rearranged_guard, rearranged),
    Kind(DECLINED, "somebody cannot come to a live session", declined_guard, declined),
)
