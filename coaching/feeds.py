"""A person's dates as iCalendar: what they walk as a client, what they hold as a coach, and nothing of anybody's work.

Every event keeps its UID for good. Its SEQUENCE comes from what the writing side counts (the cohort's plan, the
session's version, the person's moves), so it rises when a date moves and asking for the feed changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import deadlines, tokens
from clients.models import Cohort, Enrolment, User
from curriculum import moments

from . import calendars, calls, caseload, sessions, timezones
from .calendars import ATTEMPT, DUE, OPENS, SESSION, Date
from .models import CalendarAddress, Call, LiveSession, Substitution
from .sessions import Session
from .weekboard import weeks_of

if TYPE_CHECKING:
    from icalendar import Event, Timezone

LOOK_AGAIN = timedelta(hours=6)  # how long a calendar program may wait before it asks again
BEFORE = timedelta(days=1)  # the clocks are told from a day before the first date on
SHOWN = {OPENS, DUE, ATTEMPT, SESSION}
CONFIRMED, CANCELLED = "CONFIRMED", "CANCELLED"


@dataclass(frozen=True)
class Entry:
    """One event. `zone` is the clock it was planned by; an event with an end takes its reader's time."""

    uid: str
    sequence: int
    changed_at: datetime
    at: datetime
    zone: str
    title: str
    path: str
    until: datetime | None = None
    link: str = ""
    told: str = ""
    status: str = CONFIRMED


@dataclass(frozen=True)
class Revision:
    """How often the dates of somebody moved, and when they last did."""

    number: int
    at: datetime


# --- Whose -----------------------------------------------------------------------------------------


def find(token: str, *, at: datetime) -> User | None:
    """Whose address this is. Looked up by its hash, so a guess learns nothing from the time it takes."""
    address = CalendarAddress.objects.filter(token_hash=tokens.hash_of(token), person__is_active=True)
    found = address.select_related("person").first()
    return found.person if found and has_dates(found.person, at=at) else None


def address_of(person: User) -> CalendarAddress | None:
    return CalendarAddress.objects.filter(person=person).first()


def has_dates(person: User, *, at: datetime) -> bool:
    """Whether somebody walks with a cohort, coaches one or stands in; whoever left has none from the next request."""
    return _walked(person).exists() or caseload.coached_by(person).exists() or _windows(person, at).exists()


def _walked(person: User) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(client=person).exclude(state__in=Enrolment.LEFT)


def _windows(person: User, at: datetime) -> QuerySet[Substitution]:
    """Where somebody stands in now or later."""
    return Substitution.objects.not_over(at).filter(substitute=person).select_related("cohort", "away")


# --- The entries -----------------------------------------------------------------------------------


def entries(person: User, *, at: datetime) -> list[Entry]:
    """Everything in a person's calendar, the earliest first."""
    found = [entry for enrolment in deadlines.with_calendar(_walked(person)) for entry in _client(enrolment, at)]
    coached = caseload.coached_by(person).prefetch_related(*deadlines.OF_A_COHORT)
    found += [entry for cohort in coached for entry in _coach(cohort, person, at)]
    found += [_window(window, person) for window in _windows(person, at)]
    return sorted(found, key=lambda entry: (entry.at, entry.uid))


def _client(enrolment: Enrolment, at: datetime) -> Iterator[Entry]:
    revision = _revision(enrolment, at)
    for date in calendars.of(enrolment, at=at):
        if date.kind == SESSION:
            yield _session(date.session, f"{reverse('week', args=[date.week])}?cohort={enrolment.cohort.slug}", at)
        elif date.call is not None:
            call, page = date.call, f"{reverse('my-call')}?cohort={enrolment.cohort.slug}"
            yield _call(call, calls.title_for_client(call), page, call.slot.coach.zone)
        elif date.kind in SHOWN:
            yield _date(enrolment, date, revision)


