"""What people choose for themselves: name, zone, quiet hours, theme, how much a mail says."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import moments

from . import recording
from .models import User, ZoneChange
from .signals import zone_changed

CHOICES = {"name", "zone", "quiet_from", "quiet_until", "theme", "texts_in_mail", "letter_keys", "language"}


class CannotChoose(ValidationError):
    """Not one of the choices there are."""


@transaction.atomic
def choose(person: User, *, at: datetime, **choices) -> User:
    """Change one's own settings. A new zone moves what is still to come and leaves what is past."""
    person = User.objects.select_for_update().get(pk=person.pk)
    unknown = set(choices) - CHOICES
    assert not unknown, f"nobody chooses {unknown}"
    if "zone" in choices and not moments.zone_exists(choices["zone"]):
        raise CannotChoose({"zone": _("Choose a time zone from the list.")})
    moved_from = person.zone if choices.get("zone", person.zone) != person.zone else None
    for name, content in choices.items():
        setattr(person, name, content)
    person.save(update_fields=list(choices))
    if moved_from:
        ZoneChange.objects.create(person=person, at=at, old_zone=moved_from, new_zone=person.zone)
        recording.record("moved zone", person, by=person, at=at, note=f"{moved_from} to {person.zone}")
        zone_changed.send(sender=User, person=person, at=at)
    return person
