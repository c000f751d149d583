"""manage.py import_edition PATH: content files become a draft edition, or every reason why not."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from curriculum import clock, contents, importing, outline, publishing


class Command(BaseCommand):
    help = "Import an edition's folder as a draft; the same files are imported once. --publish publishes it."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--publish", metavar="NAME", help="publish it, signed by NAME")

    def handle(self, *, path, publish, **options):
        try:
            edition = importing.import_edition(path)
        except importing.ContentRefused as refused:
            lines = "\n".join(str(problem) for problem in refused.problems)
            raise CommandError(f"Nothing was imported. Mend these and try again:\n{lines}") from None
        if publish and not edition.is_published:
            edition = publishing.publish(edition, signed_by=publish, at=clock.now())
        self.stdout.write(f"{edition} ({edition.digest[:12]})")
        self.stdout.write("\n".join(summary(contents.of(edition))))


def summary(whole: contents.Whole) -> list[str]:
    """What was imported, week by week, with the reading grades of its lessons."""
    rows = outline.rows(whole)
    return outline.columns([outline.HEADINGS, *(row.cells for row in rows), outline.total(rows, whole)])
