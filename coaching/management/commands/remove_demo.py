"""manage.py remove_demo: take the demo out and leave an empty, usable install."""

from django.core.management.base import BaseCommand

from coaching import clearing, seeding
from curriculum import clock


class Command(BaseCommand):
    help = "Take out the demo's cohorts, people and everything of theirs. The curriculum stays."

    def handle(self, **options):
        at = clock.now()
        cleared = clearing.remove_demo(at=at)
        self.stdout.write(f"Removed {cleared.cohorts} cohorts and {cleared.people} people of the demo.")
        for name in cleared.stayed:
            self.stdout.write(
                f"{name} stays, because there is work of theirs in a cohort of yours. Their password is gone."
            )
        if invitation := seeding.ensure_way_in(at=at):
            self.stdout.write(
                f"Nobody looks after this install now. Whoever opens this link becomes its admin, "
                f"until {invitation.expires_at:%-d %B}:\n  {seeding.link_of(invitation)}"
            )
