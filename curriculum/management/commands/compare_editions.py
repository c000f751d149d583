"""manage.py compare_editions OLD NEW: what changed between two editions, in words. Numbers or folders."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum import blueprint, changes, contents, editions


class Command(BaseCommand):
    """Prints a line for each change, those that break something first, and how many there are of each class."""

    help = "Say what changed between two editions. Each is the number of a published edition, or a folder of files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="OLD")
        parser.add_argument("new", metavar="NEW")
        parser.add_argument("--programme", default="", metavar="KEY", help="whose editions the numbers are")

    def handle(self, *, old: str, new: str, programme: str, **options: Any) -> None:
        found = changes.between(*(contents.flat(_whole(name, programme)) for name in (old, new)))
        for change in sorted(found, key=lambda change: -changes.CLASSES.index(change.kind)):
            self.stdout.write(str(change))
        self.stdout.write(_summary(Counter(change.kind for change in found)))


def _summary(counts: Counter[str]) -> str:
    if not counts:
        return "Nothing changed."
    return "Changes: " + ", ".join(f"{counts[kind]} {kind}" for kind in reversed(changes.CLASSES)) + "."


def _whole(name: str, programme: str) -> contents.Whole:
    return _published(int(name), programme) if name.isdecimal() else _folder(Path(name))


def _published(number: int, programme: str) -> contents.Whole:
    found = editions.numbered(number, programme)
    if not found:
        raise CommandError(f"There is no published edition {number}. Give a number, or the path of a folder.")
    if len(found) > 1:
        keys = ", ".join(edition.programme.key for edition in found)
        raise CommandError(f"Several programmes have an edition {number}. Add --programme, one of {keys}.")
    return contents.of(found[0])


def _folder(path: Path) -> contents.Whole:
    plan, problems = blueprint.draw(path)
    if problems:
        lines = "\n".join(map(str, problems))
        raise CommandError(f"{path} cannot be read as an edition. Mend these and try again:\n{lines}")
    return vars(plan)
