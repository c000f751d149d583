"""manage.py firstread --profile NAME [FILE]: the first read of a text, as JSON. Needs no database."""

import json
import sys
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum.firstread import LONGEST, PROFILES, Note, Unreadable, read

USAGE = 2
BYTE_ORDER_MARK = "\ufeff"
# No character takes more than four bytes, so a longer input is too long whatever is in it.
MOST_BYTES = 4 * LONGEST + len(BYTE_ORDER_MARK.encode())


class Command(BaseCommand):
    """Prints a JSON array, one object a note: its rule, what was noticed, and where.

    Places are offsets in Unicode code points into the text exactly as read: line ends are kept as
    they are, a byte order mark at the start is dropped before counting.
    """

    help = "Print the first read of a text (a file, or standard input) as a JSON array of notes."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--profile", default="", help=f"one of {', '.join(PROFILES)}")
        parser.add_argument("--technical", action="store_true", help="the reader is a CTO or a tech lead")
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="'-' or none: standard input")

    def handle(self, *, profile: str, technical: bool, file: str, **options: Any) -> None:
        if profile not in PROFILES:
            named = f"There is no profile called “{profile}”." if profile else "No profile is named."
            raise CommandError(f"{named} Give --profile one of {', '.join(PROFILES)}.", returncode=USAGE)
        try:
            reading = read(_text(file), profile, technical=technical)
        except Unreadable as refused:
            raise CommandError(refused.sentence) from None
        self._print([_plain(note) for note in reading.notes])

    def _print(self, notes: list[dict[str, Any]]) -> None:
        if hasattr(self.stdout, "reconfigure"):
            self.stdout.reconfigure(encoding="utf-8")
        self.stdout.write(json.dumps(notes, ensure_ascii=False))


def _plain(note: Note) -> dict[str, Any]:
    return {"rule": note.rule, "noticed": note.noticed, "spans": [list(span) for span in note.spans]}


def _text(file: str) -> str:
    """The text of a file or of standard input, line ends untouched."""
    name = "Standard input" if file == "-" else f"“{file}”"
    raw = _bytes(file, name)
    if b"\0" in raw:
        raise CommandError(f"{name} is not a text: it holds a zero byte.")
    if len(raw) > MOST_BYTES:
        raise CommandError(f"{name} is longer than {LONGEST:,} characters, the most the first read takes.")
    try:
        return raw.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as refused:
        raise CommandError(f"{name} is not UTF-8: see byte {refused.start + 1}.") from None


def _bytes(file: str, name: str) -> bytes:
    """At most one byte more than the first read can take."""
    try:
        if file == "-":
            return _at_most(sys.stdin.buffer) if sys.stdin else b""
        with open(file, "rb") as opened:
            return _at_most(opened)
    except (OSError, ValueError) as refused:
        reason = getattr(refused, "strerror", None) or refused
        raise CommandError(f"{name} cannot be read: {reason}.") from None


def _at_most(opened: BinaryIO) -> bytes:
    return opened.read(MOST_BYTES + 1)
