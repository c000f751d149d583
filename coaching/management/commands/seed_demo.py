"""manage.py seed_demo: the demo's cohorts and people, once."""

import os

from django.core.management.base import BaseCommand, CommandError

from coaching import seeding
from curriculum import clock
from curriculum.refusals import sentence_of


class Command(BaseCommand):
    help = (
        "Put the demo into an empty install: a cohort in its week 5, one that is through, one that starts next month."
    )

    def handle(self, **options):
        password = os.environ.get("ACROSS_DEMO_PASSWORD", "").strip() or seeding.KNOWN_PASSWORD
        try:
            cohort = seeding.seed(at=clock.now(), password=password)
        except seeding.CannotSeed as refusal:
            if refusal.code == "demo.there":
                self.stdout.write(sentence_of(refusal))
                return
            raise CommandError(sentence_of(refusal)) from None
        *others, last = seeding.SIGN_INS
        self.stdout.write(f"{cohort} is here. Sign in as {', '.join(others)} or {last}.")
