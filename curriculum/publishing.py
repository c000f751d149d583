"""Publishing an edition: giving it its number, for ever."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import changes, editions
from .models import Edition, Programme
from .signals import edition_published


class CannotPublish(ValidationError):
    """This edition is not one to publish now."""


class Unsigned(ValidationError):
    """Somebody answers for an edition, by name."""

    field = "signed_by"


def publish_refusal(edition: Edition) -> CannotPublish | None:
    if edition.is_published:
        return CannotPublish(_("This edition is published already."), code="edition.published")
    if not edition.weeks.exists():
        return CannotPublish(_("This edition has no weeks yet."), code="edition.empty")
    return None


@transaction.atomic
def publish(edition: Edition, *, signed_by: str, at: datetime) -> Edition:
    """Number, sign and freeze the edition, with its class. Locks the programme, which hands out the numbers."""
    if not signed_by.strip():
        raise Unsigned(_("Say who signs for this edition."), code="edition.unsigned")
    Programme.objects.select_for_update().get(pk=edition.programme_id)
    found = Edition.objects.select_for_update(of=("self",)).select_related("programme").filter(pk=edition.pk).first()
    if found is None:
        raise CannotPublish(_("Another import took the place of this draft."), code="edition.replaced")
    if refusal := publish_refusal(found):
        raise refusal
    newest = editions.last_numbered(found)
    found.number = newest.number + 1 if newest else 1
    found.follows, found.change = newest, changes.class_of(editions.compare(newest, found)) if newest else ""
    found.published_at, found.signed_by = at, signed_by.strip()
    found.save(update_fields=["number", "published_at", "signed_by", "follows", "change"])
    edition = found
    edition_published.send(sender=Edition, edition=edition, at=at)
    return edition
