"""Taking attendance at a live session, and saying which part of its plan has begun.

Lock order: the cohort, the session. Marks can be put right and taken away for as long as the cohort is open.
"""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import Cohort, Enrolment, User

from . import attendance, pace, sessions
from .models import Attendance, LiveSession

State = LiveSession.State
NO_MARK = ""


class CannotAttend(ValidationError):
    """Not at this session, or not now."""


class NoSuchMark(ValidationError):
    """A mark that is none."""

    field = "presence"


class NoSuchPart(ValidationError):
    """A part its plan does not have."""

    field = "part"


class NotYoursToMark(PermissionDenied):
    """Somebody who does not walk with this cohort, or oneself."""

    code = "attendance.not_yours"


# --- Refusals -------------------------------------------------------------------------------------


def take_refusal(session: LiveSession, *, at: datetime) -> CannotAttend | None:
    """Why no attendance can be taken of a session."""
    if session.cohort.is_closed:
        return CannotAttend(_("This cohort is closed."), code="cohort.closed")
    if session.state == State.CANCELLED:
        return CannotAttend(_("This session is cancelled, so nobody was there."), code="session.cancelled")
    if sessions.starts_at(session, at=at) > at:
        return CannotAttend(
            _("This session has not begun yet. Mark who is there once it has."), code="session.not_begun"
        )
    return None


def mark_refusal(enrolment: Enrolment | None, presence: str, *, by: User) -> Exception | None:
    """Why one client cannot be marked like this. None for the enrolment is somebody of another cohort."""
    if enrolment is None or enrolment.client_id == by.pk:
        return NotYoursToMark(_("You mark the clients of this cohort, and nobody marks themselves."))
    if not enrolment.is_active:
        left = {"name": enrolment.client}
        return CannotAttend(_("%(name)s walks with this cohort no longer.") % left, code="attendance.left")
    if presence not in (NO_MARK, *Attendance.Presence.values):
        return NoSuchMark(_("Choose here, late, absent or excused."), code="attendance.unknown")
    return None


def begin_refusal(session: LiveSession, part: int, *, at: datetime) -> ValidationError | None:
    """Why a part of the plan cannot be said to have begun."""
    if refusal := take_refusal(session, at=at):
        return refusal
    found = pace.of(session, at=at)
    if not found.is_running:
        return CannotAttend(_("This session is over."), code="session.over")
    if not 0 <= part < len(found.parts):
        return NoSuchPart(_("The plan of this session has no such part."), code="session.no_part")
    return None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def take(session: LiveSession, marks: Mapping[int, str], *, by: User, at: datetime) -> list[Attendance]:
    """Mark clients, by their enrolment, as here, late, absent or excused; an empty mark takes one away. All or none."""
    session = _locked(session)
    if refusal := take_refusal(session, at=at):
        raise refusal
    people = Enrolment.objects.filter(cohort=session.cohort_id, pk__in=marks).select_related("client").in_bulk()
    for number, presence in marks.items():
        if against := mark_refusal(people.get(number), presence, by=by):
            raise against
    standing = {row.enrolment_id: row for row in Attendance.objects.filter(session=session, enrolment__in=marks)}
    for number, presence in sorted(marks.items()):
        if (standing[number].presence if number in standing else NO_MARK) != presence:
            _mark(session, people[number], presence, by=by, at=at)
    return _all(session)


@transaction.atomic
def rest(session: LiveSession, *, by: User, at: datetime) -> list[Attendance]:
    """Everybody who is not marked yet, and neither said that they cannot come nor is on hold, was here."""
    session = _locked(session)
    if refusal := take_refusal(session, at=at):
        raise refusal
    lines = attendance.roll(session, by).lines
    free = [line.enrolment for line in lines if not (line.presence or line.declined or line.is_on_hold)]
    for enrolment in Enrolment.objects.filter(pk__in=free).order_by("pk"):
        _mark(session, enrolment, Attendance.Presence.HERE, by=by, at=at)
    return _all(session)


@transaction.atomic
def begin(session: LiveSession, part: int, *, by: User, at: datetime) -> LiveSession:
    """A part of the plan has begun; one that has begun already goes on as it is."""
    session = _locked(session)
    if refusal := begin_refusal(session, part, at=at):
        raise refusal
    if session.part != part:
        session.part, session.part_began_at = part, at
        session.save(update_fields=["part", "part_began_at"])
        what = pace.parts(session, at=at)[part].what
        recording.record("began a part", session, by=by, at=at, cohort=session.cohort, note=what)
    return session


# --- Inside ---------------------------------------------------------------------------------------


def _mark(session: LiveSession, enrolment: Enrolment, presence: str, *, by: User, at: datetime) -> None:
    if presence == NO_MARK:
        Attendance.objects.filter(session=session, enrolment=enrolment).delete()
    else:
        said = {"presence": presence, "began_at": session.starts_at, "marked_at": at, "marked_by": by}
        Attendance.objects.update_or_create(session=session, enrolment=enrolment, defaults=said)
    action = f"marked as {presence}" if presence else "took a mark away"
    recording.record(action, enrolment, by=by, at=at, cohort=session.cohort, note=session.title)


def _all(session: LiveSession) -> list[Attendance]:
    return list(Attendance.objects.filter(session=session).select_related("enrolment__client"))


def _locked(session: LiveSession) -> LiveSession:
    """The session after its cohort, both as they are now."""
    rows = Cohort.objects.select_for_update(of=("self",)).select_related("edition")
    cohort = rows.get(pk=session.cohort_id)
    session = LiveSession.objects.select_for_update().get(pk=session.pk)
    session.cohort = cohort
    return session
