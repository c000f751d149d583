"""manage.py content_keys FOLDER: add what is new to the register of keys. Needs no database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum.blueprint import draw, keys


class Command(BaseCommand):
    """Adds lines only: a key that is gone is for its author to bring back or to retire."""

    help = "Add the keys that are new in a folder of content files to its keys.txt."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        plan, problems = draw(folder)
        if problems:
            raise CommandError("Mend these first:\n" + "\n".join(map(str, problems)))
        new = keys.missing(folder, plan.keys)
        keys.register(folder, new)
        self.stdout.write("\n".join(new) or "Every key is in the register.")
