"""Tables of people, long enough to wait for a worker."""

from datetime import datetime

from clients import tables
from coaching import bringing
from coaching.models import BroughtTable
from tests.cast import Cast

HEAD = "name,email,time_zone,external_id"


def text_of(lines: int, *also: str) -> str:
    """So many people, and lines besides."""
    people = (f"Person {n},person{n}@example.org,Asia/Manila,{n}" for n in range(lines))
    return "\n".join([HEAD, *people, *also, ""])


def brought(cast: Cast, *also: str, at: datetime, lines: int = 201) -> BroughtTable:
    """A table that Ada brought for the cohort of spring, and that waits."""
    table = tables.read(text_of(lines, *also))
    made = bringing.bring(table, tables.guessed(table), default=cast.spring, by=cast.ada, at=at)
    assert isinstance(made, BroughtTable)
    return made