def _window(window: Substitution, person: User) -> Entry:
    """In it the queue has what is open there; before and after it is nobody's but the coach's."""
    return Entry(
        uid=_uid("stands-in", window.pk, "window"),
        sequence=0,
        changed_at=window.set_at,
        at=window.starts_at,
        until=window.ends_at,
        zone=person.zone,
        title=_("%(cohort)s: you stand in for %(name)s") % {"cohort": window.cohort, "name": window.away},
        path=reverse("queue"),
        told=window.cohort.name,
    )


def _date(enrolment: Enrolment, date: Date, revision: Revision) -> Entry:
    """What opens is planned by the cohort's clock, what is due by the client's own."""
    zone = enrolment.cohort.zone if date.kind == OPENS else enrolment.client.zone
    page = reverse("work", args=[date.key]) if date.kind == ATTEMPT else reverse("week", args=[date.week])
    return Entry(
        uid=_uid(date.kind, enrolment.pk, date.key or date.week),
        sequence=revision.number + date.attempt,
        changed_at=revision.at,
        at=date.at,
        zone=zone,
        title=date.title,
        path=f"{page}?cohort={enrolment.cohort.slug}",
        told=enrolment.cohort.name,
    )


def _coach(cohort: Cohort, coach: User, at: datetime) -> Iterator[Entry]:
    """The weeks of a cohort as they open, and its sessions."""
    calendar, revision = cohort.calendar(), _plan(cohort, at)
    page = reverse("board", args=[cohort.slug])
    for week in weeks_of(cohort.edition_id):
        named = {"cohort": cohort.name, "n": week.number, "title": week.title}
        yield Entry(
            uid=_uid("cohort-opens", cohort.pk, week.number),
            sequence=revision.number,
            changed_at=revision.at,
            at=moments.opens_at(calendar, week.number, at=at),
            zone=cohort.zone,
            title=_("%(cohort)s: week %(n)s opens: %(title)s") % named,
            path=page,
        )
    for session in sessions.of_cohort(cohort, zone=coach.zone, at=at):
        yield _session(session, reverse("sessions", args=[cohort.slug]), at)
    for call in calls.of_coach(coach, cohort):
        yield _call(call, calls.title_for_coach(call), reverse("coach-call", args=[cohort.slug, call.pk]), coach.zone)


def _call(call: Call, title: str, path: str, zone: str) -> Entry:
    """The same event in both calendars, planned by the coach's clock; each names the other."""
    cancelled = not call.is_booked
    return Entry(
        uid=_uid("call", call.pk),
        sequence=call.version,
        changed_at=call.changed_at,
        at=call.slot.starts_at,
        zone=zone,
        title=title,
        path=path,
        until=call.slot.ends_at,
        link="" if cancelled else call.slot.link,
        told=_("Cancelled: %(reason)s") % {"reason": call.reason} if cancelled else call.slot.cohort.name,
        status=CANCELLED if cancelled else CONFIRMED,
    )


def _session(session: Session, path: str, at: datetime) -> Entry:
    row: LiveSession = session.row
    cancelled = row.state == LiveSession.State.CANCELLED
    return Entry(
        uid=_uid("session", row.pk),
        sequence=row.version + stood_still(row.cohort, at),
        changed_at=row.changed_at,
        at=session.starts_at,
        zone=row.cohort.zone,
        title=f"{row.cohort.name}: {session.name}",
        path=path,
        until=session.ends_at,
        link="" if cancelled else row.link,
        told=_("Cancelled: %(reason)s") % {"reason": row.reason} if cancelled else "",
        status=CANCELLED if cancelled else CONFIRMED,
    )


def _uid(kind: str, *parts: object) -> str:
    host = settings.BASE_URL.split("//")[-1].split("/")[0].split(":")[0]
    return "-".join(map(str, (kind, *parts))) + f"@{host}"


# --- How often it moved ----------------------------------------------------------------------------


def stood_still(cohort: Cohort, at: datetime) -> int:
    """The seconds a cohort has stood still so far. They grow while a pause lasts and never shrink.

    Not days: what stays ahead of now meanwhile moves at its own hour, by the clock of whoever it is for.
    """
    return sum(_seconds(pause.began_at, pause.ended_at or at) for pause in cohort.pauses.all())


def _seconds(began_at: datetime, ended_at: datetime) -> int:
    return int((ended_at - began_at).total_seconds())


