"""manage.py outcomes_sample: what a snapshot looks like on paper, of the demo's cohort that is through."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clients.models import Cohort
from coaching import caseload, graduates, snapshot_files, snapshots, snapshotting
from coaching.models import Snapshot
from curriculum import clock
from curriculum.refusals import sentence_of

PAGE = Path("docs/outcomes-sample.pdf")


class Command(BaseCommand):
    help = "Write docs/outcomes-sample.pdf from the demo. Nothing of it stays in the database."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=PAGE, help="another file to write")

    def handle(self, *, to, **options):
        at, by = clock.now(), caseload.admins().order_by("pk").first()
        cohort = Cohort.objects.filter(demo=True).order_by("starts_on", "pk").first()
        if cohort is None or by is None or graduates.over_at(cohort, at=at) > at:
            raise CommandError("There is no cohort of the demo that is through. Seed it first: manage.py seed_demo")
        try:
            found = snapshotting.sample([cohort], audience=Snapshot.Audience.ADMIN, by=by, at=at)
        except snapshotting.CannotSnapshot as refusal:
            raise CommandError(sentence_of(refusal)) from None
        to.write_bytes(snapshot_files.as_pdf(found, snapshots.content(found)).pdf)
        self.stdout.write(f"{to}: {found.title}")
