"""Planning live sessions from a cohort's rule, and moving, holding and cancelling them; clients say who cannot come.

Every change takes the cohort's row first, so that it comes before a pause or after it. Whoever plans reminders hears
of it in the same transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from clients import inviting, moving, opening, recording, stopping, tables
from clients.models import Cohort, Enrolment, User
from clients.tables import Table
from curriculum import moments

from . import assigning, sessions
from .models import Decline, LiveSession, SessionRule
from .models.session import LONGEST, SHORTEST
from .signals import session_called_off, session_changed, session_declined, session_moved, sessions_rearranged

State = LiveSession.State
A_YEAR = timedelta(days=366)
USUAL = 60  # minutes, as the edition plans them
_is_link = URLValidator(schemes=["http", "https"])


class CannotConvene(ValidationError):
    """Not this session, or not now."""


class NotLikeThis(ValidationError):
    """Something about the time, the length or the link. Carries the field it is about in `field`."""

    def __init__(self, field: str, message: str, code: str):
        super().__init__(message, code=code)
        self.field = field


class WalksElsewhere(PermissionDenied):
    """Somebody who does not walk with this cohort."""

    code = "session.not_yours"


# --- Refusals -----------------------------------------------------------------------------------


def arrange_refusal(cohort: Cohort, *, minutes: int, link: str) -> Exception | None:
    return _closed(cohort) or _terms_refusal(minutes, link)


def move_refusal(
    session: LiveSession, *, wall: datetime | None, minutes: int, link: str, version: int | None, at: datetime
) -> Exception | None:
    """Without `wall` whether the session can be moved at all."""
    if refusal := _closed(session.cohort) or _held(session) or _attended(session):
        return refusal
    if session.cohort.is_paused:
        return CannotConvene(
            _("The cohort stands still. Give the session its new time once it goes on."), code="session.paused"
        )
    if version is not None and version != session.version:
        return CannotConvene(
            _("Somebody changed this session a moment ago. Look at it again first."), code="session.moved_on"
        )
    return _time_refusal(session, wall, minutes, at) or _terms_refusal(minutes, link) if wall else None


def hold_refusal(session: LiveSession, *, at: datetime) -> Exception | None:
    if refusal := _closed(session.cohort) or _held(session) or _cancelled(session):
        return refusal
    if sessions.starts_at(session, at=at) > at:
        return CannotConvene(_("This session has not begun yet."), code="session.not_begun")
    return None


def unmark_refusal(session: LiveSession) -> Exception | None:
    if refusal := _closed(session.cohort):
        return refusal
    if session.state != State.HELD:
        return CannotConvene(_("This session is not marked as held."), code="session.not_held")
    return None


def cancel_refusal(session: LiveSession) -> Exception | None:
    return _closed(session.cohort) or _held(session) or _cancelled(session) or _attended(session)


def decline_refusal(session: LiveSession, *, by: User, at: datetime) -> Exception | None:
    if not Enrolment.objects.active().filter(cohort=session.cohort, client=by).exists():
        return WalksElsewhere(_("You do not walk with this cohort."))
    if refusal := _closed(session.cohort) or _held(session) or _cancelled(session):
        return refusal
    if sessions.starts_at(session, at=at) <= at:
        return CannotConvene(_("This session has begun already."), code="session.begun")
    return None


def _closed(cohort: Cohort) -> CannotConvene | None:
    return CannotConvene(_("This cohort is closed."), code="cohort.closed") if cohort.is_closed else None


def _held(session: LiveSession) -> CannotConvene | None:
    if session.state == State.HELD:
        return CannotConvene(_("This session was held already."), code="session.held")
    return None


def _attended(session: LiveSession) -> CannotConvene | None:
    """What somebody was marked for has begun, and neither moves nor falls away."""
    if session.attendance.exists():
        return CannotConvene(
            _("Attendance was taken, so this session took place. Take those marks away first."),
            code="session.attended",
        )
    return None


def _cancelled(session: LiveSession) -> CannotConvene | None:
    if session.state == State.CANCELLED:
        return CannotConvene(_("This session is cancelled. Give it a new time instead."), code="session.cancelled")
    return None


def _time_refusal(session: LiveSession, wall: datetime, minutes: int, at: datetime) -> NotLikeThis | None:
    starts = moments.to_utc(wall, session.cohort.zone)
    if not at < starts < at + A_YEAR:
        return NotLikeThis("wall", _("Choose a time to come, within a year from now."), code="session.when")
    ends = starts + timedelta(minutes=minutes)
    others = LiveSession.objects.filter(cohort=session.cohort, state=State.PLANNED, starts_at__lt=ends)
    for other in others.exclude(pk=session.pk):
        if other.starts_at + timedelta(minutes=other.minutes) > starts:
            return NotLikeThis(
                "wall", _("“%(title)s” is at that time already.") % {"title": other.title}, code="session.taken"
            )
    return None


def _terms_refusal(minutes: int, link: str) -> NotLikeThis | None:
    if not SHORTEST <= minutes <= LONGEST:
        return NotLikeThis("minutes", _("A session lasts between 15 and 240 minutes."), code="session.minutes")
    try:
        if link:
            _is_link(link)
    except ValidationError:
        return NotLikeThis("link", _("Enter a whole address that begins with https://."), code="session.link")
    return None


# --- Operations of whoever leads the cohort -------------------------------------------------------


@transaction.atomic
def open_cohort(
    *,
    session_day: int | None = None,
    session_time: time | None = None,
    breaks: Sequence[date] = (),
    coaches: Sequence[User] = (),
    people: Table | None = None,
    left_out: Sequence[str] = (),
    by: User,
    at: datetime,
    **plan: Any,
) -> Cohort:
    """A new cohort with its weeks off, its coaches, the people put down for it, without the reminders that are left
    out, and with a day and a time its live sessions, an hour each. Everything can be changed later; nothing is sent,
    and of what cannot be, nothing is done.
    """
    if (session_day is None) != (session_time is None):
        raise NotLikeThis("session_time", _("Choose a day and a time, or neither of them."), code="session.half")
    cohort = opening.open_cohort(**plan, by=by, at=at)
    if left_out:
        cohort = stopping.leave_out(cohort, left_out, by=by, at=at)
    for first_day in sorted(breaks):
        moving.set_break(cohort, first_day=first_day, by=by, at=at)
    if session_day is not None and session_time is not None:
        arrange(cohort, weekday=session_day, time=session_time, minutes=USUAL, by=by, at=at)
    for coach in coaches:
        assigning.assign(cohort, coach=coach, by=by, at=at)
    if people is not None:
        inviting.put_down(people, tables.without(people, "cohort"), cohort=cohort, by=by, at=at)
    return cohort


@transaction.atomic
def arrange(
    cohort: Cohort, *, weekday: int, time: time, minutes: int, link: str = "", by: User | None, at: datetime
) -> SessionRule:
    """Every session still to come follows the rule; what was given a time, a length or a link of its own keeps it."""
    cohort = _locked_cohort(cohort)
    if refusal := arrange_refusal(cohort, minutes=minutes, link=link):
        raise refusal
    before = sessions.rule_of(cohort)
    rule = before or SessionRule(cohort=cohort)
    old = (rule.weekday, rule.time, rule.minutes, rule.link)
    rule.weekday, rule.time, rule.minutes, rule.link = weekday, time, minutes, link
    rule.save()
    note = f"{WEEKDAYS[weekday]} {time:%H:%M}, {minutes} min"
    recording.record("arranged sessions", cohort, by=by, at=at, cohort=cohort, note=note)
    if before and _follow(cohort, old, rule, at):
        sessions_rearranged.send(sender=SessionRule, rule=rule, by=by, at=at)
    _plan_missing(cohort, rule, at)
    return rule


@transaction.atomic
def move(
    session: LiveSession,
    *,
    wall: datetime,
    minutes: int | None = None,
    link: str | None = None,
    version: int | None = None,
    by: User,
    at: datetime,
) -> LiveSession:
    """Give it a new time by the cohort's clock; one that was cancelled is planned again. `version` is the one seen."""
    session = _locked(session)
    minutes = session.minutes if minutes is None else minutes
    link = session.link if link is None else link
    if refusal := move_refusal(session, wall=wall, minutes=minutes, link=link, version=version, at=at):
        raise refusal
    day = sessions.day_for(session.cohort, session.week, wall, at=at)
    if day is None:
        raise NotLikeThis("wall", _("The cohort stands still at that time."), code="session.nowhere")
    before = (session.state, session.starts_at)
    was = f"{moments.to_wall(session.starts_at, session.cohort.zone):%Y-%m-%d %H:%M}"
    terms = {"day": day, "time": wall.time(), "minutes": minutes, "link": link, "reason": "", "settled_at": None}
    _change(session, at, state=State.PLANNED, starts_at=moments.to_utc(wall, session.cohort.zone), **terms)
    note = f"{was} to {wall:%Y-%m-%d %H:%M}"
    recording.record("moved session", session, by=by, at=at, cohort=session.cohort, note=note)
    if before != (session.state, session.starts_at):
        session_moved.send(sender=LiveSession, session=session, by=by, at=at)
    return session


