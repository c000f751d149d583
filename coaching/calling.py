"""Offering times for midpoint calls, booking one, moving and cancelling a call.

Whoever takes a time locks its row, so that of two who press at one moment one has it and the other reads that. Lock
order: the cohorts by their number or the enrolment, the coach, the slots by their number, the call.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients import recording
from clients.models import Cohort, Enrolment, User
from curriculum import moments

from . import calls, caseload
from .models import Call, CallSlot
from .models.call import LONGEST, SHORTEST
from .signals import call_changed, calls_offered

FEWEST, MOST = 2, 10  # times offered at once
State = Call.State
_is_link = URLValidator(schemes=["http", "https"])


class NotYourCall(PermissionDenied):
    """Somebody who is neither the client nor the coach of it."""

    code = "call.not_yours"


class CannotCall(ValidationError):
    """Not this time, or not now."""


class NotLikeThis(ValidationError):
    """Something about what was typed. Carries the field it is about in `field`."""

    def __init__(self, field: str, message: str, code: str):
        super().__init__(message, code=code)
        self.field = field


# --- Refusals of offers ---------------------------------------------------------------------------


def offer_refusal(
    cohort: Cohort, *, walls: Sequence[datetime], minutes: int, link: str = "", by: User, at: datetime
) -> Exception | None:
    """Why these times, by the coach's own clock, cannot be offered."""
    if not caseload.coaches(by, cohort):
        return NotYourCall(_("Only coaches of the cohort offer calls."))
    if cohort.is_closed:
        return CannotCall(_("This cohort is closed."), code="cohort.closed")
    if not FEWEST <= len(walls) <= MOST:
        return NotLikeThis("walls", _("Offer between 2 and 10 times, so that there is a choice."), code="call.count")
    if not SHORTEST <= minutes <= LONGEST:
        return NotLikeThis("minutes", _("A call lasts between 10 and 60 minutes."), code="call.minutes")
    return _link_refusal(link) or _times_refusal(cohort, walls, minutes, by, at)


def _link_refusal(link: str) -> NotLikeThis | None:
    try:
        if link:
            _is_link(link)
    except ValidationError:
        return NotLikeThis("link", _("Enter a whole address that begins with https://."), code="call.link")
    return None


def _times_refusal(
    cohort: Cohort, walls: Sequence[datetime], minutes: int, by: User, at: datetime
) -> NotLikeThis | None:
    first, after = calls.span(cohort, at=at)
    length, before = timedelta(minutes=minutes), None
    for wall in sorted(walls):
        starts = moments.to_utc(wall, by.zone)
        named = {"time": f"{wall:%A %-d %B, %H:%M}"}
        if starts <= at:
            return NotLikeThis("walls", _("%(time)s is past. Offer times to come.") % named, code="call.past")
        if not first <= starts <= after - length:
            named |= _span_in_words(first, after, by.zone)
            return NotLikeThis(
                "walls",
                _("%(time)s is outside the weeks of the calls: they lie between %(first)s and %(last)s.") % named,
                code="call.outside",
            )
        if (before and starts < before) or calls.overlaps(by, starts, starts + length):
            return NotLikeThis(
                "walls", _("%(time)s overlaps another time that you offer.") % named, code="call.overlaps"
            )
        if session := calls.session_beside(by, starts, starts + length):
            named |= {"title": session.title, "cohort": str(session.cohort)}
            return NotLikeThis(
                "walls",
                _("%(time)s overlaps “%(title)s”, the live session of %(cohort)s. Offer another time.") % named,
                code="call.session",
            )
        before = starts + length
    return None


def _span_in_words(first: datetime, after: datetime, zone: str) -> dict[str, str]:
    days = moments.to_wall(first, zone), moments.to_wall(after, zone)
    return {"first": f"{days[0]:%A %-d %B, %H:%M}", "last": f"{days[1]:%A %-d %B, %H:%M}"}


def withdraw_refusal(slot: CallSlot, *, by: User) -> Exception | None:
    """Why an offered time cannot be taken back."""
    if slot.coach_id != by.pk:
        return NotYourCall(_("Only whoever offers a time takes it back."))
    if slot.withdrawn_at is not None:
        return CannotCall(_("This time is not offered any more."), code="call.gone")
    if slot.calls.filter(state=State.BOOKED).exists():
        return CannotCall(_("This time is booked. Move or cancel the call instead."), code="call.taken")
    return None


# --- Refusals of calls ----------------------------------------------------------------------------


def book_refusal(
    enrolment: Enrolment, slot: CallSlot | None, call: Call | None, *, by: User, at: datetime
) -> Exception | None:
    """Why a client cannot book this time; without one whether they can book at all."""
    if enrolment.client_id != by.pk:
        return NotYourCall(_("Whose call it is books it."))
    if refusal := walking_refusal(enrolment):
        return refusal
    if call is not None and call.is_booked:
        return CannotCall(_("You have booked a call already. Move it instead."), code="call.there")
    return _slot_refusal(enrolment, slot, at) if slot else None


