"""A table of people as somebody pastes or uploads it: bytes to text, text to lines, which column holds what.

Plain reading. A cell is text, whatever it begins with: nothing in it is ever worked out. Nobody's table is thrown away
for the way a spreadsheet wrote it.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from curriculum import moments

MOST_ROWS = 5_000
MOST_LETTERS = 900_000  # what a form carries back, with room for the rest of it
DELIMITERS = (",", ";", "\t")
FIELDS = ("email", "name", "family_name", "time_zone", "cohort", "external_id")
TEMPLATE = "name,email,time_zone,cohort,external_id\r\n"

# As columns are called by whoever exports them, letters and digits only.
KNOWN_AS = {
    "email": {"email", "mail", "emailaddress", "mailaddress", "eaddress", "emailadresse", "mailadresse", "correo"},
    "name": {"name", "fullname", "person", "participant", "client", "firstname", "givenname", "vorname", "nombre"},
    "family_name": {"familyname", "lastname", "surname", "nachname", "familienname", "apellido", "apellidos"},
    "time_zone": {"timezone", "zone", "tz", "zeitzone", "zonahoraria"},
    "cohort": {"cohort", "group", "kohorte", "gruppe", "cohorte", "grupo"},
    "external_id": {"externalid", "id", "personnelnumber", "employeeid", "employeenumber", "personalnummer"},
}
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class CannotRead(ValidationError):
    """This is no table that could be read. Carries the field it is about in `field`."""

    field = "table"


@dataclass(frozen=True)
class Row:
    """One line of people: where it begins, its cells, and itself as it was written."""

    line: int
    cells: tuple[str, ...]
    raw: str


@dataclass(frozen=True)
class Table:
    """What was pasted, read. `header` is empty where the first line is somebody already; `head` is it as written."""

    header: tuple[str, ...]
    head: str
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        return max([len(self.header), *(len(row.cells) for row in self.rows)], default=0)

    @property
    def columns(self) -> list[str]:
        """What each column is called."""
        names = dict(enumerate(self.header))
        return [names.get(place) or _("column %(n)s") % {"n": place + 1} for place in range(self.width)]

    def only(self, lines: Iterable[int]) -> str:
        """These lines as they were written, below the first."""
        wanted = set(lines)
        return self.head + "".join(row.raw for row in self.rows if row.line in wanted)


Columns = dict[str, int]  # field → place of its column


def decoded(raw: bytes) -> str:
    """A file's text: by its mark, else UTF-8, else Latin-1 as Windows writes it, which reads anything."""
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read(text: str) -> Table:
    """The lines with something in them. Raises CannotRead with what to do."""
    text = text.removeprefix("\ufeff").replace("\x00", "")
    if len(text) > MOST_LETTERS:
        raise CannotRead(
            _("This is too much for one table. Split it, and bring one part after the other."), "table.long"
        )
    lines = list(io.StringIO(text, newline=""))
    skipped = 1 if lines and re.fullmatch(r"sep=.\s*", lines[0]) else 0
    rows = list(_rows(lines[skipped:], _delimiter(lines[skipped:]), skipped))
    if rows and not any("@" in cell for cell in rows[0].cells):
        return _checked(Table(rows[0].cells, _ended(rows[0].raw), tuple(rows[1:])))
    return _checked(Table((), "", tuple(rows)))


def _checked(table: Table) -> Table:
    if not table.rows:
        raise CannotRead(_("There is nobody in this table. Paste a line for each person."), "table.empty")
    if len(table.rows) > MOST_ROWS:
        raise CannotRead(
            _("At most %(limit)s people at once; this has %(count)s. Split it, and bring one part after the other.")
            % {"limit": MOST_ROWS, "count": len(table.rows)},
            "table.long",
        )
    return table


def _delimiter(lines: Sequence[str]) -> str:
    """What the first line with words is parted by most often; the comma where nothing parts it."""
    first = re.sub(r'"[^"]*"', "", next((line for line in lines if line.strip()), ""))
    return max(DELIMITERS, key=first.count)


def _rows(lines: list[str], delimiter: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    begins = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise _broken(begins + skipped + 1) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            raw = "".join(lines[begins : reader.line_num])
            yield Row(begins + skipped + 1, tuple(" ".join(cell.split()) for cell in cells), _ended(raw))
        begins = reader.line_num


def _broken(line: int) -> CannotRead:
    return CannotRead(
        _("The quotation marks from line %(line)s on do not fit together. Close the one that is open, or take it away.")
        % {"line": line},
        "table.quotes",
    )


def _ended(raw: str) -> str:
    return raw if raw.endswith(("\n", "\r")) else raw + "\n"


# --- Which column holds what ------------------------------------------------------------------------


def guessed(table: Table) -> Columns:
    """By the names of the columns, else by what stands in them."""
    names = [re.sub(r"[\W_]", "", name.casefold()) for name in table.header]
    found = {
        field: next((place for place, name in enumerate(names) if name in KNOWN_AS[field]), None) for field in FIELDS
    }
    known = {field: place for field, place in found.items() if place is not None}
    return _by_content(table, known) if "email" not in known else known


def without(table: Table, field: str) -> Columns:
    """As guessed, for a table in which this is not asked."""
    return {name: place for name, place in guessed(table).items() if name != field}


def _by_content(table: Table, known: Columns) -> Columns:
    free = [place for place in range(table.width) if place not in known.values()]
    tests = {"email": lambda cell: "@" in cell, "time_zone": moments.zone_exists, "name": _has_letters}
    for field, is_one in tests.items():
        place = next((place for place in free if field not in known and _mostly(table, place, is_one)), None)
        if place is not None:
            known[field] = place
            free.remove(place)
    return known


def _has_letters(said: str) -> bool:
    return any(letter.isalpha() for letter in said)


def _mostly(table: Table, place: int, is_one) -> bool:
    cells = [row.cells[place] for row in table.rows[:50] if place < len(row.cells) and row.cells[place]]
    return bool(cells) and sum(map(is_one, cells)) * 2 > len(cells)


def columns_refusal(table: Table, columns: Columns) -> CannotRead | None:
    """Without addresses nobody can be invited, and no column is two things."""
    if "email" not in columns:
        return CannotRead(_("Say which column holds the addresses."), "table.no_addresses")
    if any(not 0 <= place < table.width for place in columns.values()):
        return CannotRead(_("There is no such column in this table. Choose another one."), "table.no_column")
    if len(set(columns.values())) < len(columns):
        return CannotRead(_("A column holds one thing. Choose another one for the second."), "table.column_twice")
    return None


def cell(row: Row, columns: Columns, field: str) -> str:
    """What stands there, empty where the line is shorter."""
    place = columns.get(field)
    return row.cells[place] if place is not None and place < len(row.cells) else ""