def _plan(cohort: Cohort, at: datetime) -> Revision:
    changed = [cohort.created_at, cohort.plan_changed_at or cohort.created_at]
    changed += [*(week.set_at for week in cohort.breaks.all()), *(s.at for s in cohort.shifts.all())]
    for pause in cohort.pauses.all():
        changed += [pause.began_at, pause.ended_at or at]
    return Revision(cohort.plan_version + stood_still(cohort, at), max(changed))


def _revision(enrolment: Enrolment, at: datetime) -> Revision:
    plan, moves = _plan(enrolment.cohort, at), list(enrolment.client.zone_changes.all())
    own = list(_own_changes(enrolment, at))
    changed = [plan.at, enrolment.joined_at, *(move.at for move in moves), *(change.at for change in own)]
    return Revision(plan.number + len(moves) + sum(change.number for change in own), max(changed))


def _own_changes(enrolment: Enrolment, at: datetime) -> Iterator[Revision]:
    """What moved the dates of this client alone: the time on hold so far, days granted, what is asked for again."""
    for hold in enrolment.holds.all():
        lasted = _seconds(hold.began_at, hold.ended_at or at)
        yield Revision(1 + lasted + bool(hold.ended_at), hold.ended_at or at)
    yield from (Revision(1, one.decided_at) for one in enrolment.extensions.all() if one.state == one.State.GRANTED)
    yield from (Revision(1, one.ended_at) for one in enrolment.excusals.all() if one.ended_at)


# --- As text ---------------------------------------------------------------------------------------


def text(person: User, *, at: datetime) -> bytes:
    """The feed of a person, as calendar programs read it."""
    return written(entries(person, at=at))


def written(found: list[Entry]) -> bytes:
    """Entries as iCalendar: wall times in the zones they were planned in, and those zones' clocks with them."""
    from icalendar import Calendar, vDuration  # noqa: PLC0415  costs start-up time, and only feeds need it

    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.BRAND_NAME}//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", settings.BRAND_NAME)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
    for zone in sorted({entry.zone for entry in found}):
        instants = [instant for entry in found if entry.zone == zone for instant in (entry.at, entry.until or entry.at)]
        calendar.add_component(_zone(zone, min(instants), max(instants)))
    for entry in found:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    for name in ("dtstamp", "last-modified"):
        event.add(name, entry.changed_at.astimezone(UTC).replace(microsecond=0))
    _add_instant(event, "dtstart", entry.at, entry.zone)
    if entry.until:
        _add_instant(event, "dtend", entry.until, entry.zone)
    event.add("summary", entry.title)
    address = settings.BASE_URL + entry.path
    event.add("description", "\n".join(line for line in (entry.told, address) if line))
    event.add("url", address)
    if entry.link:
        event.add("location", entry.link)
    event.add("status", entry.status)
    event.add("transp", "OPAQUE" if entry.until and entry.status == CONFIRMED else "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _add_instant(event: "Event", name: str, instant: datetime, zone: str) -> None:
    """A wall time with its zone; plain UTC in the hour that an autumn night repeats, of which programs think apart."""
    instant = instant.astimezone(UTC).replace(microsecond=0)
    wall = moments.to_wall(instant, zone)
    if timezones.is_shown_once(wall, zone):
        event.add(name, wall, parameters={"TZID": zone})
    else:
        event.add(name, instant)


def _zone(zone: str, first: datetime, last: datetime) -> "Timezone":
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415

    found = Timezone()
    found.add("tzid", zone)
    # Whole years, so that the clocks of a zone are worked out once for all feeds.
    first, last = datetime((first - BEFORE).year, 1, 1, tzinfo=UTC), datetime(last.year + 1, 1, 2, tzinfo=UTC)
    for turn in timezones.turns(zone, first, last):
        part = TimezoneDaylight() if turn.is_summer else TimezoneStandard()
        part.add("dtstart", turn.wall)
        part.add("tzoffsetfrom", turn.before)
        part.add("tzoffsetto", turn.after)
        part.add("tzname", turn.name)
        found.add_component(part)
    return found
