"""manage.py invite_people: a table of people from a file. Without --invite it only says what would become of it."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from clients import inviting, newcomers, tables
from clients.models import Cohort
from curriculum import clock
from curriculum.refusals import sentence_of


class Command(BaseCommand):
    help = "Look at a table of people, a verdict a line; with --invite, invite whoever is new."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV, with commas, semicolons or tabs")
        parser.add_argument("--cohort", metavar="NAME", help="of whoever names none, as in its address")
        parser.add_argument("--invite", action="store_true", help="write it; nothing is written without")

    def handle(self, *, file, cohort, invite, **options):
        try:
            verdicts = self.verdicts(file, self.cohort(cohort), invite)
        except (OSError, ValidationError) as refusal:
            raise CommandError(sentence_of(refusal)) from None
        for row in verdicts.rows:
            self.stdout.write(f"line {row.line}, {row.email or row.name}: {row.kind}. {row.sentence}")
        counts = ", ".join(f"{count} {kind}" for kind, count in verdicts.counts.items())
        self.stdout.write(f"{counts}. " + ("Written." if invite else "Nothing was written; --invite does it."))

    def cohort(self, name):
        found = Cohort.objects.filter(slug=name).first() if name else None
        if name and found is None:
            raise CommandError(f"There is no cohort of the address {name}.")
        return found

    def verdicts(self, file, cohort, invite):
        table = tables.read(tables.decoded(file.read_bytes()))
        columns = tables.guessed(table)
        told = {"cohorts": Cohort.objects.all(), "default": cohort, "at": clock.now()}
        if invite:
            return inviting.invite_listed(table, columns, by=None, **told)
        if refusal := inviting.listed_refusal(table, columns):
            raise refusal
        return newcomers.look(table, columns, **told)
