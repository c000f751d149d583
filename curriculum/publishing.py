"""Publishing an edition: giving it its number, for ever."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .models import Edition, Programme
from .signals import edition_published


class CannotPublish(ValidationError):
    """This edition is not one to publish now."""


def publish_refusal(edition: Edition) -> CannotPublish | None:
    if edition.is_published:
        return CannotPublish(_("This edition is published already."), code="edition.published")
    if not edition.weeks.exists():
        return CannotPublish(_("This edition has no weeks yet."), code="edition.empty")
    return None


@transaction.atomic
def publish(edition: Edition, *, signed_by: str, at: datetime) -> Edition:
    """Number, sign and freeze the edition. Locks the programme, which hands out the numbers."""
    Programme.objects.select_for_update().get(pk=edition.programme_id)
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if refusal := publish_refusal(edition):
        raise refusal
    newest = Edition.objects.filter(programme=edition.programme_id).published().order_by("-number").first()
    edition.number = newest.number + 1 if newest else 1
    edition.published_at, edition.signed_by = at, signed_by
    edition.save(update_fields=["number", "published_at", "signed_by"])
    edition_published.send(sender=Edition, edition=edition, at=at)
    return edition
