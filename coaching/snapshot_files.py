"""A frozen snapshot to take along: as a table of values, as a spreadsheet, as a paper. All from the same rows.

Text in a table stays text, whatever it begins with: in the one that has no types an apostrophe stands before what a
spreadsheet would work out (OWASP, CSV Injection), in the other a cell of text is written as such.
"""

import csv
import io
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.dateformat import format as spell
from django.utils.translation import gettext as _

from clients import papers
from clients.papers import Paper

from .models import Snapshot
from .outcomes import rows
from .outcomes.rows import Row
from .plots import paper
from .snapshots import Content

TEMPLATE = Path(__file__).parent / "templates" / "papers" / "snapshot.typ"
HEADER = ("number", "key", "section", "about", "what", "unit", "value", "low", "high", "people", "of", "why")
WORKED_OUT = ("=", "+", "-", "@", "\t", "\r", "\n")
DIGITS = 12
Cell = str | int | float | None


def name_of(snapshot: Snapshot, kind: str) -> str:
    """What a file of it is called."""
    return f"outcomes-{snapshot.data_at:%Y-%m-%d}-{snapshot.pk}.{kind}"


def lines(content: Content) -> list[tuple[Cell, ...]]:
    """A line a number, in the order of `HEADER`."""
    return [_line(number, row) for number, row in enumerate(rows.of(content.report), start=1)]


def _line(number: int, row: Row) -> tuple[Cell, ...]:
    told = (row.section, row.about, row.what, row.unit)
    return (number, row.key, *told, *map(_kept, (row.value, row.low, row.high)), row.n, row.of, row.why)


def _kept(number: float | int | None) -> float | int | None:
    """To as many digits as every spreadsheet keeps."""
    return float(f"{number:.{DIGITS}g}") if isinstance(number, float) else number


# --- A table of values --------------------------------------------------------------------------------


def as_csv(content: Content) -> str:
    """UTF-8 with commas, as spreadsheets and scripts read it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([inert(cell) for cell in line] for line in lines(content))
    return out.getvalue()


def inert(cell: Cell) -> Cell:
    """Text that is never worked out. A number may begin with a minus."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(WORKED_OUT) else cell


# --- A spreadsheet ------------------------------------------------------------------------------------


def as_xlsx(snapshot: Snapshot, content: Content) -> bytes:
    """Two sheets: every number, and what it is a snapshot of."""
    out = io.BytesIO()
    told = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, told) as book:
        book.set_properties({"title": content.title, "created": snapshot.frozen_at.replace(tzinfo=None)})
        _sheet(book, _("Numbers"), [HEADER, *lines(content)])
        _sheet(book, _("About"), [(_("Title"), content.title), *facts(snapshot, content), *_said(content)])
    return out.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, table: Sequence[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    for row, line in enumerate(table):
        for column, cell in enumerate(line):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write_number(row, column, cell)
    sheet.freeze_panes(1, 0)


def _said(content: Content) -> list[tuple[str, str]]:
    return [(heading, one) for heading, said in sentences(content) for one in said]


# --- A paper ------------------------------------------------------------------------------------------


def as_pdf(snapshot: Snapshot, content: Content) -> Paper:
    """On A4, tagged, its text selectable, with the figures of the page; the same snapshot is the same file."""
    return papers.typeset(
        TEMPLATE,
        {
            "title": content.title,
            "byline": _("Outcomes of %(cohorts)s") % {"cohorts": cohorts_of(content)},
            "parts": _parts(words_of(content)),
            "drawn": _("The six figures"),
            "figures": paper.figures(content.report),
            "words": paper.words(),
            "methods": _parts(methods_of(content)),
            "numbers": _("Every number"),
            "how": _("How the numbers come about"),
            "columns": [_("No."), _("What"), _("Number"), _("Between"), _("People"), _("Note")],
            "tables": _tables(content),
            "about": _("About this snapshot"),
            "facts": [list(one) for one in facts(snapshot, content)],
        },
    )


def _parts(sentences: Sequence[tuple[str, tuple[str, ...]]]) -> list[dict[str, Any]]:
    return [{"heading": heading, "text": list(said)} for heading, said in sentences if said]


def _tables(content: Content) -> list[dict[str, Any]]:
    numbered = enumerate(rows.of(content.report), start=1)
    return [
        {"heading": section, "rows": [_printed(number, row) for number, row in those]}
        for section, those in groupby(numbered, key=lambda one: one[1].section)
    ]


def _printed(number: int, row: Row) -> list[str]:
    what = f"{row.about}: {row.what}" if row.about else row.what
    return [str(number), what, with_unit(row), between(row), of_people(row), row.why]


# --- In words, for paper and page ---------------------------------------------------------------------


def with_unit(row: Row) -> str:
    """A number as it is read; shares carry their sign."""
    told = rows.text(row.value, row.unit)
    unit = rows.unit_name(row.unit)
    return f"{told} {unit}" if told and unit and row.unit != rows.SHARE else told


def between(row: Row) -> str:
    """Its ends, where it has any."""
    if row.low is None or row.high is None:
        return ""
    ends = {"low": rows.text(row.low, row.unit), "high": rows.text(row.high, row.unit)}
    return _("%(low)s to %(high)s") % ends


def of_people(row: Row) -> str:
    """How many it is of, and of how many."""
    if row.n is None:
        return ""
    return _("%(n)s of %(of)s") % {"n": row.n, "of": row.of} if row.of is not None else str(row.n)


def cohorts_of(content: Content) -> str:
    return ", ".join(one["name"] for one in content.cohorts)


def sentences(content: Content) -> list[tuple[str, tuple[str, ...]]]:
    """Everything it says in words, under headings; who it is about first, how the numbers come about last."""
    return [*words_of(content), *methods_of(content)]


def words_of(content: Content) -> list[tuple[str, tuple[str, ...]]]:
    told = content.report.told
    return [
        (_("By the numbers"), (f"{content.finding}.",) if content.finding else ()),
        (_("Who"), (told.who,) if told.who else ()),
        (_("Know"), told.know),
        (_("Feel"), told.feel),
        (_("Decide"), told.decide),
        (_("Limits"), told.limits),
    ]


def methods_of(content: Content) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, (one.text,)) for one in content.report.methods]


def facts(snapshot: Snapshot, content: Content) -> list[tuple[str, str]]:
    """Whose numbers, from when, by which versions, and how to know that nobody changed them."""
    versions = content.versions
    editions = [_("%(title)s, version %(version)s") % one for one in versions["editions"]]
    instruments = [f"{one['title']} ({one['digest'][:12]})" for one in versions["instruments"]]
    return [
        (_("Cohorts"), cohorts_of(content)),
        (_("For"), snapshot.get_audience_display()),
        (_("Groups never shown"), _("under %(n)s people") % {"n": content.least}),
        (_("As of"), instant(snapshot.data_at)),
        (_("Frozen"), instant(snapshot.frozen_at)),
        (_("Edition"), "; ".join(editions)),
        (_("Questionnaires"), "; ".join(instruments)),
        (_("Computed by"), f"Across {versions['product']}"),
        ("SHA-256", snapshot.sha256),
    ]


def instant(at: Any) -> str:
    """In UTC, so that the same snapshot is the same file wherever it is read."""
    return f"{spell(timezone.localtime(at, timezone.get_fixed_timezone(0)), 'j F Y, H:i')} UTC"