def change_refusal(call: Call, *, by: User, at: datetime) -> Exception | None:
    """Why a call can be neither moved nor cancelled."""
    if by.pk not in (call.enrolment.client_id, call.slot.coach_id):
        return NotYourCall(_("Only the two whose call it is change it."))
    if refusal := walking_refusal(call.enrolment):
        return refusal
    if not call.is_booked:
        return CannotCall(_("This call is cancelled. Book another one instead."), code="call.cancelled")
    if call.slot.starts_at <= at:
        return CannotCall(_("This call has begun already."), code="call.begun")
    return None


def move_refusal(call: Call, slot: CallSlot, *, reason: str, by: User, at: datetime) -> Exception | None:
    if refusal := change_refusal(call, by=by, at=at):
        return refusal
    if call.slot_id == slot.pk:
        return CannotCall(_("The call is at that time already."), code="call.same")
    return _slot_refusal(call.enrolment, slot, at) or _reason_refusal(reason)


def cancel_refusal(call: Call, *, reason: str, by: User, at: datetime) -> Exception | None:
    return change_refusal(call, by=by, at=at) or _reason_refusal(reason)


def walking_refusal(enrolment: Enrolment) -> CannotCall | None:
    """Whether the cohort has ended, or the client has left it."""
    if enrolment.cohort.is_closed:
        return CannotCall(_("This cohort is closed."), code="cohort.closed")
    if not enrolment.is_active:
        return CannotCall(_("This client has left the cohort."), code="call.left")
    return None


def _slot_refusal(enrolment: Enrolment, slot: CallSlot, at: datetime) -> CannotCall | None:
    """The row as it is now, locked by whoever takes it."""
    if slot.withdrawn_at is not None or slot.cohort_id != enrolment.cohort_id:
        return CannotCall(_("This time is not offered any more. Choose another one."), code="call.gone")
    if slot.starts_at <= at:
        return CannotCall(_("This time is past. Choose another one."), code="call.past")
    if slot.calls.filter(state=State.BOOKED).exists():
        return CannotCall(_("Somebody else has booked this time. Choose another one."), code="call.taken")
    return None


def _reason_refusal(reason: str) -> NotLikeThis | None:
    if not reason.split():
        return NotLikeThis("reason", _("Say why in a few words; the other one reads them."), code="call.no_reason")
    return None


# --- Operations of the coach ----------------------------------------------------------------------


@transaction.atomic
def offer(
    cohort: Cohort, *, walls: Sequence[datetime], minutes: int, link: str = "", by: User, at: datetime
) -> list[CallSlot]:
    """Offer times by one's own clock, and where to meet; the clients without a call hear of it once."""
    cohort = _locked_cohorts(cohort, by)
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if refusal := offer_refusal(cohort, walls=walls, minutes=minutes, link=link, by=by, at=at):
        raise refusal
    made = CallSlot.objects.bulk_create(
        CallSlot(
            cohort=cohort,
            coach=by,
            starts_at=(starts := moments.to_utc(wall, by.zone)),
            ends_at=starts + timedelta(minutes=minutes),
            link=link,
            offered_at=at,
        )
        for wall in sorted(walls)
    )
    note = f"{len(made)} times, {minutes} min"
    recording.record("offered calls", cohort, by=by, at=at, cohort=cohort, note=note)
    calls_offered.send(sender=CallSlot, cohort=cohort, coach=by, at=at)
    return made


@transaction.atomic
def withdraw(slot: CallSlot, *, by: User, at: datetime) -> None:
    """An offered time is not offered any more."""
    (slot,) = _slots(slot)
    if refusal := withdraw_refusal(slot, by=by):
        raise refusal
    slot.withdrawn_at = at
    slot.save(update_fields=["withdrawn_at"])
    recording.record("withdrew a call time", slot, by=by, at=at, cohort=slot.cohort)


# --- Operations of either -------------------------------------------------------------------------


@transaction.atomic
def book(enrolment: Enrolment, slot: CallSlot, *, by: User, at: datetime) -> Call:
    """Take an offered time. Whoever cancelled before has the same call again, at its new time."""
    enrolment = _locked(enrolment)
    (slot,) = _slots(slot)
    call = Call.objects.select_for_update().filter(enrolment=enrolment).first()
    if refusal := book_refusal(enrolment, slot, call, by=by, at=at):
        raise refusal
    if call is None:
        call = Call.objects.create(enrolment=enrolment, slot=slot, booked_at=at, changed_at=at)
    else:
        _change(call, at, slot=slot, state=State.BOOKED, reason="", booked_at=at)
    return _told("booked a call", call, slot, by=by, at=at)