@transaction.atomic
def hold(session: LiveSession, *, by: User, at: datetime) -> LiveSession:
    """It took place."""
    session = _locked(session)
    if refusal := hold_refusal(session, at=at):
        raise refusal
    _change(session, at, state=State.HELD, settled_at=at)
    recording.record("held session", session, by=by, at=at, cohort=session.cohort, note=session.title)
    return session


@transaction.atomic
def unmark(session: LiveSession, *, by: User, at: datetime) -> LiveSession:
    """It was marked as held by mistake, and waits for its mark again, or is moved or cancelled after all."""
    session = _locked(session)
    if refusal := unmark_refusal(session):
        raise refusal
    _change(session, at, state=State.PLANNED, settled_at=None)
    recording.record("unmarked session", session, by=by, at=at, cohort=session.cohort, note=session.title)
    return session


@transaction.atomic
def cancel(session: LiveSession, *, reason: str, by: User, at: datetime) -> LiveSession:
    """It does not take place, and everybody is told why."""
    session = _locked(session)
    if refusal := cancel_refusal(session):
        raise refusal
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise NotLikeThis("reason", _("Say why in a few words; everybody reads them."), code="session.no_reason")
    starts = sessions.starts_at(session, at=at)
    _change(session, at, state=State.CANCELLED, reason=reason, settled_at=at, starts_at=starts)
    recording.record("cancelled session", session, by=by, at=at, cohort=session.cohort, note=reason)
    session_called_off.send(sender=LiveSession, session=session, by=by, at=at)
    return session


