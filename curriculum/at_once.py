"""Several prepared questions in one statement, for pages that would ask one after the other.

Each question is asked as it stands, for a column of its own, in JSON; what comes back is turned into what Django would
have read, so nobody who asks notices a difference. All of them see the same instant of the database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.sql.compiler import SQLCompiler

from .prepared import Asked, Unmarked, answered

Read = Callable[[Any], Any]
Columns = tuple[tuple[int, Read], ...]
QUESTION = "[question]"
AS_ONE_VALUE = "(SELECT json_agg(one) FROM (SELECT {given} FROM ({question}) AS asked({counted})) AS one)"
# As the database writes it in JSON, and as a program holds it; what is not here cannot be asked at once with others.
AS_THEY_ARE = (
    models.BooleanField,
    models.IntegerField,
    models.FloatField,
    models.CharField,
    models.TextField,
    models.JSONField,
    ArrayField,  # of words and numbers, which are all there are
)
READ: tuple[tuple[type[models.Field], Read], ...] = (
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.TimeField, time.fromisoformat),
    (models.UUIDField, UUID),
)


@contextmanager
def at_once(*asked: Asked) -> Iterator[None]:
    """Ask all of these now, in one statement. In here, whoever asks one of them has its answer; once, then anew."""
    known = dict(zip((one.key for one in asked), _read(asked), strict=True)) if asked else {}
    token = answered.set((answered.get() or {}) | known)
    try:
        yield
    finally:
        answered.reset(token)


def _read(asked: tuple[Asked, ...]) -> list[list[Any]]:
    parts: list[str] = []
    params: list[Any] = []
    reads: list[Columns] = []
    for one in asked:
        known, sql, values = one.sql()
        around, columns = _shape(known.compiler)
        parts.append(around.replace(QUESTION, sql))
        reads.append(columns)
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        answers = cursor.fetchone()
    return [one.read(_rows(rows, columns)) for one, rows, columns in zip(asked, answers, reads, strict=True)]


@lru_cache(maxsize=512)
def _shape(compiler: SQLCompiler) -> tuple[str, Columns]:
    """What makes one value of the rows of a query, and how each column is read.

    Columns are counted, for two of them may have the same name; JSON goes as text, which Django reads itself.
    """
    if compiler.has_extra_select or compiler.query.select_for_update:
        raise Unmarked("what is locked, or ordered by what it does not give, is asked for alone")
    fields = [_of_the_target(one.output_field) for one, _sql, _alias in compiler.select or ()]
    counted = [f"c{number}" for number in range(len(fields))]
    given = [
        f"{name}::text AS {name}" if isinstance(field, models.JSONField) else name
        for name, field in zip(counted, fields, strict=True)
    ]
    reads = ((place, _reader(type(_of_each(field)))) for place, field in enumerate(fields))
    around = AS_ONE_VALUE.format(question=QUESTION, given=", ".join(given), counted=", ".join(counted))
    return around, tuple((place, read) for place, read in reads if read)


def _of_the_target(field: models.Field) -> models.Field:
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _of_each(field: models.Field) -> models.Field:
    """A list is read as what is in it, where that comes as it is: no list of days is asked for at once."""
    inside = getattr(field, "base_field", None)
    return inside if isinstance(inside, AS_THEY_ARE) else field


def _reader(kind: type[models.Field]) -> Read | None:
    if issubclass(kind, AS_THEY_ARE):
        return None
    found = next((read for known, read in READ if issubclass(kind, known)), None)
    if found is None:
        raise Unmarked(f"{kind.__name__} does not come through JSON as it is")
    return found


def _rows(rows: list[dict[str, Any]] | None, columns: Columns) -> list[tuple[Any, ...]]:
    """Rows as a cursor gives them."""
    found = [list(row.values()) for row in rows or ()]
    for row in found:
        for place, read in columns:
            if row[place] is not None:
                row[place] = read(row[place])
    return [tuple(row) for row in found]
