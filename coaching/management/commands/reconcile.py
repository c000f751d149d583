"""manage.py reconcile: compare what is planned with what the rules say now, and mend it."""

from django.core.management.base import BaseCommand

from coaching import reconciling
from curriculum import clock


class Command(BaseCommand):
    help = "Plan what is missing, move what is elsewhere, and say how many differed."

    def handle(self, **options):
        drift = reconciling.reconcile(at=clock.now())
        self.stdout.write(f"Drift: {drift} planned moments differed from their rules." if drift else "Drift: 0.")