# --- Operations of a client -----------------------------------------------------------------------


@transaction.atomic
def decline(session: LiveSession, *, by: User, at: datetime) -> None:
    """They cannot come: whoever holds it hears so, and no reminder is sent to them. Saying it twice is saying it."""
    session = _locked(session)
    if refusal := decline_refusal(session, by=by, at=at):
        raise refusal
    enrolment = Enrolment.objects.get(cohort=session.cohort, client=by)
    told, is_new = Decline.objects.get_or_create(session=session, enrolment=enrolment, defaults={"at": at})
    if is_new:
        recording.record("declined session", session, by=by, at=at, cohort=session.cohort)
        session_declined.send(sender=Decline, decline=told, at=at)


@transaction.atomic
def come(session: LiveSession, *, by: User, at: datetime) -> None:
    """They can come after all."""
    session = _locked(session)
    if refusal := decline_refusal(session, by=by, at=at):
        raise refusal
    if Decline.objects.filter(session=session, enrolment__client=by).delete()[0]:
        recording.record("comes to session", session, by=by, at=at, cohort=session.cohort)


# --- Operations nobody asks for by themselves -----------------------------------------------------


@transaction.atomic
def replan(cohort: Cohort, *, at: datetime) -> int:
    """The cohort's dates moved: what is planned moves with its week. Returns how many did."""
    rows = LiveSession.objects.select_for_update().filter(cohort=cohort, state=State.PLANNED).order_by("pk")
    return sum(_settle_on(cohort, row, at) for row in rows)


