"""The register of every key ever published, `keys.txt`: answers, feedback and figures are kept by these keys.

One key a line, `what key` or `what key kind`. A key that is gone stays, with “- ” before it, and is never given out
again. New keys are added by `manage.py content_keys FOLDER`.
"""

from dataclasses import dataclass
from pathlib import Path

from .desk import Desk
from .plan import Named

FILE = "keys.txt"
RETIRED = "- "


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    named: Named
    kind: str
    is_retired: bool
    line: int


def compare(desk: Desk) -> None:
    """Note every key that is gone, has become something else, or came back."""
    for entry in read(desk.folder.path):
        if told := _complaint(entry, desk.named):
            desk.folder.problem_at(FILE, entry.line, told)


def _complaint(entry: Entry, named: dict[Named, str]) -> str:
    what, key = entry.named
    if entry.is_retired:
        return f"the {what} {key} was retired for ever. Give the new one another key" if entry.named in named else ""
    if entry.named not in named:
        return f"the {what} {key} was published and is gone. Bring it back, or write “- ” before this line"
    if named[entry.named] != entry.kind:
        return f"the {what} {key} was published as {entry.kind} and is {named[entry.named]} now. Give it another key"
    return ""


def read(folder: Path) -> list[Entry]:
    """The register of a folder; empty where there is none yet."""
    path = folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [_entry(number, line) for number, line in enumerate(lines, start=1) if line.strip() and line[0] != "#"]


def _entry(number: int, line: str) -> Entry:
    what, key, kind = (*line.removeprefix(RETIRED).split(), "", "", "")[:3]
    return Entry((what, key), kind, line.startswith(RETIRED), number)


def missing(folder: Path, named: dict[Named, str]) -> list[str]:
    """The lines the register still needs, in order."""
    known = {entry.named for entry in read(folder)}
    return [" ".join((*name, kind)).strip() for name, kind in sorted(named.items()) if name not in known]


def register(folder: Path, lines: list[str]) -> None:
    """Put lines into the register at their places in the alphabet; those that are there stay as they are."""
    path = folder / FILE
    there = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    head = [line for line in there if not line.strip() or line.startswith("#")]
    body = sorted({*there, *lines} - set(head), key=lambda line: line.removeprefix(RETIRED))
    path.write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")
