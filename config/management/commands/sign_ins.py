"""manage.py sign_ins: how to get in, printed at every start."""

from django.core.management.base import BaseCommand

from coaching import seeding
from config.management.commands.prepare import demo_password
from curriculum import clock


class Command(BaseCommand):
    help = "Print the demo's sign-ins while its people are here, or the one-time link for the first admin."

    def handle(self, **options):
        people = seeding.sign_ins()
        if people:
            self.stdout.write(self.password(demo_password()))
            for sign_in in people:
                self.stdout.write(f"  {sign_in.email:<20}  {sign_in.name}, {sign_in.role}")
        if invitation := seeding.first_invitation(at=clock.now()):
            self.stdout.write(
                f"Nobody looks after this install yet. Whoever opens this link becomes its admin, "
                f"until {invitation.expires_at:%-d %B}:\n  {seeding.link_of(invitation)}"
            )

    def password(self, password):
        """The password as it is known here; the database holds only its hash."""
        if seeding.opens_with(password):
            return f"Sign in with the password {password}"
        return "Sign in with the password that was set when the demo was made"
