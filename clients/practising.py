"""Small things a client does along the way: a lesson is read, a meeting is logged."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.models import Lesson

from . import deadlines, evidencing, meeting_fields, meetings, recording
from .models import Enrolment, LessonReading, Meeting, User
from .signals import kept
from .submitting import NotYours


class NotOpen(ValidationError):
    """The lesson's week is still to come."""


class CannotLog(ValidationError):
    """The meeting log is not open for this now."""


class EntryRejected(ValidationError):
    """The entry cannot be kept like this. `by_field` maps fields to sentences that say what to mend."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some fields need a look before this can be logged."), code="log.incomplete")
        self.by_field = by_field


# --- Lessons --------------------------------------------------------------------------------------


@transaction.atomic
def mark_read(enrolment: Enrolment, lesson: Lesson, *, read: bool, by: User, at: datetime) -> None:
    """Mark a lesson as read, or take that back. Doing it twice is the same as once."""
    if enrolment.client_id != by.pk:
        raise NotYours(_("This is somebody else's list."))
    if not deadlines.is_open(enrolment, lesson.week.number, at=at):
        raise NotOpen(_("This week is not open yet."), code="homework.locked")
    if read:
        LessonReading.objects.get_or_create(enrolment=enrolment, lesson=lesson, defaults={"read_at": at})
    else:
        LessonReading.objects.filter(enrolment=enrolment, lesson=lesson).delete()
    seen(enrolment, at=at)


# --- The meeting log ------------------------------------------------------------------------------


def log_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    """Why nothing can be written into this log now. It stays open for a year after the programme, as all one keeps."""
    if refusal := evidencing.keeping_refusal(enrolment, by=by, at=at):
        return refusal
    if not deadlines.is_open(enrolment, 0, at=at):
        return CannotLog(_("The log opens with week 0."), code="log.locked")
    return None


@transaction.atomic
def log_meeting(enrolment: Enrolment, *, entry: dict[str, Any], client_key: str, by: User, at: datetime) -> Meeting:
    """Keep one meeting. The same `client_key` again is the same entry again, however often it is sent.

    Raises EntryRejected with what to mend in which field, or a refusal.
    """
    enrolment = evidencing.locked(enrolment)
    if repeat := Meeting.objects.filter(enrolment=enrolment, enrolment__client=by, client_key=client_key).first():
        return repeat
    if refusal := log_refusal(enrolment, by=by, at=at):
        raise refusal
    whole = _whole(enrolment, entry, at)
    meeting = Meeting.objects.create(enrolment=enrolment, client_key=client_key, logged_at=at, changed_at=at, **whole)
    recording.record("logged meeting", meeting, by=by, at=at, cohort=enrolment.cohort)
    seen(enrolment, at=at)
    kept.send(sender=Meeting, enrolment=enrolment, at=at)
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, *, entry: dict[str, Any], by: User, at: datetime) -> Meeting:
    """Put an entry right. What was handed in with it keeps its copy."""
    enrolment = evidencing.locked(meeting.enrolment)
    if refusal := log_refusal(enrolment, by=by, at=at):
        raise refusal
    whole = _whole(enrolment, entry, at)
    meeting = _still_there(meeting)
    for name, content in whole.items():
        setattr(meeting, name, content)
    meeting.changed_at = at
    meeting.save(update_fields=[*whole, "changed_at"])
    recording.record("changed meeting", meeting, by=by, at=at, cohort=enrolment.cohort)
    seen(enrolment, at=at)
    kept.send(sender=Meeting, enrolment=enrolment, at=at)
    return meeting


@transaction.atomic
def remove_meeting(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Take an entry out of the log and the trend, also one that was handed in: an attempt holds copies."""
    enrolment = evidencing.locked(meeting.enrolment)
    if refusal := log_refusal(enrolment, by=by, at=at):
        raise refusal
    meeting = _still_there(meeting)
    recording.record("removed meeting", meeting, by=by, at=at, cohort=enrolment.cohort)
    meeting.delete()
    seen(enrolment, at=at)
    kept.send(sender=Meeting, enrolment=enrolment, at=at)


def _still_there(meeting: Meeting) -> Meeting:
    found = Meeting.objects.filter(pk=meeting.pk).first()
    if found is None:
        raise CannotLog(_("This meeting is no longer in your log."), code="log.gone")
    return found


def _whole(enrolment: Enrolment, entry: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The columns of an entry, or EntryRejected."""
    shaped = meeting_fields.shape(entry)
    if by_field := meeting_fields.problems(shaped, meetings.days_of(enrolment, at=at)):
        raise EntryRejected(by_field)
    return meeting_fields.columns(shaped)


def seen(enrolment: Enrolment, *, at: datetime) -> None:
    """The client did something here."""
    Enrolment.objects.filter(pk=enrolment.pk).update(seen_at=at)
