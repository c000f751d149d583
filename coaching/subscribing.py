"""Making, renewing and switching off the secret address of one's calendar."""

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording, tokens
from clients.models import User

from . import feeds
from .models import CalendarAddress


class NoCalendar(ValidationError):
    """There is nothing to subscribe to, or nothing to switch off."""


def subscribe_refusal(*, by: User, at: datetime) -> NoCalendar | None:
    if not feeds.has_dates(by, at=at):
        return NoCalendar(_("You walk with no cohort and coach none, so there are no dates."), code="calendar.empty")
    return None


@transaction.atomic
def subscribe(*, by: User, at: datetime) -> str:
    """The token of the person's address, told this once and kept nowhere. An address there was opens nothing more."""
    by = User.objects.select_for_update().get(pk=by.pk)
    if refusal := subscribe_refusal(by=by, at=at):
        raise refusal
    token = secrets.token_urlsafe(32)
    terms = {"token_hash": tokens.hash_of(token), "made_at": at}
    address, is_new = CalendarAddress.objects.update_or_create(person=by, defaults=terms)
    recording.record("made a calendar address" if is_new else "renewed the calendar address", address, by=by, at=at)
    return token


@transaction.atomic
def switch_off(*, by: User, at: datetime) -> None:
    """The address opens nothing from now on."""
    by = User.objects.select_for_update().get(pk=by.pk)
    address = CalendarAddress.objects.filter(person=by).first()
    if address is None:
        raise NoCalendar(_("Your calendar has no address."), code="calendar.none")
    recording.record("switched off the calendar address", address, by=by, at=at)
    address.delete()
