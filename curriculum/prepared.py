"""Questions whose SQL is written once a process, for pages that are asked for all day.

Putting a query together takes several times as long as the database takes to answer it. What a question says does not
depend on whom it is asked for, so it is put together with marks where its values go, and asked with the values.
The rule that it states stays where it was: the function that is prepared builds a queryset as any other does.
"""

import copy
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

# What nobody's number, instant or day is.
FIRST_NUMBER = 4_611_686_018_427_380_000
FIRST_INSTANT = datetime(1, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
FIRST_DAY = date(1, 1, 2)


class Unmarked(TypeError):
    """A value went into a question in a form in which it cannot be replaced."""


@dataclass(frozen=True)
class _Known:
    """One question as it was put together: the compiler with its columns, the SQL, and where which value goes."""

    asked: Any  # the queryset, of which more is asked than it tells everybody
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]

    def with_values(self, given: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        params = list(self.params)
        for place, name in self.places:
            value, kind = given[name], type(params[place])
            if value is None or isinstance(value, bool):
                raise Unmarked(f"{name} is {value}, which would be another question")
            params[place] = kind(value) if isinstance(value, int) else value
        return self.sql, tuple(params)


# What was asked at once with others (`at_once.py`), by question and values: each answer is given one time.
answered: ContextVar[dict[Hashable, list[Any]] | None] = ContextVar("answered", default=None)


class Question:
    """A function that gives a queryset, asked without building it each time.

    Values are named: whole numbers of 64 bits, lists of them for `in`, instants, days, texts. What is given by position
    belongs to the question: each combination is one of its own, so there may be only a few. Nothing else may have a
    say in it, no language, no zone, no setting.
    """

    def __init__(self, ask: Callable[..., QuerySet]):
        self.ask = ask
        self.known: dict[Hashable, _Known] = {}
        self.__doc__ = ask.__doc__

    def all(self, *shape: Any, **given: Any) -> list[Any]:
        """Every row, as the queryset would give them."""
        ahead = answered.get()
        if ahead and (one := self.of(*shape, **given).key) in ahead:
            return ahead.pop(one)
        known = self.put_together(shape, given)
        return _found(known, _as_queryset(known, given))

    def of(self, *shape: Any, **given: Any) -> "Asked":
        """The question with its values, for whoever asks it later, or at once with others."""
        return Asked(self, shape, given)

    def first(self, *shape: Any, **given: Any) -> Any:
        """The first row, or None. The queryset says itself how many it wants."""
        return next(iter(self.all(*shape, **given)), None)

    def cache_clear(self) -> None:
        """Forget what was put together, as a new process would."""
        self.known.clear()

    def put_together(self, shape: tuple[Any, ...], given: dict[str, Any]) -> _Known:
        """What there is to ask with values, known once it was asked."""
        return self.known.get(shape) or self.known.setdefault(shape, self._put_together(shape, given))

    def _put_together(self, shape: tuple[Any, ...], given: dict[str, Any]) -> _Known:
        marks = {name: _mark(value, number) for number, (name, value) in enumerate(given.items())}
        lists = {name for name, value in given.items() if isinstance(value, list)}
        marked = {name: [mark] if name in lists else mark for name, mark in marks.items()}
        asked: Any = self.ask(*shape, **marked)
        compiler = asked.query.get_compiler(using=asked.db)
        sql, params = compiler.as_sql()
        places = tuple((place, name) for place, one in enumerate(params) for name in marks if _is(one, marks[name]))
        if {name for _place, name in places} != set(marks) or any(str(mark) in sql for mark in marks.values()):
            raise Unmarked(f"not every value of {self.ask.__qualname__} is a parameter of its SQL")
        return _Known(asked, compiler, _any(sql, places, lists), tuple(params), places)


@dataclass(frozen=True)
class Asked:
    """One question with its values."""

    question: Question
    shape: tuple[Any, ...]
    given: dict[str, Any]

    @property
    def key(self) -> Hashable:
        """By which its answer is found again."""
        values = ((name, tuple(one) if isinstance(one, list) else one) for name, one in self.given.items())
        return self.question, self.shape, frozenset(values)

    def all(self) -> list[Any]:
        """Every row."""
        return self.question.all(*self.shape, **self.given)

    def first(self) -> Any:
        """The first row, or None."""
        return self.question.first(*self.shape, **self.given)

    def sql(self) -> tuple[_Known, str, tuple[Any, ...]]:
        """What the database is asked."""
        known = self.question.put_together(self.shape, self.given)
        return known, *known.with_values(self.given)

    def read(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """What the queryset would make of such rows."""
        known = self.question.put_together(self.shape, self.given)
        return _found(known, _as_queryset(known, self.given, rows))


def _any(sql: str, places: tuple[tuple[int, str], ...], lists: set[str]) -> str:
    """The SQL with `= ANY(list)` for each `IN (number)`, so that it is the same however long a list is."""
    parts = sql.split("%s")
    for place in (place for place, name in places if name in lists):
        if not parts[place].endswith(" IN (") or not parts[place + 1].startswith(")"):
            raise Unmarked("a list goes into a question by `in`")
        parts[place] = parts[place].removesuffix("IN (") + "= ANY("
    return "%s".join(parts)


def _mark(value: Any, number: int) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | list | date | str):
        raise Unmarked(f"{value!r} is no number, list of numbers, instant, day or text")
    if isinstance(value, str):
        return f"{FIRST_NUMBER + number}"
    if isinstance(value, date):
        return (FIRST_INSTANT if isinstance(value, datetime) else FIRST_DAY) + timedelta(days=number)
    return FIRST_NUMBER + number


def _is(one: Any, mark: Any) -> bool:
    return isinstance(one, int | date | str) and type(mark) in type(one).__mro__ and bool(one == mark)


def _found(known: _Known, rows: Any) -> list[Any]:
    found = list(known.asked._iterable_class(rows))
    if found and known.asked._prefetch_related_lookups:
        prefetch_related_objects(found, *known.asked._prefetch_related_lookups)
    return found


def _as_queryset(known: _Known, given: dict[str, Any], rows: list[tuple[Any, ...]] | None = None) -> Any:
    """What Django's iterables ask of a queryset, with a compiler that has done its work already.

    Where the rows are read already, nothing is asked.
    """
    asked = known.asked
    connection = connections[asked.db]
    if asked.query.select_for_update and connection.get_autocommit():
        raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
    compiler: Any = copy.copy(known.compiler)
    compiler.connection, compiler.as_sql = connection, partial(known.with_values, given)
    if rows is not None:
        compiler.execute_sql = lambda *_how, **_named: [rows]
    query = _Query(asked.query, compiler)
    return SimpleNamespace(
        db=asked.db, query=query, model=asked.model, _known_related_objects={}, _fields=asked._fields
    )


class _Query:
    """The query as it was, but for its compiler."""

    def __init__(self, query: Any, compiler: SQLCompiler):
        self._query, self._compiler = query, compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)

    def get_compiler(self, using: str | None = None, **kwargs: Any) -> SQLCompiler:
        return self._compiler
