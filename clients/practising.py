"""Small things a client does along the way."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.models import Lesson

from . import deadlines
from .models import Enrolment, LessonReading, User
from .submitting import NotYours


class NotOpen(ValidationError):
    """The lesson's week is still to come."""


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


def seen(enrolment: Enrolment, *, at: datetime) -> None:
    """The client did something here."""
    Enrolment.objects.filter(pk=enrolment.pk).update(seen_at=at)
