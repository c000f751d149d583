"""manage.py prepare: content, groups, the demo where it belongs, and a way in. Every start runs it."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coaching import seeding
from config import env
from curriculum import clock, importing, publishing

CONTENT = Path("curriculum") / "content" / "across-8"


class Command(BaseCommand):
    help = "Make the install ready: published content, groups, the demo once, an invitation for the first admin."

    def handle(self, **options):
        self.refuse_a_known_password()
        self.publish_content()
        seeding.ensure_groups()
        if settings.DEMO and seeding.belongs_here():
            self.stdout.write("· Demo")
            self.stdout.flush()
            seeding.seed(at=clock.now(), password=demo_password())
        seeding.ensure_way_in(at=clock.now())

    def refuse_a_known_password(self):
        """People of the demo may stay where strangers can reach them only with a password of their own."""
        if not settings.LOCAL and seeding.opens_with(seeding.KNOWN_PASSWORD):
            raise CommandError(
                "The demo's people are here and everybody knows their password: run manage.py remove_demo, "
                "or leave HOST at 127.0.0.1."
            )

    def publish_content(self):
        """The edition that comes with the product, once for each version of its files."""
        try:
            edition = importing.import_edition(settings.BASE_DIR / CONTENT)
        except importing.ContentRefused as refused:
            lines = "\n".join(str(problem) for problem in refused.problems)
            raise CommandError(f"The content files need mending; nothing was imported.\n{lines}") from None
        if not edition.is_published:
            publishing.publish(edition, signed_by=settings.BRAND_NAME, at=clock.now())


def demo_password() -> str:
    """What everybody in the demo signs in with."""
    return env.text("ACROSS_DEMO_PASSWORD") or seeding.KNOWN_PASSWORD