@transaction.atomic
def move(call: Call, slot: CallSlot, *, reason: str, by: User, at: datetime) -> Call:
    """Another of the times that are offered, with a word for the other one. The old one is free again."""
    call, slot = locked_call(call, slot)
    if refusal := move_refusal(call, slot, reason=reason, by=by, at=at):
        raise refusal
    _change(call, at, slot=slot, reason=_short(reason))
    return _told("moved a call", call, slot, by=by, at=at)


@transaction.atomic
def cancel(call: Call, *, reason: str, by: User, at: datetime) -> Call:
    """It does not take place, with a word for the other one. Its time is free again."""
    call, slot = locked_call(call)
    if refusal := cancel_refusal(call, reason=reason, by=by, at=at):
        raise refusal
    _change(call, at, state=State.CANCELLED, reason=_short(reason))
    return _told("cancelled a call", call, slot, by=by, at=at)


# --- Operations nobody asks for by themselves -----------------------------------------------------


@transaction.atomic
def let_client_go(enrolment: Enrolment, *, at: datetime) -> None:
    """They have left: a call to come does not take place, and its coach is told."""
    _call_off(Call.objects.filter(enrolment=enrolment), _("The client has left the cohort"), at)


@transaction.atomic
def let_coach_go(cohort: Cohort, coach: User, *, at: datetime) -> None:
    """They coach the cohort no longer: their times are not offered any more, and whoever had one is told."""
    rows = Call.objects.filter(slot__coach=coach, slot__cohort=cohort)
    _call_off(rows, _("The coach looks after this cohort no longer"), at)
    CallSlot.objects.filter(coach=coach, cohort=cohort, withdrawn_at=None, starts_at__gt=at).update(withdrawn_at=at)


@transaction.atomic
def let_cohort_go(cohort: Cohort, *, at: datetime) -> None:
    """Nobody is left in it: its times are not offered any more."""
    CallSlot.objects.filter(cohort=cohort, withdrawn_at=None, starts_at__gt=at).update(withdrawn_at=at)


def _call_off(which, reason: str, at: datetime) -> None:
    for row in which.filter(state=State.BOOKED, slot__starts_at__gt=at).order_by("pk"):
        call, slot = locked_call(row)
        if call.is_booked:
            _change(call, at, state=State.CANCELLED, reason=reason)
            _told("cancelled a call", call, slot, by=None, at=at)


# --- Inside ---------------------------------------------------------------------------------------


def _short(reason: str) -> str:
    return " ".join(reason.split())[:200]


def _change(call: Call, at: datetime, **changes) -> None:
    for name, content in {**changes, "changed_at": at}.items():
        setattr(call, name, content)
    call.version += 1
    call.save(update_fields=[*changes, "changed_at", "version"])


def _told(action: str, call: Call, slot: CallSlot, *, by: User | None, at: datetime) -> Call:
    """Into the journal, and to whoever plans reminders and tells the other one."""
    call.slot = slot
    recording.record(action, call, by=by, at=at, cohort=slot.cohort, note=f"{slot.starts_at:%Y-%m-%d %H:%M} UTC")
    call_changed.send(sender=Call, call=call, by=by, at=at)
    return call


def _locked_cohorts(cohort: Cohort, coach: User) -> Cohort:
    """The cohort, and the others they coach: a session of theirs moves before the times are looked at, or after."""
    rows = Cohort.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    mine = caseload.coached_by(coach).values("pk")
    found = {row.pk: row for row in rows.filter(Q(pk=cohort.pk) | Q(pk__in=mine, closed_at=None))}
    return found[cohort.pk]


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("client", "cohort__edition")
    return rows.get(pk=enrolment.pk)


def _slots(*which: CallSlot) -> list[CallSlot]:
    """Locked in the order of their numbers, given back in the order they were asked for."""
    numbers = [slot.pk for slot in which]
    rows = CallSlot.objects.select_for_update(of=("self",)).select_related("coach", "cohort")
    found = {row.pk: row for row in rows.filter(pk__in=numbers).order_by("pk")}
    return [found[number] for number in numbers]


def locked_call(call: Call, to: CallSlot | None = None) -> tuple[Call, CallSlot]:
    """The call with its slot as they are now, and the slot it is to go to, or its own."""
    enrolment = _locked(Enrolment(pk=call.enrolment_id))
    fresh = Call.objects.select_for_update().get(pk=call.pk)
    own, *other = _slots(CallSlot(pk=fresh.slot_id), *([to] if to and to.pk != fresh.slot_id else []))
    fresh.enrolment, fresh.slot = enrolment, own
    return fresh, other[0] if other else own
