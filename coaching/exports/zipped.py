"""One export as a zip: every thing as CSV and as JSON Lines, what each column means, and what it was made of."""

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db.models import QuerySet

from curriculum import spreadsheets

from . import things
from .columns import Frame

Tell = Callable[[int], None]  # how many rows are written; may end the writing by what it raises
SAYS = ("file", "column", "meaning", "unit", "visibility")
BEFORE_ZIPS = 1980  # the first year a zip can hold


def count(cohorts: QuerySet, *, names: bool) -> int:
    """How many rows there are, for whoever waits; a sheet of answers counts once."""
    return sum(one.rows(cohorts).count() for one in things.THINGS if one.is_in(names=names))


def write(path: Path, cohorts: QuerySet, frame: Frame, about: dict[str, Any], *, at: datetime, tell: Tell) -> int:
    """The whole zip to this place, on the disk when this returns. How many bytes. No more than a row is held."""
    counts: dict[str, int] = {}
    with path.open("wb") as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
            for one in things.THINGS:
                if one.is_in(names=frame.names):
                    before = sum(counts.values())
                    rows = one.read(cohorts, frame)
                    columns = [column.name for column in one.shown(names=frame.names)]
                    counts[one.name] = _table(zipped, one.name, columns, rows, at, _from(before, tell))
            _table(zipped, "dictionary", list(SAYS), _dictionary(frame), at, lambda n: None)
            _plain(zipped, "about.json", json.dumps(about | {"rows": counts}, ensure_ascii=False, indent=1), at)
        file.flush()
        os.fsync(file.fileno())
    return path.stat().st_size


def _table(zipped: ZipFile, name: str, columns: list[str], rows: Iterator[list[Any]], at: datetime, tell: Tell) -> int:
    """Two files of the same rows; they are read once, so the second one is written beside and copied in."""
    number = 0
    with TemporaryFile(dir=Path(str(zipped.filename or zipped.fp.name)).parent) as lines:  # type: ignore[union-attr]
        with zipped.open(_entry(f"{name}.csv", at), "w", force_zip64=True) as raw:
            text = TextIOWrapper(raw, encoding="utf-8", newline="")
            sheet = csv.writer(text)
            sheet.writerow(columns)
            for row in rows:
                number += 1
                sheet.writerow([_cell(value) for value in row])
                _line(lines, columns, row)
                tell(number)
            text.flush()
            text.detach()
        lines.seek(0)
        with zipped.open(_entry(f"{name}.jsonl", at), "w", force_zip64=True) as raw:
            shutil.copyfileobj(lines, raw)
    return number


def _cell(value: Any) -> Any:
    """As a spreadsheet takes it for what it is: no text is a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return spreadsheets.inert(value) if isinstance(value, str) else value


def _line(lines: IO[bytes], columns: list[str], row: list[Any]) -> None:
    lines.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False).encode() + b"\n")


def _from(before: int, tell: Tell) -> Tell:
    """Counted on from where the last file ended."""
    return lambda number: tell(before + number)


def _dictionary(frame: Frame) -> Iterator[list[Any]]:
    for one in things.THINGS:
        if one.is_in(names=frame.names):
            yield [one.name, "", one.meaning, "", ""]
            for column in one.shown(names=frame.names):
                yield [one.name, column.name, column.meaning, column.unit, column.visibility]


def _plain(zipped: ZipFile, name: str, text: str, at: datetime) -> None:
    zipped.writestr(_entry(name, at), text)


def _entry(name: str, at: datetime) -> ZipInfo:
    stamp = max(at.astimezone(UTC), datetime(BEFORE_ZIPS, 1, 1, tzinfo=UTC))
    entry = ZipInfo(name, stamp.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry
