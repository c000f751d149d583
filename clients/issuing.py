"""An admin brings the files of an edition and publishes it: what the commands do, with a name in the journal."""

from datetime import datetime

from django.db import transaction

from curriculum import importing, publishing
from curriculum.models import Edition

from . import recording
from .models import User


@transaction.atomic
def bring(archive: bytes, *, by: User, at: datetime) -> Edition:
    """A draft of what is in the archive, or the edition that was made of the same files before."""
    edition = importing.import_archive(archive)
    recording.record("brought an edition", edition, by=by, at=at, note=f"version {edition.version}")
    return edition


@transaction.atomic
def publish(edition: Edition, *, signed_by: str, by: User, at: datetime) -> Edition:
    """From now on cohorts can walk it, and nothing in it changes."""
    made = publishing.publish(edition, signed_by=signed_by, at=at)
    note = f"{made}, signed by {made.signed_by}" + (f", {made.change}" if made.change else "")
    recording.record("published an edition", made, by=by, at=at, note=note)
    return made
