"""manage.py after_restore: once after a restore, before the engine starts. Nothing leaves until somebody decides."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError

from coaching import restoring
from curriculum import clock


class Command(BaseCommand):
    help = "Keep back what the copy still had to send and what came due since, until an admin decides."

    def add_arguments(self, parser):
        parser.add_argument("--copied", metavar="INSTANT", help="when the copy was made, e.g. 2027-03-01T00:00Z")

    def handle(self, *, copied, **options):
        try:
            copied_at = datetime.fromisoformat(copied) if copied else None
        except ValueError:
            raise CommandError("--copied needs an instant such as 2027-03-01T00:00Z") from None
        if copied_at and copied_at.tzinfo is None:
            raise CommandError("--copied needs its zone: put Z at the end for UTC.")
        kept = restoring.after_restore(at=clock.now(), copied_at=copied_at)
        self.stdout.write(
            f"Kept back: {kept.messages} messages and {kept.milestones} moments. "
            "An admin releases them or lets them go under Message health."
        )