# --- Inside ---------------------------------------------------------------------------------------


@transaction.atomic
def let_go(cohort: Cohort, *, at: datetime) -> None:
    """The cohort is closed: what is still planned does not take place. Nobody is left to be told."""
    coming = LiveSession.objects.select_for_update().filter(cohort=cohort, state=State.PLANNED, starts_at__gt=at)
    for row in coming.order_by("pk"):
        row.cohort = cohort
        _change(row, at, state=State.CANCELLED, reason=_("The cohort is closed"), settled_at=at)


def _follow(cohort: Cohort, old: tuple, rule: SessionRule, at: datetime) -> bool:
    """What stood as the old rule said stands as the new one says; what has begun stays. Whether any got a new time."""
    weekday, time_, minutes, link = old
    is_moved = False
    coming = LiveSession.objects.select_for_update().filter(cohort=cohort, state=State.PLANNED, starts_at__gt=at)
    for row in coming.order_by("pk"):
        own = (row.day, row.time) != (weekday, time_)
        terms = {
            "minutes": rule.minutes if row.minutes == minutes else row.minutes,
            "link": rule.link if row.link == link else row.link,
        }
        if not own:
            starts = sessions.comes_to(cohort, row.week, rule.weekday, rule.time, at=at)
            if starts > at:
                is_moved |= starts != row.starts_at
                terms |= {"day": rule.weekday, "time": rule.time, "starts_at": starts}
        if any(getattr(row, name) != content for name, content in terms.items()):
            row.cohort = cohort
            _change(row, at, **terms)
    return is_moved


def _plan_missing(cohort: Cohort, rule: SessionRule, at: datetime) -> None:
    """A session for every week that has one, does not have it yet, and still lies ahead."""
    there = set(LiveSession.objects.filter(cohort=cohort).values_list("week", flat=True))
    for week in sessions.planned_weeks(cohort):
        starts = sessions.comes_to(cohort, week.number, rule.weekday, rule.time, at=at)
        if week.number in there or starts <= at:
            continue
        session = LiveSession.objects.create(
            cohort=cohort,
            week=week.number,
            title=week.session["title"],
            day=rule.weekday,
            time=rule.time,
            starts_at=starts,
            minutes=rule.minutes,
            link=rule.link,
            changed_at=at,
        )
        session_changed.send(sender=LiveSession, session=session, at=at)


def _settle_on(cohort: Cohort, row: LiveSession, at: datetime) -> bool:
    """What its plan comes to now; whether that is another instant."""
    row.cohort = cohort
    starts = sessions.comes_to(cohort, row.week, row.day, row.time, at=at)
    if starts == row.starts_at:
        return False
    _change(row, at, starts_at=starts)
    return True


def _change(session: LiveSession, at: datetime, **changes) -> None:
    for name, content in {**changes, "changed_at": at}.items():
        setattr(session, name, content)
    session.version += 1
    session.save(update_fields=[*changes, "changed_at", "version"])
    session_changed.send(sender=LiveSession, session=session, at=at)


def _locked_cohort(cohort: Cohort) -> Cohort:
    return Cohort.objects.select_for_update(of=("self",)).select_related("edition").get(pk=cohort.pk)


def _locked(session: LiveSession) -> LiveSession:
    """The session after its cohort, both as they are now."""
    cohort = _locked_cohort(Cohort.objects.get(sessions=session.pk))
    session = LiveSession.objects.select_for_update().get(pk=session.pk)
    session.cohort = cohort
    return session
